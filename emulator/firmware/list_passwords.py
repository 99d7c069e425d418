"""Passwords that came with the entries of one list, and whether they open what the administrator's password guards.

Each is looked at once, for that takes its time; a wrong one costs one try, however many entries bring it.
"""

from dataclasses import dataclass, field

from emulator.firmware import password_proofs
from emulator.firmware.refusals import Refused
from emulator.firmware.turn import Turn
from emulator.firmware.values import replace


@dataclass(slots=True)
class ListPasswords:
    """What became of each password, while the one that is set stays the same."""

    looked_at: dict[str, Refused | None] = field(default_factory=dict, repr=False)

    def require(self, turn: Turn, sent: str) -> None:
        """Raise what refuses an entry that brought this password."""
        if sent not in self.looked_at:
            self.looked_at[sent] = _why_not(turn, sent)
        if refusal := self.looked_at[sent]:
            raise refusal


def _why_not(turn: Turn, sent: str) -> Refused | None:
    try:
        password_proofs.require_administrator(turn, sent)
    except Refused as refusal:
        if refusal.costs_a_try:
            turn.session = replace(turn.session, password_tries=turn.session.password_tries - 1)
        return refusal
    return None
