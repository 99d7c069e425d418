"""Sure Recover: each order is bound by the signing key and by its bounds, and none passes for a setting."""

import base64
import struct
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from emulator.protocol import authorization, firmware_update, keys, sure_recover
from emulator.protocol.errors import ProtocolError
from emulator.protocol.keys import InvalidSignature, PublicKey, UnusableKey
from emulator.protocol.payload import Purpose
from emulator.protocol.sure_recover import Day, MalformedRecoverOrder, Part

numbers = st.integers(0, 0xFFFFFFFF)
printable = st.characters(min_codepoint=0x20, max_codepoint=0x7E)
texts = st.text(printable, max_size=255)
urls = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=300)

Maker = Callable[[RSAPrivateKey], bytes]
OTHER = "http://images.example/"

MAKERS: dict[Purpose, Maker] = {
    Purpose.RECOVER_CONFIGURE: lambda key: sure_recover.make_configure(
        key, nonce=1, os_flags=2, agent_flags=3
    ),
    Purpose.RECOVER_TRIGGER: lambda key: sure_recover.make_trigger(key, nonce=1, bios_flags=2, agent_flags=3),
    Purpose.RECOVER_SCHEDULE: lambda key: sure_recover.make_schedule(
        key, nonce=1, days=Day.MONDAY, hour=2, minute=3, window=4
    ),
    Purpose.RECOVER_DEPROVISION: lambda key: sure_recover.make_deprovision(key, Part.AGENT, nonce=1),
    Purpose.RECOVER_FAILOVER: lambda key: sure_recover.make_failover(key, b"opaque", nonce=1),
    Purpose.RECOVER_OS_IMAGE: lambda key: sure_recover.make_provision(key, PublicKey.of(key), OTHER, nonce=1),
    Purpose.RECOVER_AGENT: lambda key: sure_recover.make_provision(key, PublicKey.of(key), OTHER, nonce=1),
}
every_purpose = pytest.mark.parametrize("purpose", list(MAKERS))


def verified(purpose: Purpose, data: bytes, key: RSAPrivateKey) -> sure_recover.SignedOrder:
    return sure_recover.verify(sure_recover.ORDERS[purpose](data), PublicKey.of(key)).order


def signed_with(key: RSAPrivateKey, signed: bytes) -> bytes:
    return keys.sign(key, signed) + signed


def test_every_signed_purpose_has_a_reader() -> None:
    assert set(sure_recover.ORDERS) == set(MAKERS)
    recover = {purpose for purpose in Purpose if purpose.startswith("hp:surerecover:")}
    assert recover - set(MAKERS) == {Purpose.RECOVER_SERVICE_EVENT}


@settings(max_examples=20)
@given(nonce=numbers, version=st.integers(0, 0xFFFF), user_name=texts, password=texts, url=urls)
def test_an_image_order_arrives_as_it_was_signed(
    signing_key: RSAPrivateKey,
    other_key: RSAPrivateKey,
    nonce: int,
    version: int,
    user_name: str,
    password: str,
    url: str,
) -> None:
    # With a 1 there it may be as long as a signed setting with that header, and is refused for one.
    assume(nonce & 0xFF != 1)
    image_key = PublicKey.of(other_key)
    data = sure_recover.make_provision(
        signing_key, image_key, url, nonce=nonce, version=version, user_name=user_name, password=password
    )
    order = sure_recover.parse_provision(data)
    assert (order.nonce, order.version, order.image_key) == (nonce, version, image_key)
    assert (order.user_name, order.password, order.url) == (user_name, password, url)
    assert sure_recover.verify(order, PublicKey.of(signing_key)).order is order


