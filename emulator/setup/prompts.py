"""What the prompts say that hold up a start: for a password, for the notice that the cover was off, for physical presence.

Pure text from the machine's state. Nothing secret is on a prompt but the presence code, which is there to be read.
"""

from collections.abc import Mapping

from emulator.firmware import cover as case_cover
from emulator.firmware.boot import Entry, Phase
from emulator.firmware.catalogue import IS_SET, Role
from emulator.firmware.firmware import Firmware
from emulator.firmware.presence import Prompt, Subject
from emulator.firmware.turn import condition_value_of
from emulator.setup import wording

ON_THIS_MACHINE: Mapping[Subject, str] = {
    Subject.KEYS: "keys are to be provisioned",
    Subject.KEYS_LEAVING: "keys are to be given up",
    Subject.SECURITY: "the security settings are to be restored",
    Subject.SETTINGS: "settings are to be changed",
}


def password(firmware: Firmware) -> list[str]:
    """Whose password is asked for, and what it opens."""
    if firmware.session.phase is Phase.POWER_ON_PASSWORD:
        return ["Power-On Password", "", "This machine starts with its power-on password."]
    if (entry := firmware.session.entry) is not Entry.SETUP:
        return _door(firmware, entry)
    administrator, power_on = (
        _is_set(firmware, role) for role in (Role.ADMINISTRATOR_PASSWORD, Role.POWER_ON_PASSWORD)
    )
    whose = "administrator" if administrator else "power-on"
    lines = ["Computer Setup", "", f"Computer Setup asks for the {whose} password."]
    return (
        [*lines, "With the power-on password you may look around."] if administrator and power_on else lines
    )


def _door(firmware: Firmware, entry: Entry) -> list[str]:
    asks = f"The {entry.value} asks for the administrator password."
    waiting = firmware.memory.update.waiting
    if entry is Entry.FIRMWARE_UPDATE and waiting is not None:
        about = [
            "The operating system handed over a firmware file that nobody signed:",
            f"  {waiting.name}",
            f"  SHA-256 {waiting.digest.hex()}",
            "",
            "To let it in, type the administrator password.",
        ]
        return [wording.heading(entry.value), "", *about]
    return [wording.heading(entry.value), "", asks]


def _is_set(firmware: Firmware, role: Role) -> bool:
    setting = firmware.catalogue.roles.get(role)
    return (
        setting is not None
        and condition_value_of(firmware.catalogue, firmware.memory, setting.name) == IS_SET
    )


def cover(firmware: Firmware) -> list[str]:
    return [
        "Cover Removal",
        "",
        "The cover of this machine was taken off.",
        f"The last time, and how often so far: {case_cover.told(firmware.memory.cover)}",
        "",
        "Press Enter to acknowledge this. It goes to the event log.",
    ]


def presence(prompt: Prompt) -> list[str]:
    return [
        "Physical Presence",
        "",
        f"On this machine {ON_THIS_MACHINE[prompt.subject]}:",
        "",
        *(f"  {line}" for line in prompt.lines),
        "",
        "Compare this with what you were told. To let it happen, type the code",
        "",
        f"      {prompt.code}",
        "",
        "and press Enter. Esc refuses the change.",
    ]
