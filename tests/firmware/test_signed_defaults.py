"""SetSystemDefaults by a signed command, with the mode on and off."""

import uuid
from dataclasses import replace

import pytest

from emulator.firmware import commands as c
from emulator.firmware.event_log import EventCode
from emulator.firmware.memory import Guard
from emulator.firmware.refusals import (
    AnotherMachine,
    NonceTooOld,
    SignatureNeeded,
    SignatureRefused,
    UnknownSetting,
    WrongPhase,
)
from emulator.protocol import authorization
from tests.firmware.bench import (
    BOSS,
    MACHINE,
    MODE,
    NONCE,
    USB,
    Bench,
    factory_new,
    guarded,
    key,
    locked,
    mode_on,
    provisioned,
    signed,
    started,
)
from tests.firmware.recovery import signed_defaults

CHANGED = signed(USB, "Disable")


def changed(bench: Bench) -> Bench:
    bench.execute(CHANGED)
    assert bench.firmware.value(USB) == "Disable"
    return bench


def test_it_puts_the_factory_defaults_whether_the_mode_is_on_or_off_and_whatever_password_is_set() -> None:
    for memory in (provisioned(), mode_on(), guarded(), locked(mode_on(), BOSS), locked(provisioned(), BOSS)):
        bench = changed(started(memory))
        before = bench.memory
        bench.execute(signed_defaults())
        assert bench.firmware.value(USB) == "Enable"
        assert (bench.memory.authentication, bench.memory.platform, bench.memory.passwords) == (
            before.authentication,
            before.platform,
            before.passwords,
        )


def test_what_needs_presence_waits_for_it() -> None:
    memory = replace(mode_on(), settings={**mode_on().settings, "TPM State": "Disable"})
    bench = started(memory)
    bench.execute(signed_defaults())
    assert bench.memory.waiting == {"TPM State": "Enable"}


def test_it_counts_as_a_signed_command() -> None:
    bench = started(mode_on())
    bench.execute(signed_defaults(NONCE + 3))
    assert bench.memory.counters.settings == NONCE + 3
    bench.refused(signed_defaults(NONCE + 2), NonceTooOld)
    bench.execute(signed_defaults(NONCE + 3))


def test_a_single_use_one_is_good_once() -> None:
    bench = started(mode_on())
    bench.execute(signed_defaults(9, single_use=True))
    assert (bench.memory.counters.actions, bench.memory.counters.settings) == (9, NONCE)
    bench.refused(signed_defaults(9, single_use=True), NonceTooOld)


def test_it_clears_the_misses() -> None:
    bench = started(replace(mode_on(), guard=Guard(4, 5)))
    bench.execute(signed_defaults(nonce=NONCE + 1))
    assert bench.memory.guard == Guard()


@pytest.mark.parametrize(
    "command",
    [
        signed_defaults(by="other"),
        signed_defaults(name="setsystemdefaults"),
        signed_defaults(name=USB),
        c.SetSystemDefaults(CHANGED.authorization),
        c.SetSystemDefaults("<BEAM/>AAAA"),
        c.SetSystemDefaults("<BEAM/>"),
    ],
)
def test_what_was_signed_for_something_else_is_refused_and_logged(command: c.SetSystemDefaults) -> None:
    bench = changed(started(mode_on()))
    before = bench.logged()
    bench.refused(command, SignatureRefused)
    assert bench.logged() == [*before, EventCode.INVALID_SETTING_SIGNATURE]


def test_it_may_be_bound_to_this_machine_and_to_no_other() -> None:
    def bound(target: uuid.UUID) -> c.SetSystemDefaults:
        token = authorization.make(key("signing"), "SetSystemDefaults", "", nonce=NONCE, target=target)
        return c.SetSystemDefaults(token)

    bench = started(mode_on())
    bench.execute(bound(MACHINE))
    bench.refused(bound(uuid.UUID(int=7)), AnotherMachine)


def test_without_keys_nothing_can_have_signed_it() -> None:
    started(factory_new()).refused(signed_defaults(), SignatureRefused)


def test_its_token_is_good_for_no_setting_of_that_name() -> None:
    bench = started(mode_on())
    command = c.SetSetting("SetSystemDefaults", "", signed_defaults().authorization)
    assert "no setting" in str(bench.refused(command, UnknownSetting))


def test_with_the_mode_on_it_needs_a_signature() -> None:
    bench = started(mode_on())
    bench.refused(c.SetSystemDefaults(), SignatureNeeded)
    bench.execute(signed(MODE, "Disable"))
    bench.execute(c.SetSystemDefaults())


def test_it_is_for_the_operating_system() -> None:
    Bench(mode_on()).refused(signed_defaults(), WrongPhase)
