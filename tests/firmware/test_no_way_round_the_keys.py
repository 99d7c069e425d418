"""Every way round the keys that somebody could think of, and that is closed."""

import pytest

from emulator.firmware import commands as c
from emulator.firmware.boot import Phase
from emulator.firmware.catalogue import Keeper
from emulator.firmware.refusals import (
    AccessDenied,
    AlreadyProvisioned,
    MustWait,
    NoLiveChallenge,
    NonceTooOld,
    ReadOnly,
    Refused,
    SignatureNeeded,
    StillInUse,
    WrongPhase,
)
from tests.firmware.bench import (
    LAK_1,
    LAK_2,
    LAK_3,
    MODE,
    NONCE,
    PRESENCE_INTERFACE,
    USB,
    Bench,
    answer,
    at_the_door,
    deprovisioning,
    endorsement,
    guarded,
    local_key_value,
    locked_out,
    made_by,
    mode_on,
    model,
    pin,
    provisioned,
    signed,
    signing,
    started,
)

PLATFORM_KEYS = [name for name, each in model().settings.items() if each.keeper is Keeper.PLATFORM_KEY]
COUNTERS = [name for name, each in model().settings.items() if each.tells.endswith("counter")]


def inside() -> Bench:
    """In Computer Setup of a guarded machine, past its door."""
    bench = at_the_door()
    answer(bench, pin(bench))
    return bench


@pytest.mark.parametrize("name", PLATFORM_KEYS)
def test_platform_keys_change_by_no_setting_command_not_even_a_signed_one(name: str) -> None:
    for command in (c.SetSetting(name, ""), signed(name, ""), signed(name, local_key_value("other"))):
        started(mode_on()).refused(command, AccessDenied)
    inside().refused(c.StageSetting(name, ""), AccessDenied)


@pytest.mark.parametrize("name", COUNTERS)
def test_counters_change_by_no_setting_command_not_even_a_signed_one(name: str) -> None:
    assert len(COUNTERS) == 3
    for command in (c.SetSetting(name, "0"), signed(name, "0")):
        started(mode_on()).refused(command, ReadOnly)
    inside().refused(c.StageSetting(name, "0"), ReadOnly)


def test_the_mode_changes_from_no_page_of_setup() -> None:
    for value in ("Enable", "Disable"):
        inside().refused(c.StageSetting(MODE, value), SignatureNeeded)


def test_the_mode_changes_by_no_unsigned_command_whether_on_or_off() -> None:
    for memory in (provisioned(), mode_on(), guarded()):
        for value in ("Enable", "Disable"):
            started(memory).refused(c.SetSetting(MODE, value), SignatureNeeded)


def test_a_local_access_key_is_set_by_nothing_but_a_signature_while_the_mode_is_on() -> None:
    value = local_key_value("other")
    for memory in (provisioned(), mode_on(), guarded()):
        needed = SignatureNeeded if memory.authentication.enabled else AccessDenied
        started(memory).refused(c.SetSetting(LAK_2, value), needed)
    inside().refused(c.StageSetting(LAK_1, value), SignatureNeeded)
    started(provisioned()).refused(signed(LAK_1, value), AccessDenied)


def test_a_local_access_key_is_not_cleared_without_a_signature_while_the_mode_is_on() -> None:
    started(guarded()).refused(c.SetSetting(LAK_1, ""), SignatureNeeded)
    inside().refused(c.StageSetting(LAK_1, ""), SignatureNeeded)


def test_with_the_mode_off_a_local_access_key_may_be_cleared_from_either_side() -> None:
    off = made_by([signed(MODE, "Disable")], guarded())
    bench = started(off)
    bench.execute(c.SetSetting(LAK_1, ""))
    assert bench.memory.authentication.keys == (None, None, None)
    bench = at_the_door(off)
    answer(bench, pin(bench))
    bench.execute(c.StageSetting(LAK_1, ""))
    assert bench.memory.authentication.keys != (None, None, None)
    bench.execute(c.SaveAndExit())
    assert bench.memory.authentication.keys == (None, None, None)


