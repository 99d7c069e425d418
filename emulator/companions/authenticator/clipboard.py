"""The picture in the clipboard, held before the phone like a picture file, with the same limits.

macOS and Windows are asked through Pillow. Under X11 and Wayland Pillow would run xclip or wl-paste and wait for ever, for as much as they
write; here they are run the same way, but what they write is bounded and timed: the program that owns the clipboard may hang, and
whoever put something there may have put there anything.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Timer

from emulator.companions.authenticator import source
from emulator.companions.authenticator.exceptions import QRCodeInvalidImage
from emulator.companions.authenticator.source import Shown

PATIENCE = 5.0
"""Seconds that a program may take to hand over the picture."""
_WAYLAND = ("wl-paste", "--no-newline", "--type", "image/png")
_X11 = ("xclip", "-selection", "clipboard", "-t", "image/png", "-o")
_DESKTOPS = (("WAYLAND_DISPLAY", _WAYLAND, "wl-clipboard"), ("DISPLAY", _X11, "xclip"))
"""How a desktop is known, the program that reads its clipboard, and Debian's package of it."""


def shown(*, patience: float = PATIENCE) -> Shown:
    """What the clipboard shows. Raises QRCodeInvalidImage."""
    if sys.platform in {"darwin", "win32"}:
        return _by_pillow()
    return source.picture(_written(_program(os.environ), patience))


def _program(environment: Mapping[str, str]) -> tuple[str, ...]:
    """What reads the clipboard of the desktop that is running."""
    running = [each for each in _DESKTOPS if environment.get(each[0])]
    if not running:
        raise QRCodeInvalidImage("there is no desktop here that has a clipboard; name a picture file instead")
    for _, command, _ in running:
        if shutil.which(command[0]):
            return command
    _, command, package = running[0]
    raise QRCodeInvalidImage(
        f"the clipboard cannot be read without the program {command[0]} (Debian: {package}); install it, "
        "or save the picture and name the file"
    )


def _written(command: tuple[str, ...], patience: float) -> bytes:
    """What the program writes, as much as a picture may have."""
    # A session of its own, so that what the program may have started ends with it.
    with subprocess.Popen(  # noqa: S603 -- one of the two commands above
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as program:
        assert program.stdout is not None
        timer = Timer(patience, _end, (program,))
        timer.start()
        try:
            data = program.stdout.read(source.LARGEST + 1)
            if len(data) > source.LARGEST:
                raise QRCodeInvalidImage(
                    f"the clipboard holds a picture of more than {source.LARGEST // 1_000_000} MB"
                )
            code = program.wait()
        finally:
            timer.cancel()
            _end(program)
    if code == -signal.SIGKILL:
        raise QRCodeInvalidImage(
            f"{command[0]} did not hand over the clipboard within {patience:g} seconds; copy the picture again"
        )
    if code != 0 or not data:
        raise _nothing()
    return data


def _end(program: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(program.pid, signal.SIGKILL)


def _by_pillow() -> Shown:
    from PIL import Image, ImageGrab  # noqa: PLC0415 -- pasted text needs no eyes

    from emulator.companions.authenticator import scanner  # noqa: PLC0415 -- as above

    try:
        held = ImageGrab.grabclipboard()
    except (OSError, ValueError, NotImplementedError, Image.DecompressionBombError) as error:
        raise QRCodeInvalidImage(f"the clipboard cannot be read: {error}") from None
    if isinstance(held, list) and len(held) == 1:
        return source.file(Path(held[0]))
    if not isinstance(held, Image.Image):
        raise _nothing()
    grey = scanner.accepted(held)
    return Shown(scanner.looks(grey), grey.size)


def _nothing() -> QRCodeInvalidImage:
    return QRCodeInvalidImage(
        "the clipboard holds no picture; copy the picture of the code, or save it and name the file"
    )
