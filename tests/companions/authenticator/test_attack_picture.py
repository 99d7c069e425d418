"""Attacks with pictures: a phone looks at whatever is held before it, and anybody can hold something before it.

What must hold: the right number and a sentence, no traceback, and nothing stored; and no code beside ours, no position and no file
format makes the phone answer the wrong one.

* several codes in one picture, an attacker's beside ours; two challenges, two packages: here
* inverted, mirrored, rotated, transposed: here, and in `test_scanner.py`
* decompression bomb, 1-pixel and 30,000-pixel pictures, animated GIF, CMYK, 16 bits, EXIF rotation, alpha: here
* malicious SVG (entities, external image, script, use-bomb, huge path, huge size, compressed): here; what is read: `test_picture_svg.py`
* a code with a URL, `javascript:` or Wi-Fi text does nothing: here
* parts mixed from two challenges, missing, repeated, out of order: here, and in `test_gathered.py`
"""

import gzip
import socket
import struct
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from PIL import Image, ImageOps

from emulator import qr
from emulator.protocol import challenge_parts
from emulator.setup import pictures

from .conftest import Done, Phone, drawn

pytestmark = pytest.mark.sampled(3)

Making = Callable[..., str]
PIN = "PIN: 1234 5678"
FOREIGN = [
    "WIFI:S:guests;T:WPA;P:secret;;",
    "http://127.0.0.1:9/enrol",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "data:text/html,<script>alert(1)</script>",
    "tel:+1900",
    "$(touch owned)",
    "{}",
]


@pytest.fixture
def enrolled(phone: Phone, package: Making) -> Phone:
    assert phone("enroll", package()).code == 0
    return phone


@pytest.fixture
def saved(tmp_path: Path) -> Callable[..., str]:
    """Writes a picture, or the bytes of a file, and gives its path."""

    def saving(content: Image.Image | bytes, name: str = "held.png", **options: object) -> str:
        path = tmp_path / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            content.save(path, **options)  # type: ignore[arg-type]
        return str(path)

    return saving


def refused(phone: Phone, verb: str, *shown: str, code: int) -> Done:
    """The command ends with this number and a sentence, and leaves the phone as it was."""
    before = phone.packages
    done = phone(verb, *shown)
    assert (done.code, done.out) == (code, "")
    assert done.err.startswith(f"Error {code} ")
    assert "Traceback" not in done.err
    assert phone.packages == before
    return done


def beside(*texts: str) -> Image.Image:
    codes = [drawn(text, module=5) for text in texts]
    whole = Image.new("L", (sum(code.width for code in codes), max(code.height for code in codes)), 255)
    left = 0
    for code in codes:
        whole.paste(code, (left, 0))
        left += code.width
    return whole


# Several codes in one picture


def test_the_attackers_code_beside_ours_changes_nothing(enrolled: Phone, ask: Making, saved: Making) -> None:
    ours = ask("12345678")
    for shown in ((*FOREIGN[:2], ours), (ours, *FOREIGN[2:4])):
        done = enrolled("scan", saved(beside(*shown)))
        assert (done.code, done.err) == (0, "")
        assert PIN in done.out


def test_a_challenge_for_a_key_that_is_not_held_beside_ours_is_passed_over(
    enrolled: Phone, ask: Making, saved: Making, other_key: RSAPrivateKey
) -> None:
    shown = beside(ask("87654321", key=other_key), ask("12345678"))
    assert PIN in enrolled("scan", saved(shown)).out


def test_two_challenges_are_refused(enrolled: Phone, ask: Making, saved: Making) -> None:
    shown = beside(ask("12345678"), ask("12345678", serial="EVIL000001"))
    done = refused(enrolled, "scan", saved(shown), code=104)
    assert "2 codes of the right kind in one picture" in done.err


def test_two_packages_are_refused(
    phone: Phone, package: Making, saved: Making, other_key: RSAPrivateKey
) -> None:
    shown = beside(package(), package(key=other_key, name="DEMO key"))
    refused(phone, "enroll", saved(shown), code=104)
    assert phone.packages == {}


