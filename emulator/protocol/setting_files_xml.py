"""Settings as XML, in the shape of the vendor's scripts: `ImagePal` / `BIOSSettings` / `BIOSSetting` with `Name`, `Value`, `AuthString`.

An authorization begins with `<BEAM/>`, and in a file that is not text but an element: `AuthString` has an empty child of that name, and
the base64 is what stands behind it. Readers put the mark together again, whether it came as `<BEAM/>`, as `<BEAM />` or with its angle
brackets escaped. Names of elements are compared without case; elements that an export has besides are not read.

How it is read, and what is refused, tells `setting_files_xml_reader`. A signature is put into a text that stays as it was.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from emulator.protocol.repset_lines import MARK
from emulator.protocol.setting_files_entry import (
    FileEntry,
    Instance,
    MalformedSettingFile,
    UnwritableSetting,
    authorization_of,
    kind_of,
    spliced,
)
from emulator.protocol.setting_files_xml_reader import TOKEN, Reader, XMLSetting

_FIRST = ("Name", "Class", "DisplayInUI", "IsReadOnly", "RequiresPhysicalPresence", "Sequence", "Value")
"""Of an export, in this order; other properties follow."""

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})


def begins(text: str) -> bool:
    return text.lstrip(" \t\r\n")[:1] == "<"


def entries(text: str) -> tuple[FileEntry, ...]:
    """Raises MalformedSettingFile or TooManyEntries."""
    return tuple(_entry(setting) for setting in Reader().read(text))


def signed(text: str, tokens: Mapping[int, str]) -> str:
    """The same text with these authorizations, by index of entry."""
    settings = Reader().read(text)
    changes = (
        (*(each.token or (each.last, each.last)), _token_element(tokens[at]).encode())
        for at, each in enumerate(settings)
        if at in tokens
    )
    return spliced(text.encode(), changes).decode()


def dump(instances: Iterable[Instance]) -> str:
    """An export: name, value and the plain properties of each setting. Raises UnwritableSetting."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<ImagePal>", "  <BIOSSettings>"]
    for instance in instances:
        lines += ["    <BIOSSetting>", *_members(instance), "    </BIOSSetting>"]
    return "\n".join([*lines, "  </BIOSSettings>", "</ImagePal>", ""])


def _members(instance: Instance) -> Iterator[str]:
    rest = [name for name in instance if name not in _FIRST]
    for name in [*_FIRST, *rest]:
        value = instance[name]
        if isinstance(value, list | tuple):
            content = "".join(f"<Entry>{_escaped(str(each), instance)}</Entry>" for each in value)
        else:
            content = _escaped(str(value), instance)
        yield f"      <{name}>{content}</{name}>"


def _escaped(text: str, instance: Instance) -> str:
    if found := _UNWRITABLE.search(text):
        raise UnwritableSetting(
            f"text that XML can carry was expected of the setting {str(instance['Name'])[:80]!r}; it holds {found[0]!r}; JSON carries it"
        )
    return text.translate(_ESCAPES)


def _token_element(token: str) -> str:
    if not token:
        return ""
    if not token.startswith(MARK) or _UNWRITABLE.search(token):
        raise UnwritableSetting(f"an authorization that begins with {MARK} was expected; another text came")
    return f"<AuthString>{MARK}{token.removeprefix(MARK).translate(_ESCAPES)}</AuthString>"


def _entry(setting: XMLSetting) -> FileEntry:
    for member in ("Name", "Value"):
        if member.casefold() not in setting.texts:
            raise MalformedSettingFile(
                f"line {setting.line}: an element {member} was expected in this setting; none came"
            )
    texts = setting.texts
    token = authorization_of(texts.get(TOKEN, ""))
    kind = kind_of(texts.get("class", ""))
    return FileEntry(texts["name"], (texts["value"],), True, token, setting.line, kind)
