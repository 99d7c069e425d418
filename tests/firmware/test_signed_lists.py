"""Lists of entries with three strings each: all of it is carried out, or none."""

import uuid
from dataclasses import replace

import pytest

from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.event_log import EventCode
from emulator.firmware.memory import Guard, LocalAccessKey
from emulator.firmware.refusals import (
    AccessDenied,
    AnotherMachine,
    NonceTooOld,
    PasswordNeeded,
    PasswordWrong,
    PrerequisiteNotMet,
    Refused,
    SignatureNeeded,
    SignatureRefused,
    UnknownSetting,
    ValueNotAllowed,
)
from emulator.protocol.password import utf_16
from emulator.protocol.status import SettingStatus
from tests.firmware.bench import (
    BOSS,
    LAK_1,
    LAK_2,
    MODE,
    NONCE,
    RESTORE,
    SETUP_PASSWORD,
    USB,
    Bench,
    factory_new,
    local_key_value,
    mode_on,
    provisioned,
    public,
    signed,
    started,
    with_passwords,
)

FAST, AUDIO = "Fast Boot", "Audio Alerts During Boot"
GREY = ("Boot Sector (MBR/GPT) Recovery Policy", "Recover in event of corruption")
FIRST = ("Save/Restore GPT of System Hard Drive", "Enabled")
"""A setting that is grey as the machine leaves the factory, and the change that comes before."""


def listed(*entries: c.SetSetting) -> c.ApplyList:
    return c.ApplyList(entries)


def stored(events: tuple[e.Event, ...]) -> list[str]:
    return [event.name for event in events if isinstance(event, e.SettingStored)]


class TestAllOrNone:
    def test_all_entries_are_carried_out_in_one_turn(self) -> None:
        bench = started(mode_on())
        events = bench.execute(listed(signed(USB, "Disable"), signed(FAST, "Disable")))
        assert stored(events) == [USB, FAST]
        assert [bench.firmware.value(name) for name in (USB, FAST)] == ["Disable", "Disable"]

    @pytest.mark.parametrize(
        ("bad", "refusal", "status"),
        [
            (signed("Nothing", "x"), UnknownSetting, 4),
            (signed(FAST, "Perhaps"), ValueNotAllowed, 5),
            (signed(FAST, "Disable", by="other"), SignatureRefused, 6),
            (signed(FAST, "Disable", NONCE - 1), NonceTooOld, 6),
            (signed(FAST, "Disable", target=uuid.UUID(int=7)), AnotherMachine, 6),
            (c.SetSetting(FAST, "Disable"), SignatureNeeded, 6),
        ],
    )
    def test_one_that_is_refused_refuses_all_and_is_named_by_its_place(
        self, bad: c.SetSetting, refusal: type[Refused], status: int
    ) -> None:
        good, other = signed(USB, "Disable"), signed(AUDIO, "Disable")
        for place in range(3):
            entries = [good, other]
            entries.insert(place, replace(bad))
            bench = started(mode_on())
            came = bench.refused(listed(*entries), refusal)
            assert came.setting_status == status
            assert str(came).startswith(f"entry {place + 1} of 3: ")
            assert str(came).endswith("; no entry was applied")

    def test_an_empty_list_changes_nothing(self) -> None:
        bench = started(mode_on())
        before = bench.memory
        assert bench.execute(c.ApplyList(())) == ()
        assert bench.memory == before

    def test_it_shows_none_of_its_values(self) -> None:
        text = repr(listed(signed(SETUP_PASSWORD, utf_16(BOSS))))
        assert BOSS not in text
        assert "BEAM" not in text


