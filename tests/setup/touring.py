"""A tour of all screens but the many pages of Computer Setup: every prompt, menu, dialog and viewer, as somebody sees them with a given look."""

import hashlib
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from textual.pilot import Pilot
from textual.strip import Strip

from emulator.firmware import commands as c
from emulator.firmware.catalogue import Role
from emulator.machine import TargetPC
from emulator.setup.look import Look
from tests import provisioning
from tests.setup.person import (
    ADMINISTRATOR,
    POWER_ON,
    in_setup,
    pin,
    play,
    seen,
    with_passwords,
)
from tests.setup.rendering import fixed_pc
from tests.setup.walking import settle, step, to_page, to_row

WITH_A_SENSOR = "elitedesk-800-g2"
MASKED = "XXXXXX"
FILE = c.UpdateFirmware("new.bin", hashlib.sha256(b"firmware").digest())
DIAGNOSTICS = ("Advanced", "Remote HP PC Hardware Diagnostics")


class Shot(NamedTuple):
    """A screen as text and as it is painted."""

    text: str
    strips: list[Strip]


Shots = dict[str, Shot]
See = Callable[[str], Awaitable[None]]


class Keys(NamedTuple):
    """What takes a machine to a guarded door."""

    certificate: bytes
    endorsement: RSAPrivateKey
    signing: RSAPrivateKey
    local: RSAPrivateKey


def tour(look: Look, keys: Keys | None, size: tuple[int, int] = (80, 24)) -> Shots:
    """Everything that is not a page of settings, in an order that somebody might see it in; without keys nothing that needs some.

    The USB stick is the folder `usb` of the current one, so that its path has the same length on every machine.
    """
    shots: Shots = {}

    def visit(pc: TargetPC, script: Callable[[Pilot[str], See], Awaitable[None]]) -> None:
        async def session(pilot: Pilot[str]) -> None:
            async def see(name: str) -> None:
                await settle(pilot)
                assert name not in shots
                # The fingerprint of a challenge is another one each time, for the padding of its PIN is random.
                text = re.sub(r"(?<=Check: )\w{6}", MASKED, seen(pilot))
                shots[name] = Shot(text, pilot.app.screen._compositor.render_strips())

            await settle(pilot)
            await script(pilot, see)

        play(pc, Path("usb"), session, size, look)

    visit(fixed_pc(), _start_menus)
    visit(fixed_pc(), _dialogs)
    visit(_with_passwords(), _passwords)
    visit(_opened(), _cover)
    visit(fixed_pc(), _presence_of_settings)
    if keys is not None:
        visit(_with_keys_waiting(keys), _presence_of_keys)
        guarded = _guarded(keys)
        visit(guarded, _challenges)
        guarded.lose_power()
        visit(_with_update(guarded), _update)
    return shots


async def _start_menus(pilot: Pilot[str], see: See) -> None:
    await see("POST")
    await step(pilot, "escape")
    await see("startup menu")
    await step(pilot, "f1")
    await see("system information over the startup menu")
    await step(pilot, "escape", "f9")
    await see("boot menu")
    await step(pilot, "down", "enter")
    await see("operating system")
    for key, name in (("f2", "diagnostics"), ("f3", "option ROMs"), ("f11", "recovery"), ("f12", "network")):
        await step(pilot, "f5" if key != "f2" else "f10", key)
        await see(f"tool: {name}")
    await step(pilot, "f5", "f10")
    await pilot.resize_terminal(50, 10)
    await see("a window that is too small")


async def _dialogs(pilot: Pilot[str], see: See) -> None:
    await step(pilot, "f10")
    await to_row(pilot, "Change Date and Time")
    await step(pilot, "enter")
    await see("clock")
    await step(pilot, "9", "enter", "enter")
    await see("clock refused")
    await step(pilot, "escape")
    await to_row(pilot, "Apply Custom Defaults and Exit")
    await step(pilot, "enter")
    await see("order")
    await step(pilot, "escape", "slash", *"power")
    await see("search")
    await step(pilot, *"zzz")
    await see("search without result")
    await step(pilot, "escape")
    await _editors(pilot, see)
    await _viewers(pilot, see)
    await step(pilot, "f10")
    await see("save")
    await step(pilot, "escape", "escape")
    await see("ignore")


async def _editors(pilot: Pilot[str], see: See) -> None:
    await to_page(pilot, "Advanced", "Boot Options")
    await to_row(pilot, "Startup Delay (sec.)")
    await step(pilot, "enter")
    await see("drop-down")
    await step(pilot, "down", "enter")
    await see("changed")
    await to_row(pilot, "UEFI Boot Order")
    await step(pilot, "enter", "enter", "down", "f5")
    await see("ordered list, grabbed and off")
    await step(pilot, "f10")
    await see("ordered list, changed")
    await step(pilot, "escape")
    await to_page(pilot, "Advanced", "Scheduled Power-On")
    await to_row(pilot, "BIOS Power-On Hour")
    await step(pilot, "enter")
    await see("number")
    await step(pilot, "7", "7", "enter")
    await see("number refused")
    await step(pilot, "escape", "escape")
    await to_page(pilot, *DIAGNOSTICS)
    await to_row(pilot, "Remote HP PC Hardware Diagnostics Upload Server Password")
    await step(pilot, "enter", *"hush")
    await see("secret")
    await step(pilot, "enter", "escape")
    await to_page(pilot, "Security")
    await to_row(pilot, "Setup Password")
    await step(pilot, "enter")
    await see("new password")
    await step(pilot, *"Sesame", "enter", *"other", "enter")
    await see("new password refused")
    await step(pilot, "escape")
    await to_page(pilot, "Security", "HP Secure Platform Management (SPM)")
    await to_row(pilot, "Enhanced BIOS Authentication Mode")
    await step(pilot, "enter")
    await see("change refused")
    await step(pilot, "escape")


