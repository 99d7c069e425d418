"""The command `bcu`: `f10 bcu` under the vendor's name, for scripts that call it so."""

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from emulator import home
from emulator.bcu import verb


def main() -> None:
    for stream in (sys.stdout, sys.stderr):
        # A name that the terminal's encoding lacks is spelled, not a reason to fail.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    folder, words = _home(sys.argv[1:])
    try:
        code = verb.run(words, folder)
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        # Whoever read our output has seen enough; the interpreter must not try again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)


def _home(arguments: Sequence[str]) -> tuple[Path, list[str]]:
    """The home folder, if one is named in front, and the words that are BCU's."""
    words = list(arguments)
    if words and words[0].startswith("--home="):
        return Path(words[0].removeprefix("--home=")).absolute(), words[1:]
    if len(words) > 1 and words[0] == "--home":
        return Path(words[1]).absolute(), words[2:]
    return home.default(), words


if __name__ == "__main__":
    main()
