"""What each verb of `f10 admin` does: open key files, look at the clock, write one file, say what was written."""

from argparse import Namespace
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.companions import (
    CompanionError,
    make_private_folder,
    passphrase_from,
    refuse_existing,
    write_private,
)
from emulator.companions.admin import enrolment_picture, key_files, new_key, passphrase, payloads
from emulator.companions.admin.new_key import Kind
from emulator.companions.admin.passphrase import Passphrases
from emulator.protocol import password
from emulator.protocol.keys import PublicKey


class UnclearOrder(CompanionError):
    """Words that fit together in no way, or in two."""


def key(words: Namespace, folder: Path) -> None:
    kind = Kind(words.kind)
    target = words.output or folder / f"{new_key.file_name(words.name)}.pfx"
    refuse_existing(target, replace=words.force)
    if words.generate_passphrase:
        chosen = passphrase.generate()
    elif words.passphrase_fd is not None:
        chosen = passphrase_from(words.passphrase_fd)
        passphrase.refuse_weak(chosen)
    else:
        chosen = passphrase.ask_new(f"the key {words.name}")
    path, made = new_key.create(
        folder,
        words.name,
        kind,
        chosen,
        now=_now(),
        organization=words.organization,
        path=words.output,
        replace=words.force,
    )
    print(f"Key successfully created: {path}")
    print(f"{kind.unit} {words.name}, RSA-2048, key id {PublicKey.of(made).key_id}")
    if words.generate_passphrase:
        _print_generated(chosen)


def enrol(words: Namespace, folder: Path) -> None:
    path = key_files.find(words.keyfile, folder)
    target = words.output or folder / f"{path.stem}.png"
    refuse_existing(target, replace=words.force)
    known = Passphrases(words.passphrase_fd)
    loaded, private = key_files.load_private(path, known.for_file(path))
    if words.generate_passphrase:
        chosen = passphrase.generate()
    elif words.picture_passphrase_fd is not None:
        chosen = passphrase_from(words.picture_passphrase_fd)
    else:
        chosen = loaded.passphrase or next(iter(known.known), "") or passphrase.ask_new("the picture")
    passphrase.refuse_weak(chosen)
    name = words.name or loaded.common_name or path.stem
    text = enrolment_picture.package_text(
        private, key_name=name, passphrase=chosen, model=words.model, serial=words.serial
    )
    if words.output is None:
        make_private_folder(folder)
    write_private(target, enrolment_picture.png(text), replace=words.force)
    print(f"Wrote {target}: local access key {name}, key id {loaded.public.key_id}")
    if words.generate_passphrase:
        _print_generated(chosen)
    print("Send the picture in its original size, and the passphrase by another way.")


def provision_endorsement_key(words: Namespace, folder: Path) -> None:
    path = key_files.find(words.certificate, folder)
    der = key_files.load_certificate(path, Passphrases(words.passphrase_fd).for_file(path))
    _write(
        words, payloads.endorsement_key(der, now=_now()), "brings an endorsement key to a PC that has none"
    )


def provision_signing_key(words: Namespace, folder: Path) -> None:
    known = Passphrases(words.passphrase_fd)
    endorsement, signing = (key_files.find(name, folder) for name in (words.endorsement, words.signing))
    _, private = key_files.load_private(endorsement, known.for_file(endorsement))
    public = key_files.load(signing, known.for_file(signing)).public
    data = payloads.signing_key(private, public, now=_now(), nonce=words.nonce)
    _write(words, data, f"brings the signing key {public.key_id}")


def deprovision(words: Namespace, folder: Path) -> None:
    private = _private(words.endorsement, folder, words)
    _write(words, payloads.deprovision(private, now=_now(), nonce=words.nonce), "takes both keys back")
    print(
        "A PC refuses it with 0x1002 until its authentication mode is off (disable) and its local access keys are cleared "
        "(local-access-key --clear)."
    )


def authentication_mode(words: Namespace, folder: Path) -> None:
    private = _private(words.signing, folder, words)
    on = words.verb == "enable"
    data = payloads.authentication_mode(private, on=on, **_binding(words))
    _write(words, data, f"turns Enhanced BIOS Authentication Mode {'on' if on else 'off'}")


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
    data = payloads.local_access_key(private, public, number=words.number, text=words.text, **_binding(words))
    does = "clears" if public is None else "sets"
    _write(words, data, f"{does} local access key {words.number}")
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
    private = _private(words.signing, folder, words)
    data = payloads.setting(private, words.name, value, **_binding(words))
    _write(words, data, f"changes {words.name}")


DEEDS: Mapping[str, Callable[[Namespace, Path], None]] = {
    "key": key,
    "enrol": enrol,
    "provision-endorsement-key": provision_endorsement_key,
    "provision-signing-key": provision_signing_key,
    "deprovision": deprovision,
    "enable": authentication_mode,
    "disable": authentication_mode,
    "local-access-key": local_access_key,
    "set": change,
}


def _now() -> datetime:
    return datetime.now(UTC).astimezone()


def _private(argument: str, folder: Path, words: Namespace) -> RSAPrivateKey:
    path = key_files.find(argument, folder)
    return key_files.load_private(path, Passphrases(words.passphrase_fd).for_file(path))[1]


def _binding(words: Namespace) -> dict[str, Any]:
    """What binds a signed setting to a machine and to a moment."""
    return {
        "now": _now(),
        "nonce": words.nonce,
        "target": words.target,
        "single_use": words.single_use,
    }


def _write(words: Namespace, data: bytes, does: str) -> None:
    write_private(words.output, data, replace=words.force)
    where = f" on the machine {words.target}" if getattr(words, "target", None) else ""
    print(f"Wrote {words.output}: {does}{where}.")


def _print_generated(chosen: str) -> None:
    print(f"Passphrase: {chosen}")
    print("It is stored nowhere: write it down.")
