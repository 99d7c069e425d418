"""Physical presence: what waits, the prompt, right and wrong codes, refusal, and the interface that skips prompts."""

from dataclasses import replace

import pytest

from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.boot import Phase
from emulator.firmware.event_log import EventCode
from emulator.firmware.memory import Memory
from emulator.firmware.presence import Subject
from emulator.firmware.refusals import MalformedCode
from tests.firmware.bench import (
    PRESENCE_INTERFACE,
    Bench,
    certificate,
    endorsement,
    factory_new,
    made_by,
    public,
    shown_code,
    signing,
    small,
    start,
    wrong,
)

TPM = "TPM State"


def waiting(*changes: tuple[str, str]) -> Bench:
    """A machine of the small model that was switched off while these changes waited."""
    bench = small()
    start(bench)
    for name, value in changes:
        bench.execute(c.SetSetting(name, value))
    bench.execute(c.PowerOff())
    return bench


def keys_wait() -> Memory:
    return made_by([endorsement(), signing()], factory_new())


def prompted(bench: Bench) -> Bench:
    bench.execute(c.PowerOn())
    assert bench.phase is Phase.PRESENCE
    return bench


class TestPrompt:
    def test_a_guarded_setting_waits_and_is_named_at_the_next_start(self) -> None:
        bench = waiting((TPM, "Disable"))
        assert bench.memory.settings[TPM] == "Enable"
        assert bench.memory.waiting == {TPM: "Disable"}
        prompt = prompted(bench).firmware.session.prompt
        assert prompt is not None
        assert (prompt.subject, prompt.lines, prompt.tries_left) == (
            Subject.SETTINGS,
            ("TPM State: Enable → Disable",),
            3,
        )
        assert len(prompt.code) == 4

    def test_a_guarded_setting_saved_in_setup_waits_too(self) -> None:
        bench = small()
        bench.execute(c.PowerOn())
        bench.execute(c.EnterSetup())
        bench.execute(c.StageSetting(TPM, "Disable"))
        bench.execute(c.SaveAndExit())
        assert (bench.phase, bench.firmware.value(TPM)) == (Phase.PRESENCE, "Enable")

    def test_keys_are_named_by_subject_and_ids(self) -> None:
        prompt = prompted(Bench(keys_wait())).firmware.session.prompt
        assert prompt is not None
        assert prompt.subject is Subject.KEYS
        text = "\n".join(prompt.lines)
        assert "OU=Org" in text
        assert public("endorsement").key_id in text
        assert public("signing").key_id in text

    def test_an_endorsement_key_alone_is_named_without_a_signing_key(self) -> None:
        prompt = prompted(Bench(made_by([endorsement()], factory_new()))).firmware.session.prompt
        assert prompt is not None
        assert not any("Signing key" in line for line in prompt.lines)

    def test_a_stranger_s_subject_steers_no_terminal(self) -> None:
        command = endorsement(common_name="\x1b[2JHarmless\n")
        assert b"\x1b" in certificate(common_name="\x1b[2JHarmless\n")
        prompt = prompted(Bench(made_by([command], factory_new()))).firmware.session.prompt
        assert prompt is not None
        assert all(line.isprintable() for line in prompt.lines)

    def test_each_start_shows_another_code(self) -> None:
        bench = waiting((TPM, "Disable"))
        codes = set()
        for _ in range(5):
            codes.add(shown_code(prompted(bench)))
            bench.execute(c.PowerOff())
        assert len(codes) == 5


