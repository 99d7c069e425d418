"""A PC below a home folder, provisioned or not, and BCU called in a working folder of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from emulator.bcu import verb
from emulator.machine import TargetPC
from emulator.pc_folder import PCFolder
from emulator.protocol import password_file
from tests import provisioning
from tests.bcu.client import Told

BCU = Callable[..., Told]
KEY_PASSWORD = "opens the key"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a fresh PC that has no keys."""
    folder = PCFolder(tmp_path / "home" / "pc")
    TargetPC.manufacture(folder.new_image(), serial="5CG0000002")
    return tmp_path / "home"


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def bcu(home: Path, work: Path, capsys: pytest.CaptureFixture[str]) -> BCU:
    """BCU in this process, which is as the command line calls it."""

    def called(*arguments: str) -> Told:
        capsys.readouterr()
        code = verb.run(arguments, home)
        out, errors = capsys.readouterr()
        return Told(code, out, errors)

    return called


@pytest.fixture
def guarded(
    home: Path,
    certificate_der: bytes,
    endorsement_key: RSAPrivateKey,
    signing_key: RSAPrivateKey,
    local_access_key: RSAPrivateKey,
) -> PCFolder:
    """The PC with its keys, the mode on, off."""
    folder = PCFolder(home / "pc")
    pc = TargetPC(folder.image())
    provisioning.guard(pc, certificate_der, endorsement_key, signing_key, local_access_key)
    return folder


@pytest.fixture
def pfx(work: Path, signing_key: RSAPrivateKey) -> Path:
    """The signing key as a PFX under KEY_PASSWORD, in the working folder."""
    path = work / "key.pfx"
    sealed = BestAvailableEncryption(KEY_PASSWORD.encode())
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"key", signing_key, None, None, sealed))
    return path


def password_file_of(folder: Path, password: str, name: str = "pw.bin") -> str:
    """The name of a password file in `folder`."""
    (folder / name).write_bytes(password_file.seal(password, bytes(password_file.NONCE_SIZE)))
    return name


def repset(folder: Path, text: str, name: str = "settings.cfg") -> str:
    """The name of a REPSET in `folder`; the lines below the header come as they shall stand there."""
    (folder / name).write_text(f"BIOSConfig 1.0\n{text}", "utf-8")
    return name
