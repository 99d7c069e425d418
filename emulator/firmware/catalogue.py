"""The settings and menus of one model, as values.

A model is a file: TOML for its author, JSON for the program (`docs/models.md` describes it). `model_text` reads the JSON into what
stands here. Kinds of setting are the firmware's own: enumeration, integer, string, ordered list, password. The words that travel on
every wire stay the values, whatever the screen shows.

Names of settings differ between generations, so the firmware never looks for a name: a setting that it acts upon itself has a
`Role`, and a setting that only tells something names what it `tells`.
"""

from collections.abc import Mapping
from dataclasses import field, replace
from functools import cached_property

from emulator.firmware.certificates import Certificate
from emulator.firmware.quirks import Quirks
from emulator.firmware.words import Word
from emulator.protocol.frozen import frozen, frozen_open

MENUS = ("Main", "Security", "Advanced", "UEFI Drivers")
"""The four menus of the 2015 common BIOS, in order. Older machines have others."""

SECURITY_LEVELS = ("Change", "View", "Hide")
"""What a user who is no administrator may do with a setting, on models that have a companion for each."""


class Kind(Word):
    ENUMERATION = "enumeration"
    INTEGER = "integer"
    STRING = "string"
    ORDERED_LIST = "ordered list"
    PASSWORD = "password"  # noqa: S105 -- the name of a kind


class Role(Word):
    """What the firmware itself does with a setting."""

    AUTHENTICATION_MODE = "authentication mode"
    LOCAL_ACCESS_KEY_1 = "local access key 1"
    LOCAL_ACCESS_KEY_2 = "local access key 2"
    LOCAL_ACCESS_KEY_3 = "local access key 3"
    ENDORSEMENT_CERTIFICATE = "endorsement certificate"
    SIGNING_KEY = "signing key"
    PHYSICAL_PRESENCE_INTERFACE = "physical presence interface"
    RESTORE_SECURITY = "restore security settings"
    ADMINISTRATOR_PASSWORD = "administrator password"  # noqa: S105 -- the name of a role
    POWER_ON_PASSWORD = "power-on password"  # noqa: S105 -- the name of a role
    SHORTEST_PASSWORD = "password minimum length"  # noqa: S105 -- the name of a role
    PASSWORD_SYMBOL = "password needs a symbol"  # noqa: S105 -- the name of a role
    PASSWORD_NUMBER = "password needs a number"  # noqa: S105 -- the name of a role
    PASSWORD_UPPER_CASE = "password needs upper case"  # noqa: S105 -- the name of a role
    PASSWORD_LOWER_CASE = "password needs lower case"  # noqa: S105 -- the name of a role
    PASSWORD_SPACES = "password may have spaces"  # noqa: S105 -- the name of a role
    USER_CHANGES_POWER_ON = "user may modify power-on password"
    ADMINISTRATOR_AT_POWER_ON = "administrator at power-on"
    WAKE_ON_LAN_POLICY = "wake on LAN asks for the power-on password"
    PROMPT_ON_BOOT_MENU = "administrator prompt on boot menu"
    PROMPT_ON_RECOVERY = "administrator prompt on system recovery"
    PROMPT_ON_NETWORK_BOOT = "administrator prompt on network boot"
    PROMPT_ON_CAPSULE_UPDATE = "administrator prompt on capsule update"
    LOCK_BIOS_VERSION = "lock bios version"
    DISPLAY_LANGUAGE = "display language"
    STARTUP_DELAY = "startup delay"
    BOOT_ORDER = "boot order"
    SAVE_CUSTOM_DEFAULTS = "save custom defaults"
    APPLY_CUSTOM_DEFAULTS = "apply custom defaults"
    APPLY_FACTORY_DEFAULTS = "apply factory defaults"
    CLEAR_EVENT_LOG = "clear event log"
    SET_ALL_SECURITY_LEVELS = "set all security levels"
    COVER_SENSOR = "cover removal sensor"
    COVER_POWER_OFF = "power off upon cover removal"
    COVER_CLEARS_TPM = "clear TPM after cover removal"
    PASSWORD_JUMPER = "clear password jumper"  # noqa: S105 -- the name of a role
    SECURE_BOOT = "secure boot"
    CLEAR_SECURE_BOOT_KEYS = "clear secure boot keys"
    RESET_SECURE_BOOT_KEYS = "reset secure boot keys"
    SECURE_BOOT_KEY_OWNER = "secure boot key owner"
    TRUST_UEFI_2011 = "trust UEFI CA 2011"
    TRUST_WINDOWS_2023 = "trust Windows UEFI CA 2023"
    TRUST_UEFI_2023 = "trust UEFI CA 2023"
    TRUST_OPTION_ROM_2023 = "trust option ROM UEFI CA 2023"
    SECURE_BOOT_KEYS_PROTECTION = "secure boot keys protection"


