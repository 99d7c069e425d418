"""The guard at a door: challenge, one-time PIN, and what wrong codes cost.

* A PIN has 8 uniform digits, is good for one challenge, 10 minutes of monotonic time, and once. It lives in the session only.
* A boot allows 3 wrong codes in all, across refreshes, pages and entries; the last is logged and forces a restart.
* A miss is counted, and committed to the image, **before** the code is compared, so that pulling the plug refunds nothing.
  That is why answering takes two commands: `counted`, then `compared`.
* From the 4th miss since the last right code on, a *new* challenge waits: 5 s, doubling up to 15 minutes, of powered-on time;
  what is left survives restart and power-off. Nothing locks for ever, and malformed input costs nothing.

How many tries and how long a real machine allows is not public; the numbers are ours, and those two are `quirks`.
"""

import unicodedata
from dataclasses import field
from typing import NamedTuple, Protocol

from emulator.firmware.memory import Guard, Identity, LocalAccessKey
from emulator.firmware.refusals import MalformedCode, MustWait, NoLiveChallenge
from emulator.firmware.values import replace
from emulator.protocol import challenge
from emulator.protocol.challenge import Challenge, Purpose
from emulator.protocol.frozen import frozen, frozen_open

TRIES = 3
"""As a rule."""
FREE_MISSES = 3
MOST_MISSES = 0xFFFFFFFF
"""What the field in the image holds; the count stops there."""
LONGEST_TYPED = 64
FIRST_WAIT = 5
LONGEST_WAIT = 900


class Moment(NamedTuple):
    """Now: seconds of Unix time by the PC's clock, and of a clock that only runs forward."""

    unix: float
    monotonic: float


class Entropy(Protocol):
    """Where random numbers come from."""

    def octets(self, count: int) -> bytes:
        """`count` random bytes."""

    def below(self, limit: int) -> int:
        """A uniform number from 0 to `limit` - 1."""


@frozen
class Live:
    """A challenge that is on the screen, and the PIN that answers it."""

    challenge: Challenge
    expires: float
    pin: str = field(repr=False)


@frozen_open
class Door:
    """The guard's volatile side during one boot. `counted` says that a try was paid for and not yet compared."""

    boot_nonce: bytes = bytes(challenge.NONCE_SIZE)
    tries_left: int = TRIES
    may_issue: float = 0.0
    live: Live | None = None
    counted: bool = False


def opened(guard: Guard, boot_nonce: bytes, now: Moment, tries: int = TRIES) -> Door:
    """The door at the beginning of a boot."""
    return Door(boot_nonce, tries, may_issue=now.monotonic + guard.wait)


def wait_left(door: Door, now: Moment) -> float:
    """Seconds until a new challenge may be issued."""
    return max(0.0, door.may_issue - now.monotonic)


def good(door: Door, now: Moment) -> Live | None:
    """The challenge that can be answered now."""
    return door.live if door.live is not None and now.monotonic < door.live.expires else None


def is_due(door: Door, now: Moment) -> bool:
    """Whether a screen that shows a challenge has to ask for a new one: none is good any more, and no time is left to wait."""
    return good(door, now) is None and wait_left(door, now) == 0


def issued(
    door: Door,
    key: LocalAccessKey,
    identity: Identity,
    purpose: Purpose,
    now: Moment,
    entropy: Entropy,
    *,
    life: float,
) -> Door:
    """The door with a new challenge, good for `life` seconds, which replaces the one before. Raises MustWait."""
    if wait_left(door, now) > 0:
        raise MustWait(f"after several wrong codes a new challenge takes {wait_left(door, now):.0f} s more")
    pin = f"{entropy.below(10**challenge.DIGITS):0{challenge.DIGITS}}"
    issued_at = max(0, int(now.unix))  # a host without a clock begins in 1970, and ours may be behind it
    header = challenge.Header(purpose, identity.machine, door.boot_nonce, issued_at, identity.serial)
    live = Live(challenge.seal(pin, key.key, header), now.monotonic + life, pin)
    return replace(door, live=live, counted=False)


def normalised(typed: str) -> str:
    """The eight digits that were typed: blanks and hyphens dropped, full-width digits folded. Raises MalformedCode."""
    folded = unicodedata.normalize("NFKC", typed[:LONGEST_TYPED])
    code = folded.replace(" ", "").replace("-", "")
    if len(typed) > LONGEST_TYPED or not challenge.is_pin(code):
        raise MalformedCode(
            f"a response code has {challenge.DIGITS} digits; nothing was compared, and no try is lost"
        )
    return code


def counted(door: Door, guard: Guard, typed: str, now: Moment) -> tuple[Door, Guard]:
    """Pay for one try. Raises MalformedCode or NoLiveChallenge, and then nothing is paid."""
    if good(door, now) is None:
        raise NoLiveChallenge("this challenge has expired; ask for a new one and scan it")
    if door.tries_left <= 0:
        raise NoLiveChallenge("no try is left in this boot; restart the machine")
    normalised(typed)
    misses = min(guard.misses + 1, MOST_MISSES)
    wait = _wait(misses)
    paid = replace(
        door,
        tries_left=door.tries_left - 1,
        counted=True,
        may_issue=max(door.may_issue, now.monotonic + wait),
    )
    return paid, replace(guard, misses=misses, wait=wait)


def compared(door: Door, typed: str) -> bool:
    """Whether the code is right. Raises NoLiveChallenge unless a try was paid for."""
    if door.live is None or not door.counted:
        raise NoLiveChallenge("no try was counted for this code")
    import hmac

    return hmac.compare_digest(normalised(typed).encode("ascii"), door.live.pin.encode("ascii"))


def _wait(misses: int) -> int:
    """Seconds that the next challenge waits after so many misses."""
    late = misses - FREE_MISSES
    return 0 if late <= 0 else min(LONGEST_WAIT, FIRST_WAIT << min(late - 1, 16))
