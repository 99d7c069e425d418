"""Files of settings as administrators keep them: a replicated setup, and the CSV, JSON and XML of the vendor's scripts.

They say the same: names, values, and for each setting perhaps the authorization that the signing key made for it. Which form a file has
is told by how it begins: a bracket or brace is JSON, an angle bracket XML, a first line with the column NAME and a comma is CSV, and
anything else is a replicated setup. All four are decoded alike (`repset_lines`), because PowerShell writes any of them in UTF-16 or
with a byte order mark.

A file has a largest size and a largest number of settings; reading ends there, whatever follows.

Nothing here judges an entry: a name may stand twice, or be none that a machine has. Signing changes nothing else in a file: each form
puts its authorizations into the text as it was, and the result is read again before it is handed out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from emulator.protocol import (
    repset,
    repset_lines,
    setting_files_csv,
    setting_files_json,
    setting_files_xml,
)
from emulator.protocol.repset_lines import MOST_ENTRIES, TooManyEntries
from emulator.protocol.setting_files_entry import (
    PASSWORD_CLASS,
    FileEntry,
    Instance,
    MalformedSettingFile,
    UnwritableSetting,
    desk_value,
)

__all__ = [
    "MOST_ENTRIES",
    "FileEntry",
    "Form",
    "Instance",
    "MalformedSettingFile",
    "SettingFile",
    "TooManyEntries",
    "UnwritableSetting",
    "desk_value",
    "dump",
    "parse",
    "signed",
]


class Form(StrEnum):
    REPSET = "repset"
    CSV = "csv"
    JSON = "json"
    XML = "xml"


_FLAT = {Form.JSON: setting_files_json, Form.XML: setting_files_xml, Form.CSV: setting_files_csv}
"""In the order in which they are tried."""


@dataclass(frozen=True, slots=True)
class SettingFile:
    """A file that was read: its entries in its order."""

    form: Form
    entries: tuple[FileEntry, ...]


def parse(data: bytes) -> SettingFile:
    """Read a file of any form. Raises MalformedSettingFile, MalformedRepset, NotJSON or TooManyEntries."""
    text, _, _ = repset_lines.decode(data)
    form = form_of(text)
    if form is Form.REPSET:
        return SettingFile(form, tuple(map(_from_repset, repset.parse(data).entries)))
    return SettingFile(form, _FLAT[form].entries(text))


def form_of(text: str) -> Form:
    """The form of a file that begins like this."""
    return next((form for form, module in _FLAT.items() if module.begins(text)), Form.REPSET)


def signed(data: bytes, tokens: Mapping[int, str]) -> bytes:
    """The file with these authorizations, by index of entry, and all else as it was; an empty one takes it away.

    Raises what `parse` raises, and UnwritableSetting or UnwritableEntry for what would be read back as something else.
    """
    file = parse(data)
    if strangers := sorted(tokens.keys() - set(range(len(file.entries)))):
        raise UnwritableSetting(f"one of {len(file.entries)} entries was expected; entry {strangers[0]} came")
    made = _signed_repset(data, tokens) if file.form is Form.REPSET else _signed_flat(data, file.form, tokens)
    wanted = [
        (each.name, each.values, tokens.get(at, each.authorization)) for at, each in enumerate(file.entries)
    ]
    if [(each.name, each.values, each.authorization) for each in parse(made).entries] != wanted:
        raise UnwritableSetting(
            "authorizations of one line that begin with <BEAM/>, and text in an encoding that is known without them, were expected; "
            "others came; save the file as UTF-8"
        )
    return made


def dump(form: Form, instances: Iterable[Instance]) -> bytes:
    """An export in one of the flat forms, in UTF-8. Passwords are left out: an empty one would take the password away where it is applied.

    Raises UnwritableSetting.
    """
    listed = [each for each in instances if each["Class"] != PASSWORD_CLASS]
    text: str = _FLAT[form].dump(listed)
    try:
        return text.encode("utf-8", "backslashreplace" if form is Form.JSON else "strict")
    except UnicodeEncodeError as error:
        stranger = text[error.start]
        raise UnwritableSetting(
            f"characters of UTF-8 were expected; {stranger!r} came; JSON carries it"
        ) from None


def _from_repset(entry: repset.Entry) -> FileEntry:
    return FileEntry(entry.name, entry.lines, False, entry.authorization, entry.line)


def _signed_repset(data: bytes, tokens: Mapping[int, str]) -> bytes:
    file = repset.parse(data)
    return file.with_authorizations({file.entries[at].line: token for at, token in tokens.items()}).render()


def _signed_flat(data: bytes, form: Form, tokens: Mapping[int, str]) -> bytes:
    text, encoding, mark = repset_lines.decode(data)
    return repset_lines.encode(_FLAT[form].signed(text, tokens), encoding, mark)
