"""The picture of the screen: every cell in its place, the same bytes each time, and codes that readers read."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.pilot import Pilot
from textual.strip import Strip

from emulator.machine import TargetPC
from emulator.setup import picture_file, screen_cells, screen_picture
from emulator.setup.drawn_signs import HEIGHT, WIDTH
from tests.pictures import codes_in_png, zbar_reads
from tests.setup.person import SIZES, play, press

SVG = "{http://www.w3.org/2000/svg}"
WHITE_ON_BLUE = Style(color="#ffffff", bgcolor="#0000a8")


def drawn(text: str, style: Style = WHITE_ON_BLUE, columns: int = 40) -> ET.Element:
    return ET.fromstring(screen_picture.svg([Strip([Segment(text, style)])], columns))


def texts(picture: ET.Element) -> list[tuple[int, int, str]]:
    """Column, columns and words of each text."""
    return [
        (int(text.get("x", "")) // WIDTH, int(text.get("textLength", "")) // WIDTH, text.text or "")
        for text in picture.iter(f"{SVG}text")
    ]


def pictured(pc: TargetPC, usb: Path, keys: tuple[str, ...], size: tuple[int, int]) -> tuple[str, str]:
    """The screen after some keys, and the text of the challenge if there is one."""
    made: list[str] = []

    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, *keys)
        made.append(screen_picture.of(pilot.app))

    play(pc, usb, script, size)
    live = pc.firmware.session.door.live
    return made[0], "" if live is None else live.challenge.text


def test_words_stand_in_their_columns() -> None:
    assert texts(drawn(" one two  three ►4")) == [
        (1, 7, "one two"),
        (10, 5, "three"),
        (16, 1, "►"),
        (17, 1, "4"),
    ]


def test_wide_signs_take_two_columns_and_marks_none() -> None:
    assert texts(drawn("日本 e\u0301t")) == [(0, 2, "日"), (2, 2, "本"), (5, 2, "e\u0301t")]


def test_what_would_be_markup_is_text() -> None:
    assert texts(drawn("<&> \"'")) == [(0, 6, "<&> \"'")]


def test_drawn_signs_are_no_text() -> None:
    picture = drawn("┌─╮▀▄█░")
    assert texts(picture) == []
    assert len(list(picture.iter(f"{SVG}path"))) == 5


def test_the_picture_has_the_size_of_its_cells() -> None:
    strips = [Strip.blank(80)] * 24
    picture = ET.fromstring(screen_picture.svg(strips, 80))
    assert picture.get("viewBox") == f"0 0 {80 * WIDTH} {24 * HEIGHT}"
    assert ET.fromstring(screen_picture.dark(80, 24)).get("viewBox") == picture.get("viewBox")


@pytest.mark.parametrize(
    ("style", "ink", "paper"),
    [
        (Style(color="#123456", bgcolor="#654321"), "#123456", "#654321"),
        (Style(color="#123456", bgcolor="#654321", reverse=True), "#654321", "#123456"),
        (Style(color="#ffffff", bgcolor="#000000", dim=True), "#7f7f7f", "#000000"),
        (Style(color="#123456", bgcolor="#654321", conceal=True), "#654321", "#654321"),
        (Style(), "#aaaaaa", "#000000"),
        (Style(color="red", bgcolor="bright_white"), "#aa0000", "#ffffff"),
    ],
)
def test_colours_are_those_that_are_seen(style: Style, ink: str, paper: str) -> None:
    look = screen_cells.look(style)
    assert (look.ink, look.paper) == (ink, paper)
    picture = ET.tostring(drawn("x", style), "unicode")
    assert f'fill="{ink}">x<' in picture
    assert f'fill="{paper}" d="M0 0h8v16h-8z"' in picture


def test_attributes_are_kept() -> None:
    style = Style(color="#ffffff", bold=True, italic=True, underline=True, strike=True)
    picture = drawn("a  b", style)
    assert {text.get("font-weight") for text in picture.iter(f"{SVG}text")} == {"bold"}
    assert {text.get("font-style") for text in picture.iter(f"{SVG}text")} == {"italic"}
    lines = next(path for path in picture.iter(f"{SVG}path") if path.get("fill") == "#ffffff")
    assert lines.get("d") == "M0 14h32v1h-32zM0 8h32v1h-32z"


def test_only_true_colours_and_no_web_font_are_in_a_picture(pc: TargetPC, usb: Path) -> None:
    picture, _ = pictured(pc, usb, ("s",), (80, 24))
    assert set(re.findall(r'(?:fill|stroke)="([^"]*)"', picture)) <= {
        *re.findall("#[0-9a-f]{6}", picture),
        "none",
    }
    assert "http" not in picture.replace("http://www.w3.org/2000/svg", "")
    assert "url(" not in picture


@pytest.mark.sampled(3)
@pytest.mark.parametrize("size", [*SIZES, (132, 43)])
def test_a_screen_is_drawn_alike_each_time(pc: TargetPC, usb: Path, size: tuple[int, int]) -> None:
    first, _ = pictured(pc, usb, ("s",), size)
    assert "System Information" in first
    pc.lose_power()
    assert pictured(pc, usb, ("s",), size)[0] == first


@pytest.mark.sampled(2)
@pytest.mark.parametrize("size", [(100, 38), (132, 43)])
@pytest.mark.parametrize("fonts", [False, True])
def test_the_challenge_in_a_picture_is_read_even_without_a_font(
    guarded: TargetPC, usb: Path, size: tuple[int, int], fonts: bool
) -> None:
    picture, challenge = pictured(guarded, usb, ("s",), size)
    assert codes_in_png(picture_file.png(picture, system_fonts=fonts)) == [challenge]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("keys", [("s",), ("s", "l")])
def test_a_second_reader_agrees(guarded: TargetPC, usb: Path, tmp_path: Path, keys: tuple[str, ...]) -> None:
    picture, challenge = pictured(guarded, usb, keys, (180, 80))
    path = tmp_path / "screen.png"
    path.write_bytes(picture_file.png(picture))
    assert zbar_reads(path) == [challenge]
