"""Certificates of an endorsement key: what the vendor's guides make, and what strangers make."""

import warnings
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from emulator.protocol import certificate
from emulator.protocol.certificate import UnusableCertificate
from emulator.protocol.errors import ProtocolError
from emulator.protocol.keys import PublicKey, UnusableKey

OpenSSL = Callable[..., bytes]
VECTORS = Path(__file__).parent.parent / "vectors"

SHA256_WITH_RSA = bytes.fromhex("06092a864886f70d01010b0500")
RSA = bytes.fromhex("06092a864886f70d0101010500")
UNIT, COUNTRY = bytes.fromhex("060355040b"), bytes.fromhex("0603550406")


def tlv(tag: int, content: bytes) -> bytes:
    """One DER element."""
    size = len(content)
    octets = bytes([size]) if size < 0x80 else b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + octets + content


def integer(number: int) -> bytes:
    return tlv(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True))


def by_hand(
    modulus: int,
    *,
    exponent: int = 65537,
    serial: int = 1,
    unit: bytes = b"Org",
    country: bytes = b"US",
) -> bytes:
    """A certificate that no library would make; its signature is none, which nobody judges."""
    name = tlv(
        0x30,
        tlv(0x31, tlv(0x30, COUNTRY + tlv(0x0C, country))) + tlv(0x31, tlv(0x30, UNIT + tlv(0x0C, unit))),
    )
    dates = tlv(0x30, tlv(0x17, b"250101000000Z") + tlv(0x17, b"350101000000Z"))
    key = tlv(0x30, integer(modulus) + integer(exponent))
    subject_key = tlv(0x30, tlv(0x30, RSA) + tlv(0x03, b"\0" + key))
    algorithm = tlv(0x30, SHA256_WITH_RSA)
    signed = tlv(
        0x30, tlv(0xA0, integer(2)) + integer(serial) + algorithm + name + dates + name + subject_key
    )
    return tlv(0x30, signed + algorithm + tlv(0x03, b"\0\0"))


@pytest.fixture(scope="module")
def modulus(endorsement_key: RSAPrivateKey) -> int:
    return endorsement_key.public_key().public_numbers().n


@pytest.fixture(scope="module")
def der(vectors: Callable[[str], list[dict[str, Any]]]) -> bytes:
    return bytes.fromhex(vectors("certificates")[0]["der"])


def test_a_certificate_gives_its_subject_its_key_and_its_bytes(
    der: bytes, endorsement_key: RSAPrivateKey
) -> None:
    parsed = certificate.parse(der)
    assert parsed.der == der
    assert parsed.key == PublicKey.of(endorsement_key)
    assert parsed.subject == r"CN=Test key\, guards nothing,OU=Org,O=Company,L=City,ST=State,C=US"


def test_a_certificate_made_with_openssl_as_the_guides_show_is_taken(
    openssl: OpenSSL, endorsement_key: RSAPrivateKey
) -> None:
    made = openssl(
        *("req", "-x509", "-new", "-sha256", "-days", "3650", "-outform", "DER"),
        *("-key", VECTORS / "test_key_endorsement.pem"),
        *("-subj", "/C=US/ST=State/L=City/O=Company/OU=Org/CN=www.example.com"),
    )
    parsed = certificate.parse(made)
    assert parsed.key == PublicKey.of(endorsement_key)
    assert parsed.subject == "CN=www.example.com,OU=Org,O=Company,L=City,ST=State,C=US"


def test_a_certificate_without_an_organizational_unit_is_refused(
    vectors: Callable[[str], list[dict[str, Any]]],
) -> None:
    without = bytes.fromhex(vectors("certificates")[1]["der"])
    with pytest.raises(UnusableCertificate, match="no organizational unit"):
        certificate.parse(without)


def test_a_certificate_with_a_key_of_another_size_is_refused(
    vectors: Callable[[str], list[dict[str, Any]]],
) -> None:
    with pytest.raises(UnusableKey, match="RSA-3072 came"):
        certificate.parse(bytes.fromhex(vectors("certificates")[2]["der"]))


