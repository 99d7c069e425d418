"""Three strings and instances, as drivers write and read them; strangers' bytes end in our own error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.protocol import setting_buffers
from emulator.protocol.setting_buffers import INSTANCES, MalformedBuffer

TEXTS = st.text(st.characters(exclude_categories=()), max_size=30).filter(lambda text: text != "\0")
NUMBERS = st.integers(0, 0xFFFFFFFF)
LISTS = st.lists(TEXTS, max_size=5)
BASE = {
    **dict.fromkeys(("Name", "Value", "Path"), TEXTS),
    **dict.fromkeys(
        ("IsReadOnly", "DisplayInUI", "RequiresPhysicalPresence", "Sequence", "SecurityLevel"), NUMBERS
    ),
    "Prerequisites": LISTS,
}
OWN: dict[str, dict[str, st.SearchStrategy[object]]] = {
    "HPBIOS_BIOSString": {"MinLength": NUMBERS, "MaxLength": NUMBERS},
    "HPBIOS_BIOSInteger": dict.fromkeys(("LowerBound", "UpperBound", "ScalarIncrement"), NUMBERS),
    "HPBIOS_BIOSEnumeration": {"CurrentValue": TEXTS, "PossibleValues": LISTS},
    "HPBIOS_BIOSOrderedList": {"Elements": LISTS},
    "HPBIOS_BIOSPassword": {
        "MinLength": NUMBERS,
        "MaxLength": NUMBERS,
        "SupportedEncoding": LISTS,
        "IsSet": NUMBERS,
    },
}
KINDS = st.sampled_from(sorted(INSTANCES.values()))


@st.composite
def instances(draw: st.DrawFn) -> dict[str, object]:
    kind = draw(KINDS)
    return draw(st.fixed_dictionaries({"Class": st.just(kind), **BASE, **OWN[kind]}))


def test_three_strings_lie_as_the_driver_lays_them() -> None:
    assert setting_buffers.encode_setting("ab", "c") == bytes.fromhex("0400 61006200 0200 6300 0200 0000")


@given(TEXTS, TEXTS, TEXTS)
def test_three_strings_survive_their_way(name: str, value: str, proof: str) -> None:
    data = setting_buffers.encode_setting(name, value, proof)
    assert setting_buffers.decode_setting(data) == (name, value, proof)


@given(st.binary(max_size=80))
def test_any_bytes_are_three_strings_or_refused(data: bytes) -> None:
    try:
        strings = setting_buffers.decode_setting(data)
    except MalformedBuffer:
        return
    assert setting_buffers.decode_setting(setting_buffers.encode_setting(*strings)) == strings


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x01", "ends within a field of 2 bytes that begins at byte 0"),
        (b"\x03\0abc", "an even number of bytes; 3"),
        (b"\x04\0ab", "within a field of 4 bytes that begins at byte 2"),
        (setting_buffers.EMPTY * 2, "begins at byte 8"),
        (setting_buffers.EMPTY * 3 + b"x", "1 bytes stand behind"),
        (bytes(setting_buffers.LARGEST + 1), "at most 1048576"),
    ],
)
def test_what_is_no_three_strings_is_refused_with_its_reason(data: bytes, said: str) -> None:
    with pytest.raises(MalformedBuffer, match=said):
        setting_buffers.decode_setting(data)


def test_a_string_that_its_length_cannot_tell_is_refused_unseen() -> None:
    with pytest.raises(MalformedBuffer, match="at most 65534 bytes") as refused:
        setting_buffers.encode_setting("n", "secret" * 6000)
    assert "secret" not in str(refused.value)


def test_the_longest_string_fits() -> None:
    text = "x" * 32767
    assert setting_buffers.decode_setting(setting_buffers.encode_setting(text, ""))[0] == text


@given(instances())
def test_an_instance_survives_its_way(instance: dict[str, object]) -> None:
    data = setting_buffers.encode_instance(instance)
    assert setting_buffers.decode_instance(str(instance["Class"]), data) == instance


@given(KINDS, st.binary(max_size=120))
def test_any_bytes_are_an_instance_or_refused(kind: str, data: bytes) -> None:
    try:
        instance = setting_buffers.decode_instance(kind, data)
    except MalformedBuffer:
        return
    assert setting_buffers.decode_instance(kind, setting_buffers.encode_instance(instance)) == instance


def test_an_array_of_endless_promise_ends_with_the_buffer() -> None:
    data = b"".join([setting_buffers.EMPTY * 3, bytes(16), b"\xff\xff\xff\xff", bytes(1000)])
    with pytest.raises(MalformedBuffer):
        setting_buffers.decode_instance("HPBIOS_BIOSString", data)


def test_a_number_below_zero_travels_as_32_bits() -> None:
    base: dict[str, object] = {
        name: [] if name == "Prerequisites" else "" if name in {"Name", "Value", "Path"} else 0
        for name in BASE
    }
    given = {"Class": "HPBIOS_BIOSInteger", **base, "LowerBound": -1, "UpperBound": 1, "ScalarIncrement": 1}
    read = setting_buffers.decode_instance("HPBIOS_BIOSInteger", setting_buffers.encode_instance(given))
    assert read["LowerBound"] == 0xFFFFFFFF
