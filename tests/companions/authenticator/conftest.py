"""The phone in tests, and what it is shown: challenges, packages, and pictures of them drawn by python-qrcode."""

import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from PIL import Image

from emulator import qr
from emulator.companions.authenticator import commands
from emulator.protocol import challenge, enrolment
from emulator.protocol.challenge import Header, Purpose
from emulator.protocol.keys import PublicKey

PASSPHRASE = "correct horse battery staple"
TAKING = frozenset({"enroll", "scan", "backup", "restore"})
"""The verbs that take the passphrase of a key or of a backup."""
MACHINE = uuid.UUID("00112233-4455-6677-8899-aabbccddeeff")


def drawn(text: str, *, module: int = 8, border: int = 4) -> Image.Image:
    """`text` as a QR code, dark on light."""
    rows = qr.bordered(qr.matrix(text), border)
    picture = Image.new("L", (len(rows), len(rows)))
    picture.putdata([0 if dark else 255 for row in rows for dark in row])
    return picture.resize((module * len(rows), module * len(rows)), Image.Resampling.NEAREST)


@dataclass(frozen=True)
class Done:
    """A command that came to its end."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Phone:
    """A phone whose owner hands the passphrase in on a descriptor."""

    folder: Path
    descriptor: Callable[..., str]
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str, passphrase: str = PASSPHRASE + "\n") -> Done:
        given = ["--passphrase-fd", self.descriptor(passphrase)] if arguments[0] in TAKING else []
        return self.bare(*arguments, *given, secret=passphrase.strip("\n"))

    def bare(self, *arguments: str, secret: str = "") -> Done:
        """A command with nothing added."""
        code = commands.run(arguments, self.folder)
        out, err = self.capsys.readouterr()
        assert secret not in out + err or not secret
        return Done(code, out, err)

    @property
    def packages(self) -> dict[str, bytes]:
        """The files of the keys."""
        return {path.name: path.read_bytes() for path in (self.folder / "keys").glob("*.json")}

    @property
    def files(self) -> dict[str, bytes]:
        """All files."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file()
        }


@pytest.fixture
def phone(tmp_path: Path, descriptor: Callable[..., str], capsys: pytest.CaptureFixture[str]) -> Phone:
    return Phone(tmp_path / "phone", descriptor, capsys)


@pytest.fixture
def picture(tmp_path: Path) -> Callable[..., str]:
    """Draws texts side by side into one picture file and gives its path."""

    def saved(*texts: str, module: int = 8) -> str:
        codes = [drawn(text, module=module) for text in texts]
        whole = Image.new("L", (sum(code.width for code in codes), max(code.height for code in codes)), 255)
        left = 0
        for code in codes:
            whole.paste(code, (left, 0))
            left += code.width
        path = tmp_path / f"picture{len(list(tmp_path.iterdir()))}.png"
        whole.save(path)
        return str(path)

    return saved


@pytest.fixture
def ask(local_access_key: RSAPrivateKey) -> Callable[..., str]:
    """Makes the text of a challenge."""

    def asking(
        pin: str = "12345678",
        *,
        key: RSAPrivateKey = local_access_key,
        age: float = 0,
        purpose: Purpose = Purpose.SETUP,
        serial: str = "DEMO000001",
    ) -> str:
        issued = int(time.time() - age)
        header = Header(purpose, MACHINE, bytes(16), issued, serial)
        return challenge.seal(pin, PublicKey.of(key), header).text

    return asking


@pytest.fixture
def package(local_access_key: RSAPrivateKey) -> Callable[..., str]:
    """Makes the text of an enrolment package."""

    def packed(
        passphrase: str = PASSPHRASE,
        *,
        key: RSAPrivateKey = local_access_key,
        name: str = "DEMO key",
        salt: bytes = bytes(8),
        model: str | None = "Demo PC",
        serial: str | None = "DEMO000001",
        group: str = "",
    ) -> str:
        return enrolment.make(
            key,
            key_name=name,
            passphrase=passphrase,
            salt=salt,
            iv=bytes(16),
            model=model,
            serial=serial,
            aad_revocation=group,
        )

    return packed