class Keeper(Word):
    """Who keeps the value of a setting, and so who may change it: see `access`."""

    ORDINARY = "ordinary"
    READ_ONLY = "read-only"
    AUTHENTICATION_MODE = "authentication mode"
    LOCAL_ACCESS_KEY = "local access key"
    PLATFORM_KEY = "platform key"
    PASSWORD = "password"  # noqa: S105 -- the name of a keeper
    RESTORE = "restore security settings"


KEEPERS: Mapping[Role, Keeper] = {
    Role.AUTHENTICATION_MODE: Keeper.AUTHENTICATION_MODE,
    Role.LOCAL_ACCESS_KEY_1: Keeper.LOCAL_ACCESS_KEY,
    Role.LOCAL_ACCESS_KEY_2: Keeper.LOCAL_ACCESS_KEY,
    Role.LOCAL_ACCESS_KEY_3: Keeper.LOCAL_ACCESS_KEY,
    Role.ENDORSEMENT_CERTIFICATE: Keeper.PLATFORM_KEY,
    Role.SIGNING_KEY: Keeper.PLATFORM_KEY,
    Role.ADMINISTRATOR_PASSWORD: Keeper.PASSWORD,
    Role.POWER_ON_PASSWORD: Keeper.PASSWORD,
    Role.RESTORE_SECURITY: Keeper.RESTORE,
}
"""Keepers of roles that are not ordinary."""

SECURE_BOOT_ROLES = frozenset(
    {
        Role.SECURE_BOOT,
        Role.CLEAR_SECURE_BOOT_KEYS,
        Role.RESET_SECURE_BOOT_KEYS,
        Role.SECURE_BOOT_KEY_OWNER,
        Role.TRUST_UEFI_2011,
        Role.TRUST_WINDOWS_2023,
        Role.TRUST_UEFI_2023,
        Role.TRUST_OPTION_ROM_2023,
    }
)
"""Whoever has one of these has the databases of Secure Boot."""

_FURTHER_KEYS = frozenset({Role.LOCAL_ACCESS_KEY_2, Role.LOCAL_ACCESS_KEY_3})
_TELL_THEMSELVES = frozenset({Keeper.AUTHENTICATION_MODE, Keeper.LOCAL_ACCESS_KEY, Keeper.PLATFORM_KEY})

OFF_WORDS = frozenset(
    {"", "Disable", "Disabled", "No", "Off", "Ignore", "Do not Save", "Don't Clear", "Bypass Password"}
)
"""Values by which a setting says that it does nothing; any other value of such a setting means on."""

SECURE_BOOT_OFF = tuple(OFF_WORDS - {""})
"""How the value of a setting ends that says that Secure Boot is off: those of older machines tell of legacy support before."""

CHECK_BOXES = frozenset({("Disable", "Enable"), ("Disabled", "Enabled"), ("No", "Yes"), ("Off", "On")})
"""Pairs of values that the screen shows as a check box, ticked when the second is chosen."""

IS_SET, IS_NOT_SET = "set", "not set"
"""The value of a password, for conditions: nothing else about it can be told."""


@frozen
class Condition:
    """A prerequisite: another setting has one of these values. `because` is the sentence that explains a greyed item."""

    setting: str
    values: tuple[str, ...]
    because: str


