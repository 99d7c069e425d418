"""An answer of a firmware interface as plain data, as the management door replies it."""

from emulator.devices.wmi import Answer
from emulator.firmware import bios_auth
from emulator.firmware import events as e
from emulator.management_socket import Reply
from emulator.protocol.status import SettingStatus


def described(given: Answer) -> Reply:
    return {
        "ok": given.accepted,
        "interface": "setting" if isinstance(given.status, SettingStatus) else "command",
        "status": int(given.status),
        "status_name": given.status.name,
        "sentence": given.sentence,
        "about_password": given.about_password,
        "restart_needed": any(
            isinstance(event, e.SettingWaits | e.UpdateWaits)
            or (isinstance(event, e.SettingStored) and not event.name.startswith(bios_auth.MODE))
            or (isinstance(event, e.KeysAccepted) and event.restart_needed)
            for event in given.events
        ),
        "presence_needed": any(
            isinstance(event, e.SettingWaits)
            or (isinstance(event, e.KeysAccepted) and event.restart_needed and not event.unasked)
            for event in given.events
        ),
    }
