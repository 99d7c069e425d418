"""The state of a machine as plain data: what `f10 status` prints and a management tool reads.

Nothing secret can appear here: keys as ids, no PIN, no code. Names in the report are stable; more may be added.
"""

from emulator.firmware import bios_auth, features, quirks, secure_boot, secure_platform
from emulator.firmware.boot import Phase
from emulator.firmware.event_log import Logged
from emulator.firmware.firmware import Firmware
from emulator.firmware.memory import FirmwareFile, FirmwareUpdate

LAST_EVENTS = 10

Report = dict[str, object]


def report(firmware: Firmware) -> Report:
    memory, phase = firmware.memory, firmware.session.phase
    return {
        "power": "off" if phase is Phase.OFF else "on",
        "phase": phase.value,
        "machine": {
            "product": memory.identity.product or firmware.catalogue.product,
            "board": memory.identity.board or firmware.catalogue.board,
            "model": firmware.catalogue.model,
            "serial": memory.identity.serial,
            "uuid": str(memory.identity.machine),
            "bios_version": firmware.catalogue.bios_version,
            "boots": memory.boot.boots,
        },
        "secure_platform": _platform(firmware),
        "authentication": _authentication(firmware),
        "secure_boot": _secure_boot(firmware),
        "passwords": {
            "administrator": memory.passwords.administrator is not None,
            "power_on": memory.passwords.power_on is not None,
        },
        "cover": {"removals": memory.cover.count, "unacknowledged": memory.cover.unacknowledged},
        "firmware_update": _update(firmware.memory.update),
        "recovery_parts": sorted(firmware.memory.recovery),
        "quirks": quirks.differing(firmware.catalogue.quirks),
        "waiting_for_presence": _waiting(firmware),
        "pending": {
            name: {"in_force": old, "stored": new} for name, (old, new) in firmware.pending().items()
        },
        "events": [_event(logged) for logged in reversed(memory.log.events[-LAST_EVENTS:])],
    }


def _platform(firmware: Firmware) -> Report:
    platform = firmware.memory.platform
    certificate = platform.certificate
    return {
        "supported": firmware.catalogue.has_secure_platform,
        "state": secure_platform.state(platform).name.lower().replace("_", " "),
        "version": ".".join(map(str, secure_platform.VERSION)),
        "nonce": secure_platform.reported_nonce(platform, firmware.catalogue.quirks),
        "features_in_use": int(features.in_use(firmware.memory, firmware.catalogue.quirks)),
        "endorsement_key_id": None if certificate is None else certificate.key.key_id,
        "endorsement_certificate_subject": None if certificate is None else certificate.subject,
        "signing_key_id": None if platform.signing_key is None else platform.signing_key.key_id,
    }


def _authentication(firmware: Firmware) -> Report:
    memory = firmware.memory
    return {
        "mode": "on" if memory.authentication.enabled else "off",
        "version": bios_auth.VERSION,
        "local_access": local_access(firmware),
        "local_access_key_ids": [
            None if key is None else key.key.key_id for key in memory.authentication.keys
        ],
        "settings_counter": memory.counters.settings,
        "actions_counter": memory.counters.actions,
        "misses": memory.guard.misses,
    }


def _secure_boot(firmware: Firmware) -> Report:
    memory, catalogue = firmware.memory, firmware.catalogue
    return {
        "supported": catalogue.has_secure_boot,
        "mode": "user" if secure_boot.in_user_mode(memory) else "setup",
        "enabled": secure_boot.is_enforced(memory),
        "keys": secure_boot.whose_keys(memory, catalogue),
        "databases": secure_boot.counts(memory),
    }


def local_access(firmware: Firmware) -> str:
    """As the vendor's tool calls it; empty while the mode is off."""
    if not firmware.memory.authentication.enabled:
        return ""
    if any(bios_auth.usable_keys(firmware.memory.authentication, firmware.catalogue.quirks)):
        return "Configured"
    locked = firmware.memory.passwords.administrator is not None
    return "BIOS Password Protection only" if locked else "Not Protected"


def _waiting(firmware: Firmware) -> list[str]:
    platform = firmware.memory.platform
    asked = (
        "give up the Secure Platform Management keys"
        if platform.leaving
        else "Secure Platform Management keys"
    )
    keys = [asked] if secure_platform.awaits_presence(platform) else []
    every = firmware.catalogue.every
    return keys + [
        name if name in every and every[name].secret else f"{name}: {value}"
        for name, value in firmware.memory.waiting.items()
    ]


def _update(update: FirmwareUpdate) -> Report:
    return {
        "waiting": _file(update.waiting),
        "authorized": update.authorized,
        "installed": _file(update.installed),
    }


def _file(file: FirmwareFile | None) -> Report | None:
    return None if file is None else {"name": file.name, "sha256": file.digest.hex()}


def _event(logged: Logged) -> Report:
    return {
        "sequence": logged.sequence,
        "time": logged.time,
        "code": f"0x{logged.code:04X}",
        "severity": logged.entry.severity,
        "meaning": logged.meaning,
    }