def test_a_certificate_with_an_elliptic_key_is_refused(openssl: OpenSSL, tmp_path: Path) -> None:
    key = tmp_path / "ec.pem"
    key.write_bytes(openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout"))
    made = openssl("req", "-x509", "-new", "-key", key, "-subj", "/OU=Org/CN=x", "-outform", "DER")
    with pytest.raises(UnusableKey, match="an RSA key was expected"):
        certificate.parse(made)


def test_a_certificate_made_by_hand_is_read_so_that_the_next_tests_mean_something(modulus: int) -> None:
    parsed = certificate.parse(by_hand(modulus))
    assert parsed.subject == "OU=Org,C=US"
    assert parsed.key.modulus == modulus.to_bytes(256, "big")


def test_a_key_with_a_gigantic_exponent_is_refused_as_a_key(modulus: int) -> None:
    # Python writes no number of more than 4300 digits, not even into an error text.
    huge = (1 << 15000) + 1
    with pytest.raises(UnusableKey):
        certificate.parse(by_hand(huge, exponent=(1 << 14900) + 1))
    with pytest.raises(UnusableKey, match=r"exponent 65537 was expected, \d{20} came"):
        certificate.parse(by_hand(modulus, exponent=modulus - 2))


@pytest.mark.parametrize("exponent", [0, 1, 65536])
def test_an_exponent_that_is_none_is_refused(modulus: int, exponent: int) -> None:
    with pytest.raises(UnusableCertificate):
        certificate.parse(by_hand(modulus, exponent=exponent))


def test_an_even_modulus_is_refused(modulus: int) -> None:
    with pytest.raises(ProtocolError):
        certificate.parse(by_hand(modulus - 1))


@pytest.mark.parametrize("oddity", [{"serial": 0}, {"country": b"Atlantis"}])
def test_oddities_of_a_certificate_print_no_warning_into_the_screen(
    modulus: int, oddity: dict[str, Any]
) -> None:
    with warnings.catch_warnings(record=True) as printed:
        warnings.simplefilter("always")
        parsed = certificate.parse(by_hand(modulus, **oddity))
    assert parsed.key.modulus == modulus.to_bytes(256, "big")
    assert printed == []


def test_a_subject_cannot_steer_the_terminal(modulus: int) -> None:
    hostile = "\x1b[2J\r\n\u202eOrg\u2066\x9b\x07".encode()
    assert certificate.parse(by_hand(modulus, unit=hostile)).subject == r"OU=�[2J���Org���,C=US"


@given(st.text())
def test_printable_text_is_printable_and_as_long_as_it_was(text: str) -> None:
    shown = certificate.printable(text)
    assert len(shown) == len(text)
    assert all(
        new == old if old.isprintable() else new == "\N{REPLACEMENT CHARACTER}"
        for new, old in zip(shown, text, strict=True)
    )


def test_a_certificate_is_refused_when_it_is_too_long_for_the_buffer(der: bytes) -> None:
    with pytest.raises(UnusableCertificate, match="at most 4095 bytes; 4096 came"):
        certificate.parse(der + bytes(4096 - len(der)))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x30",
        b"\x30\x80",
        b"\x30\x84\xff\xff\xff\xff",
        b"-----BEGIN CERTIFICATE-----",
        b"\x30\x82" * 2000,
    ],
    ids=["nothing", "tag alone", "endless", "huge length", "PEM", "nested"],
)
def test_what_is_no_certificate_is_refused(data: bytes) -> None:
    with pytest.raises(UnusableCertificate, match=r"no X\.509 certificate in DER"):
        certificate.parse(data)


def test_a_byte_too_many_or_too_few_is_refused(der: bytes) -> None:
    for damaged in (der + b"\0", der[:-1], der[1:]):
        with pytest.raises(UnusableCertificate):
            certificate.parse(damaged)


def test_no_damage_gets_past_our_errors(der: bytes) -> None:
    refused = 0
    for at in range(len(der)):
        for damaged in (
            der[:at],
            der[:at] + bytes([der[at] ^ 1 << at % 8]) + der[at + 1 :],
            der[:at] + b"\xff" * 8,
        ):
            try:
                certificate.parse(damaged)
            except ProtocolError:
                refused += 1
    assert refused > 2 * len(der)


@given(st.binary(max_size=200))
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(UnusableCertificate):
        certificate.parse(noise)


class TestOutline:
    """What any certificate says of itself, for a screen."""

    def test_it_tells_the_common_name_and_the_dates(self, certificate_der: bytes) -> None:
        told = certificate.outline(certificate_der)
        assert told.name == "Test key, guards nothing"
        assert told.valid_from < told.valid_until

    def test_without_a_common_name_it_tells_the_whole_subject(self, signing_key: RSAPrivateKey) -> None:
        unit = x509.Name([x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "\x1b[2JUnit")])
        born = datetime(2025, 1, 1, tzinfo=UTC)
        made = x509.CertificateBuilder(
            unit, unit, signing_key.public_key(), 1, born, born + timedelta(days=1)
        )
        told = certificate.outline(made.sign(signing_key, SHA256()).public_bytes(Encoding.DER))
        assert told.name == "OU=\N{REPLACEMENT CHARACTER}[2JUnit"
        assert (told.valid_from, told.valid_until) == (born, born + timedelta(days=1))

    @pytest.mark.parametrize("der", [b"", b"\x30\x03\x02\x01\x00", bytes(100)])
    def test_bytes_that_are_none_are_refused(self, der: bytes) -> None:
        with pytest.raises(UnusableCertificate, match=r"no X\.509 certificate"):
            certificate.outline(der)
