"""The order to flash: an authorization is good for one image, and only the right key gives one."""

import hashlib
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.protocol import firmware_update, strict_json
from emulator.protocol.errors import ProtocolError
from emulator.protocol.firmware_update import AnotherImage, BitLocker, MalformedUpdate, UpdateOrder
from emulator.protocol.keys import InvalidSignature, PublicKey, UnusableKey
from emulator.protocol.payload import MalformedPayload

HASH = hashlib.sha256(b"an image").digest()
MACHINE = uuid.UUID("00112233-4455-6677-8899-aabbccddeeff")
FORBIDDEN = "/\\:"

file_names = (
    st.text(st.characters(codec="utf-8", exclude_characters=FORBIDDEN), min_size=1, max_size=255)
    .filter(str.isprintable)
    .filter(lambda name: name not in {".", ".."})
)
orders = st.builds(
    UpdateOrder, file_names, st.binary(max_size=400), st.booleans(), st.sampled_from(BitLocker), st.booleans()
)


@pytest.fixture(scope="module")
def block(signing_key: RSAPrivateKey) -> bytes:
    return firmware_update.make(signing_key, HASH, nonce=1674912404)


@pytest.fixture
def members(block: bytes) -> dict[str, object]:
    return {
        "Authorization": list(block),
        "FileName": "firmware.bin",
        "Quiet": False,
        "bitlocker": "stop",
        "Force": True,
    }


def verified(block: bytes, key: RSAPrivateKey) -> firmware_update.VerifiedUpdate:
    return firmware_update.verify(firmware_update.parse_authorization(block), PublicKey.of(key), HASH)


@given(orders)
def test_an_order_survives_the_wire(order: UpdateOrder) -> None:
    assert firmware_update.parse(firmware_update.encode(order)) == order


def test_an_order_is_written_compact_with_the_members_of_the_vendors_tool(block: bytes) -> None:
    data = firmware_update.encode(UpdateOrder("Größe.bin", block))
    assert b" " not in data
    assert json.loads(data) == {
        "Authorization": list(block),
        "FileName": "Größe.bin",
        "Quiet": False,
        "bitlocker": "stop",
        "Force": False,
    }


def test_members_are_read_in_any_order_and_unknown_ones_are_ignored(members: dict[str, object]) -> None:
    turned = {"Other": [1], **dict(reversed(members.items()))}
    order = firmware_update.parse(json.dumps(turned).encode())
    assert order == firmware_update.parse(json.dumps(members).encode())
    assert (order.file_name, order.quiet, order.bitlocker, order.force) == (
        "firmware.bin",
        False,
        BitLocker.STOP,
        True,
    )


@pytest.mark.parametrize("text", ["suspend", "Suspend", "SUSPEND"])
def test_the_way_with_bitlocker_is_compared_without_case(members: dict[str, object], text: str) -> None:
    order = firmware_update.parse(json.dumps(members | {"bitlocker": text}).encode())
    assert order.bitlocker is BitLocker.SUSPEND


@pytest.mark.parametrize("value", [None, "", "halt", 1, ["stop"], {}, "stop "])
def test_another_way_with_bitlocker_is_refused(members: dict[str, object], value: object) -> None:
    with pytest.raises(MalformedUpdate, match="must be stop, ignore or suspend"):
        firmware_update.parse(json.dumps(members | {"bitlocker": value}).encode())


@pytest.mark.parametrize("member", ["Quiet", "Force"])
@pytest.mark.parametrize("value", [None, 0, 1, "true", {"IsPresent": True}])
def test_a_switch_that_is_neither_true_nor_false_is_refused(
    members: dict[str, object], member: str, value: object
) -> None:
    with pytest.raises(MalformedUpdate, match="must be true or false"):
        firmware_update.parse(json.dumps(members | {member: value}).encode())


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "a/b",
        "/",
        "..\\b",
        "C:b",
        "b:stream",
        "a\n",
        "\x1b[2J",
        "\0",
        "\ud800",
        "x" * 256,
        "a\u202eb",
    ],
)
def test_a_file_name_that_is_not_bare_or_not_printable_is_neither_read_nor_written(
    members: dict[str, object], block: bytes, name: str
) -> None:
    with pytest.raises(MalformedUpdate, match="bare file name of 1 to 255 printable") as refusal:
        firmware_update.parse(json.dumps(members | {"FileName": name}).encode())
    assert str(refusal.value).isprintable()
    assert len(str(refusal.value)) < 200
    with pytest.raises(MalformedUpdate):
        firmware_update.encode(UpdateOrder(name, block))


