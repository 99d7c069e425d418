"""X.509 certificates, and whether one leads to another that firmware trusts.

A signature is worth something when its signer's certificate *is* a trusted one, or was issued by it, perhaps over
other certificates that came along with the signature. As in EDK2, the way ends at the trusted certificate even if that
is no root, and no date counts, because firmware cannot trust its clock. As in EDK2's OpenSSL, an issuer must be
allowed to issue: a certificate authority by its basic constraints, or, without any, one that issued itself and is of
version 1 or allowed by its key usage. The way may not be longer than an issuer's path length says.

Every signature on the way is checked by `cryptography`. Signers have RSA keys, and a critical extension that is not
understood is a refusal, both as in EDK2. Stricter than EDK2: an issuer with name constraints is refused, since nothing
here evaluates them.
"""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import (
    BasicConstraints,
    Certificate,
    ExtensionNotFound,
    Extensions,
    KeyUsage,
    NameConstraints,
    Version,
    load_der_x509_certificate,
)
from cryptography.x509.oid import ExtensionOID, NameOID

from firmware_store.errors import MalformedSignature, StoreError

UNDERSTOOD = {
    ExtensionOID.BASIC_CONSTRAINTS,
    ExtensionOID.CERTIFICATE_POLICIES,
    ExtensionOID.CRL_DISTRIBUTION_POINTS,
    ExtensionOID.EXTENDED_KEY_USAGE,
    ExtensionOID.KEY_USAGE,
    ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
}
Kind = TypeVar("Kind", KeyUsage, BasicConstraints, NameConstraints)


@contextmanager
def hostile(what: str) -> Iterator[None]:
    """Bytes of strangers: whatever a decoder does not like about them is one refusal."""
    try:
        with warnings.catch_warnings():
            # Old certificates break rules that firmware does not know, and `cryptography` would print a warning.
            warnings.simplefilter("ignore", UserWarning)
            yield
    except StoreError:
        raise
    except Exception as error:
        raise MalformedSignature(f"{what}: {error or type(error).__name__}") from error


def read_certificate(der: bytes) -> Certificate:
    with hostile("expected an X.509 certificate"):
        return load_der_x509_certificate(der)


def rsa_key(certificate: Certificate) -> RSAPublicKey:
    with hostile("expected a certificate with an RSA key"):
        key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        raise MalformedSignature("expected a certificate with an RSA key, got another kind of key")
    return key


def common_name(certificate: Certificate) -> bytes:
    """The first common name of the subject, in UTF-8."""
    with hostile("expected a certificate whose subject can be read"):
        names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        value = names[0].value if names else ""
        encoded = value.encode() if isinstance(value, str) else value
    # EDK2 reads it into 128 bytes and counts them up to a NUL; nothing that would be cut short is taken.
    if not encoded or len(encoded) > 127 or b"\0" in encoded:
        raise MalformedSignature("expected a signer with a common name of at most 127 bytes and without NUL")
    return encoded


@hostile("expected certificates that can be read")
def leads_to(certificate: Certificate, trusted: Certificate, others: Sequence[Certificate]) -> bool:
    """Whether a way of issuers leads from the certificate to the trusted one. No certificate is met twice."""
    path = _path(certificate, trusted, others)
    return (
        path[-1] == trusted
        and all(_understood(each) for each in path)
        and all(_may_issue(each, below) for below, each in enumerate(path[1:]))
    )


def _path(certificate: Certificate, trusted: Certificate, others: Sequence[Certificate]) -> list[Certificate]:
    """From the certificate as far towards the trusted one as issuers are found."""
    path = [certificate]
    while path[-1] != trusted:
        candidates = (each for each in (trusted, *others) if each not in path)
        issuer = next((each for each in candidates if _issued(path[-1], each)), None)
        if issuer is None:
            break
        path.append(issuer)
    return path


def _issued(certificate: Certificate, issuer: Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _understood(certificate: Certificate) -> bool:
    return all(each.oid in UNDERSTOOD for each in certificate.extensions if each.critical)


def _may_issue(issuer: Certificate, below: int) -> bool:
    """`below`: how many other issuers stand between this one and the signer."""
    extensions = issuer.extensions
    usage, basic = _extension(extensions, KeyUsage), _extension(extensions, BasicConstraints)
    if _extension(extensions, NameConstraints) is not None or (usage and not usage.key_cert_sign):
        return False
    if basic is None:
        return issuer.issuer == issuer.subject and (usage is not None or issuer.version is Version.v1)
    return basic.ca and (basic.path_length is None or basic.path_length >= below)


def _extension(extensions: Extensions, kind: type[Kind]) -> Kind | None:
    try:
        return extensions.get_extension_for_class(kind).value
    except ExtensionNotFound:
        return None
