"""The words of `f10 phone`: verbs, options and their help."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from emulator.companions.language import LANGUAGES

if TYPE_CHECKING:
    _Verbs = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 -- argparse gives it no other name

PICTURE = "picture, text file, - or JSON text"


def understood(arguments: Sequence[str]) -> argparse.Namespace:
    """The words of one command; what is not understood is told by argparse, which then raises SystemExit."""
    whole = _parser()
    words = whole.parse_args(arguments)
    if words.verb in {"enroll", "scan"} and bool(words.picture) == words.clipboard:
        whole.error(f"{words.verb}: name a PICTURE to look at, or --clipboard, and not both")
    return words


def _parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(
        "f10 phone",
        description="The phone: holds local access keys and answers a PC's challenge with a one-time PIN. "
        "Without a verb it opens on the terminal.",
        epilog="PICTURE is a PNG, JPEG, BMP or SVG, a text file, - for standard input, or the JSON text itself. KEY is the name of a key, "
        "its id, or how its id begins. Errors end with the phone's error number, 100 to 107, as exit code; 302, which "
        "does not fit into one, ends with 100.",
        allow_abbrev=False,
    )
    whole.add_argument(
        "--language", choices=LANGUAGES, help="of the screens, and of what an error number means"
    )
    verbs = whole.add_subparsers(dest="verb", metavar="VERB")
    _enroll(verbs)
    _scan(verbs)
    _keys(verbs)
    _history(verbs)
    _backup(verbs)
    _protection(verbs)
    return whole


def _enroll(verbs: "_Verbs") -> None:
    enroll = _verb(
        verbs,
        "enroll",
        "register a local access key from its enrolment picture",
        "It is kept as received, or, on a phone with a passphrase of its own, under that.",
    )
    _source(enroll, "?")
    enroll.add_argument("--force", action="store_true", help="replace the key if it is held already")
    enroll.add_argument(
        "--email", metavar="ADDRESS", help="your address, for a key whose administrator asks for one"
    )
    _passphrase(enroll, "key")


def _scan(verbs: "_Verbs") -> None:
    scan = _verb(
        verbs,
        "scan",
        "read a PC's challenge and show the PIN",
        "It shows the machine that asks, then the PIN for its response code. "
        "A challenge that a small screen shows in parts comes as several pictures, or as one of them all, in any order.",
    )
    _source(scan, "*")
    scan.add_argument(
        "--yes", action="store_true", help="show the PIN without asking whether it is this machine"
    )
    _passphrase(scan, "key")


def _keys(verbs: "_Verbs") -> None:
    _verb(verbs, "list", "list the keys held")
    rename = _verb(verbs, "rename", "give a key another name")
    delete = _verb(verbs, "delete", "delete a key", "Its bytes are overwritten first.")
    for verb in (rename, delete):
        verb.add_argument("key", metavar="KEY")
    rename.add_argument("name", metavar="NAME")
    delete.add_argument("--yes", action="store_true", help="do not ask for the name of the key")


def _history(verbs: "_Verbs") -> None:
    history = verbs.add_parser(
        "history",
        help="tell what the phone did, newest first",
        description="Tell what the phone did, newest first: PINs issued, refusals, changes. It never holds a PIN.",
        allow_abbrev=False,
    )
    form = history.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="answer in JSON, errors too")
    form.add_argument("--csv", action="store_true", help="answer in CSV, for a spreadsheet")


def _backup(verbs: "_Verbs") -> None:
    backup = _verb(
        verbs,
        "backup",
        "write all keys into one encrypted file",
        "The backup has a passphrase of its own; each key in it still needs the passphrase that it came with.",
    )
    restore = _verb(
        verbs, "restore", "take in the keys of a backup", "Keys that are held already stay as they are."
    )
    for verb in (backup, restore):
        verb.add_argument("file", metavar="FILE")
        _passphrase(verb, "backup")
    backup.add_argument("--force", action="store_true", help="replace the file if it exists")


def _protection(verbs: "_Verbs") -> None:
    protect = _verb(
        verbs,
        "protect",
        "give the phone a passphrase of its own, or another one",
        "Everything but the history is then encrypted under it. A key asks for its own passphrase once more, "
        "when it is used next; from then on the phone's opens it.",
    )
    protect.add_argument(
        "--new-passphrase-fd",
        type=int,
        metavar="N",
        help="read the new passphrase from there; else it is asked for",
    )
    _verb(verbs, "unprotect", "take the phone's own passphrase away", "Keys are kept as received again.")


def _verb(verbs: "_Verbs", name: str, told: str, more: str = "") -> argparse.ArgumentParser:
    """A verb that works on the keys, which a passphrase of the phone's may guard."""
    description = f"{told[0].upper()}{told[1:]}. {more}".strip()
    verb = verbs.add_parser(name, help=told, description=description, allow_abbrev=False)
    verb.add_argument("--json", action="store_true", help="answer in JSON, errors too")
    verb.add_argument(
        "--phone-passphrase-fd",
        type=int,
        metavar="N",
        help="read the phone's own passphrase from there, if it has one; else it is asked for",
    )
    return verb


def _source(verb: argparse.ArgumentParser, many: str) -> None:
    verb.add_argument("picture", nargs=many, metavar="PICTURE", help=PICTURE)
    verb.add_argument("--clipboard", action="store_true", help="look at the picture in the clipboard instead")


def _passphrase(verb: argparse.ArgumentParser, whose: str) -> None:
    verb.add_argument(
        "--passphrase-fd",
        type=int,
        metavar="N",
        help=f"read the {whose}'s passphrase from there; else it is asked for",
    )