@settings(max_examples=20)
@given(nonce=numbers, first=numbers, second=numbers)
def test_flags_arrive_as_they_were_signed(
    signing_key: RSAPrivateKey, nonce: int, first: int, second: int
) -> None:
    configure = sure_recover.parse_configure(
        sure_recover.make_configure(signing_key, nonce=nonce, os_flags=first, agent_flags=second)
    )
    assert (configure.nonce, configure.os_flags, configure.agent_flags) == (nonce, first, second)
    trigger = sure_recover.parse_trigger(
        sure_recover.make_trigger(signing_key, nonce=nonce, bios_flags=first, agent_flags=second)
    )
    assert (trigger.nonce, trigger.bios_flags, trigger.agent_flags) == (nonce, first, second)


@settings(max_examples=20)
@given(
    nonce=numbers,
    days=st.integers(0, 255),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    window=st.integers(0, 240),
)
def test_a_schedule_arrives_as_it_was_signed(
    signing_key: RSAPrivateKey, nonce: int, days: int, hour: int, minute: int, window: int
) -> None:
    data = sure_recover.make_schedule(
        signing_key, nonce=nonce, days=Day(days), hour=hour, minute=minute, window=window
    )
    order = sure_recover.parse_schedule(data)
    assert (order.nonce, order.days, order.hour, order.minute, order.window) == (
        nonce,
        days,
        hour,
        minute,
        window,
    )


@pytest.mark.parametrize("parts", [1, 2, 4, 8, 16, 31])
def test_the_parts_to_deprovision_arrive_as_they_were_signed(signing_key: RSAPrivateKey, parts: int) -> None:
    data = sure_recover.make_deprovision(signing_key, Part(parts), nonce=7)
    order = sure_recover.parse_deprovision(data)
    assert (order.nonce, order.parts) == (7, parts)


@given(nonce=numbers, opaque=st.binary(max_size=20))
@settings(max_examples=20)
def test_a_failover_order_begins_with_a_nonce_and_keeps_the_rest(
    signing_key: RSAPrivateKey, nonce: int, opaque: bytes
) -> None:
    order = sure_recover.parse_failover(sure_recover.make_failover(signing_key, opaque, nonce=nonce))
    assert (order.nonce, order.opaque) == (nonce, opaque)


def test_the_orders_lie_in_the_bytes_as_the_reference_says(signing_key: RSAPrivateKey) -> None:
    nonce = 0x01020304
    modulus = PublicKey.of(signing_key).little_endian
    image = sure_recover.make_provision(
        signing_key,
        PublicKey.of(signing_key),
        "http://x",
        nonce=nonce,
        version=0x0506,
        user_name="ab",
        password="c",
    )
    configure = sure_recover.make_configure(signing_key, nonce=nonce, os_flags=5, agent_flags=6)
    trigger = sure_recover.make_trigger(signing_key, nonce=nonce, bios_flags=5, agent_flags=6)
    days = Day.SUNDAY | Day.SATURDAY
    schedule = sure_recover.make_schedule(signing_key, nonce=nonce, days=days, hour=7, minute=8, window=9)
    deprovision = sure_recover.make_deprovision(signing_key, nonce=nonce)
    failover = sure_recover.make_failover(signing_key, b"xyz", nonce=nonce)
    four = bytes.fromhex("04030201")
    for data, signed in (
        (image, four + b"\6\5" + modulus + b"\2\1abchttp://x"),
        (configure, four + b"\5\0\0\0\6\0\0\0"),
        (trigger, four + b"\5\0\0\0\6\0\0\0" + bytes(256)),
        (schedule, four + b"\x41\7\x08\x09"),
        (deprovision, four + b"\x1f"),
        (failover, four + b"xyz"),
    ):
        assert data[256:] == signed
        PublicKey.of(signing_key).verify(data[:256], signed)


@every_purpose
def test_any_flipped_bit_of_an_order_is_refused(signing_key: RSAPrivateKey, purpose: Purpose) -> None:
    data = MAKERS[purpose](signing_key)
    # All of what is short; of what is long the ends and a few bits between.
    for bit in {*range(0, 8 * len(data), 61), *range(8 * 250, 8 * min(len(data), 270)), 8 * len(data) - 1}:
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises((InvalidSignature, MalformedRecoverOrder, UnusableKey)):
            verified(purpose, bytes(flipped), signing_key)


