"""Entries of a list that bring a proof of their own: each is judged by that, and reaches what it reaches alone."""

import uuid
from dataclasses import replace

import pytest

from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware import passwords
from emulator.firmware.event_log import EventCode
from emulator.firmware.refusals import (
    AccessDenied,
    NonceTooOld,
    PasswordNeeded,
    PasswordPolicyNotMet,
    PasswordWrong,
    PrerequisiteNotMet,
    ReadOnly,
    Refused,
    SignatureNeeded,
    SignatureRefused,
    UnknownSetting,
    ValueNotAllowed,
)
from emulator.protocol.password import utf_16
from tests.firmware.bench import (
    BOSS,
    LAK_1,
    MODE,
    NONCE,
    PRESENCE_INTERFACE,
    RESTORE,
    SETUP_PASSWORD,
    USB,
    Bench,
    factory_new,
    local_key_value,
    locked,
    locked_out,
    mode_on,
    provisioned,
    signed,
    started,
    with_passwords,
)

HOUR, SECURE_BOOT, TAG = "BIOS Power-On Hour", "Secure Boot", "Ownership Tag"


def told(bench: Bench, *entries: c.SetSetting, proof: str = "") -> list[str | type[Refused]]:
    """What became of each entry, in their order."""
    last: dict[int, str | type[Refused]] = {}
    waits = False
    for event in bench.execute(c.SetSettings(entries, proof)):
        if isinstance(event, e.EntryRefused):
            last[event.entry] = type(event.refusal)
        elif isinstance(event, e.EntryUnchanged):
            last[event.entry] = "unchanged"
        elif isinstance(event, e.EntryDone):
            last[event.entry] = "waits" if waits else "set"
            waits = False
        else:
            waits = waits or isinstance(event, e.SettingWaits)
    return [last[number] for number in range(len(entries))]


