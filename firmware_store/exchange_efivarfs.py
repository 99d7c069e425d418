"""Variables as a folder of files, as Linux shows them under /sys/firmware/efi/efivars.

A file is called Name-guid and holds four bytes of attributes and the data. Time stamps have no place in it.

Not every name can be that of a file. Linux shows a slash as an exclamation mark, which cannot be told from a real one
afterwards; so a name that a file cannot bear is written with escapes here: `%2F` for the slash, `%25` for a percent
sign that would read as an escape, `%uD800` for a lone surrogate. Only these three are understood as escapes, so the
files of a running Linux are read as they are.
"""

import os
import re
from collections.abc import Iterable
from uuid import UUID

from firmware_store.errors import UnusableExchangeFile
from firmware_store.host_errors import explained
from firmware_store.image import whole
from firmware_store.locks import descriptor
from firmware_store.records import Variable

ATTRIBUTES_SIZE = 4
GUID_LENGTH = 36
# Linux and macOS: NAME_MAX, in bytes.
LONGEST_FILE_NAME = 255
ESCAPE = re.compile("%(2F|25|u(D[89A-F][0-9A-F]{2}))")
UNBEARABLE = re.compile("/|[\ud800-\udfff]|%(?=2F|25|uD[89A-F][0-9A-F]{2})")
# How Python shows bytes of a file name that are not UTF-8.
UNREADABLE = re.compile("[\ud800-\udfff]")
FILE = re.compile("(.+)-([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})", re.DOTALL)


def file_name(variable: Variable) -> str:
    escaped = UNBEARABLE.sub(_escaped, variable.name)
    name = f"{escaped}-{variable.guid}"
    if len(name.encode()) > LONGEST_FILE_NAME or "\0" in name:
        raise UnusableExchangeFile(
            f"the name {variable.name[:40]!r}… is too long for a file; choose the JSON format instead"
        )
    return name


def _escaped(found: "re.Match[str]") -> str:
    character = found[0]
    return f"%{ord(character):02X}" if character in "/%" else f"%u{ord(character):04X}"


def _unescaped(found: "re.Match[str]") -> str:
    return chr(int(found[2] or found[1], 16))


def write_efivarfs(variables: Iterable[Variable]) -> dict[str, bytes]:
    """The names and contents of the files."""
    return {
        file_name(each): each.attributes.to_bytes(ATTRIBUTES_SIZE, "little") + each.data for each in variables
    }


def read_efivarfs_file(name: str, content: bytes) -> Variable:
    parts = FILE.fullmatch(name)
    if parts is None or UNREADABLE.search(name):
        raise UnusableExchangeFile(f"expected files called Name-guid in the folder, found {name!r}")
    if len(content) < ATTRIBUTES_SIZE:
        raise UnusableExchangeFile(
            f"{name}: expected {ATTRIBUTES_SIZE} bytes of attributes and the data, got {len(content)} bytes"
        )
    attributes = int.from_bytes(content[:ATTRIBUTES_SIZE], "little")
    return Variable(UUID(parts[2]), ESCAPE.sub(_unescaped, parts[1]), attributes, content[ATTRIBUTES_SIZE:])


def read_folder(path: str) -> dict[str, bytes]:
    """The regular files of a folder, in the order of their names. Links are not followed."""
    with explained(path, writing=False), descriptor(path, os.O_RDONLY | os.O_DIRECTORY) as folder:
        files = {}
        for name in sorted(os.listdir(folder)):
            with descriptor(name, os.O_RDONLY, folder) as file:
                files[name] = whole(file)
        return files


def read_efivarfs(path: str) -> list[Variable]:
    return [read_efivarfs_file(name, content) for name, content in read_folder(path).items()]
