"""Signatures for the entries of a file, made where the key is.

A signature is for one value, so it takes the value as the firmware will read it: which kind of setting a name is, the PC tells. Entries that
bring a signature keep it. One that does not say which one value it wants goes unsigned to the firmware, which tells what is wrong with
it; where the file is only signed, such an entry stops everything, and nothing is written.
"""

from collections.abc import Sequence
from pathlib import Path

from emulator.bcu.proofs import Run
from emulator.bcu.provider import Instance, Provider
from emulator.bcu.report import SettingLine
from emulator.bcu.return_codes import ReturnCode, Stopped
from emulator.companions import CompanionError, write_private
from emulator.devices import settings_file, wmi_classes
from emulator.protocol import setting_files
from emulator.protocol.setting_files import FileEntry

SIGNED_FILE = "BCU-AuthString.txt"


def signed(run: Run, data: bytes, entries: Sequence[FileEntry]) -> bytes:
    """The file with a signature for each entry that has none and says what it wants."""
    tokens, _ = _tokens(run, entries)
    return setting_files.signed(data, tokens)


def sign_only(run: Run, data: bytes, entries: Sequence[FileEntry]) -> None:
    """Write the file with its signatures, unless an entry cannot be signed. Raises Stopped."""
    tokens, unclear = _tokens(run, entries)
    if unclear:
        _refused(run, unclear)
        return
    try:
        write_private(Path(SIGNED_FILE), setting_files.signed(data, tokens), replace=True)
    except CompanionError as error:
        raise Stopped(ReturnCode.CONFIG_FILE_UNREADABLE, str(error)) from None
    told = f"{SIGNED_FILE} is written with {len(tokens)} new authorization strings; nothing was applied"
    run.report.success(told)


def asked(provider: Provider, entry: FileEntry) -> str | None:
    """The value that the firmware will read in this entry; None if it reads none."""
    instance = provider.instance(entry.name)
    return setting_files.desk_value(entry) if instance is None else value_of(instance, entry)


def value_of(instance: Instance, entry: FileEntry) -> str | None:
    """The value that the firmware reads in an entry for this setting; None if it reads none."""
    kinds = {name: kind for kind, name in wmi_classes.CLASS_OF.items()}
    possible = instance.get("PossibleValues")
    known = tuple(map(str, possible)) if isinstance(possible, list) else ()
    return settings_file.asked(kinds[str(instance["Class"])], entry, known)


def _tokens(run: Run, entries: Sequence[FileEntry]) -> tuple[dict[int, str], list[FileEntry]]:
    """Authorizations for the entries without one, by index, and the entries that cannot have one."""
    tokens: dict[int, str] = {}
    unclear: list[FileEntry] = []
    for at, entry in enumerate(entries):
        value = None if entry.authorization else asked(run.provider, entry)
        if value is not None:
            tokens[at] = run.proof(entry.name, value)
        elif not entry.authorization:
            unclear.append(entry)
    return tokens, unclear


def _refused(run: Run, unclear: Sequence[FileEntry]) -> None:
    code = ReturnCode.INVALID_VALUE
    for entry in unclear:
        why = f"line {entry.line} does not say which one value it wants"
        run.report.lines.append(SettingLine(entry.name, "fail", code, why))
    told = f"{len(unclear)} entries cannot be signed; nothing was written"
    run.report.fail(ReturnCode.SETTING_FAILED, told, code)
