"""*Restore Security Settings to Factory Defaults*: who orders it, how it is asked, what it takes off and what stays."""

from dataclasses import replace

import pytest

from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.boot import Phase
from emulator.firmware.event_log import EventCode
from emulator.firmware.firmware import manufactured
from emulator.firmware.memory import Authentication, Memory, Passwords
from emulator.firmware.presence import Subject
from emulator.firmware.refusals import PasswordNeeded, SignatureNeeded
from emulator.models import packaged
from emulator.protocol.password import utf_16
from tests.firmware.bench import (
    BOSS,
    IDENTITY,
    LAK_1,
    LAK_2,
    MODE,
    NONCE,
    PRESENCE_INTERFACE,
    RESTORE,
    SETUP_PASSWORD,
    USB,
    USER,
    Bench,
    answer,
    at_the_door,
    each_of,
    factory_new,
    guarded,
    local_key_value,
    locked,
    made_by,
    mode_on,
    model,
    pin,
    provisioned,
    shown_code,
    signed,
    started,
    with_passwords,
    with_settings,
    wrong,
)

YES = c.SetSetting(RESTORE, "Yes")
ONCE = "Permanent Disable Absolute Persistence Module Set Once"
# Some settings of the Security menu, and some of others.
SECURITY = {"TPM State": "Disable", "TPM Activation Policy": "F1 to Boot", "Password Minimum Length": "20"}
OTHERS = {USB: "Disable", "Ownership Tag": "mine"}


def full() -> Memory:
    """Keys, mode, two local access keys, both passwords, changed settings, and prompts that are off."""
    memory = made_by([signed(LAK_2, local_key_value("other"), NONCE + 1)], guarded())
    settings = {**memory.settings, **SECURITY, **OTHERS, ONCE: "Yes", PRESENCE_INTERFACE: "Disable"}
    return replace(locked(memory, BOSS, USER), settings=settings)


def ordered_locally(memory: Memory) -> Bench:
    """Ordered in Computer Setup, past the challenge, and restarted; the power-on password was typed."""
    bench = Bench(memory)
    for command in (c.PowerOn(), c.TypePassword(USER), c.EnterSetup()):
        bench.execute(command)
    answer(bench, pin(bench))
    bench.execute(c.StageSetting(RESTORE, "Yes"))
    bench.execute(c.SaveAndExit())
    bench.execute(c.TypePassword(USER))
    return bench


def asked(bench: Bench) -> tuple[Subject, tuple[str, ...]]:
    prompt = bench.firmware.session.prompt
    assert bench.phase is Phase.PRESENCE
    assert prompt is not None
    return prompt.subject, prompt.lines


class TestWhatItDoes:
    def test_it_takes_off_mode_keys_and_passwords_and_puts_the_security_menu_back(self) -> None:
        bench = ordered_locally(full())
        before = bench.memory
        events = bench.execute(c.AnswerPresence(shown_code(bench)))
        after = bench.memory
        assert after.authentication == Authentication()
        assert after.passwords == Passwords()
        assert {name: after.settings[name] for name in SECURITY} == {
            name: model().stored[name].default for name in SECURITY
        }
        assert e.SecurityRestored() in events
        assert [each.code for each in events if isinstance(each, e.Recorded)] == [
            EventCode.AUTHENTICATION_MODE_DISABLED,
            EventCode.LOCAL_ACCESS_KEY_CLEARED,
            EventCode.LOCAL_ACCESS_KEY_CHANGED,
        ]
        assert bench.phase is Phase.POST
        # What stays.
        assert (after.platform, after.counters) == (before.platform, before.counters)
        assert {name: after.settings[name] for name in OTHERS} == OTHERS
        assert (after.settings[ONCE], after.settings[PRESENCE_INTERFACE]) == ("Yes", "Disable")
        assert after.log.events[: len(before.log.events)] == before.log.events
        assert (after.guard, after.boot, after.cover, after.clock) == (
            before.guard,
            before.boot,
            before.cover,
            before.clock,
        )

    def test_afterwards_setup_is_open_and_the_signing_key_still_counts(self) -> None:
        bench = ordered_locally(full())
        bench.execute(c.AnswerPresence(shown_code(bench)))
        bench.execute(c.EnterSetup())
        assert bench.phase is Phase.SETUP
        bench.execute(c.Continue())
        bench.execute(signed(MODE, "Enable", NONCE + 2))
        assert bench.memory.authentication.enabled

    def test_settings_that_wait_are_asked_behind_it_unless_it_put_them_back(self) -> None:
        changes: list[c.Command] = [
            c.SetSetting("TPM State", "Disable"),
            c.SetSetting("Clear TPM", "On next boot"),
        ]
        bench = started(factory_new())
        for command in (*changes, YES, c.Restart()):
            bench.execute(command)
        assert asked(bench)[0] is Subject.SECURITY
        bench.execute(c.AnswerPresence(shown_code(bench)))
        assert asked(bench) == (Subject.SETTINGS, ("Clear TPM: No → On next boot",))
        bench.execute(c.AnswerPresence(shown_code(bench)))
        assert bench.firmware.value("TPM State") == "Enable"

    def test_a_model_without_the_rest_restores_what_it_has(self) -> None:
        old = packaged("elitebook-810-g1")
        name = "Reset BIOS security to factory default"
        bench = Bench(manufactured(old, IDENTITY), settings=old)
        for command in (c.PowerOn(), c.Continue(), c.SetSetting(SETUP_PASSWORD, utf_16(BOSS))):
            bench.execute(command)
        bench.execute(c.SetSetting(name, "Yes", utf_16(BOSS)))
        bench.execute(c.Restart())
        subject, lines = asked(bench)
        assert subject is Subject.SECURITY
        assert lines == (
            "Reset BIOS security to factory default:",
            "  passwords are cleared",
            "  the settings of the Security menu go back to their factory defaults",
        )
        bench.execute(c.AnswerPresence(shown_code(bench)))
        assert bench.memory.passwords == Passwords()


