"""The driver between two loads: what it learned when it was loaded, and what it remembers.

A start of the PC loads it anew, so credentials and `pending_reboot` last as long as the operating system runs. That flag goes up when
a setting was written that needs physical presence, and when keys were sent; of other changes, which also act after a restart only, the
driver says nothing.
"""

from emulator.devices.firmware_attributes.credentials import Credentials
from emulator.devices.firmware_attributes.firmware_calls import FirmwareCalls, Instance, Told
from emulator.firmware.quirks import Quirks


class LoadedDriver:
    """One load of the driver."""

    def __init__(self, firmware: FirmwareCalls, quirks: Quirks, told: Told) -> None:
        self.firmware = firmware
        self.quirks = quirks
        self.at_load = told
        self.pending_reboot = False
        self.credentials = Credentials(session=quirks.linux_credentials == "session")
        self._now: dict[str, Instance] = {}
        self.learn(told)

    def learn(self, told: Told) -> None:
        """The firmware's settings as they are now."""
        self._now = {str(each["Name"]): each for each in told.instances}

    def now(self, name: str) -> Instance:
        if not self._now:
            self.learn(self.firmware.told())
        return self._now[name]

    def changed(self, *, restart: bool) -> None:
        """Something was written: one write may change several settings, so all are asked for anew."""
        self._now = {}
        self.pending_reboot |= restart or self.quirks.linux_pending_reboot == "any change"
