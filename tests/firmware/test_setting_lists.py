"""A list of settings from the operating system: entry by entry, each with a result, in one turn."""

from dataclasses import replace

import pytest

from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.refusals import (
    AccessDenied,
    PasswordNeeded,
    PrerequisiteNotMet,
    ReadOnly,
    Refused,
    SetOnce,
    SignatureNeeded,
    UnknownSetting,
    ValueNotAllowed,
)
from emulator.protocol.password import utf_16
from tests.firmware.bench import (
    BOSS,
    LAK_1,
    MODE,
    PRESENCE_INTERFACE,
    RESTORE,
    SETUP_PASSWORD,
    USB,
    Bench,
    factory_new,
    guarded,
    local_key_value,
    locked,
    made_by,
    mode_on,
    signed,
    started,
    with_passwords,
)

HOUR, SECURE_BOOT, TAG = "BIOS Power-On Hour", "Secure Boot", "Ownership Tag"
UPLOAD = "Remote HP PC Hardware Diagnostics Upload Server Password"
ONCE = "Permanent Disable Absolute Persistence Module Set Once"
SECRET = "Oyster-99"


def results(bench: Bench, *wanted: tuple[str, str], proof: str = "") -> dict[str, str | type[Refused]]:
    """Of every entry that had a result of its own: what became of it."""
    told: dict[str, str | type[Refused]] = {}
    for event in bench.execute(c.SetSettings(wanted, proof)):
        if isinstance(event, e.SettingRefused):
            told[event.name] = type(event.refusal)
        elif isinstance(event, e.SettingUnchanged):
            told[event.name] = "unchanged"
        elif isinstance(event, e.SettingWaits):
            told[event.name] = "waits"
        elif isinstance(event, e.SettingStored):
            told[event.name] = "set"
    return told


class TestResults:
    def test_every_entry_has_its_own_and_none_stops_another(self) -> None:
        bench = started(made_by([c.SetSetting(ONCE, "Yes")], factory_new()))
        assert results(
            bench,
            ("No Such Setting", "1"),
            ("Serial Number", "5CG9999999"),
            ("Product Name", bench.firmware.value("Product Name")),
            (USB, "Perhaps"),
            (HOUR, "24"),
            ("Proxy Address", "x"),
            (ONCE, "No"),
            ("Fast Boot", "Enable"),
            (SECURE_BOOT, "Disable"),
            (TAG, "mine"),
        ) == {
            "No Such Setting": UnknownSetting,
            "Serial Number": ReadOnly,
            "Product Name": "unchanged",
            USB: ValueNotAllowed,
            HOUR: ValueNotAllowed,
            "Proxy Address": PrerequisiteNotMet,
            ONCE: SetOnce,
            "Fast Boot": "unchanged",
            SECURE_BOOT: "waits",
            TAG: "set",
        }
        assert bench.memory.settings == {**factory_new().settings, ONCE: "Yes", TAG: "mine"}
        assert bench.memory.waiting == {SECURE_BOOT: "Disable"}

    def test_an_empty_list_changes_nothing(self) -> None:
        bench = started(factory_new())
        before = bench.memory
        assert bench.execute(c.SetSettings(())) == ()
        assert bench.memory == before

    def test_what_is_so_already_is_skipped_in_any_spelling_and_though_it_is_grey(self) -> None:
        bench = started(factory_new())
        assert results(
            bench, (HOUR, "00"), ("Proxy Address", ""), (MODE, "Disable"), (LAK_1, "")
        ) == dict.fromkeys([HOUR, "Proxy Address", MODE, LAK_1], "unchanged")

    def test_a_change_that_waits_is_taken_back_by_the_value_in_force(self) -> None:
        bench = started(factory_new())
        bench.execute(c.SetSetting(SECURE_BOOT, "Disable"))
        results(bench, (SECURE_BOOT, "Enable"))
        assert bench.memory.waiting == {}

    def test_a_change_that_waits_already_waits_on(self) -> None:
        bench = started(factory_new())
        bench.execute(c.SetSetting(SECURE_BOOT, "Disable"))
        assert results(bench, (SECURE_BOOT, "Disable")) == {SECURE_BOOT: "waits"}
        assert bench.memory.waiting == {SECURE_BOOT: "Disable"}

    def test_of_two_entries_with_one_name_the_last_counts(self) -> None:
        bench = started(factory_new())
        bench.execute(c.SetSettings(((HOUR, "7"), (HOUR, "9"), (USB, "Disable"), (USB, "Enable"))))
        assert (bench.firmware.value(HOUR), bench.firmware.value(USB)) == ("9", "Enable")

    def test_defaults_come_before_what_the_list_changes(self) -> None:
        memory = replace(factory_new(), settings={**factory_new().settings, USB: "Disable", HOUR: "7"})
        bench = started(memory)
        bench.execute(c.SetSettings(((TAG, "mine"), ("Apply Factory Defaults and Exit", "Yes"))))
        assert bench.memory.settings == {**factory_new().settings, TAG: "mine"}

    def test_saving_custom_defaults_comes_behind(self) -> None:
        bench = started(factory_new())
        bench.execute(c.SetSettings((("Save Custom Defaults", "Save"), (TAG, "mine"))))
        assert bench.memory.custom == {TAG: "mine"}


