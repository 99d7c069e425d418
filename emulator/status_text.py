"""The report of a PC as a page of text for people."""

from collections.abc import Mapping
from typing import Any


def page(report: Mapping[str, Any]) -> str:
    machine = report["machine"]
    rows = [
        ("Power", report["power"] if report["power"] == "off" else f"on ({report['phase']})"),
        ("Machine", f"{machine['product']}, board {machine['board']}, serial number {machine['serial']}"),
        ("UUID", machine["uuid"]),
        ("System BIOS", machine["bios_version"]),
        ("Passwords", _passwords(report["passwords"])),
        *_secure_boot(report["secure_boot"]),
        *_guards(report),
        *_update(report["firmware_update"]),
        *(("Quirk", f"{name} = {value!r}") for name, value in report["quirks"].items()),
        *(("Waits for presence", what) for what in report["waiting_for_presence"]),
        *(
            ("At the next restart", f"{name}: {change['in_force']} → {change['stored']}")
            for name, change in report["pending"].items()
        ),
        *(("Event", f"{event['time']}  {event['code']}  {event['meaning']}") for event in report["events"]),
    ]
    width = max(len(label) for label, _ in rows)
    return "".join(f"{label.ljust(width)}  {text}\n" for label, text in rows)


def _update(update: Mapping[str, Any]) -> list[tuple[str, str]]:
    rows = []
    if update["waiting"]:
        how = "allowed by the signing key" if update["authorized"] else "nobody signed it"
        rows.append(("Firmware file that waits", f"{update['waiting']['name']} ({how})"))
    if update["installed"]:
        rows.append(("Firmware file installed", update["installed"]["name"]))
    return rows


def _passwords(passwords: Mapping[str, bool]) -> str:
    names = [name.replace("_", "-") for name, is_set in passwords.items() if is_set]
    return " and ".join(names) + " set" if names else "none set"


def _secure_boot(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    if not told["supported"]:
        return []
    keys = "no keys" if told["keys"] == "none" else f"{told['keys']} keys"
    return [("Secure Boot", f"{'on' if told['enabled'] else 'off'}, {told['mode']} mode, {keys}")]


def _guards(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Keys and mode, on models that know them."""
    platform, mode = report["secure_platform"], report["authentication"]
    if not platform["supported"]:
        return [("Secure Platform Management", "this model knows none")]
    return [
        (
            "Secure Platform Management",
            f"{platform['state']}, version {platform['version']}, nonce {platform['nonce']}",
        ),
        ("  endorsement key id", platform["endorsement_key_id"] or "none"),
        ("  certificate", platform["endorsement_certificate_subject"] or "none"),
        ("  signing key id", platform["signing_key_id"] or "none"),
        ("Authentication mode", _mode(mode)),
        *(
            (f"  local access key {number}", key)
            for number, key in enumerate(mode["local_access_key_ids"], 1)
            if key is not None
        ),
        ("  counters", f"settings {mode['settings_counter']}, actions {mode['actions_counter']}"),
        ("  wrong codes", str(mode["misses"])),
        *((("Recovery", ", ".join(report["recovery_parts"])),) if report["recovery_parts"] else ()),
    ]


def _mode(mode: Mapping[str, Any]) -> str:
    told = f"{mode['mode']}, version {mode['version']}"
    return f"{told}, local access: {mode['local_access']}" if mode["local_access"] else told
