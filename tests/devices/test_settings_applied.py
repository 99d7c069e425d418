"""A file of settings applied to a machine: what becomes of each entry, and what is told of it."""

import dataclasses
import json
from collections.abc import Callable, Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.devices import settings_file
from emulator.devices.settings_applied import MOST_HINTS
from emulator.devices.settings_file import Outcome, Result
from emulator.firmware import commands as c
from emulator.firmware.memory import Memory
from emulator.firmware.refusals import WrongPhase
from emulator.protocol import setting_files
from emulator.protocol.password import utf_16
from emulator.protocol.repset import Lines, Repset
from emulator.protocol.setting_files import MOST_ENTRIES, FileEntry, Form, SettingFile, TooManyEntries
from emulator.protocol.status import SettingStatus
from tests.devices.files import apply, file_of, one
from tests.firmware.bench import (
    BOSS,
    MODE,
    SETUP_PASSWORD,
    USB,
    Bench,
    factory_new,
    locked,
    mode_on,
    provisioned,
    signed,
    started,
    with_passwords,
)

ORDER = "UEFI Boot Order"


def test_an_enumeration_is_set_by_its_star_and_by_nothing_else() -> None:
    bench = started(factory_new())
    assert one(bench, USB, "*Disable", "Enable").outcome is Outcome.SET
    assert bench.firmware.value(USB) == "Disable"
    assert one(bench, USB, "*Enable").outcome is Outcome.SET
    for lines in (("Disable", "Enable"), ("*Disable", "*Enable"), ("Disable",), ()):
        result = one(bench, USB, *lines)
        assert (result.outcome, result.status) == (Outcome.INVALID, SettingStatus.INVALID_PARAMETER)
        assert "one value" in result.sentence
    assert bench.firmware.value(USB) == "Enable"


def test_a_star_before_a_text_is_part_of_it() -> None:
    bench = started(factory_new())
    assert one(bench, "Asset Tracking Number", "*A-1").outcome is Outcome.SET
    assert bench.firmware.value("Asset Tracking Number") == "*A-1"


def test_an_ordered_list_is_its_lines_from_the_top() -> None:
    bench = started(factory_new())
    lines = ["NETWORK IPV6:EMBEDDED:1", "SOMETHING:ELSE", "HDD:USB:1 Disabled"]
    assert one(bench, ORDER, *lines).outcome is Outcome.SET
    assert bench.firmware.value(ORDER) == (
        "NETWORK IPV6:EMBEDDED:1,HDD:USB:1 Disabled,HDD:M.2:1,NETWORK IPV4:EMBEDDED:1"
    )
    assert one(bench, ORDER).status is SettingStatus.INVALID_PARAMETER


def test_each_entry_has_a_result_of_its_own() -> None:
    bench = started(factory_new())
    entries: list[tuple[str, Lines]] = [
        (USB, ["*Disable", "Enable"]),
        ("No Such Setting", ["*1"]),
        ("Product Name", ["Mine"]),
        ("TPM State", ["*Disable"]),
        ("Fast Boot", ["*Enable"]),
        ("Proxy Address", ["example"]),
        (MODE, ["*Enable"]),
        (USB, ["*Enable"]),
        ("BIOS Power-On Hour", ["24"]),
    ]
    results = apply(bench, file_of(*entries))
    assert [(each.outcome, each.status) for each in results] == [
        (Outcome.SET, SettingStatus.SUCCESS),
        (Outcome.UNKNOWN, SettingStatus.UNKNOWN_SETTING),
        (Outcome.READ_ONLY, SettingStatus.ACCESS_DENIED),
        (Outcome.WAITS, SettingStatus.SUCCESS),
        (Outcome.UNCHANGED, SettingStatus.SUCCESS),
        (Outcome.REFUSED, SettingStatus.ACCESS_DENIED),
        (Outcome.NEEDS_SIGNATURE, SettingStatus.ACCESS_DENIED),
        (Outcome.INVALID, SettingStatus.INVALID_PARAMETER),
        (Outcome.INVALID, SettingStatus.INVALID_PARAMETER),
    ]
    assert bench.firmware.value(USB) == "Disable"
    assert "an earlier entry was looked at, this one was not" in results[7].sentence


