"""The machine behind a PC of a test: in memory or on disk, one order at a time, with the hands of somebody who stands before it.

Refusals of the firmware leave here as those that are promised.
"""

import os
import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Self, TypeVar

from emulator.devices.clock import FixedClock
from emulator.firmware import commands as c
from emulator.firmware import guard
from emulator.firmware.boot import Phase
from emulator.firmware.refusals import Refused as FirmwareRefused
from emulator.machine import TargetPC
from emulator.pc_folder import AlreadyOn, PCFolderError
from emulator.protocol.status import SettingStatus
from emulator.testing import another
from emulator.testing.disk import Disk
from emulator.testing.refusals import Refused
from firmware_store import FOUR_MEGABYTE, FlashImage, MemoryImage, StoreError

T = TypeVar("T")
MakeFolder = Callable[[], Path]


class Held:
    """One machine with its clock, which stands still; `model_text` is its model's if that is not packaged."""

    def __init__(
        self,
        pc: TargetPC,
        clock: FixedClock,
        *,
        model_text: str | None = None,
        make_folder: MakeFolder | None = None,
    ) -> None:
        self.clock = clock
        self._pc = pc
        self._model_text = model_text
        self._make_folder = make_folder
        self._turn = threading.RLock()
        self._disk: Disk | None = None
        self._end: Callable[[], object] | None = None

    @property
    def machine(self) -> TargetPC:
        """The machine; of one that is off and on disk, what its image holds."""
        return self._pc if self._disk is None else self._disk.machine()

    @property
    def image(self) -> FlashImage:
        return self._pc.image if self._disk is None else self._disk.image

    @property
    def phase(self) -> Phase:
        return self.machine.firmware.session.phase

    def exclusively(self) -> AbstractContextManager[object]:
        """The right to use the machine, which answers its door from another thread."""
        return self._turn if self._disk is None else self._disk.turn

    def clone(self, make_folder: MakeFolder | None = None, serial: str | None = None) -> Self:
        """The same in memory, or with `serial` another machine. Raises ValueError.

        Its clock is never behind the world outside, for phones tell the age of a challenge.
        """
        with self.exclusively():
            now, machine = self.clock.now(), self.machine
            clock = FixedClock(max(now.unix, time.time()), now.monotonic)
            twin = machine.clone(MemoryImage(FOUR_MEGABYTE, machine.image.read()), clock=clock)
        if serial is not None:
            another.become(twin, serial)
        make_folder = make_folder or self._make_folder
        return type(self)(twin, clock, model_text=self._model_text, make_folder=make_folder)

    # --- orders ---

    def carried_out(self, order: Callable[[TargetPC], T]) -> T:
        """Raises Refused."""
        try:
            with self.exclusively():
                return order(self.machine)
        except FirmwareRefused as refusal:
            raise Refused(str(refusal), int(refusal.setting_status)) from None
        except StoreError as error:
            # Without the frames of what handled secrets.
            raise error.with_traceback(None) from None

    def do(self, command: c.Command) -> None:
        """Raises Refused."""
        self.carried_out(lambda pc: pc.execute(command))

    def switch_on(self, *, attended: bool = True) -> None:
        """Raises Refused, also while another process is the PC, or StoreError. One that stays off is left to others."""
        try:
            if self._disk is not None:
                self._disk.switch_on()
            self.do(c.PowerOn(attended=attended))
        except AlreadyOn as error:
            raise Refused(f"{error}; wait for its end", SettingStatus.UNSPECIFIED_ERROR.value) from None
        except PCFolderError as error:
            raise StoreError(str(error)) from None
        finally:
            if self._disk is not None:
                self._disk.leave_if_off()

    def switch_off(self) -> None:
        """Raises Refused."""
        self.do(c.PowerOff())
        self.leave()

    def pass_prompts(self, password: str) -> None:
        """Past what holds a start up, in whatever order it comes. A password that is not known is not typed."""
        while True:
            session = self.machine.firmware.session
            if session.phase is Phase.POWER_ON_PASSWORD and password:
                self.do(c.TypePassword(password))
            elif session.phase is Phase.COVER_NOTICE:
                self.do(c.AcknowledgeCover(password))
            elif session.phase is Phase.PRESENCE and session.prompt is not None:
                self.do(c.AnswerPresence(session.prompt.code))
            else:
                return

    def go_on(self) -> None:
        """From POST to the operating system."""
        if self.phase is Phase.POST:
            self.do(c.Continue())

    def wait(self, seconds: float) -> None:
        """Time passes. The prompt for a code asks for a new one as soon as it may, as the screen does that shows it."""
        with self.exclusively():
            self.clock.advance(seconds)
            session = self.machine.firmware.session
            if session.phase is Phase.CHALLENGE and guard.is_due(session.door, self.clock.now()):
                self.do(c.RefreshChallenge())

    # --- on disk ---

    @property
    def home(self) -> Path:
        """Put it on disk, unless it is there. Raises OSError."""
        with self._turn:
            if self._disk is None:
                self._disk = self._put()
        return self._disk.home

    def _put(self) -> Disk:
        home = Path(tempfile.mkdtemp(prefix="f10-")) if self._make_folder is None else self._make_folder()
        own = home if self._make_folder is None else None
        try:
            disk = Disk(home, self._pc, self._model_text)
        except PCFolderError as error:
            _remove(own)
            raise OSError(str(error)) from None
        except BaseException:
            _remove(own)
            raise
        # Also of one that is forgotten.
        self._end = weakref.finalize(self, _end, disk, own, os.getpid())
        return disk

    def leave(self) -> None:
        """Let others be a PC that is on disk. One that runs loses its power."""
        if self._disk is not None:
            self._disk.switch_off()

    def close(self) -> None:
        self.leave()
        if self._end is not None:
            self._end()


def _end(disk: Disk, own: Path | None, process: int) -> None:
    """Let go of a PC on disk, and clear its own folder away. A process that was forked off a test's is not the PC."""
    if os.getpid() == process:
        disk.switch_off()
        _remove(own)


def _remove(folder: Path | None) -> None:
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)
