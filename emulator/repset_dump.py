"""A PC's settings as a file, made of what its WMI tells: what the field's tools list (`setting_files_listed`), by Sequence."""

from collections.abc import Mapping, Sequence
from typing import Any

from emulator.protocol import repset, setting_files
from emulator.protocol.repset import Dialect
from emulator.protocol.setting_files import Form
from emulator.protocol.setting_files_listed import is_listed, lines

Instance = Mapping[str, Any]
DIALECTS: Mapping[str, Dialect] = {each.value: each for each in Dialect}


def dumped(instances: Sequence[Instance], form: str) -> bytes:
    """`form` is bcu, firmware, csv, json or xml. Raises UnwritableEntry, UnwritableSetting or TooManyEntries."""
    listed = [each for each in instances if is_listed(each)]
    if form in DIALECTS:
        return repset.make([(each["Name"], lines(each)) for each in listed], DIALECTS[form]).render()
    return setting_files.dump(Form(form), listed)
