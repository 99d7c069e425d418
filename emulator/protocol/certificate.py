"""The certificate that carries an endorsement key into the firmware.

X.509 in DER, at most 4095 bytes, with an organizational unit in its subject (both from the Linux ABI text), holding an
RSA-2048 key. It is trusted on first use and with physical presence, so neither its signature nor its dates are judged:
the technician who types the presence code judges its subject and key id.
"""

import warnings
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID

from emulator.protocol.errors import ProtocolError
from emulator.protocol.keys import PublicKey

LARGEST = 4095
"""Bytes; `sysfs-class-firmware-attributes` states it for the file `kek`."""


class UnusableCertificate(ProtocolError):
    """Bytes that are no certificate fit for an endorsement key."""


@dataclass(frozen=True, slots=True)
class EndorsementCertificate:
    """A certificate whose form was checked; `der` are its bytes as they came."""

    der: bytes
    subject: str
    key: PublicKey


def parse(der: bytes) -> EndorsementCertificate:
    """Read a certificate. Raises UnusableCertificate or UnusableKey."""
    if len(der) > LARGEST:
        raise UnusableCertificate(f"a certificate has at most {LARGEST} bytes; {len(der)} came")
    try:
        # Warnings about odd serial numbers and attributes would be printed into the PC's screen; what counts is judged below.
        with warnings.catch_warnings(action="ignore"):
            certificate = x509.load_der_x509_certificate(der)
            subject, key = certificate.subject, certificate.public_key()
    except Exception as error:  # noqa: BLE001 -- see the next line
        # The decoder raises errors of many types for hostile bytes; each means the same here.
        raise UnusableCertificate(f"no X.509 certificate in DER: {type(error).__name__}") from None
    if not subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME):
        raise UnusableCertificate(
            f"the subject {printable(subject.rfc4514_string())!r} has no organizational unit (OU), which an endorsement key needs"
        )
    return EndorsementCertificate(der, printable(subject.rfc4514_string()), PublicKey.of(key))


def printable(text: str) -> str:
    """`text` with everything that could steer a terminal replaced: a subject is a stranger's text."""
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )
