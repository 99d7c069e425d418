"""Which deed of the decision table a change of a setting is, and whether it may be done."""

from collections.abc import Mapping

from emulator.firmware import access
from emulator.firmware.access import Column, Place, Verdict, What, Who
from emulator.firmware.catalogue import Catalogue, Keeper, Role, Setting
from emulator.firmware.memory import Memory
from emulator.firmware.turn import Turn

# Keeper of a setting: the deed on the screen, and the one from the operating system.
_DEEDS: Mapping[Keeper, tuple[What, What]] = {
    Keeper.READ_ONLY: (What.STAGE_READ_ONLY, What.ORDER_READ_ONLY),
    Keeper.AUTHENTICATION_MODE: (What.STAGE_MODE, What.ORDER_MODE),
    Keeper.LOCAL_ACCESS_KEY: (What.STAGE_KEY, What.ORDER_KEY),
    Keeper.PLATFORM_KEY: (What.STAGE_PLATFORM_KEY, What.ORDER_PLATFORM_KEY),
    Keeper.PASSWORD: (What.TYPE_ADMINISTRATOR, What.ORDER_ADMINISTRATOR),
    Keeper.RESTORE: (What.STAGE_RESTORE, What.ORDER_RESTORE),
}
_ASKS_POLICY = (Verdict.BY_SECURITY_LEVEL, Verdict.BY_PASSWORD_POLICY)
_ORDINARY = (What.STAGE_SETTING, What.ORDER_SETTING)
_GUARDED = (What.STAGE_GUARDED_SETTING, What.ORDER_GUARDED_SETTING)
_NO_KEY = (What.STAGE_NO_KEY, What.ORDER_NO_KEY)
_POWER_ON = (What.TYPE_POWER_ON, What.ORDER_POWER_ON)


def require(turn: Turn, setting: Setting, value: str, who: Who, place: Place) -> None:
    """Raise the refusal that the decision table has for this change."""
    require_of(turn.catalogue, turn.memory, setting, value, who, place)


def require_of(
    catalogue: Catalogue, memory: Memory, setting: Setting, value: str, who: Who, place: Place
) -> None:
    """The same before there is a turn."""
    column = Column.MODE_ON if memory.authentication.enabled else Column.MODE_OFF
    decided = access.TABLE[_both(setting, value)[place is access.SYSTEM], who, column]
    if decided is Verdict.ALLOWED:
        return
    if decided not in _ASKS_POLICY or not _user_may(catalogue, memory, setting, value):
        access.refuse(setting.name, decided)


def _both(setting: Setting, value: str) -> tuple[What, What]:
    keeper = setting.keeper
    if keeper is Keeper.ORDINARY:
        return _GUARDED if setting.physical_presence else _ORDINARY
    if keeper is Keeper.LOCAL_ACCESS_KEY and not value:
        return _NO_KEY
    return _POWER_ON if setting.role is Role.POWER_ON_PASSWORD else _DEEDS[keeper]


def _user_may(catalogue: Catalogue, memory: Memory, setting: Setting, value: str) -> bool:
    """Whether a user who is no administrator may make this change, by the setting's security level or the password policy."""
    if setting.role is Role.POWER_ON_PASSWORD:
        policy = catalogue.roles.get(Role.USER_CHANGES_POWER_ON)
        allowed = "Change Only" if policy is None else memory.settings.get(policy.name, policy.default)
        return allowed == "Change or Delete" or (allowed == "Change Only" and bool(value))
    level = catalogue.settings.get(setting.security_level)
    return level is not None and memory.settings.get(level.name, level.default) == "Change"
