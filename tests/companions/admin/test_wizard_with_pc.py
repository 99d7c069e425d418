"""The wizard in front of a PC: it brings it under Sure Admin and takes it back, and meets it only by its payloads."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.companions.admin.key_files import KeyFile
from emulator.companions.admin.screens.wizard import ChosenKey, LocalKey, Place
from emulator.firmware import commands as c
from emulator.firmware import secure_platform
from emulator.machine import TargetPC
from emulator.management_door import described
from emulator.protocol.keys import PublicKey
from emulator.protocol.spm import State
from tests import provisioning
from tests.companions.admin.wizarding import Person, use
from tests.setup.rendering import fixed_pc


def chosen(name: str, key: RSAPrivateKey, certificate: bytes | None = None) -> ChosenKey:
    """A key as if its file had been opened."""
    return ChosenKey.of(Path(name), KeyFile(PublicKey.of(key), key, certificate))


@pytest.fixture
def pc() -> TargetPC:
    pc = fixed_pc()
    provisioning.start(pc)
    return pc


def restart(pc: TargetPC) -> None:
    """With its code typed, if it shows one."""
    pc.execute(c.PowerOff())
    provisioning.start(pc)


def test_a_pc_is_brought_under_sure_admin_and_taken_back(
    pc: TargetPC,
    tmp_path: Path,
    certificate_der: bytes,
    endorsement_key: RSAPrivateKey,
    signing_key: RSAPrivateKey,
    local_access_key: RSAPrivateKey,
) -> None:
    def send(payload: bytes) -> Mapping[str, object]:
        return described(pc.apply(payload))

    async def script(person: Person) -> None:
        person.wizard.choose_endorsement(chosen("ek", endorsement_key, certificate_der))
        person.wizard.choose_signing(chosen("sk", signing_key))
        person.wizard.say(mode=True)
        person.wizard.add_local_access(1, LocalKey("phone", PublicKey.of(local_access_key)))
        await person.go(Place.SUMMARY)
        await person.push("send")
        assert "Now restart the PC" in person.read()
        restart(pc)
        await person.push("send")
        assert "All steps were accepted." in person.read()
        assert secure_platform.state(pc.firmware.memory.platform) is State.PROVISIONED
        await person.go(Place.DEPROVISION)
        await person.push("send")
        await person.push("yes")
        assert "All steps were accepted." in person.read()

    use(tmp_path / "admin", script, send=send)
    restart(pc)
    assert secure_platform.state(pc.firmware.memory.platform) is State.NOT_CONFIGURED
