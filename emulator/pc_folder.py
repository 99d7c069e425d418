"""The folder in which everything of one PC lies, and the lock that makes one process at most the PC.

    pc/nvram.fd         the flash image
    pc/model.json       its model, if that is not a packaged one
    pc/quirks.json      how this machine differs from the usual, if it does
    pc/power.lock       locked from power-on to power-off, by whoever is the PC; never unlinked
    pc/management.sock  the management door of a running PC
    pc/usb/             the USB stick in its port: pictures that the screen saves

Folders are 0700, files 0600. A lock that its process lost by dying is free again, and the next power-on finds a machine that
lost its power.

Names alone are wanted before the machine's first frame, so what reads a machine is imported when one is read.
"""

import fcntl
import itertools
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emulator.firmware.catalogue import Catalogue
    from emulator.firmware.quirks import Quirks
    from firmware_store import Image

LARGEST_MODEL = 4 << 20
"""Bytes of a kept model; the largest packaged one has a thirtieth. What is longer is cut, and then no JSON."""


LARGEST_QUIRKS = 1 << 16
LONGEST_HOLDER = 1 << 13
"""Bytes in which a process that is the PC may say who it is."""
LOOKING, BETWEEN = 0.05, 0.002
"""Seconds. Whoever looks whether the PC is on holds the lock for a moment, which is no reason to call it on."""


class PCFolderError(Exception):
    """The folder of a PC cannot be used as one."""


class AlreadyOn(PCFolderError):
    """Another process is this PC."""


class NoPC(PCFolderError):
    """There is no PC in this folder."""


class PCFolder:
    """Names of what lies in one PC's folder. Making one touches nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.image_path = self.path / "nvram.fd"
        self.model_path = self.path / "model.json"
        self.quirks_path = self.path / "quirks.json"
        self.socket_name = "management.sock"
        self.usb = self.path / "usb"

    def next_picture(self, stem: str) -> Path:
        """Where the screen will save its next picture: names count up and replace nothing."""
        return next(
            path
            for number in itertools.count(1)
            if not os.path.lexists(path := self.usb / f"{stem}-{number}.png")
        )

    @property
    def holds_a_pc(self) -> bool:
        return os.path.lexists(self.image_path)

    def image(self) -> "Image":
        """The flash image. Raises NoPC."""
        from firmware_store import Image

        if not self.holds_a_pc:
            raise NoPC(
                f"no PC in {self.path}: boot one (scripts/boot makes a demo PC), or name its folder with --home"
            )
        return Image(self.image_path)

    def model(self) -> "Catalogue | None":
        """The model that this PC was made with, unless it is a packaged one. Raises PCFolderError."""
        from emulator.firmware import model_text
        from emulator.firmware.model_text import MalformedModel

        try:
            with open(self.model_path, "rb", opener=_regular) as file:
                return model_text.parse(file.read(LARGEST_MODEL).decode("utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError, MalformedModel) as error:
            raise PCFolderError(
                f"the model {self.model_path} cannot be read: {error}; make the PC anew from its model's file"
            ) from None

    def quirks(self) -> "Quirks":
        """How this machine differs from the usual. Raises PCFolderError."""
        from emulator.firmware import quirks
        from emulator.firmware.quirks import Quirks, UnknownQuirk
        from emulator.protocol import strict_json
        from emulator.protocol.errors import ProtocolError

        try:
            with open(self.quirks_path, "rb", opener=_regular) as file:
                return quirks.chosen(strict_json.parse_object(file.read(LARGEST_QUIRKS), most=LARGEST_QUIRKS))
        except FileNotFoundError:
            return Quirks()
        except (OSError, ProtocolError, UnknownQuirk) as error:
            raise PCFolderError(
                f"the quirks {self.quirks_path} cannot be read: {error}; mend the file, or delete it"
            ) from None

    def keep_quirks(self, wanted: "Quirks") -> None:
        """Let this machine, which is off, be of another kind from its next start on. Raises PCFolderError."""
        from emulator.firmware import quirks

        text = json.dumps(quirks.differing(wanted), indent=2) + "\n"
        fresh = self.quirks_path.with_suffix(".new")
        try:
            fresh.unlink(missing_ok=True)
            with open(fresh, "x", encoding="utf-8", opener=_private) as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.quirks_path)
        except OSError as error:
            raise PCFolderError(f"the quirks cannot be kept in {self.path}: {error.strerror}") from None

    def new_image(self, model: str | None = None) -> "Image":
        """A blank image in a folder that has none yet, beside the JSON text of its model if that is not packaged."""
        from firmware_store import FOUR_MEGABYTE, Image

        self.make()
        if model is not None:
            with open(self.model_path, "x", encoding="utf-8", opener=_private) as file:
                file.write(model)
        image = Image(self.image_path)
        image.create(FOUR_MEGABYTE)
        return image

    def make(self) -> None:
        """Make the folder, private to this user."""
        make_private(self.path)

    @contextmanager
    def power(self, holder: str = "") -> Iterator[None]:
        """Be the PC until the block ends. Raises AlreadyOn, or PCFolderError if the folder cannot be written.

        `holder` is what others are told of who has it switched on.
        """
        try:
            lock = os.open(
                self.path / "power.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600
            )
        except OSError as error:
            raise PCFolderError(f"the PC cannot be switched on in {self.path}: {error.strerror}") from None
        if not _locked(lock):
            who = os.pread(lock, LONGEST_HOLDER, 0).decode("utf-8", "backslashreplace") or "another process"
            os.close(lock)
            raise AlreadyOn(f"the PC in {self.path} is switched on already, by {who}")
        try:
            # A word for others, without which they only know less.
            with suppress(OSError):
                os.truncate(lock, 0)
                os.pwrite(lock, os.fsencode(holder), 0)
            yield
        finally:
            # Whoever fails to lock it next is not told of somebody who is gone.
            with suppress(OSError):
                os.truncate(lock, 0)
            os.close(lock)

    @property
    def is_on(self) -> bool:
        """Whether some process is the PC now. Changes nothing, not even on a read-only disk."""
        try:
            lock = os.open(self.path / "power.lock", os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(lock)
        return False


def _locked(lock: int) -> bool:
    """Lock it for this process alone, unless another one is the PC."""
    until = time.monotonic() + LOOKING
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        if time.monotonic() >= until:
            return False
        time.sleep(BETWEEN)


def _regular(path: str, flags: int) -> int:
    """Neither through a link nor waiting for a pipe that nobody fills."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def make_private(folder: Path) -> None:
    """Make a folder 0700, and those above it as they come. Raises PCFolderError."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise PCFolderError(f"the folder {folder} cannot be made: {error.strerror}") from None
