"""Nonces within one list of signed settings.

A file is signed at once, so its entries share a nonce, and each that is good counts for those behind it. A machine whose nonces must rise
would take one of them and no more. It judges the list as one command instead: each nonce is above the counter from before the list, and
none is below the highest that the list has had, so an older command never undoes a newer one. Single uses rise one by one everywhere.
"""

from emulator.firmware import bios_auth
from emulator.firmware.bios_auth import Receiver
from emulator.firmware.memory import Counters
from emulator.firmware.turn import Turn
from emulator.firmware.values import replace


def receiver(turn: Turn, before: Counters, so_far: Counters) -> Receiver:
    """The machine as the next entry of a list meets it: with its counters before the list, and after the entries so far."""
    to = bios_auth.receiver(turn.memory, turn.catalogue)
    if to.quirks.settings_nonce == "above":
        # At least the highest so far is above the one before that.
        so_far = replace(so_far, settings=max(before.settings, so_far.settings - 1))
    return to._replace(counters=so_far)