class TestAnswers:
    def test_the_right_code_carries_the_change_out_and_goes_on(self) -> None:
        bench = prompted(waiting((TPM, "Disable")))
        events = bench.execute(c.AnswerPresence(shown_code(bench)))
        assert events == (e.SettingStored(TPM, "Disable"), e.PhaseEntered(Phase.POST))
        assert (bench.firmware.value(TPM), bench.memory.waiting) == ("Disable", {})
        assert bench.firmware.pending() == {}
        bench.execute(c.PowerOff())
        assert bench.execute(c.PowerOn()) == (e.PhaseEntered(Phase.POST),)

    def test_blanks_around_the_code_do_not_matter(self) -> None:
        bench = prompted(waiting((TPM, "Disable")))
        bench.execute(c.AnswerPresence(f" {shown_code(bench)}\n"))
        assert bench.firmware.value(TPM) == "Disable"

    def test_three_wrong_codes_restart_and_the_change_still_waits(self) -> None:
        bench = prompted(waiting((TPM, "Disable")))
        code = shown_code(bench)
        for left in (2, 1):
            assert bench.execute(c.AnswerPresence(wrong(code))) == (e.PresenceWrong(left),)
            assert shown_code(bench) == code
        forced, *rest = bench.execute(c.AnswerPresence(wrong(code)))
        assert isinstance(forced, e.RestartForced)
        assert rest == [e.PhaseEntered(Phase.PRESENCE)]
        assert bench.memory.boot.boots == 3
        assert bench.memory.waiting == {TPM: "Disable"}
        assert shown_code(bench) != code

    @pytest.mark.parametrize(
        "typed", ["", "123", "12345", "12a4", "１２３４", "١٢٣٤", "-123", "1" * 1_000_000]
    )
    def test_what_is_no_code_costs_no_try(self, typed: str) -> None:
        prompted(waiting((TPM, "Disable"))).refused(c.AnswerPresence(typed), MalformedCode)

    def test_refusing_forgets_the_changes(self) -> None:
        bench = prompted(waiting((TPM, "Disable"), (PRESENCE_INTERFACE, "Disable")))
        assert bench.execute(c.RefusePresence()) == (e.PhaseEntered(Phase.POST),)
        assert (bench.firmware.value(TPM), bench.memory.waiting) == ("Enable", {})

    def test_a_waiting_change_is_taken_back_in_setup_by_choosing_the_value_in_force(self) -> None:
        bench = waiting((TPM, "Disable"))
        bench.execute(c.PowerOn(attended=False))
        bench.execute(c.EnterSetup())
        bench.execute(c.StageSetting(TPM, "Enable"))
        bench.execute(c.SaveAndExit())
        assert bench.memory.waiting == {}
        assert bench.firmware.value(TPM) == "Enable"

    def test_several_changes_are_granted_by_one_code(self) -> None:
        bench = prompted(waiting((TPM, "Disable"), (PRESENCE_INTERFACE, "Disable")))
        bench.execute(c.AnswerPresence(shown_code(bench)))
        assert bench.firmware.value(TPM) == bench.firmware.value(PRESENCE_INTERFACE) == "Disable"

    def test_keys_and_settings_are_asked_one_after_the_other(self) -> None:
        memory = made_by(
            [c.SetSetting(PRESENCE_INTERFACE, "Disable"), endorsement(), signing()], factory_new()
        )
        bench = prompted(Bench(memory))
        first = shown_code(bench)
        assert bench.execute(c.AnswerPresence(first))[-1] == e.PhaseEntered(Phase.PRESENCE)
        assert bench.firmware.value(PRESENCE_INTERFACE) == "Enable"
        assert shown_code(bench) != first
        bench.execute(c.AnswerPresence(shown_code(bench)))
        assert (bench.phase, bench.firmware.value(PRESENCE_INTERFACE)) == (Phase.POST, "Disable")

    def test_refusing_the_keys_refuses_no_setting(self) -> None:
        memory = made_by([c.SetSetting(PRESENCE_INTERFACE, "Disable"), endorsement()], factory_new())
        bench = prompted(Bench(memory))
        bench.execute(c.RefusePresence())
        assert bench.memory.platform.certificate is None
        assert bench.memory.waiting == {PRESENCE_INTERFACE: "Disable"}
        assert bench.phase is Phase.PRESENCE


