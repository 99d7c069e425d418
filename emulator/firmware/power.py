"""Switching on, off and over: what a boot begins with, what holds it up, and what survives its end.

A boot draws a fresh nonce, opens a new door with all its tries, and takes over the settings that were stored since the last. Orders
for the next boot are carried out and go back to their default. Then come the gates, each of which stands only before somebody who
attends: the power-on password, the notice that the cover was off, physical presence, the door of a firmware update. What is left of
a wait after wrong codes counts powered-on time only, so it is kept when the power goes.

A boot that nobody attends stops at the power-on password too, unless the policy for starts over the network lets it pass.
"""

from emulator.firmware import (
    boot,
    changes,
    doors,
    guard,
    next_boot,
    presence,
    provisioning,
    secure_boot_orders,
    settings,
    update,
)
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.access import Column
from emulator.firmware.boot import Entry, Phase, Step
from emulator.firmware.catalogue import Catalogue, Role
from emulator.firmware.event_log import EventCode
from emulator.firmware.presence import Subject
from emulator.firmware.refusals import ValueNotAllowed
from emulator.firmware.turn import Session, Turn
from emulator.firmware.values import replace
from emulator.protocol.challenge import NONCE_SIZE


def power_on(turn: Turn, command: c.PowerOn) -> None:
    boot.require(turn.session.phase, Step.POWER_ON)
    _begin_boot(turn, attended=command.attended)


def power_off(turn: Turn, _command: c.PowerOff) -> None:
    boot.require(turn.session.phase, Step.POWER_OFF)
    cut(turn)


def cut(turn: Turn) -> None:
    doors.keep_wait(turn)
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
    """To the operating system, from the first device; a challenge and changes that were not saved are forgotten.

    Before the door of a firmware update it means that the update is not let in.
    """
    boot.require(turn.session.phase, Step.CONTINUE)
    if _stands_before_update(turn):
        update.refuse(turn)
        turn.session = replace(turn.session, door=replace(turn.session.door, live=None, counted=False))
        pass_gates(turn)
        return
    start_from(turn, next(iter(devices(turn.catalogue, turn.session)), ""))


def _stands_before_update(turn: Turn) -> bool:
    session = turn.session
    return session.entry is Entry.FIRMWARE_UPDATE and session.phase in (Phase.CHALLENGE, Phase.PASSWORD)


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
    doors.keep_wait(turn)
    _begin_boot(turn, attended=turn.session.attended)


def pass_gates(turn: Turn) -> None:
    """The next thing that holds up a boot, else POST with the settings that now act."""
    turn.memory = secure_boot_orders.in_force(turn.catalogue, turn.memory)
    turn.session = replace(turn.session, prompt=None, effective=turn.memory.settings)
    if _asks_power_on_password(turn):
        turn.enter(Phase.POWER_ON_PASSWORD)
    elif turn.session.attended and turn.memory.cover.unacknowledged:
        turn.enter(Phase.COVER_NOTICE)
    elif turn.session.attended and (
        prompt := presence.next_prompt(turn.catalogue, turn.memory, turn.entropy)
    ):
        turn.session = replace(turn.session, prompt=prompt)
        if prompt.subject in (Subject.KEYS, Subject.KEYS_LEAVING):
            provisioning.remind(turn, EventCode.PIN_REQUESTED)
        turn.enter(Phase.PRESENCE)
    elif not _holds_up_for_update(turn):
        turn.enter(Phase.POST)


def _holds_up_for_update(turn: Turn) -> bool:
    """Whether somebody is asked to let a firmware file in; one that needs nobody is installed."""
    waiting = turn.memory.update
    if waiting.waiting is None:
        return False
    if turn.is_on(Role.LOCK_BIOS_VERSION):
        update.refuse(turn)
        return False
    if waiting.authorized or doors.column(turn, Entry.FIRMWARE_UPDATE) in _UNGUARDED:
        update.install(turn)
        return False
    return turn.session.attended and doors.asked(turn, Entry.FIRMWARE_UPDATE) is None


_UNGUARDED = (Column.NOTHING, Column.POLICY_OFF)


def _asks_power_on_password(turn: Turn) -> bool:
    if not turn.password_is_set(Role.POWER_ON_PASSWORD) or turn.session.proved:
        return False
    return turn.session.attended or turn.is_on(Role.WAKE_ON_LAN_POLICY, absent=True)


def _begin_boot(turn: Turn, *, attended: bool) -> None:
    boots = replace(turn.memory.boot, boots=turn.memory.boot.boots + 1, running=True)
    turn.memory = secure_boot_orders.begun(turn.catalogue, replace(turn.memory, boot=boots))
    if not turn.is_on(Role.PHYSICAL_PRESENCE_INTERFACE):
        changes.settle(turn)
    provisioning.confirm_unasked(turn)
    next_boot.carry_out(turn)
    tries = int(turn.catalogue.quirks.response_tries)
    door = guard.opened(turn.memory.guard, turn.entropy.octets(NONCE_SIZE), turn.now, tries)
    turn.session = Session(Phase.POST, attended, door)
    pass_gates(turn)
