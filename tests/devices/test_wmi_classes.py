"""Settings as instances of WMI classes."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from emulator import models
from emulator.devices import wmi_classes
from emulator.devices.wmi import WMI
from emulator.devices.wmi_schema import CLASSES, Instance, Type
from emulator.firmware.firmware import manufactured
from tests.firmware.bench import (
    BOSS,
    IDENTITY,
    LAK_1,
    MODE,
    SETUP_PASSWORD,
    USB,
    Bench,
    factory_new,
    guarded,
    model_of,
    small,
    start,
    started,
    with_passwords,
)

KINDS = {Type.TEXT: str, Type.NUMBER: int, Type.TEXTS: list}


def wmi(bench: Bench) -> WMI:
    return WMI(bench.execute, lambda: bench.firmware)


def of(name: str, bench: Bench | None = None) -> Instance:
    found = wmi(bench or small()).get(name)
    assert found is not None
    return found


@pytest.mark.parametrize("model", models.names())
def test_each_instance_has_exactly_the_properties_of_its_class(model: str) -> None:
    bench = Bench(manufactured(models.packaged(model), IDENTITY), settings=models.packaged(model))
    told = wmi(bench).instances()
    assert [each["Name"] for each in told] == list(models.packaged(model).settings)
    assert [each["Sequence"] for each in told] == sorted(int(str(each["Sequence"])) for each in told)
    for each in told:
        properties = CLASSES[str(each["Class"]).casefold()].properties
        assert each.keys() == {"Class", *properties}, each["Name"]
        assert all(isinstance(each[name], KINDS[kind]) for name, kind in properties.items()), each


def test_the_zbook_has_as_many_of_each_class_as_the_real_one() -> None:
    told = wmi(Bench(factory_new())).instances()
    assert Counter(str(each["Class"]) for each in told) == {
        "HPBIOS_BIOSEnumeration": 157,
        "HPBIOS_BIOSString": 82,
        "HPBIOS_BIOSInteger": 11,
        "HPBIOS_BIOSOrderedList": 6,
        "HPBIOS_BIOSPassword": 2,
    }


def test_values_and_flags_are_written_as_in_the_published_dump(samples: Path) -> None:
    path = samples / "repset" / "zbookpowerg7_wmi_all_settings.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["Name"]: row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}
    told = wmi(Bench(factory_new())).instances()
    for each in told:
        row = rows[str(each["Name"])]
        assert [str(each[name]) for name in ("DisplayInUI", "IsReadOnly", "RequiresPhysicalPresence")] == [
            row[name] for name in ("DisplayInUI", "IsReadOnly", "RequiresPhysicalPresence")
        ]
    enumerations = [each for each in told if each["Class"] == "HPBIOS_BIOSEnumeration"]
    # The published machine was in use, so a few of its values are not those of a new one.
    assert sum(each["Value"] == rows[str(each["Name"])]["Value"] for each in enumerations) > 140
    for each in enumerations:
        written = rows[str(each["Name"])]["Value"].replace("*", "")
        assert str(each["Value"]).replace("*", "") == written


def test_an_enumeration_stars_its_current_value() -> None:
    word = of("Word")
    assert word["Value"] == "*One,Two,Three"
    assert (word["CurrentValue"], word["PossibleValues"], word["Size"]) == ("One", ["One", "Two", "Three"], 3)


def test_an_integer_a_string_and_a_list_tell_their_bounds() -> None:
    number, text, order = of("Number"), of("Text"), of("Order")
    assert (number["Value"], number["IntValue"], number["LowerBound"], number["UpperBound"]) == (
        "10",
        10,
        10,
        50,
    )
    assert (text["Value"], text["MinLength"], text["MaxLength"]) == ("text", 2, 8)
    assert (order["Value"], order["Elements"], order["Size"]) == ("A,B,C", ["A", "B", "C"], 3)


def test_a_changed_value_is_told_before_the_restart() -> None:
    bench = started(factory_new())
    wmi(bench).set_bios_setting(USB, "Disable")
    assert of(USB, bench)["Value"] == "*Disable,Enable"


def test_of_a_password_only_whether_it_is_set_is_told() -> None:
    password = of(SETUP_PASSWORD, Bench(with_passwords(BOSS)))
    assert (password["Value"], password["IsSet"], password["SupportedEncoding"]) == ("", 1, ["utf-16"])
    assert of(SETUP_PASSWORD, Bench(factory_new()))["IsSet"] == 0
    assert BOSS not in repr(wmi(Bench(with_passwords(BOSS))).instances())


def test_the_mode_and_its_keys_are_told_like_settings() -> None:
    bench = Bench(guarded())
    assert of(MODE, bench)["Value"] == "Disable,*Enable"
    assert of(LAK_1, bench)["Class"] == "HPBIOS_BIOSString"


def test_prerequisites_are_told_with_the_values_that_they_need() -> None:
    told = of("Minimum BIOS Version", Bench(factory_new()))
    assert told["Prerequisites"] == ["BIOS Rollback Policy=Restricted Rollback to older BIOS"]


def test_several_values_of_a_prerequisite_stand_beside_each_other() -> None:
    switch = {"kind": "enumeration", "values": ["Off", "A", "B"], "default": "Off"}
    grey = {**switch, "requires": [{"setting": "One", "is": ["A", "B"], "because": "One is off."}]}
    model = model_of({"One": switch, "Two": grey})
    bench = Bench(manufactured(model, IDENTITY), settings=model)
    assert of("Two", bench)["Prerequisites"] == ["One=A|B"]


def test_a_security_level_is_that_of_the_companion() -> None:
    model = models.packaged("elitebook-810-g1")
    bench = Bench(manufactured(model, IDENTITY), settings=model)
    start(bench)
    for level, number in (("View", 1), ("Hide", 2), ("Change", 0)):
        assert wmi(bench).set_bios_setting("Serial port Security Level", level).accepted
        assert of("Serial port", bench)["SecurityLevel"] == number


def test_what_no_list_names_is_told_when_its_name_is_asked() -> None:
    door = wmi(Bench(factory_new()))
    name = "Restore Security Settings to Factory Defaults"
    assert of(name, Bench(factory_new()))["Name"] == name
    assert name not in {each["Name"] for each in door.instances()}
    assert door.get("No Such Setting") is None


def test_the_interface_is_one_instance() -> None:
    assert wmi_classes.interface() == {"Class": "HPBIOS_BIOSSettingInterface"}


def test_an_integer_that_a_model_tells_as_text_is_zero() -> None:
    model = model_of({"Age": {"kind": "integer", "tells": "bios version", "read_only": True}})
    assert of("Age", Bench(manufactured(model, IDENTITY), settings=model))["IntValue"] in {0, 1}