class TestWaiting:
    def test_the_value_in_force_takes_a_waiting_change_back(self) -> None:
        bench = waiting((TPM, "Disable"), (TPM, "Enable"))
        assert bench.memory.waiting == {}

    def test_what_was_taken_back_is_told_as_stored_and_not_as_waiting(self) -> None:
        bench = small()
        start(bench)
        assert bench.execute(c.SetSetting(TPM, "Disable")) == (e.SettingWaits(TPM, "Disable"),)
        assert bench.execute(c.SetSetting(TPM, "Enable")) == (e.SettingStored(TPM, "Enable"),)

    def test_a_machine_that_nobody_attends_starts_and_the_change_waits_on(self) -> None:
        bench = waiting((TPM, "Disable"))
        assert bench.execute(c.PowerOn(attended=False)) == (e.PhaseEntered(Phase.POST),)
        bench.execute(c.Continue())
        bench.execute(c.Restart())
        assert bench.phase is Phase.POST
        assert bench.memory.waiting == {TPM: "Disable"}
        bench.execute(c.PowerOff())
        prompted(bench)

    def test_keys_wait_for_an_attended_start_too(self) -> None:
        bench = Bench(keys_wait())
        bench.execute(c.PowerOn(attended=False))
        assert not bench.memory.platform.confirmed
        bench.execute(c.PowerOff())
        prompted(bench)

    def test_switching_off_at_the_prompt_answers_nothing(self) -> None:
        bench = prompted(waiting((TPM, "Disable")))
        bench.execute(c.PowerOff())
        assert bench.memory.waiting == {TPM: "Disable"}
        assert bench.firmware.session.prompt is None

    def test_what_waits_under_a_name_that_the_model_has_not_is_asked_once_and_forgotten(self) -> None:
        bench = waiting((TPM, "Disable"))
        memory = replace(bench.memory, waiting={"Nobody": "x", **bench.memory.waiting})
        for granted in (True, False):
            again = prompted(Bench(memory, settings=bench.firmware.catalogue))
            again.execute(c.AnswerPresence(shown_code(again)) if granted else c.RefusePresence())
            assert (again.phase, again.memory.waiting) == (Phase.POST, {})


class TestInterface:
    """With *Physical Presence Interface* off, settings need no prompt; keys always do."""

    def off(self) -> Bench:
        bench = prompted(waiting((PRESENCE_INTERFACE, "Disable")))
        bench.execute(c.AnswerPresence(shown_code(bench)))
        bench.execute(c.Continue())
        return bench

    def test_switching_it_is_logged_and_switching_it_on_needs_no_presence(self) -> None:
        bench = self.off()
        assert bench.logged() == [EventCode.CONSENT_PROMPTS_OFF]
        bench.execute(c.SetSetting(PRESENCE_INTERFACE, "Enable"))
        assert bench.logged() == [EventCode.CONSENT_PROMPTS_OFF, EventCode.CONSENT_PROMPTS_ON]
        assert bench.memory.waiting == {}

    def test_what_it_is_already_is_not_logged(self) -> None:
        bench = self.off()
        bench.execute(c.SetSetting(PRESENCE_INTERFACE, "Disable"))
        assert bench.logged() == [EventCode.CONSENT_PROMPTS_OFF]

    def test_a_guarded_setting_is_stored_at_once(self) -> None:
        bench = self.off()
        assert bench.execute(c.SetSetting(TPM, "Disable")) == (e.SettingStored(TPM, "Disable"),)
        bench.execute(c.Restart())
        assert bench.phase is Phase.POST

    def test_keys_are_asked_for_all_the_same(self) -> None:
        bench = Bench(made_by([c.SetSetting(PRESENCE_INTERFACE, "Disable")], factory_new()))
        prompted(bench).execute(c.AnswerPresence(shown_code(bench)))
        bench.execute(c.Continue())
        bench.execute(endorsement())
        bench.execute(c.Restart())
        assert bench.phase is Phase.PRESENCE
        assert not bench.memory.platform.confirmed

    def test_what_still_waits_when_it_is_off_is_stored_at_the_next_start(self) -> None:
        bench = self.off()
        bench.execute(c.PowerOff())
        bench = Bench(replace(bench.memory, waiting={TPM: "Disable"}), settings=bench.firmware.catalogue)
        assert bench.execute(c.PowerOn()) == (e.SettingStored(TPM, "Disable"), e.PhaseEntered(Phase.POST))
        assert (bench.firmware.value(TPM), bench.memory.waiting) == ("Disable", {})
