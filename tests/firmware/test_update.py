"""A firmware file from the operating system to the next start: allowed by the signing key, or let in by somebody who stands there."""

import uuid
from dataclasses import replace

import pytest

from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.boot import Entry, Phase
from emulator.firmware.event_log import EventCode
from emulator.firmware.memory import FirmwareFile, FirmwareUpdate, Guard, Memory
from emulator.firmware.refusals import (
    AccessDenied,
    AnotherMachine,
    NonceTooOld,
    SignatureRefused,
    ValueNotAllowed,
)
from emulator.firmware.report import report
from emulator.protocol import challenge
from emulator.protocol.challenge import Purpose
from tests.firmware.bench import (
    BOSS,
    MACHINE,
    NONCE,
    USER,
    Bench,
    answer,
    deprovisioning,
    factory_new,
    guarded,
    key_left,
    locked,
    miss,
    mode_on,
    pin,
    provisioned,
    signing,
    started,
    with_passwords,
    with_settings,
    wrong,
)
from tests.firmware.doors import desktop
from tests.firmware.recovery import DIGEST, FILE, UNSIGNED, update

THERE = FirmwareFile(FILE, DIGEST)
WAITS = FirmwareUpdate(waiting=THERE)
INSTALLED = FirmwareUpdate(installed=THERE)


def running(memory: Memory, prompt: str = "Enable") -> Bench:
    """In the operating system; the policy for capsule updates asks for the administrator, or not."""
    memory = with_settings(memory, prompt_on_capsule_update=prompt, wake_on_lan_policy="Bypass Password")
    bench = Bench(memory)
    for command in (c.PowerOn(attended=False), c.Continue()):
        bench.execute(command)
    return bench


def starting(memory: Memory, prompt: str = "Enable", *, attended: bool = True) -> Bench:
    """Switched on again, with a file that nobody signed waiting."""
    bench = running(memory, prompt)
    for command in (UNSIGNED, c.PowerOff(), c.PowerOn(attended=attended)):
        bench.execute(command)
    return bench


class TestSigned:
    @pytest.mark.parametrize("prompt", ["Enable", "Disable"])
    def test_it_is_installed_at_the_next_start_without_a_question(self, prompt: str) -> None:
        for memory in (provisioned(), mode_on(), guarded(), locked(mode_on())):
            bench = running(memory, prompt)
            assert bench.execute(update()) == (e.UpdateWaits(FILE, asked=False),)
            assert bench.memory.update == FirmwareUpdate(THERE, authorized=True)
            bench.execute(c.PowerOff())
            assert e.UpdateInstalled(FILE) in bench.execute(c.PowerOn())
            assert (bench.phase, bench.memory.update) == (Phase.POST, INSTALLED)

    def test_it_is_installed_by_a_start_that_nobody_attends(self) -> None:
        bench = running(guarded())
        bench.execute(update())
        bench.execute(c.Restart())
        assert (bench.phase, bench.memory.update) == (Phase.POST, INSTALLED)

    def test_it_counts_as_a_signed_command(self) -> None:
        bench = running(mode_on())
        bench.execute(update(NONCE + 4))
        assert bench.memory.counters.settings == NONCE + 4
        bench.refused(update(NONCE + 3), NonceTooOld)
        bench.execute(update(NONCE + 4))

    def test_a_single_use_one_is_good_once(self) -> None:
        bench = running(mode_on())
        bench.execute(update(7, single_use=True))
        assert (bench.memory.counters.actions, bench.memory.counters.settings) == (7, NONCE)
        bench.refused(update(7, single_use=True), NonceTooOld)

    def test_it_clears_the_misses(self) -> None:
        bench = running(replace(mode_on(), guard=Guard(4, 5)))
        bench.execute(update(nonce=NONCE + 1))
        assert bench.memory.guard == Guard()

    def test_one_that_is_sent_again_clears_none(self) -> None:
        bench = running(mode_on())
        bench.execute(update(nonce=NONCE + 1))
        bench.firmware.memory = replace(bench.memory, guard=Guard(4, 5))
        bench.execute(update(nonce=NONCE + 1))
        assert bench.memory.guard == Guard(4, 5)

    def test_without_the_key_that_allowed_it_it_is_allowed_no_more(self) -> None:
        for gone in (deprovisioning(NONCE + 1), signing(NONCE + 1, "other")):
            bench = running(provisioned())
            bench.execute(update())
            bench.execute(gone)
            assert bench.memory.update == FirmwareUpdate(FirmwareFile(FILE, DIGEST))

    def test_it_may_be_bound_to_this_machine_and_to_no_other(self) -> None:
        bench = running(mode_on())
        bench.execute(update(target=MACHINE))
        bench.refused(update(target=uuid.UUID(int=7)), AnotherMachine)

    def test_what_the_signing_key_did_not_allow_is_refused_and_logged(self) -> None:
        bench = running(mode_on())
        good = update().authorization
        for command in (
            update(by="other"),
            update(digest=bytes(32)),
            replace(UNSIGNED, authorization=good[:-1]),
            replace(UNSIGNED, authorization=good[:-1] + bytes([good[-1] ^ 1])),
            replace(update(), digest=bytes(32)),
        ):
            before = bench.logged()
            bench.refused(command, SignatureRefused)
            assert bench.logged() == [*before, EventCode.INVALID_SETTING_SIGNATURE]

    def test_without_keys_nothing_is_allowed_by_them(self) -> None:
        text = str(running(factory_new()).refused(update(), SignatureRefused))
        assert "no signing key is provisioned" in text

    def test_the_newest_order_is_the_one_that_waits(self) -> None:
        bench = running(mode_on())
        bench.execute(UNSIGNED)
        bench.execute(replace(UNSIGNED, name="newer.bin"))
        assert bench.memory.update == FirmwareUpdate(FirmwareFile("newer.bin", DIGEST))
        bench.execute(update())
        assert bench.memory.update.authorized

    def test_what_nobody_signed_takes_not_the_place_of_what_the_signing_key_allowed(self) -> None:
        bench = running(mode_on())
        bench.execute(update())
        bench.refused(UNSIGNED, AccessDenied)


