"""What pages say that belong to no single screen: POST, system information, what is staged, the event log, Secure Boot keys.

Pure text from the machine's state, and nothing secret in it. `words` finds a text in the machine's language.
"""

import re
from collections.abc import Callable, Mapping

from emulator.firmware import log_export, secure_boot
from emulator.firmware.access import Who
from emulator.firmware.catalogue import Keeper, Kind, Line, Role, Setting
from emulator.firmware.event_log import EventLog
from emulator.firmware.firmware import Firmware
from emulator.firmware.secure_boot import Entry
from emulator.firmware.settings import tokens
from emulator.setup.language import Language
from emulator.setup.logo import LOGO
from emulator.setup.standing import standing
from emulator.setup.wording import entry, shown

Words = Callable[..., str]

VIEW_ONLY = "View only: enter with the administrator password to change settings"
BY_SECURITY_LEVEL = "Some settings only: enter with the administrator password to change all"
RESTORE_ORDERED = (
    "This happens at the next start, once somebody at the machine has typed the code that it will show. "
    "Save the changes to let it."
)
OWNERSHIP_TAG = "Ownership Tag"
"""Shown at POST on models that have it, like the size of the memory."""
MEMORY_SIZE = "Memory Size"
SYSTEM_INFORMATION = "System Information"
"""The page that F1 shows, on models that have one of this title."""
SETUP_MODE = "Setup mode: no platform key is enrolled, and anybody may enrol keys."
DATABASES: Mapping[str, str] = {
    "PK": "the platform key, which guards all others",
    "KEK": "key exchange keys, which may change db and dbx",
    "db": "what may start",
    "dbx": "what may not start",
}


def post(firmware: Firmware, seconds: int, notice: str, words: Words) -> list[str]:
    identity = firmware.memory.identity
    tag = firmware.value(OWNERSHIP_TAG) if OWNERSHIP_TAG in firmware.catalogue.settings else ""
    lines = [
        *LOGO,
        "",
        identity.product or firmware.catalogue.product,
        f"System BIOS {firmware.catalogue.bios_version}",
        words("Serial number {serial}", serial=identity.serial),
    ]
    if MEMORY_SIZE in firmware.catalogue.settings:
        lines.append(words("Memory {size} OK", size=firmware.value(MEMORY_SIZE)))
    if tag:
        lines += ["", words("Property of: {owner}", owner=tag)]
    if notice:
        lines += ["", notice]
    return [*lines, "", words("Starting the operating system in {seconds} s ...", seconds=seconds)]


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


def system_information(firmware: Firmware, language: Language) -> list[str]:
    """What F1 shows: the page of that title, or who the machine is where a model has none."""
    for path, rows in firmware.catalogue.pages.items():
        if path[-1] == SYSTEM_INFORMATION:
            return [_information(firmware, row, language) for row in rows]
    identity = firmware.memory.identity
    return [identity.product or firmware.catalogue.product, identity.serial, str(identity.machine)]


def _information(firmware: Firmware, row: Setting | Line, language: Language) -> str:
    if isinstance(row, Line):
        return language.word("headings", row.text)
    value = language.word("values", shown(row, standing(firmware, row).value, language))
    # The names of some settings end in a colon themselves.
    return f"  {language.word('settings', row.name).rstrip(':')}: {value}"


def changes(firmware: Firmware, language: Language) -> list[str]:
    """What is staged, a line each, orders first; of secrets only that they change."""
    staged = [(firmware.catalogue.every[name], value) for name, value in firmware.session.staged.items()]
    staged.sort(key=lambda one: one[0].keeper is Keeper.ORDINARY and not one[0].momentary)
    return [_change(setting, value, language) for setting, value in staged]


def _change(setting: Setting, value: str, language: Language) -> str:
    name = language.word("settings", setting.name)
    if setting.secret or setting.keeper is not Keeper.ORDINARY:
        return f"* {name}"
    if setting.kind is Kind.ORDERED_LIST:
        return f"* {name}: {', '.join(entry(token, language) for token in tokens(value))}"
    return f"* {name}: {language.word('values', shown(setting, value, language))}"


def log(events: EventLog) -> list[str]:
    """The event log, newest first."""
    return [
        f"{row['time']}  {row['code']}  {row['severity']:<11}  {row['meaning']}"
        for row in log_export.rows(events)
    ]


def secure_boot_keys(firmware: Firmware, words: Words) -> list[str]:
    """The databases of Secure Boot with what is in them, and what that comes to."""
    entries = secure_boot.described(firmware.memory)
    mode = (
        "User mode: a platform key is enrolled." if secure_boot.in_user_mode(firmware.memory) else SETUP_MODE
    )
    lines = [words(mode)]
    for database, meaning in DATABASES.items():
        held = [entry for entry in entries if entry.database == database]
        lines += ["", f"{database}: {words(meaning)}", *(f"  {words('empty')}" for _ in range(not held))]
        lines += [part for entry in held for part in _key(entry, words)]
    return lines


def _key(entry: Entry, words: Words) -> list[str]:
    lines = [f"  {entry.subject}", f"    {words(entry.kind)}"]
    if entry.valid_from:
        valid = words("valid from {start} until {end}", start=entry.valid_from, end=entry.valid_until)
        lines[-1] += f", {valid}"
    return [*lines, f"    {words('owner')} {entry.owner}"] if entry.owner else lines
