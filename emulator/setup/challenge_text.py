"""The text beside the code of a challenge, in short lines; the first is the sentence that tells what to do.

The check is the beginning of the SHA-256 of the code's text, which the phone shows too: whoever compares the two knows that the phone
answers the code on this screen.
"""

from emulator.firmware import bios_auth
from emulator.firmware.boot import Entry
from emulator.firmware.firmware import Firmware
from emulator.firmware.guard import Moment, wait_left
from emulator.protocol.challenge_parts import fingerprint
from emulator.setup.views import Words
from emulator.setup.wording import clock


def beside(firmware: Firmware, now: Moment, words: Words) -> list[str]:
    door, identity = firmware.session.door, firmware.memory.identity
    tries = words("Tries left: {count}", count=door.tries_left)
    if door.live is None:
        return [
            words("After several wrong codes a new code takes time."),
            "",
            words("Next code in {time}", time=clock(wait_left(door, now) + 0.999)),
            tries,
        ]
    return [
        words("Scan the code with the phone that holds this key, and type the 8 digits it shows."),
        "",
        *_what_for(firmware, words),
        words("Key id:"),
        key_id(firmware),
        words("Machine: {serial}", serial=identity.serial),
        str(identity.machine),
        words("Check: {fingerprint}", fingerprint=fingerprint(door.live.challenge.text)),
        tries,
        words("Good for: {time}", time=clock(door.live.expires - now.monotonic)),
    ]


def _what_for(firmware: Firmware, words: Words) -> list[str]:
    """Which door asks, where it is not the one of Computer Setup; and which file stands before it."""
    entry, waiting = firmware.session.entry, firmware.memory.update.waiting
    if entry is Entry.SETUP:
        return []
    if entry is Entry.FIRMWARE_UPDATE and waiting is not None:
        digest = waiting.digest.hex()[:16]
        return [words("For a firmware update:"), waiting.name, f"SHA-256 {digest} ...", ""]
    return [words("For: {door}", door=words(entry.value)), ""]


def key_id(firmware: Firmware) -> str:
    key = bios_auth.guarding_key(firmware.memory.authentication, firmware.catalogue.quirks)
    return "" if key is None else key.key.key_id
