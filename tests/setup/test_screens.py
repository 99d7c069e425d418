"""Every screen as text at two sizes, and what keys do to the machine behind it."""

import asyncio
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from textual.pilot import Pilot

from emulator import models
from emulator.devices.clock import FixedClock
from emulator.firmware import commands as c
from emulator.firmware.boot import Phase
from emulator.firmware.event_log import EventCode
from emulator.machine import TargetPC
from emulator.management_door import ask, listening_socket
from emulator.pc_folder import PCFolder
from emulator.protocol import challenge
from emulator.setup.app import POWER_LOST, ComputerSetup
from firmware_store import FOUR_MEGABYTE, MemoryImage
from tests import provisioning
from tests.codes import codes_in
from tests.setup.person import SIZES, find, open_page, pin, play, press
from tests.setup.rendering import assert_golden, golden, screen_text


@pytest.mark.sampled(2)
@pytest.mark.parametrize("size", SIZES)
def test_the_screens_of_an_unguarded_machine(pc: TargetPC, usb: Path, size: tuple[int, int]) -> None:
    async def script(pilot: Pilot[str]) -> None:
        app = pilot.app
        assert isinstance(app, ComputerSetup)

        def see(name: str) -> None:
            assert_golden(golden(name, size), screen_text(app))

        see("post")
        await press(pilot, "escape")
        see("startup-menu")
        await press(pilot, "f10")
        see("main")
        await open_page(pilot, "Main", "System Information")
        see("system-information")
        await press(pilot, "escape", "right")
        see("security")
        await open_page(pilot, "Security", "Password Policies")
        see("password-policies")
        await press(pilot, "escape")
        await open_page(pilot, "Security", "HP Secure Platform Management (SPM)")
        await find(pilot, "Enhanced BIOS Authentication Mode")
        see("secure-platform")
        await press(pilot, "enter")
        see("secure-platform-refused")
        await press(pilot, "escape", "right")
        see("advanced")
        await open_page(pilot, "Advanced", "Boot Options")
        await find(pilot, "USB Storage Boot")
        await press(pilot, "enter")
        see("boot-options")
        await find(pilot, "UEFI Boot Order")
        await press(pilot, "enter")
        see("order-dialog")
        await press(pilot, "escape")
        await find(pilot, "Startup Delay (sec.)")
        await press(pilot, "enter")
        see("choice-dialog")
        await press(pilot, "escape", "escape")
        await open_page(pilot, "Advanced", "Scheduled Power-On")
        await find(pilot, "BIOS Power-On Hour")
        await press(pilot, "enter", *"77", "enter")
        see("text-dialog-refused")
        await press(pilot, "escape", "escape", "right")
        see("uefi-drivers")
        await press(pilot, "f10")
        see("confirm-dialog")
        await press(pilot, "enter", "f9")
        see("boot-menu")
        await press(pilot, "enter")
        see("operating-system")

    play(pc, usb, script, size)
    assert pc.firmware.value("USB Storage Boot") == "Disable"


@pytest.mark.parametrize("size", SIZES)
def test_the_challenge(guarded: TargetPC, usb: Path, size: tuple[int, int]) -> None:
    async def script(pilot: Pilot[str]) -> None:
        app = pilot.app
        assert isinstance(app, ComputerSetup)
        await press(pilot, "f10")
        assert_golden(golden("challenge", size), screen_text(app))
        await press(pilot, *"00000000", "enter")
        assert_golden(golden("challenge-wrong-code", size), screen_text(app))

    play(guarded, usb, script, size)


