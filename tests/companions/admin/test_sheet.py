"""The printed sheet: what stands on it, what never does, and that its code is read from a drawing of the page.

A PDF reader of our own, a few lines long, takes the words and shapes out of the page, so that these tests need no program; poppler's
`pdftoppm` and `pdftotext` look at the same page where they are installed.
"""

import base64
import hashlib
import json
import re
import shutil
import subprocess
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from PIL import Image, ImageDraw

from emulator.companions.admin import enrolment_picture, sheet
from emulator.companions.admin.sheet import LINES, STEPS, TITLE, Paper
from emulator.companions.admin.sheet.lettering import CUT, lines, printable
from emulator.companions.language import LANGUAGES
from emulator.protocol.keys import PublicKey
from tests.codes import codes_in

pytestmark = pytest.mark.sampled(3)

PASSPHRASE = "correct horse battery staple"
DAY = date(2026, 11, 22)
SCALE = 3
"""Pixels a point: 216 to the inch."""


@dataclass(frozen=True)
class Sheet:
    """What a sheet was made from, and the sheet."""

    text: str
    key_name: str
    key_id: str
    data: bytes


@pytest.fixture
def make(local_access_key: RSAPrivateKey) -> Callable[..., Sheet]:
    def making(
        key_name: str = "DEMO key", *, language: str = "en", paper: Paper = Paper.A4, day: date | None = DAY
    ) -> Sheet:
        text = enrolment_picture.package_text(
            local_access_key,
            key_name=key_name,
            passphrase=PASSPHRASE,
            octets=lambda count: hashlib.sha256(b"demo").digest()[:count],
        )
        key_id = PublicKey.of(local_access_key).key_id
        data = sheet.pdf(text, key_name=key_name, key_id=key_id, language=language, made=day, paper=paper)
        return Sheet(text, key_name, key_id, data)

    return making


