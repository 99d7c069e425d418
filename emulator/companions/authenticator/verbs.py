"""What the verbs of `f10 phone` do that look at pictures: enroll and scan; and all deeds together."""

import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from emulator.companions.authenticator import asking, clipboard, gathered, key_verbs, safety_verbs, unlock
from emulator.companions.authenticator.exceptions import HeldAlready, NotFit, QRCodeUnknownError
from emulator.companions.authenticator.phone import Asked, HeldKey, Phone
from emulator.companions.authenticator.saying import described, print_json
from emulator.companions.authenticator.source import STANDARD_INPUT, Shown, shown
from emulator.companions.authenticator.unlock import Answer


def enroll(words: Namespace, folder: Path) -> None:
    phone, seen = Phone(folder), next(_seen(words))
    package = phone.read_package(seen.looks)
    asking.unlock(words, phone)
    if not package.needs_passphrase and words.picture and words.picture[0].lstrip().startswith("{"):
        raise NotFit(
            "this key has no passphrase, and every process can read arguments; hand it in as a file or on standard input"
        )
    held = phone.held(package)
    if held is not None and held.package.text == package.text:
        _say_enrolled(words, held, "was held already, from this very picture; nothing was changed", seen)
        return
    if held is not None and not words.force:
        raise HeldAlready(
            f"the key {held.name} is held already, from another picture, and was left alone; --force replaces it"
        )
    passphrase = asking.passphrase_of(words, package)
    key = phone.enrol(package, passphrase, email=words.email, replace=words.force)
    _say_enrolled(words, key, "is registered" if held is None else "was replaced", seen)


def scan(words: Namespace, folder: Path) -> None:
    phone, looks = Phone(folder), _looks(words)
    asking.unlock(words, phone)
    asked = phone.read_challenge(looks)
    # Whoever sits at a terminal looks before the passphrase; what reads a pipe gets all or nothing.
    looks_first = not (words.yes or words.json) and asking.at_a_terminal()
    if looks_first:
        _say_machine(asked)
        asking.before_the_pin()
    secret = None
    if phone.needs_secret(asked.key):
        secret = asking.passphrase_of(words, asked.key.package, asked.key.name)
    answer = phone.answer(asked, secret)
    if words.json:
        print_json(_answered(asked, answer))
        return
    if not looks_first:
        _say_machine(asked)
    print(f"PIN: {answer.pin[:4]} {answer.pin[4:]}")


DEEDS: Mapping[str, Callable[[Namespace, Path], None]] = {
    "enroll": enroll,
    "scan": scan,
    **key_verbs.DEEDS,
    **safety_verbs.DEEDS,
}


def _looks(words: Namespace) -> Iterator[tuple[str, ...]]:
    seen = _seen(words)
    return gathered.of_several(seen) if len(words.picture) > 1 else gathered.of_one(next(seen))


def _seen(words: Namespace) -> Iterator[Shown]:
    """What is held before the phone, opened one by one; what the words get wrong is said before that."""
    if words.clipboard:
        asking.check(words, stdin_is_taken=False)
        return (clipboard.shown() for _ in range(1))
    pictures = [words.picture] if isinstance(words.picture, str) else words.picture
    asked = pictures.count(STANDARD_INPUT)
    asking.check(words, stdin_is_taken=bool(asked))
    if asked > 1:
        raise QRCodeUnknownError("standard input can be one of the pictures only; name files for the others")
    return (shown(picture, sys.stdin.buffer if sys.stdin else None) for picture in pictures)


def _answered(asked: Asked, answer: Answer) -> dict[str, object]:
    header = answer.header
    return {
        "pin": answer.pin,
        "machine": {"serial": header.serial, "uuid": str(header.machine)},
        "purpose": header.purpose.name.lower(),
        "check": asked.check,
        "issued_at": header.issued_at,
        "age": answer.age,
        "key_id": answer.key_id,
        "key_name": answer.key_name,
        "warnings": [answer.warning] if answer.warning else [],
    }


def _say_machine(asked: Asked) -> None:
    header = asked.header
    print(f"Machine: serial number {header.serial or 'unknown'}, UUID {header.machine}")
    print(f"Purpose: {header.purpose.spoken}, {unlock.spoken_age(asked.age)}")
    print(f"Key:     {asked.key.name}")
    print(f"Check:   {asked.check} (the screen shows the same)")
    if asked.warning:
        print(f"Warning: {asked.warning}", file=sys.stderr)


def _say_enrolled(words: Namespace, key: HeldKey, happened: str, seen: Shown) -> None:
    warnings = []
    if seen.is_small:
        warnings.append(
            "the picture is smaller than 800x600; other phones may not read it, ask for the original"
        )
    if not key.package.needs_passphrase:
        warnings.append("this key has no passphrase: whoever sees the picture has the key")
    if key.needs_sign_in:
        warnings.append("this key asks for a sign-in before each PIN, which this phone cannot make yet")
    if words.json:
        print_json(described(key) | {"result": happened, "warnings": warnings})
        return
    for warning in warnings:
        print(f"Warning: {warning}", file=sys.stderr)
    print(f"The key {key.name} {happened}. Key id {key.key_id}")
