"""What each role asks of the setting that plays it: the firmware reads its value, and must find what it can understand."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from emulator.firmware import model_fault
from emulator.firmware.catalogue import (
    KEEPERS,
    OFF_WORDS,
    SECURE_BOOT_OFF,
    SECURITY_LEVELS,
    Catalogue,
    Kind,
    Role,
    Setting,
)
from emulator.firmware.model_fault import Fault

PASSWORDS = (Role.ADMINISTRATOR_PASSWORD, Role.POWER_ON_PASSWORD)
ORDERS = frozenset(
    {
        Role.SAVE_CUSTOM_DEFAULTS,
        Role.APPLY_CUSTOM_DEFAULTS,
        Role.APPLY_FACTORY_DEFAULTS,
        Role.CLEAR_EVENT_LOG,
        Role.SET_ALL_SECURITY_LEVELS,
    }
)
"""Carried out when they are saved, so each needs a value besides its default."""

MODE_WORDS = {"Disable", "Enable"}
"""What the authentication mode is told as, and switched by."""
USER_WORDS = {"No", "Change Only", "Change or Delete"}
"""What `password_prompt` understands of the policy for a user."""


def _anything(_setting: Setting, _catalogue: Catalogue) -> str:
    return ""


def _switch(setting: Setting, _catalogue: Catalogue) -> str:
    off = OFF_WORDS.intersection(setting.values)
    both = off and len(off) < len(set(setting.values))
    return "" if both or setting.read_only else "needs a value that means off, and one that means on"


def _order(setting: Setting, _catalogue: Catalogue) -> str:
    return "" if set(setting.values) - {setting.default} else "needs a value besides its default"


def _secure_boot(setting: Setting, _catalogue: Catalogue) -> str:
    off = {value for value in setting.values if value.endswith(SECURE_BOOT_OFF)}
    both = off and len(off) < len(set(setting.values))
    return (
        ""
        if both or setting.read_only
        else "needs a value that ends with a word for off, and one that does not"
    )


def _next_boot(setting: Setting, catalogue: Catalogue) -> str:
    return _order(setting, catalogue) if setting.momentary else "needs 'momentary = true'"


def _levels(setting: Setting, catalogue: Catalogue) -> str:
    if setting.default in SECURITY_LEVELS:
        return "needs a default that is no level, for choosing the default does nothing"
    return _order(setting, catalogue)


def _mode(setting: Setting, _catalogue: Catalogue) -> str:
    good = set(setting.values) == MODE_WORDS and setting.default == "Disable"
    return "" if good else "needs the values Disable and Enable, and the default Disable"


def _empty(setting: Setting, _catalogue: Catalogue) -> str:
    return "has a default, though a machine leaves the factory without" if setting.default else ""


def _password(setting: Setting, catalogue: Catalogue) -> str:
    if not setting.encodings:
        return "needs 'encodings'"
    return _empty(setting, catalogue)


def _user(setting: Setting, _catalogue: Catalogue) -> str:
    good = set(setting.values) <= USER_WORDS
    return "" if good else f"has other values than {', '.join(sorted(USER_WORDS))}"


def _delay(setting: Setting, _catalogue: Catalogue) -> str:
    good = all(value[:1].isdigit() and value.isascii() for value in setting.values)
    return "" if good else "needs values that begin with a number of seconds"


def _shortest(setting: Setting, catalogue: Catalogue) -> str:
    longest = min(
        (catalogue.roles[role].max_length for role in PASSWORDS if role in catalogue.roles), default=None
    )
    good = longest is None or setting.upper_bound <= longest
    return "" if good else f"could ask for more characters than a password may have, which is {longest}"


class Need(NamedTuple):
    """Kinds that a role can be played by, what else is asked of the setting, and roles that the model must have as well."""

    kinds: tuple[Kind, ...] = (Kind.ENUMERATION,)
    more: Callable[[Setting, Catalogue], str] = _anything
    others: tuple[Role, ...] = ()


_KEY = Need((Kind.STRING,), _empty, (Role.SIGNING_KEY, Role.AUTHENTICATION_MODE))

NEEDS: Mapping[Role, Need] = {
    **dict.fromkeys(Role, Need(more=_switch)),
    **dict.fromkeys(ORDERS, Need(more=_order)),
    **dict.fromkeys(PASSWORDS, Need((Kind.PASSWORD,), _password)),
    Role.AUTHENTICATION_MODE: Need(more=_mode, others=(Role.SIGNING_KEY,)),
    Role.LOCAL_ACCESS_KEY_1: _KEY,
    Role.LOCAL_ACCESS_KEY_2: _KEY,
    Role.LOCAL_ACCESS_KEY_3: _KEY,
    Role.ENDORSEMENT_CERTIFICATE: Need((Kind.STRING,), _empty, (Role.SIGNING_KEY,)),
    Role.SIGNING_KEY: Need((Kind.STRING,), _empty),
    Role.RESTORE_SECURITY: Need(more=_order),
    Role.SECURE_BOOT: Need(more=_secure_boot),
    Role.CLEAR_SECURE_BOOT_KEYS: Need(more=_next_boot),
    Role.RESET_SECURE_BOOT_KEYS: Need(more=_next_boot),
    Role.SECURE_BOOT_KEY_OWNER: Need(more=_order),
    Role.SHORTEST_PASSWORD: Need((Kind.INTEGER,), _shortest),
    Role.USER_CHANGES_POWER_ON: Need(more=_user),
    Role.DISPLAY_LANGUAGE: Need(),
    Role.STARTUP_DELAY: Need((Kind.ENUMERATION, Kind.INTEGER), _delay),
    Role.BOOT_ORDER: Need((Kind.ORDERED_LIST,)),
    Role.SET_ALL_SECURITY_LEVELS: Need(more=_levels),
}
"""Roles that are not named take any enumeration that can be on and off."""

_NOT_ONLY_TOLD = ORDERS | KEEPERS.keys()


def faults(catalogue: Catalogue) -> Iterator[Fault]:
    players: dict[Role, str] = {}
    for setting in catalogue.every.values():
        if setting.kind is Kind.PASSWORD and setting.role not in PASSWORDS:
            roles = " or ".join(repr(role.value) for role in PASSWORDS)
            yield model_fault.of(setting, f"is a password, so it needs the role {roles}", "role")
        elif setting.role is not None:
            if players.setdefault(setting.role, setting.name) != setting.name:
                said = f"has the role {setting.role.value!r}, which {players[setting.role]!r} has already"
                yield model_fault.of(setting, said, "role")
            yield from _unfit(setting, setting.role, catalogue)


def _unfit(setting: Setting, role: Role, catalogue: Catalogue) -> Iterator[Fault]:
    need = NEEDS[role]
    played = f"plays the role {role.value!r}, and"
    if setting.kind not in need.kinds:
        kinds = " or ".join(repr(kind.value) for kind in need.kinds)
        yield model_fault.of(setting, f"{played} needs the kind {kinds}", "role")
    elif said := need.more(setting, catalogue):
        yield model_fault.of(setting, f"{played} {said}", "role")
    if setting.tells or (setting.read_only and role in _NOT_ONLY_TOLD):
        yield model_fault.of(setting, f"{played} is no setting that only tells", "role")
    for other in need.others:
        if other not in catalogue.roles:
            yield model_fault.of(setting, f"{played} needs a setting with the role {other.value!r}", "role")
