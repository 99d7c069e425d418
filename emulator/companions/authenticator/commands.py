"""The door `f10 phone`: words to deeds, errors to the vendor's numbers; without a verb the phone itself, on the terminal.

The words are parsed first; `verbs`, which brings cryptography along, is loaded when a command is understood. Exit codes: 0
done, 2 a command that was not understood, else the phone's error number.
"""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from emulator.companions import CompanionError, language
from emulator.companions.authenticator.exceptions import PhoneError, QRCodeUnknownError
from emulator.companions.authenticator.words import understood


def run(arguments: Sequence[str], folder: Path) -> int:
    """Carry out one `f10 phone` command with keys in `folder`; the exit code comes back."""
    try:
        words = understood(arguments)
    except SystemExit as done:
        return 0 if done.code in {0, None} else 2
    spoken = language.chosen(words.language, os.environ)
    if words.verb is None:
        return _screens(folder, spoken)
    from emulator.companions.authenticator import verbs  # noqa: PLC0415 -- only once a command is understood
    from emulator.protocol.errors import ProtocolError  # noqa: PLC0415

    try:
        verbs.DEEDS[words.verb](words, folder)
    except BrokenPipeError:
        raise  # Whoever read has seen enough, which is nothing that the phone could tell.
    except PhoneError as error:
        return _tell(error, spoken, in_json=words.json)
    except (CompanionError, ProtocolError, OSError) as error:
        return _tell(QRCodeUnknownError(str(error)), spoken, in_json=words.json)
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return _tell(QRCodeUnknownError("interrupted"), spoken, in_json=words.json)
    return 0


def _screens(folder: Path, spoken: str) -> int:
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout)):
        print(
            "f10 phone: the phone needs a terminal to open on; f10 phone VERB works without one (f10 phone --help)",
            file=sys.stderr,
        )
        return 2
    from emulator.companions.authenticator.screens import app  # noqa: PLC0415 -- Textual, for the screens only

    return app.run(folder, spoken)


def _tell(error: PhoneError, spoken: str, *, in_json: bool) -> int:
    from emulator.protocol.certificate import printable  # noqa: PLC0415 -- as above

    meaning = error.meaning(spoken)
    if in_json:
        told = {"error": error.code, "name": error.name, "message": str(error), "meaning": meaning}
        print(json.dumps(told))
    else:
        # Pictures come with names that strangers gave them, and a name may hold what steers a terminal.
        print(f"Error {error.code} {error.name}: {printable(str(error))}", file=sys.stderr)
        # That 100 means anything else helps nobody who has just read what it was.
        if error.code != QRCodeUnknownError.code:
            print(meaning, file=sys.stderr)
    return error.exit_code