class TestHowItIsAsked:
    @pytest.mark.parametrize("prompts", ["Enable", "Disable"])
    def test_it_asks_for_presence_whatever_the_interface_says(self, prompts: str) -> None:
        bench = started(with_settings(factory_new(), physical_presence_interface=prompts))
        assert bench.execute(YES) == (e.SettingWaits(RESTORE, "Yes"),)
        assert bench.firmware.value(RESTORE) == "No"
        bench.execute(c.Restart())
        subject, lines = asked(bench)
        assert subject is Subject.SECURITY
        text = "\n".join(lines)
        for word in ("Authentication Mode", "local access keys", "passwords", "Security menu", "stay"):
            assert word in text

    def test_escape_forgets_it_and_changes_nothing(self) -> None:
        bench = ordered_locally(full())
        before = bench.memory
        bench.execute(c.RefusePresence())
        assert bench.memory == replace(before, waiting={})
        assert bench.phase is Phase.POST

    def test_escape_forgets_it_alone_and_asks_for_the_rest(self) -> None:
        bench = started(factory_new())
        for command in (c.SetSetting("TPM State", "Disable"), YES, c.Restart(), c.RefusePresence()):
            bench.execute(command)
        assert asked(bench)[0] is Subject.SETTINGS
        assert bench.memory.waiting == {"TPM State": "Disable"}

    def test_three_wrong_codes_restart_and_it_still_waits(self) -> None:
        bench = ordered_locally(full())
        before = bench.memory
        code = shown_code(bench)
        for _ in range(3):
            bench.execute(c.AnswerPresence(wrong(code)))
        assert bench.phase is Phase.POWER_ON_PASSWORD
        assert replace(bench.memory, boot=before.boot) == before
        bench.execute(c.TypePassword(USER))
        assert asked(bench)[0] is Subject.SECURITY
        assert shown_code(bench) != code

    def test_a_start_that_nobody_attends_leaves_it_waiting(self) -> None:
        bench = Bench(made_by([YES], factory_new()))
        bench.execute(c.PowerOn(attended=False))
        assert (bench.phase, bench.memory.waiting) == (Phase.POST, {RESTORE: "Yes"})

    def test_it_is_taken_back_by_the_word_for_no(self) -> None:
        assert made_by([YES, c.SetSetting(RESTORE, "No")], factory_new()).waiting == {}
        bench = Bench(made_by([YES], factory_new()))
        for command in (c.PowerOn(attended=False), c.EnterSetup(), c.StageSetting(RESTORE, "No")):
            bench.execute(command)
        bench.execute(c.SaveAndExit())
        assert bench.memory.waiting == {}


