"""The machine through its image against the model: passwords, keys, presence, doors, with replays and power cuts in any order."""

from operator import methodcaller

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from emulator.firmware import commands as c
from emulator.firmware import passwords
from emulator.firmware.boot import Phase
from emulator.protocol.password import utf_16
from tests.firmware.bench import LAK_1, MODE, RESTORE, USB, local_key_value, signed, signing
from tests.firmware.bench import POWER_ON_PASSWORD as USER
from tests.firmware.bench import SETUP_PASSWORD as BOSS
from tests.firmware.model import Entry as Ordered
from tests.firmware.model import Model
from tests.firmware.model_passwords import TPM
from tests.firmware.recovery import endorsement_with
from tests.firmware.stateful_machine import GUESS, WORDS, Deed, Driver, until_the_power_fails
from tests.sampling import examples

Change = tuple[str, str]
Entry = tuple[Change, str | tuple[int, bool]]

SWITCH = st.sampled_from(["Disable", "Enable"])
CHANGES = st.one_of(
    st.tuples(st.sampled_from([USB, TPM, MODE]), SWITCH),
    st.sampled_from([(MODE, "Enable"), (MODE, "Disable"), (LAK_1, local_key_value()), (LAK_1, "")]),
    st.sampled_from([(RESTORE, "Yes"), (LAK_1, local_key_value()), (TPM, "Disable")]),
    st.sampled_from([(role, word) for role, words in WORDS.items() for word in ["", *words]]),
)
# What is ordered by signature on the way from a machine with keys to one that is taken back.
ORDERS = {
    "mode on": (MODE, "Enable"),
    "to be restored": (RESTORE, "Yes"),
    "guarded": (LAK_1, local_key_value()),
    "to be restored again": (RESTORE, "Yes"),
    "mode off": (MODE, "Disable"),
}
WAY = ["new", "provisioned", *ORDERS]
# How far a nonce lies above what was accepted last.
STEPS = st.sampled_from([-1, 0, 0, 1, 1, 2])
SIGNED = st.tuples(CHANGES, st.tuples(STEPS, st.booleans()))
PROOFS = st.sampled_from(["right", "right", "right", "none", "wrong", "lesser"])
ENTRIES = st.one_of(SIGNED, SIGNED, SIGNED, st.tuples(CHANGES, PROOFS))
START = st.lists(st.sampled_from(["right", "right", "refuse", "wrong", "greater"]), max_size=3)
KNOCKS = st.lists(st.sampled_from(["wrong", "right", "lesser", "lesser", "refresh", "unplug"]), max_size=4)


