"""The enrolment picture, read with another library than the one that drew it."""

import hashlib
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import resvg_py
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from PIL import Image, ImageOps

from emulator.companions.admin import enrolment_picture
from emulator.companions.admin.enrolment_picture import Raster, TooMuchText, UnusableSize
from emulator.protocol import enrolment
from emulator.protocol.keys import PublicKey
from tests.codes import QR_CODES, codes_in
from tests.pictures import zbar_reads

pytestmark = pytest.mark.sampled(3)

PASSPHRASE = "correct horse battery staple"


def picture(text: str) -> Image.Image:
    return Image.open(io.BytesIO(enrolment_picture.png(text)))


def read(drawn: Image.Image) -> str:
    (code,) = codes_in(drawn.convert("L"))
    return code


@pytest.mark.parametrize("name", ["DEMO key", 'Schlüssel "Ä" für пароль 🔑'])
@pytest.mark.parametrize("of", [(None, None), ("HP ZBook Power G7", "DEMO000001")])
def test_it_is_large_framed_and_holds_the_real_format(
    local_access_key: RSAPrivateKey, name: str, of: tuple[str | None, str | None]
) -> None:
    text = enrolment_picture.package_text(
        local_access_key, key_name=name, passphrase=PASSPHRASE, model=of[0], serial=of[1]
    )
    drawn = picture(text)
    assert drawn.width >= 800
    assert drawn.height >= 600
    assert read(drawn) == text
    members = json.loads(text)
    optional = ["Model", "SerNum"] if of[0] else []
    assert list(members) == [
        "Ver", "Type", "KeyId", "KeyAlgo", "PvtKey", "KeyExp", "KeyName", "KeyBkupEn", "CanModKeyBkup", "CanExport",
        "AADRevocation", *optional,
    ]  # fmt: skip
    assert (members["Ver"], members["Type"], members["KeyAlgo"]) == ("002", "001", "007")
    assert members["KeyId"] == PublicKey.of(local_access_key).key_id
    opened = enrolment.open_package(enrolment.parse(text), PASSPHRASE)
    assert opened.private_numbers().d > 0
    assert PublicKey.of(opened) == PublicKey.of(local_access_key)


def test_around_the_code_lie_four_light_modules() -> None:
    drawn = picture("x" * 640).convert("L")
    (code,) = zxingcpp.read_barcodes(drawn, formats=QR_CODES)
    left, top, right, bottom = ImageOps.invert(drawn).getbbox() or (0, 0, 0, 0)
    version = 20
    assert str(version) in str(code.extra)
    module = (right - left) / (17 + 4 * version)
    assert min(left, top, drawn.width - right, drawn.height - bottom) >= 4 * module


def test_salt_and_iv_are_drawn_anew_each_time(local_access_key: RSAPrivateKey) -> None:
    texts = {
        enrolment_picture.package_text(local_access_key, key_name="key", passphrase=PASSPHRASE)
        for _ in range(3)
    }
    assert len(texts) == 3


def test_the_randomness_can_be_the_caller_s(local_access_key: RSAPrivateKey) -> None:
    def octets(count: int) -> bytes:
        return hashlib.sha256(b"demo").digest()[:count]

    once, again = (
        enrolment_picture.package_text(local_access_key, key_name="key", passphrase=PASSPHRASE, octets=octets)
        for _ in range(2)
    )
    assert once == again


def test_what_no_code_can_hold_is_refused() -> None:
    with pytest.raises(TooMuchText, match="no QR code holds"):
        enrolment_picture.png("x" * 2400)


def package(key: RSAPrivateKey, name: str = "DEMO key", salt: bytes = b"demo") -> str:
    """A package that is the same each time, of the length that real ones have."""
    return enrolment_picture.package_text(
        key,
        key_name=name,
        passphrase=PASSPHRASE,
        octets=lambda count: hashlib.sha256(salt).digest()[:count],
    )


def rendered(svg: bytes, width: int) -> Image.Image:
    return Image.open(io.BytesIO(resvg_py.svg_to_bytes(svg_string=svg.decode(), width=width)))


def test_the_same_package_is_the_same_picture(local_access_key: RSAPrivateKey) -> None:
    text = package(local_access_key)
    for draw in (enrolment_picture.png, enrolment_picture.svg, enrolment_picture.vendor_svg, *Raster):
        once, again = (
            enrolment_picture.vendor_raster(text, draw) if isinstance(draw, Raster) else draw(text)
            for _ in range(2)
        )
        assert once == again


@pytest.mark.parametrize("side", [800, 801, 1080, 4000, 8000])
def test_a_png_is_as_large_as_asked_at_least(local_access_key: RSAPrivateKey, side: int) -> None:
    text = package(local_access_key)
    drawn = Image.open(io.BytesIO(enrolment_picture.png(text, side=side)))
    assert side <= drawn.width == drawn.height < side + 110
    if side <= 4000:
        assert read(drawn) == text


