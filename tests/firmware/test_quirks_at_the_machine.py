"""Quirks that somebody at the machine notices: prompts, keys that are left, what is restored, codes and challenges."""

from dataclasses import replace

import pytest

from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.boot import Phase
from emulator.firmware.catalogue import Setting
from emulator.firmware.event_log import EventCode
from emulator.firmware.memory import Memory, SecurePlatform
from emulator.firmware.presence import Subject
from emulator.firmware.quirks import DOUBTS, chosen
from emulator.firmware.refusals import (
    CommandNonceTooOld,
    CommandSignatureRefused,
    NoLiveChallenge,
    SignatureNeeded,
    StillInUse,
    UnknownSetting,
)
from emulator.firmware.report import report
from emulator.protocol.payload import Purpose
from tests.firmware.bench import (
    LAK_1,
    LAK_2,
    LAK_3,
    MODE,
    NONCE,
    RESTORE,
    Bench,
    answer,
    deprovisioning,
    endorsement,
    factory_new,
    guarded,
    key_left,
    local_key_value,
    made_by,
    miss,
    mode_on,
    model,
    pin,
    provisioned,
    shown_code,
    signed,
    signing,
    started,
    with_settings,
)
from tests.firmware.recovery import UNSIGNED, manifest, recover


def switched_on(memory: Memory, **differing: str) -> Bench:
    bench = Bench(memory, differing=differing)
    bench.execute(c.PowerOn())
    return bench


class TestPresenceForKeys:
    def waiting(self, interface: str) -> Memory:
        memory = made_by([endorsement(), signing()], factory_new())
        return with_settings(memory, physical_presence_interface=interface)

    def test_the_prompt_comes_always(self) -> None:
        for interface in ("Enable", "Disable"):
            bench = switched_on(self.waiting(interface), presence_for_keys="always")
            assert bench.phase is Phase.PRESENCE

    def test_the_prompt_is_spared_where_the_interface_is_off(self) -> None:
        bench = switched_on(self.waiting("Enable"), presence_for_keys="unless off")
        assert bench.phase is Phase.PRESENCE
        bench = switched_on(self.waiting("Disable"), presence_for_keys="unless off")
        assert (bench.phase, bench.memory.platform.confirmed) == (Phase.POST, True)
        assert EventCode.PLATFORM_INITIALISED in bench.logged()

    def test_without_new_keys_nothing_is_confirmed(self) -> None:
        memory = with_settings(factory_new(), physical_presence_interface="Disable")
        bench = switched_on(memory, presence_for_keys="unless off")
        assert (bench.memory.platform, bench.logged()) == (SecurePlatform(), [])


class TestDeprovisioning:
    def ordered(self, memory: Memory | None = None) -> Bench:
        bench = started(memory or provisioned(), deprovisioning="with presence")
        events = bench.execute(deprovisioning(NONCE + 1))
        assert events[-1] == e.KeysAccepted(restart_needed=True)
        assert bench.memory.platform.signing_key is not None
        return bench

    def test_it_happens_at_once(self) -> None:
        bench = started(provisioned(), deprovisioning="at once")
        assert bench.execute(deprovisioning(NONCE + 1))[-1] == e.KeysAccepted(restart_needed=False)
        assert bench.memory.platform == SecurePlatform(counter=NONCE + 1)

    def test_it_happens_when_the_code_was_typed(self) -> None:
        bench = self.ordered()
        assert report(bench.firmware)["waiting_for_presence"] == [
            "give up the Secure Platform Management keys"
        ]
        bench.execute(c.Restart())
        prompt = bench.firmware.session.prompt
        assert prompt is not None
        assert "give up the keys" in prompt.lines[0]
        bench.execute(c.AnswerPresence(shown_code(bench)))
        assert bench.memory.platform == SecurePlatform(counter=NONCE + 1)
        assert EventCode.PLATFORM_UNCONFIGURED in bench.logged()

    def test_whoever_refuses_keeps_the_keys(self) -> None:
        bench = self.ordered()
        bench.execute(c.Restart())
        bench.execute(c.RefusePresence())
        assert bench.memory.platform == replace(provisioned().platform, counter=NONCE + 1)
        assert EventCode.PLATFORM_UNCONFIGURED not in bench.logged()

    def test_keys_that_came_into_use_meanwhile_are_kept(self) -> None:
        for use in (signed(MODE, "Enable"), manifest(b"manifest", NONCE + 1)):
            bench = self.ordered()
            bench.execute(use)
            bench.execute(c.Restart())
            bench.execute(c.AnswerPresence(shown_code(bench)))
            assert bench.memory.platform == replace(provisioned().platform, counter=NONCE + 1)

    def test_keys_that_nobody_confirmed_are_given_up_at_once(self) -> None:
        bench = started(factory_new(), deprovisioning="with presence")
        for command in (endorsement(), signing(), deprovisioning(NONCE)):
            bench.execute(command)
        assert bench.memory.platform == SecurePlatform()


