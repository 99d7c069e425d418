"""Sending a policy to a PC, step by step: which step is next, and when it is no use to go on.

A step that the PC refuses ends it, for what follows rests on it. After the orders that bring keys, the PC must be restarted and its code
typed in before it knows the signing key; so sending pauses there, and goes on when the person says that this was done.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from emulator.protocol import payload
from emulator.protocol.payload import Purpose
from emulator.protocol.policy import Policy
from emulator.protocol.status import CommandStatus

PLATFORM = {Purpose.ENDORSEMENT_KEY, Purpose.SIGNING_KEY}
"""Orders of Secure Platform Management; all others are settings."""


class Outcome(Enum):
    WAITING = "waiting"
    TAKEN = "accepted"
    REFUSED = "refused"
    UNREACHED = "not sent"


class Standing(Enum):
    """Where the sending stands."""

    READY = "ready"
    RESTART = "restart"
    STOPPED = "stopped"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one step."""

    outcome: Outcome
    status: int | None = None
    status_name: str = ""
    sentence: str = ""


WAITING = Answered(Outcome.WAITING)


class Sending:
    """The steps of one policy on their way to one PC."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.answers = [WAITING] * len(policy.steps)
        self.standing = Standing.READY
        self.restart_at_end = False
        self._at = 0
        self._awaits_restart = False

    @property
    def payload(self) -> bytes:
        """The step that is next."""
        return self.policy.steps[self._at].payload

    def restarted(self) -> None:
        """The person says that the PC was restarted and its code typed; or wants to try the refused step again."""
        if self.standing in {Standing.RESTART, Standing.STOPPED}:
            self.standing, self._awaits_restart = Standing.READY, False

    def answered(self, reply: Mapping[str, object]) -> None:
        """Take the PC's answer to the step that was next."""
        self.answers[self._at] = answer = _answer(reply)
        if answer.outcome is not Outcome.TAKEN:
            self.standing = Standing.STOPPED
            return
        self._awaits_restart |= bool(reply.get("presence_needed"))
        self._at += 1
        if self._at == len(self.policy.steps):
            self.standing, self.restart_at_end = Standing.DONE, self._awaits_restart
        elif self._awaits_restart and not self._is_platform():
            self.standing = Standing.RESTART

    @property
    def is_in_use(self) -> bool:
        """The PC keeps its keys because a feature counts on them: 0x1002."""
        return any(
            each.status == CommandStatus.IN_USE for each in self.answers if each.outcome is Outcome.REFUSED
        )

    def _is_platform(self) -> bool:
        return payload.parse(self.payload).purpose in PLATFORM


def _answer(reply: Mapping[str, object]) -> Answered:
    if "error" in reply:
        return Answered(Outcome.UNREACHED, sentence=str(reply["error"]))
    status = reply.get("status")
    number = status if isinstance(status, int) else None
    outcome = Outcome.TAKEN if reply.get("ok") else Outcome.REFUSED
    return Answered(outcome, number, str(reply.get("status_name", "")), str(reply.get("sentence", "")))
