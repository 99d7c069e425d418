"""A program that knows nothing of us reads a machine's image: every variable is there, with our values."""

import json
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.firmware import variables
from emulator.firmware.variables import VariableName
from emulator.machine import TargetPC
from firmware_store import FOUR_MEGABYTE, Image
from tests import provisioning

READER = Path(sys.executable).parent / "virt-fw-vars"


@pytest.fixture
def image(
    tmp_path: Path,
    certificate_der: bytes,
    endorsement_key: RSAPrivateKey,
    signing_key: RSAPrivateKey,
    local_access_key: RSAPrivateKey,
) -> Path:
    """The image of a machine with keys, a changed setting and events."""
    path = tmp_path / "nvram.fd"
    Image(path).create(FOUR_MEGABYTE)
    pc = TargetPC.manufacture(Image(path), serial="5CG0000003")
    provisioning.guard(pc, certificate_der, endorsement_key, signing_key, local_access_key)
    provisioning.start(pc)
    change = provisioning.signed(signing_key, "USB Storage Boot", "Disable", provisioning.NONCE + 5)
    assert pc.apply(change).accepted
    return path


def reader(*arguments: str) -> str:
    if not READER.exists():
        pytest.skip("The program virt-fw-vars is missing; it would read our image without our code.")
    return subprocess.run([READER, *arguments], capture_output=True, text=True, check=True).stdout


def test_it_lists_every_variable_that_we_wrote(image: Path) -> None:
    listed = reader("-i", str(image), "-p")
    for variable in Image(image).open():
        assert variable.name in listed


def test_it_reads_our_values(image: Path, tmp_path: Path) -> None:
    reader("-i", str(image), "--output-json", str(tmp_path / "out.json"))
    listed = json.loads((tmp_path / "out.json").read_text())["variables"]
    found = {
        VariableName(UUID(entry["guid"]), entry["name"]): bytes.fromhex(entry["data"]) for entry in listed
    }
    memory = variables.load((*name, data) for name, data in found.items())
    assert memory == TargetPC(Image(image)).firmware.memory
    assert memory is not None
    assert memory.settings["USB Storage Boot"] == "Disable"
    assert b"Disable" in found[VariableName(variables.SETTINGS, "USB Storage Boot")]
