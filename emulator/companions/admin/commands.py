"""The door `f10 admin`: words to deeds, or without a verb the wizard.

The words are parsed first, so that help and a mistyped command cost nothing; `verbs`, which brings cryptography along, is loaded when a
command is understood. Exit codes: 0 done, 2 refused; what was refused and why is a sentence on standard error.

The console never meets a PC. Whoever starts it may hand in a way to send a payload to one, which the wizard offers.
"""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from emulator.companions import CompanionError, language
from emulator.companions.admin.words import parser

Send = Callable[[bytes], Mapping[str, object]]
"""Hands one payload to a PC and gives what it said: `ok`, `status`, `sentence` and so on, or `error`."""


def run(arguments: Sequence[str], folder: Path, send: Send | None = None) -> int:
    """Carry out one `f10 admin` command with key files in `folder`; the exit code comes back."""
    try:
        words = parser().parse_args(arguments)
    except SystemExit as done:
        return 0 if done.code in {0, None} else 2
    if words.verb is None:
        return _wizard(folder, send, language.chosen(words.language, os.environ))
    from emulator.companions.admin import verbs  # noqa: PLC0415 -- only once a command is understood
    from emulator.protocol.errors import ProtocolError  # noqa: PLC0415

    try:
        verbs.DEEDS[words.verb](words, folder)
    except (CompanionError, ProtocolError) as error:
        print(f"f10 admin {words.verb}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"\nf10 admin {words.verb}: interrupted", file=sys.stderr)
        return 2
    return 0


def _wizard(folder: Path, send: Send | None, spoken: str) -> int:
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout)):
        print(
            "f10 admin: the wizard needs a terminal to draw on; f10 admin VERB works without one "
            "(f10 admin --help)",
            file=sys.stderr,
        )
        return 2
    from emulator.companions.admin.screens import app  # noqa: PLC0415 -- Textual, for the wizard only

    try:
        return app.run(folder, send, spoken)
    except CompanionError as error:
        print(f"f10 admin: {error}", file=sys.stderr)
        return 2
