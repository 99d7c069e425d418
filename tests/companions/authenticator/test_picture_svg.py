"""Drawings before the phone: those of every program that draws codes here are read, and a stranger's cannot hurt it."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
import qrcode
import segno
from qrcode.image import svg as qrcode_svg

from emulator import qr
from emulator.companions.authenticator import source, svg_intake, svg_picture
from emulator.companions.authenticator.exceptions import QRCodeInvalidImage
from emulator.protocol import challenge_parts
from emulator.setup import pictures

from .conftest import Phone

pytestmark = pytest.mark.sampled(3)

TEXT = '{"f10":1,"for":"the eyes of the phone","with":"' + "a drawing " * 20 + '"}'
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90">'


def seen(data: bytes) -> tuple[str, ...]:
    return next(iter(source.picture(data).looks), ())


def by_segno(**options: object) -> bytes:
    out = io.BytesIO()
    segno.make(TEXT).save(out, kind="svg", **options)
    return out.getvalue()


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"scale": 8},
        {"scale": 1.5},
        {"unit": "mm", "title": "A key", "desc": "what it is for"},
        {"omitsize": True},
        {"svgns": False},
        {"xmldecl": False, "border": 2},
        {"dark": "darkblue", "light": "#ffe", "finder_dark": "green"},
        {"dark": "#000000c0"},
    ],
)
def test_what_segno_draws_is_read(options: dict[str, object]) -> None:
    assert seen(by_segno(**options)) == (TEXT,)


@pytest.mark.parametrize(
    "way",
    [
        qrcode_svg.SvgImage,
        qrcode_svg.SvgFragmentImage,
        qrcode_svg.SvgFillImage,
        qrcode_svg.SvgPathImage,
        qrcode_svg.SvgPathFillImage,
    ],
)
def test_what_python_qrcode_draws_is_read(way: type) -> None:
    out = io.BytesIO()
    qrcode.make(TEXT, image_factory=way).save(out)
    assert seen(out.getvalue()) == (TEXT,)


def test_what_the_pc_saves_of_a_challenge_is_read() -> None:
    assert seen(pictures.svg(qr.matrix(TEXT))) == (TEXT,)


def test_a_picture_of_the_screen_is_read() -> None:
    """The one in the README: words, frames and half blocks in colour."""
    shown = Path(__file__).parents[3] / "docs" / "pictures" / "challenge.svg"
    (text,) = seen(shown.read_bytes())
    assert text.startswith('{"f10":1,')


@pytest.mark.parametrize(
    "document_type",
    [
        "",
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n',
    ],
)
def test_one_path_of_unit_squares_in_a_border_of_two_modules_is_read(document_type: str) -> None:
    """The vendor's enrolment picture."""
    modules = qr.matrix(TEXT)
    side = len(modules) + 4
    squares = " ".join(
        f"M{x + 2},{y + 2}h1v1h-1z" for y, row in enumerate(modules) for x, dark in enumerate(row) if dark
    )
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{document_type}'
        f'<svg xmlns="http://www.w3.org/2000/svg" version="1.1" viewBox="0 0 {side} {side}" stroke="none">\n'
        f'<rect width="100%" height="100%" fill="#FFFFFF"/>\n<path d="{squares}" fill="#000000"/>\n</svg>\n'
    )
    assert seen(text.encode()) == (TEXT,)
    assert seen(b"\xef\xbb\xbf\r\n" + text.partition("\n")[2].encode()) == (TEXT,)


def test_a_drawing_is_taken_wherever_a_picture_is(
    phone: Phone, package: Callable[..., str], ask: Callable[..., str], tmp_path: Path
) -> None:
    (tmp_path / "key.svg").write_bytes(pictures.svg(qr.matrix(package())))
    done = phone("enroll", str(tmp_path / "key.svg"))
    assert done.code == 0
    assert "800x600" not in done.err
    parts = challenge_parts.split(ask("12345678"))
    paths = [tmp_path / f"{number}.svg" for number in range(len(parts))]
    for path, part in zip(paths, parts, strict=True):
        path.write_bytes(pictures.svg(qr.matrix(part)))
    assert "PIN: 1234 5678" in phone("scan", *map(str, reversed(paths))).out
    assert next(iter(source.shown("-", io.BytesIO(by_segno())).looks)) == (TEXT,)


def test_a_drawing_has_no_pixels_that_could_be_too_few() -> None:
    assert source.picture(by_segno()).size is None
    assert not source.picture(by_segno()).is_small


