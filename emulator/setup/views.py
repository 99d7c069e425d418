"""What the plain pages say: POST, the challenge's side text, the operating system, and the sentences of Computer Setup.

Pure text from the machine's state, and nothing secret in it.
"""

import re
from collections.abc import Mapping
from typing import Any

from emulator.firmware import bios_auth
from emulator.firmware.access import Who
from emulator.firmware.boot import Entry
from emulator.firmware.catalogue import Role
from emulator.firmware.firmware import Firmware
from emulator.firmware.guard import Moment, wait_left
from emulator.setup.wording import clock

VIEW_ONLY = "View only: enter with the administrator password to change settings"
BY_SECURITY_LEVEL = "Some settings only: enter with the administrator password to change all"
RESTORE_ORDERED = (
    "This happens at the next start, once somebody at the machine has typed the code that it will show. "
    "Save the changes to let it."
)
OWNERSHIP_TAG = "Ownership Tag"
"""Shown at POST on models that have it, like the size of the memory."""
MEMORY_SIZE = "Memory Size"

LOGO = (
    "  ___ _  ___ ",
    " | __/ |/ _ \\",
    " | _|| | (_) |",
    " |_| |_|\\___/ ",
)


def post(firmware: Firmware, seconds: int, notice: str) -> list[str]:
    identity = firmware.memory.identity
    tag = firmware.value(OWNERSHIP_TAG) if OWNERSHIP_TAG in firmware.catalogue.settings else ""
    lines = [
        *LOGO,
        "",
        identity.product or firmware.catalogue.product,
        f"System BIOS {firmware.catalogue.bios_version}",
        f"Serial number {identity.serial}",
    ]
    if MEMORY_SIZE in firmware.catalogue.settings:
        lines.append(f"Memory {firmware.value(MEMORY_SIZE)} OK")
    if tag:
        lines += ["", f"Property of: {tag}"]
    if notice:
        lines += ["", notice]
    return [*lines, "", f"Starting the operating system in {seconds} s ..."]


def startup_delay(firmware: Firmware) -> int:
    """Seconds that POST waits longer. Older machines say it in words, such as "5 seconds"."""
    setting = firmware.catalogue.roles.get(Role.STARTUP_DELAY)
    digits = re.match(r"[0-9]+", "" if setting is None else firmware.value(setting.name))
    return 0 if digits is None else int(digits[0])


def visitor(firmware: Firmware) -> str:
    """What somebody who is no administrator should know in Computer Setup; nothing for an administrator."""
    if firmware.session.visitor is not Who.POWER_ON:
        return ""
    leveled = any(setting.security_level for setting in firmware.catalogue.settings.values())
    return BY_SECURITY_LEVEL if leveled else VIEW_ONLY


def challenge(firmware: Firmware, now: Moment) -> list[str]:
    """The text beside the code, in short lines; the first is the sentence that tells what to do."""
    door, identity = firmware.session.door, firmware.memory.identity
    tries = f"Tries left: {door.tries_left}"
    if door.live is None:
        return [
            "After several wrong codes a new code takes time.",
            "",
            f"Next code in {clock(wait_left(door, now) + 0.999)}",
            tries,
        ]
    return [
        "Scan the code with the phone that holds this key, and type the 8 digits it shows.",
        "",
        *_what_for(firmware),
        "Key id:",
        key_id(firmware),
        f"Machine: {identity.serial}",
        str(identity.machine),
        tries,
        f"Good for: {clock(door.live.expires - now.monotonic)}",
    ]


def _what_for(firmware: Firmware) -> list[str]:
    """Which door asks, where it is not the one of Computer Setup; and which file stands before it."""
    entry, waiting = firmware.session.entry, firmware.memory.update.waiting
    if entry is Entry.SETUP:
        return []
    if entry is Entry.FIRMWARE_UPDATE and waiting is not None:
        return [f"For a {entry.value}:", waiting.name, f"SHA-256 {waiting.digest.hex()[:16]} ...", ""]
    return [f"For: {entry.value}", ""]


def key_id(firmware: Firmware) -> str:
    key = bios_auth.guarding_key(firmware.memory.authentication, firmware.catalogue.quirks)
    return "" if key is None else key.key.key_id


def operating_system(report: Mapping[str, Any], device: str) -> list[str]:
    """A calm page: what the management side of the machine sees, and what it was started from."""
    platform, mode, machine = report["secure_platform"], report["authentication"], report["machine"]
    lines = [
        "Operating System",
        "",
        f"{machine['product']}   serial number {machine['serial']}",
        f"UUID {machine['uuid']}",
        *([f"Started from {device}"] if device else []),
        "",
    ]
    if platform["supported"]:
        lines += [
            f"Secure Platform Management: {platform['state']}   version {platform['version']}   nonce {platform['nonce']}",
            f"Enhanced BIOS Authentication Mode: {mode['mode']}   {mode['local_access']}".rstrip(),
            f"Counters: settings {mode['settings_counter']}   actions {mode['actions_counter']}",
            "",
        ]
    lines += [
        f"Waiting for physical presence at the next restart: {what}"
        for what in report["waiting_for_presence"]
    ]
    lines += [
        f"After the next restart: {name}: {change['in_force']} → {change['stored']}"
        for name, change in report["pending"].items()
    ]
    if update := report["firmware_update"]["waiting"]:
        lines.append(f"At the next restart a firmware file waits: {update['name']}")
    if installed := report["firmware_update"]["installed"]:
        lines.append(f"Firmware file installed last: {installed['name']}")
    if not report["pending"] and not report["waiting_for_presence"] and not update:
        lines.append("No changes are pending.")
    lines += ["", "Last events:"]
    lines += [f"  {event['time']}  {event['code']}  {event['meaning']}" for event in report["events"][:5]]
    return lines if report["events"] else [*lines, "  none"]