def test_of_two_entries_of_one_name_the_first_is_looked_at_that_asks_for_one_value() -> None:
    bench = started(factory_new())
    results = apply(bench, file_of((USB, ["Disable", "Enable"]), (USB, ["*Disable"]), (USB, ["*Enable"])))
    assert outcomes(results) == [Outcome.INVALID, Outcome.SET, Outcome.INVALID]
    assert bench.firmware.value(USB) == "Disable"
    assert ["twice" in each.sentence for each in results] == [False, False, True]


def test_an_entry_that_was_refused_was_looked_at_all_the_same() -> None:
    bench = started(factory_new())
    results = apply(bench, file_of((USB, ["*Perhaps"]), (USB, ["*Disable"])))
    assert outcomes(results) == [Outcome.INVALID, Outcome.INVALID]
    assert bench.firmware.value(USB) == "Enable"
    assert results[1].sentence.endswith("twice; an earlier entry was looked at, this one was not")


def test_a_switch_and_what_hangs_on_it_are_set_by_one_file_in_any_order() -> None:
    entries: list[tuple[str, Lines]] = [("Proxy Address", ["example"]), ("Use Proxy", ["*Enable"])]
    for each in (entries, entries[::-1]):
        bench = started(factory_new())
        assert {result.outcome for result in apply(bench, file_of(*each))} == {Outcome.SET}
        assert bench.firmware.value("Proxy Address") == "example"


def test_a_switch_that_goes_off_does_not_lock_out_what_hangs_on_it() -> None:
    entries: list[tuple[str, Lines]] = [("Use Proxy", ["*Disable"]), ("Proxy Address", ["example"])]
    for each in (entries, entries[::-1]):
        bench = started(factory_new())
        bench.execute(c.SetSetting("Use Proxy", "Enable"))
        assert {result.outcome for result in apply(bench, file_of(*each))} == {Outcome.SET}
        assert bench.firmware.value("Proxy Address") == "example"


def test_with_the_mode_on_every_change_is_refused_and_the_rest_unchanged() -> None:
    bench = started(mode_on())
    results = apply(bench, file_of((USB, ["*Disable"]), ("Fast Boot", ["*Enable"])))
    assert [each.status for each in results] == [SettingStatus.ACCESS_DENIED, SettingStatus.SUCCESS]
    assert bench.firmware.value(USB) == "Enable"


def outcomes(results: list[Result]) -> list[Outcome]:
    return [each.outcome for each in results]


MIXED = file_of(
    (USB, ["*Disable"]),
    ("Nothing", ["x"]),
    ("Product Name", ["Mine"]),
    ("Fast Boot", ["*Enable"]),
    ("BIOS Power-On Hour", ["99"]),
    ("Power Control", ["Enable", "Disable"]),
    ("Product Family", []),
)


@pytest.mark.parametrize("proof", ["", utf_16("Wrong-4444"), "no mark"])
def test_without_the_password_nothing_changes_and_all_is_told_that_needs_none(proof: str) -> None:
    bench = started(with_passwords(BOSS))
    before = bench.memory
    results = apply(bench, MIXED, proof)
    told = outcomes(results)
    assert told[:4] == [Outcome.NEEDS_PASSWORD, Outcome.UNKNOWN, Outcome.READ_ONLY, Outcome.UNCHANGED]
    assert told[4] is Outcome.NEEDS_PASSWORD
    assert told[6] is Outcome.READ_ONLY
    assert bench.memory == before
    sentence = results[0].sentence
    assert ("tries left" in sentence) is proof.startswith("<utf-16/>")


def test_a_wrong_password_keeps_the_signed_entries_back_too_and_costs_one_try() -> None:
    bench = started(locked(provisioned()))
    tries = bench.firmware.session.password_tries
    file = signed_file(
        file_of((USB, ["*Disable"]), ("BIOS Power-On Hour", ["7"])), {0: signed(USB, "Disable")}
    )
    results = apply(bench, file, utf_16("Wrong-4444"))
    assert outcomes(results) == [Outcome.NEEDS_PASSWORD] * 2
    assert not any(each.restart_needed for each in results)
    assert bench.firmware.session.password_tries == tries - 1
    assert outcomes(apply(bench, file, utf_16(BOSS))) == [Outcome.SET, Outcome.SET]


