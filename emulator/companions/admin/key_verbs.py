"""The verbs of `f10 admin` about keys: open key files, write one file, say what was written."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from emulator.companions import language, make_private_folder, passphrase_from, refuse_existing, write_private
from emulator.companions.admin import (
    enrolment_file,
    enrolment_picture,
    key_files,
    key_listing,
    key_sealing,
    key_store,
    new_key,
    passphrase,
)
from emulator.companions.admin.enrolment_file import Look
from emulator.companions.admin.key_files import KeyFile
from emulator.companions.admin.moment import now
from emulator.companions.admin.new_key import Kind
from emulator.companions.admin.passphrase import Passphrases
from emulator.companions.admin.sheet import Paper
from emulator.protocol.keys import PublicKey


def key(words: Namespace, folder: Path) -> None:
    kind = Kind(words.kind)
    new_key.refuse_name(words.name)
    target = words.output or folder / f"{new_key.file_name(words.name)}.pfx"
    key_sealing.refuse(target, store=folder, replace=words.force)
    chosen = _new(words, words.passphrase_fd, f"the key {words.name}", [words.name])
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
    _print_generated(words, chosen)


def take_in(words: Namespace, folder: Path) -> None:
    new_key.refuse_name(words.name)
    path = key_files.find(words.keyfile, folder)
    key_sealing.refuse(folder / f"{new_key.file_name(words.name)}.pfx", store=folder, replace=words.force)
    known = Passphrases(words.passphrase_fd)
    opened, private = key_files.load_private(path, known.for_file(path))
    if words.certificate is not None:
        other = key_files.find(words.certificate, folder)
        opened = key_files.with_certificate(opened, key_files.load_certificate(other, known.for_file(other)))
    what = f"the key {words.name}"
    chosen = _for_copy(words, words.new_passphrase_fd, opened, known, what, [words.name])
    kind = Kind(words.kind) if words.kind else None
    made = key_store.take_in(
        folder, words.name, opened, private, chosen, now=now(), kind=kind, replace=words.force
    )
    print(f"Wrote {made}: key id {opened.public.key_id}. {path} stays as it is.")
    _print_generated(words, chosen)


def keys(words: Namespace, folder: Path) -> None:
    found = key_store.list(folder)
    print(key_listing.as_json(found) if words.json else key_listing.as_text(found, folder))


def enrol(words: Namespace, folder: Path) -> None:
    path = key_files.find(words.keyfile, folder)
    target = words.output or folder / f"{path.stem}.png"
    look = _look(words)
    enrolment_file.refuse(target, look)
    refuse_existing(target, replace=words.force)
    known = Passphrases(words.passphrase_fd)
    loaded, private = key_files.load_private(path, known.for_file(path))
    name = words.name or loaded.common_name or path.stem
    chosen = _for_copy(words, words.picture_passphrase_fd, loaded, known, "the picture", [name])
    text = enrolment_picture.package_text(
        private, key_name=name, passphrase=chosen, model=words.model, serial=words.serial
    )
    data = enrolment_file.contents(
        target, text, key_name=name, key_id=loaded.public.key_id, made=now().date(), look=look
    )
    if words.output is None:
        make_private_folder(folder)
    write_private(target, data, replace=words.force)
    print(f"Wrote {target}: local access key {name}, key id {loaded.public.key_id}")
    _warn_of_another_kind(loaded)
    _print_generated(words, chosen)
    print(_advice(target, look))


DEEDS: Mapping[str, Callable[[Namespace, Path], None]] = {
    "key": key,
    "import": take_in,
    "keys": keys,
    "enrol": enrol,
}


def _new(words: Namespace, descriptor: int | None, what: str, known: Sequence[str]) -> str:
    """The passphrase of something new: generated, from a descriptor, or asked for."""
    if words.generate_passphrase:
        return passphrase.generate()
    if descriptor is None:
        return passphrase.ask_new(what, known)
    chosen = passphrase_from(descriptor)
    passphrase.refuse_weak(chosen, known)
    return chosen


def _for_copy(
    words: Namespace,
    descriptor: int | None,
    opened: KeyFile,
    known: Passphrases,
    what: str,
    public: Sequence[str],
) -> str:
    """The passphrase of a copy of a key: that of its file, unless another is wanted or the file has none."""
    given = opened.passphrase or next(iter(known.known), "")
    if words.generate_passphrase or descriptor is not None or not given:
        return _new(words, descriptor, what, public)
    passphrase.refuse_weak(given, public)
    return given


def _look(words: Namespace) -> Look:
    spoken = language.chosen(getattr(words, "language", None), os.environ)
    side = enrolment_picture.SIDE if words.side is None else words.side
    return Look(words.vendor_size, side, spoken, Paper[words.paper.upper()])


def _advice(target: Path, look: Look) -> str:
    if target.suffix.lower() == ".pdf":
        return "Print the sheet and hand it over, and the passphrase by another way."
    if look.vendor_size:
        return "It is smaller than 800x600, so phones may warn. Send the passphrase by another way."
    return "Send the picture in its original size, and the passphrase by another way."


def _warn_of_another_kind(opened: KeyFile) -> None:
    kind = Kind.of_unit(opened.unit)
    if kind not in {None, Kind.LOCAL_ACCESS}:
        print(
            f"Warning: its certificate calls it {opened.unit}. Whoever holds the phone can then sign with that key; "
            "make a key for local access instead.",
            file=sys.stderr,
        )


def _print_generated(words: Namespace, chosen: str) -> None:
    if words.generate_passphrase:
        print(f"Passphrase: {chosen}")
        print("It is stored nowhere: write it down.")
