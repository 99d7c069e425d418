"""The verbs of `f10 admin` about orders for PCs: open key files, look at the clock, write one payload, say what it does."""

from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.companions import CompanionError, passphrase_from, write_private
from emulator.companions.admin import key_files, payloads
from emulator.companions.admin.moment import now
from emulator.companions.admin.passphrase import Passphrases
from emulator.protocol import password


class UnclearOrder(CompanionError):
    """Words that fit together in no way, or in two."""


def provision_endorsement_key(words: Namespace, folder: Path) -> None:
    path = key_files.find(words.certificate, folder)
    der = key_files.load_certificate(path, Passphrases(words.passphrase_fd).for_file(path))
    write(words, payloads.endorsement_key(der, now=now()), "brings an endorsement key to a PC that has none")


def provision_signing_key(words: Namespace, folder: Path) -> None:
    known = Passphrases(words.passphrase_fd)
    endorsement, signing = (key_files.find(name, folder) for name in (words.endorsement, words.signing))
    _, private = key_files.load_private(endorsement, known.for_file(endorsement))
    public = key_files.load(signing, known.for_file(signing)).public
    data = payloads.signing_key(private, public, now=now(), nonce=words.nonce)
    write(words, data, f"brings the signing key {public.key_id}")


def deprovision(words: Namespace, folder: Path) -> None:
    private = private_key(words.endorsement, folder, words)
    write(words, payloads.deprovision(private, now=now(), nonce=words.nonce), "takes both keys back")
    print(
        "A PC refuses it with 0x1002 until its authentication mode is off (disable) and its local access keys are cleared "
        "(local-access-key --clear)."
    )


def authentication_mode(words: Namespace, folder: Path) -> None:
    private = private_key(words.signing, folder, words)
    on = words.verb == "enable"
    data = payloads.authentication_mode(private, on=on, **binding(words))
    write(words, data, f"turns Enhanced BIOS Authentication Mode {'on' if on else 'off'}")


def local_access_key(words: Namespace, folder: Path) -> None:
    if words.clear != (words.local_access is None) or (words.clear and words.text):
        raise UnclearOrder("name the key file of the local access key, or give --clear alone")
    known = Passphrases(words.passphrase_fd)
    signing = key_files.find(words.signing, folder)
    public = None
    if words.local_access is not None:
        path = key_files.find(words.local_access, folder)
        public = key_files.load(path, known.for_file(path)).public
    _, private = key_files.load_private(signing, known.for_file(signing))
    data = payloads.local_access_key(private, public, number=words.number, text=words.text, **binding(words))
    does = "clears" if public is None else "sets"
    write(words, data, f"{does} local access key {words.number}")
    if public is not None:
        print(
            f"Its key id is {public.key_id}. Apply it after the payload that enables the authentication mode."
        )


def change(words: Namespace, folder: Path) -> None:
    if (words.value is None) == (words.value_fd is None):
        raise UnclearOrder("give the value, or --value-fd with a descriptor to read it from")
    if words.name in password.SETTINGS and words.value_fd is None:
        raise UnclearOrder(f"{words.name} is secret and every process can read arguments: use --value-fd")
    value = words.value if words.value_fd is None else passphrase_from(words.value_fd)
    private = private_key(words.signing, folder, words)
    data = payloads.setting(private, words.name, value, **binding(words))
    write(words, data, f"changes {words.name}")


DEEDS: Mapping[str, Callable[[Namespace, Path], None]] = {
    "provision-endorsement-key": provision_endorsement_key,
    "provision-signing-key": provision_signing_key,
    "deprovision": deprovision,
    "enable": authentication_mode,
    "disable": authentication_mode,
    "local-access-key": local_access_key,
    "set": change,
}


def private_key(argument: str, folder: Path, words: Namespace) -> RSAPrivateKey:
    path = key_files.find(argument, folder)
    return key_files.load_private(path, Passphrases(words.passphrase_fd).for_file(path))[1]


def binding(words: Namespace) -> dict[str, Any]:
    """What binds a signed setting to a machine and to a moment."""
    return {
        "now": now(),
        "nonce": words.nonce,
        "target": words.target,
        "single_use": words.single_use,
    }


def write(words: Namespace, data: bytes, does: str) -> None:
    write_private(words.output, data, replace=words.force)
    where = f" on the machine {words.target}" if getattr(words, "target", None) else ""
    print(f"Wrote {words.output}: {does}{where}.")
