"""Makes the checkout ready to run: its own `.venv` with the locked packages, once per lock file.

Called by `scripts/boot`, `scripts/f10` and `scripts/test`, with the interpreter that the environment shall use.
A stamp says what the environment was made from, so that a second start touches neither pip nor the network.
Two terminals may start at once: the second waits for the first. Only the standard library is used here.
"""

import fcntl
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "f10-ready"
LOCK_FILE = ROOT / "requirements.lock"
PIP = (ENVIRONMENT / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "--no-input", "-q")


def main(stamp: str) -> int:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        print(
            f"f10 needs Python's venv, which {sys.executable} lacks: install it (on Debian and Ubuntu the package "
            "python3-venv) and start again.",
            file=sys.stderr,
        )
        return 1
    with (ROOT / "scripts" / "ready.py").open() as this_file:
        fcntl.flock(this_file, fcntl.LOCK_EX)
        if STAMP.exists() and STAMP.read_text() == stamp:
            return 0
        return install(stamp)


def install(stamp: str) -> int:
    print("Making f10 ready (once, about half a minute) ...", file=sys.stderr, flush=True)
    STAMP.unlink(missing_ok=True)
    steps: tuple[tuple[str | Path, ...], ...] = (
        (sys.executable, "-m", "venv", "--clear", ENVIRONMENT),
        (*PIP, "install", "--require-hashes", "-r", LOCK_FILE),
        (*PIP, "install", "--no-deps", "--no-build-isolation", "-e", ROOT),
    )
    for step in steps:
        if subprocess.run(step, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False).returncode:
            print(
                f"f10 could not be made ready; this step failed: {' '.join(map(os.fspath, step))}",
                file=sys.stderr,
            )
            return 1
    STAMP.write_text(stamp)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
