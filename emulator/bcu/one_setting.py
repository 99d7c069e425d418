"""`/setvalue`: one setting, looked at by BCU itself and then handed to SetBIOSSetting.

BCU looks whether the setting exists, is not read-only and would change; the firmware is asked only then, with a password, a signature or
neither. So one setting reaches whatever the interface lets through, which for a file is less.

The interface does not tell which texts are secret: they come out empty. So a text that was empty is reported only as far as
the provider tells it back, and for one that is called a password the empty value is a change. That reading of names is ours.
"""

from emulator.bcu import assignment, file_signing, outcomes
from emulator.bcu.outcomes import Row
from emulator.bcu.proofs import Run
from emulator.bcu.provider import Instance, UnknownToProvider
from emulator.bcu.return_codes import ReturnCode, Stopped
from emulator.devices.settings_file import Outcome
from emulator.management_socket import Reply
from emulator.protocol.setting_files import FileEntry
from emulator.protocol.setting_files_entry import PASSWORD_CLASS
from emulator.protocol.status import SettingStatus


def set_value(run: Run) -> None:
    """Change one setting. Raises Stopped."""
    names = [str(each["Name"]) for each in run.provider.instances]
    name, value = assignment.taken_apart(run.options.argument, names)
    try:
        instance = run.provider.named(name)
    except UnknownToProvider as unknown:
        told = _row(name, Outcome.UNKNOWN, sentence=str(unknown))
    else:
        told = _looked_at(run, instance, value)
    outcomes.conclude(
        run.report,
        [told],
        single=True,
        verbose=run.options.verbose,
        warnings_count=run.options.warnings_count,
    )


def _looked_at(run: Run, instance: Instance, value: str) -> Row:
    """What becomes of a setting that exists."""
    name = str(instance["Name"])
    if instance["Class"] == PASSWORD_CLASS:
        raise Stopped(
            ReturnCode.SYNTAX, f"{name} is secret and every process can read arguments: use /nspwdfile"
        )
    old, wanted = _current(instance), file_signing.value_of(instance, FileEntry(name, (value,), flat=True))
    if instance["IsReadOnly"]:
        return _row(name, Outcome.READ_ONLY, old, wanted if old else None)
    if wanted is None:
        return _row(name, Outcome.INVALID, old, sentence=f"{name!r} takes one value; several stars came")
    if _is_so_already(instance, wanted):
        return _row(name, Outcome.UNCHANGED, old, old)
    return _sent(run, instance, wanted)


def _sent(run: Run, instance: Instance, wanted: str) -> Row:
    """What the firmware says."""
    name, old = str(instance["Name"]), _current(instance)
    reply = run.provider.set(name, wanted, run.proof(name, wanted))
    became, new = outcome(reply), wanted if old else ""
    if became.taken:
        after = run.provider.told(name)
        told = "" if after is None else _current(after)
        new = told if told != old else new
    return _row(name, became, old, new, str(reply["sentence"]), int(str(reply["status"])))


def outcome(reply: Reply) -> Outcome:
    if reply["ok"]:
        return Outcome.WAITS if reply["presence_needed"] else Outcome.SET
    status = int(str(reply["status"]))
    if status == SettingStatus.INVALID_PARAMETER:
        return Outcome.INVALID
    if reply["about_password"]:
        return Outcome.NEEDS_PASSWORD
    return Outcome.REFUSED


def _is_so_already(instance: Instance, wanted: str) -> bool:
    old = _current(instance)
    if instance["Class"] == "HPBIOS_BIOSInteger" and wanted.isascii() and wanted.isdigit():
        return wanted.lstrip("0") == old.lstrip("0")
    return wanted == old and bool(wanted or "password" not in str(instance["Name"]).casefold())


def _current(instance: Instance) -> str:
    """The value in force, without the others that an enumeration could have."""
    return str(instance["CurrentValue"] if "CurrentValue" in instance else instance["Value"])


def _row(
    name: str,
    outcome: Outcome,
    old: str = "",
    new: str | None = "",
    sentence: str = "",
    status: int = SettingStatus.SUCCESS,
) -> Row:
    """A result as the door tells those of a file."""
    return {
        "name": name,
        "outcome": outcome.value,
        "status": status,
        "sentence": sentence,
        "old": old,
        "new": new,
        "read_only": outcome is Outcome.READ_ONLY,
    }
