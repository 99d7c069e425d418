"""The machine through its image against the model, with restarts, power cuts and replays in any order."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from emulator.devices.clock import FixedClock
from emulator.devices.entropy import FixedEntropy
from emulator.firmware import commands as c
from emulator.firmware.boot import Phase
from emulator.firmware.refusals import Refused
from emulator.machine import TargetPC
from firmware_store import FOUR_MEGABYTE, MemoryImage
from tests.firmware.bench import (
    LAK_1,
    MODE,
    USB,
    answer,
    deprovisioning,
    endorsement,
    local_key_value,
    miss,
    pin,
    shown_code,
    signed,
    signing,
    wait_for_challenge,
)
from tests.firmware.model import Model

NONCES = st.integers(1, 6)
SWITCH = st.sampled_from(["Enable", "Disable"])
CHANGES = st.one_of(
    st.tuples(st.sampled_from([USB, "Fast Boot", MODE]), SWITCH),
    st.tuples(st.just(MODE), st.just("Enable")),
    st.tuples(st.just(LAK_1), st.sampled_from([local_key_value(), ""])),
)
Sent = tuple[tuple[str, str], int, bool]


class FirmwareMachine(RuleBasedStateMachine):
    """Every rule begins and ends in the operating system."""

    def __init__(self) -> None:
        super().__init__()
        self.clock, self.entropy = FixedClock(), FixedEntropy()
        self.image = MemoryImage(FOUR_MEGABYTE)
        self.pc = TargetPC.manufacture(self.image, clock=self.clock, entropy=self.entropy)
        self.model = Model()
        self.sent: list[Sent] = []
        self.applied: list[Sent] = []
        self.highest = (0, 0, 0)
        self.switch_on(present=True)

    @property
    def phase(self) -> Phase:
        return self.pc.firmware.session.phase

    @initialize(guarded=st.booleans())
    def begin_guarded_or_new(self, guarded: bool) -> None:
        """Chance rarely walks the whole way to a guarded machine, so half of the walks begin there."""
        if guarded:
            self.order_keys("endorse", 1)
            self.order_keys("sign", 1)
            self.power_cycle(killed=False, present=True)
            self.change_signed((MODE, "Enable"), 1, single_use=False)
            self.change_signed((LAK_1, local_key_value()), 1, single_use=False)

    @rule(change=CHANGES)
    def change_unsigned(self, change: tuple[str, str]) -> None:
        self.order(c.SetSetting(*change), self.model.change_unsigned(*change))

    @rule(change=CHANGES, nonce=NONCES, single_use=st.booleans())
    def change_signed(self, change: tuple[str, str], nonce: int, single_use: bool) -> None:
        self.sent.append((change, nonce, single_use))
        self.send(self.sent[-1])

    @rule(which=st.integers(0, 50))
    def replay(self, which: int) -> None:
        if self.sent:
            self.send(self.sent[which % len(self.sent)])

    @rule(which=st.sampled_from(["endorse", "sign", "take back"]), nonce=NONCES)
    def order_keys(self, which: str, nonce: int) -> None:
        if which == "endorse":
            self.order(endorsement(), self.model.endorse())
        elif which == "sign":
            self.order(signing(nonce), self.model.set_signing_key(nonce))
        else:
            self.order(deprovisioning(nonce), self.model.take_back(nonce))

    @rule(killed=st.booleans(), present=st.booleans())
    def power_cycle(self, killed: bool, present: bool) -> None:
        if not killed:
            self.pc.execute(c.PowerOff())
        self.reopen()
        self.switch_on(present=present)

    @rule(codes=st.lists(st.sampled_from(["wrong", "wrong", "cut", "right"]), max_size=4), value=SWITCH)
    def press_f10(self, codes: list[str], value: str) -> None:
        self.pc.execute(c.Restart())
        self.answer_prompt(present=True)
        for code in codes:
            self.knock()
            if self.phase is Phase.SETUP:
                break
            self.answer(code)
        if self.phase is Phase.SETUP:
            assert not self.model.key or "right" in codes
            self.pc.execute(c.StageSetting(USB, value))
            self.pc.execute(c.SaveAndExit())
            self.model.change(USB, value)
        self.pc.execute(c.Continue())

    def knock(self) -> None:
        if self.phase is Phase.POST:
            self.pc.execute(c.EnterSetup())
            self.model.tries = 3
            if self.model.key:
                wait_for_challenge(self.pc, self.clock)

    def answer(self, code: str) -> None:
        if code == "right":
            answer(self.pc, pin(self.pc))
            self.model.misses = 0
            assert self.phase is Phase.SETUP
            return
        self.model.misses += 1
        self.model.tries -= 1
        if code == "cut":
            self.pc.execute(c.CountResponse(pin(self.pc)))
            self.reopen()
            self.pc.execute(c.PowerOn())
        else:
            miss(self.pc)
            assert self.phase is (Phase.CHALLENGE if self.model.tries else Phase.POST)

    # What must hold

    @invariant()
    def values_agree(self) -> None:
        memory, model = self.pc.firmware.memory, self.model
        platform, authentication = memory.platform, memory.authentication
        assert (platform.certificate is not None, platform.signing_key is not None, platform.confirmed) == (
            model.endorsed,
            model.signing,
            model.confirmed,
        )
        assert (platform.counter, platform.pending_counter) == (model.counter, model.pending)
        assert (authentication.enabled, authentication.keys[0] is not None) == (model.mode, model.key)
        assert (memory.counters.settings, memory.counters.actions) == (model.settings, model.actions)
        assert memory.guard.misses == model.misses
        assert model.values.items() <= memory.settings.items()

    @invariant()
    def no_counter_falls(self) -> None:
        memory = self.pc.firmware.memory
        counters = memory.platform.counter, memory.counters.settings, memory.counters.actions
        assert all(now >= before for now, before in zip(counters, self.highest, strict=True))
        self.highest = counters

    def teardown(self) -> None:
        self.reopen()

    # How the rules do it

    def order(self, command: c.Command, allowed: bool) -> None:
        if allowed:
            self.pc.execute(command)
        else:
            with pytest.raises(Refused):
                self.pc.execute(command)

    def send(self, sent: Sent) -> None:
        change, nonce, single_use = sent
        allowed = self.model.change_signed(*change, nonce, single_use=single_use)
        self.order(signed(*change, nonce, single_use=single_use), allowed)
        if allowed and single_use:
            assert sent not in self.applied
            self.applied.append(sent)

    def reopen(self) -> None:
        held = self.pc.firmware.memory
        self.pc = TargetPC(self.image, clock=self.clock, entropy=self.entropy)
        assert self.pc.firmware.memory == held

    def switch_on(self, *, present: bool) -> None:
        self.pc.execute(c.PowerOn())
        self.answer_prompt(present=present)
        self.pc.execute(c.Continue())

    def answer_prompt(self, *, present: bool) -> None:
        if self.phase is not Phase.PRESENCE:
            return
        if present:
            self.pc.execute(c.AnswerPresence(shown_code(self.pc)))
            self.model.confirm()
        else:
            self.pc.execute(c.RefusePresence())
            self.model.forget()


TestFirmware = FirmwareMachine.TestCase
TestFirmware.settings = settings(
    deadline=None, max_examples=50, stateful_step_count=40, suppress_health_check=[HealthCheck.too_slow]
)
