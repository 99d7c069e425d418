"""What the driver makes of the firmware's return codes: numbers of errors.

One table serves both interfaces, as in the driver, though a code of the setting interface means something else than the same
code of the command interface: a wrong password (6 there) looks like an invalid parameter. More data (0xEA), a success
elsewhere, is an error here too.
"""

import errno
from collections.abc import Mapping

ERRNO: Mapping[int, int] = {
    0x01: errno.EINVAL,
    0x02: errno.EINVAL,
    0x03: errno.EOPNOTSUPP,
    0x04: errno.EINVAL,
    0x05: errno.EINVAL,
    0x06: errno.EINVAL,
    0x07: errno.EACCES,
    0x08: errno.EACCES,
    0x09: errno.EACCES,
    0x0A: errno.EIO,
    0x0B: errno.EACCES,
    0x0E: errno.EINVAL,
    0x18: errno.EINVAL,
    0x1C: errno.EIO,
    0x28: errno.EINVAL,
    0x38: errno.EPERM,
    0x1000: errno.EPERM,
    0x1001: errno.EINPROGRESS,
    0x1002: errno.EPERM,
    0x1004: errno.EPERM,
    0x1006: errno.EINVAL,
    0x1007: errno.EINVAL,
}
"""hp-bioscfg, `hp_wmi_error_and_message`."""
OTHER = errno.EIO
"""What every other code becomes."""


def refusal(code: int) -> OSError:
    return OSError(ERRNO.get(code, OTHER), f"the firmware returned 0x{code:X}")
