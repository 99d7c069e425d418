"""What builds on the keys of Secure Platform Management: they cannot be given up while a feature uses them."""

from emulator.firmware.bios_auth import usable_keys
from emulator.firmware.memory import Memory
from emulator.firmware.quirks import Quirks
from emulator.firmware.recovery_parts import MANIFEST, provisioned
from emulator.protocol.spm import Feature


def in_use(memory: Memory, quirks: Quirks) -> Feature:
    """Sure Admin by its mode, or by a local access key that is left; Sure Recover and Sure Run by what they were given."""
    used = Feature(0)
    keys = any(usable_keys(memory.authentication, quirks)) and quirks.in_use == "mode or key"
    if memory.authentication.enabled or keys:
        used |= Feature.SURE_ADMIN
    if provisioned(memory.recovery):
        used |= Feature.SURE_RECOVER
    if MANIFEST in memory.recovery:
        used |= Feature.SURE_RUN
    return used
