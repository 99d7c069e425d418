"""The target PC: flash, firmware and devices wired together, with a clock and random numbers from outside.

`execute` is the one way to do anything: the firmware carries the command out in memory, then everything that changed is
committed to the image in one transaction, then the caller learns what happened. If the image cannot be written, the
firmware is put back to where it was: nothing is remembered that the image does not hold, and nothing is half done.

Answering a challenge is two commands with a commit between them, so that a try is paid for before the code is compared.
"""

import uuid
from typing import Self

from emulator import models
from emulator.devices import payloads
from emulator.devices.clock import Clock, SystemClock
from emulator.devices.entropy import SystemEntropy
from emulator.devices.wmi import WMI, Answer
from emulator.firmware import catalogue, variables
from emulator.firmware.catalogue import Catalogue
from emulator.firmware.commands import Command, CompareResponse, CountResponse
from emulator.firmware.events import Event
from emulator.firmware.firmware import Firmware, manufactured
from emulator.firmware.guard import Entropy
from emulator.firmware.memory import Identity, Memory
from emulator.firmware.refusals import Refused
from emulator.firmware.report import Report, report
from emulator.firmware.turn import Session
from emulator.firmware.variables import VariableName
from firmware_store import FlashImage, VariableStore


class NotAMachine(Exception):
    """An image that holds no machine of ours."""


class HoldsAMachine(Exception):
    """An image in which a new machine would inherit the keys of an old one."""


class TargetPC:
    """One PC over its image."""

    def __init__(
        self, image: FlashImage, *, clock: Clock | None = None, entropy: Entropy | None = None
    ) -> None:
        """Read the machine out of `image`. Raises NotAMachine, DamagedVariable or StoreError."""
        self.image = image
        self.clock = clock or SystemClock()
        self.entropy = entropy or SystemEntropy()
        memory = memory_in(image.open())
        self.firmware = Firmware(catalogue_of(memory), memory)
        self.wmi = WMI(self.execute, lambda: self.firmware.memory)

    @classmethod
    def manufacture(
        cls,
        image: FlashImage,
        *,
        serial: str | None = None,
        machine: uuid.UUID | None = None,
        model: str = models.DEFAULT,
        clock: Clock | None = None,
        entropy: Entropy | None = None,
    ) -> Self:
        """Make a new machine in a blank image: an identity of its own, every setting at its default, no keys.

        Raises HoldsAMachine, NotAMachine for an unknown model, ValueError for an impossible serial number.
        """
        entropy = entropy or SystemEntropy()
        identity = Identity(
            machine or uuid.UUID(bytes=entropy.octets(16), version=4),
            serial or f"5CG{entropy.below(10**7):07}",
            model,
        )
        memory = manufactured(_packaged(model), identity)
        with image.transaction() as store:
            if any(variables.is_ours(variable.guid) for variable in store):
                raise HoldsAMachine("the image holds a machine already; make the new one in a blank image")
            write(store, variables.changes(None, memory))
        return cls(image, clock=clock, entropy=entropy)

    def execute(self, command: Command) -> tuple[Event, ...]:
        """Carry out one command and commit what it changed. Raises what the firmware and the store raise."""
        before = self.firmware.memory, self.firmware.session
        try:
            events = self.firmware.execute(command, now=self.clock.now(), entropy=self.entropy)
        except Refused:
            self._commit(before)
            raise
        self._commit(before)
        return events

    def answer(self, code: str) -> tuple[Event, ...]:
        """Answer the challenge: pay for the try, commit that, then compare."""
        self.execute(CountResponse(code))
        return self.execute(CompareResponse(code))

    def apply(self, payload: bytes) -> Answer:
        """Apply a portable payload through the operating system's interfaces. Raises ProtocolError."""
        return payloads.apply(self.wmi, payload)

    def report(self) -> Report:
        return report(self.firmware)

    def _commit(self, before: tuple[Memory, Session]) -> None:
        """Write what changed, be it only a refusal's entry in the event log; if that fails, it never was."""
        try:
            told = variables.changes(before[0], self.firmware.memory)
            if told:
                with self.image.transaction() as store:
                    write(store, told)
        except BaseException:
            self.firmware.memory, self.firmware.session = before
            raise


def _packaged(model: str) -> Catalogue:
    """The settings of a packaged model. Raises NotAMachine."""
    try:
        if "/" in model:  # the name comes from the image, and leads nowhere else
            raise FileNotFoundError(model)
        return catalogue.parse(models.text(model))
    except FileNotFoundError:
        raise NotAMachine(f"a machine of the model {model!r}, which this program does not know") from None


def memory_in(store: VariableStore) -> Memory:
    """What the machine in this store remembers. Raises NotAMachine or DamagedVariable."""
    found = {
        VariableName(variable.guid, variable.name): bytes(variable.data)
        for variable in store
        if variables.is_ours(variable.guid)
    }
    memory = variables.load(found)
    if memory is None:
        raise NotAMachine(
            "the image holds no machine: it is a blank one, or of another firmware; boot without it to make one"
        )
    return memory


def catalogue_of(memory: Memory) -> Catalogue:
    """The settings of this machine's model. Raises NotAMachine for a model that is not known."""
    return _packaged(memory.identity.model)


def write(store: VariableStore, told: dict[VariableName, bytes | None]) -> None:
    for name, data in told.items():
        if data is None:
            store.delete(name.guid, name.name)
        else:
            store.set(name.guid, name.name, data, variables.ATTRIBUTES[name.guid])