@every_purpose
def test_only_the_signing_key_orders_and_only_in_the_right_byte_order(
    signing_key: RSAPrivateKey, other_key: RSAPrivateKey, purpose: Purpose
) -> None:
    data = MAKERS[purpose](signing_key)
    assert verified(purpose, data, signing_key).nonce == 1
    for wrong, key in ((data, other_key), (data[:256][::-1] + data[256:], signing_key)):
        with pytest.raises(InvalidSignature):
            verified(purpose, wrong, key)


@every_purpose
def test_every_cut_of_an_order_is_refused(signing_key: RSAPrivateKey, purpose: Purpose) -> None:
    data = MAKERS[purpose](signing_key)
    for size in {0, 1, 255, 256, 259, *range(len(data) - 8, len(data))}:
        with pytest.raises((MalformedRecoverOrder, InvalidSignature)):
            verified(purpose, data[:size], signing_key)


@pytest.mark.parametrize(
    ("purpose", "size"),
    [
        (Purpose.RECOVER_CONFIGURE, 268),
        (Purpose.RECOVER_TRIGGER, 524),
        (Purpose.RECOVER_SCHEDULE, 264),
        (Purpose.RECOVER_DEPROVISION, 261),
    ],
)
def test_an_order_of_another_size_is_refused(purpose: Purpose, size: int) -> None:
    for wrong in (0, size - 1, size + 1, 4097):
        with pytest.raises(MalformedRecoverOrder, match=f"has {size} to {size} bytes; {wrong} came"):
            sure_recover.ORDERS[purpose](bytes(wrong))


@pytest.mark.parametrize(
    ("purpose", "least"), [(Purpose.RECOVER_OS_IMAGE, 520), (Purpose.RECOVER_FAILOVER, 260)]
)
def test_an_order_without_a_fixed_size_fits_into_the_buffer(purpose: Purpose, least: int) -> None:
    for wrong in (0, least - 1, 4097):
        with pytest.raises(MalformedRecoverOrder, match=f"has {least} to 4096 bytes; {wrong} came"):
            sure_recover.ORDERS[purpose](bytes(wrong))


def test_the_longest_url_fills_the_buffer(signing_key: RSAPrivateKey) -> None:
    image_key, longest = PublicKey.of(signing_key), "http://" + "x" * (4096 - 520 - 7)
    data = sure_recover.make_provision(signing_key, image_key, longest, nonce=1)
    assert len(data) == 4096
    assert sure_recover.parse_provision(data).url == longest
    with pytest.raises(MalformedRecoverOrder, match="4097 came"):
        sure_recover.make_provision(signing_key, image_key, longest + "x", nonce=1)


@pytest.mark.parametrize("text", ["a\n", "\x1b[2J", "\x7f", "\0"])
@pytest.mark.parametrize("member", ["user name", "password", "URL"])
def test_texts_that_are_not_printable_are_refused_and_not_repeated(
    signing_key: RSAPrivateKey, member: str, text: str
) -> None:
    given_texts = {"user name": "u", "password": "p", "URL": "http://x"} | {member: text}
    with pytest.raises(MalformedRecoverOrder, match=f"the {member} of an image is printable") as refusal:
        sure_recover.make_provision(
            signing_key,
            PublicKey.of(signing_key),
            given_texts["URL"],
            nonce=1,
            user_name=given_texts["user name"],
            password=given_texts["password"],
        )
    assert text not in str(refusal.value)


def test_a_blank_belongs_into_a_password_but_into_no_url(signing_key: RSAPrivateKey) -> None:
    key = PublicKey.of(signing_key)
    data = sure_recover.make_provision(signing_key, key, "", nonce=1, user_name="a b", password=" ")
    assert sure_recover.parse_provision(data).password == " "
    with pytest.raises(MalformedRecoverOrder, match="URL"):
        sure_recover.make_provision(signing_key, key, "http://a b", nonce=1)


