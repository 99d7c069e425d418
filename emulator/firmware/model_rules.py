"""What every model keeps, whoever wrote it: rules without which the firmware would stumble, or do what nobody expects.

They look at settings as the firmware has them, so they hold for an author's file and for the JSON text that a PC keeps. Rules for the
form of an author's file are in `emulator.models`.
"""

from collections.abc import Iterator, Mapping

from emulator.firmware import model_conditions, model_fault, model_roles, settings
from emulator.firmware.catalogue import SECURITY_LEVELS, Catalogue, Keeper, Kind, Setting
from emulator.firmware.model_fault import Fault
from emulator.firmware.refusals import ValueNotAllowed

ROOM = 64 * 1024
"""Bytes of the flash that settings at their defaults may take: a quarter of the variable store, for each may also have a custom default
and a change that waits."""
RECORD = 100
"""Bytes of a variable besides its name and its text: a header of 60 (UEFI), our frame, padding."""
LONGEST_STORED = 8000
"""Characters of a string in the image: of four bytes each, they fit the largest variable, 33792 bytes (EDK2)."""

TELLS = frozenset(
    {
        *("product", "board", "bios version", "serial number", "machine", "machine as bytes"),
        *("last cover removal", "platform state", "platform version", "platform counter", "platform usage"),
        *(
            "endorsement certificate",
            "endorsement key",
            "endorsement key id",
            "signing key",
            "signing key id",
        ),
        *("authentication mode", "authentication version", "settings counter", "actions counter"),
        *("local access key 1", "local access key 2", "local access key 3"),
        *("custom keys state", "ready without UEFI CA"),
    }
)
"""What `derived` can tell. Named here, because whoever only lists models need not load what reads keys."""

_KEYS = frozenset({"set_once", "momentary", "secret", "requires"})
# Keeper: what the firmware does not ask about such a setting, so that it would promise what nobody keeps.
IDLE: Mapping[Keeper, frozenset[str]] = {
    Keeper.ORDINARY: frozenset(),
    Keeper.READ_ONLY: _KEYS | {"physical_presence", "at_once"},
    Keeper.AUTHENTICATION_MODE: _KEYS,
    Keeper.LOCAL_ACCESS_KEY: _KEYS,
    Keeper.PLATFORM_KEY: _KEYS,
    Keeper.PASSWORD: _KEYS,
    Keeper.RESTORE: frozenset({"set_once", "secret"}),
}


def faults(catalogue: Catalogue) -> Iterator[Fault]:
    """Everything that is wrong with a model."""
    for setting in catalogue.every.values():
        yield from _flags(setting)
        # A default cannot be judged by bounds that are wrong themselves.
        yield from [*_values(setting), *_bounds(setting)] or _default(setting)
        yield from _security_level(setting, catalogue)
    yield from model_roles.faults(catalogue)
    yield from model_conditions.faults(catalogue)
    yield from _room(catalogue)


def _flags(setting: Setting) -> Iterator[Fault]:
    """Keys that contradict each other, or that nothing would come of."""
    keeper = setting.keeper
    for key in sorted(IDLE[keeper]):
        if getattr(setting, key):
            yield model_fault.of(setting, f"is {_KEPT[keeper]}, so {key!r} has no effect", key)
    if setting.tells and not setting.read_only:
        yield model_fault.of(setting, "tells what the machine knows, so it needs 'read_only = true'", "tells")
    if setting.tells and setting.tells not in TELLS:
        yield model_fault.of(setting, f"tells {setting.tells!r}, which the machine does not know", "tells")
    if setting.page and not setting.shown:
        yield model_fault.of(setting, "stands on a page, though it has 'shown = false'", "shown")
    if setting.secret and setting.kind is not Kind.STRING:
        yield model_fault.of(setting, "is no string, and only a string can be secret", "secret")
    if setting.momentary and setting.kind is not Kind.ENUMERATION:
        yield model_fault.of(setting, "is no enumeration, and only an enumeration is an order", "momentary")
    if setting.momentary and setting.set_once:
        yield model_fault.of(setting, "cannot be set for ever and be back at its default", "set_once")


_KEPT: Mapping[Keeper, str] = {
    **{keeper: f"kept as {keeper.value}" for keeper in Keeper},
    Keeper.READ_ONLY: "read-only",
    Keeper.PASSWORD: "a password",
    Keeper.LOCAL_ACCESS_KEY: "a key",
    Keeper.PLATFORM_KEY: "a key",
}


def _values(setting: Setting) -> Iterator[Fault]:
    """Values that no list could carry: tools join them with commas, mark the chosen one with a star, and begin comments with ';'."""
    for value in setting.values:
        if "," in value or value[:1] in ("", "*", ";"):
            yield model_fault.of(
                setting,
                f"has the value {value[:80]!r}: no value holds a comma, or begins with '*' or ';'",
                "values",
            )
        elif setting.kind is Kind.ORDERED_LIST and value.endswith(settings.DISABLED):
            yield model_fault.of(
                setting, f"has the entry {value[:80]!r}: {settings.DISABLED!r} behind one means off", "values"
            )
    if len(set(setting.values)) < len(setting.values):
        yield model_fault.of(setting, "has the same value twice", "values")


def _bounds(setting: Setting) -> Iterator[Fault]:
    for low, high in (("lower_bound", "upper_bound"), ("min_length", "max_length")):
        if getattr(setting, low) > getattr(setting, high):
            yield model_fault.of(setting, f"has a {low!r} above its {high!r}", low)
    if setting.step < 1:
        yield model_fault.of(setting, "needs a 'step' of at least 1", "step")
    if setting.keeper is Keeper.ORDINARY and setting.max_length > LONGEST_STORED:
        yield model_fault.of(setting, f"has a 'max_length' above {LONGEST_STORED}", "max_length")


def _default(setting: Setting) -> Iterator[Fault]:
    """A default that the setting itself would not take."""
    only_tells = setting.read_only and setting.role is None and not setting.values
    if only_tells or setting.teller or setting.kind is Kind.PASSWORD:
        return
    try:
        stored = settings.accepted(setting, setting.default)
    except ValueNotAllowed as refusal:
        yield Fault(("setting", setting.name, "default"), f"the default is refused: {refusal}")
        return
    if stored != setting.default:
        yield model_fault.of(
            setting, f"would keep its default as {stored[:200]!r}; write it like that", "default"
        )


def _security_level(setting: Setting, catalogue: Catalogue) -> Iterator[Fault]:
    if not setting.security_level:
        return
    level = catalogue.settings.get(setting.security_level)
    if level is None or level.keeper is not Keeper.ORDINARY or set(level.values) != set(SECURITY_LEVELS):
        yield model_fault.of(
            setting,
            f"has the security level {setting.security_level!r}, "
            f"which is no listed setting with the values {', '.join(SECURITY_LEVELS)} that can be changed",
            "security_level",
        )


def _room(catalogue: Catalogue) -> Iterator[Fault]:
    taken = sum(
        RECORD + 2 * len(each.name) + len(each.default.encode("utf-8", "surrogatepass"))
        for each in catalogue.stored.values()
    )
    if taken > ROOM:
        yield Fault((), f"the settings take {taken} bytes of the flash; there is room for {ROOM}")
