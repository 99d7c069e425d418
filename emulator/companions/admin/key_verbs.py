"""The verbs of `f10 admin` about keys: open key files, write one file, say what was written."""

from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path

from emulator.companions import make_private_folder, passphrase_from, refuse_existing, write_private
from emulator.companions.admin import enrolment_picture, key_files, new_key, passphrase
from emulator.companions.admin.moment import now
from emulator.companions.admin.new_key import Kind
from emulator.companions.admin.passphrase import Passphrases
from emulator.protocol.keys import PublicKey


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
        now=now(),
        organization=words.organization,
        path=words.output,
        replace=words.force,
    )
    print(f"Key successfully created: {path}")
    print(f"{kind.unit} {words.name}, RSA-2048, key id {PublicKey.of(made).key_id}")
    if words.generate_passphrase:
        print_generated(chosen)


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
        print_generated(chosen)
    print("Send the picture in its original size, and the passphrase by another way.")


def print_generated(chosen: str) -> None:
    print(f"Passphrase: {chosen}")
    print("It is stored nowhere: write it down.")


DEEDS: Mapping[str, Callable[[Namespace, Path], None]] = {"key": key, "enrol": enrol}