@pytest.mark.parametrize("size", SIZES)
def test_the_presence_prompt(
    pc: TargetPC,
    usb: Path,
    size: tuple[int, int],
    certificate_der: bytes,
    endorsement_key: RSAPrivateKey,
    signing_key: RSAPrivateKey,
) -> None:
    provisioning.start(pc)
    pc.apply(provisioning.endorsement_payload(certificate_der))
    pc.apply(provisioning.signing_payload(endorsement_key, signing_key))
    pc.execute(c.PowerOff())

    async def script(pilot: Pilot[str]) -> None:
        app = pilot.app
        assert isinstance(app, ComputerSetup)
        assert_golden(golden("presence", size), screen_text(app))
        prompt = pc.firmware.session.prompt
        assert prompt is not None
        await press(pilot, *prompt.code, "enter")
        assert pc.firmware.session.phase is Phase.POST

    play(pc, usb, script, size)


def test_the_right_code_opens_setup(guarded: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "s")
        await press(pilot, *pin(guarded), "enter")
        await pilot.pause(1.2)
        assert guarded.firmware.session.phase is Phase.SETUP
        app = pilot.app
        assert isinstance(app, ComputerSetup)
        assert "cannot" not in screen_text(app)

    play(guarded, usb, script, (100, 38))


def test_the_third_wrong_code_restarts_with_a_notice_and_an_event(guarded: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str]) -> None:
        app = pilot.app
        assert isinstance(app, ComputerSetup)
        await press(pilot, "s")
        first = pin(guarded)
        wrong = "00000000" if first != "00000000" else "00000001"
        for _ in range(3):
            await press(pilot, *wrong, "enter")
        assert guarded.firmware.session.phase is Phase.POST
        assert "wrong 3 times: the machine restarted" in screen_text(app)
        await press(pilot, "s")
        assert pin(guarded) != first

    play(guarded, usb, script)
    assert EventCode.WRONG_RESPONSE_CODES in [logged.code for logged in guarded.firmware.memory.log.events]


def test_malformed_input_costs_no_try(guarded: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str]) -> None:
        app = pilot.app
        assert isinstance(app, ComputerSetup)
        await press(pilot, "s")
        await press(pilot, *"123", "enter")
        assert "8 digits" in screen_text(app)
        assert guarded.firmware.session.door.tries_left == 3

    play(guarded, usb, script)


def test_escape_at_the_challenge_starts_the_operating_system(guarded: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "s", "escape")
        assert guarded.firmware.session.phase is Phase.OPERATING_SYSTEM

    play(guarded, usb, script)


def test_a_new_code_replaces_the_old_one_and_an_expired_one_is_replaced_by_itself(
    guarded: TargetPC, usb: Path
) -> None:
    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "s")
        first = guarded.firmware.session.door.live
        await press(pilot, "r")
        second = guarded.firmware.session.door.live
        assert first is not None
        assert second is not None
        assert first.challenge.text != second.challenge.text
        clock = guarded.clock
        assert isinstance(clock, FixedClock)
        clock.advance(601)
        await pilot.pause(0.8)
        third = guarded.firmware.session.door.live
        assert third is not None
        assert third.challenge.text != second.challenge.text

    play(guarded, usb, script)


def test_the_picture_is_saved_privately_and_holds_the_challenge(guarded: TargetPC, usb: Path) -> None:
    from PIL import Image

    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "s", "p", "p")
        live = guarded.firmware.session.door.live
        assert live is not None
        with Image.open(usb / "challenge-2.png") as picture:
            assert codes_in(picture) == [live.challenge.text]

    play(guarded, usb, script)
    assert sorted(path.name for path in usb.iterdir()) == ["challenge-1.png", "challenge-2.png"]
    assert usb.stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in usb.iterdir())


def test_the_text_of_the_code_can_be_read_and_left(guarded: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str]) -> None:
        app = pilot.app
        assert isinstance(app, ComputerSetup)
        await press(pilot, "s", "t")
        live = guarded.firmware.session.door.live
        assert live is not None
        shown = "".join(screen_text(app).splitlines())
        copied = shown[shown.index("{") : shown.index("}") + 1]
        assert challenge.parse(copied) == live.challenge
        await press(pilot, "enter")
        assert guarded.firmware.session.phase is Phase.CHALLENGE

    play(guarded, usb, script)