class TestLocalAccessKeys:
    def test_a_key_that_is_left_keeps_the_platform_in_use(self) -> None:
        bench = started(key_left(), in_use="mode or key")
        bench.refused(deprovisioning(NONCE + 1), StillInUse)

    def test_the_mode_alone_keeps_the_platform_in_use(self) -> None:
        bench = started(key_left(), in_use="mode")
        bench.execute(deprovisioning(NONCE + 1))
        assert bench.memory.platform.certificate is None
        started(mode_on(), in_use="mode").refused(deprovisioning(NONCE + 1), StillInUse)

    def test_the_prompt_stays_while_a_key_is_left(self) -> None:
        bench = switched_on(key_left(), prompt_after_disabling="stays")
        bench.execute(c.EnterSetup())
        assert bench.phase is Phase.CHALLENGE

    def test_the_prompt_goes_with_the_mode(self) -> None:
        bench = switched_on(key_left(), prompt_after_disabling="goes")
        bench.execute(c.EnterSetup())
        assert bench.phase is Phase.SETUP
        bench = switched_on(guarded(), prompt_after_disabling="goes")
        bench.execute(c.EnterSetup())
        assert bench.phase is Phase.CHALLENGE

    def test_there_are_three(self) -> None:
        bench = started(mode_on(), local_access_keys="3")
        for name in (LAK_1, LAK_2, LAK_3):
            bench.execute(signed(name, local_key_value()))
        assert None not in bench.memory.authentication.keys

    def test_there_is_one(self) -> None:
        bench = started(mode_on(), local_access_keys="1")
        bench.execute(signed(LAK_1, local_key_value()))
        for name in (LAK_2, LAK_3):
            assert name not in bench.firmware.catalogue.every
            bench.refused(signed(name, local_key_value()), UnknownSetting)


class TestRestoring:
    def restored(self, keeps: str) -> Bench:
        memory = made_by([recover(Purpose.RECOVER_AGENT), signed(RESTORE, "Yes")], guarded())
        bench = switched_on(memory, restoring_keeps=keeps)
        bench.execute(c.AnswerPresence(shown_code(bench)))
        assert not bench.memory.authentication.enabled
        assert bench.memory.counters == memory.counters
        return bench

    def test_it_keeps_endorsement_and_signing_key(self) -> None:
        bench = self.restored("keys")
        assert bench.memory.platform == provisioned().platform
        assert bench.memory.recovery.keys() == {"SureRecoverAgent"}
        assert EventCode.PLATFORM_UNCONFIGURED not in bench.logged()

    def test_it_keeps_nothing(self) -> None:
        bench = self.restored("nothing")
        assert bench.memory.platform == SecurePlatform(counter=NONCE)
        assert bench.memory.recovery == {}
        assert bench.logged().count(EventCode.PLATFORM_UNCONFIGURED) == 1

    def test_it_logs_nothing_of_keys_that_were_not_there(self) -> None:
        memory = made_by([c.SetSetting(RESTORE, "Yes")], factory_new())
        bench = switched_on(memory, restoring_keeps="nothing")
        bench.execute(c.AnswerPresence(shown_code(bench)))
        assert bench.logged() == []


class TestReminders:
    def provisioned(self, value: str) -> list[int]:
        bench = started(factory_new(), pin_reminders=value)
        for command in (endorsement(), signing(), c.Restart()):
            bench.execute(command)
        bench.execute(c.AnswerPresence(shown_code(bench)))
        return bench.logged()

    def test_they_are_logged(self) -> None:
        assert self.provisioned("logged") == [0x8825, 0x8827, 0x841E, 0x8826]

    def test_they_are_not_logged(self) -> None:
        assert self.provisioned("not logged") == [0x841E]


class TestResponse:
    @pytest.mark.parametrize("tries", DOUBTS["response_tries"].values)
    def test_so_many_wrong_codes_restart_the_machine(self, tries: str) -> None:
        bench = switched_on(with_settings(guarded()), response_tries=tries)
        bench.execute(c.EnterSetup())
        for left in range(int(tries) - 1, 0, -1):
            assert miss(bench)[-1] == e.ResponseWrong(left)
        assert isinstance(miss(bench)[-2], e.RestartForced)
        assert (bench.phase, bench.logged()[-1]) == (Phase.POST, EventCode.WRONG_RESPONSE_CODES)

    @pytest.mark.parametrize("life", DOUBTS["response_life"].values)
    def test_a_challenge_lives_so_long(self, life: str) -> None:
        for early, phase in ((1.0, Phase.SETUP), (0.0, Phase.CHALLENGE)):
            bench = switched_on(guarded(), response_life=life)
            bench.execute(c.EnterSetup())
            code = pin(bench)
            bench.clock.advance(int(life) - early)
            if phase is Phase.SETUP:
                answer(bench, code)
            else:
                bench.refused(c.CountResponse(code), NoLiveChallenge)
            assert bench.phase is phase


