"""A calm page in the place of the operating system: what the management side of the machine sees, and what it was started from."""

from collections.abc import Mapping
from typing import Any

from emulator.setup.views import Words

LAST_EVENTS = 5


def page(report: Mapping[str, Any], device: str, words: Words) -> list[str]:
    """Lines from the machine's report."""
    machine = report["machine"]
    lines = [
        words("Operating System"),
        "",
        f"{machine['product']}   {words('serial number {serial}', serial=machine['serial'])}",
        f"UUID {machine['uuid']}",
        *([words("Started from {device}", device=device)] if device else []),
        "",
    ]
    return [*lines, *_keys(report, words), *_pending(report, words), *_events(report, words)]


def _keys(report: Mapping[str, Any], words: Words) -> list[str]:
    platform, mode = report["secure_platform"], report["authentication"]
    if not platform["supported"]:
        return []
    told = words(
        "{state}   version {version}   nonce {nonce}",
        state=words(platform["state"]),
        version=platform["version"],
        nonce=platform["nonce"],
    )
    counters = words(
        "Counters: settings {settings}   actions {actions}",
        settings=mode["settings_counter"],
        actions=mode["actions_counter"],
    )
    local_access = words(mode["local_access"]) if mode["local_access"] else ""
    return [
        f"Secure Platform Management: {told}",
        f"{words('Enhanced BIOS Authentication Mode')}: {words(mode['mode'])}   {local_access}".rstrip(),
        counters,
        "",
    ]


def _pending(report: Mapping[str, Any], words: Words) -> list[str]:
    """What waits for the next restart."""
    update = report["firmware_update"]
    lines = [
        words("Waiting for physical presence at the next restart: {what}", what=words(what))
        for what in report["waiting_for_presence"]
    ]
    lines += [
        words(
            "After the next restart: {name}: {old} → {new}", name=name, old=one["in_force"], new=one["stored"]
        )
        for name, one in report["pending"].items()
    ]
    if update["waiting"]:
        lines.append(
            words("At the next restart a firmware file waits: {name}", name=update["waiting"]["name"])
        )
    calm = [] if lines else [words("No changes are pending.")]
    if update["installed"]:
        installed = words("Firmware file installed last: {name}", name=update["installed"]["name"])
        lines.append(installed)
    return lines + calm


def _events(report: Mapping[str, Any], words: Words) -> list[str]:
    events = report["events"][:LAST_EVENTS]
    lines = [f"  {event['time']}  {event['code']}  {event['meaning']}" for event in events]
    return ["", words("Last events:"), *(lines or [f"  {words('none')}"])]
