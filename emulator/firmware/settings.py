"""Which values a setting takes.

Rules are those of the configuration tool and the firmware's own interface: an enumeration takes its words exactly; an integer is
decimal, within its bounds and on its step; a string has a length; an ordered list ignores tokens that this machine does not
know, so that one file serves a mixed fleet, and repeated ones, which published dumps have, keeps " Disabled" behind a token, and
gets what is missing appended. A list that names nothing this machine has is refused.
"""

import re
from collections.abc import Callable, Mapping

from emulator.firmware.catalogue import Kind, Setting
from emulator.firmware.refusals import ValueNotAllowed

DISABLED = " Disabled"


def accepted(setting: Setting, value: str) -> str:
    """`value` as it is stored. Raises ValueNotAllowed."""
    return _RULES[setting.kind](setting, value)


def tokens(value: str) -> tuple[str, ...]:
    """The entries of an ordered list in order, each perhaps with " Disabled" behind it."""
    return tuple(token for token in value.split(",") if token)


def _enumeration(setting: Setting, value: str) -> str:
    if value not in setting.values:
        raise ValueNotAllowed(f"{setting.name!r} takes {_listed(setting.values)}; {value[:80]!r} came")
    return value


def _integer(setting: Setting, value: str) -> str:
    if not re.fullmatch(r"[0-9]{1,10}", value, re.ASCII):
        raise ValueNotAllowed(f"{setting.name!r} takes a decimal number; {value[:80]!r} came")
    number = int(value)
    if (
        not setting.lower_bound <= number <= setting.upper_bound
        or (number - setting.lower_bound) % setting.step
    ):
        step = f" in steps of {setting.step}" if setting.step > 1 else ""
        raise ValueNotAllowed(
            f"{setting.name!r} takes {setting.lower_bound} to {setting.upper_bound}{step}; {number} came"
        )
    return str(number)


def _string(setting: Setting, value: str) -> str:
    if not setting.min_length <= len(value) <= setting.max_length:
        raise ValueNotAllowed(
            f"{setting.name!r} takes {setting.min_length} to {setting.max_length} characters; {len(value)} came"
        )
    if not value.isprintable():
        raise ValueNotAllowed(f"{setting.name!r} takes printable characters only")
    return value


def _ordered_list(setting: Setting, value: str) -> str:
    """The known entries, each where it stands first, and behind them what was left out."""
    order: dict[str, str] = {}
    for token in tokens(value):
        order.setdefault(token.removesuffix(DISABLED), token)
    known = [token for name, token in order.items() if name in setting.values]
    if not known:
        raise ValueNotAllowed(
            f"{setting.name!r} takes {_listed(setting.values)}; {value[:80]!r} names none of them"
        )
    return ",".join([*known, *(token for token in setting.values if token not in order)])


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(repr(value) for value in values)


_RULES: Mapping[Kind, Callable[[Setting, str], str]] = {
    Kind.ENUMERATION: _enumeration,
    Kind.INTEGER: _integer,
    Kind.STRING: _string,
    Kind.ORDERED_LIST: _ordered_list,
}
