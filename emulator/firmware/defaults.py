"""Factory defaults, custom defaults, and what no default touches.

Defaults are values of ordinary settings. They never reach Secure Platform Management, Enhanced BIOS Authentication Mode, local access
keys, passwords, counters, the Physical Presence Interface or the event log: each of those would be a way round the keys. Neither
do they take back what was set once and for ever. A default that needs physical presence waits for it like any other change.

Functions tell which values are to be put; they change nothing but the custom defaults themselves.
"""

from collections.abc import Iterator, Mapping

from emulator.firmware.catalogue import SECURITY_LEVELS, Role, Setting
from emulator.firmware.turn import Turn, is_fixed
from emulator.firmware.values import replace

SECURITY = "Security"
"""The menu whose settings *Restore Security Settings to Factory Defaults* puts back."""


def factory(turn: Turn) -> dict[str, str]:
    """Every setting that is not at its factory default, and may be put there."""
    return _differing(turn, {each.name: each.default for each in _within_reach(turn)})


def custom(turn: Turn) -> dict[str, str]:
    """Every setting that is not at its custom default, which is the factory's until one was saved."""
    return _differing(
        turn, {each.name: turn.memory.custom.get(each.name, each.default) for each in _within_reach(turn)}
    )


def security(turn: Turn) -> dict[str, str]:
    """Settings of the Security menu that are not at their factory default."""
    return {
        name: value for name, value in factory(turn).items() if turn.setting(name).page[:1] == (SECURITY,)
    }


def security_levels(turn: Turn, level: str) -> dict[str, str]:
    """Every security level at `level`, or each at its own default for a word that is no level."""
    levels = [each for each in turn.catalogue.stored.values() if set(each.values) == set(SECURITY_LEVELS)]
    return _differing(turn, {each.name: level if level in each.values else each.default for each in levels})


def save_custom(turn: Turn) -> None:
    """Make the values that are stored now the custom defaults."""
    kept = {each.name: turn.stored(each) for each in _within_reach(turn)}
    custom_defaults = {name: value for name, value in kept.items() if value != turn.setting(name).default}
    turn.memory = replace(turn.memory, custom=custom_defaults)


def _within_reach(turn: Turn) -> Iterator[Setting]:
    for setting in turn.catalogue.stored.values():
        if setting.role is Role.PHYSICAL_PRESENCE_INTERFACE or setting.momentary:
            continue
        if not is_fixed(turn.memory, setting):
            yield setting


def _differing(turn: Turn, wanted: Mapping[str, str]) -> dict[str, str]:
    """What is not so already; a change that waits for presence counts as not so."""
    waiting = turn.memory.waiting
    return {
        name: value
        for name, value in wanted.items()
        if value != turn.stored(turn.setting(name)) or name in waiting
    }
