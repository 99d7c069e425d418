"""The target PC: flash, firmware and devices wired together, with a clock and random numbers from outside.

`execute` is the one way to do anything: the firmware carries the command out in memory, then everything that changed is
committed to the image in one transaction, then the caller learns what happened. If the image cannot be written, the
firmware is put back to where it was: nothing is remembered that the image does not hold, and nothing is half done.

Answering a challenge is two commands with a commit between them, so that a try is paid for before the code is compared.
"""

import uuid
from collections.abc import Mapping
from typing import Self

from emulator import models
from emulator.devices.clock import Clock, SystemClock
from emulator.devices.entropy import SystemEntropy
from emulator.devices.wmi import WMI, Answer
from emulator.firmware import variables
from emulator.firmware.catalogue import Catalogue
from emulator.firmware.commands import Command, CompareResponse, CountResponse
from emulator.firmware.events import Event
from emulator.firmware.firmware import Firmware, manufactured
from emulator.firmware.guard import Entropy
from emulator.firmware.memory import Identity, Memory
from emulator.firmware.quirks import Quirks
from emulator.firmware.refusals import Refused
from emulator.firmware.report import Report, report
from emulator.firmware.turn import Session
from emulator.firmware.variables import VariableName
from firmware_store import FlashImage, VariableStore, platform_keys
from firmware_store.secure_boot import Place


class NotAMachine(Exception):
    """An image that holds no machine of ours."""


class HoldsAMachine(Exception):
    """An image in which a new machine would inherit the keys of an old one."""


class TargetPC:
    """One PC over its image."""

    def __init__(
        self,
        image: FlashImage,
        *,
        model: Catalogue | None = None,
        quirks: Quirks | None = None,
        clock: Clock | None = None,
        entropy: Entropy | None = None,
    ) -> None:
        """Read the machine out of `image`; `model` is for one that is not packaged, `quirks` for one that differs.

        Raises NotAMachine, DamagedVariable or StoreError.
        """
        self.image = image
        self.clock = clock or SystemClock()
        self.entropy = entropy or SystemEntropy()
        memory = memory_in(image.open())
        catalogue = catalogue_of(memory, model)
        self.firmware = Firmware(catalogue if quirks is None else catalogue.with_quirks(quirks), memory)
        self.wmi = WMI(self.execute, lambda: self.firmware)

    @classmethod
    def manufacture(
        cls,
        image: FlashImage,
        *,
        serial: str | None = None,
        machine: uuid.UUID | None = None,
        product: str = "",
        board: str = "",
        model: Catalogue | None = None,
        quirks: Quirks | None = None,
        clock: Clock | None = None,
        entropy: Entropy | None = None,
    ) -> Self:
        """Make a new machine in a blank image: an identity of its own, every setting at its default, no keys.

        Serial number and UUID are drawn, product and board are the model's, unless they are given.
        Raises HoldsAMachine, or ValueError for an impossible identity.
        """
        entropy = entropy or SystemEntropy()
        model = models.with_factory_keys(model or models.packaged(models.DEFAULT))
        identity = Identity(
            machine or uuid.UUID(bytes=entropy.octets(16), version=4),
            serial or f"5CG{entropy.below(10**7):07}",
            model.model,
            product,
            board,
        )
        memory = manufactured(model, identity)
        with image.transaction() as store:
            if any(variables.is_ours(variable.guid) for variable in store):
                raise HoldsAMachine("the image holds a machine already; make the new one in a blank image")
            write(store, variables.changes(None, memory))
        return cls(image, model=model, quirks=quirks, clock=clock, entropy=entropy)

    def clone(self, image: FlashImage, *, clock: Clock | None = None) -> Self:
        """The same machine in the same moment over another image that holds the same bytes. Neither learns of what becomes of the other.

        Memory and session are values, so nothing is read, and nothing starts.
        """
        twin = object.__new__(type(self))
        twin.image, twin.clock, twin.entropy = image, clock or self.clock, self.entropy
        twin.firmware = Firmware(self.firmware.catalogue, self.firmware.memory)
        twin.firmware.session = self.firmware.session
        twin.wmi = WMI(twin.execute, lambda: twin.firmware)
        return twin

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

    def apply(self, payload: bytes, file_digest: bytes | None = None) -> Answer:
        """Apply a portable payload through the operating system's interfaces. Raises ProtocolError.

        `file_digest` is the SHA-256 of the firmware file that a payload allows.
        """
        # Most runs of a PC are handed none, and a payload can hold anything.
        from emulator.devices import payloads

        return payloads.apply(self.wmi, payload, file_digest)

    def report(self) -> Report:
        return report(self.firmware)

    def lose_power(self) -> None:
        """Pull the plug: nothing more is written, and the session is gone. The image holds what was committed."""
        self.firmware = Firmware(self.firmware.catalogue, memory_in(self.image.open()))

    def _is_secret(self, told: Mapping[VariableName, bytes | None]) -> bool:
        """Whether something would linger in the flash that must not: keys, passwords, and settings that are secrets."""
        stored = self.firmware.catalogue.stored
        return any(
            name.guid in variables.SECURITY_DATA
            or (name.guid in variables.VALUES and name.name in stored and stored[name.name].secret)
            for name in told
        )

    def _commit(self, before: tuple[Memory, Session]) -> None:
        """Write what changed, be it only a refusal's entry in the event log; if that fails, it never was."""
        try:
            told = variables.changes(before[0], self.firmware.memory)
            if told:
                with self.image.transaction(secret=self._is_secret(told)) as store:
                    write(store, told)
        except BaseException:
            self.firmware.memory, self.firmware.session = before
            raise


def memory_in(store: VariableStore) -> Memory:
    """What the machine in this store remembers. Raises NotAMachine or DamagedVariable."""
    memory = variables.load((each.guid, each.name, each.data) for each in store)
    if memory is None:
        raise NotAMachine(
            "the image holds no machine: it is a blank one, or of another firmware; boot without it to make one"
        )
    return memory


def catalogue_of(memory: Memory, model: Catalogue | None = None) -> Catalogue:
    """The settings of this machine's model, which is a packaged one unless it is given. Raises NotAMachine."""
    wanted = memory.identity.model
    if model is None:
        try:
            return models.packaged(wanted)
        except models.UnknownModel as error:
            raise NotAMachine(f"the machine in this image is of a model that is not here: {error}") from None
    if model.model != wanted:
        raise NotAMachine(f"the machine in this image is of the model {wanted!r}; {model.model!r} is given")
    return models.with_factory_keys(model)


def write(store: VariableStore, told: dict[VariableName, bytes | None]) -> None:
    for name, data in told.items():
        if (place := Place(*name)) in platform_keys.WRITTEN:
            platform_keys.put(store, place, data or b"")
        elif data is None:
            store.delete(name.guid, name.name)
        else:
            store.set(name.guid, name.name, data, variables.ATTRIBUTES[name.guid])
