"""The cover of the case: a switch that tells when it was taken off, even without power.

The sensor's setting says whether that matters. If it does, the event is logged, the next attended start shows a notice until somebody
acknowledges it, and other settings may cut the power or clear the TPM. The count never falls.
"""

from datetime import UTC, datetime

from emulator.protocol.frozen import frozen


@frozen
class Cover:
    """How often the cover was taken off, when last (seconds of Unix time), and what has yet to follow from it."""

    count: int = 0
    last: int = 0
    unacknowledged: bool = False
    tpm_to_clear: bool = False
    tail: bytes = b""


def told(cover: Cover) -> str:
    """As the setting interface tells it: date, time and count, or nothing when it never happened."""
    if cover.count == 0:
        return ""
    return f"{datetime.fromtimestamp(cover.last, UTC):%m/%d/%Y %H:%M:%S}, {cover.count}"
