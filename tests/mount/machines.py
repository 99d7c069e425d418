"""PCs for a mount to show, made through their own interfaces, and what such a PC tells past the mount."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from emulator.firmware import commands as c
from emulator.machine import TargetPC
from emulator.management_socket import ask
from emulator.pc_folder import PCFolder
from emulator.protocol import authorization, password
from tests import provisioning
from tests.conftest import fixed_key
from tests.firmware.bench import certificate
from tests.mount.conftest import new_pc

BOSS = "Administrator-1"
NONCE = provisioning.NONCE + 10


def with_password(home: Path, model: str | None = None) -> Path:
    """A PC that has an administrator password, off."""
    pc = TargetPC(new_pc(home, model).image())
    provisioning.start(pc)
    assert pc.wmi.set_bios_setting("Setup Password", password.utf_16(BOSS)).accepted
    pc.execute(c.PowerOff())
    return home


def with_mode_on(home: Path) -> Path:
    """A PC that obeys signatures only, off."""
    pc = TargetPC(new_pc(home).image())
    provisioning.guard(
        pc, certificate(), fixed_key("endorsement"), fixed_key("signing"), fixed_key("local_access")
    )
    return home


def token(name: str, value: str, number: int = 0, *, by: str = "signing", single_use: bool = False) -> str:
    """An authorization of this change; later ones need higher numbers if they are for single use."""
    return authorization.make(fixed_key(by), name, value, nonce=NONCE + number, single_use=single_use)


def instances(home: Path) -> list[Mapping[str, Any]]:
    """All settings of the running PC, as its management door tells them."""
    told = ask(PCFolder(home / "pc"), {"verb": "instances"})["instances"]
    assert isinstance(told, list)
    return told


def value(home: Path, name: str) -> str:
    """One setting of the running PC, as its management door tells it."""
    told = ask(PCFolder(home / "pc"), {"verb": "get", "name": name})["instance"]
    assert isinstance(told, dict)
    return str(told.get("CurrentValue", told["Value"]))
