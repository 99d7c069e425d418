"""The packaged models against published dumps of the machines: names, values and order are facts."""

import csv
from pathlib import Path

import pytest

from emulator import models
from emulator.firmware import settings
from emulator.firmware.catalogue import Kind, Setting
from emulator.protocol import repset
from emulator.protocol.repset import Entry

DUMPS = {
    "zbook-power-g7": "zbookpowerg7_derived.REPSET",
    "elitedesk-800-g2": "davegreen_EliteDesk800G2-Win10.cfg",
    "elitebook-810-g1": "davegreen_EliteBook810G1.cfg",
}
IN_ITS_ORDER = {"elitedesk-800-g2", "elitebook-810-g1"}
"""The other dump is alphabetical."""
REDACTED = {
    "zbook-power-g7": {
        "DriveLock Enabled Drives",
        "HBMA Priority List",
        "HP_Disk0MapForUefiBootOrder",
        "Storage Devices",
        "UEFI Boot Order",
    }
}
"""Lists of what happened to be in that very machine, which a model leaves to whoever emulates it."""


@pytest.fixture(params=models.names())
def name(request: pytest.FixtureRequest) -> str:
    if request.param not in DUMPS:
        pytest.skip(f"There is no published dump of {request.param}.")
    return str(request.param)


@pytest.fixture
def dump(samples: Path, name: str) -> tuple[Entry, ...]:
    return repset.parse((samples / "repset" / DUMPS[name]).read_bytes()).entries


def test_every_name_of_the_dump_is_a_setting(dump: tuple[Entry, ...], name: str) -> None:
    assert {entry.name for entry in dump} <= models.packaged(name).settings.keys()


@pytest.mark.parametrize("name", sorted(IN_ITS_ORDER & set(models.names())))
def test_the_settings_come_in_the_order_of_the_dump(dump: tuple[Entry, ...], name: str) -> None:
    names = [entry.name for entry in dump]
    assert list(models.packaged(name).settings)[: len(names)] == names


def test_the_values_are_those_of_the_dump(dump: tuple[Entry, ...], name: str) -> None:
    for entry in dump:
        setting = models.packaged(name).settings[entry.name]
        if entry.name not in REDACTED.get(name, ()):
            assert_holds(setting, entry)


def assert_holds(setting: Setting, entry: Entry) -> None:
    """The setting has these values, or would take this one."""
    if setting.kind in (Kind.ENUMERATION, Kind.ORDERED_LIST):
        assert setting.values == tuple(value.text for value in entry.values), entry.name
        return
    (value,) = entry.values
    if not setting.read_only:
        text = value.raw if setting.kind is Kind.STRING else value.text
        assert settings.accepted(setting, text) == text


def test_the_zbook_has_exactly_what_its_full_dump_lists(samples: Path) -> None:
    model = models.packaged("zbook-power-g7")
    path = samples / "repset" / "zbookpowerg7_wmi_all_settings.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["Name"]: row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}
    assert rows.keys() == model.settings.keys()
    for name, row in rows.items():
        setting = model.settings[name]
        flags = (setting.shown, setting.read_only, setting.physical_presence)
        told = [row[column] == "1" for column in ("DisplayInUI", "IsReadOnly", "RequiresPhysicalPresence")]
        assert list(flags) == told, name
        if setting.kind is Kind.ENUMERATION:
            assert setting.values == tuple(value.removeprefix("*") for value in row["Value"].split(","))
