"""The phone's eyes: codes in every position, and pictures that are none."""

import io
import struct
import time
import zlib
from collections.abc import Callable

import pytest
from PIL import Image, ImageFilter, ImageOps

from emulator.companions.authenticator import scanner
from emulator.companions.authenticator.exceptions import QRCodeInvalidImage

from .conftest import drawn

TEXT = '{"f10":1,"for":"the eyes of the phone","with":"Größe 🔑"}'


def file(picture: Image.Image, form: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def seen(data: bytes) -> tuple[str, ...]:
    return next(scanner.looks(scanner.open_picture(data)), ())


@pytest.mark.parametrize("form", ["PNG", "JPEG", "BMP"])
@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_every_kind_of_picture_is_read(form: str, mode: str) -> None:
    if (form, mode) == ("JPEG", "P"):
        mode = "CMYK"
    assert seen(file(drawn(TEXT).convert(mode), form)) == (TEXT,)


SHADES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "mirrored": ImageOps.mirror,
    "transposed": lambda picture: picture.transpose(Image.Transpose.TRANSPOSE),
    "inverted": ImageOps.invert,
    "turned": lambda picture: picture.rotate(90),
    "upside down": lambda picture: picture.rotate(180),
    "askew": lambda picture: picture.rotate(20, Image.Resampling.BICUBIC, expand=True, fillcolor=255),
    "blurred": lambda picture: picture.filter(ImageFilter.GaussianBlur(3)),
    "faint": lambda picture: picture.point(lambda value: 115 + value // 10),
    "small": lambda picture: picture.resize((picture.width // 4, picture.height // 4), Image.Resampling.BOX),
    "in a corner of the desk": lambda picture: ImageOps.expand(picture, (900, 40, 30, 500), fill=90),
}


@pytest.mark.parametrize("way", SHADES)
def test_a_code_is_read_however_it_is_held(way: str) -> None:
    assert seen(file(SHADES[way](drawn(TEXT)))) == (TEXT,)


def seamed(ink: int) -> Image.Image:
    """A font whose half block leaves a strip of the other colour: a line in every second row of modules."""
    picture = drawn(TEXT, module=4)
    for top in range(0, picture.height, 8):
        picture.paste(ink, (0, top, picture.width, top + 1))
    return picture


@pytest.mark.parametrize(("ink", "step"), [(255, 1), (0, 2)])
def test_seams_between_half_blocks_are_closed_by_the_ladder(ink: int, step: int) -> None:
    picture = seamed(ink)
    read = [TEXT in look(picture) for look in scanner._LADDER]
    assert read.index(True) == step
    assert next(scanner.looks(picture)) == (TEXT,)


def test_sixteen_bits_of_grey_are_not_cut_off() -> None:
    picture = drawn(TEXT).convert("I").point(lambda value: value * 128 + 8000).convert("I;16")
    data = file(picture)
    assert Image.open(io.BytesIO(data)).mode.startswith("I")
    assert seen(data) == (TEXT,)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_is_transparent_is_white(mode: str) -> None:
    code = drawn(TEXT)
    picture = Image.new(mode, code.size)
    picture.putalpha(ImageOps.invert(code))
    assert seen(file(picture)) == (TEXT,)


def test_a_transparent_colour_is_white() -> None:
    picture = drawn(TEXT).quantize(2)
    picture.putpalette([0, 0, 0, 0, 0, 0])
    light = picture.getpixel((0, 0))
    assert seen(file(picture, transparency=light)) == (TEXT,)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_that_a_camera_notes_is_applied(orientation: int) -> None:
    wide = ImageOps.expand(drawn(TEXT), (0, 0, 300, 0), fill=255)
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = file(wide, "JPEG", exif=exif)
    picture = scanner.open_picture(data)
    assert (picture.width > picture.height) == (orientation < 5)
    assert seen(data) == (TEXT,)


def test_all_codes_of_a_picture_are_seen_and_other_symbols_are_not() -> None:
    import zxingcpp

    other = zxingcpp.create_barcode("not a QR code", zxingcpp.BarcodeFormat.DataMatrix).to_image(scale=8)
    picture = Image.new("L", (1600, 800), 255)
    picture.paste(drawn("first"), (20, 20))
    picture.paste(drawn("second"), (500, 300))
    picture.paste(Image.fromarray(other), (1000, 500))
    assert len(zxingcpp.read_barcodes(picture)) == 3
    assert set(seen(file(picture))) == {"first", "second"}


def test_a_later_look_goes_on_where_the_first_found_nothing_of_use() -> None:
    """A clear code beside one that only the ladder can read."""
    picture = Image.new("L", (900, 500), 255)
    picture.paste(drawn("WIFI:S:guests;;"), (10, 10))
    picture.paste(seamed(255), (450, 100))
    first, *others = scanner.looks(picture)
    assert first == ("WIFI:S:guests;;",)
    assert any(TEXT in texts for texts in others)


def test_a_picture_without_a_code_shows_nothing() -> None:
    assert not list(scanner.looks(Image.effect_noise((300, 200), 80)))
    assert not list(scanner.looks(Image.new("L", (1, 1))))


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def bomb(width: int, height: int) -> bytes:
    """A tiny PNG that promises a huge picture."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(40_001, 1000), (10_000, 9_500), (30_000, 30_000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_before_it_unfolds(size: tuple[int, int]) -> None:
    start = time.process_time()
    with pytest.raises(QRCodeInvalidImage, match=r"40 million"):
        scanner.open_picture(bomb(*size))
    assert time.process_time() - start < 1


@pytest.mark.parametrize("size", [(65_536, 10), (10, 65_536), (40_000_000, 1)])
def test_a_side_that_the_reader_does_not_take_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(QRCodeInvalidImage, match=r"a side of at most 65535"):
        scanner.open_picture(file(Image.new("1", size)))


@pytest.mark.parametrize("size", [(65_535, 10), (10, 65_535), (40_000, 20), (20, 32_768)])
def test_a_side_that_is_too_long_when_enlarged_shows_nothing_and_breaks_nothing(
    size: tuple[int, int],
) -> None:
    assert seen(file(Image.new("1", size))) == ()


def test_a_large_picture_is_still_read() -> None:
    picture = Image.new("L", (6300, 6300), 255)
    picture.paste(drawn(TEXT, module=6), (3000, 4000))
    assert seen(file(picture)) == (TEXT,)


@pytest.mark.parametrize("form", ["GIF", "TIFF", "WEBP", "ICO", "PPM"])
def test_other_formats_are_refused(form: str) -> None:
    with pytest.raises(QRCodeInvalidImage, match="a whole PNG, JPEG or BMP was expected"):
        scanner.open_picture(file(drawn(TEXT, module=2).convert("RGB"), form))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "BMP"])
def test_no_damage_makes_another_error(form: str) -> None:
    whole = file(drawn(TEXT, module=2).convert("RGB"), form)
    for length in range(0, len(whole), max(1, len(whole) // 40)):
        damaged = bytearray(whole)
        damaged[length] ^= 0xFF
        for data in (whole[:length], bytes(damaged)):
            try:
                seen(data)
            except QRCodeInvalidImage:
                continue


def test_a_code_that_is_no_utf_8_is_read_as_the_library_sees_it() -> None:
    import segno

    out = io.BytesIO()
    segno.make("Größe", encoding="iso-8859-1", micro=False).save(out, kind="png", scale=8)
    assert seen(out.getvalue()) == ("Größe",)
