"""What the verbs that make payloads share: open a signing key, look at the clock, write one file, say what it does."""

from argparse import Namespace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.companions import CompanionError, write_private
from emulator.companions.admin import key_files, spelling
from emulator.companions.admin.moment import now
from emulator.companions.admin.passphrase import Passphrases
from emulator.protocol import payload
from emulator.protocol.keys import PublicKey


class UnclearOrder(CompanionError):
    """Words that fit together in no way, or in two."""


def private_key(argument: str, folder: Path, known: Passphrases) -> RSAPrivateKey:
    path = key_files.find(argument, folder)
    return key_files.load_private(path, known.for_file(path))[1]


def public_key(argument: str, folder: Path, known: Passphrases) -> PublicKey:
    path = key_files.find(argument, folder)
    return key_files.load(path, known.for_file(path)).public


def signing_key(words: Namespace, folder: Path) -> RSAPrivateKey:
    return private_key(words.signing, folder, Passphrases(words.passphrase_fd))


def moment(words: Namespace) -> dict[str, Any]:
    """When an order was made, and the nonce if one is given."""
    return {"now": now(), "nonce": words.nonce}


def binding(words: Namespace) -> dict[str, Any]:
    """What binds a signed setting to a machine and to a moment."""
    return {**moment(words), "target": words.target, "single_use": words.single_use}


def write(words: Namespace, data: bytes, does: str) -> None:
    """Write a payload in the spelling that was asked for."""
    made = payload.parse(data).timestamp or ""
    data = spelling.spelled(data, made=made, windows=words.timestamp == "windows", mark=words.bom)
    write_private(words.output, data, replace=words.force)
    where = f" on the machine {words.target}" if getattr(words, "target", None) else ""
    print(f"Wrote {words.output}: {does}{where}.")
