"""Switching on, off and over: what a boot begins with, what holds it up, and what survives its end.

A boot draws a fresh nonce, opens a new door with all its tries, and takes over the settings that were stored since the last. Orders
for the next boot are carried out and go back to their default. Then come the gates, each of which stands only before somebody who
attends: the power-on password, the notice that the cover was off, physical presence. What is left of a wait after wrong codes
counts powered-on time only, so it is kept when the power goes.

A boot that nobody attends stops at the power-on password too, unless the policy for starts over the network lets it pass.
"""

import math
from dataclasses import replace

from emulator.firmware import boot, changes, guard, next_boot, presence, settings
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.boot import Phase, Step
from emulator.firmware.catalogue import Catalogue, Role
from emulator.firmware.refusals import ValueNotAllowed
from emulator.firmware.turn import Session, Turn
from emulator.protocol.challenge import NONCE_SIZE


def power_on(turn: Turn, command: c.PowerOn) -> None:
    boot.require(turn.session.phase, Step.POWER_ON)
    _begin_boot(turn, attended=command.attended)


def power_off(turn: Turn, _command: c.PowerOff) -> None:
    boot.require(turn.session.phase, Step.POWER_OFF)
    cut(turn)


def cut(turn: Turn) -> None:
    keep_wait(turn)
    turn.memory = replace(turn.memory, boot=replace(turn.memory.boot, running=False))
    turn.session = Session()
    turn.events.append(e.PhaseEntered(Phase.OFF))


def restart(turn: Turn, _command: c.Restart) -> None:
    boot.require(turn.session.phase, Step.RESTART)
    reboot(turn)


def startup_menu(turn: Turn, _command: c.OpenStartupMenu) -> None:
    boot.require(turn.session.phase, Step.STARTUP_KEY)
    turn.enter(Phase.STARTUP_MENU)


def go_on(turn: Turn, _command: c.Continue) -> None:
    """To the operating system, from the first device; a challenge and changes that were not saved are forgotten."""
    boot.require(turn.session.phase, Step.CONTINUE)
    start_from(turn, next(iter(devices(turn.catalogue, turn.session)), ""))


def choose(turn: Turn, command: c.StartFrom) -> None:
    boot.require(turn.session.phase, Step.CHOOSE_DEVICE)
    known = devices(turn.catalogue, turn.session)
    if command.device not in known:
        raise ValueNotAllowed(
            f"the boot menu has {', '.join(known) or 'no entry'}; {command.device[:80]!r} came"
        )
    start_from(turn, command.device)


def devices(catalogue: Catalogue, session: Session) -> list[str]:
    """What this boot can start from, in order."""
    setting = catalogue.roles.get(Role.BOOT_ORDER)
    if setting is None:
        return []
    order = settings.tokens(session.effective.get(setting.name, setting.default))
    return [token for token in order if not token.endswith(settings.DISABLED)]


def start_from(turn: Turn, device: str) -> None:
    door = replace(turn.session.door, live=None, counted=False)
    turn.session = replace(turn.session, staged={}, door=door, device=device)
    turn.enter(Phase.OPERATING_SYSTEM)


def reboot(turn: Turn) -> None:
    keep_wait(turn)
    _begin_boot(turn, attended=turn.session.attended)


def pass_gates(turn: Turn) -> None:
    """The next thing that holds up a boot, else POST with the settings that now act."""
    turn.session = replace(turn.session, prompt=None, effective=turn.memory.settings)
    if _asks_power_on_password(turn):
        turn.enter(Phase.POWER_ON_PASSWORD)
    elif turn.session.attended and turn.memory.cover.unacknowledged:
        turn.enter(Phase.COVER_NOTICE)
    else:
        ask_presence(turn)


def ask_presence(turn: Turn) -> None:
    prompt = None
    if turn.session.attended:
        prompt = presence.next_prompt(turn.catalogue, turn.memory, turn.entropy)
    turn.session = replace(turn.session, prompt=prompt, effective=turn.memory.settings)
    turn.enter(Phase.POST if prompt is None else Phase.PRESENCE)


def _asks_power_on_password(turn: Turn) -> bool:
    if not turn.password_is_set(Role.POWER_ON_PASSWORD) or turn.session.proved:
        return False
    return turn.session.attended or turn.is_on(Role.WAKE_ON_LAN_POLICY, absent=True)


def keep_wait(turn: Turn) -> None:
    wait = math.ceil(guard.wait_left(turn.session.door, turn.now))
    if wait != turn.memory.guard.wait:
        turn.memory = replace(turn.memory, guard=replace(turn.memory.guard, wait=wait))


def _begin_boot(turn: Turn, *, attended: bool) -> None:
    boots = replace(turn.memory.boot, boots=turn.memory.boot.boots + 1, running=True)
    turn.memory = replace(turn.memory, boot=boots)
    if not turn.is_on(Role.PHYSICAL_PRESENCE_INTERFACE):
        changes.settle(turn)
    next_boot.carry_out(turn)
    door = guard.opened(turn.memory.guard, turn.entropy.octets(NONCE_SIZE), turn.now)
    turn.session = Session(Phase.POST, attended, door)
    pass_gates(turn)
