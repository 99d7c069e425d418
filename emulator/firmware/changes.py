"""Carrying out changes of settings that were allowed: at once, at the restart, or when physical presence is proved.

An ordinary setting is stored at once and acts after the next restart, unless it says `at_once`. One that needs physical presence
waits, unless the Physical Presence Interface is off; so does one whose conditions hold only once a waiting change was confirmed. The
authentication mode, the local access keys and the passwords are no values of their own: they act at once. Restoring the
security settings waits for physical presence always.
"""

from collections.abc import Callable, Mapping

from emulator.firmware import (
    bios_auth,
    defaults,
    locks,
    prerequisites,
    presence,
    secure_boot_orders,
    settings,
)
from emulator.firmware import events as e
from emulator.firmware.catalogue import Keeper, Role, Setting
from emulator.firmware.event_log import EventCode
from emulator.firmware.refusals import PrerequisiteNotMet, Refused, SetOnce
from emulator.firmware.turn import FIXED, Turn, is_fixed
from emulator.firmware.values import replace


def carry_out(turn: Turn, setting: Setting, value: str) -> None:
    """Change `setting`, a password excepted. Raises ValueNotAllowed, SetOnce or PrerequisiteNotMet."""
    if setting.keeper is Keeper.LOCAL_ACCESS_KEY:
        number = int(setting.teller[-1])
        locks.authentication(turn, bios_auth.with_key(turn.memory.authentication, number, value))
        turn.events.append(e.SettingStored(setting.name, value))
        return
    value = settings.accepted(setting, value)
    if setting.keeper is Keeper.AUTHENTICATION_MODE:
        locks.authentication(turn, bios_auth.switched(turn.memory.authentication, value))
        turn.events.append(e.SettingStored(setting.name, value))
        return
    _require_changeable(turn, setting, value)
    _ordinary(turn, setting, value)


def carry_out_all(turn: Turn, values: Mapping[str, str]) -> dict[str, Refused]:
    """Change settings in an order that lets as many as possible succeed; what is left is refused, each for its reason."""
    left = prerequisites.in_order(turn.catalogue, values)
    while True:
        refused: dict[str, Refused] = {}
        for name in left:
            try:
                carry_out(turn, turn.setting(name), values[name])
            except Refused as refusal:
                refused[name] = refusal
        if len(refused) == len(left) or not any(
            isinstance(each, PrerequisiteNotMet) for each in refused.values()
        ):
            return refused
        left = list(refused)


def put(turn: Turn, values: Mapping[str, str]) -> None:
    """Let values take hold that are defaults, and hang on no condition; what needs physical presence waits for it."""
    prompted = turn.is_on(Role.PHYSICAL_PRESENCE_INTERFACE)
    waits = [name for name in values if prompted and turn.setting(name).physical_presence]
    for name in waits:
        _wait_for_presence(turn, turn.setting(name), values[name])
    store(turn, {name: value for name, value in values.items() if name not in waits})


def store(turn: Turn, values: Mapping[str, str]) -> None:
    """Store values that were accepted before, and log it if they switch what the event log has entries for."""
    if not values:
        return
    before = _switched(turn, values)
    waiting = turn.memory.waiting
    if waiting:
        waiting = {name: value for name, value in waiting.items() if name not in values}
    kept, at_once = {}, {}
    for name, value in values.items():
        setting = turn.setting(name)
        if setting.momentary:
            turn.memory = secure_boot_orders.obeyed(turn.catalogue, turn.memory, setting, value)
        else:
            kept[name] = value
            if setting.at_once:
                at_once[name] = value
        turn.events.append(e.SettingStored(name, turn.told(setting, value)))
    turn.memory = replace(turn.memory, settings={**turn.memory.settings, **kept}, waiting=waiting)
    if at_once:
        turn.session = replace(turn.session, effective={**turn.session.effective, **at_once})
    for role, was_on in before.items():
        if turn.is_on(role) is not was_on:
            turn.record(_LOGGED[role][was_on])


def _switched(turn: Turn, values: Mapping[str, str]) -> dict[Role, bool]:
    """What these values may switch that is logged, and whether it is on before."""
    roles = turn.catalogue.roles
    return {role: turn.is_on(role) for role in _LOGGED if role in roles and roles[role].name in values}