def test_bytes_beyond_ascii_are_refused(signing_key: RSAPrivateKey) -> None:
    key = PublicKey.of(signing_key)
    with pytest.raises(MalformedRecoverOrder, match="are ASCII; others came"):
        sure_recover.make_provision(signing_key, key, "http://bücher.example", nonce=1)
    data = sure_recover.make_provision(signing_key, key, "http://x", nonce=1)
    with pytest.raises(MalformedRecoverOrder, match="URL of an image is printable ASCII"):
        sure_recover.parse_provision(data + b"\xff")


def test_lengths_of_user_name_and_password_beyond_the_end_are_refused(signing_key: RSAPrivateKey) -> None:
    head = bytes(256) + bytes(6) + PublicKey.of(signing_key).little_endian
    for lengths, texts_, told in ((b"\1\0", b"", "1 bytes; 0"), (b"\xff\xff", b"x" * 509, "510 bytes; 509")):
        with pytest.raises(MalformedRecoverOrder, match=f"a password of {told} came"):
            sure_recover.parse_provision(head + lengths + texts_)


def test_the_longest_user_name_and_password_have_255_characters(signing_key: RSAPrivateKey) -> None:
    key, longest = PublicKey.of(signing_key), "x" * 255
    data = sure_recover.make_provision(signing_key, key, "", nonce=1, user_name=longest, password=longest)
    assert sure_recover.parse_provision(data).user_name == longest
    with pytest.raises(MalformedRecoverOrder, match="does not fit into its field"):
        sure_recover.make_provision(signing_key, key, "", nonce=1, password=longest + "x")


def test_an_image_key_that_is_none_is_refused(signing_key: RSAPrivateKey) -> None:
    for modulus in (bytes(256), b"\xff" * 255 + b"\x7f", b"\xfe" + b"\xff" * 255):
        with pytest.raises(UnusableKey):
            sure_recover.parse_provision(bytes(256) + bytes(6) + modulus + bytes(2))


@pytest.mark.parametrize("change", [{"hour": 24}, {"minute": 60}, {"window": 241}, {"hour": 255}])
def test_a_schedule_out_of_bounds_is_refused(signing_key: RSAPrivateKey, change: dict[str, Any]) -> None:
    fields = {"nonce": 1, "days": Day.SUNDAY, "hour": 0, "minute": 0, "window": 1} | change
    with pytest.raises(MalformedRecoverOrder, match="an hour to 23, a minute to 59 and a window to 240"):
        sure_recover.make_schedule(signing_key, **fields)


@pytest.mark.parametrize("parts", [0, 32, 33, 255])
def test_a_mask_of_no_part_or_of_unknown_ones_is_refused(signing_key: RSAPrivateKey, parts: int) -> None:
    data = signed_with(signing_key, struct.pack("<IB", 1, parts))
    with pytest.raises(MalformedRecoverOrder, match=f"a mask from 1 to 31; {parts} came"):
        sure_recover.parse_deprovision(data)


def test_a_trigger_with_anything_in_its_reserved_bytes_is_refused(signing_key: RSAPrivateKey) -> None:
    for reserved in (b"\1" + bytes(255), bytes(255) + b"\1"):
        with pytest.raises(MalformedRecoverOrder, match="256 reserved bytes of zero"):
            sure_recover.parse_trigger(bytes(256) + bytes(12) + reserved)


@pytest.mark.parametrize("nonce", [-1, 1 << 32])
def test_a_number_that_does_not_fit_is_refused(signing_key: RSAPrivateKey, nonce: int) -> None:
    with pytest.raises(MalformedRecoverOrder, match="a number does not fit into its field"):
        sure_recover.make_failover(signing_key, b"", nonce=nonce)


