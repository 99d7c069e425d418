"""The signed order that allows one firmware file: its SHA-256 is signed, the file itself travels on another way."""

import uuid
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.companions.admin.payloads import default_nonce, encoded
from emulator.protocol import firmware_update
from emulator.protocol.firmware_update import BitLocker, UpdateOrder
from emulator.protocol.payload import Purpose


def update(
    signing: RSAPrivateKey,
    image_hash: bytes,
    file_name: str,
    *,
    quiet: bool = False,
    bitlocker: BitLocker = BitLocker.STOP,
    force: bool = False,
    now: datetime,
    nonce: int | None = None,
    target: uuid.UUID | None = None,
    single_use: bool = False,
) -> bytes:
    """Allow the image with this SHA-256. Only the hash is signed: what else it says is a wish. Raises MalformedUpdate."""
    block = firmware_update.make(
        signing,
        image_hash,
        nonce=default_nonce(now) if nonce is None else nonce,
        target=target,
        single_use=single_use,
    )
    order = UpdateOrder(file_name, block, quiet, bitlocker, force)
    return encoded(Purpose.FIRMWARE_UPDATE, firmware_update.encode(order), now)
