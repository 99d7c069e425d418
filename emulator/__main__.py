"""The command `f10`, also reached as `python -m emulator`."""

import gc
import sys

from emulator.cli import LASTING, run


def main() -> None:
    # What a short verb makes it needs to its end, so looking for garbage finds none, and would take a tenth of its time.
    short = LASTING.isdisjoint(sys.argv)
    if short:
        gc.disable()
    code = run(sys.argv[1:])
    if short:
        # Else the interpreter looks at everything once more before it ends.
        gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    main()
