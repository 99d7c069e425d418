"""What the verbs of `f10 phone` do with keys that are held: list, rename, delete."""

from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path

from emulator.companions.authenticator import asking
from emulator.companions.authenticator.phone import Phone
from emulator.companions.authenticator.saying import described, print_json
from emulator.protocol.certificate import printable


def list_keys(words: Namespace, folder: Path) -> None:
    keys = _unlocked(words, folder).keys()
    if words.json:
        print_json([described(key) for key in keys])
        return
    for key in keys:
        of = " ".join(printable(text) for text in (key.package.model, key.package.serial) if text)
        print(f"{key.key_id}  {key.name}{f'  ({of})' if of else ''}")
    if not keys:
        print("No keys. Register one with: f10 phone enroll PICTURE")


def rename(words: Namespace, folder: Path) -> None:
    phone = _unlocked(words, folder)
    old = phone.find(words.key)
    key = phone.rename(old.key_id, words.name)
    if words.json:
        print_json(described(key))
        return
    print(f"The key {old.name} is called {key.name} now. Key id {key.key_id}")


def delete(words: Namespace, folder: Path) -> None:
    phone = _unlocked(words, folder)
    key = phone.find(words.key)
    if not words.yes:
        asking.before_deleting(key)
    phone.delete(key.key_id)
    if words.json:
        print_json(described(key) | {"result": "was deleted"})
        return
    print(f"The key {key.name} was deleted. Key id {key.key_id}")


DEEDS: Mapping[str, Callable[[Namespace, Path], None]] = {
    "list": list_keys,
    "rename": rename,
    "delete": delete,
}


def _unlocked(words: Namespace, folder: Path) -> Phone:
    phone = Phone(folder)
    asking.unlock(words, phone)
    return phone
