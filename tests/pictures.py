"""Pictures of the screen, looked at as any phone would, and by a second reader that shares nothing with the first."""

import io
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from emulator.setup import picture_file
from tests.codes import codes_in


def codes_in_png(png: bytes) -> list[str]:
    """What zxing-cpp reads."""
    return codes_in(Image.open(io.BytesIO(png)))


def require_a_font() -> None:
    """Skip where text cannot be drawn."""
    if not picture_file.has_font():
        pytest.skip("No monospaced font is installed (Debian: fonts-dejavu-core), so no PNG is made.")


def zbar_reads(path: Path) -> list[str]:
    """What the program zbarimg reads; the test is skipped where it is missing."""
    program = shutil.which("zbarimg")
    if program is None:
        pytest.skip(
            "The program zbarimg is missing (Debian: zbar-tools); it would read the code independently."
        )
    done = subprocess.run(
        [program, "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", str(path)],
        capture_output=True,
        check=False,
    )
    return done.stdout.decode().splitlines()
