"""The peers, each doing what its own users would do with it."""

import shutil
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import UUID

from scripts.benchmarks.measurement import PeerMissing

Variables = dict[tuple[UUID, str], bytes]


def module(name: str, package: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        raise PeerMissing(
            f"The package {package} is missing; install requirements-peers.lock into .venv, as .ci/run does."
        ) from None


def virt_firmware_open_and_parse(path: Path) -> Callable[[], object]:
    edk2 = module("virt.firmware.varstore.edk2", "virt-firmware")
    return lambda: edk2.Edk2VarStore(str(path)).get_varlist()


def virt_firmware_parse(path: Path) -> Callable[[], object]:
    """Its file is in memory already."""
    edk2 = module("virt.firmware.varstore.edk2", "virt-firmware")
    return edk2.Edk2VarStore(str(path)).get_varlist  # type: ignore[no-any-return]


def uefivars_parse(image: bytes) -> Callable[[], object]:
    edk2 = module("pyuefivars.edk2", "uefivars")
    return lambda: edk2.EDK2UEFIVarStore(image)


def edk2_parse(path: Path) -> Callable[[], object]:
    """It maps its file for writing, so it gets a copy."""
    library = module("edk2toollib.uefi.edk2.variablestore_manulipulations", "edk2-pytool-library")
    copy = Path(mkdtemp()) / "flash.fd"
    shutil.copyfile(path, copy)
    size = copy.stat().st_size
    return lambda: library.VariableStore(str(copy), 0, size)


def uefivars_build(variables: Variables) -> Callable[[], object]:
    """From its own list of variables to the bytes of a 4M image."""
    edk2 = module("pyuefivars.edk2", "uefivars")
    varstore = module("pyuefivars.varstore", "uefivars")

    def build() -> bytes:
        store = edk2.EDK2UEFIVarStore.__new__(edk2.EDK2UEFIVarStore)
        store.vars = [
            varstore.UEFIVar(name, data, guid.bytes_le, 7) for (guid, name), data in variables.items()
        ]
        return bytes(store)

    return build


def virt_firmware_build(blank: Path, variables: Variables) -> Callable[[], object]:
    """From its own list of variables to the bytes of a 4M image."""
    edk2 = module("virt.firmware.varstore.edk2", "virt-firmware")
    efivar = module("virt.firmware.efi.efivar", "virt-firmware")
    guids = module("virt.firmware.efi.guids", "virt-firmware")
    store = edk2.Edk2VarStore(str(blank))

    def build() -> object:
        found = efivar.EfiVarList()
        for (guid, name), data in variables.items():
            found[name] = efivar.EfiVar(name, guid=guids.parse_str(str(guid)), attr=7, data=data)
        return store.bytes_varstore(found)

    return build
