"""What a command asks the person: passphrases, from a descriptor or at a prompt, and whether it is meant.

A command may need two or three passphrases: the key's or the backup's (`--passphrase-fd`), the phone's own (`--phone-passphrase-fd`) and a new one
for the phone (`--new-passphrase-fd`). Each descriptor is read to its end, so each needs one of its own.
"""

import sys
from argparse import Namespace

from emulator.companions import NoPassphrase, ask_passphrase, passphrase_from
from emulator.companions.authenticator.exceptions import NotFit, QRCodeUnknownError
from emulator.companions.authenticator.phone import HeldKey, Phone
from emulator.protocol.certificate import printable
from emulator.protocol.enrolment import Package

OPTIONS = ("passphrase_fd", "phone_passphrase_fd", "new_passphrase_fd")


def check(words: Namespace, *, stdin_is_taken: bool) -> None:
    """Refuse one descriptor for two things before anything is read."""
    given = [number for option in OPTIONS if (number := getattr(words, option, None)) is not None]
    if stdin_is_taken and 0 in given:
        raise QRCodeUnknownError(
            "standard input cannot be both the picture and the passphrase; use another file descriptor"
        )
    if len(set(given)) != len(given):
        raise QRCodeUnknownError("one file descriptor was named for two passphrases; use one for each")


def unlock(words: Namespace, phone: Phone) -> None:
    """Unlock the phone if it has a passphrase of its own."""
    if not phone.is_open:
        phone.unlock(_secret(words, "phone_passphrase_fd", "Passphrase of the phone: "))


def passphrase_of(words: Namespace, package: Package, name: str | None = None) -> str:
    """The passphrase that the key came with; empty if it has none."""
    if not package.needs_passphrase:
        return ""
    return _secret(words, "passphrase_fd", f"Passphrase of the key {printable(name or package.key_name)}: ")


def of_backup(words: Namespace) -> str:
    return _secret(words, "passphrase_fd", "Passphrase of the backup: ")


def new(words: Namespace, option: str, whose: str) -> str:
    """A passphrase that is to be; at the prompt it is typed twice."""
    if getattr(words, option) is not None:
        return passphrase_from(getattr(words, option))
    chosen = _secret(words, option, f"New passphrase of the {whose}: ")
    if _secret(words, option, "The same again: ") != chosen:
        raise NotFit("the two passphrases differ; nothing was changed")
    return chosen


def at_a_terminal() -> bool:
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def before_the_pin() -> None:
    """Wait until the person has looked. Whoever leaves instead gets no PIN."""
    _line("Is this the machine before you? Enter shows its PIN, Ctrl+C leaves. ")


def before_deleting(key: HeldKey) -> None:
    """Raises NotFit unless the person types the name of the key."""
    if not at_a_terminal():
        raise NotFit("without a terminal nobody can be asked whether this is meant; --yes says so")
    print(f"This deletes the key {key.name} (key id {key.key_id}) from this phone.")
    if _line("Type its name to go on: ").strip() != key.name:
        raise NotFit("that is not the name of the key; nothing was deleted")


def _line(prompt: str) -> str:
    try:
        return input(prompt)
    except EOFError:
        raise NotFit("no answer came; nothing was done") from None


def _secret(words: Namespace, option: str, prompt: str) -> str:
    descriptor: int | None = getattr(words, option)
    if descriptor is not None:
        return passphrase_from(descriptor)
    try:
        return ask_passphrase(prompt)
    except NoPassphrase:
        raise NoPassphrase(
            f"{prompt.rstrip(': ')}: it is needed and there is no terminal to ask on; hand it in with "
            f"--{option.replace('_', '-')} N"
        ) from None