class TestWhoOrdersIt:
    def test_from_the_operating_system_it_takes_what_a_change_takes(self) -> None:
        assert made_by([YES], factory_new()).waiting == {RESTORE: "Yes"}
        bench = started(with_passwords(BOSS))
        bench.refused(YES, PasswordNeeded)
        bench.execute(c.SetSetting(RESTORE, "Yes", utf_16(BOSS)))
        assert bench.memory.waiting == {RESTORE: "Yes"}

    def test_with_the_mode_on_it_takes_a_signature(self) -> None:
        for memory in (mode_on(), guarded(), locked(mode_on())):
            bench = started(memory)
            for proof in ("", utf_16(BOSS)):
                bench.refused(c.SetSetting(RESTORE, "Yes", proof), SignatureNeeded)
            bench.execute(signed(RESTORE, "Yes"))
            assert bench.memory.waiting == {RESTORE: "Yes"}

    def test_no_list_and_no_default_orders_it(self) -> None:
        bench = started(factory_new())
        bench.execute(each_of((RESTORE, "Yes")))
        bench.execute(c.SetSystemDefaults())
        assert bench.memory.waiting == {}

    def test_a_user_does_not_order_it(self) -> None:
        bench = Bench(with_passwords(BOSS, USER))
        for command in (c.PowerOn(), c.TypePassword(USER), c.EnterSetup(), c.TypePassword(USER)):
            bench.execute(command)
        bench.refused(c.StageSetting(RESTORE, "Yes"), PasswordNeeded)

    def test_nobody_past_no_door_orders_it(self) -> None:
        bench = at_the_door()
        bench.execute(c.Continue())
        bench.refused(YES, SignatureNeeded)


def started_unattended(memory: Memory) -> Bench:
    """As a machine whose prompts nobody answers."""
    bench = Bench(memory)
    for command in (c.PowerOn(attended=False), c.Continue()):
        bench.execute(command)
    return bench


class TestOrdersThatWereGivenBefore:
    """A lock that was put on later is not opened by an order that was given before."""

    def waiting(self, memory: Memory) -> Memory:
        memory = made_by([YES], memory)
        assert memory.waiting == {RESTORE: "Yes"}
        return memory

    def test_switching_the_mode_on_drops_it(self) -> None:
        assert made_by([signed(MODE, "Enable")], self.waiting(provisioned())).waiting == {}

    def test_a_local_access_key_drops_it(self) -> None:
        memory = made_by([signed(RESTORE, "Yes")], mode_on())
        assert memory.waiting == {RESTORE: "Yes"}
        assert made_by([signed(LAK_1, local_key_value())], memory).waiting == {}
        memory = made_by([signed(RESTORE, "Yes")], guarded())
        assert made_by([signed(LAK_1, local_key_value())], memory).waiting == {RESTORE: "Yes"}
        assert made_by([signed(LAK_1, local_key_value("other"))], memory).waiting == {}

    def test_an_administrator_s_password_drops_it(self) -> None:
        memory = self.waiting(factory_new())
        assert made_by([c.SetSetting(SETUP_PASSWORD, utf_16(BOSS))], memory).waiting == {}
        assert made_by([c.SetSetting("Power-On Password", utf_16(USER))], memory).waiting == {RESTORE: "Yes"}

    def test_switching_the_mode_on_drops_every_other_change_that_waits_and_says_so(self) -> None:
        bench = started_unattended(
            made_by([c.SetSetting("TPM State", "Disable")], self.waiting(provisioned()))
        )
        events = bench.execute(signed(MODE, "Enable"))
        assert e.WaitingForgotten((RESTORE, "TPM State")) in events
        assert bench.memory.waiting == {}

    def test_other_changes_that_wait_are_not_touched_by_a_key_or_a_password(self) -> None:
        for lock in (signed(LAK_1, local_key_value()), signed(SETUP_PASSWORD, utf_16(BOSS))):
            orders = [signed("TPM State", "Disable"), signed(RESTORE, "Yes"), lock]
            assert made_by(orders, mode_on()).waiting == {"TPM State": "Disable"}

    def test_the_first_administrator_password_takes_all_that_waits_and_another_only_the_restoring(
        self,
    ) -> None:
        orders = [c.SetSetting("TPM State", "Disable"), c.SetSetting(SETUP_PASSWORD, utf_16(BOSS))]
        assert made_by(orders, factory_new()).waiting == {}
        proof = utf_16(BOSS)
        orders = [
            c.SetSetting("TPM State", "Disable", proof),
            c.SetSetting(RESTORE, "Yes", proof),
            c.SetSetting(SETUP_PASSWORD, utf_16("Another-1-Word"), proof),
        ]
        assert made_by(orders, with_passwords(BOSS)).waiting == {"TPM State": "Disable"}

    def test_where_nothing_waits_switching_the_mode_on_forgets_nothing(self) -> None:
        events = started(provisioned()).execute(signed(MODE, "Enable"))
        assert not any(isinstance(event, e.WaitingForgotten) for event in events)

    def test_taking_a_lock_off_drops_nothing(self) -> None:
        memory = made_by(
            [signed(RESTORE, "Yes"), signed(MODE, "Disable"), c.SetSetting(LAK_1, "")], guarded()
        )
        assert memory.waiting == {RESTORE: "Yes"}