def test_the_door_stays_guarded_while_a_key_is_left_though_the_mode_is_off() -> None:
    memory = made_by([signed(LAK_3, local_key_value("other")), signed(MODE, "Disable")], guarded())
    memory = made_by([c.SetSetting(LAK_1, "")], memory)
    bench = at_the_door(memory)
    bench.refused(c.StageSetting(USB, "Disable"), WrongPhase)
    answer(bench, pin(bench, "other"))
    assert bench.phase is Phase.SETUP
    assert at_the_door(made_by([c.SetSetting(LAK_3, "")], memory)).phase is Phase.SETUP


def test_setup_is_closed_to_whoever_does_not_answer() -> None:
    bench = at_the_door()
    for command in (c.StageSetting(USB, "Disable"), c.SaveAndExit(), c.EnterSetup(), c.Restart()):
        bench.refused(command, WrongPhase)
    bench.execute(c.Continue())
    for command in (c.StageSetting(USB, "Disable"), c.SaveAndExit(), c.EnterSetup()):
        bench.refused(command, WrongPhase)


def test_no_code_is_compared_that_was_not_paid_for() -> None:
    bench = at_the_door()
    bench.refused(c.CompareResponse(pin(bench)), NoLiveChallenge)


def test_one_payment_is_good_for_one_comparison() -> None:
    bench = at_the_door()
    right = pin(bench)
    bench.execute(c.CountResponse("00000000"))
    bench.execute(c.CompareResponse("00000000"))
    bench.refused(c.CompareResponse(right), NoLiveChallenge)


def test_a_payment_does_not_outlive_a_refresh() -> None:
    bench = at_the_door()
    bench.execute(c.CountResponse("00000000"))
    bench.execute(c.RefreshChallenge())
    bench.refused(c.CompareResponse(pin(bench)), NoLiveChallenge)


def test_the_keys_are_not_given_up_while_they_guard_something() -> None:
    started(guarded()).refused(deprovisioning(NONCE + 1), StillInUse)


def test_another_owner_cannot_bring_keys_of_his_own() -> None:
    started(guarded()).refused(endorsement("other"), AlreadyProvisioned)
    started(guarded()).refused(signing(NONCE + 1, "other", "other"), Refused, exact=False)


def test_a_signing_key_orders_nothing_before_somebody_was_present() -> None:
    bench = started(made_by([deprovisioning(NONCE)], provisioned()))
    bench.execute(endorsement())
    bench.execute(signing())
    bench.refused(signed(MODE, "Enable"), Refused, exact=False)


def test_taking_the_keys_back_and_provisioning_again_makes_no_old_payload_good() -> None:
    bench = started(mode_on())
    bench.execute(signed(USB, "Disable", NONCE + 3, single_use=True))
    bench.execute(signed(MODE, "Disable", NONCE + 2))
    bench.execute(deprovisioning(NONCE + 4))
    bench.execute(endorsement())
    bench.execute(signing(NONCE + 5))
    bench.execute(c.Restart())
    assert bench.firmware.session.prompt is not None
    bench.execute(c.AnswerPresence(bench.firmware.session.prompt.code))
    bench.execute(c.Continue())
    bench.refused(signed(USB, "Disable", NONCE + 3, single_use=True), NonceTooOld)
    bench.refused(signed(MODE, "Enable", NONCE + 1), NonceTooOld)


def test_presence_prompts_are_not_switched_off_without_presence() -> None:
    bench = started(provisioned())
    for command in (c.SetSetting(PRESENCE_INTERFACE, "Disable"), signed(PRESENCE_INTERFACE, "Disable")):
        bench.execute(command)
        assert bench.firmware.value(PRESENCE_INTERFACE) == "Enable"


def test_a_restart_refunds_no_wait() -> None:
    bench = locked_out()
    bench.execute(c.EnterSetup())
    answer(bench, "00000000")
    bench.execute(c.Continue())
    bench.execute(c.Restart())
    bench.execute(c.EnterSetup())
    bench.refused(c.RefreshChallenge(), MustWait)
    assert bench.firmware.session.door.live is None
