"""Codes of both makers, read by two readers that share nothing: python-qrcode draws challenges, segno draws enrolment pictures.

zxing-cpp tells version and level as well. zbarimg is the second reader; where it is missing, its tests are skipped with a sentence.
segno's automatic mask and its padding differ from python-qrcode's, so matrices are never compared, only what readers read.
"""

import io
import random
import string
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from emulator import qr
from emulator.companions.admin import enrolment_picture
from tests.codes import QR_CODES
from tests.pictures import zbar_reads

pytestmark = pytest.mark.sampled(4)

MODULE = 4
BINARY_AT_M = (14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666, 711, 779, 857, 911,
               997, 1059, 1125, 1190, 1264, 1370, 1452, 1538, 1628, 1722, 1809, 1911, 1989, 2099, 2213, 2331)  # fmt: skip
"""ISO/IEC 18004, table 7: bytes that each version holds at level M."""
SIZES = (1, 14, 15, 180, 181, 504, 624, 634, 666, 667, 1000, 1800, 2331)


def text_of(size: int) -> str:
    """JSON as long as wanted, of everything that ASCII prints, so that nothing but bytes will do."""
    drawn = random.Random(size)  # the same text each time
    signs = string.ascii_letters + string.digits + '{}":,+/='
    return "".join(drawn.choice(signs) for _ in range(size - 1)) + "a"


def challenge_picture(text: str) -> Image.Image:
    rows = qr.bordered(qr.matrix(text), 4)
    picture = Image.new("L", (len(rows), len(rows)))
    picture.putdata([0 if dark else 255 for row in rows for dark in row])
    return picture.resize((MODULE * len(rows), MODULE * len(rows)), Image.Resampling.NEAREST)


def enrolment_png(text: str) -> Image.Image:
    return Image.open(io.BytesIO(enrolment_picture.png(text))).convert("L")


def read(picture: Image.Image) -> tuple[str, int, str]:
    """Text, version and level, as zxing-cpp has them."""
    (code,) = zxingcpp.read_barcodes(picture, formats=QR_CODES)
    assert isinstance(code.extra, dict)
    return code.text, int(code.extra["Version"]), code.ec_level


@pytest.fixture(scope="session")
def challenges(vectors: Callable[[str], list[dict[str, Any]]]) -> list[str]:
    return [vector["text"] for vector in vectors("challenges")]


@pytest.fixture(scope="session")
def packages(vectors: Callable[[str], list[dict[str, Any]]]) -> list[str]:
    return [vector["text"] for vector in vectors("packages")]


@pytest.mark.parametrize("size", SIZES)
def test_an_enrolment_code_has_level_m_and_the_least_version_that_holds_it(size: int) -> None:
    version = next(number for number, most in enumerate(BINARY_AT_M, 1) if size <= most)
    assert read(enrolment_png(text_of(size))) == (text_of(size), version, "M")


@pytest.mark.parametrize("size", SIZES)
def test_a_challenge_code_has_level_l(size: int) -> None:
    text, _, level = read(challenge_picture(text_of(size)))
    assert (text, level) == (text_of(size), "L")


def test_usual_codes_have_the_versions_that_are_documented(
    challenges: list[str], packages: list[str]
) -> None:
    for text in challenges:
        assert read(challenge_picture(text)) == (text, 13, "L")
    for text in packages:
        found, version, level = read(enrolment_png(text))
        assert (found, level) == (text, "M")
        assert 19 <= version <= 21


@pytest.mark.parametrize("draw", [challenge_picture, enrolment_png])
@pytest.mark.parametrize("size", SIZES)
def test_a_second_reader_reads_the_same(
    tmp_path: Path, draw: Callable[[str], Image.Image], size: int
) -> None:
    path = tmp_path / "code.png"
    draw(text_of(size)).save(path)
    assert zbar_reads(path) == [text_of(size)]


def test_a_second_reader_reads_what_is_really_sent(
    tmp_path: Path, challenges: list[str], packages: list[str]
) -> None:
    for draw, texts in ((challenge_picture, challenges), (enrolment_png, packages)):
        for text in texts:
            path = tmp_path / "code.png"
            draw(text).save(path)
            assert zbar_reads(path) == [text]
            assert read(draw(text))[0] == text
