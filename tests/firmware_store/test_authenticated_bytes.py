"""What a signed request is made of: signature lists, the list of signers, SignedData. And what arrives instead."""

import random
from struct import pack

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from cryptography.x509 import CertificateBuilder, ExtendedKeyUsage, ObjectIdentifier
from hypothesis import given
from hypothesis import strategies as st

from firmware_store import FOUR_MEGABYTE, VariableStore, authenticated, blank, certdb, signature_list
from firmware_store.certificates import leads_to, read_certificate
from firmware_store.errors import (
    DamagedSignerList,
    InvalidParameter,
    MalformedSignature,
    SecurityViolation,
    VariableError,
    WrongSignature,
)
from firmware_store.signature import verify
from firmware_store.signed_data import LONGEST
from firmware_store.signed_request import written
from tests.firmware_store.signed_writes import EXCHANGE, PLATFORM, STRANGER, USER
from tests.firmware_store.signing import (
    DATABASE,
    GLOBAL,
    SHA256_DIGEST,
    SIGNED,
    VENDOR,
    X509,
    bare,
    certificate,
    certificates,
    der,
    descriptor,
    digests,
    fixed_key,
    name_of,
    sign,
    signed,
    time,
)
from tests.firmware_store.signing import signature_list as one_list

CONTENT = b"what was signed"

# --- Signature lists -------------------------------------------------------------------------------------------------


def head(kind: bytes, list_size: int, header_size: int, signature_size: int) -> bytes:
    return kind + pack("<III", list_size, header_size, signature_size)


@pytest.mark.parametrize(
    "data",
    [
        b"\0",
        digests(1)[:27],
        digests(1)[:-1],
        digests(1) + b"\0",
        head(signature_list.X509, 0, 0, 48),
        head(signature_list.X509, 27, 0, 48),
        head(signature_list.X509, 28, 0, 0),
        head(signature_list.X509, 28, 0, 16),
        head(signature_list.X509, 29, 1, 48) + b"\0",
        head(signature_list.X509, 0xFFFFFFFF, 0, 48),
        head(signature_list.X509, 28, 0xFFFFFFFF, 48),
        head(signature_list.X509, 76, 0, 0xFFFFFFFF) + bytes(48),
        head(signature_list.X509, 28, 0, 48),
        one_list(X509, b"no certificate"),
        one_list(X509, der(certificate(USER)) + b"\0"),
        one_list(SHA256_DIGEST, bytes(33)),
        one_list(VENDOR, bytes(32)),
    ],
)
def test_no_signature_list(data: bytes) -> None:
    with pytest.raises(InvalidParameter):
        signature_list.check_lists(data, single=False)


def test_firmware_looks_at_the_first_certificate_of_a_list_only() -> None:
    known = der(certificate(USER))
    signature_list.check_lists(one_list(X509, known, bytes(len(known))), single=False)
    with pytest.raises(InvalidParameter):
        signature_list.check_lists(one_list(X509, bytes(len(known)), known), single=False)


def test_one_signature_at_most_where_one_is_allowed() -> None:
    for data in (
        b"",
        certificates(USER),
        digests(1),
        head(one_list(SHA256_DIGEST, bytes(32))[:16], 28, 0, 48),
    ):
        signature_list.check_lists(data, single=True)
    for data in (certificates(USER, STRANGER), digests(1, 2)):
        with pytest.raises(InvalidParameter, match="one signature at most"):
            signature_list.check_lists(data, single=True)


NUMBERS = st.lists(st.integers(0, 5), min_size=1, max_size=5)


@given(held=st.lists(NUMBERS, max_size=3), new=st.lists(NUMBERS, max_size=3))
def test_what_is_left_of_new_lists_is_what_the_held_ones_lack(
    held: list[list[int]], new: list[list[int]]
) -> None:
    before, data = (b"".join(digests(*each) for each in lists) for lists in (held, new))
    left = signature_list.without_known(data, before)
    known = {number for each in held for number in each}
    fresh = [[number for number in each if number not in known] for each in new]
    assert left == b"".join(digests(*each) for each in fresh if each)
    assert signature_list.without_known(data, b"") == data
    assert signature_list.without_known(data, before + data) == b""


def test_the_same_bytes_of_another_kind_are_another_signature() -> None:
    other = one_list(SHA256_DIGEST, b"\1" * 32).replace(SHA256_DIGEST.bytes_le, VENDOR.bytes_le)
    assert signature_list.without_known(digests(1), other) == digests(1)


# --- The list of signers ---------------------------------------------------------------------------------------------

BINDINGS = st.builds(
    certdb.Binding, st.just(VENDOR) | st.just(GLOBAL), st.text(min_size=1, max_size=9), st.binary(max_size=64)
)


@given(st.lists(BINDINGS, max_size=4))
def test_what_is_written_is_read_again(entries: list[certdb.Binding]) -> None:
    assert certdb.read_certdb(certdb.write_certdb(entries)) == entries


