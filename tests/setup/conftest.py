"""What every test of the screens begins with: a machine as it leaves the factory, and an empty USB stick."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.machine import TargetPC
from tests import provisioning
from tests.setup.rendering import fixed_pc


@pytest.fixture
def usb(tmp_path: Path) -> Path:
    return tmp_path / "usb"


@pytest.fixture
def pc() -> TargetPC:
    return fixed_pc()


@pytest.fixture
def guarded(
    certificate_der: bytes,
    endorsement_key: RSAPrivateKey,
    signing_key: RSAPrivateKey,
    local_access_key: RSAPrivateKey,
) -> TargetPC:
    """A machine whose Setup asks for a response code."""
    pc = fixed_pc()
    provisioning.guard(pc, certificate_der, endorsement_key, signing_key, local_access_key)
    return pc
