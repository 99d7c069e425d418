"""The kernel driver hp-bioscfg, played: a PC's settings as the files of `/sys/class/firmware-attributes/hp-bioscfg`.

A driver is a client of the firmware, as every other tool is: it asks through the PC's management door and decides nothing about
settings. What is its own are the files, what each takes and tells, the number of an error, and the credentials that it holds between
two writes. Facts are those of the driver hp-bioscfg in mainline Linux since 6.6 and of the kernel's ABI text; where the two differ, `quirks`
has both. The driver's are read in its public source, not seen on a machine. Each module tells its part; these are our own choices that no real driver makes:

* `current_value` tells what the firmware tells now. The real driver reads each setting once, and then shows what was written last,
  also a value that still waits for physical presence, and an ordered list with commas.
* Texts are UTF-8 throughout. The real driver takes each 16-bit unit for a byte, writes `"` as `'` and doubles a backslash, so what it
  shows could not be written back.
* An integer also has `min_value` and `max_value`, the names of the ABI text, without which fwupd does not know its type.
* `authentication/SPM` is there only where the machine has Secure Platform Management. The real driver always makes it; there each
  access would end in EOPNOTSUPP.
"""

from emulator.devices.firmware_attributes.driver import (
    AnotherMachine,
    Ask,
    Entry,
    FirmwareAttributes,
    NoFirmware,
)

__all__ = ["AnotherMachine", "Ask", "Entry", "FirmwareAttributes", "NoFirmware"]