async def _viewers(pilot: Pilot[str], see: See) -> None:
    await to_row(pilot, "Physical Presence Interface")
    await step(pilot, "f1")
    await see("help")
    await step(pilot, "escape")
    await to_page(pilot, "Security", "Secure Boot Configuration")
    await to_row(pilot, "View Secure Boot keys")
    await step(pilot, "enter")
    await see("Secure Boot keys")
    await step(pilot, "escape", "escape")
    await to_page(pilot, "Main", "BIOS Event Log")
    await step(pilot, "enter", "e")
    await see("event log, saved")
    await step(pilot, "escape", "escape")


async def _passwords(pilot: Pilot[str], see: See) -> None:
    await see("power-on password")
    await step(pilot, *"wrong")
    await see("power-on password, typed")
    await step(pilot, "enter")
    await see("power-on password, wrong")
    await step(pilot, *POWER_ON, "enter", "f10")
    await see("administrator password")
    await step(pilot, *POWER_ON, "enter")
    await see("view only")
    await step(pilot, "escape", "y", "f10")
    for _ in range(3):
        await step(pilot, *"wrong", "enter")
    await see("power-on password, no try left")


async def _cover(pilot: Pilot[str], see: See) -> None:
    await see("cover")
    await step(pilot, "enter")
    await see("cover, password needed")


async def _presence_of_keys(pilot: Pilot[str], see: See) -> None:
    await see("presence: keys")
    await step(pilot, *"00000", "enter")
    await see("presence: wrong code")


async def _presence_of_settings(pilot: Pilot[str], see: See) -> None:
    await step(pilot, "f10")
    await to_page(pilot, "Security", "TPM Embedded Security")
    await to_row(pilot, "TPM State")
    await step(pilot, "enter", "f10", "enter")
    await see("presence: settings")
    await step(pilot, "escape", "f10")
    await to_page(pilot, "Security")
    await to_row(pilot, "Restore Security Settings to Factory Defaults")
    await step(pilot, "enter")
    await see("restore security settings")
    await step(pilot, "enter")
    await see("restore ordered")
    await step(pilot, "f10", "enter")
    await see("presence: security")


async def _challenges(pilot: Pilot[str], see: See) -> None:
    await step(pilot, "f10")
    await see("challenge")
    await step(pilot, *"1234", "enter")
    await see("challenge, not 8 digits")
    await step(pilot, "m")
    await see("challenge in parts")
    await step(pilot, "p")
    await see("challenge saved")


async def _update(pilot: Pilot[str], see: See) -> None:
    await see("challenge for an update")


def _with_passwords() -> TargetPC:
    pc = fixed_pc()
    with_passwords(pc, administrator=ADMINISTRATOR, power_on=POWER_ON)
    return pc


def _opened() -> TargetPC:
    pc = fixed_pc(WITH_A_SENSOR)
    roles = pc.firmware.catalogue.roles
    password = c.ChangePassword(roles[Role.ADMINISTRATOR_PASSWORD].name, ADMINISTRATOR)
    in_setup(pc, password, c.StageSetting(roles[Role.COVER_SENSOR].name, "Administrator Password"))
    pc.execute(c.OpenCover())
    return pc


def _with_keys_waiting(keys: Keys) -> TargetPC:
    pc = fixed_pc()
    provisioning.start(pc)
    pc.apply(provisioning.endorsement_payload(keys.certificate))
    pc.apply(provisioning.signing_payload(keys.endorsement, keys.signing))
    pc.execute(c.PowerOff())
    return pc


def _guarded(keys: Keys) -> TargetPC:
    """A machine whose Setup, recovery and updates ask for a response code."""
    pc = fixed_pc()
    provisioning.guard(pc, *keys)
    roles = pc.firmware.catalogue.roles
    pc.execute(c.PowerOn())
    pc.execute(c.EnterSetup())
    pc.answer(pin(pc))
    for role in (Role.PROMPT_ON_RECOVERY, Role.PROMPT_ON_CAPSULE_UPDATE):
        pc.execute(c.StageSetting(roles[role].name, "Enable"))
    pc.execute(c.SaveAndExit())
    pc.execute(c.PowerOff())
    return pc


def _with_update(pc: TargetPC) -> TargetPC:
    for command in (c.PowerOn(attended=False), c.Continue(), FILE, c.PowerOff()):
        pc.execute(command)
    return pc