class TestCorners:
    def test_a_key_that_the_machine_does_not_know_guards_nothing(self) -> None:
        memory = made_by([signed(LAK_2, local_key_value())], mode_on())
        for keys, phase in (("3", Phase.CHALLENGE), ("1", Phase.SETUP)):
            bench = switched_on(memory, local_access_keys=keys)
            bench.execute(c.EnterSetup())
            assert bench.phase is phase
            told = report(bench.firmware)["authentication"]
            assert isinstance(told, dict)
            assert told["local_access"] == ("Configured" if keys == "3" else "Not Protected")

    def test_giving_keys_up_is_asked_about_even_where_new_keys_are_not(self) -> None:
        memory = replace(provisioned(), platform=replace(provisioned().platform, leaving=True))
        bench = switched_on(
            with_settings(memory, physical_presence_interface="Disable"), presence_for_keys="unless off"
        )
        assert bench.phase is Phase.PRESENCE

    @pytest.mark.parametrize(
        ("name", "value"), [(name, v) for name, doubt in DOUBTS.items() for v in doubt.values]
    )
    def test_every_page_opens_whatever_the_quirk(self, name: str, value: str) -> None:
        firmware = Bench(guarded(), differing={name: value}).firmware
        for rows in firmware.catalogue.pages.values():
            for row in rows:
                if isinstance(row, Setting):
                    firmware.may_see(row.name)
                    firmware.why_grey(row.name)
                    firmware.value(row.name)

    def test_a_model_that_lists_all_keys_lists_one_on_such_a_machine(self) -> None:
        every = {**model().settings, **model().unlisted}
        catalogue = replace(model(), settings=every, unlisted={}).with_quirks(
            chosen({"local_access_keys": "1"})
        )
        assert LAK_1 in catalogue.every
        assert not {LAK_2, LAK_3} & catalogue.every.keys()

    @pytest.mark.parametrize("value", DOUBTS["update_while_mode_on"].values)
    def test_a_file_that_nobody_signed_while_the_mode_is_on(self, value: str) -> None:
        bench = started(guarded(), update_while_mode_on=value)
        if value == "refused":
            bench.refused(UNSIGNED, SignatureNeeded)
            return
        bench.execute(UNSIGNED)
        bench.execute(c.Restart())
        assert bench.phase is (Phase.CHALLENGE if value == "asked" else Phase.POST)

    def test_a_stale_order_for_sure_recover_with_a_bad_signature_is_refused_for_what_comes_first(
        self,
    ) -> None:
        for first, refusal in (("signature", CommandSignatureRefused), ("nonce", CommandNonceTooOld)):
            bench = started(provisioned(), checked_first=first)
            bench.execute(recover(Purpose.RECOVER_AGENT, NONCE + 5))
            bench.refused(replace(recover(Purpose.RECOVER_AGENT, NONCE + 1, by="other")), refusal)
            bench.refused(manifest(b"watch", NONCE + 1, by="other"), refusal)

    def test_the_prompt_says_what_restoring_takes(self) -> None:
        for keeps, said in (("keys", "counters stay"), ("nothing", "Sure Recover was given go")):
            memory = made_by([signed(RESTORE, "Yes")], provisioned())
            prompt = switched_on(memory, restoring_keeps=keeps).firmware.session.prompt
            assert prompt is not None
            assert said in prompt.lines[-1]

    def test_keys_that_a_feature_began_to_use_stay_and_it_is_said(self) -> None:
        bench = started(provisioned(), deprovisioning="with presence")
        bench.execute(deprovisioning(NONCE + 1))
        bench.execute(signed(MODE, "Enable"))
        bench.execute(c.Restart())
        prompt = bench.firmware.session.prompt
        assert prompt is not None
        assert (prompt.subject, prompt.lines[0][-16:]) == (Subject.KEYS_LEAVING, "give up the keys")
        assert e.KeysKept() in bench.execute(c.AnswerPresence(prompt.code))
        assert bench.memory.platform.confirmed
        assert not bench.memory.platform.leaving

    def test_the_management_side_learns_whether_the_next_start_asks(self) -> None:
        memory = with_settings(factory_new(), physical_presence_interface="Disable")
        for value in DOUBTS["presence_for_keys"].values:
            bench = started(memory, presence_for_keys=value)
            (*_, accepted) = bench.execute(endorsement())
            assert accepted == e.KeysAccepted(restart_needed=True, unasked=value == "unless off")
            bench.execute(c.Restart())
            assert bench.phase is (Phase.POST if value == "unless off" else Phase.PRESENCE)