class TestSignatures:
    def test_an_entry_may_bring_a_password_of_its_own(self) -> None:
        bench = started(with_passwords(BOSS))
        own = c.SetSetting(TAG, "mine", utf_16(BOSS))
        assert told(bench, own, c.SetSetting(HOUR, "7")) == ["set", PasswordNeeded]
        before = bench.memory
        bench.costs_a_try(c.SetSettings((own, c.SetSetting(HOUR, "7", utf_16("wrong one")))))
        assert bench.memory == before

    def test_its_own_comes_before_the_list_s(self) -> None:
        bench = started(with_passwords(BOSS))
        wanted = [c.SetSetting(TAG, "mine", utf_16(BOSS)), c.SetSetting(HOUR, "7")]
        assert told(bench, *wanted, proof="no mark") == ["set", PasswordNeeded]

    def test_with_the_mode_on_the_signed_entries_are_set_and_the_others_are_not(self) -> None:
        bench = started(mode_on())
        assert told(bench, signed(TAG, "mine"), c.SetSetting(HOUR, "7"), signed(USB, "Disable")) == [
            "set",
            SignatureNeeded,
            "set",
        ]
        assert (bench.firmware.value(TAG), bench.firmware.value(USB)) == ("mine", "Disable")
        # The one acts at once, the other after the restart.
        assert set(bench.firmware.pending()) == {USB}
        assert bench.memory.counters.settings == NONCE

    def test_it_needs_no_password_and_a_list_needs_none_for_it(self) -> None:
        bench = started(locked(provisioned()))
        assert told(bench, signed(TAG, "mine"), c.SetSetting(HOUR, "7")) == ["set", PasswordNeeded]

    def test_the_mode_keys_passwords_and_orders_are_within_its_reach(self) -> None:
        bench = started(provisioned())
        wanted = [
            signed(LAK_1, local_key_value()),
            signed(SETUP_PASSWORD, utf_16(BOSS)),
            signed(PRESENCE_INTERFACE, "Disable"),
            signed(RESTORE, "Yes"),
            signed("Clear BIOS Event Log", "Clear"),
            signed(MODE, "Enable"),
        ]
        assert told(bench, *wanted) == ["set", "set", "waits", "waits", "set", "set"]
        assert bench.memory.authentication.enabled
        assert bench.memory.authentication.keys[0] is not None
        assert bench.memory.passwords.administrator is not None
        assert bench.memory.waiting == {PRESENCE_INTERFACE: "Disable", RESTORE: "Yes"}

    def test_a_new_password_is_judged_when_it_is_changed_and_what_it_brought_is_taken_back(self) -> None:
        bench = started(mode_on())
        wanted = [signed(SETUP_PASSWORD, utf_16("short"), NONCE + 5), signed(TAG, "mine", NONCE + 5)]
        assert told(bench, *wanted) == [PasswordPolicyNotMet, "set"]
        assert told(bench, signed(SETUP_PASSWORD, "no mark", NONCE + 5)) == [ValueNotAllowed]
        assert bench.memory.passwords.administrator is None

    def test_what_no_signature_reaches_is_refused_as_alone(self) -> None:
        bench = started(mode_on())
        before = bench.memory
        wanted = [
            signed("Serial Number", "x"),
            signed("Serial Number", "x", by="other"),
            signed("Secure Platform Management Signing Key", "x"),
            signed("Nothing", "x"),
        ]
        assert told(bench, *wanted) == [ReadOnly, ReadOnly, AccessDenied, UnknownSetting]
        assert bench.memory == before

    def test_a_key_is_refused_while_the_mode_stays_off_and_counts_nothing(self) -> None:
        bench = started(provisioned())
        before = bench.memory
        assert told(bench, signed(LAK_1, local_key_value())) == [AccessDenied]
        assert bench.memory == before

    def test_what_brought_no_proof_is_asked_for_one_once_the_list_put_the_lock_on(self) -> None:
        bench = started(provisioned())
        wanted = [c.SetSetting(SECURE_BOOT, "Disable"), c.SetSetting(TAG, "mine"), signed(MODE, "Enable")]
        assert told(bench, *wanted) == [SignatureNeeded, SignatureNeeded, "set"]
        assert bench.memory.waiting == {}

    def test_what_is_signed_waits_on_though_the_list_puts_the_lock_on(self) -> None:
        bench = started(provisioned())
        assert told(bench, signed(SECURE_BOOT, "Disable"), signed(MODE, "Enable")) == ["waits", "set"]
        assert bench.memory.waiting == {SECURE_BOOT: "Disable"}

    def test_a_list_that_takes_the_lock_off_opens_nothing_for_what_is_not_signed(self) -> None:
        bench = started(mode_on())
        assert told(bench, signed(MODE, "Disable"), c.SetSetting(TAG, "mine")) == ["set", SignatureNeeded]

    def test_of_two_entries_of_the_mode_the_last_counts(self) -> None:
        off, on = signed(MODE, "Disable"), signed(MODE, "Enable")
        for wanted, is_on in (([off, on], True), ([on, off], False)):
            bench = started(provisioned())
            assert "set" in told(bench, *wanted)
            assert bench.memory.authentication.enabled is is_on

    def test_entries_of_one_setting_keep_their_order_though_the_first_is_grey_or_refused(self) -> None:
        bench = started(mode_on())
        on, off = signed("Use Proxy", "Enable"), signed("Use Proxy", "Disable")
        wanted = [signed("Proxy Address", "first"), signed("Proxy Address", "then"), on]
        assert told(bench, *wanted) == ["set", "set", "set"]
        assert bench.firmware.value("Proxy Address") == "then"
        bench.execute(off)
        short, long = (signed(SETUP_PASSWORD, utf_16(new)) for new in ("short", BOSS))
        # What is grey is tried again. The short password is not, although it would be taken by then.
        wanted = [short, long, signed("Password Minimum Length", "4"), signed("Proxy Address", "grey")]
        assert told(bench, *wanted) == [PasswordPolicyNotMet, "set", "set", PrerequisiteNotMet]
        assert passwords.matches(bench.memory.passwords.administrator, BOSS)

    def test_a_lock_is_taken_off_behind_what_hangs_on_it(self) -> None:
        minimum = signed("Password Minimum Length", "4")
        for locked_by, off, hangs in (
            (mode_on(), signed(MODE, "Disable"), signed(LAK_1, local_key_value())),
            (locked(mode_on()), signed(SETUP_PASSWORD, utf_16("")), minimum),
        ):
            for wanted in ([off, hangs], [hangs, off]):
                assert told(started(locked_by), *wanted) == ["set", "set"]

    def test_a_lock_that_is_taken_off_and_put_on_again_comes_first(self) -> None:
        bench = started(mode_on())
        wanted = [signed(SECURE_BOOT, "Disable"), signed(MODE, "Disable"), signed(MODE, "Enable")]
        assert told(bench, *wanted) == ["waits", "set", "set"]
        assert bench.memory.waiting == {SECURE_BOOT: "Disable"}

    def test_what_is_so_already_is_skipped_before_its_signature_is_looked_at(self) -> None:
        bench = started(mode_on())
        before = bench.memory
        wanted = [signed(USB, "Enable", by="other"), signed(MODE, "Enable", NONCE - 1), signed(LAK_1, "", 1)]
        assert told(bench, *wanted) == ["unchanged", "unchanged", "unchanged"]
        assert bench.memory == before

    def test_each_bad_signature_is_logged_and_stops_nothing(self) -> None:
        bench = started(mode_on())
        before = len(bench.logged())
        wanted = [
            signed(TAG, "mine", by="other"),
            replace(signed(USB, "Disable"), value="Enable "),
            signed(HOUR, "7"),
            c.SetSetting("Fast Boot", "Disable", "<BEAM/>AAAA"),
        ]
        assert told(bench, *wanted) == [SignatureRefused, SignatureRefused, "set", SignatureRefused]
        assert bench.logged()[before:] == [EventCode.INVALID_SETTING_SIGNATURE] * 3

    def test_without_a_signing_key_none_is_good(self) -> None:
        assert told(started(factory_new()), signed(TAG, "mine")) == [SignatureRefused]


