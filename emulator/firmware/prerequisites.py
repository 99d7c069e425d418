"""Prerequisites: conditions on other settings without which a setting is grey, and refuses changes with the sentence that says why.

A grey setting keeps its value. A change whose conditions hold only once another change was confirmed by physical presence waits
together with that one.

Several changes at once are applied in an order that lets as many as possible succeed: orders for defaults first; then, again and
again, the deepest setting whose conditions hold now, so that what hangs on a switch is changed before the switch goes off, or after
it went on; orders to save what came of it last.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from emulator.firmware.catalogue import Catalogue, Condition, Role, Setting

ValueOf = Callable[[str], str]
"""The value of a setting by name, as conditions see it."""


def unmet(setting: Setting, value_of: ValueOf) -> Condition | None:
    """The first condition that does not hold."""
    for each in setting.requires:
        if value_of(each.setting) not in each.values:
            return each
    return None


# Orders that stand before and behind ordinary changes.
_RANKS: Mapping[Role | None, int] = {
    Role.APPLY_FACTORY_DEFAULTS: 0,
    Role.APPLY_CUSTOM_DEFAULTS: 1,
    Role.SET_ALL_SECURITY_LEVELS: 2,
    Role.SAVE_CUSTOM_DEFAULTS: 4,
    Role.CLEAR_EVENT_LOG: 5,
}
_ORDINARY = 3


def in_order(catalogue: Catalogue, names: Iterable[str]) -> list[str]:
    """These settings, deepest first, as they are to be tried."""
    depths: dict[str, int] = {}

    def place(name: str) -> tuple[int, int, int]:
        setting = catalogue.every[name]
        return _RANKS.get(setting.role, _ORDINARY), -_depth(catalogue, name, depths), setting.sequence

    return sorted(names, key=place)


def deepest_first(catalogue: Catalogue, names: Sequence[str]) -> list[int]:
    """The places of these settings in an order of somebody's own, which is kept among those that are as deep."""
    depths: dict[str, int] = {}
    return sorted(range(len(names)), key=lambda at: -_depth(catalogue, names[at], depths))


def _depth(catalogue: Catalogue, name: str, depths: dict[str, int]) -> int:
    """How long the longest chain of conditions above a setting is."""
    if name not in depths:
        depths[name] = max(
            (1 + _depth(catalogue, each.setting, depths) for each in catalogue.every[name].requires),
            default=0,
        )
    return depths[name]