class Page:
    """The one page of a PDF as its drawing operators."""

    def __init__(self, pdf: bytes) -> None:
        found = re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL)
        assert len(found) == 1
        self.operators = zlib.decompress(base64.a85decode(b"<~" + found[0].strip(), adobe=True))
        (box,) = re.findall(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", pdf)
        self.width, self.height = (float(side) for side in box)

    @property
    def words(self) -> str:
        """All that is written, in one line."""
        written = re.findall(rb"\((.*?)(?<!\\)\) Tj", self.operators, re.DOTALL)
        return " ".join(_unescaped(text).decode("cp1252") for text in written)

    @property
    def places(self) -> list[tuple[float, float]]:
        """Where lines of words begin."""
        found = re.findall(rb"1 0 0 1 ([\d.-]+) ([\d.-]+) Tm", self.operators)
        return [(float(x), float(y)) for x, y in found]

    @property
    def rectangles(self) -> list[tuple[float, ...]]:
        found = re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re", self.operators)
        return [tuple(float(number) for number in numbers) for numbers in found]

    def drawn(self) -> Image.Image:
        """The code alone."""
        picture = Image.new("L", (round(SCALE * self.width), round(SCALE * self.height)), 255)
        pen = ImageDraw.Draw(picture)
        for x, y, width, height in self.rectangles:
            top = self.height - y - height
            corners = (SCALE * x, SCALE * top, SCALE * (x + width) - 1, SCALE * (top + height) - 1)
            pen.rectangle(corners, fill=0)
        return picture


def _unescaped(text: bytes) -> bytes:
    text = re.sub(rb"\\(\d{3})", lambda match: bytes([int(match[1], 8)]), text)
    return re.sub(rb"\\(.)", rb"\1", text)


def joined(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_names_the_key_and_tells_what_to_do_in_numbered_steps(
    make: Callable[..., Sheet], language: str, paper: Paper
) -> None:
    made = make("Büro 7 (Süd) \\ <x>", language=language, paper=paper)
    page = Page(made.data)
    assert (page.width, page.height) == pytest.approx(paper.value, abs=0.01)
    catalogue = german() if language == "de" else {}
    written = joined(page.words)
    for text in (TITLE, *STEPS, *LINES):
        assert joined(catalogue.get(text, text)) in written
    for number in range(1, len(STEPS) + 1):
        assert f" {number}. " in page.words
    for text in (made.key_name, made.key_id, "2026-11-22"):
        assert joined(text) in written


def german() -> dict[str, str]:
    found: dict[str, str] = json.loads(
        (resources.files(sheet.__name__) / "languages" / "de.json").read_text("utf-8")
    )
    return found


def test_every_text_has_german_and_no_german_is_left_over() -> None:
    facts = {"Key: {name}", "Key id: {id}", "Made on {day}"}
    assert german().keys() == {TITLE, *STEPS, *LINES, *facts}
    for english, words in german().items():
        assert re.findall(r"{\w+}", english) == re.findall(r"{\w+}", words)
        assert printable(words) == words
    assert "QR-Code scannen" in german()[STEPS[-1]]
    assert "Registrierung" in german()[TITLE]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_passphrase_and_the_key_are_never_in_the_words(make: Callable[..., Sheet], language: str) -> None:
    made = make(language=language)
    page = Page(made.data)
    private = json.loads(made.text)["PvtKey"]
    for secret in (*PASSPHRASE.split(), private[:40], made.text[:40]):
        assert secret not in page.words
        assert secret.encode() not in page.operators
        assert secret.encode() not in made.data


def test_the_file_says_nothing_about_who_made_it_where_and_when(
    make: Callable[..., Sheet], tmp_path: Path
) -> None:
    data = make().data
    (facts,) = re.findall(rb"<<([^<>]*/Producer[^<>]*)>>", data)
    told = dict(re.findall(rb"/(\w+) \(([^)]*)\)", facts))
    assert told.pop(b"Title") == TITLE.encode()
    assert {told.pop(b"CreationDate")[:10], told.pop(b"ModDate")[:10]} == {b"D:20000101"}
    assert set(told.values()) <= {b"", b"unspecified"}
    for trace in (str(tmp_path), str(Path.home()), "reportlab", "ReportLab", "anonymous", "emulator"):
        assert trace.encode() not in re.sub(rb"%.*", b"", data)
    assert b"/Metadata" not in data


def test_the_same_words_make_the_same_bytes(make: Callable[..., Sheet]) -> None:
    assert make().data == make().data
    assert make().data != make(day=date(2026, 11, 23)).data
    assert "Made on" not in Page(make(day=None).data).words


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("length", [8, 100, 600, 1500])
def test_the_code_is_one_shape_in_a_quiet_zone_and_is_read(
    make: Callable[..., Sheet], paper: Paper, length: int
) -> None:
    made = make("K" * length, paper=paper)
    page = Page(made.data)
    assert len(re.findall(rb"(?m)(?:^|\s)f\*?(?:\s|$)", page.operators)) == 1
    assert codes_in(page.drawn()) == [made.text]
    module = min(width for _, _, width, _ in page.rectangles)
    left, bottom = (min(place[axis] for place in page.rectangles) for axis in (0, 1))
    top = max(y + height for _, y, _, height in page.rectangles)
    for x, y in page.places:
        assert not (bottom - 4 * module < y < top + 4 * module)
        assert 54 - 0.01 <= x < page.width - 54
        assert y > 54 - 0.01
    assert left >= 54
    assert top - bottom > 8 / 2.54 * 72 * 0.9


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("paper", Paper)
def test_the_longest_name_still_fits_on_one_page(
    make: Callable[..., Sheet], language: str, paper: Paper
) -> None:
    page = Page(make("пароль" * 130, language=language, paper=paper).data)
    assert min(y for _, y in page.places) >= 54 - 0.01
    assert CUT in page.words
    assert "[U+043F][U+0430]" in joined(page.words)


def test_what_the_font_lacks_is_spelled() -> None:
    assert printable("Büro €7 – Süd") == "Büro €7 – Süd"
    assert printable("ключ 🔑") == "[U+043A][U+043B][U+044E][U+0447] [U+1F511]"
    assert printable("a\u202eb\nc\x1b\xadd") == "a[U+202E]b[U+000A]c[U+001B][U+00AD]d"


def test_long_words_are_broken_and_too_many_lines_are_cut() -> None:
    broken = lines("one " + "x" * 200 + " two", "Helvetica", 10.0, 200.0, most=99)
    assert broken[0] == "one"
    assert broken[-1].endswith("two")
    assert joined("".join(broken)) == "one" + "x" * 200 + "two"
    cut = lines("word " * 500, "Helvetica", 10.0, 200.0, most=3)
    assert len(cut) == 3
    assert cut[-1].endswith(CUT)
    assert lines("", "Helvetica", 10.0, 200.0, most=3) == []


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(
            f"The program {name} is missing (Debian: poppler-utils); it would look at the sheet independently."
        )
    return found


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("resolution", [75, 150])
def test_a_printer_s_picture_of_the_page_is_read(
    make: Callable[..., Sheet], tmp_path: Path, paper: Paper, resolution: int
) -> None:
    made = make("Büro 7", paper=paper, language="de")
    (tmp_path / "x.pdf").write_bytes(made.data)
    command = [program("pdftoppm"), "-r", str(resolution), "-gray", "-png", "-singlefile", "x.pdf", "page"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    with Image.open(tmp_path / "page.png") as page:
        assert codes_in(page) == [made.text]


def test_another_reader_finds_the_words_and_no_secret(make: Callable[..., Sheet], tmp_path: Path) -> None:
    made = make("Büro 7", language="de")
    (tmp_path / "x.pdf").write_bytes(made.data)
    done = subprocess.run([program("pdftotext"), "x.pdf", "-"], cwd=tmp_path, check=True, capture_output=True)
    text = done.stdout.decode()
    assert "Schlüssel: Büro 7" in text
    assert made.key_id in text
    assert not [word for word in PASSPHRASE.split() if word in text]
