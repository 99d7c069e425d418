"""Which value an entry of a file asks for, once the machine says what kind of setting it is.

In a replicated setup an enumeration needs exactly one starred value, an ordered list is its lines from the top, and anything else one
line. The flat forms have one text: an enumeration's is either the value itself or all values with a star before one, as WMI tells it.
Blanks behind the commas of such a text are tolerated, but not where a signature stands over it. A new password, which only a signed
entry brings, goes to the firmware behind its mark, whatever the file has.
"""

from emulator.firmware.catalogue import Kind
from emulator.protocol import password
from emulator.protocol.setting_files import FileEntry


def asked(kind: Kind | None, entry: FileEntry, known: tuple[str, ...] = ()) -> str | None:
    """The value that an entry asks for; None if it asks for none, or for several.

    `kind` is None for a setting that nobody knows. `known` are the values of an enumeration.
    """
    if kind is None:
        return "\n".join(entry.values)
    if kind is Kind.PASSWORD:
        return _password(entry)
    return _flat(kind, entry, known) if entry.flat else _lines(kind, entry.values)


def _lines(kind: Kind, values: tuple[str, ...]) -> str | None:
    if kind is Kind.ENUMERATION:
        chosen = [value[1:] for value in values if value.startswith("*")]
        return chosen[0] if len(chosen) == 1 else None
    if kind is Kind.ORDERED_LIST:
        return ",".join(token for token in values if token) if values else None
    return values[0] if len(values) == 1 else None


def _flat(kind: Kind, entry: FileEntry, known: tuple[str, ...]) -> str | None:
    text = entry.values[0]
    if kind is Kind.ENUMERATION and text not in known:
        return _starred(text, known)
    if kind is Kind.ORDERED_LIST and not entry.authorization:
        return _close(text)
    return text


def _starred(text: str, known: tuple[str, ...]) -> str | None:
    """The value with the star. Those that hold commas themselves are known by the machine."""
    parts = f",{_close(text)},"
    stars = parts.count(",*")
    if stars == 0:
        return text
    if stars > 1:
        return None
    chosen = [value for value in known if f",*{_close(value)}," in parts]
    return chosen[0] if chosen else parts.partition(",*")[2].partition(",")[0]


def _close(text: str) -> str:
    """A text without blanks beside its commas. A regular expression would look at each run of blanks again and again."""
    return ",".join(part.strip(" \t") for part in text.split(","))


def _password(entry: FileEntry) -> str | None:
    if len(entry.values) != 1:
        return None
    (text,) = entry.values
    return text if password.marked(text) else password.utf_16(text)
