"""One entry of a settings file, whatever its form.

A replicated setup has a line for each value and stars before the chosen ones. The other forms are flat: they have one text for a
setting, in which lists are joined with commas, and an enumeration is either its current value or all values with a star before
one, as WMI tells it. Which of these a text is, only the firmware knows that has the setting, so entries keep what was written, and
the class of the setting where an export tells it. Away from the machine, what an entry asks for is sometimes a guess (`desk_value`).
A wrong guess is refused by the machine, for no signature fits it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import AnyStr

from emulator.protocol import password
from emulator.protocol.errors import ProtocolError
from emulator.protocol.repset_lines import MARK

Instance = Mapping[str, object]
"""A setting as WMI tells it: names of properties, and plain values."""

ENUMERATION_CLASS = "HPBIOS_BIOSEnumeration"
INTEGER_CLASS = "HPBIOS_BIOSInteger"
LIST_CLASS = "HPBIOS_BIOSOrderedList"
PASSWORD_CLASS = "HPBIOS_BIOSPassword"  # noqa: S105 -- the name of a class

_KINDS = frozenset({"enumeration", "string", "integer", "orderedlist", "password"})


class MalformedSettingFile(ProtocolError):
    """Text that is no list of settings in the form that it begins with."""


class UnwritableSetting(ProtocolError):
    """A name, value or authorization that a form has no signs for, or would read back as something else."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One setting as a file has it. What it says can be a password, so its repr leaves the values out."""

    name: str
    values: tuple[str, ...] = field(repr=False)
    """Lines of a replicated setup, with their stars; one text in the flat forms."""
    flat: bool
    authorization: str = field(default="", repr=False)
    """`<BEAM/>` and base64, or empty."""
    line: int = 0
    """Where the entry begins, counted from 1."""
    kind: str = ""
    """Of the setting, as an export tells it: enumeration, string, integer, orderedlist; else empty."""


def spliced(text: AnyStr, changes: Iterable[tuple[int, int, AnyStr]]) -> AnyStr:
    """The text with other pieces from here to there, given in its order; all else stays as it is."""
    pieces: list[AnyStr] = []
    at = 0
    for start, end, piece in changes:
        pieces += [text[at:start], piece]
        at = end
    pieces.append(text[at:])
    return text[:0].join(pieces)


def authorization_of(text: str) -> str:
    """An authorization as the firmware wants it, from a file in which tools and editors put blanks or another case."""
    token = "".join(text.split())
    is_signed = token[: len(MARK)].casefold() == MARK.casefold()
    return MARK + token[len(MARK) :] if is_signed else text


def kind_of(text: object) -> str:
    """The kind of a setting from the name of its WMI class, or from a column TYPE; empty for anything else."""
    kind = str(text).strip().casefold().removeprefix("hpbios_bios")
    return kind if kind in _KINDS else ""


def desk_value(entry: FileEntry) -> str | None:
    """What an entry asks for as far as it can be told without the machine, or None.

    One star makes it an enumeration; without a star, several lines are a list, and one text is the value. In a flat form, a text that is
    not known to be an enumeration needs a comma as well, or its star belongs to it. Passwords are texts.
    """
    if entry.name in password.SETTINGS:
        return entry.values[0] if len(entry.values) == 1 else None
    values = entry.values[0].split(",") if entry.flat else entry.values
    if entry.flat and entry.kind != "enumeration" and (entry.kind or len(values) == 1):
        return entry.values[0]
    starred = [value[1:] for value in values if value.startswith("*")]
    if len(starred) == 1:
        return starred[0]
    return ",".join(entry.values) if values and not starred else None
