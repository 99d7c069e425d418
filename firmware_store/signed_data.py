"""PKCS #7 SignedData as bytes: the signature of a signed request (RFC 2315, 9), taken apart.

It carries certificates and one or more signers; each signer names its certificate by issuer and serial number and
signs the digest of the content, either straight or through a set of attributes that holds the digest. UEFI wants the
bare SignedData; like EDK2 since 2023 we also take one wrapped in a ContentInfo, which is what most tools write.

The structures are declared for the DER decoder of `cryptography`, which is strict; EDK2's also reads BER. What has
been decoded says nothing yet; `signature` finds out whether it holds.
"""

from typing import Annotated

from cryptography.hazmat import asn1
from cryptography.x509 import Certificate, ObjectIdentifier

from firmware_store.certificates import hostile
from firmware_store.errors import MalformedSignature

SIGNED_DATA = ObjectIdentifier("1.2.840.113549.1.7.2")
# EDK2 wraps a bare SignedData with lengths of two bytes, so nothing longer works there.
LONGEST = 0xFFFF - 19


@asn1.sequence
class ContentInfo:
    content_type: ObjectIdentifier
    content: Annotated[asn1.TLV, asn1.Explicit(0)]


@asn1.sequence
class AlgorithmIdentifier:
    algorithm: ObjectIdentifier
    parameters: asn1.Null | None


@asn1.sequence
class EncapsulatedContent:
    content_type: ObjectIdentifier
    content: Annotated[bytes | None, asn1.Explicit(0)]


@asn1.sequence
class Attribute:
    kind: ObjectIdentifier
    values: asn1.SetOf[asn1.TLV]


@asn1.sequence
class AttributeSet:
    """Only to write attributes as the set over which a signer signs them."""

    attributes: asn1.SetOf[Attribute]


@asn1.sequence
class IssuerAndSerialNumber:
    issuer: asn1.TLV
    serial_number: int


@asn1.sequence
class SignerInfo:
    version: int
    certificate: IssuerAndSerialNumber
    digest_algorithm: AlgorithmIdentifier
    # Sets, read as sequences: what is out of order here is out of order for the signature too.
    signed_attributes: Annotated[list[Attribute] | None, asn1.Implicit(0)]
    signature_algorithm: AlgorithmIdentifier
    signature: bytes
    unsigned_attributes: Annotated[list[Attribute] | None, asn1.Implicit(1)]


@asn1.sequence
class SignedData:
    version: int
    digest_algorithms: asn1.SetOf[AlgorithmIdentifier]
    content: EncapsulatedContent
    # A set too, and OpenSSL does not sort it.
    certificates: Annotated[list[Certificate] | None, asn1.Implicit(0)]
    revocation_lists: Annotated[list[asn1.TLV] | None, asn1.Implicit(1)]
    signer_infos: asn1.SetOf[SignerInfo]


@hostile("expected a PKCS #7 SignedData in DER")
def decode(der: bytes) -> SignedData:
    """The wrapped form begins with the name of its type, the bare one with a version."""
    if len(der) > LONGEST:
        raise MalformedSignature(f"expected a SignedData of at most {LONGEST} bytes, got {len(der)}")
    try:
        wrapping = asn1.decode_der(ContentInfo, der)
    except ValueError:
        return asn1.decode_der(SignedData, der)
    if wrapping.content_type != SIGNED_DATA:
        raise MalformedSignature(f"expected a SignedData, got {wrapping.content_type.dotted_string}")
    inner: SignedData = wrapping.content.parse(SignedData)
    return inner


def name_of_issuer(certificate: Certificate) -> bytes:
    """The issuer's name as it lies in the certificate, without tag and length: as `IssuerAndSerialNumber` has it."""
    return bytes(asn1.decode_der(asn1.TLV, certificate.issuer.public_bytes()).data)


def set_of(attributes: list[Attribute]) -> bytes:
    """Attributes as the set over which a signer signs them."""
    encoded = asn1.encode_der(AttributeSet(attributes=asn1.SetOf(attributes)))
    # Without the sequence around it, which is there because a set alone cannot be declared.
    return bytes(asn1.decode_der(asn1.TLV, encoded).data)
