"""Judging the entries of a list, each by the proof that it brought: as the machine is before anything of the list is carried out.

An entry with a signature is judged by that, as if it came alone, and reaches what a signed command reaches. One without is judged by its
own password, or else the list's, and reaches only what `defaults` reach: a file guards nothing. Where no password is set none is asked for
yet, for the list may put one on.
"""

from dataclasses import dataclass, field

from emulator.firmware import access, bios_auth, deeds, list_nonces, setting_interface, settings
from emulator.firmware import commands as c
from emulator.firmware.access import Who
from emulator.firmware.catalogue import Keeper, Role, Setting
from emulator.firmware.list_passwords import ListPasswords
from emulator.firmware.memory import Counters
from emulator.firmware.refusals import AccessDenied
from emulator.firmware.turn import Turn
from emulator.protocol.authorization import PREFIX as SIGNED_PREFIX
from emulator.protocol.authorization import VerifiedChange


@dataclass(frozen=True, slots=True)
class Judged:
    """An entry that may be carried out, with what its signature proved, or the password that is still to be looked at."""

    number: int
    entry: c.SetSetting
    signed: VerifiedChange | None = None
    unproved: str | None = field(default=None, repr=False)


@dataclass(slots=True)
class Judge:
    """Where judging stands: the nonces before the list and so far, and what became of the passwords that were looked at."""

    turn: Turn
    authorization: str = field(repr=False)
    before: Counters
    so_far: Counters
    passwords: ListPasswords = field(default_factory=ListPasswords)

    def judged(self, number: int, entry: c.SetSetting) -> Judged:
        """Raises what refuses the entry; PasswordWrong refuses the whole list."""
        setting = self.turn.setting(entry.name)
        signed = is_signed(entry)
        if not signed or setting.keeper is Keeper.READ_ONLY:
            # Tools look at what is read-only before they send anything, so no signature is judged.
            deeds.require(self.turn, setting, entry.value, Who.ADMINISTRATOR, access.SYSTEM)
        if signed:
            return Judged(number, entry, self._signed(setting, entry))
        _require_within_reach(setting)
        return Judged(number, entry, unproved=self._unproved(entry.authorization or self.authorization))

    def _signed(self, setting: Setting, entry: c.SetSetting) -> VerifiedChange:
        to = list_nonces.receiver(self.turn, self.before, self.so_far)
        change = setting_interface.checked(self.turn, entry.name, entry.value, entry.authorization, to)
        # Whether a key may be set hangs on the mode, which the same list may switch.
        if setting.keeper is not Keeper.LOCAL_ACCESS_KEY:
            deeds.require(self.turn, setting, entry.value, Who.SIGNED, access.SYSTEM)
        _require_takes(self.turn, setting, entry.value)
        self.so_far = bios_auth.counted(self.so_far, change)
        return change

    def _unproved(self, sent: str) -> str | None:
        """The password, if it cannot be looked at before the list is carried out; None if it is right."""
        if not self.turn.password_is_set(Role.ADMINISTRATOR_PASSWORD):
            return sent
        self.passwords.require(self.turn, sent)
        return None


def is_signed(entry: c.SetSetting) -> bool:
    """Whether an entry brings a signature of its own, good or bad."""
    return entry.authorization.startswith(SIGNED_PREFIX)


def _require_takes(turn: Turn, setting: Setting, value: str) -> None:
    """Raise ValueNotAllowed for what is no value of this setting, whatever the state; a password is judged when it is changed."""
    if setting.keeper is Keeper.LOCAL_ACCESS_KEY:
        bios_auth.with_key(turn.memory.authentication, int(setting.teller[-1]), value)
    elif setting.keeper is not Keeper.PASSWORD:
        settings.accepted(setting, value)


def _require_within_reach(setting: Setting) -> None:
    """Without a signature a file must not open anything: it reaches what defaults reach."""
    if setting.keeper not in (Keeper.ORDINARY, Keeper.READ_ONLY) or setting.role in _OUT_OF_REACH:
        raise AccessDenied(
            f"{setting.name!r} is not for a file of settings unless its entry is signed: sign it, or change it by itself"
        )


_OUT_OF_REACH = frozenset({Role.PHYSICAL_PRESENCE_INTERFACE, Role.CLEAR_EVENT_LOG})
