"""Hands on the machine itself: opening its case, clearing CMOS, setting the jumper that clears the passwords, and the clock.

Clearing CMOS puts settings to their factory defaults and the clock to its first day. It reaches no more than any other default does, so
it is no way round the keys; and it leaves alone what guards against hands on the board, or the guard would fall to the first touch. The
password jumper, on machines that have one, clears both passwords unless its setting says `Ignore`; what only a signature opens stays
shut.
"""

from emulator.firmware import access, boot, changes, defaults, password_proofs, power
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.access import What
from emulator.firmware.boot import Phase, Step
from emulator.firmware.catalogue import OFF_WORDS, Role
from emulator.firmware.event_log import EventCode
from emulator.firmware.memory import Passwords, RealTimeClock
from emulator.firmware.refusals import NotSupported, ValueNotAllowed
from emulator.firmware.turn import Turn
from emulator.firmware.values import replace

FIRST_DAY = 1_577_836_800
"""Where the clock begins again without its battery: 2020-01-01 00:00, seconds of Unix time."""
LAST_DAY = 4_102_444_800
"""Where it ends, because the event log has two digits for the year: 2100-01-01 00:00."""

_GUARDS = frozenset(
    {
        Role.PASSWORD_JUMPER,
        Role.COVER_SENSOR,
        Role.COVER_POWER_OFF,
        Role.COVER_CLEARS_TPM,
        Role.PROMPT_ON_BOOT_MENU,
        Role.PROMPT_ON_RECOVERY,
        Role.PROMPT_ON_NETWORK_BOOT,
        Role.PROMPT_ON_CAPSULE_UPDATE,
        Role.LOCK_BIOS_VERSION,
    }
)
"""Settings that guard against whoever has hands on the board, and the policies that put doors before the keys."""


def open_cover(turn: Turn, _command: c.OpenCover) -> None:
    """Take the cover off, with the power on or off: the switch has a battery of its own."""
    sensor = turn.catalogue.roles.get(Role.COVER_SENSOR)
    if sensor is None:
        raise NotSupported("this model has no sensor that would notice its cover")
    if turn.stored(sensor) in OFF_WORDS:
        return
    cover = turn.memory.cover
    noticed = replace(
        cover,
        count=cover.count + 1,
        last=max(0, int(turn.now.unix)),
        unacknowledged=True,
        tpm_to_clear=cover.tpm_to_clear or turn.is_on(Role.COVER_CLEARS_TPM),
    )
    turn.memory = replace(turn.memory, cover=noticed)
    turn.record(EventCode.COVER_OPENED)
    if turn.session.phase is not Phase.OFF and turn.is_on(Role.COVER_POWER_OFF):
        power.cut(turn)


def acknowledge_cover(turn: Turn, command: c.AcknowledgeCover) -> None:
    boot.require(turn.session.phase, Step.ACKNOWLEDGE_COVER)
    if asks_administrator(turn):
        password_proofs.require_one_of(turn, command.password, (Role.ADMINISTRATOR_PASSWORD,))
    turn.memory = replace(turn.memory, cover=replace(turn.memory.cover, unacknowledged=False))
    turn.record(EventCode.COVER_ACKNOWLEDGED)
    power.pass_gates(turn)


def asks_administrator(turn: Turn) -> bool:
    """Whether the sensor's setting names the administrator, and there is a password to prove him."""
    sensor = turn.catalogue.roles.get(Role.COVER_SENSOR)
    named = sensor is not None and "Administrator" in turn.stored(sensor)
    return named and turn.password_is_set(Role.ADMINISTRATOR_PASSWORD)


def clear_cmos(turn: Turn, _command: c.ClearCMOS) -> None:
    boot.require(turn.session.phase, Step.OPEN_CASE)
    values = defaults.factory(turn)
    changes.put(
        turn, {name: value for name, value in values.items() if turn.setting(name).role not in _GUARDS}
    )
    _set_clock(turn, FIRST_DAY)


def set_password_jumper(turn: Turn, _command: c.SetPasswordJumper) -> None:
    boot.require(turn.session.phase, Step.OPEN_CASE)
    if Role.PASSWORD_JUMPER not in turn.catalogue.roles:
        raise NotSupported("the board of this model has no jumper that clears passwords")
    if turn.is_on(Role.PASSWORD_JUMPER) and turn.memory.passwords != Passwords():
        turn.memory = replace(turn.memory, passwords=Passwords())
        turn.events.append(e.PasswordsCleared())


def set_clock(turn: Turn, command: c.SetClock) -> None:
    boot.require(turn.session.phase, Step.EDIT)
    column = access.mode(on=turn.memory.authentication.enabled)
    access.require("Date and time", What.SET_CLOCK, turn.session.visitor, column)
    if not FIRST_DAY <= command.unix < LAST_DAY:
        raise ValueNotAllowed("the clock runs from 2020-01-01 to 2099-12-31")
    _set_clock(turn, command.unix)


def _set_clock(turn: Turn, unix: int) -> None:
    clock = turn.memory.clock
    offset = clock.offset + unix - int(turn.now.unix)
    turn.memory = replace(turn.memory, clock=RealTimeClock(offset, clock.tail))