class FirmwareMachine(Driver):
    """Every rule begins and ends in the operating system."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[c.Command, Deed]] = []
        self.highest = (0, 0, 0)

    @initialize(
        done=st.sampled_from(["new", "new", *WAY]),
        locked=st.sampled_from([(), (BOSS,), (BOSS, USER), (USER,)]),
    )
    def begin_somewhere_on_the_way(self, done: str, locked: tuple[str, ...]) -> None:
        """Chance rarely walks the whole way from a new machine to one that is taken back, so walks begin anywhere on it."""
        for role in reversed(locked):
            self.order((role, WORDS[role][0]), "none")
        way = WAY[: WAY.index(done) + 1]
        if "provisioned" in way:
            self.endorse("right")
            self.send_key(1, none=False)
            self.restart([])
            self.do(c.Continue())
        for step, change in ORDERS.items():
            if step in way:
                self.send([(change, (1, False))], listed=False)

    @rule(at=st.integers(1, 30), passing=st.integers(0, 6))
    def plan_a_power_cut(self, at: int, passing: int) -> None:
        """Somewhere in one of the next commands that write, whichever rule gives it."""
        self.cut_at, self.passing = at, passing

    @rule(change=CHANGES, proof=PROOFS)
    @until_the_power_fails
    def change_unsigned(self, change: Change, proof: str) -> None:
        self.order(change, proof)

    @rule(entry=SIGNED)
    @until_the_power_fails
    def change_signed(self, entry: Entry) -> None:
        self.send([entry], listed=False)

    @rule(entries=st.lists(ENTRIES, min_size=1, max_size=4))
    @until_the_power_fails
    def apply_a_list(self, entries: list[Entry]) -> None:
        self.send(entries, listed=True)

    @rule(which=st.integers(0, 50))
    @until_the_power_fails
    def replay(self, which: int) -> None:
        if self.sent:
            self.do(*self.sent[which % len(self.sent)])

    @rule(proof=PROOFS)
    @until_the_power_fails
    def send_an_endorsement_key(self, proof: str) -> None:
        self.endorse(proof)

    @rule(step=STEPS, none=st.booleans())
    @until_the_power_fails
    def send_a_signing_key_or_give_both_up(self, step: int, none: bool) -> None:
        self.send_key(max(self.model.counter, self.model.pending) + step, none=none)

    @rule(killed=st.booleans(), attended=st.booleans(), answers=START)
    @until_the_power_fails
    def power_cycle(self, killed: bool, attended: bool, answers: list[str]) -> None:
        if not killed:
            self.do(c.PowerOff())
        self.reopen()
        self.switch_on(answers, attended=attended)

    @rule(start=START, knocks=KNOCKS, staged=st.lists(CHANGES, max_size=3), proof=PROOFS)
    @until_the_power_fails
    def visit_setup(self, start: list[str], knocks: list[str], staged: list[Change], proof: str) -> None:
        self.restart(start)
        self.knock()
        for answer in knocks:
            if self.phase not in (Phase.CHALLENGE, Phase.PASSWORD):
                break
            if answer == "unplug":
                self.pay_and_unplug()
                return
            self.try_door(answer)
        if self.phase is Phase.SETUP:
            self.change_on_the_screen(staged, proof)
        if self.phase not in (Phase.CHALLENGE, Phase.PASSWORD):
            self.pass_gates(start)
        self.do(c.Continue())

    def change_on_the_screen(self, staged: list[Change], proof: str) -> None:
        visitor = BOSS if self.model.values[LAK_1] else self.model.visitor()
        for name, value in staged:
            if name in WORDS:
                self.renew(name, value, self.word(proof, name), visitor)
            else:
                deed = methodcaller("stage", name, value, visitor)
                self.do(c.StageSetting(name, value), deed)
        kept = dict(self.pc.firmware.session.staged)
        self.do(
            c.SaveAndExit(),
            lambda model: all(model.change(*each) for each in kept.items()) and model.start(),
        )

    def renew(self, name: str, new: str, current: str, visitor: str) -> None:
        self.do(
            c.ChangePassword(name, new, current),
            lambda model: model.renews(name, current, visitor) and model.change(name, new),
        )

    # What must hold

    @invariant()
    def values_agree(self) -> None:
        memory, model = self.memory, self.model
        platform, authentication = memory.platform, memory.authentication
        keys = platform.certificate is not None, platform.signing_key is not None, platform.confirmed
        assert keys == (model.endorsed, model.signing, model.confirmed)
        assert (platform.counter, platform.pending_counter) == (model.counter, model.pending)
        assert (memory.counters.settings, memory.counters.actions) == (model.settings, model.actions)
        assert memory.guard.misses == model.misses
        assert self.pc.firmware.session.password_tries == model.tries
        assert memory.waiting == model.waiting
        assert {name: memory.settings[name] for name in (USB, TPM)}.items() <= model.values.items()
        assert ("Enable" if authentication.enabled else "Disable") == model.values[MODE]
        assert (local_key_value() if authentication.keys[0] else "") == model.values[LAK_1]
        for kept, role in ((memory.passwords.administrator, BOSS), (memory.passwords.power_on, USER)):
            assert passwords.matches(kept, model.values[role]) if model.values[role] else kept is None

    @invariant()
    def no_counter_falls(self) -> None:
        counters = self.memory.platform.counter, self.memory.counters.settings, self.memory.counters.actions
        assert all(now >= before for now, before in zip(counters, self.highest, strict=True))
        self.highest = counters

    # How the rules do it

    def word(self, proof: str, role: str = BOSS) -> str:
        right = self.model.values[role] or self.model.values[BOSS]
        return {"none": "", "wrong": GUESS, "lesser": self.model.values[USER]}.get(proof, right)

    def order(self, change: Change, proof: str) -> None:
        word = self.word(proof)
        self.do(unsigned(change, word), lambda model: model.order((*change, word)))

    def send(self, entries: list[Entry], *, listed: bool) -> None:
        """Settings, each with a password or none, or with a nonce near what was accepted last."""
        made: list[tuple[c.SetSetting, Ordered]] = []
        for change, proof in entries:
            if isinstance(proof, str):
                made.append((unsigned(change, self.word(proof)), (*change, self.word(proof))))
            else:
                nonce, once = self.nonce(*proof), proof[1]
                order = signed(change[0], value_of(change), nonce, single_use=once)
                made.append((order, (*change, (nonce, once))))
        commands, orders = zip(*made, strict=True)
        command = c.ApplyList(commands) if listed else commands[0]
        self.sent.append((command, lambda model: model.order(*orders)))
        self.do(*self.sent[-1])

    def nonce(self, step: int, single_use: bool) -> int:
        return max(0, step + (self.model.actions if single_use else self.model.settings))

    def endorse(self, proof: str) -> None:
        word = self.word(proof)
        self.do(endorsement_with(word), lambda model: model.endorse(word))

    def send_key(self, nonce: int, *, none: bool) -> None:
        nonce = max(0, nonce)
        command = signing(nonce, None if none else "signing")
        self.sent.append((command, lambda model: model.send_key(nonce, none=none)))
        self.do(*self.sent[-1])

    def pay_and_unplug(self) -> None:
        """Whoever pulls the plug before the code is compared has lost the try all the same."""
        if self.phase is Phase.CHALLENGE:
            self.do(c.CountResponse("12345678"), Model.pays)
        self.reopen()
        self.switch_on([])


def unsigned(change: Change, word: str) -> c.SetSetting:
    return c.SetSetting(change[0], value_of(change), utf_16(word) if word else "")


def value_of(change: Change) -> str:
    """The value as it travels: a password behind its mark."""
    name, value = change
    return utf_16(value) if name in WORDS else value


TestFirmware = FirmwareMachine.TestCase
TestFirmware.settings = settings(
    deadline=None,
    max_examples=examples(50),
    stateful_step_count=30,
    suppress_health_check=[HealthCheck.too_slow],
)
