"""Two files of settings compared, and the file that leads from one to the other."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator import models, repset_check, repset_diff
from emulator.devices import wmi_classes
from emulator.devices.settings_file import dumped
from emulator.firmware.catalogue import Kind
from emulator.firmware.firmware import Firmware
from emulator.protocol import repset, setting_files
from emulator.protocol.repset import Dialect, Lines, UnwritableEntry
from emulator.protocol.setting_files import FileEntry, Form, SettingFile
from emulator.repset_page import HIDDEN

ORDER = "UEFI Boot Order"


def file_of(*entries: tuple[str, Lines]) -> SettingFile:
    return setting_files.parse(repset.make(entries, Dialect.BCU).render())


def flat(*entries: tuple[str, str]) -> SettingFile:
    if not entries:
        return SettingFile(Form.JSON, ())
    return setting_files.parse(
        json.dumps([{"Name": name, "Value": value} for name, value in entries]).encode()
    )


def found(before: SettingFile, after: SettingFile) -> list[tuple[str, str | None, str | None]]:
    return [(each.name, each.old, each.new) for each in repset_diff.differences(before, after)]


def led(before: SettingFile, after: SettingFile) -> list[tuple[str, tuple[str, ...]]]:
    entries = repset_diff.leading(repset_diff.differences(before, after)).entries
    return [(each.name, each.lines) for each in entries]


def test_an_enumeration_is_compared_by_its_star_whatever_else_is_listed() -> None:
    one = file_of(("A", ["*x", "y"]), ("B", ["x", "*y"]), ("C", ["*x"]))
    other = file_of(("A", ["y", "*x", "z"]), ("B", ["*x", "y"]), ("C", ["*x", "y"]))
    assert found(one, other) == [("B", "y", "x")]


def test_a_list_is_compared_in_its_order() -> None:
    assert found(file_of(("A", ["x", "y"])), file_of(("A", ["y", "x"]))) == [("A", "x,y", "y,x")]
    assert found(file_of(("A", ["x", "y"])), flat(("A", "x,y"))) == []


def test_what_one_of_them_has_only_is_told_in_the_order_of_the_first() -> None:
    one = file_of(("A", ["1"]), ("B", ["2"]), ("C", ["3"]))
    other = file_of(("D", ["4"]), ("C", ["5"]), ("A", ["1"]))
    assert found(one, other) == [("B", "2", None), ("C", "3", "5"), ("D", None, "4")]


def test_of_two_entries_of_one_name_the_first_counts() -> None:
    assert found(file_of(("A", ["1"]), ("A", ["2"])), file_of(("A", ["1"]))) == []


def test_an_entry_that_asks_for_nothing_or_for_several_values_is_compared_as_it_stands() -> None:
    assert found(file_of(("A", ["*x", "*y"])), file_of(("A", ["*x"]))) == [("A", "*x\n*y", "x")]
    assert found(file_of(("A", [])), file_of(("A", []))) == []


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (file_of(("A", ["*x", "y"])), file_of(("A", ["x", "*y"])), ("x", "*y")),
        (file_of(("A", ["*x", "y"])), flat(("A", "y")), ("x", "*y")),
        (flat(("A", "x")), flat(("A", "x,*y")), ("x", "*y")),
        (flat(("A", "*x,y")), flat(("A", "y")), ("x", "*y")),
        (flat(("USB Storage Boot", "Enable")), flat(("USB Storage Boot", "Disable")), ("*Disable",)),
        (flat((ORDER, "a,b")), flat((ORDER, "b,a")), ("b", "a")),
        (file_of(("A", ["x", "y"])), flat(("A", "y,x")), ("y", "x")),
        (flat(("A", "x")), flat(("A", "a,b")), ("a,b",)),
        (flat((ORDER, "a")), flat((ORDER, "")), ("",)),
        (flat(("B", "1")), flat(("Asset Tracking Number", "a,b")), ("a,b",)),
    ],
)
def test_the_file_that_leads_over_has_a_star_or_lines_where_they_are_needed(
    before: SettingFile, after: SettingFile, lines: tuple[str, ...]
) -> None:
    assert [each for _, each in led(before, after)] == [lines]


def test_what_only_the_first_file_has_is_left_alone() -> None:
    assert led(file_of(("A", ["1"]), ("B", ["2"])), file_of(("B", ["3"]))) == [("B", ("3",))]


UPLOAD = "Remote HP PC Hardware Diagnostics Upload Server Password"


@pytest.mark.parametrize(
    "name", ["Setup Password", "Power-On Password", UPLOAD, "Drive Password", "setup password "]
)
def test_the_value_of_a_secret_is_compared_but_not_told(name: str) -> None:
    one, other = flat((name, "hunter2")), flat((name, "Oyster-99"))
    (difference,) = repset_diff.differences(one, other)
    assert difference.told == (name, HIDDEN, HIDDEN)
    assert repset_diff.differences(one, one) == []
    assert repset_diff.differences(one, flat())[0].told == (name, HIDDEN, None)
    assert repset_diff.differences(flat((name, "")), one)[0].told == (name, "", HIDDEN)
    assert led(one, other) == [(name, ("Oyster-99",))]


@pytest.mark.parametrize("value", ["<utf-16/>hunter2", "<kbd/>1E", "*<utf-16/>hunter2", " <utf-16/>hunter2"])
def test_a_value_behind_the_mark_of_a_password_is_not_told_whatever_its_name(value: str) -> None:
    for before, after in ((value, "x"), ("x", value)):
        (difference,) = repset_diff.differences(flat(("Asset Tag", before)), flat(("Asset Tag", after)))
        assert difference.told == ("Asset Tag", HIDDEN, HIDDEN)
    (difference,) = repset_diff.differences(file_of(("A", ["x", value])), file_of(("A", ["x"])))
    assert difference.told == ("A", HIDDEN, HIDDEN)


def test_a_setting_that_is_named_after_a_password_and_holds_none_is_told() -> None:
    name = "Allow User to Modify Power-on Password"
    (difference,) = repset_diff.differences(flat((name, "Yes")), flat((name, "No")))
    assert difference.told == (name, "Yes", "No")


def test_no_packaged_model_has_a_secret_that_would_be_told() -> None:
    secrets = {
        name
        for model in models.names()
        for name, each in models.packaged(model).every.items()
        if each.secret or each.kind is Kind.PASSWORD
    }
    assert len(secrets) >= 3
    for name in secrets:
        assert repset_diff.differences(flat((name, "hunter2")), flat())[0].told == (name, HIDDEN, None)


def machine(model: str) -> Firmware:
    return repset_check.of_model(model, {})


def changes(model: str) -> bytes:
    """A file that changes some settings of each kind, as far as this model has them."""
    settings = models.packaged(model).settings
    wanted: list[tuple[str, Lines]] = [
        (name, ["*" + next(value for value in settings[name].values if value != settings[name].default)])
        for name in ("USB Storage Boot", "Fast Boot", "Wake On LAN")
        if name in settings
    ]
    wanted += [
        (name, ["Mine, all mine"]) for name in ("Ownership Tag", "Asset Tracking Number") if name in settings
    ]
    wanted += [(name, ["7"]) for name in ("BIOS Power-On Hour",) if name in settings]
    if ORDER in settings:
        wanted.append((ORDER, settings[ORDER].values[::-1]))
    return repset.make(wanted, Dialect.BCU).render()


@pytest.mark.parametrize("form", [None, *(form for form in Form if form is not Form.REPSET)])
@pytest.mark.parametrize("model", models.names())
def test_a_machine_is_led_from_one_dump_to_the_other_in_each_form(model: str, form: Form | None) -> None:
    """Dump, change, dump again: what leads from the first to the second makes a new machine what the changed one is."""

    def dump(firmware: Firmware) -> bytes:
        if form is None:
            return dumped(firmware).render()
        return setting_files.dump(form, wmi_classes.instances(firmware))

    changed, new = machine(model), machine(model)
    before = dump(changed)
    repset_check.checked(changed, changes(model))
    after = dump(changed)
    led_over = repset_diff.leading(
        repset_diff.differences(setting_files.parse(before), setting_files.parse(after))
    )
    assert len(led_over.entries) >= 3
    reply = repset_check.checked(new, led_over.render())
    assert reply["ok"], reply
    assert dump(new) == after


TEXT = st.sampled_from(["A", "B", "*x", "x,*y", "x", "", "USB Storage Boot", "UEFI Boot Order"]) | st.text(
    max_size=8
)
ENTRY = st.builds(FileEntry, TEXT, st.lists(TEXT, max_size=3).map(tuple), st.just(False)) | st.builds(
    FileEntry, TEXT, st.tuples(TEXT), st.just(True)
)
ANY_FILE = st.builds(SettingFile, st.just(Form.JSON), st.lists(ENTRY, max_size=5).map(tuple))


@given(ANY_FILE, ANY_FILE)
def test_any_two_files_are_compared_and_what_leads_over_can_be_read_or_is_refused(
    before: SettingFile, after: SettingFile
) -> None:
    assert repset_diff.differences(before, before) == []
    told = repset_diff.differences(before, after)
    assert {each.name for each in repset_diff.differences(after, before)} == {each.name for each in told}
    try:
        leading = repset_diff.leading(told)
    except UnwritableEntry:
        return
    assert [each.name for each in leading.entries] == [each.name for each in told if each.after is not None]
