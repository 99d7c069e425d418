"""What the plain pages say: POST, the physical-presence prompt, the challenge's side text, the operating system.

Pure text from the machine's state. Nothing secret is on a page but the presence code, which is there to be read.
"""

from collections.abc import Mapping
from typing import Any

from emulator.firmware.firmware import Firmware
from emulator.firmware.guard import Moment, wait_left
from emulator.firmware.presence import Prompt, Subject
from emulator.setup.wording import clock

POST_KEYS = "F10 or S: Computer Setup    Enter: start now    Ctrl+Q: switch off"
PRESENCE_KEYS = "Enter: confirm    Esc: refuse the change"
CHALLENGE_KEYS = "F5/R new code  F3/P picture  F4/T text  F2/L large  Esc go on"
SYSTEM_KEYS = "F10 or R: restart    F4 or P: power off"
SETUP_KEYS = "↑↓ select  ←→ menu  Enter change  Esc back  F10 or Ctrl+S save and exit"

LOGO = (
    "  ___ _  ___ ",
    " | __/ |/ _ \\",
    " | _|| | (_) |",
    " |_| |_|\\___/ ",
)


def post(firmware: Firmware, seconds: int, notice: str) -> list[str]:
    identity = firmware.memory.identity
    tag = firmware.value("Ownership Tag")
    lines = [
        *LOGO,
        "",
        firmware.catalogue.product,
        f"System BIOS {firmware.catalogue.bios_version}",
        f"Serial number {identity.serial}",
        "Memory 32768 MB OK",
    ]
    if tag:
        lines += ["", f"Property of: {tag}"]
    if notice:
        lines += ["", notice]
    return [*lines, "", f"Starting the operating system in {seconds} s ..."]


def presence(prompt: Prompt) -> list[str]:
    what = "keys are to be provisioned" if prompt.subject is Subject.KEYS else "settings are to be changed"
    return [
        "Physical Presence",
        "",
        f"On this machine {what}:",
        "",
        *(f"  {line}" for line in prompt.lines),
        "",
        "Compare this with what you were told. To let it happen, type the code",
        "",
        f"      {prompt.code}",
        "",
        "and press Enter. Esc refuses the change.",
    ]


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
        "Key id:",
        key_id(firmware),
        f"Machine: {identity.serial}",
        str(identity.machine),
        tries,
        f"Good for: {clock(door.live.expires - now.monotonic)}",
    ]


def key_id(firmware: Firmware) -> str:
    keys = (key for key in firmware.memory.authentication.keys if key is not None)
    return next((key.key.key_id for key in keys), "")


def operating_system(report: Mapping[str, Any]) -> list[str]:
    """A calm page: what the management side of the machine sees."""
    platform, mode, machine = report["secure_platform"], report["authentication"], report["machine"]
    lines = [
        "Operating System",
        "",
        f"{machine['product']}   serial number {machine['serial']}",
        f"UUID {machine['uuid']}",
        "",
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
    if not report["pending"] and not report["waiting_for_presence"]:
        lines.append("No changes are pending.")
    lines += ["", "Last events:"]
    lines += [f"  {event['time']}  {event['code']}  {event['meaning']}" for event in report["events"][:5]]
    return lines if report["events"] else [*lines, "  none"]
