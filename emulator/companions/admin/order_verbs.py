"""The verbs of `f10 admin` about orders that a PC's keys rest on."""

from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path

from emulator.companions import passphrase_from
from emulator.companions.admin import key_files, payloads
from emulator.companions.admin.moment import now
from emulator.companions.admin.orders import (
    UnclearOrder,
    binding,
    moment,
    private_key,
    public_key,
    signing_key,
    write,
)
from emulator.companions.admin.passphrase import Passphrases


def provision_endorsement_key(words: Namespace, folder: Path) -> None:
    path = key_files.find(words.certificate, folder)
    der = key_files.load_certificate(path, Passphrases(words.passphrase_fd).for_file(path))
    descriptor = words.setup_password_fd
    setup_password = "" if descriptor is None else passphrase_from(descriptor)
    data = payloads.endorsement_key(der, setup_password=setup_password, now=now())
    write(words, data, "brings an endorsement key to a PC that has none")
    if setup_password:
        print("The PC's setup password lies in it in clear: keep the file as secret as that.")


def provision_signing_key(words: Namespace, folder: Path) -> None:
    known = Passphrases(words.passphrase_fd)
    private = private_key(words.endorsement, folder, known)
    public = public_key(words.signing, folder, known)
    data = payloads.signing_key(private, public, **moment(words))
    write(words, data, f"brings the signing key {public.key_id}")


def authentication_mode(words: Namespace, folder: Path) -> None:
    private = signing_key(words, folder)
    on = words.verb == "enable"
    data = payloads.authentication_mode(private, on=on, **binding(words))
    write(words, data, f"turns Enhanced BIOS Authentication Mode {'on' if on else 'off'}")


def local_access_key(words: Namespace, folder: Path) -> None:
    if words.clear != (words.local_access is None) or (words.clear and words.text):
        raise UnclearOrder("name the key file of the local access key, or give --clear alone")
    known = Passphrases(words.passphrase_fd)
    private = private_key(words.signing, folder, known)
    public = None if words.local_access is None else public_key(words.local_access, folder, known)
    data = payloads.local_access_key(private, public, number=words.number, text=words.text, **binding(words))
    does = "clears" if public is None else "sets"
    write(words, data, f"{does} local access key {words.number}")
    if public is not None:
        print(
            f"Its key id is {public.key_id}. Apply it after the payload that enables the authentication mode."
        )


DEEDS: Mapping[str, Callable[[Namespace, Path], None]] = {
    "provision-endorsement-key": provision_endorsement_key,
    "provision-signing-key": provision_signing_key,
    "enable": authentication_mode,
    "disable": authentication_mode,
    "local-access-key": local_access_key,
}
