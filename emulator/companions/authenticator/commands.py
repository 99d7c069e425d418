"""The door `f10 phone`: words to deeds, and errors to the vendor's numbers.

This module knows the words only; `verbs`, which brings cryptography along, is loaded when a command is understood. Exit codes: 0
done, 2 a command that was not understood, else the phone's error number.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from emulator.companions import CompanionError
from emulator.companions.authenticator.exceptions import PhoneError, QRCodeUnknownError


def run(arguments: Sequence[str], folder: Path) -> int:
    """Carry out one `f10 phone` command with keys in `folder`; the exit code comes back."""
    try:
        words = _parser().parse_args(arguments)
    except SystemExit as done:
        return 0 if done.code in {0, None} else 2
    from emulator.companions.authenticator import verbs  # noqa: PLC0415 -- only once a command is understood
    from emulator.protocol.errors import ProtocolError  # noqa: PLC0415

    try:
        verbs.DEEDS[words.verb](words, folder)
    except PhoneError as error:
        return _tell(error, in_json=words.json)
    except (CompanionError, ProtocolError, OSError) as error:
        return _tell(QRCodeUnknownError(str(error)), in_json=words.json)
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return _tell(QRCodeUnknownError("interrupted"), in_json=words.json)
    return 0


def _tell(error: PhoneError, *, in_json: bool) -> int:
    from emulator.protocol.certificate import printable  # noqa: PLC0415 -- as above

    if in_json:
        print(json.dumps({"error": error.code, "name": error.name, "message": str(error)}))
    else:
        # Pictures come with names that strangers gave them, and a name may hold what steers a terminal.
        print(f"Error {error.code} {error.name}: {printable(str(error))}", file=sys.stderr)
    return error.code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "f10 phone",
        description="The phone: holds local access keys and answers a PC's challenge with a one-time PIN.",
        epilog="PICTURE is a PNG, JPEG or BMP, a text file, - for standard input, or the JSON text itself. "
        "Errors end with the phone's error number, 100 to 107, as exit code.",
        allow_abbrev=False,
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")

    enroll = verbs.add_parser(
        "enroll",
        help="register a local access key from its enrolment picture",
        description="Register a local access key from its enrolment picture. It is kept encrypted, as received.",
        allow_abbrev=False,
    )
    enroll.add_argument("--force", action="store_true", help="replace the key if it is held already")
    scan = verbs.add_parser(
        "scan",
        help="read a PC's challenge and show the PIN",
        description="Read a PC's challenge and show the machine that asks, and the PIN for its response code. "
        "A challenge that a small screen shows in parts comes as several pictures, or as one of them all, in any order.",
        allow_abbrev=False,
    )
    for verb, many in ((enroll, 1), (scan, "+")):
        verb.add_argument("picture", nargs=many, metavar="PICTURE", help="picture, text file, - or JSON text")
        verb.add_argument(
            "--passphrase-fd",
            type=int,
            metavar="N",
            help="read the key's passphrase from there; else it is asked for",
        )
    listing = verbs.add_parser(
        "list", help="list the keys held", description="List the keys held.", allow_abbrev=False
    )
    for verb in (enroll, scan, listing):
        verb.add_argument("--json", action="store_true", help="answer in JSON, errors too")
    return parser
