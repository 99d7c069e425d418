"""The firmware of one machine: `execute` carries out one command, wholly or not at all.

Each command has a handler that works on a `Turn`; the machine takes the turn's memory and session over when the handler is done. When
the command is refused, the only thing that may be new is an entry in the event log. Time and randomness come in with each command.
Nothing here knows a file, a screen or a wire.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from emulator.firmware import commands as c
from emulator.firmware import power, presence_prompt, provisioning, setting_interface, setup_door
from emulator.firmware.boot import Phase
from emulator.firmware.catalogue import Catalogue
from emulator.firmware.events import Event
from emulator.firmware.guard import Entropy, Moment
from emulator.firmware.memory import Boot, Identity, Memory
from emulator.firmware.refusals import Refused
from emulator.firmware.turn import Session, Turn, value_of

# Which handler carries out which command.
HANDLERS: Mapping[type[Any], Callable[[Turn, Any], None]] = {
    c.PowerOn: power.power_on,
    c.PowerOff: power.power_off,
    c.Restart: power.restart,
    c.Continue: power.go_on,
    c.EnterSetup: setup_door.enter,
    c.RefreshChallenge: setup_door.refresh,
    c.CountResponse: setup_door.count,
    c.CompareResponse: setup_door.compare,
    c.AnswerPresence: presence_prompt.answer,
    c.RefusePresence: presence_prompt.refuse,
    c.StageSetting: setting_interface.stage,
    c.SaveAndExit: setting_interface.save,
    c.SetSetting: setting_interface.set_setting,
    c.SetEndorsementKey: provisioning.set_endorsement_key,
    c.SetSigningKey: provisioning.set_signing_key,
}


class Firmware:
    """One machine's firmware. `memory` and `session` are values; put old ones back to undo a command."""

    def __init__(self, catalogue: Catalogue, memory: Memory) -> None:
        self.catalogue = catalogue
        self.memory = memory
        self.session = Session()

    def execute(self, command: c.Command, *, now: Moment, entropy: Entropy) -> tuple[Event, ...]:
        """Carry out `command` and tell what happened. Raises a `Refused`, and then only the event log may be new."""
        turn = Turn(self.catalogue, self.memory, self.session, now, entropy)
        try:
            HANDLERS[type(command)](turn, command)
        except Refused as refusal:
            if refusal.event is not None:
                self.memory = replace(self.memory, log=self.memory.log.appended(refusal.event, now.unix))
            raise
        self.memory, self.session = turn.memory, turn.session
        return tuple(turn.events)

    def value(self, name: str) -> str:
        """What the setting interface tells: the stored value, which may still wait for a restart. Raises UnknownSetting."""
        return value_of(self.catalogue, self.memory, name)

    def pending(self) -> dict[str, tuple[str, str]]:
        """Changes that act at the next restart: name → (value in force, value stored)."""
        stored, effective = self.memory.settings, self.session.effective
        return {
            name: (effective.get(name, ""), value)
            for name, value in stored.items()
            if self.session.phase is not Phase.OFF and effective.get(name) != value
        }


def manufactured(catalogue: Catalogue, identity: Identity) -> Memory:
    """The memory of a machine that leaves the factory: every setting at its default, no keys, no events."""
    stored = {name: setting.default for name, setting in catalogue.stored.items()}
    return Memory(identity, settings=stored, boot=Boot())
