"""The command line: one verb, one handler, imported only when the verb is called.

Starting a process is most of what a short verb costs, so this module imports neither Textual nor construct nor
cryptography; a test in `tests/architecture` looks into a fresh interpreter to keep it so.
"""

from collections.abc import Sequence

from emulator import __version__

USAGE = "usage: f10 VERB ...\n"


def run(arguments: Sequence[str]) -> int:
    """Carry out one command line and return the exit code of the process."""
    if list(arguments) == ["--version"]:
        print(f"f10 {__version__}")
        return 0
    print(USAGE, end="")
    return 2
