"""What each verb of `f10 phone` does: look, ask for the passphrase, open, and say what came of it."""

import json
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from emulator.companions import ask_passphrase, passphrase_from
from emulator.companions.authenticator import gathered, received, unlock
from emulator.companions.authenticator.exceptions import QRCodeUnknownError
from emulator.companions.authenticator.keyring import Keyring
from emulator.companions.authenticator.source import STANDARD_INPUT, Shown, shown
from emulator.protocol.certificate import printable
from emulator.protocol.challenge import Challenge
from emulator.protocol.challenge_parts import fingerprint
from emulator.protocol.enrolment import Package


def enroll(words: Namespace, folder: Path) -> None:
    keyring, seen = Keyring(folder), next(_seen(words))
    package = received.choose(seen.looks, received.read_package)
    held = keyring.held(package)
    if held is not None and held.text == package.text:
        _say_enrolled(words, package, "was held already, from this very picture; nothing was changed", seen)
        return
    if held is not None and not words.force:
        raise QRCodeUnknownError(
            f"the key {printable(package.key_name)} is held already, from another picture, and was left alone; "
            "--force replaces it"
        )
    unlock.open_package(package, _passphrase(words, package))
    keyring.keep(package, replace=words.force)
    _say_enrolled(words, package, "is registered" if held is None else "was replaced", seen)


def scan(words: Namespace, folder: Path) -> None:
    keyring = Keyring(folder)

    def held(text: str) -> tuple[Challenge, Package]:
        asked = received.read_challenge(text)
        return asked, keyring.find(asked.key_digest)

    asked, package = received.choose(_looks(words), held)
    answer = unlock.answer(asked, package, _passphrase(words, package), now=time.time())
    header = answer.header
    if words.json:
        _print_json(
            {
                "pin": answer.pin,
                "machine": {"serial": header.serial, "uuid": str(header.machine)},
                "purpose": header.purpose.name.lower(),
                "check": fingerprint(asked.text),
                "issued_at": header.issued_at,
                "age": answer.age,
                "key_id": answer.key_id,
                "key_name": answer.key_name,
                "warnings": [answer.warning] if answer.warning else [],
            }
        )
        return
    print(f"Machine: serial number {header.serial or 'unknown'}, UUID {header.machine}")
    print(f"Purpose: {header.purpose.spoken}, {unlock.spoken_age(answer.age)}")
    print(f"Key:     {answer.key_name}")
    print(f"Check:   {fingerprint(asked.text)} (the screen shows the same)")
    if answer.warning:
        print(f"Warning: {answer.warning}", file=sys.stderr)
    print(f"PIN: {answer.pin[:4]} {answer.pin[4:]}")


def list_keys(words: Namespace, folder: Path) -> None:
    packages = Keyring(folder).all()
    if words.json:
        _print_json([_described(package) for package in packages])
        return
    for package in packages:
        of = " ".join(printable(text) for text in (package.model, package.serial) if text)
        print(f"{package.key_id}  {printable(package.key_name)}{f'  ({of})' if of else ''}")
    if not packages:
        print("No keys. Register one with: f10 phone enroll PICTURE")


DEEDS: Mapping[str, Callable[[Namespace, Path], None]] = {"enroll": enroll, "scan": scan, "list": list_keys}


def _looks(words: Namespace) -> Iterator[tuple[str, ...]]:
    seen = _seen(words)
    return gathered.of_several(seen) if len(words.picture) > 1 else gathered.of_one(next(seen))


def _seen(words: Namespace) -> Iterator[Shown]:
    """What is held before the phone, opened one by one."""
    asked = words.picture.count(STANDARD_INPUT)
    if asked and words.passphrase_fd == 0:
        raise QRCodeUnknownError(
            "standard input cannot be both the picture and the passphrase; use another file descriptor"
        )
    if asked > 1:
        raise QRCodeUnknownError("standard input can be one of the pictures only; name files for the others")
    for picture in words.picture:
        yield shown(picture, sys.stdin.buffer if sys.stdin else None)


def _passphrase(words: Namespace, package: Package) -> str:
    if not package.needs_passphrase:
        return ""
    if words.passphrase_fd is not None:
        return passphrase_from(words.passphrase_fd)
    return ask_passphrase(f"Passphrase of the key {printable(package.key_name)}: ")


def _described(package: Package) -> dict[str, object]:
    return {
        "key_id": package.key_id,
        "key_name": printable(package.key_name),
        "model": printable(package.model) if package.model is not None else None,
        "serial": printable(package.serial) if package.serial is not None else None,
        "needs_passphrase": package.needs_passphrase,
    }


def _say_enrolled(words: Namespace, package: Package, happened: str, seen: Shown) -> None:
    warnings = []
    if seen.is_small:
        warnings.append(
            "the picture is smaller than 800x600; other phones may not read it, ask for the original"
        )
    if not package.needs_passphrase:
        warnings.append("this key has no passphrase: whoever sees the picture has the key")
    if words.json:
        _print_json(_described(package) | {"result": happened, "warnings": warnings})
        return
    for warning in warnings:
        print(f"Warning: {warning}", file=sys.stderr)
    print(f"The key {printable(package.key_name)} {happened}. Key id {package.key_id}")


def _print_json(value: object) -> None:
    print(json.dumps(value, indent=2))
