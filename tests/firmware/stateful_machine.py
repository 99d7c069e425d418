"""How the stateful test drives a machine and its model in step: commands, cuts of the power, and all that is watched meanwhile.

A command is carried out by both. What the model refuses the machine must refuse, with nothing new but a lost try. The power can be cut
at any step inside any commit: then the image holds the state before the command or the one after it, and the model goes along.
"""

import copy
import functools
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Concatenate, ParamSpec, TypeVar

import pytest
from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf import scrypt
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from hypothesis.stateful import RuleBasedStateMachine

from emulator.devices.clock import FixedClock
from emulator.devices.entropy import FixedEntropy
from emulator.firmware import commands as c
from emulator.firmware.boot import Phase
from emulator.firmware.events import Event
from emulator.firmware.memory import Memory
from emulator.firmware.refusals import Refused
from emulator.firmware.report import report
from emulator.machine import TargetPC
from emulator.protocol import authorization
from firmware_store import FOUR_MEGABYTE, MemoryImage, VariableStore
from firmware_store.errors import PowerCut
from firmware_store.flash import Cut
from tests.firmware.bench import LAK_1, pin, shown_code, wrong
from tests.firmware.bench import POWER_ON_PASSWORD as USER
from tests.firmware.bench import SETUP_PASSWORD as BOSS
from tests.firmware.model import Model
from tests.firmware.stateful_proofs import Proofs, brought, unproved

WORDS = {BOSS: ["Administrator-1", "Administrator-2"], USER: ["Starter-22"]}
GUESS = "Guessed-333"
SECRETS = [*WORDS[BOSS], *WORDS[USER], GUESS]

Deed = Callable[[Model], bool]
P = ParamSpec("P")
D = TypeVar("D", bound="Driver")


class CutImage(MemoryImage):
    """An image whose flash loses power at a step of a commit that has been planned."""

    cut_at: int | None = None

    @contextmanager
    def transaction(self, *, wait: bool = True, secret: bool = False) -> Iterator[VariableStore]:
        if self.cut_at is None:
            with super().transaction(wait=wait, secret=secret) as store:
                yield store
            return
        store = self.open()
        store.flash.cut = Cut(self.cut_at, done=self.cut_at % 5, unchanged=0x0F)
        try:
            with store.transaction(secret=secret):
                yield store
        finally:
            self._content = bytes(store.flash.content)


class OneSalt(FixedEntropy):
    """Random numbers with few different salts, so that few passwords have to be stretched in earnest."""

    def octets(self, count: int) -> bytes:
        return bytes(count)

    def below(self, limit: int) -> int:
        return int.from_bytes(super().octets(16), "big") % limit


@functools.cache
def stretched(salt: bytes, password: bytes, *costs: int) -> bytes:
    return Scrypt(salt, *costs).derive(password)


class Remembered:
    """Scrypt as it is, except that it stretches nothing twice: a walk has hundreds of passwords, and each would take 50 ms."""

    def __init__(self, salt: bytes, *costs: int) -> None:
        self.salt, self.costs = salt, costs

    def derive(self, password: bytes) -> bytes:
        return stretched(self.salt, password, *self.costs)

    def verify(self, password: bytes, digest: bytes) -> None:
        if self.derive(password) != digest:
            raise InvalidKey


