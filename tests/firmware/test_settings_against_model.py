"""Settings, defaults, passwords and prerequisites through the image against the model, with restarts and power cuts in any order."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from emulator.devices.clock import FixedClock
from emulator.devices.entropy import FixedEntropy
from emulator.firmware import commands as c
from emulator.firmware.boot import Phase
from emulator.firmware.refusals import PasswordsLocked, PasswordWrong, Refused
from emulator.machine import TargetPC
from firmware_store import FOUR_MEGABYTE, MemoryImage, VariableStore
from firmware_store.errors import PowerCut
from firmware_store.flash import Cut
from tests.firmware.bench import shown_code
from tests.firmware.settings_model import (
    ADDRESS,
    DEFAULTS,
    DEVICE,
    LENGTH,
    ONCE,
    POLICY,
    PROXY,
    TAG,
    TPM,
    USB,
    Model,
)
from tests.sampling import examples

SETUP, RESTORE = "Setup Password", "Restore Security Settings to Factory Defaults"
PASSWORDS = ["", "correct-horse", "battery-staple", "short"]
SWITCH = st.sampled_from(["Disable", "Enable"])
CHANGES = st.one_of(
    st.tuples(st.sampled_from([USB, PROXY, TPM]), SWITCH),
    st.tuples(st.sampled_from([TAG, ADDRESS]), st.sampled_from(["", "one", "two"])),
    st.tuples(st.just(DEVICE), st.sampled_from(["Hidden", "Available"])),
    st.tuples(st.just(POLICY), st.sampled_from(["F1 to Boot", "No prompts"])),
    st.tuples(st.just(LENGTH), st.sampled_from(["4", "8", "14"])),
    st.tuples(st.just(ONCE), st.sampled_from(["No", "No", "Yes"])),
)
ORDERS = {
    "save custom": ("Save Custom Defaults", "Save"),
    "apply custom": ("Apply Custom Defaults and Exit", "Yes"),
    "apply factory": ("Apply Factory Defaults and Exit", "Yes"),
}


class CutImage(MemoryImage):
    """An image whose flash loses power in the middle of a commit, when it is told to."""

    cut_at: int | None = None

    @contextmanager
    def transaction(self, *, wait: bool = True, secret: bool = False) -> Iterator[VariableStore]:
        if self.cut_at is None:
            with super().transaction(wait=wait, secret=secret) as store:
                yield store
            return
        store = self.open()
        store.flash.cut = Cut(self.cut_at, done=self.cut_at % 5, unchanged=0x0F)
        self.cut_at = None
        try:
            with store.transaction(secret=secret):
                yield store
        finally:
            self._content = bytes(store.flash.content)


class SettingsMachine(RuleBasedStateMachine):
    """Every rule begins and ends in the operating system."""

    def __init__(self) -> None:
        super().__init__()
        self.image = CutImage(FOUR_MEGABYTE)
        self.model = Model()
        self.pc = TargetPC.manufacture(self.image, clock=FixedClock(), entropy=FixedEntropy())
        self.switch_on(present=True)

    @rule(change=CHANGES, password=st.sampled_from(PASSWORDS))
    def change_remotely(self, change: tuple[str, str], password: str) -> None:
        allowed = self.model.proves(password) and self.model.change(*change)
        self.order(c.SetSetting(*change, marked(password)), allowed)

    @rule(which=st.sampled_from(sorted(ORDERS)))
    def order_defaults(self, which: str) -> None:
        name, value = ORDERS[which]
        if self.model.proves(self.known()):
            self.obey(which)
            self.order(c.SetSetting(name, value, marked(self.known())), allowed=True)

    @rule()
    def set_system_defaults(self) -> None:
        if self.model.proves(self.known()):
            self.model.defaults(DEFAULTS)
            self.order(c.SetSystemDefaults(marked(self.known())), allowed=True)

    @rule(new=st.sampled_from(PASSWORDS), password=st.sampled_from(PASSWORDS))
    def change_password_remotely(self, new: str, password: str) -> None:
        allowed = self.model.proves(password) and self.model.set_password(new)
        self.order(c.SetSetting(SETUP, marked(new), marked(password)), allowed)

    @rule(
        staged=st.lists(CHANGES, max_size=4), save=st.booleans(), present=st.booleans(), restore=st.booleans()
    )
    def visit_setup(self, staged: list[tuple[str, str]], save: bool, present: bool, restore: bool) -> None:
        self.pc.execute(c.Restart())
        self.answer_prompts(present=present)
        self.pc.execute(c.EnterSetup())
        if self.model.administrator:
            self.pc.execute(c.TypePassword(self.model.administrator))
        wanted = self.stage(staged, restore=restore)
        if save:
            self.pc.execute(c.SaveAndExit())
            self.save(wanted)
            self.answer_prompts(present=present)
        self.pc.execute(c.Continue())

    @rule(killed=st.booleans(), present=st.booleans())
    def power_cycle(self, killed: bool, present: bool) -> None:
        if not killed:
            self.pc.execute(c.PowerOff())
        self.reopen()
        self.switch_on(present=present)

    @rule()
    def clear_cmos(self) -> None:
        self.pc.execute(c.PowerOff())
        self.pc.execute(c.ClearCMOS())
        self.model.defaults(DEFAULTS)
        self.switch_on(present=False)

    @precondition(lambda self: self.model.tries)
    @rule(change=CHANGES, at=st.integers(1, 25), which=st.sampled_from(["setting", "password", "defaults"]))
    def lose_power_while_writing(self, change: tuple[str, str], at: int, which: str) -> None:
        proof = marked(self.known())
        command: c.Command = c.SetSetting(*change, proof)
        if which == "password":
            command = c.SetSetting(SETUP, marked("battery-staple"), proof)
        elif which == "defaults":
            command = c.SetSystemDefaults(proof)
        after, model = self.foretold(command), copy.deepcopy(self.model)
        before, self.image.cut_at = self.pc.firmware.memory, at
        with suppress(PowerCut, Refused):
            self.pc.execute(command)
        self.image.cut_at = None
        self.pc = TargetPC(self.image, clock=self.pc.clock, entropy=self.pc.entropy)
        assert self.pc.firmware.memory in (before, after)
        if self.pc.firmware.memory == after != before:
            self.follow(command, model)
        self.switch_on(present=True)

    # What must hold

    @invariant()
    def values_agree(self) -> None:
        memory = self.pc.firmware.memory
        assert {name: memory.settings[name] for name in DEFAULTS} == self.model.stored
        assert {**DEFAULTS, **memory.custom} == self.model.custom
        assert {name: each for name, each in memory.waiting.items() if name != RESTORE} == self.model.waiting
        assert (RESTORE in memory.waiting) is self.model.restoring
        assert (memory.passwords.administrator is not None) is bool(self.model.administrator)
        for name in DEFAULTS:
            grey = not self.model.holds(name, self.model.stored) or self.model.stored.get(name) == "Yes"
            assert bool(self.pc.firmware.why_grey(name)) is grey

    def teardown(self) -> None:
        self.reopen()

    # How the rules do it

    def known(self) -> str:
        return self.model.administrator

    def order(self, command: c.Command, allowed: bool) -> None:
        if allowed:
            self.pc.execute(command)
            self.model.tries = 3
            return
        with pytest.raises(Refused) as refusal:
            self.pc.execute(command)
        assert self.model.tries or isinstance(refusal.value, PasswordWrong | PasswordsLocked)

    def obey(self, which: str) -> None:
        if which == "save custom":
            self.model.custom = {**self.model.stored, ONCE: self.model.custom[ONCE]}
            if self.model.stored[ONCE] == "No":
                self.model.custom[ONCE] = "No"
        else:
            self.model.defaults(self.model.custom if which == "apply custom" else DEFAULTS)

    def stage(self, staged: list[tuple[str, str]], *, restore: bool) -> dict[str, str]:
        """Change settings on the screen, as far as they are not grey there; returns what will be saved."""
        for name, value in staged:
            if self.pc.firmware.why_grey(name):
                with pytest.raises(Refused):
                    self.pc.execute(c.StageSetting(name, value))
            else:
                self.pc.execute(c.StageSetting(name, value))
        if restore:
            self.pc.execute(c.StageSetting(RESTORE, "Yes"))
        return dict(self.pc.firmware.session.staged)

    def save(self, wanted: dict[str, str]) -> None:
        self.model.restoring |= wanted.pop(RESTORE, "No") == "Yes"
        # What hangs on another setting goes before it if it can now, else after it.
        late = [
            name for name in wanted if not self.model.holds(name, {**self.model.stored, **self.model.waiting})
        ]
        for name in sorted(
            wanted, key=lambda name: (name in late, name not in (ADDRESS, TPM, POLICY, LENGTH))
        ):
            assert self.model.change(name, wanted[name])

    def foretold(self, command: c.Command) -> object:
        """The memory after a command that nothing interrupts, from a twin of this machine."""
        twin = copy.copy(self.pc.firmware)
        try:
            twin.execute(command, now=self.pc.clock.now(), entropy=copy.deepcopy(self.pc.entropy))
        except Refused:
            return self.pc.firmware.memory
        return twin.memory

    def follow(self, command: c.Command, model: Model) -> None:
        self.model = model
        if isinstance(command, c.SetSystemDefaults):
            model.defaults(DEFAULTS)
        elif isinstance(command, c.SetSetting) and command.name == SETUP:
            assert model.set_password("battery-staple")
        elif isinstance(command, c.SetSetting):
            assert model.change(command.name, command.value)

    def reopen(self) -> None:
        held = self.pc.firmware.memory
        self.pc = TargetPC(self.image, clock=self.pc.clock, entropy=self.pc.entropy)
        assert self.pc.firmware.memory == held

    def switch_on(self, *, present: bool) -> None:
        self.pc.execute(c.PowerOn())
        self.answer_prompts(present=present)
        self.pc.execute(c.Continue())

    def answer_prompts(self, *, present: bool) -> None:
        self.model.tries = 3
        while self.pc.firmware.session.phase is Phase.PRESENCE:
            self.pc.execute(c.AnswerPresence(shown_code(self.pc)) if present else c.RefusePresence())
        if present:
            self.model.confirm()
        self.model.waiting, self.model.restoring = {}, False


def marked(password: str) -> str:
    return f"<utf-16/>{password}"


TestSettings = SettingsMachine.TestCase
TestSettings.settings = settings(
    deadline=None,
    max_examples=examples(40),
    stateful_step_count=30,
    suppress_health_check=[HealthCheck.too_slow],
)
