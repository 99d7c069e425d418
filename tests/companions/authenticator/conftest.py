"""What the phone is shown in tests: challenges, packages, and pictures of them drawn by python-qrcode."""

import time
import uuid
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from PIL import Image

from emulator import qr
from emulator.protocol import challenge, enrolment
from emulator.protocol.challenge import Header, Purpose
from emulator.protocol.keys import PublicKey

PASSPHRASE = "correct horse battery staple"
MACHINE = uuid.UUID("00112233-4455-6677-8899-aabbccddeeff")


def drawn(text: str, *, module: int = 8, border: int = 4) -> Image.Image:
    """`text` as a QR code, dark on light."""
    rows = qr.bordered(qr.matrix(text), border)
    picture = Image.new("L", (len(rows), len(rows)))
    picture.putdata([0 if dark else 255 for row in rows for dark in row])
    return picture.resize((module * len(rows), module * len(rows)), Image.Resampling.NEAREST)


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
    ) -> str:
        return enrolment.make(
            key, key_name=name, passphrase=passphrase, salt=salt, iv=bytes(16), model=model, serial=serial
        )

    return packed