class TestOrder:
    def test_the_mode_is_switched_on_before_anything_else(self) -> None:
        entries = [signed(LAK_1, local_key_value()), signed(MODE, "Enable")]
        for order in (entries, entries[::-1]):
            bench = started(provisioned())
            bench.execute(listed(*order))
            assert bench.memory.authentication.enabled
            assert bench.memory.authentication.keys[0] == LocalAccessKey(public("local_access"))

    def test_what_waits_by_the_same_list_does_not_fall_when_the_mode_goes_on(self) -> None:
        bench = Bench(provisioned())
        bench.execute(c.PowerOn(attended=False))
        bench.execute(c.Continue())
        bench.execute(c.SetSetting(RESTORE, "Yes"))
        events = bench.execute(listed(signed("TPM State", "Disable"), signed(MODE, "Enable")))
        assert e.WaitingForgotten((RESTORE,)) in events
        assert bench.memory.waiting == {"TPM State": "Disable"}

    def test_switching_the_mode_off_stays_where_it_stands(self) -> None:
        bench = started(mode_on())
        entries = listed(signed(MODE, "Disable"), signed(LAK_1, local_key_value()))
        bench.refused(entries, AccessDenied)
        bench.execute(listed(signed(LAK_1, local_key_value()), signed(MODE, "Disable")))
        assert bench.memory.authentication.keys[0] is not None
        assert not bench.memory.authentication.enabled

    def test_what_another_entry_turns_grey_comes_before_it(self) -> None:
        bench = started(provisioned())
        bench.execute(listed(c.SetSetting(*FIRST)))
        bench.execute(listed(c.SetSetting(FIRST[0], "Disabled"), c.SetSetting(*GREY)))
        assert [bench.firmware.value(each) for each in (FIRST[0], GREY[0])] == ["Disabled", GREY[1]]

    def test_after_the_mode_is_off_entries_need_no_signature(self) -> None:
        bench = started(mode_on())
        bench.execute(listed(signed(MODE, "Disable"), c.SetSetting(USB, "Disable")))
        assert bench.firmware.value(USB) == "Disable"

    def test_before_the_mode_is_on_entries_need_one_all_the_same(self) -> None:
        bench = started(provisioned())
        bench.refused(listed(c.SetSetting(USB, "Disable"), signed(MODE, "Enable")), SignatureNeeded)

    def test_an_unsigned_switch_of_the_mode_is_refused_in_its_place(self) -> None:
        bench = started(provisioned())
        came = bench.refused(listed(signed(USB, "Disable"), c.SetSetting(MODE, "Enable")), SignatureNeeded)
        assert str(came).startswith("entry 2 of 2: ")

    def test_conditions_out_of_order_are_met_in_the_end(self) -> None:
        bench = started(mode_on())
        entries = [signed(*GREY), signed(*FIRST)]
        bench.refused(entries[0], PrerequisiteNotMet)
        for order in (entries, entries[::-1]):
            twin = bench.twin()
            assert stored(twin.execute(listed(*order))) == [FIRST[0], GREY[0]]

    def test_conditions_that_are_never_met_refuse_it(self) -> None:
        bench = started(mode_on())
        came = bench.refused(listed(signed(*GREY), signed(USB, "Disable")), PrerequisiteNotMet)
        assert str(came).startswith("entry 1 of 2: ")


class TestCounting:
    def test_one_nonce_is_good_for_all_of_a_list(self) -> None:
        bench = started(mode_on())
        bench.execute(listed(*(signed(name, "Disable", NONCE + 2) for name in (USB, FAST, AUDIO))))
        assert bench.memory.counters.settings == NONCE + 2

    def test_the_highest_nonce_of_a_list_counts(self) -> None:
        bench = started(mode_on())
        bench.execute(listed(signed(USB, "Disable", NONCE + 2), signed(FAST, "Disable", NONCE + 7)))
        assert bench.memory.counters.settings == NONCE + 7

    def test_a_falling_nonce_refuses_all(self) -> None:
        bench = started(mode_on())
        entries = listed(signed(USB, "Disable", NONCE + 7), signed(FAST, "Disable", NONCE + 2))
        bench.refused(entries, NonceTooOld)

    def test_single_use_entries_are_counted_one_by_one(self) -> None:
        bench = started(mode_on())
        entries = listed(
            signed(USB, "Disable", NONCE + 1, single_use=True),
            signed(FAST, "Disable", NONCE + 2, single_use=True),
        )
        bench.execute(entries)
        assert (bench.memory.counters.actions, bench.memory.counters.settings) == (NONCE + 2, NONCE)
        bench.refused(entries, NonceTooOld)

    @pytest.mark.parametrize("settings_nonce", ["at least", "above"])
    def test_single_use_entries_with_one_nonce_refuse_all(self, settings_nonce: str) -> None:
        bench = started(mode_on(), settings_nonce=settings_nonce)
        twice = [signed(name, "Disable", NONCE + 1, single_use=True) for name in (USB, FAST)]
        bench.refused(listed(*twice), NonceTooOld)
        assert bench.memory.counters == mode_on().counters

    def test_an_accepted_list_clears_the_misses_and_a_refused_one_does_not(self) -> None:
        bench = started(replace(mode_on(), guard=Guard(2, 0)))
        bench.refused(listed(signed(USB, "Disable"), signed(FAST, "Perhaps")), ValueNotAllowed)
        bench.execute(listed(signed(USB, "Disable", NONCE + 1)))
        assert bench.memory.guard == Guard()

    def test_a_name_that_comes_twice_has_the_last_of_its_values(self) -> None:
        bench = started(mode_on())
        bench.execute(listed(signed(USB, "Disable"), signed(USB, "Enable")))
        assert bench.firmware.value(USB) == "Enable"

    def test_a_bad_signature_is_logged_once(self) -> None:
        bench = started(mode_on())
        before = bench.logged()
        bad = [signed(name, "Disable", by="other") for name in (USB, FAST, AUDIO)]
        bench.refused(listed(*bad), SignatureRefused)
        assert bench.logged() == [*before, EventCode.INVALID_SETTING_SIGNATURE]


