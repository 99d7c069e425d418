"""The phone's eyes: a picture in, the texts of all QR codes in it out.

zxing-cpp reads most pictures at the first look. The others get the retry ladder, chosen by measurement: what a terminal's font leaves
between its half blocks is closed by a slight blur or by a closing, what a camera blurs is sharpened, what is too small is
enlarged. A look that finds codes none of which is of use is no reason to stop, for a poster on the wall is a code too; so the looks come
one after the other, and whoever asked stops when satisfied.

A picture is a stranger's file: only PNG, JPEG and BMP (and SVG once it is drawn, see `svg_picture`), at most 40 megapixels, no side longer
than the reader takes, whatever its header promises. What a code says is text and nothing else; no address in it is ever opened.
"""

import io
import warnings
from collections.abc import Callable, Iterator

import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from emulator.companions.authenticator.exceptions import QRCodeInvalidImage

FORMATS = ("PNG", "JPEG", "BMP")
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 65_535
"""Pixels; zxing-cpp takes no longer one, and says so with an error of its own."""
_QR_CODES = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)

LADDER_PIXELS = 10_000_000
"""A larger picture is halved before the second look: a closing of 40 megapixels takes twelve seconds."""


def open_picture(data: bytes) -> Image.Image:
    """The picture in `data`, upright, in shades of grey, with white behind it. Raises QRCodeInvalidImage."""
    # The size is judged before a pixel is decoded; the library's own warning would come too early.
    with warnings.catch_warnings(action="ignore"):
        try:
            return accepted(Image.open(io.BytesIO(data), formats=FORMATS))
        except QRCodeInvalidImage:
            raise
        except Image.DecompressionBombError:
            raise QRCodeInvalidImage(
                f"the picture has more than {MOST_PIXELS // 1_000_000} million pixels"
            ) from None
        except Exception as error:  # noqa: BLE001 -- decoders raise errors of many types for damaged files
            raise QRCodeInvalidImage(
                f"no picture that can be read ({type(error).__name__}): a whole PNG, JPEG or BMP was expected"
            ) from None


def accepted(picture: Image.Image) -> Image.Image:
    """The same of a picture that was opened, but not decoded yet. Raises QRCodeInvalidImage."""
    size = f"{picture.width}x{picture.height}"
    if picture.width * picture.height > MOST_PIXELS:
        raise QRCodeInvalidImage(
            f"the picture has {size} pixels; at most {MOST_PIXELS // 1_000_000} million are taken"
        )
    if max(picture.size) > LONGEST_SIDE:
        raise QRCodeInvalidImage(f"the picture has {size} pixels; a side of at most {LONGEST_SIDE} is taken")
    return _grey(ImageOps.exif_transpose(picture))


def looks(grey: Image.Image) -> Iterator[tuple[str, ...]]:
    """The texts found at each look at the picture that finds any, the first look first."""
    seen: tuple[str, ...] = ()
    halved = grey
    if grey.width * grey.height > LADDER_PIXELS:
        halved = grey.reduce(2)
    for step, prepare in enumerate(_LADDER):
        texts = prepare(grey if step == 0 else halved)
        if texts and texts != seen:
            seen = texts
            yield texts


def _read(
    grey: Image.Image, binarizer: zxingcpp.Binarizer = zxingcpp.Binarizer.LocalAverage
) -> tuple[str, ...]:
    found = zxingcpp.read_barcodes(
        grey, formats=_QR_CODES, binarizer=binarizer, text_mode=zxingcpp.TextMode.Plain
    )
    return tuple(dict.fromkeys(_text(code) for code in found if code.valid))


def _text(code: zxingcpp.Barcode) -> str:
    """JSON is UTF-8, whatever a reader guesses from the look of the bytes."""
    try:
        return code.bytes.decode("utf-8")
    except UnicodeDecodeError:
        return code.text


def _enlarged(
    grey: Image.Image,
    change: ImageFilter.Filter,
    binarizer: zxingcpp.Binarizer = zxingcpp.Binarizer.LocalAverage,
) -> tuple[str, ...]:
    if 2 * max(grey.size) > LONGEST_SIDE:
        return ()
    large = grey.resize((2 * grey.width, 2 * grey.height), Image.Resampling.BICUBIC)
    return _read(large.filter(change), binarizer)


_LADDER: tuple[Callable[[Image.Image], tuple[str, ...]], ...] = (
    _read,
    lambda grey: _read(grey.filter(ImageFilter.GaussianBlur(1.0))),
    lambda grey: _read(grey.filter(ImageFilter.MaxFilter(3)).filter(ImageFilter.MinFilter(3))),
    lambda grey: _read(grey.filter(ImageFilter.GaussianBlur(1.6))),
    lambda grey: _enlarged(grey, ImageFilter.GaussianBlur(2.5), zxingcpp.Binarizer.GlobalHistogram),
    lambda grey: _read(grey.filter(ImageFilter.UnsharpMask())),
    lambda grey: _enlarged(grey, ImageFilter.UnsharpMask(4, 300, 0)),
)
"""The first six are ordered by what they read of 2264 pictures: 1804, 66, 60, 46, 33 and 14. The last reads what is too small or too
blurred for them: modules of one and a half pixels, or a blur of half a module (`scripts/make_distorted_pictures --report`)."""


def _grey(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):
        # 16 bits of grey, which a plain conversion would cut off at 255.
        return picture.point(lambda value: value * (1 / 256)).convert("L")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        white = Image.new("L", picture.size, "white")
        white.paste(picture.convert("L"), mask=picture.getchannel("A"))
        return white
    return picture.convert("L")