class TestNewPasswords:
    """A password that the list itself put on is asked of every entry that brought no other proof."""

    put_on = signed(SETUP_PASSWORD, utf_16(BOSS))

    @pytest.mark.parametrize("put_on_first", [True, False])
    def test_without_it_they_are_refused(self, put_on_first: bool) -> None:
        bench = started(provisioned())
        others = [c.SetSetting(TAG, "mine"), c.SetSetting(SECURE_BOOT, "Disable"), signed(HOUR, "7")]
        wanted = [self.put_on, *others] if put_on_first else [*others, self.put_on]
        refused = [PasswordNeeded, PasswordNeeded, "set"]
        assert told(bench, *wanted) == (["set", *refused] if put_on_first else [*refused, "set"])
        assert (bench.firmware.value(TAG), bench.memory.waiting) == ("", {})
        assert bench.firmware.session.password_tries == 3

    def test_with_it_they_are_set_whether_it_is_their_own_or_the_list_s(self) -> None:
        for own, proof in (("", utf_16(BOSS)), (utf_16(BOSS), ""), (utf_16(BOSS), utf_16("wrong one"))):
            bench = started(provisioned())
            assert told(bench, c.SetSetting(TAG, "mine", own), self.put_on, proof=proof) == ["set", "set"]
            assert bench.firmware.session.password_tries == 3

    def test_a_wrong_one_costs_a_try_however_many_bring_it_and_refuses_only_those(self) -> None:
        bench = started(provisioned())
        wanted = [c.SetSetting(TAG, "mine"), self.put_on, c.SetSetting(HOUR, "7"), signed(USB, "Disable")]
        assert told(bench, *wanted, proof=utf_16("wrong one")) == [PasswordWrong, "set", PasswordWrong, "set"]
        assert bench.firmware.session.password_tries == 2
        assert (bench.firmware.value(TAG), bench.firmware.value(HOUR)) == ("", "0")

    def test_several_wrong_ones_cost_a_try_each_until_none_is_left(self) -> None:
        bench = started(provisioned())
        names = [TAG, HOUR, "Fast Boot", USB]
        wanted = [
            c.SetSetting(name, value, utf_16(f"wrong {name}"))
            for name, value in zip(names, ["mine", "7", "Disable", "Disable"], strict=True)
        ]
        came = told(bench, self.put_on, *wanted)
        assert sorted(each.__name__ for each in came[1:] if isinstance(each, type)) == [
            "PasswordWrong",
            "PasswordWrong",
            "PasswordWrong",
            "PasswordsLocked",
        ]
        assert bench.firmware.session.password_tries == 0

    def test_what_proved_itself_by_the_old_one_is_not_asked_for_the_new(self) -> None:
        bench = started(locked(provisioned(), BOSS))
        new = signed(SETUP_PASSWORD, utf_16("Another-333"))
        assert told(bench, new, c.SetSetting(TAG, "mine"), proof=utf_16(BOSS)) == ["set", "set"]

    def test_the_new_one_is_wrong_where_another_is_set(self) -> None:
        bench = started(locked(provisioned(), BOSS))
        new = signed(SETUP_PASSWORD, utf_16("Another-333"))
        bench.costs_a_try(c.SetSettings((new, c.SetSetting(TAG, "mine")), utf_16("Another-333")))

    def test_where_it_is_refused_none_is_asked_for(self) -> None:
        bench = started(provisioned())
        short = signed(SETUP_PASSWORD, utf_16("short"))
        assert told(bench, short, c.SetSetting(TAG, "mine")) == [PasswordPolicyNotMet, "set"]
        assert told(bench, short, c.SetSetting(HOUR, "7"), proof=utf_16("short")) == [
            PasswordPolicyNotMet,
            AccessDenied,
        ]

    def test_it_is_asked_for_too_where_the_list_clears_the_password_before(self) -> None:
        bench = started(provisioned())
        cleared = signed(SETUP_PASSWORD, utf_16(""))
        assert told(bench, cleared, c.SetSetting(TAG, "mine"), self.put_on) == ["set", PasswordNeeded, "set"]
        assert told(bench, self.put_on, c.SetSetting(TAG, "mine", utf_16(BOSS)), cleared) == ["set"] * 3
        assert told(bench, self.put_on, c.SetSetting(HOUR, "7"), cleared) == ["set"] * 3

    def test_of_two_the_last_is_asked_for(self) -> None:
        bench = started(provisioned())
        then = signed(SETUP_PASSWORD, utf_16("Another-333"))
        wanted = [self.put_on, then, c.SetSetting(TAG, "mine", utf_16(BOSS))]
        assert told(bench, *wanted, c.SetSetting(HOUR, "7"), proof=utf_16("Another-333")) == [
            "set",
            "set",
            PasswordWrong,
            "set",
        ]

    def test_with_the_mode_put_on_too_no_password_is_looked_at(self) -> None:
        bench = started(provisioned())
        wanted = [self.put_on, signed(MODE, "Enable"), c.SetSetting(TAG, "mine")]
        assert told(bench, *wanted, proof=utf_16("wrong one")) == ["set", "set", SignatureNeeded]
        assert bench.firmware.session.password_tries == 3