class TestForm:
    @pytest.mark.parametrize("name", ["", "x" * 256, "a\nb", "\x1b[2J", "\u202e"])
    def test_a_name_is_short_and_printable(self, name: str) -> None:
        running(factory_new()).refused(replace(UNSIGNED, name=name), ValueNotAllowed)

    @pytest.mark.parametrize("digest", [b"", bytes(31), bytes(33)])
    def test_a_digest_has_32_bytes(self, digest: bytes) -> None:
        running(factory_new()).refused(replace(UNSIGNED, digest=digest), ValueNotAllowed)

    def test_the_longest_name_is_kept(self) -> None:
        bench = running(factory_new())
        bench.execute(replace(UNSIGNED, name="x" * 255))
        assert bench.memory.update.waiting == FirmwareFile("x" * 255, DIGEST)

    def test_a_report_tells_of_it(self) -> None:
        bench = starting(factory_new(), attended=False)
        told = {"name": FILE, "sha256": DIGEST.hex()}
        assert report(bench.firmware)["firmware_update"] == {
            "waiting": None,
            "authorized": False,
            "installed": told,
        }


class TestUnsigned:
    def test_where_no_policy_asks_it_is_installed(self) -> None:
        for memory in (factory_new(), with_passwords(BOSS), key_left()):
            for attended in (True, False):
                bench = starting(memory, "Disable", attended=attended)
                assert (bench.phase, bench.memory.update) == (Phase.POST, INSTALLED)

    def test_while_the_mode_is_on_somebody_is_asked_whatever_the_policy_says(self) -> None:
        bench = starting(guarded(), "Disable")
        assert (bench.phase, bench.memory.update.installed) == (Phase.CHALLENGE, None)
        assert starting(guarded(), "Disable", attended=False).memory.update.waiting is not None

    def test_where_nothing_guards_a_policy_asks_nobody(self) -> None:
        for memory in (factory_new(), mode_on()):
            assert starting(memory).memory.update == INSTALLED

    def test_a_start_that_nobody_attends_leaves_it_waiting(self) -> None:
        for memory in (with_passwords(BOSS), guarded()):
            bench = starting(memory, attended=False)
            assert (bench.phase, bench.memory.update) == (Phase.POST, WAITS)
            bench.execute(c.PowerOff())
            bench.execute(c.PowerOn())
            assert bench.phase in (Phase.PASSWORD, Phase.CHALLENGE)

    def test_the_administrator_s_password_lets_it_in(self) -> None:
        bench = starting(with_passwords(BOSS))
        assert (bench.phase, bench.firmware.session.entry) == (Phase.PASSWORD, Entry.FIRMWARE_UPDATE)
        bench.costs_a_try(c.TypePassword("wrong one"))
        events = bench.execute(c.TypePassword(BOSS))
        assert events == (e.UpdateInstalled(FILE), e.PhaseEntered(Phase.POST))
        assert bench.memory.update == INSTALLED

    def test_one_who_typed_it_to_start_is_asked_again_for_nobody_named_the_file_to_him(self) -> None:
        for typed in (BOSS, USER):
            bench = starting(with_passwords(BOSS, USER))
            bench.execute(c.TypePassword(typed))
            assert bench.phase is Phase.PASSWORD
            assert bench.memory.update.installed is None
            bench.execute(c.TypePassword(BOSS))
            assert bench.memory.update == INSTALLED

    def test_a_response_code_lets_it_in_and_its_challenge_says_what_for(self) -> None:
        bench = starting(guarded())
        live = bench.firmware.session.door.live
        assert (bench.phase, live is not None) == (Phase.CHALLENGE, True)
        assert live is not None
        header = challenge.Header.decode(challenge.parse(live.challenge.text).header)
        assert header.purpose is Purpose.FIRMWARE_UPDATE
        events = answer(bench, pin(bench))
        assert events == (e.UpdateInstalled(FILE), e.PhaseEntered(Phase.POST))
        assert bench.memory.update == INSTALLED
        bench.execute(c.EnterSetup())
        assert bench.phase is Phase.CHALLENGE

    def test_a_password_lets_nothing_in_where_a_key_guards(self) -> None:
        bench = starting(locked(guarded(), BOSS, USER))
        bench.execute(c.TypePassword(BOSS))
        assert bench.phase is Phase.CHALLENGE
        assert bench.memory.update == WAITS

    @pytest.mark.parametrize("key", [True, False])
    def test_escape_refuses_it_and_the_machine_starts(self, key: bool) -> None:
        bench = starting(guarded() if key else with_passwords(BOSS))
        assert bench.execute(c.Continue()) == (e.UpdateRefused(FILE), e.PhaseEntered(Phase.POST))
        assert bench.memory.update == FirmwareUpdate()
        assert bench.firmware.session.door.live is None
        bench.execute(c.PowerOff())
        bench.execute(c.PowerOn())
        assert bench.phase is Phase.POST

    def test_escape_at_another_door_refuses_no_update(self) -> None:
        bench = starting(guarded(), attended=False)
        bench.execute(c.EnterSetup())
        bench.execute(c.Continue())
        assert (bench.phase, bench.memory.update) == (Phase.OPERATING_SYSTEM, WAITS)

    def test_three_wrong_codes_restart_and_it_is_asked_about_again(self) -> None:
        bench = starting(guarded())
        for _ in range(3):
            events = miss(bench)
        assert any(isinstance(event, e.RestartForced) for event in events)
        assert bench.logged()[-1] == EventCode.WRONG_RESPONSE_CODES
        assert (bench.phase, bench.memory.update) == (Phase.CHALLENGE, WAITS)
        bench.execute(c.RefreshChallenge())
        answer(bench, pin(bench))
        assert bench.memory.update == INSTALLED

    def test_switching_off_before_the_door_leaves_it_waiting(self) -> None:
        bench = starting(guarded())
        code = pin(bench)
        bench.execute(c.PowerOff())
        assert bench.memory.update == WAITS
        bench.execute(c.PowerOn())
        answer(bench, wrong(code) if code == pin(bench) else code)
        assert bench.memory.update == WAITS

    def test_the_last_one_that_was_installed_is_remembered(self) -> None:
        bench = starting(factory_new())
        for command in (c.Continue(), replace(UNSIGNED, name="newer.bin"), c.Restart()):
            bench.execute(command)
        assert bench.memory.update.installed == FirmwareFile("newer.bin", DIGEST)


class TestLockedVersion:
    def test_no_update_is_taken_while_the_version_is_locked(self) -> None:
        bench = started(with_settings(mode_on(), lock_bios_version="Enable"))
        for command in (UNSIGNED, update()):
            text = str(bench.refused(command, AccessDenied))
            assert repr("Lock BIOS Version") in text

    @pytest.mark.parametrize("attended", [True, False])
    def test_a_lock_that_is_put_on_later_refuses_what_waits(self, attended: bool) -> None:
        lock = c.SetSetting("Lock BIOS Version", "Enable")
        for order in (UNSIGNED, update()):
            bench = running(provisioned())
            for command in (order, lock, c.PowerOff()):
                bench.execute(command)
            events = bench.execute(c.PowerOn(attended=attended))
            assert events == (e.UpdateRefused(FILE), e.PhaseEntered(Phase.POST))
            assert bench.memory.update == FirmwareUpdate()

    def test_a_desktop_takes_updates_by_its_own_policies(self) -> None:
        bench = desktop("Disable")
        for command in (c.PowerOn(attended=False), c.Continue(), UNSIGNED, c.Restart()):
            bench.execute(command)
        assert bench.memory.update == INSTALLED