@pytest.mark.parametrize("name", [None, 1, ["a"], True])
def test_a_file_name_that_is_no_text_is_refused(members: dict[str, object], name: object) -> None:
    with pytest.raises(MalformedUpdate, match="'FileName' of an update must be text"):
        firmware_update.parse(json.dumps(members | {"FileName": name}).encode())


@pytest.mark.parametrize("value", [None, 1, [256], "no base64!"])
def test_an_authorization_that_is_no_octets_is_refused(members: dict[str, object], value: object) -> None:
    with pytest.raises(MalformedPayload, match="'Authorization'"):
        firmware_update.parse(json.dumps(members | {"Authorization": value}).encode())


def test_what_is_no_object_is_refused() -> None:
    with pytest.raises(strict_json.NotAnObject):
        firmware_update.parse(b"[]")
    with pytest.raises(strict_json.NotJSON):
        firmware_update.parse(b"\xff")


@settings(max_examples=20)
@given(
    image_hash=st.binary(min_size=32, max_size=32),
    nonce=st.integers(0, 0xFFFFFFFF),
    target=st.none() | st.uuids(),
    single_use=st.booleans(),
)
def test_what_the_signing_key_allowed_is_what_the_firmware_learns(
    signing_key: RSAPrivateKey, image_hash: bytes, nonce: int, target: uuid.UUID | None, single_use: bool
) -> None:
    octets = firmware_update.make(signing_key, image_hash, nonce=nonce, target=target, single_use=single_use)
    parsed = firmware_update.parse_authorization(octets)
    assert (parsed.single_use, parsed.any_machine) == (single_use, target is None)
    update = firmware_update.verify(parsed, PublicKey.of(signing_key), image_hash)
    machine = b"\xff" * 16 if target is None else target.bytes_le
    assert update == firmware_update.VerifiedUpdate(nonce, single_use, machine, image_hash)


def test_the_authorization_lies_in_the_bytes_as_the_reference_says(signing_key: RSAPrivateKey) -> None:
    octets = firmware_update.make(signing_key, HASH, nonce=0x01020304, target=MACHINE, single_use=True)
    assert len(octets) == 377
    assert octets[:48] == "Allowed BIOS Update Hash".encode("utf-16-le")
    assert octets[48:80] == HASH
    assert octets[80:94] == "<BEAM/>".encode("utf-16-le")
    header = bytes.fromhex("01 3000 2000 01 04030201 01 33221100 5544 7766 8899aabbccddeeff")
    assert octets[94:121] == header
    PublicKey.of(signing_key).verify(octets[121:], header + octets[:48] + HASH)


