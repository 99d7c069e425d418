"""Settings as JSON: an array of objects with `Name` and `Value`, and `AuthString` where one is signed; or one such object.

The vendor's scripts write arrays, and PowerShell writes an array of one as the bare object. Members that an export has besides are not
read. Names of members are compared without case, as PowerShell does; a number is read as its digits, which is our tolerance.

A signature is put into the text, and every other sign of it stays. The text was read as strict JSON before, so the walk through it
need not doubt.
"""

import json
from collections.abc import Iterable, Iterator, Mapping

from emulator.protocol import strict_json
from emulator.protocol.repset_lines import MOST_ENTRIES, TooManyEntries
from emulator.protocol.setting_files_entry import (
    FileEntry,
    Instance,
    MalformedSettingFile,
    authorization_of,
    kind_of,
    spliced,
)

LARGEST = 1 << 20

_BLANKS = " \t\r\n"
_DECODER = json.JSONDecoder()


def begins(text: str) -> bool:
    return text.lstrip(_BLANKS)[:1] in {"[", "{"}


def entries(text: str) -> tuple[FileEntry, ...]:
    """Raises NotJSON, MalformedSettingFile or TooManyEntries."""
    value = strict_json.parse(text, most=LARGEST)
    objects = value if isinstance(value, list) else [value]
    if not objects:
        raise MalformedSettingFile("a list of settings was expected; an empty array came")
    if len(objects) > MOST_ENTRIES:
        raise TooManyEntries
    return tuple(_entry(each, line) for each, line in zip(objects, _lines(text), strict=True))


def signed(text: str, tokens: Mapping[int, str]) -> str:
    """The same text with these authorizations, by index of entry."""
    return spliced(
        text,
        (
            _with_token(text, start, json.dumps(tokens[at]))
            for at, start in enumerate(_objects(text))
            if at in tokens
        ),
    )


def dump(instances: Iterable[Instance]) -> str:
    """All properties that WMI tells, `Name` and `Value` first."""
    members = [{"Name": each["Name"], "Value": each["Value"], **each} for each in instances]
    return json.dumps(members, indent=2, ensure_ascii=False) + "\n"


def _entry(value: object, line: int) -> FileEntry:
    if not isinstance(value, dict):
        raise MalformedSettingFile(
            f"line {line}: an object with Name and Value was expected; {type(value).__name__} came"
        )
    members = {name.casefold(): member for name, member in value.items()}
    if len(members) != len(value):
        raise MalformedSettingFile(f"line {line}: an object names a member twice, once in other letters")
    if {"purpose", "data"} <= members.keys():
        raise MalformedSettingFile("a list of settings was expected; a payload came, which is applied as one")
    token = "" if members.get("authstring") is None else authorization_of(_text(members, "AuthString", line))
    kind = kind_of(members.get("class"))
    return FileEntry(_text(members, "Name", line), (_text(members, "Value", line),), True, token, line, kind)


def _text(members: Mapping[str, object], key: str, line: int) -> str:
    value = members.get(key.casefold())
    if type(value) is int and key == "Value":
        return str(value)
    if not isinstance(value, str):
        raise MalformedSettingFile(
            f"line {line}: a text was expected as {key} of a setting; {type(value).__name__} came"
        )
    return value


def _lines(text: str) -> Iterator[int]:
    """The line in which each entry begins."""
    line, at = 1, 0
    for start in _objects(text):
        line += text.count("\n", at, start)
        at = start
        yield line


def _objects(text: str) -> Iterator[int]:
    """Where each entry begins."""
    at = _past_blanks(text, 0)
    if text[at] == "{":
        yield at
        return
    while text[at] != "]":
        start = _past_blanks(text, at + 1)
        yield start
        at = _past_blanks(text, _DECODER.raw_decode(text, start)[1])


def _with_token(text: str, start: int, token: str) -> tuple[int, int, str]:
    """What must be put where, so that the object that begins here has this `AuthString`."""
    end = start
    while text[end] != "}":
        key, at = _DECODER.raw_decode(text, _past_blanks(text, end + 1))
        value = _past_blanks(text, _past_blanks(text, at) + 1)
        last = _DECODER.raw_decode(text, value)[1]
        if key.casefold() == "authstring":
            return value, last, token
        end = _past_blanks(text, last)
    return last, last, f', "AuthString": {token}'


def _past_blanks(text: str, at: int) -> int:
    while text[at] in _BLANKS:
        at += 1
    return at
