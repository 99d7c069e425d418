"""Which values each kind of setting takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.firmware import commands as c
from emulator.firmware import settings
from emulator.firmware.catalogue import Setting
from emulator.firmware.refusals import ReadOnly, UnknownSetting, ValueNotAllowed
from emulator.protocol.status import SettingStatus
from tests.firmware.bench import Bench, Events, model, small, small_model, start

WORD, NUMBER, TEXT, ORDER = (small_model().settings[name] for name in ("Word", "Number", "Text", "Order"))
ONCE = "Permanent Disable Absolute Persistence Module Set Once"
TOKENS = st.lists(
    st.sampled_from(["A", "B", "C", "A Disabled", "C Disabled", "D", " A", "B Disabled Disabled", ""]),
    max_size=6,
)


def set_by_system(bench: Bench, name: str, value: str) -> Events:
    start(bench)
    return bench.execute(c.SetSetting(name, value))


@given(st.text(max_size=8) | st.sampled_from([*WORD.values, "one", "One ", "*One"]))
def test_an_enumeration_takes_its_words_exactly(value: str) -> None:
    if value in WORD.values:
        assert settings.accepted(WORD, value) == value
    else:
        with pytest.raises(ValueNotAllowed, match="takes 'One', 'Two', 'Three'"):
            settings.accepted(WORD, value)


@given(st.integers(-100, 200))
def test_an_integer_is_within_its_bounds_and_on_its_step(number: int) -> None:
    if number in range(10, 51, 5):
        assert settings.accepted(NUMBER, str(number)) == str(number)
    else:
        with pytest.raises(ValueNotAllowed, match="'Number' takes"):
            settings.accepted(NUMBER, str(number))


@pytest.mark.parametrize(
    "value", ["", "+15", " 15", "15 ", "1e1", "15.0", "0x0F", "1_5", "١٥", "１５", "1" * 5000]
)
def test_an_integer_is_written_in_decimal_digits(value: str) -> None:
    with pytest.raises(ValueNotAllowed):
        settings.accepted(NUMBER, value)


def test_leading_zeros_of_an_integer_are_dropped() -> None:
    assert settings.accepted(NUMBER, "0015") == "15"


def test_the_step_of_an_integer_is_named() -> None:
    with pytest.raises(ValueNotAllowed, match="10 to 50 in steps of 5; 12 came"):
        settings.accepted(NUMBER, "12")
    with pytest.raises(ValueNotAllowed, match=r"0 to 23; 24 came"):
        settings.accepted(model().settings["BIOS Power-On Hour"], "24")


@given(st.text(max_size=12))
def test_a_string_is_printable_and_has_its_length(value: str) -> None:
    if 2 <= len(value) <= 8 and value.isprintable():
        assert settings.accepted(TEXT, value) == value
    else:
        with pytest.raises(ValueNotAllowed, match="characters"):
            settings.accepted(TEXT, value)


@pytest.mark.parametrize("value", ["ab\x1b[2J", "ab\n", "ab\u202e", "\ud800ab"])
def test_a_string_steers_no_terminal(value: str) -> None:
    with pytest.raises(ValueNotAllowed):
        settings.accepted(TEXT, value)


@given(TOKENS)
def test_an_ordered_list_keeps_the_first_of_each_known_entry_and_gets_the_rest_appended(
    entries: list[str],
) -> None:
    value = ",".join(entries)
    known = [each for each in entries if each.removesuffix(" Disabled") in ORDER.values]
    if not known:
        with pytest.raises(ValueNotAllowed, match="names none of them"):
            settings.accepted(ORDER, value)
        return
    first = {each.removesuffix(" Disabled"): each for each in reversed(known)}
    expected = sorted(first.values(), key=known.index)
    stored = settings.accepted(ORDER, value)
    assert settings.tokens(stored)[: len(expected)] == tuple(expected)
    assert sorted(each.removesuffix(" Disabled") for each in settings.tokens(stored)) == ["A", "B", "C"]
    assert settings.accepted(ORDER, stored) == stored


@pytest.mark.parametrize("setting", list(model().stored.values()), ids=lambda setting: setting.name)
def test_every_default_of_the_model_is_a_value_that_it_takes(setting: Setting) -> None:
    assert settings.accepted(setting, setting.default) == setting.default


@pytest.mark.parametrize(
    ("name", "value", "stored"),
    [
        ("Word", "Two", "Two"),
        ("Number", "020", "20"),
        ("Text", "Hello", "Hello"),
        ("Order", "C,X,A", "C,A,B"),
    ],
)
def test_a_setting_of_every_kind_is_stored_and_acts_after_a_restart(
    name: str, value: str, stored: str
) -> None:
    bench = small()
    old = bench.firmware.value(name)
    set_by_system(bench, name, value)
    assert bench.firmware.value(name) == stored
    assert bench.firmware.pending() == {name: (old, stored)}
    bench.execute(c.Restart())
    assert bench.firmware.pending() == {}
    assert bench.firmware.value(name) == stored


@pytest.mark.parametrize(
    ("name", "value", "refusal", "status"),
    [
        ("Word", "Four", ValueNotAllowed, SettingStatus.INVALID_PARAMETER),
        ("word", "One", UnknownSetting, SettingStatus.UNKNOWN_SETTING),
        ("", "", UnknownSetting, SettingStatus.UNKNOWN_SETTING),
    ],
)
def test_what_is_refused_changes_nothing_and_has_its_code(
    name: str, value: str, refusal: type[UnknownSetting], status: SettingStatus
) -> None:
    bench = small()
    start(bench)
    assert bench.refused(c.SetSetting(name, value), refusal).setting_status is status
    assert bench.logged() == []


def test_a_read_only_setting_is_refused_from_setup_too() -> None:
    bench = Bench()
    bench.execute(c.PowerOn())
    bench.execute(c.EnterSetup())
    assert model().settings["Product Name"].read_only
    bench.refused(c.StageSetting("Product Name", "Mine"), ReadOnly)


def test_pending_changes_end_with_the_power() -> None:
    bench = small()
    set_by_system(bench, "Word", "Two")
    bench.execute(c.PowerOff())
    assert bench.firmware.pending() == {}


class TestStaging:
    """Changes on the screen of Computer Setup."""

    def bench(self) -> Bench:
        bench = small()
        bench.execute(c.PowerOn())
        bench.execute(c.EnterSetup())
        return bench

    def test_nothing_is_stored_before_it_is_saved(self) -> None:
        bench = self.bench()
        before = bench.memory
        bench.execute(c.StageSetting("Number", "025"))
        assert bench.memory is before
        assert bench.firmware.session.staged == {"Number": "25"}
        bench.execute(c.SaveAndExit())
        assert bench.firmware.value("Number") == "25"
        assert bench.firmware.pending() == {}

    def test_the_stored_value_is_no_change(self) -> None:
        bench = self.bench()
        bench.execute(c.StageSetting("Word", "Two"))
        bench.execute(c.StageSetting("Word", "One"))
        assert bench.firmware.session.staged == {}

    def test_a_value_that_is_not_allowed_leaves_what_was_staged(self) -> None:
        bench = self.bench()
        bench.execute(c.StageSetting("Word", "Two"))
        bench.refused(c.StageSetting("Word", "Four"), ValueNotAllowed)
        assert bench.firmware.session.staged == {"Word": "Two"}

    def test_saving_nothing_restarts(self) -> None:
        bench = self.bench()
        settings_before = bench.memory.settings
        bench.execute(c.SaveAndExit())
        assert bench.memory.settings is settings_before
        assert bench.memory.boot.boots == 2


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("Fast Boot", True),
        ("Physical Presence Interface", True),
        (ONCE, True),
        ("Clear TPM", False),
        ("Asset Tracking Number", False),
    ],
)
def test_two_words_for_off_and_on_make_a_check_box_and_no_others_do(name: str, drawn: bool) -> None:
    assert model().settings[name].check_box is drawn
