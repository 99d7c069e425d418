"""Variables as JSON, version 2: the form that virt-firmware and python-uefivars exchange, and newer QEMU keeps.

    {"version": 2, "variables": [{"name": …, "guid": …, "attr": 7, "data": "hex", "time": "hex"}, …]}

What is written here equals what virt-firmware writes, byte for byte. `time` is the EFI_TIME of a signed variable and
absent when it is zero; python-uefivars calls it `timestamp`. Version 1 was the bare list. Names stay what they are,
lone surrogates too, because JSON can escape them. Unknown members are passed over.
"""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from firmware_store.errors import UnusableExchangeFile
from firmware_store.records import Variable

VERSION = 2
TIME_SIZE = 16


def write_json(variables: Iterable[Variable]) -> str:
    return json.dumps({"version": VERSION, "variables": [_member(each) for each in variables]}, indent=4)


def _member(variable: Variable) -> dict[str, object]:
    member: dict[str, object] = {
        "name": variable.name,
        "guid": str(variable.guid),
        "attr": int(variable.attributes),
        "data": variable.data.hex(),
    }
    if any(variable.time_stamp):
        member["time"] = variable.time_stamp.hex()
    return member


def read_json(content: bytes) -> list[Variable]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UnusableExchangeFile(f"expected JSON with variables, got something else: {error}") from None
    members = document
    if isinstance(document, dict):
        if document.get("version", VERSION) not in (1, VERSION):
            raise UnusableExchangeFile(f"expected JSON of version {VERSION}, got another version")
        members = document.get("variables")
    if not isinstance(members, list):
        raise UnusableExchangeFile('expected a JSON list of variables under "variables", found none')
    return [_variable(each, number) for number, each in enumerate(members)]


def _variable(member: Any, number: int) -> Variable:
    if not isinstance(member, dict):
        raise UnusableExchangeFile(f"variable {number}: expected an object, got a {type(member).__name__}")
    name, attributes = member.get("name"), member.get("attr")
    if not isinstance(name, str) or not name or "\0" in name:
        raise UnusableExchangeFile(f'variable {number}: expected a "name" of at least one character')
    if not isinstance(attributes, int) or isinstance(attributes, bool) or not 0 <= attributes <= 0xFFFFFFFF:
        raise UnusableExchangeFile(f'variable {number} ({name!r}): expected "attr" as a number of 32 bits')
    time_stamp = _hexadecimal(member, ("time", "timestamp"), name) or bytes(TIME_SIZE)
    if len(time_stamp) != TIME_SIZE:
        raise UnusableExchangeFile(
            f'variable {number} ({name!r}): expected "time" of {TIME_SIZE} bytes, got {len(time_stamp)}'
        )
    return Variable(_guid(member, name), name, attributes, _hexadecimal(member, ("data",), name), time_stamp)


def _guid(member: dict[str, Any], name: str) -> UUID:
    try:
        return UUID(member["guid"])
    except (KeyError, ValueError, AttributeError, TypeError):
        raise UnusableExchangeFile(f'variable {name!r}: expected a "guid" as text of 36 characters') from None


def _hexadecimal(member: dict[str, Any], keys: tuple[str, ...], name: str) -> bytes:
    """The value is not shown when it is wrong: it may be a secret."""
    value = next((member[key] for key in keys if key in member), "")
    try:
        return bytes.fromhex(value)
    except (TypeError, ValueError):
        raise UnusableExchangeFile(f'variable {name!r}: expected "{keys[0]}" as hexadecimal digits') from None