class TestNonces:
    def test_they_are_judged_in_the_order_of_the_list(self) -> None:
        bench = started(mode_on())
        wanted = [
            signed(TAG, "mine", NONCE + 2),
            signed(HOUR, "7", NONCE + 1),
            signed(USB, "Disable", NONCE + 2),
        ]
        assert told(bench, *wanted) == ["set", NonceTooOld, "set"]
        assert bench.memory.counters.settings == NONCE + 2

    def test_single_uses_count_for_themselves_and_never_fall(self) -> None:
        bench = started(mode_on())
        # The switch is carried out behind what hangs on it, but came first.
        bench.execute(signed("Use Proxy", "Enable"))
        wanted = [
            signed("Use Proxy", "Disable", NONCE + 1, single_use=True),
            signed("Proxy Address", "example", NONCE + 2, single_use=True),
            signed(HOUR, "7", NONCE + 2, single_use=True),
        ]
        assert told(bench, *wanted) == ["set", "set", NonceTooOld]
        assert (bench.memory.counters.settings, bench.memory.counters.actions) == (NONCE, NONCE + 2)

    @pytest.mark.parametrize(
        "refused",
        [
            signed(USB, "Perhaps", NONCE + 9),
            signed(LAK_1, "no key", NONCE + 9),
            signed("Serial Number", "x", NONCE + 9),
            signed("Secure Platform Management Signing Key", "x", NONCE + 9),
            signed(USB, "Disable", NONCE + 9, by="other"),
            signed(USB, "Disable", NONCE + 9, target=uuid.UUID(int=7)),
        ],
    )
    def test_a_refused_entry_counts_none(self, refused: c.SetSetting) -> None:
        bench = started(mode_on())
        assert told(bench, refused, signed(TAG, "mine"))[1:] == ["set"]
        assert bench.memory.counters == replace(mode_on().counters, settings=NONCE)

    def test_an_entry_that_stays_grey_counts_none(self) -> None:
        bench = started(mode_on())
        wanted = [
            signed("Proxy Address", "example", NONCE + 9),
            signed(TAG, "mine", NONCE + 9, single_use=True),
        ]
        assert told(bench, *wanted) == [PrerequisiteNotMet, "set"]
        assert (bench.memory.counters.settings, bench.memory.counters.actions) == (NONCE, NONCE + 9)

    def test_a_machine_that_wants_each_above_the_last_judges_a_list_as_one(self) -> None:
        bench = started(mode_on(), settings_nonce="above")
        wanted = [signed(TAG, "mine", NONCE + 1), signed(HOUR, "7", NONCE + 1), signed(USB, "Disable", NONCE)]
        assert told(bench, *wanted) == ["set", "set", NonceTooOld]
        assert told(bench, signed("Fast Boot", "Disable", NONCE + 1)) == [NonceTooOld]

    @pytest.mark.parametrize("newer", [TAG, HOUR])
    def test_nor_does_it_take_an_older_command_behind_a_newer_one(self, newer: str) -> None:
        bench = started(mode_on(), settings_nonce="above")
        wanted = [
            signed(newer, "7", NONCE + 9),
            signed(TAG, "old", NONCE + 8),
            signed(USB, "Disable", NONCE + 9),
        ]
        assert told(bench, *wanted) == ["set", NonceTooOld, "set"]
        assert bench.firmware.value(newer) == "7"
        assert bench.memory.counters.settings == NONCE + 9

    @pytest.mark.parametrize("settings_nonce", ["at least", "above"])
    def test_two_single_uses_with_one_nonce_are_never_both_taken(self, settings_nonce: str) -> None:
        bench = started(mode_on(), settings_nonce=settings_nonce)
        wanted = [signed(name, "Disable", NONCE + 1, single_use=True) for name in (USB, "Fast Boot")]
        assert told(bench, *wanted) == ["set", NonceTooOld]
        assert bench.firmware.value("Fast Boot") == "Enable"

    @pytest.mark.parametrize(
        ("refused", "why"),
        [
            (signed(SETUP_PASSWORD, utf_16("short"), NONCE + 5), PasswordPolicyNotMet),
            (signed("Proxy Address", "example", NONCE + 5), PrerequisiteNotMet),
        ],
    )
    def test_what_was_judged_good_and_refused_later_counts_in_the_list_and_not_in_the_image(
        self, refused: c.SetSetting, why: type[Refused]
    ) -> None:
        bench = started(mode_on())
        wanted = [refused, signed(TAG, "mine", NONCE + 3), signed(HOUR, "7", NONCE + 5, single_use=True)]
        assert told(bench, *wanted) == [why, NonceTooOld, "set"]
        assert (bench.memory.counters.settings, bench.memory.counters.actions) == (NONCE, NONCE + 5)
        assert told(bench, signed(TAG, "mine", NONCE + 3)) == ["set"]

    def test_a_new_one_clears_the_misses_at_the_door_and_a_repeated_one_does_not(self) -> None:
        missed = locked_out().memory
        bench = started(missed)
        assert told(bench, signed(TAG, "mine")) == ["set"]
        assert bench.memory.guard == missed.guard
        assert told(bench, signed(TAG, "yours", NONCE + 1)) == ["set"]
        assert bench.memory.guard.misses == 0
