"""Settings in the firmware's own WMI interface, below every provider: how a driver sets one, and how it reads them.

* **Three strings**: name, value and authorization, each the length in bytes and UTF-16LE. An empty one is a single NUL, `02 00 00 00`. The
  reply is the code, as an integer of 32 bits.
* **Instance buffer**: one setting, as the driver asks for it by the GUID of its class and its number there: texts like those three, numbers
  of 32 bits, and arrays with the number of their members in front. The order of the fields is the Linux driver's; the increment of an
  integer is the one field that WMI does not tell.
"""

from collections.abc import Mapping, Sequence

from emulator.protocol.errors import ProtocolError

GUID = "1F4C91EB-DC5C-460B-951D-C7CB9B4B8D5E"
INSTANCES: Mapping[str, str] = {
    "988D08E3-68F4-4C35-AF3E-6A1B8106F83C": "HPBIOS_BIOSString",
    "8232DE3D-663D-4327-A8F4-E293ADB9BF05": "HPBIOS_BIOSInteger",
    "2D114B49-2DFB-4130-B8FE-4A3C09E75133": "HPBIOS_BIOSEnumeration",
    "14EA9746-CE1F-4098-A0E0-7045CB4DA745": "HPBIOS_BIOSOrderedList",
    "322F2028-0F84-4901-988E-015176049E2D": "HPBIOS_BIOSPassword",
}
"""Which class a GUID asks for."""
INCREMENT = "ScalarIncrement"

LONGEST_STRING = 0xFFFE
"""Bytes."""
LARGEST = 1 << 20
"""Bytes of a buffer."""
EMPTY = b"\x02\0\0\0"


class MalformedBuffer(ProtocolError):
    """Bytes that are no three strings, or no instance."""


def encode_string(text: str) -> bytes:
    """Raises MalformedBuffer for a text that is too long for its length."""
    octets = text.encode("utf-16-le", "surrogatepass")
    if not octets:
        return EMPTY
    if len(octets) > LONGEST_STRING:
        raise MalformedBuffer(f"a string has at most {LONGEST_STRING} bytes of UTF-16; {len(octets)} came")
    return len(octets).to_bytes(2, "little") + octets


def encode_setting(name: str, value: str, authorization: str = "") -> bytes:
    """The buffer that sets a setting. Raises MalformedBuffer."""
    return b"".join(map(encode_string, (name, value, authorization)))


def decode_setting(data: bytes) -> tuple[str, str, str]:
    """Name, value and authorization. Raises MalformedBuffer, which tells nothing of what came."""
    reader = _Reader(data)
    strings = reader.string(), reader.string(), reader.string()
    reader.end()
    return strings


class _Reader:
    """Takes fields off the front of a buffer. Raises MalformedBuffer."""

    def __init__(self, data: bytes) -> None:
        if len(data) > LARGEST:
            raise MalformedBuffer(f"a buffer has at most {LARGEST} bytes; {len(data)} came")
        self._data = data
        self._at = 0

    def _taken(self, size: int) -> bytes:
        if self._at + size > len(self._data):
            raise MalformedBuffer(
                f"the buffer ends within a field of {size} bytes that begins at byte {self._at}"
            )
        self._at += size
        return self._data[self._at - size : self._at]

    def number(self) -> int:
        return int.from_bytes(self._taken(4), "little")

    def string(self) -> str:
        size = int.from_bytes(self._taken(2), "little")
        if size % 2:
            raise MalformedBuffer(f"a string of UTF-16 has an even number of bytes; {size} are told of")
        text = self._taken(size).decode("utf-16-le", "surrogatepass")
        return "" if text == "\0" else text

    def end(self) -> None:
        if self._at != len(self._data):
            raise MalformedBuffer(f"{len(self._data) - self._at} bytes stand behind the last field")


# Fields behind those that all classes share: a number, a text, or an array whose length stands before it.
_BASE = ("Name", "Value", "Path", "IsReadOnly", "DisplayInUI", "RequiresPhysicalPresence", "Sequence")
_OWN: Mapping[str, tuple[str, ...]] = {
    "HPBIOS_BIOSString": ("MinLength", "MaxLength"),
    "HPBIOS_BIOSInteger": ("LowerBound", "UpperBound", INCREMENT),
    "HPBIOS_BIOSEnumeration": ("CurrentValue", "PossibleValues"),
    "HPBIOS_BIOSOrderedList": ("Elements",),
    "HPBIOS_BIOSPassword": ("MinLength", "MaxLength", "SupportedEncoding", "IsSet"),
}
_ARRAYS = frozenset({"Prerequisites", "PossibleValues", "Elements", "SupportedEncoding"})
_TEXTS = frozenset({"Name", "Value", "Path", "CurrentValue"})


def _fields(kind: str) -> tuple[str, ...]:
    return (*_BASE, "Prerequisites", "SecurityLevel", *_OWN[kind])


def encode_instance(instance: Mapping[str, object]) -> bytes:
    """One setting as the driver reads it. Raises MalformedBuffer."""
    return b"".join(_encoded(instance[name]) for name in _fields(str(instance["Class"])))


def decode_instance(kind: str, data: bytes) -> dict[str, object]:
    """What a driver makes of an instance of the class `kind`. Raises MalformedBuffer."""
    reader = _Reader(data)
    instance: dict[str, object] = {"Class": kind}
    for name in _fields(kind):
        if name in _ARRAYS:
            instance[name] = _array(reader)
        else:
            instance[name] = reader.string() if name in _TEXTS else reader.number()
    reader.end()
    return instance


def _array(reader: _Reader) -> list[str]:
    # Each member has two bytes at least, so a large number runs out of buffer soon.
    return [reader.string() for _ in range(reader.number())]


def _encoded(value: object) -> bytes:
    if isinstance(value, str):
        return encode_string(value)
    if isinstance(value, int):
        return (value & 0xFFFFFFFF).to_bytes(4, "little")
    assert isinstance(value, Sequence)
    return len(value).to_bytes(4, "little") + b"".join(map(encode_string, map(str, value)))