@given(st.lists(BINDINGS, min_size=1, max_size=2), st.data())
def test_a_damaged_list_of_signers_is_refused_or_read(
    entries: list[certdb.Binding], data: st.DataObject
) -> None:
    stored = bytearray(certdb.write_certdb(entries))
    stored[data.draw(st.integers(0, len(stored) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        certdb.read_certdb(bytes(stored))
    except DamagedSignerList:
        return
    with pytest.raises(DamagedSignerList):
        certdb.read_certdb(bytes(stored[:-1]))


def test_a_list_of_signers_that_ends_in_the_middle_is_refused() -> None:
    for extra in (1, 27):
        with pytest.raises(DamagedSignerList, match="in the middle"):
            certdb.read_certdb((4 + extra).to_bytes(4, "little") + bytes(extra))


def test_lengths_that_leave_the_list_of_signers_are_refused() -> None:
    stored = certdb.write_certdb([certdb.Binding(VENDOR, "V", bytes(32))])
    for at in (4 + 16, 4 + 20, 4 + 24):
        for number in (0, 2, 0x7FFFFFFF, 0xFFFFFFFF):
            with pytest.raises(DamagedSignerList):
                certdb.read_certdb(stored[:at] + number.to_bytes(4, "little") + stored[at + 4 :])


# --- SignedData ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("attributes", [False, True])
def test_bare_and_wrapped_signatures_hold_over_their_content_only(*, attributes: bool) -> None:
    wrapped = sign(CONTENT, USER, attributes=attributes)
    for each in (wrapped, bare(wrapped)):
        assert verify(each, CONTENT).signers == (certificate(USER),)
        for other in (b"", CONTENT + b"\0", CONTENT[:-1]):
            with pytest.raises(WrongSignature):
                verify(each, other)


def test_content_that_comes_along_is_ignored() -> None:

    made = (
        PKCS7SignatureBuilder()
        .set_data(CONTENT)
        .add_signer(certificate(USER), fixed_key(USER), SHA256())
        .sign(Encoding.DER, [PKCS7Options.Binary, PKCS7Options.NoAttributes])
    )
    assert CONTENT in made
    verify(made, CONTENT)
    with pytest.raises(WrongSignature):
        verify(made, b"something else")


def test_a_signature_whose_digest_is_not_in_its_attributes_does_not_hold() -> None:
    made = sign(CONTENT, USER, attributes=True)
    at = made.index(bytes.fromhex("06092a864886f70d010904")) + 8
    renamed = made[:at] + b"\x63" + made[at + 1 :]
    with pytest.raises(MalformedSignature, match="one digest of the content"):
        verify(renamed, CONTENT)


@pytest.mark.parametrize(
    "made",
    [
        b"",
        b"\0",
        b"\x30\x00",
        b"\x30\x80\x00\x00",
        b"\x30\x82\xff\xff",
        b"\x30\x84\xff\xff\xff\xff",
        b"\x30" * 5000,
        b"\x30\x80" * 5000,
        sign(CONTENT, USER)[:-1],
        sign(CONTENT, USER) + b"\0",
        sign(CONTENT, USER).replace(bytes.fromhex("2a864886f70d010702"), bytes.fromhex("2a864886f70d010703")),
        sign(CONTENT, USER).replace(bytes.fromhex("608648016503040201"), bytes.fromhex("608648016503040204")),
        bytes(LONGEST + 1),
    ],
)
def test_no_signed_data(made: bytes) -> None:
    with pytest.raises(MalformedSignature):
        verify(made, CONTENT)


def test_more_signers_than_anybody_needs_are_refused() -> None:

    builder = PKCS7SignatureBuilder().set_data(CONTENT)
    for number in range(1, 6):
        builder = builder.add_signer(certificate(USER, serial=number), fixed_key(USER), SHA256())
    made = builder.sign(Encoding.DER, [PKCS7Options.DetachedSignature, PKCS7Options.NoAttributes])
    with pytest.raises(MalformedSignature, match="1 to 4 signers"):
        verify(made, CONTENT)


def test_a_signer_uses_a_digest_algorithm_that_is_listed() -> None:
    sha256, sha512 = bytes.fromhex("608648016503040201"), bytes.fromhex("608648016503040203")
    with pytest.raises(MalformedSignature, match="does not list"):
        verify(sign(CONTENT, USER).replace(sha256, sha512, 1), CONTENT)


def test_a_signer_has_an_rsa_key() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    signer = (
        CertificateBuilder(name_of("curve"), name_of("curve"), key.public_key(), 1)
        .not_valid_before(certificate(USER).not_valid_before_utc)
        .not_valid_after(certificate(USER).not_valid_after_utc)
        .sign(key, SHA256())
    )
    made = PKCS7SignatureBuilder().set_data(CONTENT).add_signer(signer, key, SHA256())
    with pytest.raises(MalformedSignature):
        verify(made.sign(Encoding.DER, [PKCS7Options.DetachedSignature]), CONTENT)
    with pytest.raises(InvalidParameter, match="another kind of key"):
        signature_list.check_lists(one_list(X509, der(signer)), single=False)


def test_a_signer_whose_certificate_is_missing() -> None:
    made = sign(CONTENT, USER, signer=certificate(USER, serial=0x1234567))
    with pytest.raises(MalformedSignature, match="does not come with the signature"):
        verify(made.replace(b"\x02\x04\x01\x23\x45\x67", b"\x02\x04\x01\x23\x45\x68", 1), CONTENT)


# --- Certificates ----------------------------------------------------------------------------------------------------


def test_no_certificate_leads_to_itself_over_others_for_ever() -> None:
    ring = [certificate(USER, "a", STRANGER, "b"), certificate(STRANGER, "b", USER, "a")]
    assert not leads_to(ring[0], certificate(PLATFORM), ring)
    assert leads_to(ring[0], ring[1], ())


def test_an_extension_that_cannot_be_read_is_a_refusal() -> None:
    usage = ExtendedKeyUsage([ObjectIdentifier("1.2.3.4")])
    made = der(certificate(USER, "odd", EXCHANGE, ca=False, extensions=((usage, True),)))
    # The OIDs stand in a sequence; as a set they are nothing known.
    broken = made.replace(b"\x30\x05\x06\x03\x2a\x03\x04", b"\x31\x05\x06\x03\x2a\x03\x04")
    assert broken != made
    with pytest.raises(MalformedSignature):
        leads_to(read_certificate(broken), read_certificate(broken), ())


# --- Whatever arrives ------------------------------------------------------------------------------------------------


def user_mode() -> VariableStore:
    store = VariableStore.from_image(blank(FOUR_MEGABYTE))
    for name, key in (("KEK", EXCHANGE), ("PK", PLATFORM)):
        request = signed(GLOBAL, name, certificates(key), time(1), key)
        authenticated.set_variable(store, GLOBAL, name, request, SIGNED)
    authenticated.set_variable(store, VENDOR, "V", signed(VENDOR, "V", b"1", time(1), USER), SIGNED)
    return store


REQUESTS = {
    (DATABASE, "db"): signed(DATABASE, "db", digests(1), time(2), EXCHANGE),
    (GLOBAL, "KEK"): signed(GLOBAL, "KEK", certificates(USER), time(2), PLATFORM, with_attributes=True),
    (VENDOR, "V"): signed(VENDOR, "V", b"2", time(2), USER, wrapped=True),
    (VENDOR, "New"): signed(VENDOR, "New", b"2", time(2), USER),
}
STORE = user_mode()


@pytest.mark.sampled(2)
@pytest.mark.parametrize("place", REQUESTS, ids=lambda place: place[1])
def test_no_flipped_bit_gets_through_and_each_is_our_refusal(place: tuple[object, str]) -> None:
    """Every byte of a request with one random bit flipped, some of them in twos; and every truncation of its head."""
    request, chance = REQUESTS[place], random.Random(place[1])  # type: ignore[index]
    operations = STORE.flash.operations
    damaged = [request[:length] for length in range(0, len(request), 1 if len(request) < 60 else 7)]
    for at in range(len(request)):
        flipped = bytearray(request)
        flipped[at] ^= 1 << chance.randrange(8)
        if at % 3 == 0:
            flipped[chance.randrange(len(request))] ^= 0xFF
        damaged.append(bytes(flipped))
    accepted = [each for each in damaged if not refused(place, each)]
    # What is not looked at: the revision of the descriptor, and inside the signature what is neither signed nor used.
    for each in accepted:
        assert each[:20] == request[:20]
        assert each[-1:] == request[-1:]
    assert STORE.flash.operations == operations


def refused(place: tuple[object, str], data: bytes) -> bool:
    guid, name = place
    try:
        with STORE.transaction():
            authenticated.set_variable(STORE, guid, name, data, SIGNED)  # type: ignore[arg-type]
            raise Accepted
    except Accepted:
        return False
    except VariableError:
        return True


class Accepted(Exception):
    pass


@given(st.binary(max_size=400), st.sampled_from(sorted(REQUESTS, key=str)))
def test_random_bytes_are_refused(data: bytes, place: tuple[object, str]) -> None:
    assert refused(place, data)
    assert refused(place, descriptor(time(3), data))
    assert refused(place, descriptor(time(3), b"\x30\x82" + len(data).to_bytes(2, "big") + data))


@given(st.binary(max_size=200))
def test_random_bytes_are_no_signature(data: bytes) -> None:
    with pytest.raises(SecurityViolation):
        verify(data, CONTENT)
    with pytest.raises(MalformedSignature):
        read_certificate(data)


def test_a_time_stamp_is_written_as_people_write_it() -> None:
    assert written(time(9, 3)) == "2026-01-09 03:04:05"
