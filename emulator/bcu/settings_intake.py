"""The file of `/set`: a REPSET as BCU takes it, and nothing else.

Its first line is the header, without a byte order mark and not in UTF-16, which is what PowerShell's redirection makes of a file: code 12.
What cannot be read for another reason is code 11, and a file that names no setting 33.
"""

from pathlib import Path

from emulator.bcu.return_codes import ReturnCode, Stopped
from emulator.companions import CompanionError, read_bounded
from emulator.protocol import repset, repset_lines, setting_files
from emulator.protocol.errors import ProtocolError
from emulator.protocol.repset import Dialect
from emulator.protocol.setting_files import FileEntry


def read(file: str) -> tuple[bytes, tuple[FileEntry, ...]]:
    """The file, and its entries. Raises Stopped."""
    try:
        data = read_bounded(Path(file), most=repset.LARGEST)
        text, encoding, mark = repset_lines.decode(data)
    except (CompanionError, ProtocolError) as error:
        raise Stopped(ReturnCode.CONFIG_FILE_UNREADABLE, str(error)) from None
    if mark or encoding.startswith("utf-16"):
        raise Stopped(
            ReturnCode.NO_HEADER,
            f"{file} begins with a byte order mark or is UTF-16, which BCU does not read: save it as UTF-8 without one",
        )
    if _dialect(text) is not Dialect.BCU:
        raise Stopped(ReturnCode.NO_HEADER, f"{file} does not begin with the line {repset.HEADERS[0]}")
    try:
        entries = setting_files.parse(data).entries
    except ProtocolError as error:
        raise Stopped(ReturnCode.CONFIG_FILE_UNREADABLE, f"{file}: {error}") from None
    if not entries:
        raise Stopped(ReturnCode.NOTHING_TO_APPLY, f"{file} names no setting")
    return data, entries


def _dialect(text: str) -> Dialect | None:
    try:
        return repset_lines.dialect_of(text.partition("\n")[0].removesuffix("\r"))
    except ProtocolError:
        return None