def test_a_key_that_no_pc_takes_orders_nothing(unusable_keys: dict[str, RSAPrivateKey]) -> None:
    for key in unusable_keys.values():
        with pytest.raises(UnusableKey):
            sure_recover.make_deprovision(key, nonce=1)


@pytest.mark.parametrize(("name", "value"), [("a", ""), ("USB Storage Boot", "Enable"), ("x" * 9, "y" * 344)])
def test_a_signed_setting_passes_for_no_order(signing_key: RSAPrivateKey, name: str, value: str) -> None:
    token = authorization.make(signing_key, name, value, nonce=1664226083)
    block = base64.b64decode(token.removeprefix("<BEAM/>"))
    signed = block[:27] + (name + value).encode("utf-16-le")
    PublicKey.of(signing_key).verify(block[27:], signed)
    for purpose, read in sure_recover.ORDERS.items():
        with pytest.raises(MalformedRecoverOrder):
            read(block[27:] + signed)
        if purpose is Purpose.RECOVER_FAILOVER:
            with pytest.raises(MalformedRecoverOrder, match="a signed setting came"):
                read(block[27:] + signed)
            # One byte more, and it is no setting; but nobody signed that either.
            with pytest.raises(InvalidSignature):
                verified(purpose, block[27:] + signed + b"x", signing_key)


def test_a_signed_firmware_update_passes_for_no_order_either(signing_key: RSAPrivateKey) -> None:
    octets = firmware_update.make(signing_key, b"h" * 32, nonce=1664226083)
    signed = octets[94:121] + octets[:48] + octets[48:80]
    PublicKey.of(signing_key).verify(octets[121:], signed)
    for read in sure_recover.ORDERS.values():
        with pytest.raises(MalformedRecoverOrder):
            read(octets[121:] + signed)


def test_a_service_event_has_no_data() -> None:
    sure_recover.check_service_event(b"")
    with pytest.raises(MalformedRecoverOrder, match="has no data; 1 bytes came"):
        sure_recover.check_service_event(b"\0")


def test_secrets_are_not_shown_with_their_order(signing_key: RSAPrivateKey) -> None:
    data = sure_recover.make_provision(
        signing_key,
        PublicKey.of(signing_key),
        "http://reader:hunter3@x/",
        nonce=1,
        user_name="reader",
        password="hunter2",
    )
    order = sure_recover.verify(sure_recover.parse_provision(data), PublicKey.of(signing_key))
    assert "hunter" not in repr(order)
    assert "hunter" not in repr(sure_recover.parse_failover(data))


@every_purpose
@settings(max_examples=30)
@given(data=st.data())
def test_noise_is_refused_with_a_sentence(
    signing_key: RSAPrivateKey, purpose: Purpose, data: st.DataObject
) -> None:
    sizes = st.sampled_from([0, 256, 260, 261, 264, 268, 520, 524, 600])
    size = data.draw(sizes)
    with pytest.raises(ProtocolError):
        verified(purpose, data.draw(st.binary(min_size=size, max_size=size)), signing_key)


def test_the_vectors_of_sure_recover_hold(
    vectors: Callable[[str], list[dict[str, Any]]], signing_key: RSAPrivateKey, other_key: RSAPrivateKey
) -> None:
    told = [each for each in vectors("payloads") if each["purpose"] in sure_recover.ORDERS]
    assert len(told) == len(MAKERS)
    for vector in told:
        order = verified(Purpose(vector["purpose"]), bytes.fromhex(vector["data"]), signing_key)
        for name, value in vector["says"].items():
            found = getattr(order, name)
            assert (found.hex() if isinstance(found, bytes) else found) == value
        if isinstance(order, sure_recover.ProvisionOrder):
            assert order.image_key == PublicKey.of(other_key)
    (event,) = (each for each in vectors("payloads") if each["kind"] == "recover:service_event")
    sure_recover.check_service_event(bytes.fromhex(event["data"]))
