"""The phases of a machine between power-on and power-off, and which command leads from one to the next.

POST asks for physical presence first, if anything waits for it; then its keys are open for a moment. Computer Setup has a door,
which a local access key guards. Whatever is not in the table is refused with the phase and the command in its text.
"""

from collections.abc import Mapping
from enum import Enum

from emulator.firmware.refusals import WrongPhase


class Phase(Enum):
    OFF = "off"
    PRESENCE = "physical-presence prompt"
    POST = "power-on self-test"
    CHALLENGE = "response-code prompt"
    SETUP = "Computer Setup"
    OPERATING_SYSTEM = "operating system"


class Step(Enum):
    """What can happen to a machine's phase."""

    POWER_ON = "switch on"
    POWER_OFF = "switch off"
    RESTART = "restart"
    SETUP_KEY = "enter Computer Setup"
    CONTINUE = "continue to the operating system"
    ANSWER_PRESENCE = "answer the physical-presence prompt"
    ANSWER_CHALLENGE = "answer the challenge"
    EDIT = "change a setting in Computer Setup"
    MANAGE = "take a command from the operating system"


# step: the phases in which it may be taken.
ALLOWED: Mapping[Step, frozenset[Phase]] = {
    Step.POWER_ON: frozenset({Phase.OFF}),
    Step.POWER_OFF: frozenset(Phase) - {Phase.OFF},
    Step.RESTART: frozenset({Phase.SETUP, Phase.OPERATING_SYSTEM}),
    Step.SETUP_KEY: frozenset({Phase.POST}),
    Step.CONTINUE: frozenset({Phase.POST, Phase.CHALLENGE, Phase.SETUP}),
    Step.ANSWER_PRESENCE: frozenset({Phase.PRESENCE}),
    Step.ANSWER_CHALLENGE: frozenset({Phase.CHALLENGE}),
    Step.EDIT: frozenset({Phase.SETUP}),
    Step.MANAGE: frozenset({Phase.OPERATING_SYSTEM}),
}

# phase: what gets the machine out of it, towards the operating system.
WAY_ON: Mapping[Phase, str] = {
    Phase.OFF: "switch it on",
    Phase.PRESENCE: "type the code shown, or press Esc",
    Phase.POST: "press Enter",
    Phase.CHALLENGE: "press Esc",
    Phase.SETUP: "save or ignore the changes and exit",
    Phase.OPERATING_SYSTEM: "restart it",
}


def require(phase: Phase, step: Step) -> None:
    """Raise WrongPhase unless `step` may be taken in `phase`."""
    if phase not in ALLOWED[step]:
        raise WrongPhase(
            f"the machine cannot {step.value} now: it is in the phase {phase.value!r}; {WAY_ON[phase]}"
        )
