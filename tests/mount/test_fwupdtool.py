"""fwupdtool reads and changes a mounted PC: what it tells, its exit codes, and what the PC makes of it."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.mount import machines
from tests.mount.conftest import Mounted, Mounting
from tests.mount.fwupd import Exit, Fwupd, Kind, tool

KINDS = {
    "HPBIOS_BIOSEnumeration": Kind.ENUMERATION,
    "HPBIOS_BIOSInteger": Kind.INTEGER,
    "HPBIOS_BIOSString": Kind.STRING,
    "HPBIOS_BIOSOrderedList": Kind.UNKNOWN,
}
"""Passwords are no attributes."""


def of(mounted: Mounted, folder: Path) -> Fwupd:
    return tool(mounted.tree, folder)


def as_fwupd_tells(instance: Mapping[str, Any]) -> dict[str, object]:
    """An instance of WMI as fwupd should tell it: limits by kind, an ordered list without a type, values in their order."""
    kind = KINDS[str(instance["Class"])]
    name = str(instance["Name"]).replace("/", "!")
    told: dict[str, object] = {
        "Name": name,
        "BiosSettingId": f"com.hp-bioscfg.{name}",
        "BiosSettingType": int(kind),
        "BiosSettingCurrentValue": instance.get("CurrentValue", instance["Value"]),
    }
    if kind is Kind.ENUMERATION:
        told["BiosSettingPossibleValues"] = instance["PossibleValues"]
    elif kind is Kind.INTEGER:
        told["BiosSettingLowerBound"] = instance["LowerBound"]
        told["BiosSettingUpperBound"] = instance["UpperBound"]
    elif kind is Kind.STRING:
        told["BiosSettingLowerBound"] = instance["MinLength"]
        told["BiosSettingUpperBound"] = instance["MaxLength"]
    else:
        told["BiosSettingCurrentValue"] = ";".join(instance["Elements"])
    return told


@pytest.mark.slow
@pytest.mark.parametrize("model", ["zbook-power-g7", "elitedesk-800-g2", "elitebook-810-g1"])
def test_every_setting_is_told_as_the_pc_tells_it(mounting: Mounting, tmp_path: Path, model: str) -> None:
    mounted = mounting(model=model)
    told = of(mounted, tmp_path).settings()
    wanted = {
        str(expected["Name"]): expected
        for each in machines.instances(mounted.home)
        if each["Class"] in KINDS
        for expected in [as_fwupd_tells(each)]
    }
    # To fwupd whatever stands among the attributes and can be read as one is one.
    assert set(told) == {*wanted, "pending_reboot"}
    for name, expected in wanted.items():
        assert {key: told[name].get(key) for key in expected} == expected


def test_a_setting_is_changed_and_a_second_time_there_is_nothing_to_do(
    mounted: Mounted, tmp_path: Path
) -> None:
    client = of(mounted, tmp_path)
    done = client.set("USB Storage Boot", "Disable")
    assert done.code == Exit.DONE, done
    assert machines.value(mounted.home, "USB Storage Boot") == "Disable"
    again = client.set("USB Storage Boot", "Disable")
    assert again.code == Exit.NOTHING_TO_DO
    assert "no BIOS settings needed to be changed" in again.errors


@pytest.mark.slow
def test_an_exported_tree_is_read_as_the_mounted_one(mounted: Mounted, tmp_path: Path) -> None:
    assert mounted.f10("export-tree", str(tmp_path / "exported")).returncode == 0
    exported = tool(tmp_path / "exported", tmp_path).settings()
    told = of(mounted, tmp_path).settings()
    assert {name: {**each, "Filename": ""} for name, each in exported.items()} == {
        name: {**each, "Filename": ""} for name, each in told.items()
    }


@pytest.mark.slow
def test_words_near_a_value_are_mapped_to_it(mounted: Mounted, tmp_path: Path) -> None:
    client = of(mounted, tmp_path)
    for word, value in (("disable", "Disable"), ("on", "Enable"), ("false", "Disable"), ("1", "Enable")):
        assert client.set("USB Storage Boot", word).code == Exit.DONE
        assert machines.value(mounted.home, "USB Storage Boot") == value


@pytest.mark.slow
def test_texts_and_numbers_are_changed(mounted: Mounted, tmp_path: Path) -> None:
    client = of(mounted, tmp_path)
    for name, value in (("Ownership Tag", "Owned by: us, a;b"), ("Asset Tracking Number", "A-1, B")):
        assert client.set(name, value).code == Exit.DONE
        assert machines.value(mounted.home, name) == value
    number = next(
        each
        for each in machines.instances(mounted.home)
        if each["Class"] == "HPBIOS_BIOSInteger" and not each["IsReadOnly"] and not each["Prerequisites"]
    )
    name, value = str(number["Name"]), str(number["UpperBound"])
    assert client.set(name, value).code == Exit.DONE
    assert machines.value(mounted.home, name) == value


REFUSED = [
    ("Fast Boot", "Sometimes", Exit.ERROR, "doesn't map to any possible values"),
    ("Ownership Tag", "x" * 81, Exit.ERROR, "is too long (81) expected no more than 80"),
    ("UEFI Boot Order", "HDD:USB:1", Exit.ERROR, "unknown attribute type"),
    ("Product Name", "Another", Exit.ERROR, "is too long (7) expected no more than 0"),
    ("Modern Standby", "Disable", Exit.ERROR, "Permission denied"),
    ("No Such Setting", "Enable", Exit.NOT_FOUND, "attribute not found"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "value", "code", "sentence"), REFUSED)
def test_refused(mounted: Mounted, tmp_path: Path, name: str, value: str, code: Exit, sentence: str) -> None:
    before = machines.instances(mounted.home)
    told = of(mounted, tmp_path).set(name, value)
    assert told.code == code, told
    assert sentence in told.errors
    assert machines.instances(mounted.home) == before


@pytest.mark.slow
def test_a_password_is_written_before_each_setting(mounting: Mounting, tmp_path: Path) -> None:
    mounted = mounting(machines.with_password(tmp_path / "home"))
    client = of(mounted, tmp_path)
    password = mounted.authentication / "Setup Password" / "current_password"

    without = client.set("USB Storage Boot", "Disable")
    assert without.code == Exit.ERROR
    assert os.strerror(22) in without.errors, without
    password.write_text(machines.BOSS)
    assert client.set("USB Storage Boot", "Disable").code == Exit.DONE
    assert machines.value(mounted.home, "USB Storage Boot") == "Disable"

    forgotten = client.set("USB Storage Boot", "Enable")
    assert forgotten.code == Exit.ERROR
    password.write_text("Not-The-Boss-1")
    wrong = client.set("USB Storage Boot", "Enable")
    assert wrong.code == Exit.ERROR
    assert os.strerror(22) in wrong.errors
    assert "Not-The-Boss-1" not in wrong.errors + wrong.text
    assert machines.value(mounted.home, "USB Storage Boot") == "Disable"


@pytest.mark.slow
def test_a_token_is_written_before_each_setting_while_the_mode_is_on(
    mounting: Mounting, tmp_path: Path
) -> None:
    mounted = mounting(machines.with_mode_on(tmp_path / "home"))
    client = of(mounted, tmp_path)
    token = mounted.authentication / "SPM" / "auth_token"
    name, value = "USB Storage Boot", "Disable"

    assert client.set(name, value).code == Exit.ERROR
    for wrong in (
        machines.token(name, value, by="other"),
        machines.token(name, "Enable"),
        machines.token("Fast Boot", value),
    ):
        token.write_text(wrong)
        refused = client.set(name, value)
        assert refused.code == Exit.ERROR
        assert os.strerror(22) in refused.errors, refused
    assert machines.value(mounted.home, name) == "Enable"
    token.write_text(machines.token(name, value))
    assert client.set(name, value).code == Exit.DONE
    assert machines.value(mounted.home, name) == value
    assert client.set(name, "Enable").code == Exit.ERROR
    assert client.set(name, value).code == Exit.NOTHING_TO_DO