@pytest.mark.parametrize(
    ("size", "is_small"),
    [((800, 600), False), ((600, 800), False), ((799, 799), True), ((900, 599), True), ((599, 900), True)],
)
def test_the_guide_s_size_counts_whichever_way_a_picture_is_held(
    size: tuple[int, int], *, is_small: bool
) -> None:
    assert source.Shown((), size).is_small is is_small


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="90" height="90"', (1530, 1530)),
        ('width="25.4mm" height="1in"', (1536, 1536)),
        ('viewBox="-4,-4 90 45" width="100%" height="1000000"', (1530, 765)),
        ('width="3000" height="10"', (3000, 10)),
        ('width="900000" height="450000"', (4000, 2000)),
        ('width="1" height="500000"', (1, 4000)),
    ],
)
def test_the_size_of_the_picture_is_ours(attributes: str, size: tuple[int, int]) -> None:
    plain = svg_intake.plain(f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}/>'.encode())
    assert f'width="{size[0]}" height="{size[1]}"' in plain


@pytest.mark.parametrize(
    "attributes",
    [
        "",
        'width="100%" height="100%"',
        'width="0" height="9"',
        'width="-9" height="9"',
        'viewBox="0 0 1e9 9"',
    ],
)
def test_a_drawing_without_a_size_is_refused(attributes: str) -> None:
    with pytest.raises(QRCodeInvalidImage, match="no size that can be drawn"):
        svg_intake.plain(f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}/>'.encode())


def test_words_are_left_out_and_what_is_without_effect_too() -> None:
    plain = svg_intake.plain(
        (
            f'{HEAD}<!-- no --><title>One<![CDATA[ key]]></title><g id="a" class="b" font-size="9">'
            '<text x="1 2 3" y="4" fill="#fff">se<tspan>cr</tspan>et</text><rect width="9" height="9"/></g></svg>'
        ).encode()
    )
    assert plain.endswith('90.0"><g><rect width="9" height="9"></rect></g></svg>')


@pytest.mark.parametrize(
    ("most", "more", "tells"),
    [
        (svg_intake.DEEPEST - 1, "<g>{}</g>", "too complex"),
        (svg_intake.MOST_ELEMENTS - 1, "<g/>{}", "too complex"),
        (svg_intake.LARGEST - len(HEAD) - len("</svg>"), " {}", "too large"),
    ],
    ids=["depth", "elements", "size"],
)
def test_each_bound_holds_alone_and_lets_pass_what_is_just_within(most: int, more: str, tells: str) -> None:
    before, behind = more.split("{}")

    def drawing(count: int) -> bytes:
        return f"{HEAD}{before * count}{behind * count}</svg>".encode()

    assert svg_intake.plain(drawing(most)).endswith("</svg>")
    with pytest.raises(QRCodeInvalidImage, match=tells):
        svg_intake.plain(drawing(most + 1))


@pytest.mark.parametrize(
    "attribute",
    [
        'fill="url(#a)"',
        'fill="url(http://example.com/a)"',
        'd="M0,0 url(#a)"',
        'transform="scale(1) url(#a)"',
        'width="calc(1px)"',
        'x="1e999"',
        'r="NaN"',
        'fill-opacity="var(--a)"',
    ],
)
def test_an_attribute_that_says_more_than_it_may_is_refused(attribute: str) -> None:
    with pytest.raises(QRCodeInvalidImage, match="only plain paths"):
        svg_intake.plain(f"{HEAD}<path {attribute}/></svg>".encode())


def test_declarations_are_refused_even_when_they_do_no_harm() -> None:
    for declared in ('<!ENTITY a "a">', "<!ATTLIST g fill CDATA #IMPLIED>"):
        with pytest.raises(QRCodeInvalidImage, match="declarations of its own"):
            svg_intake.plain(f"<!DOCTYPE svg [{declared}]>{HEAD}</svg>".encode())


def test_a_drawing_that_takes_too_long_is_ended() -> None:
    """Half a megabyte of strokes across the picture takes resvg many seconds."""
    data = f'{HEAD}<path stroke="red" d="{"M0 0L90 90" * 50_000}"/></svg>'.encode()
    with pytest.raises(QRCodeInvalidImage, match=r"takes more than 0\.5 seconds to draw"):
        svg_picture.png(data, patience=0.5)


def test_what_the_renderer_refuses_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "gone"))
    with pytest.raises(QRCodeInvalidImage, match="cannot be drawn here: No such file"):
        svg_picture.png(by_segno())
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(QRCodeInvalidImage, match="the SVG cannot be drawn; save it as PNG"):
        svg_picture.png(by_segno())


def test_no_damage_makes_another_error() -> None:
    whole = by_segno(scale=8)
    for length in range(0, len(whole), len(whole) // 200):
        damaged = bytearray(whole)
        damaged[length] ^= 0x55
        for data in (whole[:length], bytes(damaged)):
            try:
                svg_intake.plain(data)
            except QRCodeInvalidImage:
                continue
