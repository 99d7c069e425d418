"""HPQPswd: the program that makes BCU's password files.

The vendor's has a window, and for scripts three switches without a colon: `/s` for silent, `/p"password"` and `/f"file"`. Ours takes the same
words; without `/s` it asks for the password twice, and `--password-fd` hands it in where no other process can read it. What the
file is and what it is not stands in `protocol.password_file`: it hides the password from a glance, and protects nothing.

A password file is replaced by a new one. Any other file is left alone.
"""

import os
import secrets
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from emulator.bcu.assignment import unquoted
from emulator.companions import (
    CompanionError,
    ask_passphrase,
    passphrase_from,
    read_bounded,
    refuse_existing,
    write_private,
)
from emulator.protocol.errors import ProtocolError

USAGE = """\
usage: f10 hpqpswd /f"FILE" [/s /p"PASSWORD"]

  /f"FILE"              the password file to write
  /s                    silent: the password comes with /p or --password-fd, else it is asked for twice
  /p"PASSWORD"          the password, at most 32 characters; every process can read it here
  --password-fd N       the password from a descriptor

The file hides the password from a glance. Its key is public, so who can read the file has the password.
"""

REFUSED, UNUSABLE = 1, 2
LARGEST = 1 << 12


class NotUnderstood(Exception):
    """Words that are no command to make a password file."""


@dataclass(frozen=True, slots=True)
class Words:
    """What was asked for; without password and descriptor somebody is asked."""

    file: str
    password: str | None = field(default=None, repr=False)
    descriptor: int | None = None


def run(arguments: Sequence[str]) -> int:
    """Make one password file."""
    if not arguments or {word.casefold() for word in arguments} & {"/?", "/help", "-h", "--help"}:
        print(USAGE, end="")
        return 0 if arguments else UNUSABLE
    try:
        words = understood(arguments)
        _write(Path(words.file), _password(words))
    except NotUnderstood as error:
        print(f"hpqpswd: {error}\n\n{USAGE}", end="", file=sys.stderr)
        return UNUSABLE
    except (CompanionError, ProtocolError) as error:
        print(f"hpqpswd: {error}", file=sys.stderr)
        return REFUSED
    print(f"{words.file} is written. Who can read it has the password.")
    return 0


def understood(arguments: Sequence[str]) -> Words:
    """Raises NotUnderstood, which repeats no password."""
    said: dict[str, str] = {}
    rest = iter(arguments)
    for word in rest:
        name, value = _one(word, rest)
        if name in said:
            raise NotUnderstood(f"{name} stands there twice")
        said[name] = value
    password, descriptor = said.get("/p"), said.get("--password-fd")
    if not said.get("/f"):
        raise NotUnderstood('/f"FILE" names the file to write')
    if "/s" in said and (password is None) == (descriptor is None):
        raise NotUnderstood("/s takes the password with /p or from --password-fd, one of them")
    if "/s" not in said and password is not None:
        raise NotUnderstood("/p goes with /s")
    if descriptor is not None and not (
        descriptor.isascii() and descriptor.isdigit() and len(descriptor) < 10
    ):
        raise NotUnderstood(f"--password-fd takes a number; {descriptor[:20]!r} came")
    return Words(said["/f"], password, None if descriptor is None else int(descriptor))


def _one(word: str, rest: Iterator[str]) -> tuple[str, str]:
    ours, equals, value = word.partition("=")
    if ours == "--password-fd":
        return ours, value if equals else next(rest, "")
    whole = unquoted(word)
    name = whole[:2].casefold()
    if name == "/s" and len(whole) == 2:
        return name, ""
    if name in {"/p", "/f"}:
        # The vendor's has no colon there, but all of BCU's options have one.
        return name, unquoted(whole[2:].removeprefix(":") if name == "/f" else whole[2:])
    raise NotUnderstood(f"/f, /p, /s or --password-fd was expected; {word[:2]!r} came")


def _password(words: Words) -> str:
    if words.password is not None:
        return words.password
    if words.descriptor is not None:
        return passphrase_from(words.descriptor)
    first = ask_passphrase("Password: ", option="--password-fd")
    if ask_passphrase("The same again: ", option="--password-fd") != first:
        raise CompanionError("the two entries differ; nothing was written")
    return first


def _write(path: Path, password: str) -> None:
    from emulator.protocol import password_file

    if any(unicodedata.category(sign) == "Cs" for sign in password):
        # A byte that is no UTF-8 comes from the shell as one of them, and no keyboard writes it.
        raise CompanionError("the password is no text in UTF-8; nothing was written")
    sealed = password_file.seal(password, secrets.token_bytes(password_file.NONCE_SIZE))
    refuse_existing(path, replace=True)
    if os.path.lexists(path) and not read_bounded(path, most=LARGEST, follow=False).startswith(
        password_file.MAGIC
    ):
        raise CompanionError(f"{path} is no password file and was left alone")
    write_private(path, sealed, replace=True)
