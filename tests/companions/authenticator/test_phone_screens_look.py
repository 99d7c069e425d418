"""How the phone looks: in portrait, small, wide, in German, without colours; and what it says where it cannot be seen well."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.companions.authenticator.screens import big_digits, colours
from emulator.companions.authenticator.screens.path_completion import completed
from emulator.companions.authenticator.screens.source_field import as_source, is_text
from tests.companions.authenticator.conftest import PASSPHRASE
from tests.companions.authenticator.phone_in_hand import Clock, Hand, asker, hold
from tests.setup.rendering import assert_golden

pytestmark = pytest.mark.sampled(4)

Make = Callable[..., str]
SIZES = [
    (38, 16),
    pytest.param((46, 40), marks=pytest.mark.slow),
    (80, 24),
    pytest.param((120, 50), marks=pytest.mark.slow),
]


@pytest.fixture(autouse=True)
def _utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")


@pytest.fixture
def clock() -> Clock:
    return Clock(1_800_000_000.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "phone"


@pytest.fixture
def ask(clock: Clock, local_access_key: RSAPrivateKey) -> Make:
    return asker(clock, local_access_key)


def masked(text: str) -> str:
    """Without the time of day, which is that of a place, and the check, which is that of OAEP's randomness."""
    text = re.sub(r"\b(Check|Prüfwert)( +)[0-9A-F]{6}", r"\1\2######", text)
    return re.sub(r"(?m)^(\W*)\d\d:\d\d", r"\1--:--", text)


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_way_to_the_pin_as_text(
    folder: Path, clock: Clock, package: Make, ask: Make, language: str
) -> None:
    shots = []

    async def script(hand: Hand) -> None:
        def shoot() -> None:
            shots.append(f"=== {hand.page}\n{masked(hand.seen)}")

        shoot()
        await hand.press("r")
        shoot()
        await hand.paste(package())
        shoot()
        await hand.paste(PASSPHRASE, "enter")
        shoot()
        await hand.press("enter")
        shoot()
        await hand.scan(ask(age=134))
        await hand.paste("wrong", "enter")
        shoot()
        await hand.press("enter")
        shoot()
        await hand.paste(PASSPHRASE, "enter", "enter")
        shoot()

    hold(folder, script, clock=clock, language=language)
    assert_golden(f"phone-{language}-46x40", "".join(shots))


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
def test_the_pin_is_read_at_every_size(
    folder: Path, clock: Clock, package: Make, ask: Make, size: tuple[int, int]
) -> None:
    async def script(hand: Hand) -> None:
        await hand.register(package(""))
        await hand.scan(ask())
        assert "DEMO000001" in hand.seen
        await hand.press("enter", "enter")
        assert hand.seen.count("█") > 60
        assert max(map(len, hand.seen.splitlines())) <= size[0]
        assert "4071 8293" in hand.seen
        assert "Valid for 10 min 0 s more." in hand.words

    hold(folder, script, clock=clock, size=size)


@pytest.mark.slow
def test_the_phone_is_a_column_in_the_middle_of_a_wide_window(folder: Path, clock: Clock) -> None:
    async def script(hand: Hand) -> None:
        region = hand.app.screen.query_one("#phone").region
        assert (region.width, region.height) == (46, 50)
        assert region.x == (120 - 46) // 2

    hold(folder, script, clock=clock, size=(120, 60))


@pytest.mark.slow
def test_a_window_that_is_too_small_says_which_size_would_do(folder: Path, clock: Clock) -> None:
    async def script(hand: Hand) -> None:
        assert "This window is 30x10. Make it 38x16 or larger" in hand.words
        await hand.press("s")
        assert hand.page == "TooSmall"
        await hand.pilot.resize_terminal(46, 40)
        await hand.settle()
        assert hand.page == "KeysPage"
        await hand.press("s")
        await hand.pilot.resize_terminal(30, 10)
        await hand.settle()
        assert hand.page == "TooSmall"
        await hand.wait(61)
        await hand.pilot.resize_terminal(46, 40)
        await hand.settle()
        assert hand.page == "KeysPage"

    hold(folder, script, clock=clock, size=(30, 10))


@pytest.mark.slow
def test_without_colours_everything_is_black_and_white(
    folder: Path, clock: Clock, package: Make, ask: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def script(hand: Hand) -> None:
        await hand.register(package(""))
        assert shades(hand) == {"#000000", "#ffffff"}
        await hand.scan(ask(age=1200))
        assert "! This challenge is older than 10 minutes." in hand.words
        await hand.press("enter", "enter")
        assert shades(hand) == {"#000000", "#ffffff"}
        assert "Expired" in hand.words

    hold(folder, script, clock=clock)


def shades(hand: Hand) -> set[str]:
    """All colours of what is drawn."""
    styles = [
        segment.style
        for strip in hand.app.screen._compositor.render_strips()
        for segment in strip
        if segment.style
    ]
    found = [colour for style in styles for colour in (style.color, style.bgcolor) if colour]
    return {colour.get_truecolor().hex for colour in found}


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *(
            (ink, ground)
            for ink in ("ink", "dim", "accent", "good", "warning", "alarm")
            for ground in ("ground", "raised")
        ),
        ("ink", "field-ground"),
        ("accent-ink", "accent"),
    ],
)
def test_every_ink_stands_out_from_its_ground(ink: str, ground: str) -> None:
    light, dark = sorted((_luminance(colours.NIGHT[ink]), _luminance(colours.NIGHT[ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


@pytest.mark.slow
def test_large_digits_differ_and_keep_their_width() -> None:
    drawn = {digit: tuple(big_digits.in_two_rows(digit * 8)) for digit in "0123456789"}
    assert len(set(drawn.values())) == 10
    assert {len(line) for lines in drawn.values() for line in lines} == {30}
    assert {len(line) for line in big_digits.in_one_row("12345678")} == {33}
    assert len(big_digits.in_two_rows("12345678")) == 11
    hidden = big_digits.in_one_row(big_digits.HIDDEN)
    assert len(hidden) == 5


@pytest.mark.slow
def test_a_path_is_completed_by_what_is_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "code.png").touch()
    (tmp_path / "pictures" / ".hidden.png").touch()
    assert completed(f"{tmp_path}/pi") == f"{tmp_path}/pictures/"
    assert completed(f"{tmp_path}/pictures/") == f"{tmp_path}/pictures/code.png"
    assert completed(f"{tmp_path}/pictures/.h") == f"{tmp_path}/pictures/.hidden.png"
    for nothing in ("", f"{tmp_path}/none/x", "~nobody-of-this-name/x", "\0", "x" * 5000):
        assert completed(nothing) is None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("/a/b c.png", "/a/b c.png"),
        (" '/a/b c.png' ", "/a/b c.png"),
        ("file:///a/b%20c.png", "/a/b c.png"),
        ('{"f10":1}', '{"f10":1}'),
        ("  ", ""),
    ],
)
def test_what_a_terminal_wraps_around_a_path_is_taken_off(given: str, path: str) -> None:
    assert as_source(given) == path


@pytest.mark.slow
def test_a_dash_is_a_file_and_not_standard_input() -> None:
    assert as_source("-") == str(Path("-").absolute())
    assert is_text("F10/1/2/ABCDEF/x")
    assert not is_text("-")
