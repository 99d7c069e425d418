"""What mounting takes from the host: the binding (mfusepy, the extra `mount`), the library (libfuse 3), the device.

Each of them may be missing, and each for another reason, so each has its sentence. What only the attempt can tell, such as a container
that forbids mounting, libfuse prints itself; its words are caught and become part of ours.
"""

import os
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryFile
from types import ModuleType

from emulator.mount import CannotMount
from emulator.mount.mount_point import shown
from emulator.mount.operations import Operations

DEVICE = Path("/dev/fuse")

SECONDS_OF_SHAPE = 60
"""How long the kernel need not ask again what there is, and how large: it changes at most with a new boot."""

OPTIONS = {
    # Going into the background is ours, for it has to happen before the PC is switched on.
    "foreground": True,
    # One at a time, as the firmware carries commands out.
    "nothreads": True,
    "raw_fi": True,
    # The kernel answers access(2) by the files' modes itself.
    "default_permissions": True,
    "fsname": "f10",
    "subtype": "f10",
    "entry_timeout": SECONDS_OF_SHAPE,
    "negative_timeout": SECONDS_OF_SHAPE,
    "attr_timeout": SECONDS_OF_SHAPE,
}


def binding() -> ModuleType:
    """The binding, with the library behind it. Raises CannotMount."""
    # Unasked, mfusepy takes the older library where both are.
    os.environ.setdefault("FUSE_LIBRARY_NAME", "fuse3")
    try:
        import mfusepy  # noqa: PLC0415 -- loads a library that need not be there
    except ImportError:
        raise CannotMount(
            "mounting needs the Python package mfusepy, which is not installed: pip install 'f10-emulator[mount]'"
        ) from None
    except (OSError, AttributeError) as error:
        raise CannotMount(
            f"mounting needs libfuse 3, which is a package of the operating system (fuse3 in Debian and Fedora): {error}"
        ) from None
    found: ModuleType = mfusepy
    return found


def require_permission() -> None:
    """Raises CannotMount where nobody could mount anything."""
    if not sys.platform.startswith("linux"):
        return
    if not DEVICE.exists():
        raise CannotMount(
            f"mounting needs {DEVICE}, which is not there: load the kernel's module (modprobe fuse), or let the container have "
            f"it (--device {DEVICE} --cap-add SYS_ADMIN)"
        )
    if not os.access(DEVICE, os.R_OK | os.W_OK):
        raise CannotMount(f"this user may not open {DEVICE}: installing the package fuse3 sets its rights")
    if shutil.which("fusermount3") is None:
        raise CannotMount(
            "mounting needs the program fusermount3, which is not found: install the package fuse3"
        )


class Words:
    """What libfuse prints on standard error until it runs. Nothing of ours is printed there meanwhile."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 -- lives as long as the mount
        self._terminal: int | None = os.dup(2)
        os.dup2(self._file.fileno(), 2)

    def let_go(self) -> None:
        """Print on standard error again, and keep no other hold of it: whoever reads it waits for all to let go."""
        if self._terminal is not None:
            os.dup2(self._terminal, 2)
            os.close(self._terminal)
            self._terminal = None

    def told(self) -> str:
        self._file.seek(0)
        lines = self._file.read().decode("utf-8", "backslashreplace").split("\n")
        return "; ".join(line.strip() for line in lines if line.strip())


def serve(operations: Operations, point: Path) -> None:
    """Mount, and answer the kernel until somebody unmounts, or a signal ends it.

    Raises CannotMount if it could not be mounted.
    """
    library, words = binding(), Words()
    operations.begins_with(words.let_go)
    try:
        library.FUSE(operations, str(point), **OPTIONS)
    except RuntimeError as error:
        # After the beginning this is libfuse's way to tell that a signal ended it.
        if not operations.begun:
            raise CannotMount(
                f"nothing can be mounted on {shown(point)}: {words.told() or f'libfuse says {error}'}"
            ) from None
    finally:
        words.let_go()
