"""The doors of the machine: Computer Setup, the boot menu, the pre-boot tools, and a firmware update that nobody signed.

A local access key guards a door with a challenge, whatever passwords there are. Without one, passwords guard: the administrator's, if
one is set; else the power-on password opens Computer Setup. A password that was typed right in this boot need not be typed again. Most
doors are there only where the administrator's policy asks for one; that of third-party option ROMs always is, and diagnostics have none.

A right code clears the misses and the wait that they cost; so does a signed setting or update, if it is newer than all before. One that
may be repeated is no secret any more, and who sends it again proves nothing.
"""

import math
from collections.abc import Mapping
from typing import NamedTuple

from emulator.firmware import access, bios_auth, guard
from emulator.firmware import events as e
from emulator.firmware.access import Column, Verdict, What, Who
from emulator.firmware.boot import Entry, Phase
from emulator.firmware.catalogue import Role
from emulator.firmware.memory import Counters, Guard
from emulator.firmware.turn import Turn
from emulator.firmware.values import replace
from emulator.protocol.challenge import Purpose

ADMINISTRATOR, POWER_ON = Role.ADMINISTRATOR_PASSWORD, Role.POWER_ON_PASSWORD


class Door(NamedTuple):
    """What passing it is called in the decision table, what a challenge says, and the policy that puts it there."""

    what: What
    purpose: Purpose
    policy: Role | None = None


DOORS: Mapping[Entry, Door] = {
    Entry.SETUP: Door(What.ENTER_SETUP, Purpose.SETUP),
    Entry.OPTION_ROMS: Door(What.OPTION_ROMS, Purpose.OPTION_ROMS),
    Entry.BOOT_MENU: Door(What.BOOT_MENU, Purpose.BOOT_MENU, Role.PROMPT_ON_BOOT_MENU),
    Entry.RECOVERY: Door(What.RECOVERY, Purpose.RECOVERY, Role.PROMPT_ON_RECOVERY),
    Entry.NETWORK_BOOT: Door(What.NETWORK_BOOT, Purpose.NETWORK_BOOT, Role.PROMPT_ON_NETWORK_BOOT),
    Entry.FIRMWARE_UPDATE: Door(What.INSTALL_UPDATE, Purpose.FIRMWARE_UPDATE, Role.PROMPT_ON_CAPSULE_UPDATE),
}

_OPEN = frozenset({Verdict.ALLOWED, Verdict.AS_USER})


def asked(turn: Turn, entry: Entry) -> Who | None:
    """Stand before a door: be asked for what opens it, or learn as who one goes through."""
    if entry not in DOORS:
        turn.session = replace(turn.session, entry=entry)
        return Who.LOCAL_USER
    # An update is let in knowingly: what was typed before the page that names it does not count.
    who = Who.LOCAL_USER if entry is Entry.FIRMWARE_UPDATE else best_proof(turn)
    decided = access.verdict(DOORS[entry].what, who, column(turn, entry))
    if decided is Verdict.NEEDS_RESPONSE_CODE:
        turn.enter(Phase.CHALLENGE, entry=entry)
        if guard.wait_left(turn.session.door, turn.now) == 0:
            issue(turn)
        return None
    # Whoever would come in as a user may have the administrator's password as well.
    if decided in (Verdict.NEEDS_PASSWORD, Verdict.AS_USER):
        turn.enter(Phase.PASSWORD, entry=entry)
        return None
    turn.session = replace(turn.session, entry=entry)
    return who


def column(turn: Turn, entry: Entry) -> Column:
    """What guards a door now."""
    policy = DOORS[entry].policy
    if policy is not None and not turn.is_on(policy) and not _asks_always(turn, entry):
        return Column.POLICY_OFF
    if bios_auth.guarding_key(turn.memory.authentication, turn.catalogue.quirks) is not None:
        return Column.KEY_LEFT
    locked = turn.password_is_set(ADMINISTRATOR) or (entry is Entry.SETUP and turn.password_is_set(POWER_ON))
    return Column.PASSWORD if locked else Column.NOTHING


def _asks_always(turn: Turn, entry: Entry) -> bool:
    """Whether a door is there without its policy: that of an update while the mode is on, as a rule."""
    strict = turn.catalogue.quirks.update_while_mode_on != "by policy"
    return entry is Entry.FIRMWARE_UPDATE and turn.memory.authentication.enabled and strict


def accepted(entry: Entry) -> tuple[Role, ...]:
    """Passwords that open a door which a password guards."""
    proofs = {ADMINISTRATOR: Who.ADMINISTRATOR, POWER_ON: Who.POWER_ON}
    what = DOORS[entry].what
    return tuple(role for role, who in proofs.items() if access.verdict(what, who, Column.PASSWORD) in _OPEN)


def best_proof(turn: Turn) -> Who:
    """Whoever typed passwords in this boot; the lesser one is as good as the greater where that is not set."""
    proved, has_administrator = turn.session.proved, turn.password_is_set(ADMINISTRATOR)
    if ADMINISTRATOR in proved or (POWER_ON in proved and not has_administrator):
        return Who.ADMINISTRATOR
    return Who.POWER_ON if POWER_ON in proved else Who.LOCAL_USER


def count(turn: Turn, counters: Counters) -> None:
    """Take over the counters after a signed command was accepted."""
    before = turn.memory.counters
    if (counters.settings, counters.actions) != (before.settings, before.actions):
        turn.memory = replace(turn.memory, counters=counters)
        clear_misses(turn)


def clear_misses(turn: Turn) -> None:
    if turn.memory.guard.misses or turn.memory.guard.wait:
        turn.memory = replace(turn.memory, guard=Guard(tail=turn.memory.guard.tail))
    if guard.wait_left(turn.session.door, turn.now) > 0:
        turn.session = replace(turn.session, door=replace(turn.session.door, may_issue=0.0))


def issue(turn: Turn) -> None:
    """Put a new challenge on the screen. Raises MustWait."""
    quirks = turn.catalogue.quirks
    key = bios_auth.guarding_key(turn.memory.authentication, quirks)
    assert key is not None  # the phase exists only with a key
    identity, door = turn.memory.identity, turn.session.door
    purpose, life = DOORS[turn.session.entry].purpose, int(quirks.response_life)
    door = guard.issued(door, key, identity, purpose, turn.now, turn.entropy, life=life)
    turn.session = replace(turn.session, door=door)
    keep_wait(turn)
    assert door.live is not None  # just issued
    turn.events.append(e.ChallengeIssued(door.live.challenge.text))


def keep_wait(turn: Turn) -> None:
    """Remember what is left of the wait, which goes on when the power comes back."""
    wait = math.ceil(guard.wait_left(turn.session.door, turn.now))
    if wait != turn.memory.guard.wait:
        turn.memory = replace(turn.memory, guard=replace(turn.memory.guard, wait=wait))
