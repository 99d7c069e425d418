"""An SVG as the phone sees it: judged and written anew (`svg_intake`), then drawn by resvg.

It is drawn in a process of its own. resvg is sound, but a few hundred kilobytes of innocent paths can keep it busy for minutes, and
what it cannot stand ends the process that called it, without an exception. So that process has a time to finish in, and its end is a
sentence.
"""

import subprocess
import sys
from pathlib import Path

from emulator.companions.authenticator import svg_intake
from emulator.companions.authenticator.exceptions import QRCodeInvalidImage

PATIENCE = 20.0
"""Seconds. A screen full of text takes a quarter of one."""
_DRAWING = Path(__file__).with_name("svg_drawing.py")


def png(data: bytes, *, patience: float = PATIENCE) -> bytes:
    """The picture that the SVG in `data` shows. Raises QRCodeInvalidImage."""
    plain = svg_intake.plain(data).encode()
    try:
        # -P: no module of the folder that the phone happens to stand in.
        done = subprocess.run(  # noqa: S603 -- this Python, and a file of ours
            [sys.executable, "-P", str(_DRAWING)],
            input=plain,
            capture_output=True,
            timeout=patience,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise QRCodeInvalidImage(
            f"the SVG takes more than {patience:g} seconds to draw; save it as PNG in the program that made it"
        ) from None
    except OSError as error:
        raise QRCodeInvalidImage(f"the SVG cannot be drawn here: {error.strerror}") from None
    if done.returncode != 0:
        raise QRCodeInvalidImage("the SVG cannot be drawn; save it as PNG in the program that made it")
    return done.stdout
