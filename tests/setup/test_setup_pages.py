"""The pages of Computer Setup: what is grey and why, what is only told, what scrolls."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from textual.pilot import Pilot

from emulator import models
from emulator.firmware import commands as c
from emulator.firmware.boot import Phase
from emulator.firmware.catalogue import Role, Setting
from emulator.machine import TargetPC
from emulator.protocol.keys import PublicKey
from emulator.setup.dialogs import ChoiceDialog, TextDialog
from emulator.setup.navigator import Key
from emulator.setup.page import SettingsPage
from emulator.setup.setup_screen import SetupScreen
from emulator.setup.standing import standing
from emulator.setup.viewer import Viewer
from tests.setup.person import (
    SIZES,
    find,
    in_setup,
    navigator,
    open_page,
    phase,
    pin,
    play,
    press,
    read,
    seen,
    setup_screen,
)
from tests.setup.rendering import assert_golden, fixed_pc, golden

DEVICES = ("Advanced", "Built-In Device Options")
AUDIO_IS_OFF = "The audio device is off: switch it on first."
DIAGNOSTICS = ("Advanced", "Remote HP PC Hardware Diagnostics")
UPLOAD_PASSWORD = "Remote HP PC Hardware Diagnostics Upload Server Password"


@pytest.mark.parametrize("size", SIZES)
def test_grey_rows_and_notes(pc: TargetPC, usb: Path, size: tuple[int, int]) -> None:
    async def script(pilot: Pilot[str]) -> None:
        def see(name: str) -> None:
            assert_golden(golden(name, size), seen(pilot))

        await press(pilot, "f10")
        await open_page(pilot, *DEVICES)
        await find(pilot, "Audio Device")
        await press(pilot, "enter")
        see("grey")
        await press(pilot, "down", "enter")
        see("grey-explained")
        await press(pilot, "escape", "escape", "n", "left")
        await find(pilot, "Restore Security Settings to Factory Defaults")
        await press(pilot, "enter")
        see("restore-asked")
        await press(pilot, "y")
        see("restore-ordered")
        await press(pilot, "right")
        await open_page(pilot, "Advanced", "MAC Address Pass Through")
        await find(pilot, "HBMA Priority List")
        see("read-only-list")
        await press(pilot, "enter")
        see("read-only-list-entries")

    play(pc, usb, script, size)


def test_a_grey_row_tells_why_and_changes_nothing(pc: TargetPC, usb: Path) -> None:
    in_setup(pc, c.StageSetting("Audio Device", "Disable"))

    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f10")
        await open_page(pilot, *DEVICES)
        await find(pilot, "Microphone")
        lines = [line.strip() for line in seen(pilot).splitlines()]
        assert lines[lines.index("»  [x] Microphone") + 1] == AUDIO_IS_OFF
        count = seen(pilot).count(AUDIO_IS_OFF)
        await press(pilot, "enter")
        # The message takes the place of the reason, and does not repeat it.
        assert seen(pilot).count(AUDIO_IS_OFF) == count
        assert seen(pilot).count(f"! {AUDIO_IS_OFF}") == 1
        assert not pc.firmware.session.staged

    play(pc, usb, script)


@pytest.mark.parametrize("name", ["Wake On LAN", "Wake on LAN on DC mode"])
def test_a_grey_row_opens_no_dialog(pc: TargetPC, usb: Path, name: str) -> None:
    in_setup(pc, c.StageSetting("Embedded LAN controller", "Disable"))

    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f10")
        await open_page(pilot, *DEVICES)
        await find(pilot, name)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, SetupScreen)
        assert "The network controller is off: switch it on first." in read(pilot)

    play(pc, usb, script)


def test_staging_makes_rows_grey_and_takes_it_back(pc: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f10")
        await open_page(pilot, *DEVICES)
        await find(pilot, "Audio Device")
        assert AUDIO_IS_OFF not in seen(pilot)
        await press(pilot, "enter")
        assert seen(pilot).count(AUDIO_IS_OFF) >= 1
        await press(pilot, "enter")
        assert AUDIO_IS_OFF not in seen(pilot)

    play(pc, usb, script)


def test_what_only_tells_is_never_grey(usb: Path) -> None:
    for model in models.names():
        catalogue = models.packaged(model)
        pc = fixed_pc(model)
        assert not [
            setting.name
            for setting in catalogue.every.values()
            if setting.read_only and standing(pc.firmware, setting).grey
        ]


def test_restoring_the_security_settings_happens_after_a_code_at_the_next_start(
    pc: TargetPC, usb: Path
) -> None:
    name = pc.firmware.catalogue.roles[Role.RESTORE_SECURITY].name

    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f10")
        await open_page(pilot, "Security")
        await find(pilot, name)
        await press(pilot, "enter", "escape")
        assert not pc.firmware.session.staged
        await press(pilot, "enter", "y")
        assert "This happens at the next start, once somebody at the machine has typed the code" in read(
            pilot
        )
        assert pc.firmware.session.staged == {name: "Yes"}
        await press(pilot, "enter")
        assert "This happens at the next start" not in read(pilot)
        assert not pc.firmware.session.staged
        await press(pilot, "enter", "y", "f10")
        await press(pilot, "enter")
        assert phase(pc) is Phase.PRESENCE
        assert "On this machine the security settings are to be restored:" in read(pilot)
        prompt = pc.firmware.session.prompt
        assert prompt is not None
        await press(pilot, *prompt.code, "enter")
        assert phase(pc) is Phase.POST

    play(pc, usb, script)


def test_a_list_that_only_tells_is_read_on_a_page_of_its_own(pc: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f10")
        await open_page(pilot, "Advanced", "MAC Address Pass Through")
        await find(pilot, "HBMA Priority List")
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, Viewer)
        for token in pc.firmware.value("HBMA Priority List").split(","):
            assert " ".join(token.split()) in read(pilot)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, SetupScreen)

    play(pc, usb, script)


def test_a_secret_is_told_as_set_or_not_and_typed_unseen(pc: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f10")
        await open_page(pilot, *DIAGNOSTICS)
        await find(pilot, UPLOAD_PASSWORD)
        assert "[ not set ]" in read(pilot)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, TextDialog)
        await press(pilot, *"hush")
        assert "hush" not in seen(pilot)
        await press(pilot, "enter")
        assert "[ set ]" in read(pilot)
        assert "hush" not in seen(pilot)
        await press(pilot, "f10")
        await press(pilot, "enter", "f10")
        await open_page(pilot, *DIAGNOSTICS)
        await find(pilot, UPLOAD_PASSWORD)
        assert "[ set ]" in read(pilot)
        await press(pilot, "enter")
        assert "hush" not in seen(pilot)
        await press(pilot, "enter")
        assert "[ not set ]" in read(pilot)

    play(pc, usb, script)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("model", models.names())
def test_on_every_page_the_selected_row_is_on_the_screen_whole(model: str, usb: Path) -> None:
    pc = fixed_pc(model)

    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f10")
        screen = setup_screen(pilot)
        page = screen.query_one(SettingsPage)
        for path in pc.firmware.catalogue.pages:
            screen.navigator.page = path
            screen.action_key("HOME")
            await pilot.pause(0)
            for _ in screen.navigator.rows:
                top, bottom = page.scroll_offset.y, page.scroll_offset.y + page.size.height
                own = [
                    at
                    for at, line in enumerate(page._lines)
                    if line.row is not None and line.row == screen.navigator.cursor
                ]
                assert all(top <= at < bottom for at in own), (path, screen.navigator.row)
                screen.navigator.press(Key.DOWN)
                screen.say("")
                await pilot.pause(0)

    play(pc, usb, script)


@pytest.mark.parametrize("model", models.names())
def test_no_name_of_a_setting_is_cut_at_eighty_columns(model: str, usb: Path) -> None:
    pc = fixed_pc(model)

    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f10")
        screen = setup_screen(pilot)
        page = screen.query_one(SettingsPage)
        for path, rows in pc.firmware.catalogue.pages.items():
            screen.navigator.page = path
            screen.say("")
            assert max(len(line.text) for line in page._lines) <= page.size.width
            text = " ".join(" ".join(line.text for line in page._lines).split())
            for row in rows:
                shown = row.name if isinstance(row, Setting) else row.text
                assert " ".join(shown.split()) in text, path

    play(pc, usb, script)


@pytest.mark.slow
@pytest.mark.sampled(3)
@pytest.mark.parametrize("model", models.names())
def test_enter_on_every_row_does_something_sensible(model: str, usb: Path) -> None:
    """Each row of each page: a dialog, a changed mark, another page, or a sentence, and never a crash."""
    pc = fixed_pc(model)

    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f10")
        screen = setup_screen(pilot)
        for path, rows in pc.firmware.catalogue.pages.items():
            for index, row in enumerate(rows):
                screen.navigator.page = path
                if not isinstance(row, Setting) or not screen.navigator.select(index):
                    continue
                screen.action_key("ENTER")
                if pilot.app.screen is not screen:
                    await pilot.pause(0)
                    pilot.app.pop_screen()
                    await pilot.pause(0)
                assert phase(pc) is Phase.SETUP

    play(pc, usb, script)


def test_keys_are_told_by_their_ids_and_a_certificate_as_configured(
    guarded: TargetPC, usb: Path, signing_key: RSAPrivateKey, endorsement_key: RSAPrivateKey
) -> None:
    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f10")
        await press(pilot, *pin(guarded), "enter")
        await open_page(pilot, "Security", "HP Secure Platform Management (SPM)")
        told = read(pilot)
        assert "Key Endorsement Certificate [ Configured ]" in told
        assert f"[ {PublicKey.of(signing_key).key_id} ]" in told
        assert f": {PublicKey.of(endorsement_key).key_id}" in told

    play(guarded, usb, script, (100, 38))


def test_menus_are_those_of_the_model_and_can_be_clicked(usb: Path) -> None:
    pc = fixed_pc("elitebook-810-g1")

    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f10")
        assert seen(pilot).startswith("[File]| Security | System Configuration")
        await pilot.click(offset=(20, 0))
        assert navigator(pilot).page == ("System Configuration",)

    play(pc, usb, script)


def test_a_choice_of_many_words_is_shown_as_it_is_stored(pc: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f10")
        await open_page(pilot, "Advanced", "Port Options")
        await find(pilot, "Thunderbolt Security Level")
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, ChoiceDialog)
        await press(pilot, "down", "enter")
        assert pc.firmware.session.staged == {
            "Thunderbolt Security Level": "PCIe and DisplayPort - Secure Connect"
        }
        assert "[ PCIe and DisplayPort - Secure Connect ▼]" in read(pilot)

    play(pc, usb, script)
