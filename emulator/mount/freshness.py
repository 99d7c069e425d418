"""A driver that knows what is so now.

The kernel's driver alone talks to its firmware, so it remembers values. Here others change settings beside the mount, and the PC may
restart, or be gone. Asking at every read would cost more than reading, so `stamps` tell whether to ask. They are looked at when a
content is handed out: at each reading of what changes, and at each opening of what does not.

What somebody wrote to prove himself is good for one write, also one that fails before the driver hears of it, and lasts no longer than
the operating system in which it was written.
"""

import errno
import os
from collections.abc import Callable

from emulator.devices.firmware_attributes.driver import AnotherMachine, FirmwareAttributes, NoFirmware
from emulator.devices.firmware_attributes.firmware_calls import NotCarriedOut
from emulator.management_socket import Reply
from emulator.mount.stamps import Stamp, Stamps, lasting
from emulator.mount.whereabouts import Whereabouts
from emulator.pc_folder import PCFolder, PCFolderError


class FreshDriver:
    """The driver, and what it was loaded from."""

    def __init__(self, where: Whereabouts, folder: PCFolder, told: Callable[[str], None]) -> None:
        """Load it. `told` takes a sentence for whoever watches. Raises NoFirmware or PCFolderError."""
        self._where, self._folder, self._told = where, folder, told
        self._stamps = Stamps(folder, here=where.here)
        self._boots: object = None
        self._switched_on = self._stamps.switched_on()
        self._quirks = folder.quirks()
        self.driver = FirmwareAttributes(self._ask, self._quirks)
        """As it was when it last asked; good for what there is, not for what it holds."""
        self._boots_of_quirks: object = self._boots
        # Whatever happened since the driver was loaded is found out by the first who asks.
        self._stamp: Stamp | None = None
        self._missing = ""

    def current(self) -> FirmwareAttributes:
        """The driver, knowing what is so now.

        Raises OSError: ENODEV without a running operating system, ESTALE if it is another PC, EIO if it cannot be known what kind of PC.
        """
        if self._stamp is None or self._stamp != self._stamps.now():
            self._refresh()
        return self.driver

    def read(self, path: str) -> bytes:
        """What a file holds now. Raises OSError."""
        driver = self.current()
        try:
            return driver.read(path)
        except NoFirmware as reason:
            raise self._away(reason) from None
        except NotCarriedOut as reason:
            raise self._failed(reason) from None

    def write(self, path: str, data: bytes) -> None:
        """One store. Raises OSError."""
        try:
            driver = self.current()
        except BaseException:
            self.driver.forget(path)
            raise
        try:
            driver.write(path, data)
        except NoFirmware as reason:
            raise self._away(reason) from None
        except NotCarriedOut as reason:
            raise self._failed(reason) from None

    def _ask(self, request: Reply) -> Reply:
        """As the driver asks; on the way it is noted which start of the PC answered."""
        reply = self._where.ask(request)
        self._boots = reply.get("boots", self._boots)
        return reply

    def _refresh(self) -> None:
        self._stamp = None
        # First the stamp: what changes while the driver asks is asked for again.
        stamp = self._stamps.now()
        taken = lasting(stamp)
        try:
            if stamp is None:
                raise NoFirmware(self._gone())
            self._notice_switching()
            self.driver.refresh()
            self._heed_quirks()
        except NoFirmware as reason:
            raise self._away(reason) from None
        except AnotherMachine as reason:
            raise self._miss(reason, errno.ESTALE) from None
        except PCFolderError as reason:
            raise self._miss(reason, errno.EIO) from None
        self._stamp = taken
        if self._missing:
            self._missing = ""
            self._told("the PC runs its operating system, and its settings are back")

    def _notice_switching(self) -> None:
        """A PC that was off has loaded its driver anew, even if its image was put back and it counts as many starts as before."""
        if (switched_on := self._stamps.switched_on()) != self._switched_on:
            self._switched_on, self._boots_of_quirks = switched_on, None
            self.driver.unload()

    def _heed_quirks(self) -> None:
        """The PC heeds them when it starts; if they are others then, the driver is a new one as well."""
        if self._boots == self._boots_of_quirks:
            return
        quirks = self._folder.quirks()
        if quirks != self._quirks:
            self.driver = FirmwareAttributes(self._ask, quirks)
            self._quirks = quirks
        self._boots_of_quirks = self._boots

    def _gone(self) -> str:
        if not self._folder.holds_a_pc:
            return f"the PC's image {self._folder.image_path} is gone; unmount, and mount anew"
        return f"the PC in {self._folder.path} is off; switch it on, and start its operating system"

    def _away(self, reason: NoFirmware) -> OSError:
        """The driver of an operating system that is gone is gone too, with all that it held."""
        self.driver.unload()
        return self._miss(reason, errno.ENODEV)

    def _miss(self, reason: Exception, number: int) -> OSError:
        """The error for whoever asks, told once for each reason to whoever watches."""
        self._stamp = None
        if str(reason) != self._missing:
            self._missing = str(reason)
            self._told(f"{reason} (until then: {errno.errorcode[number]})")
        return OSError(number, os.strerror(number))

    def _failed(self, reason: NotCarriedOut) -> OSError:
        """The operating system runs, and one call failed; the next may not."""
        self._told(f"the PC could not do it: {reason.strerror}")
        return OSError(errno.EIO, os.strerror(errno.EIO))