def test_with_the_password_it_is_applied() -> None:
    bench = started(with_passwords(BOSS))
    assert outcomes(apply(bench, MIXED, utf_16(BOSS))) == [
        Outcome.SET,
        Outcome.UNKNOWN,
        Outcome.READ_ONLY,
        Outcome.UNCHANGED,
        Outcome.INVALID,
        Outcome.INVALID,
        Outcome.READ_ONLY,
    ]


def signed_file(file: Repset, tokens: Mapping[int, c.SetSetting]) -> bytes:
    return setting_files.signed(
        file.render(), {number: each.authorization for number, each in tokens.items()}
    )


class TestSigned:
    def test_signed_entries_are_set_with_the_mode_on_and_the_others_are_told_to_be_signed(self) -> None:
        bench = started(mode_on())
        file = file_of(
            (USB, ["*Disable", "Enable"]), ("Fast Boot", ["*Disable"]), (ORDER, ["HDD:USB:1", "HDD:M.2:1"])
        )
        tokens = {0: signed(USB, "Disable"), 2: signed(ORDER, "HDD:USB:1,HDD:M.2:1")}
        results = apply(bench, signed_file(file, tokens))
        assert outcomes(results) == [Outcome.SET, Outcome.NEEDS_SIGNATURE, Outcome.SET]
        assert results[2].new.startswith("HDD:USB:1,HDD:M.2:1,")

    @pytest.mark.parametrize("value", [BOSS, utf_16(BOSS)])
    def test_a_signed_password_is_taken_with_its_mark_or_without_and_never_told(self, value: str) -> None:
        bench = started(provisioned())
        entry = {
            "Name": SETUP_PASSWORD,
            "Value": value,
            "AuthString": signed(SETUP_PASSWORD, utf_16(BOSS)).authorization,
        }
        (result,) = apply(bench, json.dumps([entry]).encode())
        assert (result.outcome, result.old, result.new) == (Outcome.SET, "", "")
        assert bench.memory.passwords.administrator is not None
        assert not result.restart_needed

    def test_a_bad_signature_is_refused_with_the_code_of_this_machine(self) -> None:
        for code in ("6", "5", "2"):
            bench = started(mode_on(), refusal_code=code)
            file = signed_file(file_of((USB, ["*Disable"])), {0: signed(USB, "Disable", by="other")})
            (result,) = apply(bench, file)
            assert (result.outcome, result.status) == (Outcome.REFUSED, int(code))

    def test_a_machine_that_drops_what_nobody_signed_says_that_it_is_set(self) -> None:
        bench = started(mode_on(), unsigned_while_mode_on="dropped")
        result = one(bench, USB, "*Disable")
        assert result == Result(USB, 2, Outcome.SET, SettingStatus.SUCCESS, "", "Enable", "Disable")
        assert bench.firmware.value(USB) == "Enable"

    def test_switching_the_mode_needs_no_restart_and_a_setting_does(self) -> None:
        bench = started(provisioned())
        file = file_of((MODE, ["*Enable"]), (USB, ["*Disable"]))
        results = apply(bench, signed_file(file, {0: signed(MODE, "Enable"), 1: signed(USB, "Disable")}))
        assert [each.restart_needed for each in results] == [False, True]


class TestOldAndNew:
    def test_the_value_before_and_the_one_that_is_stored_or_was_asked_for_are_told(self) -> None:
        bench = started(factory_new())
        file = file_of(
            (USB, ["*Disable"]),
            ("BIOS Power-On Hour", ["07"]),
            ("TPM State", ["*Disable"]),
            ("Fast Boot", ["*Enable"]),
            ("Product Name", ["Mine"]),
            ("Nothing", ["anything"]),
            ("Save Custom Defaults", ["*Save"]),
        )
        assert [(each.old, each.new, each.presence_needed) for each in apply(bench, file)] == [
            ("Enable", "Disable", False),
            ("0", "7", False),
            ("Enable", "Disable", True),
            ("Enable", "Enable", False),
            (bench.firmware.value("Product Name"), "Mine", False),
            ("", "", False),
            ("Do not Save", "Save", False),
        ]

    def test_a_secret_is_told_neither_when_it_is_set_nor_when_it_is_refused(self) -> None:
        upload = "Remote HP PC Hardware Diagnostics Upload Server Password"
        bench = started(factory_new())
        for secret in ("Oyster-99", "Oyster-99" * 1000):
            assert "Oyster" not in str(
                [dataclasses.astuple(each) for each in apply(bench, file_of((upload, [secret])))]
            )