def test_on_a_page_that_overflows_keys_move_the_cursor(pc: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str]) -> None:
        app = pilot.app
        assert isinstance(app, ComputerSetup)
        await press(pilot, "s")
        await open_page(pilot, "Security", "HP Secure Platform Management (SPM)")
        await press(pilot, "end", "enter")
        assert "HP Sure Run Current State" in screen_text(app)
        await press(pilot, "home")
        assert "Secure Platform Management Current State" in screen_text(app)
        await find(pilot, "Enhanced BIOS Authentication Mode")
        await press(pilot, "enter")
        assert "'Enhanced BIOS Authentication Mode' changes only" in screen_text(app)
        await press(pilot, "down", "f1")
        assert "The key whose holder can answer" in screen_text(app)

    play(pc, usb, script, (80, 18))


def test_power_off_ends_the_program(pc: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "enter", "p")

    app = play(pc, usb, script)
    assert app.return_value == "The PC is switched off."
    assert pc.firmware.session.phase is Phase.OFF


def test_ignored_changes_are_forgotten(pc: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "s")
        await open_page(pilot, "Advanced", "Boot Options")
        await find(pilot, "USB Storage Boot")
        await press(pilot, "enter")
        assert pc.firmware.session.staged == {"USB Storage Boot": "Disable"}
        await press(pilot, "escape", "escape", "y")
        assert pc.firmware.session.phase is Phase.OPERATING_SYSTEM

    play(pc, usb, script)
    assert pc.firmware.value("USB Storage Boot") == "Enable"


def test_keys_that_are_letters_mean_the_same_as_capitals(pc: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str]) -> None:
        phases: list[Phase] = []
        for keys in (["S"], ["escape", "N"], ["escape", "Y"], ["R"]):
            await press(pilot, *keys)
            phases.append(pc.firmware.session.phase)
        assert phases == [Phase.SETUP, Phase.SETUP, Phase.OPERATING_SYSTEM, Phase.POST]

    play(pc, usb, script)


def test_a_machine_without_secure_platform_management_does_not_speak_of_it(usb: Path) -> None:
    pc = TargetPC.manufacture(MemoryImage(FOUR_MEGABYTE), model=models.packaged("elitebook-810-g1"))

    async def script(pilot: Pilot[str]) -> None:
        assert isinstance(pilot.app, ComputerSetup)
        assert "Memory 8192 MB OK" in screen_text(pilot.app)
        await press(pilot, "enter")
        assert "Operating System" in screen_text(pilot.app)
        assert "Secure Platform" not in screen_text(pilot.app)
        pc.execute(c.SetSetting("Reset BIOS security to factory default", "Yes"))
        await press(pilot, "r")
        told = screen_text(pilot.app)
        assert "Reset BIOS security to factory default" in told
        assert "passwords are cleared" in told
        assert "Endorsement" not in told
        assert "Authentication Mode" not in told

    play(pc, usb, script)


def test_a_cover_that_cuts_the_power_ends_the_program(usb: Path) -> None:
    """Through the management door, while the screen is up."""
    pc = TargetPC.manufacture(MemoryImage(FOUR_MEGABYTE), model=models.packaged("elitedesk-800-g2"))
    pc.execute(c.PowerOn())
    pc.execute(c.Continue())
    for name, value in (("Cover Removal Sensor", "Notify User"), ("Power Off Upon Cover Removal", "Enable")):
        pc.execute(c.SetSetting(name, value))
    pc.execute(c.PowerOff())
    folder = PCFolder(usb.parent / "pc")
    folder.make()

    async def session() -> ComputerSetup:
        with listening_socket(folder) as door:
            app = ComputerSetup(pc, usb=usb, door=door)
            async with app.run_test(size=(80, 24)) as pilot:
                await press(pilot, "enter")
                reply = await asyncio.to_thread(ask, folder, {"verb": "open-cover"})
                assert reply == {"ok": True, "phase": "off"}
                await pilot.pause()
            return app

    assert asyncio.run(session()).return_value == POWER_LOST
    assert pc.firmware.memory.cover.count == 1
