"""One turn of the firmware: the state that a command works on, apart from the machine's until the command has succeeded.

The machine has two immutable values: the `Memory`, which somebody else keeps in the flash, and the `Session`, which power-off ends. A
turn begins with both, and replaces its own as the command goes; the machine takes them over at the end. A command that is
refused leaves its turn behind, and nothing else, so nothing has to be undone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from emulator.firmware import events as e
from emulator.firmware import passwords
from emulator.firmware.access import Who
from emulator.firmware.boot import Entry, Phase
from emulator.firmware.catalogue import IS_NOT_SET, IS_SET, OFF_WORDS, Catalogue, Keeper, Role, Setting
from emulator.firmware.derived import TELLERS
from emulator.firmware.event_log import EventCode
from emulator.firmware.guard import Door, Entropy, Moment
from emulator.firmware.memory import Memory
from emulator.firmware.presence import Prompt
from emulator.firmware.refusals import UnknownSetting
from emulator.firmware.values import replace
from emulator.protocol.frozen import frozen_open


@frozen_open
class Session:
    """What the machine knows until it is switched off.

    `effective` are the stored values that this boot began with; what is stored since acts after the next restart. `proved` are the
    passwords that were typed right in this boot, `password_tries` the wrong ones that are left, `visitor` who is in Computer Setup.
    """

    phase: Phase = Phase.OFF
    attended: bool = True
    door: Door = Door()
    entry: Entry = Entry.SETUP
    proved: frozenset[Role] = frozenset()
    password_tries: int = passwords.TRIES
    visitor: Who = Who.ADMINISTRATOR
    prompt: Prompt | None = None
    staged: Mapping[str, str] = field(default_factory=dict, repr=False)
    effective: Mapping[str, str] = field(default_factory=dict, repr=False)
    device: str = ""


@dataclass(slots=True)
class Turn:
    """The working state of one command, with the moment it came and where its random numbers come from."""

    catalogue: Catalogue
    memory: Memory
    session: Session
    now: Moment
    entropy: Entropy
    events: list[e.Event] = field(default_factory=list)

    def setting(self, name: str) -> Setting:
        return setting_named(self.catalogue, name)

    def value(self, name: str) -> str:
        return value_of(self.catalogue, self.memory, name)

    def stored(self, setting: Setting) -> str:
        """The value in the image, secrets too."""
        return self.memory.settings.get(setting.name, setting.default)

    def told(self, setting: Setting, value: str) -> str:
        """A value of this setting as events may tell it: nothing of a secret."""
        return "" if setting.secret else value

    def is_on(self, role: Role, *, absent: bool = False) -> bool:
        """Whether the setting with this role is on; `absent` for a model that has none."""
        setting = self.catalogue.roles.get(role)
        return absent if setting is None else self.stored(setting) not in OFF_WORDS

    def condition_value(self, name: str) -> str:
        """A setting's value as conditions see it, once everything that is stored acts."""
        return condition_value_of(self.catalogue, self.memory, name)

    def password_is_set(self, role: Role) -> bool:
        return passwords.of(self.memory.passwords, role) is not None

    def enter(self, phase: Phase, *, entry: Entry | None = None, visitor: Who | None = None) -> None:
        """Go to a phase, perhaps through another door than before, or as somebody else."""
        session = self.session
        self.session = replace(
            session, phase=phase, entry=entry or session.entry, visitor=visitor or session.visitor
        )
        self.events.append(e.PhaseEntered(phase))

    def record(self, code: EventCode) -> None:
        """Write to the event log."""
        self.memory = replace(self.memory, log=self.memory.log.appended(code, self.now.unix))
        self.events.append(e.Recorded(code))


FIXED = "was set once and for ever: nothing changes it any more."


def is_fixed(memory: Memory, setting: Setting) -> bool:
    """Whether a setting that can be set once has been."""
    return setting.set_once and memory.settings.get(setting.name, setting.default) != setting.default


def setting_named(catalogue: Catalogue, name: str) -> Setting:
    """Raises UnknownSetting."""
    try:
        return catalogue.every[name]
    except KeyError:
        raise UnknownSetting(f"this model has no setting {name[:80]!r}; names are compared exactly") from None


def value_of(catalogue: Catalogue, memory: Memory, name: str) -> str:
    """What the setting interface tells: the stored value, which may still wait for a restart. Raises UnknownSetting.

    Passwords and secrets are told as the empty text.
    """
    setting = setting_named(catalogue, name)
    if setting.teller:
        return TELLERS[setting.teller](memory, catalogue)
    if setting.keeper is Keeper.PASSWORD or setting.secret:
        return ""
    return memory.settings.get(name, setting.default)


def condition_value_of(catalogue: Catalogue, memory: Memory, name: str) -> str:
    """A setting's value as conditions see it: of a password, whether it is set."""
    setting = setting_named(catalogue, name)
    if setting.keeper is Keeper.PASSWORD and setting.role is not None:
        return IS_NOT_SET if passwords.of(memory.passwords, setting.role) is None else IS_SET
    return value_of(catalogue, memory, name)