def settle(turn: Turn) -> None:
    """Carry out what waited, now that presence was proved; what has lost its conditions meanwhile is forgotten.

    Restoring the security settings has a prompt of its own, so it waits on.
    """
    waiting, restoring = turn.memory.waiting, presence.restoring(turn.catalogue)
    still = {name: value for name, value in waiting.items() if name == restoring}
    turn.memory = replace(turn.memory, waiting=still)
    left = prerequisites.in_order(turn.catalogue, [name for name in waiting if name in turn.catalogue.stored])
    while left:
        ready = [name for name in left if not prerequisites.unmet(turn.setting(name), turn.condition_value)]
        if not ready:
            return
        store(turn, {name: waiting[name] for name in ready})
        left = [name for name in left if name not in ready]


def _require_changeable(turn: Turn, setting: Setting, value: str) -> None:
    if is_fixed(turn.memory, setting) and turn.stored(setting) != value:
        raise SetOnce(f"{setting.name!r} {FIXED}")
    if setting.requires and (unmet := prerequisites.unmet(setting, _once_confirmed(turn))):
        raise PrerequisiteNotMet(f"{setting.name!r} cannot be changed now: {unmet.because}")


def _once_confirmed(turn: Turn) -> Callable[[str], str]:
    """Values as conditions will see them when everything that waits was confirmed."""
    waiting = turn.memory.waiting
    return lambda name: waiting[name] if name in waiting else turn.condition_value(name)


def _ordinary(turn: Turn, setting: Setting, value: str) -> None:
    if order := _ORDERS.get(setting.role):
        # The word for nothing is an order too where it means each level's own default.
        if value != setting.default or setting.role is Role.SET_ALL_SECURITY_LEVELS:
            order(turn, value)
        turn.events.append(e.SettingStored(setting.name, value))
        return
    guarded = setting.physical_presence and turn.is_on(Role.PHYSICAL_PRESENCE_INTERFACE)
    grey = setting.requires and prerequisites.unmet(setting, turn.condition_value)
    if guarded or grey or setting.keeper is Keeper.RESTORE:
        _wait_for_presence(turn, setting, value)
    elif setting.momentary:
        _keep_order(turn, setting, value)
    else:
        store(turn, {setting.name: value})


def _keep_order(turn: Turn, setting: Setting, value: str) -> None:
    """An order for the next boot stands in the image until that boot, like any other value."""
    turn.memory = replace(turn.memory, settings={**turn.memory.settings, setting.name: value})
    turn.events.append(e.SettingStored(setting.name, turn.told(setting, value)))


def _wait_for_presence(turn: Turn, setting: Setting, value: str) -> None:
    """Let a change wait; changing back to the value in force takes the waiting one back."""
    waiting = {**turn.memory.waiting, setting.name: value}
    waits = value != turn.stored(setting)
    if not waits:
        del waiting[setting.name]
    turn.memory = replace(turn.memory, waiting=waiting)
    event = e.SettingWaits if waits else e.SettingStored
    turn.events.append(event(setting.name, turn.told(setting, value)))


def _clear_log(turn: Turn, _value: str) -> None:
    turn.memory = replace(turn.memory, log=turn.memory.log.cleared())


# Role: what goes to the event log when its setting is switched on, and when off.
_LOGGED: Mapping[Role, tuple[EventCode, EventCode]] = {
    Role.PHYSICAL_PRESENCE_INTERFACE: (EventCode.CONSENT_PROMPTS_ON, EventCode.CONSENT_PROMPTS_OFF),
    Role.SECURE_BOOT_KEYS_PROTECTION: (
        EventCode.SECURE_BOOT_KEYS_PROTECTED,
        EventCode.SECURE_BOOT_KEYS_UNPROTECTED,
    ),
}

# Settings that are orders to the firmware itself, carried out when they are saved.
_ORDERS: Mapping[Role | None, Callable[[Turn, str], None]] = {
    Role.APPLY_FACTORY_DEFAULTS: lambda turn, _: put(turn, defaults.factory(turn)),
    Role.APPLY_CUSTOM_DEFAULTS: lambda turn, _: put(turn, defaults.custom(turn)),
    Role.SAVE_CUSTOM_DEFAULTS: lambda turn, _: defaults.save_custom(turn),
    Role.SET_ALL_SECURITY_LEVELS: lambda turn, value: put(turn, defaults.security_levels(turn, value)),
    Role.CLEAR_EVENT_LOG: _clear_log,
}