@pytest.mark.parametrize("side", [0, 270, 799, 8001])
def test_a_png_smaller_than_a_phone_reads_is_refused(side: int) -> None:
    with pytest.raises(UnusableSize, match=f"a side of 800 to 8000 pixels; {side} came"):
        enrolment_picture.png("x", side=side)


@pytest.mark.parametrize("name", ["DEMO key", 'Schlüssel "Ä" für пароль 🔑', "<svg/>&amp;"])
@pytest.mark.parametrize("width", [800, 2000])
def test_an_svg_is_read_once_it_is_drawn(local_access_key: RSAPrivateKey, name: str, width: int) -> None:
    text = package(local_access_key, name)
    assert read(rendered(enrolment_picture.svg(text), width)) == text


def test_an_svg_is_drawn_large_where_nobody_says_how_large(local_access_key: RSAPrivateKey) -> None:
    root = ET.fromstring(enrolment_picture.svg(package(local_access_key)))
    assert int(root.attrib["width"]) == int(root.attrib["height"]) >= 800


@pytest.mark.parametrize("form", Raster)
@pytest.mark.parametrize("length", [1, 8, 30, 60, 150, 300, 500])
def test_the_vendor_s_raster_is_small_framed_and_read(
    local_access_key: RSAPrivateKey, form: Raster, length: int
) -> None:
    text = package(local_access_key, "K" * length)
    drawn = Image.open(io.BytesIO(enrolment_picture.vendor_raster(text, form)))
    assert (drawn.format, drawn.size) == (form.value, (270, 270))
    (code,) = zxingcpp.read_barcodes(drawn.convert("L"), formats=QR_CODES)
    assert (code.text, code.ec_level) == (text, "L")
    dark = drawn.convert("L").point(lambda grey: 255 if grey < 128 else 0).getbbox()
    assert dark == (10, 10, 260, 260)


def test_the_vendor_s_raster_has_x_and_y_swapped_and_its_svg_has_not(
    local_access_key: RSAPrivateKey,
) -> None:
    """Three corners have finder patterns in both, so a module away from them decides."""
    text = package(local_access_key)
    rows = [
        [bool(module) for module in row]
        for row in enrolment_picture.code(text, level="l").matrix_iter(border=0)
    ]
    swapped = [list(column) for column in zip(*rows, strict=True)]
    assert rows != swapped
    raster = Image.open(io.BytesIO(enrolment_picture.vendor_raster(text)))
    assert modules_in(raster, len(rows), left=10, pitch=250 / len(rows)) == swapped
    svg = rendered(enrolment_picture.vendor_svg(text), 10 * (len(rows) + 4)).convert("L")
    assert modules_in(svg, len(rows), left=20, pitch=10) == rows


def modules_in(picture: Image.Image, count: int, *, left: int, pitch: float) -> list[list[bool]]:
    middle = [int(left + (place + 0.5) * pitch) for place in range(count)]
    return [[picture.getpixel((x, y)) == 0 for x in middle] for y in middle]


def test_the_vendor_s_svg_is_one_path_of_unit_squares_with_a_border_of_two(
    local_access_key: RSAPrivateKey,
) -> None:
    text = package(local_access_key)
    svg = enrolment_picture.vendor_svg(text)
    root = ET.fromstring(svg)
    (path,) = root.findall("{http://www.w3.org/2000/svg}path")
    squares = re.findall(r"M(\d+),(\d+)h1v1h-1z", path.attrib["d"])
    assert "".join(f"M{x},{y}h1v1h-1z" for x, y in squares) == path.attrib["d"]
    assert min(int(place) for square in squares for place in square) == 2
    assert root.attrib["viewBox"] == "0 0 89 89"
    assert read(rendered(svg, 890)) == text


def test_what_would_be_too_fine_at_the_vendor_s_size_is_refused() -> None:
    enrolment_picture.vendor_raster("x" * 1465)
    with pytest.raises(TooMuchText, match="too long for a picture of the vendor's size"):
        enrolment_picture.vendor_raster("x" * 1466)
    for draw in (enrolment_picture.svg, enrolment_picture.vendor_svg, enrolment_picture.vendor_raster):
        with pytest.raises(TooMuchText, match="no QR code holds"):
            draw("x" * 3000)


@pytest.mark.parametrize("form", ["png", "svg", "vendor png", "vendor svg"])
def test_a_second_reader_reads_every_form(local_access_key: RSAPrivateKey, tmp_path: Path, form: str) -> None:
    text, path = package(local_access_key), tmp_path / "code.png"
    match form:
        case "png":
            drawn = picture(text)
        case "svg":
            drawn = rendered(enrolment_picture.svg(text), 850)
        case "vendor png":
            drawn = Image.open(io.BytesIO(enrolment_picture.vendor_raster(text)))
        case _:
            drawn = rendered(enrolment_picture.vendor_svg(text), 890)
    drawn.convert("L").save(path)
    assert zbar_reads(path) == [text]
