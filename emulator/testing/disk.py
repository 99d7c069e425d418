"""A PC of a test on disk: the folder in which the tools of other processes look for it, its power lock and its management door.

While the PC is on, this process is it: it holds the lock, and a thread answers at the door. While it is off, whoever wants may be it, and
what the image says then is what the PC remembers. The disk of a test is not waited for.
"""

import threading
from contextlib import ExitStack
from pathlib import Path

from emulator.firmware.boot import Phase
from emulator.firmware.quirks import differing
from emulator.firmware.variables import DamagedVariable
from emulator.machine import NotAMachine, TargetPC
from emulator.open_door import OpenDoor
from emulator.pc_folder import PCFolder
from firmware_store import Image, StoreError


class Disk:
    """One PC below `home`, from the moment it is put there; running if it ran."""

    def __init__(self, home: Path, pc: TargetPC, model_text: str | None) -> None:
        """Raises OSError or PCFolderError."""
        self.home = home
        self.turn = threading.RLock()
        self._folder = PCFolder(home / "pc")
        self._catalogue, self._clock, self._entropy = pc.firmware.catalogue, pc.clock, pc.entropy
        self._keep(pc, model_text)
        self._image = Image(self._folder.image_path, durability="none")
        self._pc = pc.clone(self._image)
        self._power = ExitStack()
        self._is_here = False
        if self._pc.firmware.session.phase is not Phase.OFF:
            self._be(self._pc)

    @property
    def image(self) -> Image:
        return self._image

    def machine(self) -> TargetPC:
        """The PC that this process is; else what its image holds now. Raises StoreError."""
        if not self._is_here:
            self._read()
        return self._pc

    def switch_on(self) -> None:
        """Be the PC from now on. Raises PCFolderError or StoreError, and then it is free for others as before."""
        if not self._is_here:
            self._be(None)

    def switch_off(self) -> None:
        """Let others be the PC. One that runs loses its power."""
        self._power.close()
        self._is_here = False

    def leave_if_off(self) -> None:
        """Let others be a PC that this process is, and that does not run."""
        if self._is_here and self._pc.firmware.session.phase is Phase.OFF:
            self.switch_off()

    def _be(self, pc: TargetPC | None) -> None:
        """Be this PC, else what the image holds once nobody else can be it."""
        try:
            self._power.enter_context(self._folder.power())
            if pc is None:
                self._read()
            self.turn = self._power.enter_context(OpenDoor(self._pc, self._folder)).turn
        except BaseException:
            self._power.close()
            raise
        self._is_here = True

    def _read(self) -> None:
        # The catalogue has the quirks of this machine in it.
        try:
            self._pc = TargetPC(self._image, model=self._catalogue, clock=self._clock, entropy=self._entropy)
        except (NotAMachine, DamagedVariable) as error:
            raise StoreError(str(error)) from None

    def _keep(self, pc: TargetPC, model_text: str | None) -> None:
        self._folder.make()
        if self._folder.holds_a_pc:
            raise FileExistsError(
                f"another PC lies in {self._folder.path}: make_folder has to make a new folder each time"
            )
        if model_text is not None:
            _write(self._folder.model_path, model_text.encode())
        if differing(self._catalogue.quirks):
            self._folder.keep_quirks(self._catalogue.quirks)
        _write(self._folder.image_path, pc.image.read())


def _write(path: Path, data: bytes) -> None:
    """A file that only this user reads."""
    path.touch(0o600)
    path.write_bytes(data)
