"""Whether a signature holds, and whose it is.

Only `verify` makes a `VerifiedSignature`, and only that can be asked whom it leads to. Every signature in a SignedData
must hold, over the content that firmware puts together from the request; content that comes along is ignored.

Digests: SHA-256, SHA-384, SHA-512, as in EDK2 since 2023 (before: SHA-256 alone). Keys: RSA with PKCS #1 v1.5 padding,
whatever the signature algorithm calls itself. All of it is computed by `cryptography`. How many certificates and
signers may come is bounded, so that nobody makes us compute for long.
"""

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, Hash
from cryptography.x509 import Certificate, ObjectIdentifier

from firmware_store.certificates import hostile, leads_to, rsa_key
from firmware_store.errors import MalformedSignature, WrongSignature
from firmware_store.signed_data import (
    AlgorithmIdentifier,
    Attribute,
    SignerInfo,
    decode,
    name_of_issuer,
    set_of,
)

MESSAGE_DIGEST = ObjectIdentifier("1.2.840.113549.1.9.4")
Digest = SHA256 | SHA384 | SHA512
DIGESTS: dict[str, type[Digest]] = {
    "2.16.840.1.101.3.4.2.1": SHA256,
    "2.16.840.1.101.3.4.2.2": SHA384,
    "2.16.840.1.101.3.4.2.3": SHA512,
}
# Our invention: tools write one signer and his chain.
MOST_CERTIFICATES, MOST_SIGNERS = 8, 4


@dataclass(frozen=True, slots=True)
class VerifiedSignature:
    """Signatures that hold: every signer has signed the content. Whether anybody trusts them is still to be asked."""

    signers: tuple[Certificate, ...]
    certificates: tuple[Certificate, ...]
    digest: type[Digest]

    def trusted_by(self, certificate: Certificate) -> bool:
        """Whether every signer leads to this certificate."""
        return all(leads_to(signer, certificate, self.certificates) for signer in self.signers)


def verify(der: bytes, content: bytes) -> VerifiedSignature:
    """Decodes and checks every signature over `content`, or says which rule is broken."""
    signed = decode(der)
    infos, certificates = signed.signer_infos.as_list(), tuple(signed.certificates or ())
    digests = [_digest(each) for each in signed.digest_algorithms.as_list()]
    if not 1 <= len(infos) <= MOST_SIGNERS or len(certificates) > MOST_CERTIFICATES or not digests:
        raise MalformedSignature(
            f"expected 1 to {MOST_SIGNERS} signers, at most {MOST_CERTIFICATES} certificates and a digest algorithm, "
            f"got {len(infos)}, {len(certificates)} and {len(digests)}"
        )
    signers = tuple(_signer(each, certificates) for each in infos)
    for info, signer in zip(infos, signers, strict=True):
        if _digest(info.digest_algorithm) not in digests:
            raise MalformedSignature("a signer uses a digest algorithm that the SignedData does not list")
        _check(info, signer, content)
    return VerifiedSignature(signers, certificates, digests[0])


def _digest(algorithm: AlgorithmIdentifier) -> type[Digest]:
    found = DIGESTS.get(algorithm.algorithm.dotted_string)
    if found is None:
        raise MalformedSignature(
            f"expected SHA-256, SHA-384 or SHA-512 as digest, got {algorithm.algorithm.dotted_string}"
        )
    return found


def _signer(info: SignerInfo, certificates: tuple[Certificate, ...]) -> Certificate:
    named = info.certificate
    with hostile("expected certificates whose issuers can be read"):
        for each in certificates:
            if each.serial_number == named.serial_number and name_of_issuer(each) == bytes(named.issuer.data):
                return each
    raise MalformedSignature("the certificate of a signer does not come with the signature")


def _check(info: SignerInfo, signer: Certificate, content: bytes) -> None:
    digest = _digest(info.digest_algorithm)
    if info.signed_attributes is not None:
        content = _attributes_over(info.signed_attributes, _hash(digest(), content))
    try:
        rsa_key(signer).verify(info.signature, content, PKCS1v15(), digest())
    except (InvalidSignature, ValueError) as error:
        raise WrongSignature(
            "the signature was not made over this request: name, GUID, attributes, time stamp and value are signed"
        ) from error


def _attributes_over(attributes: list[Attribute], digest: bytes) -> bytes:
    """The attributes as they were signed, if they hold this digest of the content."""
    with hostile("expected signed attributes with one digest of the content"):
        (held,) = (each.values.as_list() for each in attributes if each.kind == MESSAGE_DIGEST)
        (value,) = held
        found, signed = value.parse(bytes), set_of(attributes)
    if found != digest:
        raise WrongSignature("the digest in the signed attributes is not that of this request")
    return signed


def _hash(algorithm: Digest, content: bytes) -> bytes:
    context = Hash(algorithm)
    context.update(content)
    return context.finalize()