class TestUnsigned:
    def test_with_the_mode_off_entries_need_no_signature(self) -> None:
        bench = started(factory_new())
        bench.execute(listed(c.SetSetting(USB, "Disable"), c.SetSetting(FAST, "Disable")))
        assert [bench.firmware.value(name) for name in (USB, FAST)] == ["Disable", "Disable"]

    def test_each_brings_the_password_that_is_set(self) -> None:
        bench = started(with_passwords(BOSS))
        entries = [c.SetSetting(name, "Disable", utf_16(BOSS)) for name in (USB, FAST)]
        bench.refused(listed(entries[0], replace(entries[1], authorization="")), PasswordNeeded)
        bench.execute(listed(*entries))
        assert bench.firmware.value(FAST) == "Disable"

    def test_a_password_set_by_one_entry_is_asked_of_the_next(self) -> None:
        bench = started(factory_new())
        set_, use = c.SetSetting(SETUP_PASSWORD, utf_16(BOSS)), c.SetSetting(USB, "Disable", utf_16(BOSS))
        bench.refused(listed(set_, replace(use, authorization="")), PasswordNeeded)
        bench.execute(listed(set_, use))
        assert bench.firmware.value(USB) == "Disable"

    def test_a_wrong_password_costs_one_try_however_often_it_comes(self) -> None:
        bench = started(with_passwords(BOSS))
        wrong = [c.SetSetting(name, "Disable", utf_16("wrong one")) for name in (USB, FAST, AUDIO)]
        came = bench.costs_a_try(listed(*wrong))
        assert isinstance(came, PasswordWrong)
        assert came.setting_status is SettingStatus.ACCESS_DENIED

    def test_guards_change_by_a_list_as_they_do_one_by_one(self) -> None:
        bench = started(mode_on())
        bench.execute(listed(signed(LAK_1, local_key_value()), signed(LAK_2, local_key_value("other"))))
        assert bench.memory.authentication.keys[:2] == (
            LocalAccessKey(public("local_access")),
            LocalAccessKey(public("other")),
        )


def test_on_a_strict_machine_the_entries_of_a_list_are_one_command() -> None:
    bench = started(mode_on(), settings_nonce="above")
    entries = listed(*(signed(name, "Disable", NONCE + 1) for name in (USB, FAST)))
    bench.execute(entries)
    bench.refused(entries, NonceTooOld)


@pytest.mark.parametrize("newer", [FAST, USB])
def test_nor_does_a_strict_machine_take_an_older_command_behind_a_newer_one(newer: str) -> None:
    bench = started(mode_on(), settings_nonce="above")
    older = signed(USB, "Disable", NONCE + 3)
    came = bench.refused(listed(signed(newer, "Enable", NONCE + 9), older), NonceTooOld)
    assert str(came).startswith("entry 2 of 2: ")
    bench.execute(listed(older, signed(newer, "Enable", NONCE + 9), signed(AUDIO, "Disable", NONCE + 9)))
    assert bench.memory.counters.settings == NONCE + 9


def test_rising_nonces_are_judged_in_the_order_of_the_list_whatever_comes_first() -> None:
    for entries in (
        (signed(USB, "Disable", NONCE + 1), signed(MODE, "Enable", NONCE + 2)),
        (signed(*GREY, NONCE + 1), signed(*FIRST, NONCE + 2)),
    ):
        bench = started(provisioned())
        bench.execute(listed(*entries))
        assert bench.memory.counters.settings == NONCE + 2


def test_entries_of_one_setting_keep_their_order() -> None:
    bench = started(mode_on())
    bench.execute(listed(signed(MODE, "Disable"), signed(MODE, "Enable")))
    assert bench.memory.authentication.enabled
    # The first waits for its condition, so the second waits behind it.
    first, then = signed(GREY[0], "Local user control"), signed(*GREY)
    bench.execute(listed(first, then, signed(*FIRST)))
    assert bench.memory.settings[GREY[0]] == GREY[1]
