"""The picture that carries a local access key to a phone: the vendor's enrolment JSON as a QR code.

The vendor's guide asks for at least 800×600 pixels, because its app reads nothing smaller. The picture is square, so its side is
at least 800; around the code lie the four light modules that the standard wants. Level M is version 20 for a usual package, and survives
the shrinking that mail programs do. A text with more than ASCII announces itself as UTF-8 (ECI 26), else a reader would have to guess.
"""

import io
import secrets
from collections.abc import Callable

import segno
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.companions import CompanionError
from emulator.protocol import enrolment

SIDE = 800
QUIET_ZONE = 4


class TooMuchText(CompanionError):
    """Names so long that no QR code holds the package."""


def package_text(
    key: RSAPrivateKey,
    *,
    key_name: str,
    passphrase: str,
    model: str | None = None,
    serial: str | None = None,
    octets: Callable[[int], bytes] = secrets.token_bytes,
) -> str:
    """The enrolment package; `octets(n)` draws salt and IV and must be random unless the key guards nothing."""
    return enrolment.make(
        key,
        key_name=key_name,
        passphrase=passphrase,
        salt=octets(enrolment.SALT_SIZE),
        iv=octets(enrolment.IV_SIZE),
        model=model,
        serial=serial,
    )


def png(text: str) -> bytes:
    """`text` as a PNG of at least 800×800 pixels. Raises TooMuchText."""
    try:
        code = segno.make(text, error="m", micro=False, encoding="utf-8", eci=not text.isascii())
    except segno.DataOverflowError:
        raise TooMuchText("the names are too long: no QR code holds this package") from None
    modules, _ = code.symbol_size(border=QUIET_ZONE)
    picture = io.BytesIO()
    code.save(picture, kind="png", border=QUIET_ZONE, scale=-(-SIDE // modules))
    return picture.getvalue()