# Positions

POSITIONS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "inverted": ImageOps.invert,
    "mirrored": ImageOps.mirror,
    "rotated by 90 degrees": lambda picture: picture.rotate(90, expand=True),
    "rotated by 17 degrees": lambda picture: picture.rotate(17, expand=True, fillcolor=255),
    "transposed": lambda picture: picture.transpose(Image.Transpose.TRANSPOSE),
    "upside down": ImageOps.flip,
}


@pytest.mark.parametrize("position", POSITIONS)
def test_a_position_hides_nothing(enrolled: Phone, ask: Making, saved: Making, position: str) -> None:
    shown = POSITIONS[position](beside("WIFI:;;", ask("12345678")))
    assert PIN in enrolled("scan", saved(shown)).out


def test_the_same_challenge_in_two_positions_is_one(enrolled: Phone, ask: Making, saved: Making) -> None:
    code = drawn(ask("12345678"), module=5)
    both = Image.new("L", (2 * code.width, code.height), 255)
    both.paste(code, (0, 0))
    both.paste(ImageOps.mirror(code), (code.width, 0))
    assert PIN in enrolled("scan", saved(both)).out


# Files


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def bomb(width: int, height: int, unfolded: int = 1000, *more: bytes) -> bytes:
    """A small PNG that promises a huge picture, or unfolds into one."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(bytes(unfolded), 9))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(more) + body + chunk(b"IEND", b"")


@pytest.mark.parametrize("verb", ["enroll", "scan"])
def test_a_decompression_bomb_is_refused(phone: Phone, saved: Making, verb: str) -> None:
    done = refused(phone, verb, saved(bomb(30_000, 30_000)), code=102)
    assert "40 million" in done.err
    text = chunk(b"zTXt", b"bomb\0\0" + zlib.compress(bytes(100_000_000), 9))
    refused(phone, verb, saved(bomb(8, 8, 72, text)), code=102)
    # More than the header promises.
    refused(phone, verb, saved(bomb(8, 8, 50_000_000)), code=102)


@pytest.mark.parametrize("size", [(1, 1), (1, 30_000), (30_000, 1), (30_000, 40), (30_000, 30_000)])
def test_a_pixel_and_thirty_thousand_are_refused(phone: Phone, saved: Making, size: tuple[int, int]) -> None:
    shown = bomb(*size) if min(size) == 30_000 else Image.new("1", size)
    refused(phone, "scan", saved(shown), code=102)


def test_an_animated_gif_is_refused(enrolled: Phone, ask: Making, saved: Making) -> None:
    frames = [drawn(ask(f"1234567{last}"), module=3) for last in range(3)]
    path = saved(frames[0], "held.gif", save_all=True, append_images=frames[1:])
    for verb in ("enroll", "scan"):
        refused(enrolled, verb, path, code=102)


def test_an_animated_png_shows_its_first_picture(enrolled: Phone, ask: Making, saved: Making) -> None:
    frames = [drawn(ask(pin), module=4).resize((400, 400)) for pin in ("12345678", "87654321")]
    done = enrolled("scan", saved(frames[0], save_all=True, append_images=frames[1:]))
    assert PIN in done.out


@pytest.mark.parametrize("way", ["CMYK", "16 bits", "alpha", "EXIF rotation", "palette"])
def test_unusual_pixels_are_read(enrolled: Phone, ask: Making, saved: Making, way: str) -> None:
    code = drawn(ask("12345678"))
    if way == "CMYK":
        path = saved(code.convert("CMYK"), "held.jpg")
    elif way == "16 bits":
        path = saved(code.convert("I").point(lambda value: value * 100 + 9000).convert("I;16"))
    elif way == "alpha":
        clear = Image.new("RGBA", code.size)
        clear.putalpha(ImageOps.invert(code))
        path = saved(clear)
    elif way == "EXIF rotation":
        exif = Image.Exif()
        exif[0x0112] = 5
        path = saved(code, "held.jpg", exif=exif)
    else:
        path = saved(code.convert("P"), "held.bmp")
    assert PIN in enrolled("scan", path).out


# Drawings

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="90" height="90">'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
USE = '<use href="#{}"/>'
MALICIOUS = {
    "entities": f'<!DOCTYPE svg [<!ENTITY l0 "ha">{LAUGHS}]>{SVG}<title>&l9;</title></svg>',
    "external entity": f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>{SVG}<title>&x;</title></svg>',
    "parameter entity": f'<!DOCTYPE svg [<!ENTITY % x SYSTEM "http://127.0.0.1:9/"> %x;]>{SVG}</svg>',
    "external image": f'{SVG}<image href="file:///etc/passwd" width="9" height="9"/></svg>',
    "linked image": f'{SVG}<image xlink:href="http://127.0.0.1:9/x.png" width="9" height="9"/></svg>',
    "script": f"{SVG}<script>alert(1)</script></svg>",
    "handler": f'{SVG}<rect width="9" height="9" onload="alert(1)"/></svg>',
    "link": f'{SVG}<a href="javascript:alert(1)"><rect width="9" height="9"/></a></svg>',
    "style": f"{SVG}<style>@import url(http://127.0.0.1:9/)</style></svg>",
    "style attribute": f'{SVG}<rect style="fill:url(http://127.0.0.1:9/)" width="9" height="9"/></svg>',
    "paint from elsewhere": f'{SVG}<rect fill="url(http://127.0.0.1:9/#x)" width="9" height="9"/></svg>',
    "style sheet": f'<?xml-stylesheet href="http://127.0.0.1:9/x.css"?>{SVG}</svg>',
    "use bomb": f'{SVG}<g id="a"><path d="M0 0"/></g>'
    + "".join(f'<g id="{n}x">{USE.format(n) * 10}</g>' for n in ("a", "ax", "axx", "axxx", "axxxx", "axxxxx"))
    + "</svg>",
    "foreign object": f'{SVG}<foreignObject><html xmlns="http://www.w3.org/1999/xhtml"/></foreignObject></svg>',
    "filter": f'{SVG}<filter id="f"><feGaussianBlur stdDeviation="1000000"/></filter></svg>',
    "pattern": f'{SVG}<pattern id="p" width="0.0001" height="0.0001"/></svg>',
    "animation": f'{SVG}<rect width="9" height="9"><animate attributeName="x" to="9"/></rect></svg>',
    "dashes": f'{SVG}<path d="M0 0h90" stroke="red" stroke-dasharray="0.0000001"/></svg>',
    "drawing in a drawing": f"{SVG}{SVG}</svg></svg>",
    "depth": SVG + "<g>" * 100_000 + "</g>" * 100_000 + "</svg>",
    "number of elements": SVG + "<g/>" * 50_000 + "</svg>",
    "huge path": f'{SVG}<path d="{"M0 0h1v1z" * 500_000}"/></svg>',
    "huge size": '<svg xmlns="http://www.w3.org/2000/svg" width="1000000000" height="1000000000"/>',
    "infinite size": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 NaN inf"/>',
    "sprawling size": '<svg xmlns="http://www.w3.org/2000/svg" width="1e6" height="1e-3"/>',
    "another document": "<html><body>{}</body></html>",
    "another name space": '<svg xmlns="http://example.org/"><rect width="9" height="9"/></svg>',
    "not closed": SVG,
    "twice the same": f'{SVG}<rect x="1" x="2"/></svg>',
    "unknown encoding": f'<?xml version="1.0" encoding="no-such"?>{SVG}</svg>',
    "NUL": f"{SVG}\0</svg>",
}


@pytest.mark.parametrize("attack", MALICIOUS)
def test_a_malicious_svg_is_refused(
    phone: Phone, saved: Making, monkeypatch: pytest.MonkeyPatch, attack: str
) -> None:
    def asked(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", asked)
    done = refused(phone, "enroll", saved(MALICIOUS[attack].encode(), "held.svg"), code=102)
    assert len(done.err) < 1000
    assert phone.files == {}


def test_a_malicious_svg_is_refused_although_it_shows_our_code(
    enrolled: Phone, ask: Making, saved: Making
) -> None:
    harmless = pictures.svg(qr.matrix(ask("12345678"))).decode()
    assert PIN in enrolled("scan", saved(harmless.encode(), "held.svg")).out
    for more in ("<script/>", '<image href="x.png"/>', '<use href="#a"/>'):
        hostile = harmless.replace("</svg>", f"{more}</svg>").encode()
        done = refused(enrolled, "scan", saved(hostile, "held.svg"), code=102)
        assert "only plain paths, rectangles and circles in groups are taken" in done.err


def test_only_a_process_of_its_own_sees_what_a_drawing_costs(
    enrolled: Phone, saved: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stand-in for what the renderer cannot stand: it ends as by a signal, and the phone goes on."""
    real = subprocess.run

    def dying(command: list[str], **options: object) -> object:
        return real(["/bin/sh", "-c", "kill -SEGV $$"], **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "run", dying)
    done = refused(enrolled, "scan", saved(f"{SVG}</svg>".encode(), "held.svg"), code=102)
    assert "cannot be drawn" in done.err


