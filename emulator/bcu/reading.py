r"""What BCU reads: all settings as a REPSET, one setting, and whether the firmware takes Unicode passwords.

`/get` lists what the guide and published exports list: by Sequence, then name, without passwords and without what the screen does not
show; a number is always listed. With an empty file name the settings go to the console and no report does.

`/getvalue` also leaves a text file with the setting's name in the working folder, as BCU does since 4.0.21.1. In its name an underscore
stands for every sign that some file system has no place for, so no name of a setting leads out of the folder. What was there stays, unless
it is a file as an earlier run leaves it: a REPSET of this setting and no other.
"""

import re
from datetime import datetime
from pathlib import Path

from emulator import __version__
from emulator.bcu import setup_password
from emulator.bcu.provider import Instance, Provider
from emulator.bcu.report import Report, SettingLine, utc_offset
from emulator.bcu.return_codes import ReturnCode, Stopped
from emulator.companions import CompanionError, FileRefused, read_bounded, refuse_existing, write_private
from emulator.protocol import repset
from emulator.protocol.errors import ProtocolError
from emulator.protocol.repset import Dialect
from emulator.protocol.setting_files_listed import is_listed, lines

_UNFIT = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_LONGEST = 200
"""Bytes of a file name without its ending; file systems take 255."""


def get(provider: Provider, report: Report, file: str, now: datetime) -> None:
    """Write all settings. Raises Stopped."""
    text = export(provider.instances, now)
    if not file:
        report.text = text.decode()
        return
    try:
        write_private(Path(file), text, replace=True)
    except CompanionError as error:
        raise Stopped(ReturnCode.CONFIG_FILE_UNREADABLE, str(error)) from None
    report.success(f"The settings are written to {file}")


def get_value(provider: Provider, report: Report, name: str) -> None:
    """Tell one setting, and leave it as a text file."""
    instance = provider.told(name)
    if instance is None:
        code = ReturnCode.UNKNOWN_SETTING
        sentence = f"{name}: {code.sentence}{_meant(provider, name)}"
        report.lines.append(SettingLine(name, "fail", code, code.sentence))
        report.fail(code, sentence)
        return
    value = str(instance["Value"])
    report.lines.append(SettingLine(name, "skip", ReturnCode.SUCCESS, "", {"VALUE": value}))
    try:
        _leave(name, repset.make([(name, lines(instance))], Dialect.BCU).render())
    except CompanionError as error:
        report.info(f"The text file was not written: {error}")


def unicode(provider: Provider, report: Report) -> None:
    """Tell whether passwords may hold more than a keyboard writes."""
    if "utf-16" in setup_password.encodings(provider):
        report.success("The firmware takes Unicode passwords")
    else:
        report.fail(ReturnCode.NO_UNICODE, ReturnCode.NO_UNICODE.sentence)


def export(instances: list[Instance], now: datetime) -> bytes:
    """The settings as BCU exports them."""
    listed = [each for each in instances if each["Name"] and is_listed(each)]
    listed.sort(key=lambda each: (int(str(each["Sequence"])), str(each["Name"])))
    comments = repset.export_comments(
        creator=f"the BIOS Configuration Utility of f10 {__version__}",
        version=__version__,
        date=f"{now:%Y/%m/%d}",
        time=f"{now:%H:%M:%S}",
        utc_offset=utc_offset(now),
        count=len(listed),
    )
    return repset.make([(str(each["Name"]), lines(each)) for each in listed], Dialect.BCU, comments).render()


def file_name(name: str) -> str:
    """The name of the text file for a setting of this name."""
    safe = _UNFIT.sub("_", name).encode("utf-8", "replace")[:_LONGEST].decode("utf-8", "ignore")
    return f"{re.sub(r'^[.]|[. ]$', '_', safe) or '_'}.txt"


def _leave(name: str, data: bytes) -> None:
    """Write the text file, in the place of one that an earlier run left. Raises FileRefused."""
    path = Path(file_name(name))
    refuse_existing(path, replace=True)
    if path.exists() and not _ours(path, name):
        raise FileRefused(f"{path} was there before and is none of ours")
    write_private(path, data, replace=True)


def _ours(path: Path, name: str) -> bool:
    """Whether a file says of this setting alone; one of several settings is somebody's work."""
    try:
        file = repset.parse(read_bounded(path, most=repset.LARGEST, follow=False))
    except ProtocolError:
        return False
    return file.dialect is Dialect.BCU and [entry.name for entry in file.entries] == [name]


def _meant(provider: Provider, name: str) -> str:
    from emulator.models import likeness

    return likeness.surely_meant(name, (str(each["Name"]) for each in provider.instances))