@frozen
class Setting:
    """One BIOS setting.

    `values` of an ordered list are the tokens that the machine knows; its `default` joins them with commas. `page` is empty for a
    setting that no page shows. `listed` is false for what the firmware takes although no published list names it.
    """

    name: str
    kind: Kind
    page: tuple[str, ...] = ()
    wmi_path: str = ""
    sequence: int = 0
    default: str = ""
    values: tuple[str, ...] = ()
    lower_bound: int = 0
    upper_bound: int = 0
    step: int = 1
    min_length: int = 0
    max_length: int = 0
    encodings: tuple[str, ...] = ()
    read_only: bool = False
    shown: bool = True
    listed: bool = True
    physical_presence: bool = False
    set_once: bool = False
    at_once: bool = False
    momentary: bool = False
    secret: bool = False
    role: Role | None = None
    tells: str = ""
    requires: tuple[Condition, ...] = ()
    security_level: str = ""
    aliases: tuple[str, ...] = ()
    help: str = ""

    @property
    def keeper(self) -> Keeper:
        if self.read_only:
            return Keeper.READ_ONLY
        return Keeper.ORDINARY if self.role is None else KEEPERS.get(self.role, Keeper.ORDINARY)

    @property
    def teller(self) -> str:
        """What tells this setting's text, if it is no value of its own; the keys and the mode tell themselves."""
        if self.tells or self.role is None or self.keeper not in _TELL_THEMSELVES:
            return self.tells
        return self.role.value

    @property
    def check_box(self) -> bool:
        return self.values in CHECK_BOXES


@frozen
class Line:
    """One line of a page that is no setting: a heading, a sentence, an action or the way to another page."""

    text: str
    kind: str
    page: tuple[str, ...]
    does: str = ""
    help: str = ""


LINE_KINDS = ("heading", "text", "action", "page")
ACTIONS = ("save", "ignore", "clock", "event log", "save setup", "restore setup", "secure boot keys")
"""What a row that is an action does, on the screen: leave Computer Setup with the changes or without, set date and time, show the event
log, write all settings to the USB stick and read them from there, show the keys of Secure Boot."""


@frozen_open
class Catalogue:
    """A model: its names, its settings by name, and its pages in order. `settings` are the listed ones, in Sequence order.

    `quirks` are one machine's own: `with_quirks` makes the model of a machine that differs. `certificates` of Secure Boot come with
    the program, for every model the same.
    """

    model: str
    product: str
    board: str
    bios_version: str
    menus: tuple[str, ...]
    settings: Mapping[str, Setting]
    unlisted: Mapping[str, Setting]
    pages: Mapping[tuple[str, ...], tuple[Setting | Line, ...]]
    quirks: Quirks = Quirks()
    certificates: Mapping[Certificate, bytes] = field(default_factory=dict, repr=False, compare=False)

    def with_quirks(self, quirks: Quirks) -> "Catalogue":
        """The model of a machine that differs; one that knows a single local access key has no settings for others."""
        if quirks.local_access_keys != "1":
            return replace(self, quirks=quirks)
        further = {name for name, each in self.every.items() if each.role in _FURTHER_KEYS}
        return replace(
            self,
            quirks=quirks,
            settings={name: each for name, each in self.settings.items() if name not in further},
            unlisted={name: each for name, each in self.unlisted.items() if name not in further},
            pages={
                path: tuple(row for row in rows if isinstance(row, Line) or row.name not in further)
                for path, rows in self.pages.items()
            },
        )

    @cached_property
    def every(self) -> Mapping[str, Setting]:
        """Each setting that the firmware takes, listed or not."""
        return {**self.settings, **self.unlisted}

    @cached_property
    def stored(self) -> Mapping[str, Setting]:
        """Settings that have a variable of their own in the image."""
        return {name: each for name, each in self.every.items() if each.keeper is Keeper.ORDINARY}

    @cached_property
    def momentary(self) -> Mapping[str, Setting]:
        """Stored settings that are orders for the next boot."""
        return {name: each for name, each in self.stored.items() if each.momentary}

    @cached_property
    def roles(self) -> Mapping[Role, Setting]:
        """Which setting plays each role; a model need not have all."""
        return {each.role: each for each in self.every.values() if each.role is not None}

    @cached_property
    def has_secure_boot(self) -> bool:
        """Whether this generation has the databases of Secure Boot, and its factory keys to put there."""
        return bool(self.certificates) and not SECURE_BOOT_ROLES.isdisjoint(self.roles)

    @cached_property
    def has_secure_platform(self) -> bool:
        """Whether this generation knows Secure Platform Management at all."""
        return Role.SIGNING_KEY in self.roles