def test_any_flipped_bit_of_an_authorization_is_refused(signing_key: RSAPrivateKey, block: bytes) -> None:
    key = PublicKey.of(signing_key)
    for bit in range(8 * len(block)):
        flipped = bytearray(block)
        flipped[bit // 8] ^= 1 << bit % 8
        at = bit // 8
        # Name, mark, version and lengths are form; then the hash; all else is bound by the signature alone.
        form = at < 48 or 80 <= at < 99
        expected = MalformedUpdate if form else AnotherImage if at < 80 else InvalidSignature
        with pytest.raises(expected):
            firmware_update.verify(firmware_update.parse_authorization(bytes(flipped)), key, HASH)


@pytest.mark.parametrize("other", [bytes(32), b"", HASH[:-1], HASH + b"\0", HASH[::-1]])
def test_another_image_is_refused_even_before_the_signature_is_looked_at(
    other_key: RSAPrivateKey, block: bytes, other: bytes
) -> None:
    with pytest.raises(AnotherImage, match=HASH.hex()):
        firmware_update.verify(firmware_update.parse_authorization(block), PublicKey.of(other_key), other)


def test_the_authorization_of_another_key_is_refused(other_key: RSAPrivateKey, block: bytes) -> None:
    with pytest.raises(InvalidSignature):
        verified(block, other_key)


def test_the_other_byte_order_of_the_signature_is_refused(signing_key: RSAPrivateKey, block: bytes) -> None:
    with pytest.raises(InvalidSignature):
        verified(block[:121] + block[121:][::-1], signing_key)


@pytest.mark.parametrize("size", [0, 283, 376, 378])
def test_an_authorization_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(MalformedUpdate, match=f"has 377 bytes; {size} came"):
        firmware_update.parse_authorization(bytes(size))


def test_an_authorization_with_another_name_or_mark_is_refused(block: bytes) -> None:
    for at in (0, 80):
        with pytest.raises(MalformedUpdate, match="names 'Allowed BIOS Update Hash' and has <BEAM/>"):
            firmware_update.parse_authorization(block[:at] + b"?" + block[at + 1 :])


@pytest.mark.parametrize(("at", "came"), [(94, "0, 48 and 32"), (95, "1, 0 and 32"), (97, "1, 48 and 0")])
def test_an_authorization_with_another_version_or_length_is_refused(block: bytes, at: int, came: str) -> None:
    with pytest.raises(MalformedUpdate, match=f"version 1, a name of 48 and a hash of 32 bytes; {came} came"):
        firmware_update.parse_authorization(block[:at] + b"\0" + block[at + 1 :])


@pytest.mark.parametrize("size", [0, 20, 31, 33, 64])
def test_a_hash_of_another_size_is_not_signed(signing_key: RSAPrivateKey, size: int) -> None:
    with pytest.raises(MalformedUpdate, match=f"has 32 bytes; {size} came"):
        firmware_update.make(signing_key, bytes(size), nonce=1)


@pytest.mark.parametrize("nonce", [-1, 1 << 32])
def test_a_nonce_that_does_not_fit_is_refused(signing_key: RSAPrivateKey, nonce: int) -> None:
    with pytest.raises(MalformedUpdate, match="32 bits"):
        firmware_update.make(signing_key, HASH, nonce=nonce)


def test_a_key_that_no_pc_takes_allows_no_image(unusable_keys: dict[str, RSAPrivateKey]) -> None:
    for key in unusable_keys.values():
        with pytest.raises(UnusableKey):
            firmware_update.make(key, HASH, nonce=1)


@given(st.binary(max_size=120) | st.binary(min_size=377, max_size=377))
def test_noise_is_refused_with_a_sentence(noise: bytes) -> None:
    for read in (firmware_update.parse, firmware_update.parse_authorization):
        with pytest.raises(ProtocolError):
            read(noise)


def test_the_vector_of_a_firmware_update_holds(
    vectors: Callable[[str], list[dict[str, Any]]], signing_key: RSAPrivateKey
) -> None:
    (vector,) = (each for each in vectors("payloads") if each["purpose"] == "hp:sureadmin:firmwareupdate")
    says, image_hash = vector["says"], hashlib.sha256(bytes.fromhex(vector["says"]["image"])).digest()
    target = uuid.UUID(says["target"])
    order = firmware_update.parse(bytes.fromhex(vector["data"]))
    assert (order.file_name, order.quiet, order.bitlocker, order.force) == (
        says["file_name"],
        says["quiet"],
        says["bitlocker"],
        says["force"],
    )
    update = firmware_update.verify(
        firmware_update.parse_authorization(order.authorization), PublicKey.of(signing_key), image_hash
    )
    assert (update.nonce, update.single_use, update.target) == (
        says["nonce"],
        says["single_use"],
        target.bytes_le,
    )
    made = firmware_update.make(
        signing_key, image_hash, nonce=says["nonce"], target=target, single_use=says["single_use"]
    )
    assert made == order.authorization
    assert firmware_update.encode(order).hex() == vector["data"]
