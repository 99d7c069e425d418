"""One turn of the firmware: the state that a command works on, apart from the machine's until the command has succeeded.

The machine has two immutable values: the `Memory`, which somebody else keeps in the flash, and the `Session`, which power-off ends. A
turn begins with both, and replaces its own as the command goes; the machine takes them over at the end. A command that is
refused leaves its turn behind, and nothing else, so nothing has to be undone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from emulator.firmware import events as e
from emulator.firmware.boot import Phase
from emulator.firmware.catalogue import Catalogue, Setting
from emulator.firmware.derived import TELLERS
from emulator.firmware.event_log import EventCode
from emulator.firmware.guard import Door, Entropy, Moment
from emulator.firmware.memory import Memory
from emulator.firmware.presence import Prompt
from emulator.firmware.refusals import UnknownSetting


@dataclass(frozen=True, slots=True)
class Session:
    """What the machine knows until it is switched off.

    `effective` are the stored values that this boot began with; what is stored since acts after the next restart.
    """

    phase: Phase = Phase.OFF
    attended: bool = True
    door: Door = Door()
    prompt: Prompt | None = None
    staged: Mapping[str, str] = field(default_factory=dict)
    effective: Mapping[str, str] = field(default_factory=dict)


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

    def enter(self, phase: Phase) -> None:
        self.session = replace(self.session, phase=phase)
        self.events.append(e.PhaseEntered(phase))

    def record(self, code: EventCode) -> None:
        """Write to the event log."""
        self.memory = replace(self.memory, log=self.memory.log.appended(code, self.now.unix))
        self.events.append(e.Recorded(code))


def setting_named(catalogue: Catalogue, name: str) -> Setting:
    """Raises UnknownSetting."""
    try:
        return catalogue.settings[name]
    except KeyError:
        raise UnknownSetting(f"this model has no setting {name[:80]!r}; names are compared exactly") from None


def value_of(catalogue: Catalogue, memory: Memory, name: str) -> str:
    """What the setting interface tells: the stored value, which may still wait for a restart. Raises UnknownSetting."""
    setting = setting_named(catalogue, name)
    if setting.derived:
        return TELLERS[setting.derived](memory, catalogue)
    return memory.settings.get(name, setting.default)
