"""Which values a setting takes.

Rules are those of the configuration tool and the firmware's own interface: an enumeration takes its words exactly; an integer is
decimal, within its bounds and on its step; a string has a length; an ordered list ignores tokens that this machine does not
know, so that one file serves a mixed fleet, keeps " Disabled" behind a token, and gets what is missing appended.
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
    if not setting.least <= number <= setting.most or (number - setting.least) % setting.step:
        step = f" in steps of {setting.step}" if setting.step > 1 else ""
        raise ValueNotAllowed(
            f"{setting.name!r} takes {setting.least} to {setting.most}{step}; {number} came"
        )
    return str(number)


def _string(setting: Setting, value: str) -> str:
    if not setting.shortest <= len(value) <= setting.longest:
        raise ValueNotAllowed(
            f"{setting.name!r} takes {setting.shortest} to {setting.longest} characters; {len(value)} came"
        )
    if not value.isprintable():
        raise ValueNotAllowed(f"{setting.name!r} takes printable characters only")
    return value


def _ordered_list(setting: Setting, value: str) -> str:
    known = [token for token in tokens(value) if token.removesuffix(DISABLED) in setting.values]
    named = [token.removesuffix(DISABLED) for token in known]
    if len(set(named)) != len(named):
        raise ValueNotAllowed(f"{setting.name!r} takes each entry once; {value[:80]!r} came")
    return ",".join([*known, *(token for token in setting.values if token not in named)])


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(repr(value) for value in values)


_RULES: Mapping[Kind, Callable[[Setting, str], str]] = {
    Kind.ENUMERATION: _enumeration,
    Kind.INTEGER: _integer,
    Kind.STRING: _string,
    Kind.ORDERED_LIST: _ordered_list,
}
