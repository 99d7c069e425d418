"""The door `f10 admin`: words to deeds.

The words are parsed first, so that help and a mistyped command cost nothing; `verbs`, which brings cryptography along, is loaded when a
command is understood. Exit codes: 0 done, 2 refused; what was refused and why is a sentence on standard error.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from emulator.companions import CompanionError
from emulator.companions.admin.words import parser


def run(arguments: Sequence[str], folder: Path) -> int:
    """Carry out one `f10 admin` command with key files in `folder`; the exit code comes back."""
    try:
        words = parser().parse_args(arguments)
    except SystemExit as done:
        return 0 if done.code in {0, None} else 2
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