class TestHints:
    def test_a_name_of_another_generation_is_told_by_the_machine_s_own(self) -> None:
        result = one(started(factory_new()), "Startup Menu Delay (sec.)", "*5")
        assert result.sentence.endswith("; here it is called 'Startup Delay (sec.)'")

    def test_whoever_knows_which_name_may_be_meant_is_asked_but_not_without_end(self) -> None:
        bench, asked = started(factory_new()), []

        def meant(name: str, known: Iterable[str]) -> str:
            asked.append(name)
            assert USB in known
            return "; guess"

        entries: list[tuple[str, Lines]] = [(f"Nothing {number}", ["x"]) for number in range(150)]
        file = setting_files.parse(file_of(*entries).render())
        results = settings_file.applied(bench.execute, bench.firmware, file, meant=meant)
        assert len(asked) == MOST_HINTS
        assert [each.sentence.endswith("; guess") for each in results] == [True] * 100 + [False] * 50


def test_a_file_with_more_entries_than_any_machine_has_settings_is_refused_as_a_whole() -> None:
    bench = started(factory_new())
    entries: list[tuple[str, Lines]] = [(f"Nothing {number}", ["x"]) for number in range(MOST_ENTRIES - 1)]
    entries.append((USB, ["*Disable"]))
    file = setting_files.parse(file_of(*entries).render())
    more = SettingFile(file.form, (*file.entries, FileEntry("One too many", ("x",), flat=False)))
    with pytest.raises(TooManyEntries, match="none was taken: divide the file"):
        settings_file.applied(bench.execute, bench.firmware, more)
    assert bench.firmware.value(USB) == "Enable"
    assert apply(bench, file_of(*entries))[-1].outcome is Outcome.SET


def test_a_file_waits_for_the_operating_system() -> None:
    with pytest.raises(WrongPhase):
        one(Bench(), USB, "*Disable")


NAMES = st.sampled_from(
    [USB, ORDER, MODE, SETUP_PASSWORD, "Proxy Address", "BIOS Power-On Hour", "Product Name"]
) | st.text(max_size=12)


VALUES = st.sampled_from(["*Disable", "Enable", "7", "HDD:USB:1", "", "*"]) | st.text(max_size=12)


TOKENS = st.sampled_from(["", "", signed(USB, "Disable").authorization, "<BEAM/>AAAA", "<BEAM/>", "x"])


ENTRIES = st.builds(
    FileEntry,
    NAMES,
    st.lists(VALUES, max_size=3).map(tuple),
    st.just(False),
    TOKENS,
    st.integers(1, 9),
) | st.builds(FileEntry, NAMES, st.tuples(VALUES), st.just(True), TOKENS, st.integers(1, 9))


PROOFS = st.sampled_from(["", "x", utf_16(BOSS), utf_16("Wrong-4444")])


@given(
    st.lists(ENTRIES, max_size=8),
    PROOFS,
    st.sampled_from([factory_new, mode_on, lambda: locked(provisioned())]),
)
def test_whatever_a_file_asks_for_each_entry_has_a_result_and_what_is_refused_stays(
    entries: list[FileEntry], proof: str, state: Callable[[], Memory]
) -> None:
    bench = started(state())
    before = bench.memory
    results = settings_file.applied(
        bench.execute, bench.firmware, SettingFile(Form.JSON, tuple(entries)), proof
    )
    assert [(each.name, each.line) for each in results] == [(each.name, each.line) for each in entries]
    assert all(each.outcome.taken == (each.status == 0) == (not each.sentence) for each in results)
    touched = {each.name for each in results if each.outcome in (Outcome.SET, Outcome.WAITS)}
    changed = {name for name, value in bench.memory.settings.items() if before.settings[name] != value}
    assert changed <= touched
    assert set(bench.memory.waiting) - set(before.waiting) <= touched
    if MODE not in touched:
        assert bench.memory.authentication == before.authentication
