"""A dry run of a file of settings: what the firmware would say, in memory, and nothing is kept.

The machine is the PC as its image remembers it, switched on or not, or a new one of a model as it leaves the factory. Its operating
system is taken to run, so no restart comes between. A wrong setup password costs no try here, which gives away no more than the
image itself does to whoever can read it.
"""

import uuid
from collections.abc import Mapping
from pathlib import Path

from emulator import model_files, repset_replies
from emulator.devices import settings_file
from emulator.devices.clock import SystemClock
from emulator.devices.entropy import SystemEntropy
from emulator.firmware import quirks
from emulator.firmware.boot import Phase
from emulator.firmware.commands import Command
from emulator.firmware.events import Event
from emulator.firmware.firmware import Firmware, manufactured
from emulator.firmware.memory import Identity
from emulator.firmware.turn import Session
from emulator.machine import catalogue_of, memory_in
from emulator.management_socket import Reply
from emulator.management_verbs import MISSING
from emulator.models import likeness, with_factory_keys
from emulator.pc_folder import PCFolder
from emulator.protocol import setting_files


def checked(firmware: Firmware, data: bytes, authorization: str = "") -> Reply:
    """What applying this file to this machine would say. Raises ProtocolError for a file that is none."""
    if missing := MISSING.get(firmware.catalogue.quirks.wmi_provider):
        return {"ok": False, "error": f"the namespace {missing} would not be there (quirk wmi_provider)"}
    file = setting_files.parse(data)
    clock, entropy = SystemClock(), SystemEntropy()

    def execute(command: Command) -> tuple[Event, ...]:
        return firmware.execute(command, now=clock.now(), entropy=entropy)

    firmware.session = Session(Phase.OPERATING_SYSTEM, attended=False, effective=firmware.memory.settings)
    results = settings_file.applied(execute, firmware, file, authorization, likeness.surely_meant)
    return {**repset_replies.reply(results), "dry_run": True, "model": firmware.catalogue.model}


def of_model(word: str, differing: Mapping[str, str]) -> Firmware:
    """A new machine of the model that `word` names. Raises what naming a model raises, and UnknownQuirk."""
    catalogue = with_factory_keys(model_files.named(word).catalogue).with_quirks(quirks.chosen(differing))
    identity = Identity(uuid.UUID(int=0), "5CG0000000", catalogue.model)
    return Firmware(catalogue, manufactured(catalogue, identity))


def of_folder(home: Path, differing: Mapping[str, str]) -> Firmware:
    """The PC below `home` as its image remembers it. Raises PCFolderError, NotAMachine, StoreError or UnknownQuirk."""
    folder = PCFolder(home / "pc")
    memory = memory_in(folder.image().open())
    usual = quirks.differing(folder.quirks())
    catalogue = catalogue_of(memory, folder.model())
    return Firmware(catalogue.with_quirks(quirks.chosen({**usual, **differing})), memory)
