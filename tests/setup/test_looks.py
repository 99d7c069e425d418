"""How the screens look: two themes, few colours, ASCII alone, black and white; and what nobody needs colours for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from rich.color import Color, ColorSystem
from textual.events import MouseScrollDown
from textual.pilot import Pilot
from textual.widgets import OptionList

from emulator.machine import TargetPC
from emulator.setup import look
from emulator.setup.dialogs import ChoiceDialog
from emulator.setup.help_pane import HelpPane
from emulator.setup.look import Look, Theme
from emulator.setup.page import SettingsPage
from emulator.setup.screen_cells import Run, runs
from emulator.setup.too_small import TooSmall
from tests.setup.person import navigator, play, seen, setup_screen
from tests.setup.rendering import CODE, assert_golden, golden
from tests.setup.touring import Keys, Shots, tour
from tests.setup.walking import settle, step, to_page, to_row

SIZE = (80, 24)
BLACK_AND_WHITE = {"#000000", "#ffffff"}
HELP = "How much longer the"


@pytest.fixture(autouse=True)
def _usb_in_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def keys(
    certificate_der: bytes,
    endorsement_key: RSAPrivateKey,
    signing_key: RSAPrivateKey,
    local_access_key: RSAPrivateKey,
) -> Keys:
    return Keys(certificate_der, endorsement_key, signing_key, local_access_key)


@pytest.mark.slow
@pytest.mark.parametrize("theme", [Theme.WHITE, pytest.param(Theme.VGA, marks=pytest.mark.slow)])
def test_every_prompt_and_dialog_as_text_and_in_few_colours(keys: Keys, theme: Theme) -> None:
    shots = tour(Look(theme), keys, SIZE)
    text = "".join(f"=== {name}\n{shot.text}" for name, shot in shots.items())
    assert_golden(golden(f"every-prompt-{theme.value}", SIZE), text)
    # The bullet of a password, triangles and arrows are there too, as signs that Python's codec takes for control characters.
    signs = {sign for sign in text if sign not in f"•►◄▼↑↓←→↕{CODE}"}
    assert "".join(signs).encode("cp437")
    pairs = {(run.look.ink, run.look.paper) for _, run in _written(shots)}
    assert len(pairs) > 5
    lost = {(pair, depth) for pair in pairs for depth in (256, 16, 8) if len(set(_seen_in(pair, depth))) < 2}
    assert not lost


def _written(shots: Shots) -> Iterator[tuple[str, Run]]:
    for name, shot in shots.items():
        yield from ((name, run) for strip in shot.strips for run in runs(strip) if run.text.strip())


def _seen_in(pair: tuple[str, str], depth: int) -> Iterator[int | None]:
    """What a terminal of so many colours shows two colours as; one of 8 leaves the brightness out."""
    system = ColorSystem.EIGHT_BIT if depth == 256 else ColorSystem.STANDARD
    for colour in pair:
        number = Color.parse(colour).downgrade(system).number
        yield number if number is None or depth > 8 else number % 8


@pytest.mark.slow
def test_without_colours_and_beyond_ascii_nothing_is_missing() -> None:
    shots = tour(Look(Theme.VGA, plain=True, mono=True), None, SIZE)
    assert {name: odd for name, shot in shots.items() if (odd := set(filter(_beyond_ascii, shot.text)))} == {}
    assert "****" in shots["secret"].text
    assert ">* Startup Delay" in shots["changed"].text
    looks = [run.look for _, run in _written(shots)]
    assert {each.ink for each in looks} | {each.paper for each in looks} == BLACK_AND_WHITE
    assert _grounds(shots, "help") == {"#000000"}
    for name in ("changed", "startup menu", "drop-down", "boot menu", "search"):
        reverse = [
            run.text for where, run in _written(shots) if where == name and run.look.paper == "#ffffff"
        ]
        assert any(text.startswith(">") for text in reverse), name


def _beyond_ascii(sign: str) -> bool:
    return not sign.isascii()


def _grounds(shots: Shots, name: str) -> set[str]:
    return {run.look.paper for where, run in _written(shots) if where == name}


def test_what_matters_is_told_without_colours(pc: TargetPC) -> None:
    async def script(pilot: Pilot[str]) -> None:
        await step(pilot, "f10")
        await to_page(pilot, "Advanced", "Built-In Device Options")
        await to_row(pilot, "Audio Device")
        await step(pilot, "enter")
        lines = seen(pilot).splitlines()
        assert "[Advanced]" in lines[0]
        assert lines[0].endswith("* Not saved: 1")
        assert "»* [ ] Audio Device" in lines
        assert (
            lines[lines.index("   [x] Microphone") + 1]
            == "      The audio device is off: switch it on first."
        )
        await step(pilot, "down", "enter")
        assert "    ! The audio device is off: switch it on first." in seen(pilot).splitlines()
        await step(pilot, "escape")
        await to_row(pilot, "Boot Options")
        assert "»  ► Boot Options" in seen(pilot).splitlines()

    play(pc, Path("usb"), script)


@pytest.mark.parametrize(("size", "beside"), [((80, 24), True), ((77, 24), False), ((132, 43), True)])
def test_the_blue_theme_has_help_beside_the_page_where_there_is_room(
    pc: TargetPC, size: tuple[int, int], beside: bool
) -> None:
    async def script(pilot: Pilot[str]) -> None:
        await step(pilot, "f10")
        await to_page(pilot, "Advanced", "Boot Options")
        assert (HELP in seen(pilot)) is beside
        assert pilot.app.screen.query_one(HelpPane).display is beside
        await step(pilot, "f1")
        assert HELP in seen(pilot)

    play(pc, Path("usb"), script, size, Look(Theme.VGA))


def test_the_white_theme_has_no_help_beside_the_page(pc: TargetPC) -> None:
    async def script(pilot: Pilot[str]) -> None:
        await step(pilot, "f10")
        await to_page(pilot, "Advanced", "Boot Options")
        assert HELP not in seen(pilot)
        await step(pilot, "question_mark")
        assert HELP in seen(pilot)

    play(pc, Path("usb"), script, (132, 43))


def test_the_terminals_cursor_follows_the_selection(pc: TargetPC) -> None:
    async def script(pilot: Pilot[str]) -> None:
        async def at_the_cursor() -> str:
            # A list knows its place only once it is drawn.
            await pilot.pause()
            place = pilot.app.cursor_position
            return seen(pilot).splitlines()[place.y][place.x :]

        await step(pilot, "escape", "down")
        assert (await at_the_cursor()).startswith("» System Information")
        await step(pilot, "f10", "down", "down")
        assert (await at_the_cursor()) == "»  ► Update System BIOS"
        await step(pilot, "enter", "end")
        assert (await at_the_cursor()) == "»  ► BIOS Update Preferences"
        await step(pilot, "enter", "end")
        assert (await at_the_cursor()) == "»  [x] Extended DHCP Timeout"
        await step(pilot, "home", "enter", "down")
        assert isinstance(pilot.app.screen, ChoiceDialog)
        assert (await at_the_cursor()).startswith("» Custom")

    play(pc, Path("usb"), script)


@pytest.mark.slow
def test_a_mouse_opens_menus_rows_and_the_way_back_and_the_wheel_scrolls(pc: TargetPC) -> None:
    async def script(pilot: Pilot[str]) -> None:
        async def click(text: str) -> None:
            row, line = next((row, line) for row, line in enumerate(seen(pilot).splitlines()) if text in line)
            await pilot.click(offset=(line.index(text) + 1, row))
            await settle(pilot)

        await step(pilot, "f10")
        await click("Advanced")
        assert navigator(pilot).page == ("Advanced",)
        # The first click selects, the second opens.
        await click("Boot Options")
        assert navigator(pilot).page == ("Advanced",)
        await click("Boot Options")
        assert navigator(pilot).page == ("Advanced", "Boot Options")
        await click("Fast Boot")
        await click("Fast Boot")
        assert pc.firmware.session.staged == {"Fast Boot": "Disable"}
        await click("Startup Delay")
        await click("Startup Delay")
        await click("15")
        assert pc.firmware.session.staged["Startup Delay (sec.)"] == "15"
        page = setup_screen(pilot).query_one(SettingsPage)
        assert page.scroll_offset.y == 0
        await pilot._post_mouse_events([MouseScrollDown], offset=(10, 10))
        await pilot.pause(0.3)
        assert page.scroll_offset.y > 0
        await step(pilot, "home")
        await click("◄ Boot Options")
        assert navigator(pilot).page == ("Advanced",)

    play(pc, Path("usb"), script)


def test_a_window_may_change_its_size_at_any_time(pc: TargetPC) -> None:
    async def resize(pilot: Pilot[str], columns: int, rows: int) -> None:
        await pilot.resize_terminal(columns, rows)
        await pilot.pause(0.1)
        await settle(pilot)

    async def script(pilot: Pilot[str]) -> None:
        await step(pilot, "f10")
        await to_page(pilot, "Advanced", "Boot Options")
        await to_row(pilot, "UEFI Boot Order")
        await resize(pilot, *SIZE)
        assert "» ► UEFI Boot Order" in " ".join(seen(pilot).split())
        assert pilot.app.cursor_position.y < SIZE[1]
        await resize(pilot, 50, 10)
        assert "This window is 50x10. Make it 60x18 or larger" in seen(pilot)
        await step(pilot, "enter", "escape", "f10")
        assert isinstance(pilot.app.screen, TooSmall)
        await resize(pilot, 132, 43)
        assert navigator(pilot).page == ("Advanced", "Boot Options")
        assert "» ► UEFI Boot Order" in " ".join(seen(pilot).split())
        assert max(map(len, seen(pilot).splitlines())) > SIZE[0]
        await to_row(pilot, "Startup Delay (sec.)")
        await step(pilot, "enter")
        await resize(pilot, 50, 10)
        await resize(pilot, 60, 18)
        assert isinstance(pilot.app.screen, ChoiceDialog)
        area = pilot.app.screen.query_one(OptionList).region
        assert pilot.app.screen.size.region.contains_region(area)

    play(pc, Path("usb"), script, (132, 43))


def test_a_machine_switched_on_in_a_tiny_window_says_so_at_once(pc: TargetPC) -> None:
    async def script(pilot: Pilot[str]) -> None:
        assert "This window is 59x24" in seen(pilot)

    play(pc, Path("usb"), script, (59, 24))


def test_the_look_is_chosen_by_options_then_by_the_environment_then_by_the_terminal() -> None:
    def chosen(*options: str, encoding: str = "utf-8", **environment: str) -> Look:
        given = dict(option.partition("=")[::2] for option in options)
        return look.chosen(given, environment, encoding)

    assert chosen() == Look(Theme.WHITE)
    assert chosen(TERM="linux") == Look(Theme.VGA)
    assert chosen(TERM="linux", F10_THEME="white") == Look(Theme.WHITE)
    assert chosen("--theme=vga", F10_THEME="white") == Look(Theme.VGA)
    assert chosen("--ascii") == chosen(encoding="latin-1") == chosen(encoding="ascii") == Look(plain=True)
    assert chosen(encoding="UTF-8") == chosen(encoding="utf8") == Look()
    assert chosen("--mono") == chosen(NO_COLOR="1") == chosen(TERM="vt100") == Look(mono=True)
    assert chosen(NO_COLOR="") == Look()
