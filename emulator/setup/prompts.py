"""What the prompts say that hold up a start: for a password, for the notice that the cover was off, for physical presence.

Pure text from the machine's state. Nothing secret is on a prompt but the presence code, which is there to be read. What will change stands
there in the firmware's own words.
"""

from collections.abc import Mapping

from emulator.firmware import cover as case_cover
from emulator.firmware.boot import Entry, Phase
from emulator.firmware.catalogue import IS_SET, Role
from emulator.firmware.firmware import Firmware
from emulator.firmware.presence import Prompt, Subject
from emulator.firmware.turn import condition_value_of
from emulator.setup import wording
from emulator.setup.views import Words

ON_THIS_MACHINE: Mapping[Subject, str] = {
    Subject.KEYS: "On this machine keys are to be provisioned:",
    Subject.KEYS_LEAVING: "On this machine keys are to be given up:",
    Subject.SECURITY: "On this machine the security settings are to be restored:",
    Subject.SETTINGS: "On this machine settings are to be changed:",
}


def password(firmware: Firmware, words: Words) -> list[str]:
    """Whose password is asked for, and what it opens."""
    if firmware.session.phase is Phase.POWER_ON_PASSWORD:
        return [words("Power-On Password"), "", words("This machine starts with its power-on password.")]
    if (entry := firmware.session.entry) is not Entry.SETUP:
        return _door(firmware, entry, words)
    administrator, power_on = (
        _is_set(firmware, role) for role in (Role.ADMINISTRATOR_PASSWORD, Role.POWER_ON_PASSWORD)
    )
    asks = "Computer Setup asks for the power-on password."
    if administrator:
        asks = "Computer Setup asks for the administrator password."
    lines = [words("Computer Setup"), "", words(asks)]
    if administrator and power_on:
        lines.append(words("With the power-on password you may look around."))
    return lines


def _door(firmware: Firmware, entry: Entry, words: Words) -> list[str]:
    heading = wording.heading(words(entry.value))
    waiting = firmware.memory.update.waiting
    if entry is Entry.FIRMWARE_UPDATE and waiting is not None:
        return [
            heading,
            "",
            words("The operating system handed over a firmware file that nobody signed:"),
            f"  {waiting.name}",
            f"  SHA-256 {waiting.digest.hex()}",
            "",
            words("To let it in, type the administrator password."),
        ]
    return [heading, "", words(f"The {entry.value} asks for the administrator password.")]


def _is_set(firmware: Firmware, role: Role) -> bool:
    setting = firmware.catalogue.roles.get(role)
    return (
        setting is not None
        and condition_value_of(firmware.catalogue, firmware.memory, setting.name) == IS_SET
    )


def cover(firmware: Firmware, words: Words) -> list[str]:
    told = case_cover.told(firmware.memory.cover)
    return [
        words("Cover Removal"),
        "",
        words("The cover of this machine was taken off."),
        words("The last time, and how often so far: {told}", told=told),
        "",
        words("Press Enter to acknowledge this. It goes to the event log."),
    ]


def presence(prompt: Prompt, words: Words) -> list[str]:
    """What is to happen; it may be long."""
    return [
        words("Physical Presence"),
        "",
        words(ON_THIS_MACHINE[prompt.subject]),
        "",
        *(f"  {line}" for line in prompt.lines),
    ]


def presence_code(prompt: Prompt, words: Words) -> list[str]:
    """What to do to let it happen."""
    return [
        words("Compare this with what you were told. To let it happen, type the code"),
        "",
        f"      {prompt.code}",
        "",
        words("and press Enter. Esc refuses the change."),
    ]
