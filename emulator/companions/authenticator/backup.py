"""A backup: all keys in one file under a passphrase of its own.

It holds the packages as received and what their owner wrote beside them, never an opened key: whoever opens a backup still needs each key's
own passphrase, as on the day when its picture came. Restoring reads the whole file before it changes anything.
"""

import json
from collections.abc import Iterable

from emulator.companions.authenticator import sealed
from emulator.companions.authenticator.exceptions import (
    PhoneError,
    QRCodeDeserialization,
    QRCodeInvalid,
    QRCodeNoPayload,
    QRCodeUnknownError,
    WrongPhonePassphrase,
)
from emulator.companions.authenticator.record import (
    Record,
    Unreadable,
    from_members,
    members_of,
    parse_object,
)
from emulator.companions.authenticator.sealed import Cost
from emulator.protocol.errors import ProtocolError
from emulator.protocol.strict_json import NotAnObject, NotJSON


def make(records: Iterable[Record], passphrase: str, cost: Cost, *, now: int) -> bytes:
    content = {"made_at": now, "keys": [members_of(record) for record in records]}
    return sealed.new(sealed.BACKUP, passphrase, cost).seal(json.dumps(content).encode())


def read(data: bytes, passphrase: str) -> list[Record]:
    """The records in a backup. Raises PhoneError: 101, 103, 104 for its form, 107 if it does not open."""
    try:
        found = sealed.parse(data, sealed.BACKUP)
        content = found.lock.open(passphrase).content(found)
        keys = parse_object(content, most=sealed.LARGEST).get("keys")
        if not isinstance(keys, list):
            raise Unreadable("it has no list of keys")
        return _different([from_members(each) for each in keys])
    except ProtocolError as error:
        raise _refusal(data, error) from None


def _different(records: list[Record]) -> list[Record]:
    if len({record.digest for record in records}) != len(records):
        raise Unreadable("it holds a key twice")
    return records


def _refusal(data: bytes, error: ProtocolError) -> PhoneError:
    if isinstance(error, sealed.DoesNotOpen):
        return WrongPhonePassphrase(
            "the backup does not open: the passphrase is wrong, or the file was edited"
        )
    if isinstance(error, sealed.NoMemory):
        return QRCodeUnknownError(str(error))
    if isinstance(error, NotAnObject) or (isinstance(error, NotJSON) and not data.lstrip().startswith(b"{")):
        return QRCodeNoPayload("a phone's backup was expected, something else came")
    if isinstance(error, sealed.UnknownKind):
        return QRCodeInvalid(str(error))
    return QRCodeDeserialization(f"the backup cannot be read: {error}")
