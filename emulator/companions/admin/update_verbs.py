"""The verb of `f10 admin` about firmware."""

import hashlib
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path

from emulator.companions import FileRefused
from emulator.companions.admin import update_payloads
from emulator.companions.admin.orders import binding, signing_key, write
from emulator.protocol.firmware_update import BitLocker, file_name


def firmware_update(words: Namespace, folder: Path) -> None:
    name = file_name(words.name or Path(words.firmware).name)
    digest = _digest(words.firmware)
    data = update_payloads.update(
        signing_key(words, folder),
        digest,
        name,
        quiet=words.quiet,
        bitlocker=BitLocker(words.bitlocker),
        force=words.force_update,
        **binding(words),
    )
    write(words, data, f"allows the firmware {name} with SHA-256 {digest.hex()}")
    print("Hand it to the PC together with that file: f10 payload apply PAYLOAD --file FIRMWARE.")


def _digest(name: str) -> bytes:
    try:
        with open(name, "rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        raise FileRefused(f"the firmware file {name} cannot be read: {error.strerror}") from None


DEEDS: Mapping[str, Callable[[Namespace, Path], None]] = {"firmware-update": firmware_update}
