"""Conditions of a model: each can hold, and none leads back to the setting that has it, which nothing could ever change then."""

from collections.abc import Iterator, Mapping

from emulator.firmware import model_fault, settings
from emulator.firmware.catalogue import IS_NOT_SET, IS_SET, Catalogue, Condition, Kind, Setting
from emulator.firmware.model_fault import Fault
from emulator.firmware.refusals import ValueNotAllowed

MOST_CONDITIONS = 16
LONGEST_CHAIN = 16
"""Settings that hang on one another; real ones have three or four, and the firmware climbs up every chain."""


def faults(catalogue: Catalogue) -> Iterator[Fault]:
    for setting in catalogue.every.values():
        if len(setting.requires) > MOST_CONDITIONS:
            yield model_fault.of(setting, f"has more than {MOST_CONDITIONS} conditions", "requires")
        for number, condition in enumerate(setting.requires):
            if said := _wrong(condition, catalogue):
                yield model_fault.of(setting, said, "requires", number)
    yield from _chains(catalogue)


def _wrong(condition: Condition, catalogue: Catalogue) -> str:
    """Why a condition can never be met or understood, or nothing."""
    other = catalogue.every.get(condition.setting)
    if other is None:
        return f"has a condition on {condition.setting!r}, which the model has not; 'requires = []' drops shared conditions"
    if not condition.values or not condition.because:
        return "has a condition that lacks its value or its reason"
    if other.secret:
        return f"has a condition on {other.name!r}, which is secret and never told"
    if impossible := [value for value in condition.values if not _possible(other, value)]:
        return f"waits for {other.name!r} to be {' or '.join(map(repr, impossible))}, which it cannot be"
    return ""


def _possible(setting: Setting, value: str) -> bool:
    """Whether conditions can ever see this value."""
    if setting.kind is Kind.PASSWORD:
        return value in (IS_SET, IS_NOT_SET)
    if setting.values and setting.kind is Kind.ENUMERATION:
        return value in setting.values
    if setting.teller:
        return True
    if setting.read_only:
        return value == setting.default
    try:
        return settings.accepted(setting, value) == value
    except ValueNotAllowed:
        return False


def _chains(catalogue: Catalogue) -> Iterator[Fault]:
    """Circles, and chains that are too long: settings are taken away level by level, those that hang on nothing first."""
    left = catalogue.every
    for _ in range(LONGEST_CHAIN):
        left = {name: each for name, each in left.items() if _hangs_on(each, left)}
    in_circles = _in_circles(left)
    said = "lead back to itself" if in_circles else f"form a chain of more than {LONGEST_CHAIN} settings"
    for name in in_circles or left:
        yield Fault(("setting", name, "requires"), f"the conditions of {name!r} {said}")


def _hangs_on(setting: Setting, others: Mapping[str, Setting]) -> bool:
    return any(each.setting in others for each in setting.requires)


def _in_circles(left: Mapping[str, Setting]) -> Mapping[str, Setting]:
    """Those that wait for themselves, or stand between two that do."""
    before = None
    while before != len(left):
        before = len(left)
        left = {name: each for name, each in left.items() if _hangs_on(each, left)}
        needed = {condition.setting for each in left.values() for condition in each.requires}
        left = {name: each for name, each in left.items() if name in needed}
    return left