def until_the_power_fails(
    rule: Callable[Concatenate[D, P], None],
) -> Callable[Concatenate[D, P], None]:
    """A rule that ends early if the power is cut, and then with the machine in its operating system again."""

    @functools.wraps(rule)
    def day(self: D, /, *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            rule(self, *args, **kwargs)
        except PowerCut:
            self.switch_on([])

    return day


def nothing(_model: Model) -> bool:
    return True


class Driver(RuleBasedStateMachine):
    """A machine and its model."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(scrypt, "Scrypt", Remembered)
        self.clock, self.entropy = FixedClock(), OneSalt()
        self.image = CutImage(FOUR_MEGABYTE)
        self.pc = TargetPC.manufacture(self.image, clock=self.clock, entropy=self.entropy)
        self.model = Model()
        self.proofs: Proofs = frozenset()
        self.used_up: set[str] = set()
        self.passing = 0
        self.cut_at: int | None = None
        self.switch_on([])

    def teardown(self) -> None:
        self.reopen()
        self.patch.undo()

    @property
    def memory(self) -> Memory:
        return self.pc.firmware.memory

    @property
    def phase(self) -> Phase:
        return self.pc.firmware.session.phase

    # One command

    def do(self, command: c.Command, deed: Deed = nothing) -> tuple[Event, ...]:
        """Carry out a command with the machine and, as `deed`, with the model. Raises PowerCut where one was planned."""
        ahead, before = copy.deepcopy(self.model), (self.memory, self.phase)
        events: tuple[Event, ...] = ()
        ahead.lost = 0
        allowed = deed(ahead)
        self.proofs |= brought(self.pc.firmware, command)
        secrets = self.secrets()
        foretold = self.plan_cut(command)
        try:
            events = self.pc.execute(command)
            said = repr(events)
        except Refused as refusal:
            said = str(refusal)
            assert not allowed, said
            assert replace(self.memory, log=before[0].log) == before[0]
            self.model.tries -= ahead.lost
        except PowerCut:
            self.pc = TargetPC(self.image, clock=self.clock, entropy=self.entropy)
            assert self.memory in (before[0], foretold)
            if self.memory == foretold and allowed:
                self.model = ahead
                self.use_up(command)
            self.model.start()
            self.proofs = frozenset()
            raise
        else:
            assert allowed, command
            self.model = ahead
            self.use_up(command)
        finally:
            self.image.cut_at = None
        assert not unproved(before, (self.memory, self.phase), self.proofs)
        self.overhear(f"{command!r}{said}", secrets | self.secrets())
        if self.phase is Phase.OPERATING_SYSTEM or self.memory.boot.boots != before[0].boot.boots:
            self.proofs = frozenset()
        return events

    def plan_cut(self, command: c.Command) -> Memory | None:
        """The memory after a command that nothing interrupts, if the power is to fail in this one."""
        self.passing -= 1
        if self.cut_at is None or self.passing >= 0:
            return None
        twin = copy.copy(self.pc.firmware)
        with suppress(Refused):
            twin.execute(command, now=self.clock.now(), entropy=copy.deepcopy(self.entropy))
        if twin.memory != self.memory:
            self.image.cut_at, self.cut_at = self.cut_at, None
        return twin.memory

    def use_up(self, command: c.Command) -> None:
        """A one-time payload applies once."""
        entries = command.entries if isinstance(command, c.ApplyList) else (command,)
        for text in [each.authorization for each in entries if isinstance(each, c.SetSetting)]:
            if text.startswith(authorization.PREFIX) and authorization.parse(text).single_use:
                assert text not in self.used_up
                self.used_up.add(text)

    def secrets(self) -> frozenset[str]:
        """What nobody may read who does not know it: passwords, and the codes of the moment."""
        prompt, live = self.pc.firmware.session.prompt, self.pc.firmware.session.door.live
        return frozenset([*SECRETS, *([prompt.code] if prompt else []), *([live.pin] if live else [])])

    def overhear(self, said: str, secrets: frozenset[str]) -> None:
        firmware = self.pc.firmware
        told = f"{said}{firmware.session!r}{firmware.memory!r}{json.dumps(report(firmware))}"
        told += f"{firmware.value(BOSS)}{firmware.value(USER)}{firmware.pending()}"
        for secret in secrets:
            assert secret not in told or not re.search(rf"(?<![\w.-]){secret}(?![\w.-])", told)

    # Without power, and from there to the operating system

    def reopen(self) -> None:
        """Pull the plug between two commands: the image holds all there was, and no password."""
        held, flash = self.memory, self.image.read()
        assert not any(secret.encode(code) in flash for secret in SECRETS for code in ("ascii", "utf-16-le"))
        self.pc = TargetPC(self.image, clock=self.clock, entropy=self.entropy)
        assert self.memory == held
        self.model.start()
        self.proofs = frozenset()

    def switch_on(self, answers: list[str], *, attended: bool = True) -> None:
        self.do(c.PowerOn(attended), Model.start)
        self.pass_gates(answers)
        self.do(c.Continue())

    def restart(self, answers: list[str]) -> None:
        """With somebody in front of it from now on."""
        if self.pc.firmware.session.attended:
            self.do(c.Restart(), Model.start)
        else:
            self.do(c.PowerOff())
            self.do(c.PowerOn(), Model.start)
        self.pass_gates(answers)

    def pass_gates(self, answers: list[str]) -> None:
        """Answer what a start asks for: as wanted at first, and then right."""
        left = list(answers)
        while self.phase is not Phase.POST:
            answer = left.pop(0) if left else "right"
            if self.phase is Phase.POWER_ON_PASSWORD:
                self.type_at_start(answer)
            else:
                self.prove_presence(answer)
        assert not (self.model.values[USER] and not any(self.model.typed))
        assert not (self.pc.firmware.session.attended and self.model.asked())

    def type_at_start(self, answer: str) -> None:
        assert self.model.values[USER]
        if not self.model.tries:
            self.do(c.TypePassword(self.model.values[USER]), lambda model: model.types(model.values[USER]))
            self.do(c.Restart(), Model.start)
        word = {"wrong": GUESS, "greater": self.model.values[BOSS]}.get(answer, self.model.values[USER])
        self.do(c.TypePassword(word), lambda model: model.types(word))

    def prove_presence(self, answer: str) -> None:
        prompt = self.pc.firmware.session.prompt
        assert prompt is not None
        assert prompt.subject.name == self.model.asked()
        if answer == "refuse":
            self.do(c.RefusePresence(), lambda model: model.answer(present=False))
        elif answer == "wrong":
            for _ in range(2):
                self.do(c.AnswerPresence(wrong(shown_code(self.pc))))
            self.do(c.AnswerPresence(wrong(shown_code(self.pc))), Model.start)
        else:
            self.do(c.AnswerPresence(shown_code(self.pc)), lambda model: model.answer(present=True))

    # At the door of Computer Setup

    def knock(self) -> None:
        """Press F10, after the longest wait that wrong codes can cost."""
        self.clock.advance(900)
        self.do(c.EnterSetup())
        free = not self.model.values[LAK_1] and self.model.visitor() == BOSS
        assert (self.phase is Phase.SETUP) is free

    def try_door(self, answer: str) -> None:
        if self.phase is Phase.PASSWORD:
            word = {"wrong": GUESS, "lesser": self.model.values[USER]}.get(answer, self.model.values[BOSS])
            self.do(c.TypePassword(word), lambda model: model.types(word))
        elif answer == "refresh":
            self.clock.advance(900)
            self.do(c.RefreshChallenge())
        elif answer == "right":
            code = pin(self.pc)
            self.do(c.CountResponse(code), Model.pays)
            self.do(c.CompareResponse(code), Model.found)
            assert self.phase is Phase.SETUP
        else:
            code = wrong(pin(self.pc))
            self.do(c.CountResponse(code), Model.pays)
            last = self.model.codes == 0
            self.do(c.CompareResponse(code), Model.start if last else nothing)
            assert self.phase is not Phase.SETUP
            assert (self.phase is Phase.CHALLENGE) is not last
