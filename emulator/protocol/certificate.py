"""The certificate that carries an endorsement key into the firmware.

X.509 in DER, at most 4095 bytes, with an organizational unit in its subject (both from the Linux ABI text), holding an
RSA-2048 key. It is trusted on first use and with physical presence, so neither its signature nor its dates are judged:
the technician who types the presence code judges its subject and key id.
"""

import warnings
from datetime import datetime

from emulator.protocol.errors import ProtocolError
from emulator.protocol.frozen import frozen
from emulator.protocol.keys import PublicKey

LARGEST = 4095
"""Bytes; `sysfs-class-firmware-attributes` states it for the file `kek`."""


class UnusableCertificate(ProtocolError):
    """Bytes that are no certificate fit for an endorsement key."""


@frozen
class EndorsementCertificate:
    """A certificate whose form was checked; `der` are its bytes as they came."""

    der: bytes
    subject: str
    key: PublicKey


def parse(der: bytes) -> EndorsementCertificate:
    """Read a certificate. Raises UnusableCertificate or UnusableKey."""
    # X.509 takes a quarter of a PC's memory, and most PCs hold no certificate that anybody looks at.
    from cryptography import x509  # noqa: PLC0415
    from cryptography.x509.oid import NameOID  # noqa: PLC0415

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


@frozen
class Outline:
    """What any certificate says of itself, for a screen to show. Nothing in it is believed."""

    name: str
    valid_from: datetime
    valid_until: datetime


def outline(der: bytes) -> Outline:
    """The subject's common name, else all of the subject, and the dates. Raises UnusableCertificate."""
    from cryptography import x509  # noqa: PLC0415 -- as above
    from cryptography.x509.oid import NameOID  # noqa: PLC0415

    try:
        with warnings.catch_warnings(action="ignore"):
            certificate = x509.load_der_x509_certificate(der)
            names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
            name = str(names[0].value) if names else certificate.subject.rfc4514_string()
            return Outline(printable(name), certificate.not_valid_before_utc, certificate.not_valid_after_utc)
    except Exception as error:  # noqa: BLE001 -- as above
        raise UnusableCertificate(f"no X.509 certificate in DER: {type(error).__name__}") from None


def printable(text: str) -> str:
    """`text` with everything that could steer a terminal replaced: a subject is a stranger's text."""
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )
