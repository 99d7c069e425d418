"""The command `f10`, also reached as `python -m emulator`."""

import sys

from emulator.cli import run


def main() -> None:
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
