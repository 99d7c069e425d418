"""Signed requests for the tests: certificates over the committed keys, signatures by `cryptography`."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from struct import pack
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from cryptography.x509.oid import NameOID

from tests import conftest

OWNER = UUID("11111111-2222-3333-4444-555555555555")
VENDOR = UUID("11111111-2222-3333-4444-666666666666")
GLOBAL = UUID("8be4df61-93ca-11d2-aa0d-00e098032b8c")
DATABASE = UUID("d719b2cb-3d3a-4596-a3bc-dad00e67656f")
X509 = UUID("a5c059a1-94e4-4aa7-87b5-ab155c2bf072")
SHA256_DIGEST = UUID("c1c41626-504c-4092-aca9-41f936934328")
PKCS7 = UUID("4aafd29d-68df-49ee-8aa9-347d375665a7")
SIGNED, APPEND = 0x27, 0x67
Digest = SHA256 | SHA384 | SHA512

# Reading a key checks it, which takes longer than everything else here.
fixed_key = cache(conftest.fixed_key)


@cache
def certificate(
    key: str,
    common_name: str | None = None,
    issuer: str | None = None,
    issuer_name: str | None = None,
    *,
    ca: bool | None = True,
    path_length: int | None = None,
    extensions: tuple[tuple[x509.ExtensionType, bool], ...] = (),
    serial: int = 1,
) -> x509.Certificate:
    """A certificate over the committed key of that name. Without an issuer, another key, it signs itself.

    Nothing in it is drawn or read from a clock, so it always has the same bytes. It ended years ago.
    """
    subject = name_of(key if common_name is None else common_name)
    issuing = subject if issuer is None else name_of(issuer_name or issuer)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuing)
        .public_key(fixed_key(key).public_key())
        .serial_number(serial)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2021, 1, 1, tzinfo=UTC))
    )
    if ca is not None:
        builder = builder.add_extension(x509.BasicConstraints(ca, path_length), critical=True)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(fixed_key(issuer or key), SHA256())


def name_of(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)] if common_name else [])


def der(of: x509.Certificate) -> bytes:
    return of.public_bytes(Encoding.DER)


def signature_list(kind: UUID, *signatures: bytes) -> bytes:
    """One list; every signature gets the same owner."""
    size = 16 + len(signatures[0])
    head = kind.bytes_le + pack("<III", 28 + size * len(signatures), 0, size)
    return head + b"".join(OWNER.bytes_le + each for each in signatures)


def certificates(*keys: str) -> bytes:
    """The data of a key variable: a list for each certificate."""
    return b"".join(signature_list(X509, der(certificate(key))) for key in keys)


def digests(*bytes_: int) -> bytes:
    return signature_list(SHA256_DIGEST, *(bytes([each]) * 32 for each in bytes_))


def time(day: int, hour: int = 0) -> bytes:
    """An EFI_TIME in January 2026."""
    return pack("<HBBBBBBIhBB", 2026, 1, day, hour, 4, 5, 0, 0, 0, 0, 0)


def descriptor(stamp: bytes, signature: bytes) -> bytes:
    return stamp + pack("<IHH", 24 + len(signature), 0x0200, 0x0EF1) + PKCS7.bytes_le + signature


def unsigned(stamp: bytes, value: bytes) -> bytes:
    return descriptor(stamp, b"") + value


def sign(
    content: bytes,
    key: str,
    *,
    signer: x509.Certificate | None = None,
    second: tuple[str, x509.Certificate] | None = None,
    others: Sequence[x509.Certificate] = (),
    digest: Digest | None = None,
    attributes: bool = False,
) -> bytes:
    """A SignedData over the content, wrapped in a ContentInfo."""
    builder = PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(signer or certificate(key), fixed_key(key), digest or SHA256())
    if second is not None:
        builder = builder.add_signer(second[1], fixed_key(second[0]), digest or SHA256())
    for each in others:
        builder = builder.add_certificate(each)
    options = [PKCS7Options.DetachedSignature, PKCS7Options.Binary]
    return builder.sign(Encoding.DER, options if attributes else [*options, PKCS7Options.NoAttributes])


def bare(wrapped: bytes) -> bytes:
    """The SignedData without its ContentInfo, whose head has 19 bytes when all lengths take two."""
    assert wrapped[:2] == b"\x30\x82"
    assert wrapped[15:17] == b"\xa0\x82"
    return wrapped[19:]


def content(guid: UUID, name: str, attributes: int, stamp: bytes, value: bytes) -> bytes:
    return name.encode("utf-16-le") + guid.bytes_le + pack("<I", attributes) + stamp + value


def signed(
    guid: UUID,
    name: str,
    value: bytes,
    stamp: bytes,
    key: str,
    *,
    attributes: int = SIGNED,
    signer: x509.Certificate | None = None,
    second: tuple[str, x509.Certificate] | None = None,
    others: Sequence[x509.Certificate] = (),
    digest: Digest | None = None,
    with_attributes: bool = False,
    wrapped: bool = False,
) -> bytes:
    """The data of a signed SetVariable."""
    made = sign(
        content(guid, name, attributes, stamp, value),
        key,
        signer=signer,
        second=second,
        others=others,
        digest=digest,
        attributes=with_attributes,
    )
    return descriptor(stamp, made if wrapped else bare(made)) + value
