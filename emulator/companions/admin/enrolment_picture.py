"""The picture that carries a local access key to a phone: the vendor's enrolment JSON as a QR code.

The vendor's guide asks for at least 800×600 pixels, because its app reads nothing smaller. The picture is square, so its side is
at least 800; around the code lie the four light modules that the standard wants. Level M is version 20 for a usual package, and survives
the shrinking that mail programs do. A text with more than ASCII announces itself as UTF-8 (ECI 26), else a reader would have to guess.

The vendor's own tool draws smaller, and so can we, for whoever wants the same file: level L, 250×250 pixels by nearest neighbour and
a border of 10, with x and y swapped, which decoders call mirrored; as SVG with a border of two modules and not swapped.
"""

import io
import secrets
from collections.abc import Callable
from enum import StrEnum

import segno
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.companions import CompanionError
from emulator.protocol import enrolment

SIDE = 800
LARGEST_SIDE = 8000
QUIET_ZONE = 4
VENDOR_CODE, VENDOR_BORDER = 250, 10
VENDOR_QUIET_ZONE = 2
VENDOR_MODULE = 2
"""Pixels that a module needs at least to be read."""
VENDOR_QUALITY = 75
"""Of a JPEG: what the vendor's drawing library takes when it is told nothing."""


class TooMuchText(CompanionError):
    """Names so long that no QR code holds the package."""


class UnusableSize(CompanionError):
    """A picture smaller than a phone reads, or larger than anybody needs."""


class Raster(StrEnum):
    """Formats of the vendor's picture; the value is Pillow's name."""

    PNG = "PNG"
    JPEG = "JPEG"
    BMP = "BMP"


def package_text(
    key: RSAPrivateKey,
    *,
    key_name: str,
    passphrase: str,
    model: str | None = None,
    serial: str | None = None,
    aad_revocation: str = "",
    octets: Callable[[int], bytes] = secrets.token_bytes,
) -> str:
    """The enrolment package; `octets(n)` draws salt and IV and must be random unless the key guards nothing.

    `aad_revocation` is the group of Azure AD that must vouch for the phone's owner, if one must.
    """
    return enrolment.make(
        key,
        key_name=key_name,
        passphrase=passphrase,
        salt=octets(enrolment.SALT_SIZE),
        iv=octets(enrolment.IV_SIZE),
        model=model,
        serial=serial,
        aad_revocation=aad_revocation,
    )


def code(text: str, *, level: str = "m") -> segno.QRCode:
    """The symbol for `text`. Raises TooMuchText."""
    try:
        # Not boosted, so that a version always has the level it was made with.
        return segno.make_qr(text, error=level, boost_error=False, encoding="utf-8", eci=not text.isascii())
    except segno.DataOverflowError:
        raise TooMuchText("the names are too long: no QR code holds this package") from None


def refuse_side(side: int) -> None:
    """Raise UnusableSize for a picture that phones cannot read, or nobody needs."""
    if not SIDE <= side <= LARGEST_SIDE:
        raise UnusableSize(f"an enrolment picture has a side of {SIDE} to {LARGEST_SIDE} pixels; {side} came")


def png(text: str, *, side: int = SIDE) -> bytes:
    """`text` as a PNG of at least `side` pixels, which are 800 or more. Raises TooMuchText or UnusableSize."""
    refuse_side(side)
    symbol = code(text)
    modules, _ = symbol.symbol_size(border=QUIET_ZONE)
    picture = io.BytesIO()
    symbol.save(picture, kind="png", border=QUIET_ZONE, scale=-(-side // modules))
    return picture.getvalue()


def svg(text: str) -> bytes:
    """`text` as an SVG that is drawn at least 800×800 where nobody says how large. Raises TooMuchText."""
    symbol = code(text)
    modules, _ = symbol.symbol_size(border=QUIET_ZONE)
    picture = io.BytesIO()
    symbol.save(picture, kind="svg", border=QUIET_ZONE, scale=-(-SIDE // modules), dark="#000", light="#fff")
    return picture.getvalue()


def vendor_raster(text: str, form: Raster = Raster.PNG) -> bytes:
    """`text` as the vendor's tool draws it, 270×270. Raises TooMuchText."""
    from PIL import Image  # noqa: PLC0415 -- for this form only

    rows = [bytes(row) for row in code(text, level="l").matrix_iter(border=0)]
    if VENDOR_MODULE * len(rows) > VENDOR_CODE:
        raise TooMuchText("the names are too long for a picture of the vendor's size: nothing would read it")
    # Each pixel takes the module in which its corner lies: decoders stumble over what sampling at its centre makes of 85 modules.
    nearest = [place * len(rows) // VENDOR_CODE for place in range(VENDOR_CODE)]
    swapped = bytes(0 if rows[x][y] else 255 for y in nearest for x in nearest)
    side = VENDOR_CODE + 2 * VENDOR_BORDER
    picture = Image.new("L", (side, side), 255)
    symbol = Image.frombytes("L", (VENDOR_CODE, VENDOR_CODE), swapped)
    picture.paste(symbol, (VENDOR_BORDER, VENDOR_BORDER))
    file = io.BytesIO()
    picture.save(file, format=form.value, quality=VENDOR_QUALITY)
    return file.getvalue()


def vendor_svg(text: str) -> bytes:
    """`text` as the vendor's SVG: one path of unit squares. Raises TooMuchText."""
    rows = list(code(text, level="l").matrix_iter(border=VENDOR_QUIET_ZONE))
    path = "".join(f"M{x},{y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" version="1.1" viewBox="0 0 {len(rows)} {len(rows)}" stroke="none">\n'
        '<rect width="100%" height="100%" fill="#FFFFFF"/>\n'
        f'<path d="{path}" fill="#000000"/>\n</svg>\n'
    ).encode()
