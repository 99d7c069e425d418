"""The phases of a machine between power-on and power-off, and which command leads from one to the next.

Power-on first passes what holds it up, in this order: the power-on password, the notice that the cover was off, the prompt for physical
presence, an update that waits to be let in. Then POST's keys are open for a moment: Computer Setup, the startup menu, the boot menu,
and tools such as system recovery. They have doors, which a local access key or a password guards. Whatever is not in the table is
refused with the phase and the command in its text.
"""

from collections.abc import Mapping

from emulator.firmware.refusals import WrongPhase
from emulator.firmware.words import Word


class Phase(Word):
    OFF = "off"
    POWER_ON_PASSWORD = "power-on password prompt"  # noqa: S105 -- the name of a phase
    COVER_NOTICE = "notice that the cover was taken off"
    PRESENCE = "physical-presence prompt"
    POST = "power-on self-test"
    STARTUP_MENU = "startup menu"
    CHALLENGE = "response-code prompt"
    PASSWORD = "password prompt"  # noqa: S105 -- the name of a phase
    SETUP = "Computer Setup"
    BOOT_MENU = "boot menu"
    TOOL = "pre-boot tool"
    OPERATING_SYSTEM = "operating system"


class Entry(Word):
    """A door that somebody at the machine wants to pass, or that an update stands before."""

    SETUP = "Computer Setup"
    OPTION_ROMS = "third-party option ROM management"
    BOOT_MENU = "boot menu"
    RECOVERY = "system recovery"
    NETWORK_BOOT = "network boot"
    DIAGNOSTICS = "hardware diagnostics"
    FIRMWARE_UPDATE = "firmware update"


TOOLS = frozenset({Entry.OPTION_ROMS, Entry.RECOVERY, Entry.NETWORK_BOOT, Entry.DIAGNOSTICS})
"""What lies outside this firmware on a real machine: behind its door comes a page that says so."""


class Step(Word):
    """What can happen to a machine's phase."""

    POWER_ON = "switch on"
    POWER_OFF = "switch off"
    RESTART = "restart"
    STARTUP_KEY = "open the startup menu"
    SETUP_KEY = "enter Computer Setup"
    BOOT_KEY = "open the boot menu"
    TOOL_KEY = "open a pre-boot tool"
    CHOOSE_DEVICE = "start from a device"
    CONTINUE = "continue to the operating system"
    ACKNOWLEDGE_COVER = "acknowledge that the cover was off"
    ANSWER_PRESENCE = "answer the physical-presence prompt"
    ANSWER_CHALLENGE = "answer the challenge"
    TYPE_PASSWORD = "take a password"  # noqa: S105 -- the name of a step
    EDIT = "change a setting in Computer Setup"
    MANAGE = "take a command from the operating system"
    OPEN_CASE = "have its board touched"


# step: the phases in which it may be taken.
ALLOWED: Mapping[Step, frozenset[Phase]] = {
    Step.POWER_ON: frozenset({Phase.OFF}),
    Step.POWER_OFF: frozenset(Phase) - {Phase.OFF},
    Step.RESTART: frozenset(
        {
            Phase.POWER_ON_PASSWORD,
            Phase.COVER_NOTICE,
            Phase.STARTUP_MENU,
            Phase.PASSWORD,
            Phase.SETUP,
            Phase.BOOT_MENU,
            Phase.TOOL,
            Phase.OPERATING_SYSTEM,
        }
    ),
    Step.STARTUP_KEY: frozenset({Phase.POST}),
    Step.SETUP_KEY: frozenset({Phase.POST, Phase.STARTUP_MENU}),
    Step.BOOT_KEY: frozenset({Phase.POST, Phase.STARTUP_MENU}),
    Step.TOOL_KEY: frozenset({Phase.POST, Phase.STARTUP_MENU}),
    Step.CHOOSE_DEVICE: frozenset({Phase.BOOT_MENU}),
    Step.CONTINUE: frozenset(
        {
            Phase.POST,
            Phase.STARTUP_MENU,
            Phase.CHALLENGE,
            Phase.PASSWORD,
            Phase.SETUP,
            Phase.BOOT_MENU,
            Phase.TOOL,
        }
    ),
    Step.ACKNOWLEDGE_COVER: frozenset({Phase.COVER_NOTICE}),
    Step.ANSWER_PRESENCE: frozenset({Phase.PRESENCE}),
    Step.ANSWER_CHALLENGE: frozenset({Phase.CHALLENGE}),
    Step.TYPE_PASSWORD: frozenset({Phase.POWER_ON_PASSWORD, Phase.PASSWORD}),
    Step.EDIT: frozenset({Phase.SETUP}),
    Step.MANAGE: frozenset({Phase.OPERATING_SYSTEM}),
    Step.OPEN_CASE: frozenset({Phase.OFF}),
}

# phase: what gets the machine out of it, towards the operating system.
WAY_ON: Mapping[Phase, str] = {
    Phase.OFF: "switch it on",
    Phase.POWER_ON_PASSWORD: "type the power-on password",
    Phase.COVER_NOTICE: "press Enter",
    Phase.PRESENCE: "type the code shown, or press Esc",
    Phase.POST: "press Enter",
    Phase.STARTUP_MENU: "press Enter on Continue Startup",
    Phase.CHALLENGE: "press Esc",
    Phase.PASSWORD: "press Esc",
    Phase.SETUP: "save or ignore the changes and exit",
    Phase.TOOL: "press Esc",
    Phase.BOOT_MENU: "choose a device, or press Esc",
    Phase.OPERATING_SYSTEM: "restart it, or switch it off",
}


def require(phase: Phase, step: Step) -> None:
    """Raise WrongPhase unless `step` may be taken in `phase`."""
    if phase not in ALLOWED[step]:
        raise WrongPhase(
            f"the machine cannot {step.value} now: it is in the phase {phase.value!r}; {WAY_ON[phase]}"
        )
