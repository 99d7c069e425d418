"""A list of settings from the operating system: entry by entry, each with a result, in one turn."""

from dataclasses import replace

import pytest

from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.refusals import (
    AccessDenied,
    PasswordNeeded,
    PasswordsLocked,
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
    each_of,
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
    for event in bench.execute(each_of(*wanted, proof=proof)):
        if isinstance(event, e.EntryRefused):
            told[event.name] = type(event.refusal)
        elif isinstance(event, e.EntryUnchanged):
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
        bench.execute(each_of((HOUR, "7"), (HOUR, "9"), (USB, "Disable"), (USB, "Enable")))
        assert (bench.firmware.value(HOUR), bench.firmware.value(USB)) == ("9", "Enable")

    def test_defaults_come_before_what_the_list_changes(self) -> None:
        memory = replace(factory_new(), settings={**factory_new().settings, USB: "Disable", HOUR: "7"})
        bench = started(memory)
        bench.execute(each_of((TAG, "mine"), ("Apply Factory Defaults and Exit", "Yes")))
        assert bench.memory.settings == {**factory_new().settings, TAG: "mine"}

    def test_saving_custom_defaults_comes_behind(self) -> None:
        bench = started(factory_new())
        bench.execute(each_of(("Save Custom Defaults", "Save"), (TAG, "mine")))
        assert bench.memory.custom == {TAG: "mine"}


class TestReach:
    """A list reaches what defaults reach, and no further."""

    def test_the_mode_asks_for_a_signature(self) -> None:
        bench = started(factory_new())
        before = bench.memory
        assert results(bench, (MODE, "Enable")) == {MODE: SignatureNeeded}
        assert bench.memory == before

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            (PRESENCE_INTERFACE, "Disable"),
            ("Clear BIOS Event Log", "Clear"),
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
        assert results(bench, (TAG, "mine"), proof=utf_16(BOSS)) == {TAG: "set"}

    @pytest.mark.parametrize("proof", ["", "no mark", "<BEAM/>AAAA"])
    def test_a_missing_password_refuses_what_needs_one_and_tells_the_rest(self, proof: str) -> None:
        bench = started(with_passwords(BOSS))
        before = bench.memory, bench.firmware.session
        assert results(
            bench,
            (TAG, "mine"),
            ("Nothing", "x"),
            (USB, "Enable"),
            ("Serial Number", "x"),
            (USB, "Perhaps"),
            (SETUP_PASSWORD, utf_16("")),
            proof=proof,
        ) == {
            TAG: PasswordNeeded,
            "Nothing": UnknownSetting,
            USB: PasswordNeeded,
            "Serial Number": ReadOnly,
            SETUP_PASSWORD: AccessDenied,
        }
        assert (bench.memory, bench.firmware.session) == before

    def test_a_wrong_one_refuses_the_whole_list_and_costs_a_try_though_there_are_several_entries(
        self,
    ) -> None:
        bench = started(with_passwords(BOSS))
        bench.costs_a_try(each_of(("Nothing", "x"), (TAG, "mine"), (HOUR, "7"), proof=utf_16("wrong one")))

    def test_a_wrong_one_is_not_looked_at_if_nothing_needs_one(self) -> None:
        bench = started(with_passwords(BOSS))
        session = bench.firmware.session
        assert results(bench, (USB, "Enable"), ("Serial Number", "x"), proof=utf_16("wrong one")) == {
            USB: "unchanged",
            "Serial Number": ReadOnly,
        }
        assert bench.firmware.session == session

    def test_three_wrong_ones_lock_it_even_for_the_right_one_until_the_restart(self) -> None:
        bench = started(with_passwords(BOSS))
        for _ in range(3):
            bench.costs_a_try(each_of((TAG, "mine"), proof=utf_16("wrong one")))
        for proof in ("", utf_16(BOSS), utf_16("wrong one")):
            assert results(bench, (TAG, "mine"), (USB, "Enable"), proof=proof) == {
                TAG: PasswordsLocked,
                USB: "unchanged",
            }
        bench.execute(c.Restart())
        bench.execute(c.Continue())
        assert results(bench, (TAG, "mine"), proof=utf_16(BOSS)) == {TAG: "set"}

    def test_the_right_one_after_two_wrong_ones_gives_all_tries_back(self) -> None:
        bench = started(with_passwords(BOSS))
        for _ in range(2):
            bench.costs_a_try(each_of((TAG, "mine"), proof=utf_16("wrong one")))
        results(bench, (TAG, "mine"), proof=utf_16(BOSS))
        assert bench.firmware.session.password_tries == 3

    def test_one_where_none_is_set_is_refused_entry_by_entry(self) -> None:
        bench = started(factory_new())
        events = bench.execute(each_of((TAG, "mine"), (USB, "Enable"), (HOUR, "7"), proof=utf_16(BOSS)))
        refused = {each.name: str(each.refusal) for each in events if isinstance(each, e.EntryRefused)}
        assert refused.keys() == {TAG, HOUR}
        assert all("send none" in sentence for sentence in refused.values())

    @pytest.mark.parametrize("proof", ["", utf_16(BOSS), utf_16("wrong one"), "no mark", "<BEAM/>AAAA"])
    def test_with_the_mode_on_every_change_in_it_is_refused_and_no_password_looked_at(
        self, proof: str
    ) -> None:
        bench = started(locked(mode_on(), BOSS))
        before = bench.memory, bench.firmware.session
        assert results(
            bench,
            (TAG, "mine"),
            (USB, "Enable"),
            ("Serial Number", "x"),
            (LAK_1, ""),
            (MODE, "Disable"),
            proof=proof,
        ) == {
            TAG: SignatureNeeded,
            USB: "unchanged",
            "Serial Number": ReadOnly,
            LAK_1: "unchanged",
            MODE: SignatureNeeded,
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
        events = bench.execute(each_of((UPLOAD, SECRET)))
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

    def test_a_signed_dump_clears_none_and_a_signed_change_of_its_own_does(self) -> None:
        bench = started(replace(mode_on(), settings={**mode_on().settings, UPLOAD: SECRET}))
        assert e.EntryUnchanged(UPLOAD) in bench.execute(c.SetSettings((signed(UPLOAD, ""),)))
        assert bench.memory.settings[UPLOAD] == SECRET
        bench.execute(signed(UPLOAD, ""))
        assert bench.memory.settings[UPLOAD] == ""


def test_ten_thousand_entries_are_carried_out_in_one_turn() -> None:
    bench = started(factory_new())
    entries = [(f"Nothing {number}", "x") for number in range(10_000)]
    events = bench.execute(each_of(*entries, (TAG, "mine")))
    assert len(events) == 10_002
    assert bench.firmware.value(TAG) == "mine"


def test_a_list_shows_none_of_its_values() -> None:
    assert SECRET not in repr(each_of((UPLOAD, SECRET), proof=utf_16(SECRET)))
