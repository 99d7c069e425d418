"""Pictures that the screen saves on the USB stick: the challenge as a PNG.

File names count up and never replace anything; folders and files are private to the user.
"""

import io
import os
from pathlib import Path

from emulator import qr
from emulator.pc_folder import make_private
from emulator.qr import Matrix

SCALE = 8
BORDER = 4


def png(modules: Matrix) -> bytes:
    """The code as a PNG, black on white, with the border that the standard asks for."""
    from PIL import Image  # noqa: PLC0415 -- only who saves a picture pays for it

    framed = qr.bordered(modules, BORDER)
    side = len(framed)
    picture = Image.new("1", (side, side), 1)
    picture.putdata([0 if dark else 1 for row in framed for dark in row])
    out = io.BytesIO()
    picture.resize((side * SCALE, side * SCALE), Image.Resampling.NEAREST).save(out, "PNG")
    return out.getvalue()


def save(folder: Path, stem: str, data: bytes) -> Path:
    """Write a new file `stem-N.png`. Raises OSError or PCFolderError."""
    make_private(folder)
    for number in range(1, 10_000):
        path = folder / f"{stem}-{number}.png"
        try:
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except FileExistsError:
            continue
        try:
            with os.fdopen(file, "wb") as out:
                out.write(data)
        except OSError:
            # What was not wholly written would be read as a broken picture.
            path.unlink(missing_ok=True)
            raise
        return path
    raise FileExistsError(f"the USB stick {folder} is full of pictures; delete some")