class TestReach:
    """A list reaches what defaults reach, and no further."""

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            (PRESENCE_INTERFACE, "Disable"),
            ("Clear BIOS Event Log", "Clear"),
            (MODE, "Enable"),
            (LAK_1, local_key_value()),
            (RESTORE, "Yes"),
            (SETUP_PASSWORD, utf_16(BOSS)),
            (SETUP_PASSWORD, ""),
            ("Secure Platform Management Signing Key", local_key_value()),
        ],
    )
    def test_what_guards_is_refused_and_told_to_be_changed_by_itself(self, name: str, value: str) -> None:
        bench = started(factory_new())
        before = bench.memory
        assert results(bench, (name, value)) == {name: AccessDenied}
        assert bench.memory == before

    def test_a_local_access_key_is_not_even_cleared(self) -> None:
        bench = started(made_by([signed(MODE, "Disable")], guarded()))
        assert results(bench, (LAK_1, "")) == {LAK_1: AccessDenied}
        assert bench.memory.authentication.keys[0] is not None


class TestProof:
    def test_it_needs_the_administrator_s_password_where_one_is_set(self) -> None:
        bench = started(with_passwords(BOSS))
        wanted = ((TAG, "mine"),)
        bench.refused(c.SetSettings(wanted), PasswordNeeded)
        bench.costs_a_try(c.SetSettings(wanted, utf_16("wrong one")))
        assert results(bench, *wanted, proof=utf_16(BOSS)) == {TAG: "set"}

    def test_it_needs_it_even_to_tell_that_nothing_would_change(self) -> None:
        started(with_passwords(BOSS)).refused(c.SetSettings(((USB, "Enable"),)), PasswordNeeded)

    @pytest.mark.parametrize("proof", ["", utf_16(BOSS), utf_16("wrong one"), "no mark", "<BEAM/>AAAA"])
    def test_with_the_mode_on_every_change_in_it_is_refused_and_no_password_looked_at(
        self, proof: str
    ) -> None:
        bench = started(locked(mode_on(), BOSS))
        before = bench.memory, bench.firmware.session
        assert results(
            bench, (TAG, "mine"), (USB, "Enable"), ("Serial Number", "x"), (LAK_1, ""), proof=proof
        ) == {
            TAG: SignatureNeeded,
            USB: "unchanged",
            "Serial Number": ReadOnly,
            LAK_1: "unchanged",
        }
        assert (bench.memory, bench.firmware.session) == before

    def test_a_signature_signs_no_list(self) -> None:
        bench = started(mode_on())
        token = signed(TAG, "mine").authorization
        assert results(bench, (TAG, "mine"), proof=token) == {TAG: SignatureNeeded}
        assert bench.memory.counters == mode_on().counters


class TestSecrets:
    def test_a_secret_is_set_and_told_by_no_event(self) -> None:
        bench = started(factory_new())
        events = bench.execute(c.SetSettings(((UPLOAD, SECRET),)))
        assert bench.memory.settings[UPLOAD] == SECRET
        assert SECRET not in repr(events)

    def test_nobody_is_told_that_he_guessed_a_secret(self) -> None:
        memory = made_by([c.SetSetting(UPLOAD, SECRET)], factory_new())
        assert results(started(memory), (UPLOAD, SECRET)) == {UPLOAD: "set"}
        on = replace(mode_on(), settings={**mode_on().settings, UPLOAD: SECRET})
        for guess in (SECRET, "Oyster-98"):
            assert results(started(on), (UPLOAD, guess)) == {UPLOAD: SignatureNeeded}

    def test_an_empty_secret_is_what_a_dump_has_and_changes_nothing(self) -> None:
        bench = started(made_by([c.SetSetting(UPLOAD, SECRET)], factory_new()))
        assert results(bench, (UPLOAD, "")) == {UPLOAD: "unchanged"}
        assert bench.memory.settings[UPLOAD] == SECRET
        bench.execute(c.SetSetting(UPLOAD, ""))
        assert bench.memory.settings[UPLOAD] == ""


def test_ten_thousand_entries_are_carried_out_in_one_turn() -> None:
    bench = started(factory_new())
    entries = [(f"Nothing {number}", "x") for number in range(10_000)]
    events = bench.execute(c.SetSettings((*entries, (TAG, "mine"))))
    assert len(events) == 10_001
    assert bench.firmware.value(TAG) == "mine"


def test_a_list_shows_none_of_its_values() -> None:
    assert SECRET not in repr(c.SetSettings(((UPLOAD, SECRET),), utf_16(SECRET)))