def test_a_compressed_svg_is_refused(enrolled: Phone, ask: Making, saved: Making) -> None:
    packed = gzip.compress(pictures.svg(qr.matrix(ask())))
    for content in (packed, gzip.compress(bytes(10_000_000)), packed[:50]):
        done = refused(enrolled, "scan", saved(content, "held.svgz"), code=102)
        assert "unpack it first" in done.err


# What a code says is text


@pytest.mark.parametrize("text", FOREIGN)
def test_a_code_that_asks_for_something_does_nothing(
    phone: Phone, saved: Making, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str
) -> None:
    def used(*_: object, **__: object) -> None:
        raise AssertionError("the text was followed")

    monkeypatch.setattr(socket.socket, "connect", used)
    monkeypatch.setattr(subprocess.Popen, "__init__", used)
    monkeypatch.setattr("webbrowser.open", used)
    monkeypatch.chdir(tmp_path)
    for verb in ("enroll", "scan"):
        refused(phone, verb, saved(drawn(text)), code=104 if text == "{}" else 103)
    assert phone.files == {}
    assert not (tmp_path / "owned").exists()


# Parts


@pytest.fixture
def parts(ask: Making) -> tuple[str, ...]:
    return challenge_parts.split(ask("12345678"))


def test_parts_mixed_from_two_challenges_are_refused(
    enrolled: Phone, ask: Making, picture: Making, parts: tuple[str, ...]
) -> None:
    others = challenge_parts.split(ask("87654321"))
    mixed = [*parts[:3], others[3]]
    refused(enrolled, "scan", picture(*mixed), code=104)
    refused(enrolled, "scan", *(picture(part) for part in mixed), code=104)
    refused(enrolled, "scan", "\n".join((*parts, *others)), code=104)


def test_missing_parts_are_told(enrolled: Phone, picture: Making, parts: tuple[str, ...]) -> None:
    done = refused(enrolled, "scan", picture(*parts[1:]), code=101)
    assert "still missing: part 1 of 4" in done.err
    refused(enrolled, "scan", picture(parts[0]), picture(parts[0]), code=101)


def test_repeated_parts_out_of_order_are_one_challenge(
    enrolled: Phone, picture: Making, parts: tuple[str, ...]
) -> None:
    pictures_of = [picture(parts[number]) for number in (3, 1, 1, 0, 3)]
    assert PIN in enrolled("scan", *pictures_of, picture(parts[2], parts[3])).out
    assert PIN in enrolled("scan", picture(parts[3], parts[0], parts[2], parts[1], parts[0])).out
