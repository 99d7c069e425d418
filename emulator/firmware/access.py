"""Who may do what, in which state: one decision table. `docs/access.md` is printed from it.

A deed is looked up by who does it, which is known by the strongest proof that was brought, and by the state of what guards it.

* *Nobody*: the operating system's word without a proof. *Local user*: somebody at the machine who proved nothing.
* *Power-on password*, *administrator password*, *response code*: typed at the machine in this boot, or a password sent along.
* *Signed command*: checked against the key that this kind of command asks for. *Physical presence*: the code of this start was typed.

A proof that a machine has no use for counts as brought: where no administrator password is set, whoever comes counts as the
administrator, and where only a power-on password is set, whoever types it at the machine does.

The verdicts are carried out all over the firmware, some of them by the rules of the thing itself: a setting knows whether it waits for
presence, a signature whether it is good. So that table and machine cannot drift apart, tests drive every cell on a machine.

The rules behind the table: keys change only by their own commands, the mode only by signature; a local access key is set only by
signature while the mode is on, and may be cleared while it is off, for that is how a machine is taken back. With the mode on, no
password opens from the operating system what a signature must open.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from emulator.firmware import refusals
from emulator.firmware.refusals import Refused
from emulator.firmware.words import Word
from emulator.protocol.frozen import frozen


class Who(Word):
    NOBODY = "nobody"
    LOCAL_USER = "local user"
    POWER_ON = "power-on password"
    ADMINISTRATOR = "administrator password"
    RESPONSE_CODE = "response code"
    SIGNED = "signed command"
    PRESENCE = "physical presence"


class Verdict(Word):
    """The letter of a cell in the table."""

    ALLOWED = "A"
    AS_USER = "U"
    CONFIRMS = "C"
    BY_SECURITY_LEVEL = "L"
    BY_PASSWORD_POLICY = "W"  # noqa: S105 -- a letter
    NEEDS_PASSWORD = "N"  # noqa: S105 -- a letter
    NEEDS_SIGNATURE = "S"
    NEEDS_ENDORSEMENT = "E"
    NEEDS_RESPONSE_CODE = "R"
    ASKED_AT_START = "D"
    WAITS = "P"
    WAITS_ALWAYS = "X"
    UNLESS_IN_USE = "V"
    MODE_FIRST = "M"
    KEYS_FIRST = "Z"
    ONCE_ONLY = "Y"
    ONLY_TELLS = "T"
    OWN_COMMAND = "O"
    NEVER_COMES_UP = "."


class Column(Word):
    """States that decide a deed, a group of columns each."""

    MODE_OFF = "mode off"
    MODE_ON = "mode on"
    NOTHING = "nothing guards"
    PASSWORD = "password set"  # noqa: S105 -- the name of a state
    KEY_LEFT = "key left"
    POLICY_OFF = "policy off"
    NOT_PROVISIONED = "not provisioned"
    ENDORSED = "endorsement key sent"
    BOTH_SENT = "both keys sent"
    CONFIRMED = "endorsement key confirmed"
    PROVISIONED = "provisioned"


class Place(NamedTuple):
    """Where deeds are done, and the states that decide them there."""

    title: str
    columns: tuple[Column, ...]


SCREEN = Place("In Computer Setup", (Column.MODE_OFF, Column.MODE_ON))
SYSTEM = Place("From the operating system", (Column.MODE_OFF, Column.MODE_ON))
DOORS = Place(
    "At the doors of the machine", (Column.NOTHING, Column.PASSWORD, Column.KEY_LEFT, Column.POLICY_OFF)
)
BOARD = Place("With a hand on the board", (Column.MODE_OFF, Column.MODE_ON))
COMMANDS = Place(
    "Commands of Secure Platform Management",
    (Column.NOT_PROVISIONED, Column.ENDORSED, Column.BOTH_SENT, Column.CONFIRMED, Column.PROVISIONED),
)


class What(Word):
    """Deeds; the value is the sentence that names one."""

    STAGE_SETTING = "change a setting"
    STAGE_GUARDED_SETTING = "change a setting that needs physical presence"
    STAGE_READ_ONLY = "change what is only told"
    STAGE_MODE = "switch the authentication mode"
    STAGE_KEY = "set a local access key"
    STAGE_NO_KEY = "clear a local access key"
    STAGE_PLATFORM_KEY = "change endorsement or signing key as a setting"
    TYPE_ADMINISTRATOR = "change the administrator password"
    TYPE_POWER_ON = "change the power-on password"
    STAGE_RESTORE = "restore the security settings"
    SET_CLOCK = "set date and time"

    ORDER_SETTING = "order a setting"
    ORDER_GUARDED_SETTING = "order a setting that needs physical presence"
    ORDER_READ_ONLY = "order what is only told"
    ORDER_MODE = "order the authentication mode"
    ORDER_KEY = "order a local access key"
    ORDER_NO_KEY = "order that a local access key is cleared"
    ORDER_PLATFORM_KEY = "order endorsement or signing key as a setting"
    ORDER_ADMINISTRATOR = "order the administrator password"
    ORDER_POWER_ON = "order the power-on password"
    ORDER_RESTORE = "order to restore the security settings"
    ORDER_DEFAULTS = "order factory defaults (SetSystemDefaults)"
    ORDER_UPDATE = "order a firmware update"

    START = "start the machine (policy: the administrator's password does, too)"
    ENTER_SETUP = "enter Computer Setup (F10)"
    OPTION_ROMS = "manage third-party option ROMs (F3)"
    BOOT_MENU = "open the boot menu (F9)"
    RECOVERY = "start system recovery (F11)"
    NETWORK_BOOT = "start from the network (F12)"
    INSTALL_UPDATE = "let an update that nobody signed be installed"

    CLEAR_CMOS = "clear CMOS"
    PASSWORD_JUMPER = "set the password jumper"  # noqa: S105 -- a deed
    OPEN_COVER = "take the cover off"

    SET_ENDORSEMENT_KEY = "send an endorsement key"
    SET_SIGNING_KEY = "send a signing key"
    DEPROVISION = "give both keys up"
    SURE_RECOVER = "send an order for Sure Recover or Sure Run"
    SERVICE_EVENT = "raise a service event of Sure Recover"


# Of each deed, the verdicts in the order of `Who`:
#   nobody, local user, power-on password, administrator password, response code, signed command, physical presence;
# a string for each state of its place, in the order of its columns.
_DEEDS: Mapping[Place, Mapping[What, tuple[str, ...]]] = {
    SCREEN: {
        What.STAGE_SETTING: (". . L A A . .", ". . L A A . ."),
        What.STAGE_GUARDED_SETTING: (". . L P P . C", ". . L P P . C"),
        What.STAGE_READ_ONLY: (". . T T T . .", ". . T T T . ."),
        What.STAGE_MODE: (". . S S S . .", ". . S S S . ."),
        What.STAGE_KEY: (". . N M M . .", ". . S S S . ."),
        What.STAGE_NO_KEY: (". . N A A . .", ". . S S S . ."),
        What.STAGE_PLATFORM_KEY: (". . O O O . .", ". . O O O . ."),
        What.TYPE_ADMINISTRATOR: (". . N A A . .", ". . N A A . ."),
        What.TYPE_POWER_ON: (". . W A A . .", ". . W A A . ."),
        What.STAGE_RESTORE: (". . N X X . C", ". . N X X . C"),
        What.SET_CLOCK: (". . N A A . .", ". . N A A . ."),
    },
    SYSTEM: {
        What.ORDER_SETTING: ("N . N A . A .", "S . S S . A ."),
        What.ORDER_GUARDED_SETTING: ("N . N P . P C", "S . S S . P C"),
        What.ORDER_READ_ONLY: ("T . T T . T .", "T . T T . T ."),
        What.ORDER_MODE: ("S . S S . A .", "S . S S . A ."),
        What.ORDER_KEY: ("M . M M . M .", "S . S S . A ."),
        What.ORDER_NO_KEY: ("N . N A . A .", "S . S S . A ."),
        What.ORDER_PLATFORM_KEY: ("O . O O . O .", "O . O O . O ."),
        What.ORDER_ADMINISTRATOR: ("N . N A . A .", "S . S S . A ."),
        What.ORDER_POWER_ON: ("N . W A . A .", "S . S S . A ."),
        What.ORDER_RESTORE: ("N . N X . X C", "S . S S . X C"),
        What.ORDER_DEFAULTS: ("N . N A . A .", "S . S S . A ."),
        What.ORDER_UPDATE: ("D . D D . A .", "D . D D . A ."),
    },
    DOORS: {
        What.START: (". A . . . . .", ". N A A . . .", ". A . . . . .", ". N A N . . ."),
        What.ENTER_SETUP: (". A . A . . .", ". N U A . . .", ". R R R A . .", ". . . . . . ."),
        What.OPTION_ROMS: (". A . A . . .", ". N N A . . .", ". R R R A . .", ". . . . . . ."),
        What.BOOT_MENU: (". A . A . . .", ". N N A . . .", ". R R R A . .", ". A A A . . ."),
        What.RECOVERY: (". A . A . . .", ". N N A . . .", ". R R R A . .", ". A A A . . ."),
        What.NETWORK_BOOT: (". A . A . . .", ". N N A . . .", ". R R R A . .", ". A A A . . ."),
        What.INSTALL_UPDATE: (". A . A . . .", ". N N A . . .", ". R R R A . .", ". A A A . . ."),
    },
    BOARD: {
        What.CLEAR_CMOS: (". A . . . . .", ". A . . . . ."),
        What.PASSWORD_JUMPER: (". A . . . . .", ". A . . . . ."),
        What.OPEN_COVER: (". A . . . . .", ". A . . . . ."),
    },
    COMMANDS: {
        What.SET_ENDORSEMENT_KEY: (
            "N . . X . . .",
            "Y . . Y . . C",
            "Y . . Y . . C",
            "Y . . Y . . .",
            "Y . . Y . . .",
        ),
        What.SET_SIGNING_KEY: (
            "Z . . . . Z .",
            "E . . . . X .",
            "E . . . . Y C",
            "E . . . . A .",
            "E . . . . A .",
        ),
        What.DEPROVISION: (
            "Z . . . . Z .",
            "E . . . . A .",
            "E . . . . A .",
            "E . . . . A .",
            "E . . . . V .",
        ),
        What.SURE_RECOVER: (
            "Z . . . . Z .",
            "Z . . . . Z .",
            "Z . . . . Z .",
            "Z . . . . Z .",
            "S . . . . A .",
        ),
        What.SERVICE_EVENT: (
            "Z . . . . . .",
            "Z . . . . . .",
            "Z . . . . . .",
            "Z . . . . . .",
            "A . . . . . .",
        ),
    },
}

PLACES: Mapping[What, Place] = {what: place for place, deeds in _DEEDS.items() for what in deeds}

# Calling an enumeration a thousand times would take longer than the whole table.
_LETTERS: Mapping[str, Verdict] = {each.value: each for each in Verdict}

TABLE: Mapping[tuple[What, Who, Column], Verdict] = {
    (what, who, column): _LETTERS[letter]
    for place, deeds in _DEEDS.items()
    for what, rows in deeds.items()
    for column, row in zip(place.columns, rows, strict=True)
    for who, letter in zip(Who, row.split(), strict=True)
}


@frozen
class Meaning:
    """What a verdict says in words, and the refusal behind it, if it is one."""

    text: str
    refusal: type[Refused] = refusals.AccessDenied
    sentence: str = "cannot be done like this"


MEANINGS: Mapping[Verdict, Meaning] = {
    Verdict.ALLOWED: Meaning("allowed"),
    Verdict.AS_USER: Meaning("allowed, as a user who is no administrator"),
    Verdict.CONFIRMS: Meaning("carries out what was ordered before and waits; orders nothing"),
    Verdict.WAITS: Meaning(
        "allowed, and waits for physical presence at the next start unless the Physical Presence Interface is off"
    ),
    Verdict.WAITS_ALWAYS: Meaning("allowed, and waits for physical presence at the next start always"),
    Verdict.ASKED_AT_START: Meaning("taken, and asked about at the next start by the door in its way"),
    Verdict.UNLESS_IN_USE: Meaning("allowed unless a feature uses the keys"),
    Verdict.BY_SECURITY_LEVEL: Meaning(
        "allowed where the setting's security level is `Change`; models without security levels let a user change nothing",
        refusals.AccessDenied,
        "is for the administrator: leave Computer Setup and enter it with the administrator password",
    ),
    Verdict.BY_PASSWORD_POLICY: Meaning(
        "as far as the policy lets a user modify it",
        refusals.AccessDenied,
        "may not be modified by a user: ask whoever has the administrator password",
    ),
    Verdict.NEEDS_PASSWORD: Meaning(
        "refused: needs the password that guards it",
        refusals.PasswordNeeded,
        "changes only with the administrator password",
    ),
    Verdict.NEEDS_SIGNATURE: Meaning(
        "refused: needs a command that the signing key signed",
        refusals.SignatureNeeded,
        "changes only by a command that the signing key signed",
    ),
    Verdict.NEEDS_ENDORSEMENT: Meaning("refused: needs a command that the endorsement key signed"),
    Verdict.NEEDS_RESPONSE_CODE: Meaning("refused: needs a response code"),
    Verdict.MODE_FIRST: Meaning(
        "refused: the mode must be on first",
        refusals.AccessDenied,
        "can only be cleared while Enhanced BIOS Authentication Mode is off: enable the mode first, then set the key",
    ),
    Verdict.KEYS_FIRST: Meaning("refused: the keys that it is checked against are not provisioned"),
    Verdict.ONCE_ONLY: Meaning("refused: one is here already"),
    Verdict.ONLY_TELLS: Meaning("refused: read-only", refusals.ReadOnly, "is read-only"),
    Verdict.OWN_COMMAND: Meaning(
        "refused: changes only by Secure Platform Management commands",
        refusals.AccessDenied,
        "changes only by Secure Platform Management commands",
    ),
    Verdict.NEVER_COMES_UP: Meaning("does not come up"),
}


def mode(*, on: bool) -> Column:
    return Column.MODE_ON if on else Column.MODE_OFF


def verdict(what: What, who: Who, column: Column) -> Verdict:
    return TABLE[what, who, column]


def require(name: str, what: What, who: Who, column: Column) -> None:
    """Raise the refusal that the table has for this deed; `name` is what it is done to."""
    decided = TABLE[what, who, column]
    if decided is not Verdict.ALLOWED:
        refuse(name, decided)


def refuse(name: str, decided: Verdict) -> None:
    """Raise the refusal behind a verdict, unless it is one of the few that let."""
    if decided not in _LETTING:
        meaning = MEANINGS[decided]
        raise meaning.refusal(f"{name!r} {meaning.sentence}")


_LETTING = frozenset(
    {
        Verdict.ALLOWED,
        Verdict.AS_USER,
        Verdict.WAITS,
        Verdict.WAITS_ALWAYS,
        Verdict.ASKED_AT_START,
        Verdict.UNLESS_IN_USE,
    }
)


def deeds() -> Iterator[tuple[Place, Iterator[What]]]:
    """Places with their deeds, in the order of the table."""
    return ((place, iter(deeds)) for place, deeds in _DEEDS.items())
