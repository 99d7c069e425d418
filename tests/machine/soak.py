"""Soak: one machine that is provisioned, unlocked and changed by signed commands, again and again, without a leak or a drift.

A short test sees a machine that is new. What goes wrong only in the long run is something else: a counter that misses one of ten
thousand commands, a variable that nobody deletes, a record that reclaiming does not drop, an event log that grows, a table in the
program that keeps what it should forget. So one machine lives through all cases, in an image in memory, with the fixed test keys.

A case is one order to the machine and what must come of it. A ledger beside the machine says what it has to remember, and is kept by
what was accepted here, never by asking the machine; the two are compared after each case. After `AUDIT` cases the image is looked at
as a stranger would: its size, its records, exactly the variables that this memory makes; then the machine is opened anew from its
bytes and goes on from there. The process is weighed, too.

A signature costs nearly as much as the rest of a signed change. An ordinary nonce may be repeated until a newer one came, so a *page*
of commands shares one nonce: each is signed when it is used first, used again and again in any order, and once the page was turned
it serves as a replay that must be refused. A command for a single use is signed for its one use.
"""

import gc
import json
import random
import resource
import sys
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from emulator import models
from emulator.devices.clock import FixedClock
from emulator.devices.entropy import FixedEntropy
from emulator.devices.wmi import SECURE_PLATFORM, Answer, CommandType
from emulator.firmware import bios_auth, guard, variables
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.boot import Phase
from emulator.firmware.catalogue import Kind, Role
from emulator.firmware.event_log import SLOTS, EventCode
from emulator.firmware.memory import LocalAccessKey
from emulator.firmware.refusals import MalformedCode
from emulator.machine import TargetPC, memory_in
from emulator.protocol import authorization, challenge, payload, spm
from emulator.protocol.keys import PublicKey
from emulator.protocol.payload import Envelope, Purpose, SettingChange
from emulator.protocol.status import CommandStatus, SettingStatus
from firmware_store import FOUR_MEGABYTE, MemoryImage
from firmware_store.inspect import check
from tests.conftest import VECTORS, fixed_key

AUDIT = 500
"""Cases between two looks at the whole image. A look costs as much as twenty cases."""
WARM = 1000
"""Cases after which every cache is full, and the process is weighed for the first time."""
MOST_BLOCKS = 20_000
"""Objects by which Python may have more than then: a full event log is some 2,000, a page of commands and the replays 500, the rest is
noise of caches. What leaks one object a case is found within 20,000 cases."""
MOST_KILOBYTES = 64 * 1024
"""By which the process may have become larger at its largest: some images of half a megabyte are alive at once, and what the allocator
gives back is its own affair. For what Python's own count does not see: bytes of images, OpenSSL's objects."""
MOST_LIVE = 64 * 1024
"""Bytes of live records, a quarter of the room. 170 settings, 254 events and the keys make 45,000."""
PAGE = 0.01
"""How likely a page is turned by a signed change."""
LIVES = ("signing", "other")
"""The keys that sign in turn."""
TEXTS = ("", "Prüfstand 4 ✓")

_KIB = 1024 if sys.platform == "darwin" else 1
Change = tuple[str, str]


class Drift(AssertionError):
    """A machine that is not what its ledger says; with the image that it lies in."""

    def __init__(self, reason: str, image: bytes) -> None:
        super().__init__(reason)
        self.image = image


@dataclass(slots=True)
class Ledger:
    """What the machine must remember, as far as it was told."""

    values: dict[str, str]
    provisioned: bool = False
    platform: int = 0
    settings: int = 0
    actions: int = 0
    misses: int = 0
    boots: int = 0
    sequence: int = 0
    logged: Counter[int] = field(default_factory=Counter)
    """What the present case must have left in the event log."""


@cache
def certificate() -> bytes:
    """The certificate of the fixed endorsement key."""
    found = json.loads((VECTORS / "certificates.json").read_text("utf-8"))["vectors"]
    return bytes.fromhex(next(each["der"] for each in found if each["key"] == "endorsement" and each["unit"]))


def weight() -> tuple[int, int]:
    """Python's objects, and the process at its largest in kilobytes."""
    gc.collect()
    return sys.getallocatedblocks(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _KIB


class Soak:
    """One machine, its ledger, and the people around it."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.clock, self.entropy = FixedClock(), FixedEntropy(str(chance.random()))
        self.image = MemoryImage(FOUR_MEGABYTE)
        self.size = len(self.image.read())
        self.pc = TargetPC.manufacture(self.image, clock=self.clock, entropy=self.entropy)
        self.ledger = Ledger(dict(self.pc.firmware.memory.settings))
        self.keys = {name: fixed_key(name) for name in (*LIVES, "endorsement", "local_access")}
        self.signer, self.nonce = LIVES[0], 1_790_000_000
        self.page: dict[Change, str] = {}
        self.old: deque[tuple[str, str, str]] = deque(maxlen=64)
        self.used: deque[bytes] = deque(maxlen=16)
        self.changes = harmless(chance)
        self.cases, self.weight = 0, (0, 0)
        self._start()

    def case(self) -> str:
        """One case; tells of which kind it was. Raises Drift, or whatever the machine should not have raised."""
        kind = "provisioned"
        if self.ledger.provisioned:
            kind = self.chance.choices(*_WEIGHED)[0]
        try:
            self.ledger.logged.clear()
            CASES[kind](self)
            self._compare()
            self.cases += 1
            if self.cases % AUDIT == 0:
                self.audit()
        except Drift:
            raise
        except Exception as error:
            raise Drift(f"{kind}: {type(error).__name__}: {error}", self.image.read()) from error
        self.clock.advance(1)
        return kind

    def audit(self) -> None:
        """What a stranger finds in the image, the machine that opens from it, and what the process weighs."""
        self._compare()
        image, memory = self.image.read(), self.pc.firmware.memory
        self._require(len(image) == self.size, f"the image has {len(image)} bytes, it had {self.size}")
        report = check(image)
        self._require(report.sound, f"the store is not sound: {report.faults}")
        fill = report.fill
        self._require(fill.live + fill.obsolete + fill.free == fill.room, f"the room does not add up: {fill}")
        self._require(fill.live <= MOST_LIVE, f"{fill.live} bytes are live")
        store = self.image.open()
        held = {(each.guid, each.name): each.data for each in store}
        wanted = {(each.guid, each.name): data for each, data in variables.changes(None, memory).items()}
        self._require(held == wanted, f"other variables than those of the memory: {_apart(held, wanted)}")
        self._require(memory_in(store) == memory, "what is read back is another memory")
        store.reclaim()
        fill = check(bytes(store.flash.content)).fill
        self._require(fill.obsolete == 0, f"{fill.obsolete} bytes are obsolete after reclaiming")
        self._require(fill.live == report.fill.live, "reclaiming changed what is live")
        self._weigh()
        self.pc = TargetPC(self.image, clock=self.clock, entropy=self.entropy)
        self._require(self.pc.firmware.memory == memory, "the machine opens with another memory")
        self._start()
        self._compare()

    # --- Cases -------------------------------------------------------------------------------------------------------

    def provision(self) -> None:
        """Endorsement key, signing key, presence code; then the mode and local access key 1, by signature."""
        self._next_signer()
        self._accepted(self._command(CommandType.SET_KEK, spm.endorsement_data(certificate())))
        nonce = self._signing_key(self.signer)
        self._execute(c.Restart())
        self.ledger.boots += 1
        prompt = self.pc.firmware.session.prompt
        assert prompt is not None
        self._require(
            self.pc.firmware.memory.platform.counter == self.ledger.platform, "counted without presence"
        )
        if self.chance.random() < 0.3:
            self._execute(c.AnswerPresence(f"{(int(prompt.code) + 1) % 10_000:04}"))
        self._execute(c.AnswerPresence(prompt.code))
        self._execute(c.Continue())
        self.ledger.provisioned, self.ledger.platform = True, nonce
        self._log(EventCode.PLATFORM_INITIALISED)
        self._signed(bios_auth.MODE, bios_auth.MODE_ON, EventCode.AUTHENTICATION_MODE_ENABLED)
        key = bios_auth.key_text(LocalAccessKey(PublicKey.of(self.keys["local_access"])))
        self._signed(f"{bios_auth.LOCAL_ACCESS_KEY}1", key, EventCode.LOCAL_ACCESS_KEY_SET)

    def deprovision(self) -> None:
        """Mode off, local access key cleared, both keys given up; the counters stay. Refused while anything is in use."""
        self._refused(self._command(CommandType.SET_SK, self._order(None, 1)), CommandStatus.IN_USE)
        self._signed(bios_auth.MODE, bios_auth.MODE_OFF, EventCode.AUTHENTICATION_MODE_DISABLED)
        self._accepted(self.pc.wmi.set_bios_setting(f"{bios_auth.LOCAL_ACCESS_KEY}1", ""))
        self._log(EventCode.LOCAL_ACCESS_KEY_CLEARED)
        self.ledger.platform = self._signing_key(None)
        self.ledger.provisioned = False
        self._log(EventCode.PLATFORM_UNCONFIGURED)

    def replace_signing_key(self) -> None:
        """What the key before signed is a forgery from now on."""
        before = self._next_signer()
        self.ledger.platform = self._signing_key(self.signer)
        self._log(EventCode.SIGNING_KEY_UPDATED)
        name, value = self._change()
        self._forged(name, value, authorization.make(self.keys[before], name, value, nonce=self.nonce))

    def repeat_order(self) -> None:
        """Keys by an order that came before, and an endorsement key where one is."""
        data = self._order(self.signer, -1)
        self._refused(self._command(CommandType.SET_SK, data), CommandStatus.NONCE_DID_NOT_MATCH)
        again = self._command(CommandType.SET_KEK, spm.endorsement_data(certificate()))
        self._refused(again, CommandStatus.ALREADY_PROVISIONED)

    def change(self) -> None:
        if self.chance.random() < PAGE:
            self._turn()
        self._signed(*self._change())

    def change_once(self) -> None:
        """A payload for one use: it is carried out once, and never again."""
        name, value = self._change()
        nonce = self.ledger.actions + self.chance.randint(1, 3)
        token = self._token(name, value, nonce, single_use=True)
        change = payload.encode_setting(SettingChange(name, value, token))
        raw = payload.encode(Envelope(Purpose.SETTING, change))
        self._stored(self.pc.apply(raw), name, value)
        self.ledger.actions, self.ledger.misses = nonce, 0
        self.used.append(raw)

    def repeat_once(self) -> None:
        if not self.used:
            self.change_once()
        self._too_old(self.pc.apply(self.chance.choice(self.used)))

    def repeat_change(self) -> None:
        if not self.old:
            self._signed(*self._change())
            self._turn()
        if self.ledger.settings < self.nonce:
            self._signed(*self._change())
        self._too_old(self.pc.wmi.set_bios_setting(*self.chance.choice(self.old)))

    def forge(self) -> None:
        """The signature of a change with another value, now of the same length, now of another."""
        name, value = self._change()
        other = self.chance.choice((f"{value[:-1]}~", f"{value} "))
        self._forged(name, other, self._page_token(name, value))

    def leave_unsigned(self) -> None:
        self._refused(self.pc.wmi.set_bios_setting(*self._change()), SettingStatus.ACCESS_DENIED)

    def clear_log(self) -> None:
        name = self.pc.firmware.catalogue.roles[Role.CLEAR_EVENT_LOG].name
        self._accepted(self.pc.wmi.set_bios_setting(name, "Clear", self._page_token(name, "Clear")))
        self._count()
        self.ledger.sequence = 0
        self._require(not self.pc.firmware.memory.log.events, "the event log is not empty")

    def unlock(self) -> None:
        self._answer_rightly(self._challenge())

    def unlock_after_misses(self) -> None:
        """Within the tries of one boot; what is no code costs nothing."""
        pin = self._challenge()
        try:
            self._execute(c.CountResponse(pin[:-1]))
        except MalformedCode:
            pass
        else:
            self._require(False, "seven digits were taken for a code")
        for _ in range(self.chance.randint(1, guard.TRIES - 1)):
            self._miss(pin)
        self._answer_rightly(pin)

    def use_up_tries(self) -> None:
        """The last wrong code restarts the machine. Misses stay, over restarts, until something right comes."""
        pin = self._challenge()
        for _ in range(guard.TRIES):
            self._miss(pin)
        self.ledger.boots += 1
        self._log(EventCode.WRONG_RESPONSE_CODES)
        self._require(self.pc.firmware.session.phase is Phase.POST, "no restart after the last try")
        self._execute(c.Continue())

    def lose_power(self) -> None:
        self.pc.lose_power()
        self._start()

    # --- People ------------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        self._execute(c.PowerOn())
        self._execute(c.Continue())
        self.ledger.boots += 1

    def _challenge(self) -> str:
        """Restart, F10, and the PIN that the phone computes from the text that is shown; where a wait is due, it is waited for."""
        self._execute(c.Restart())
        self.ledger.boots += 1
        told = self._execute(c.EnterSetup())
        if not any(isinstance(each, e.ChallengeIssued) for each in told):
            self.clock.advance(guard.LONGEST_WAIT)
            told = self._execute(c.RefreshChallenge())
        shown = next(each.text for each in told if isinstance(each, e.ChallengeIssued))
        return challenge.open_challenge(challenge.parse(shown), self.keys["local_access"])

    def _answer_rightly(self, pin: str) -> None:
        self.pc.answer(self.chance.choice((pin, f"{pin[:4]}-{pin[4:]}", f" {pin[:2]} {pin[2:]} ")))
        self._require(self.pc.firmware.session.phase is Phase.SETUP, "the right code does not open")
        self.ledger.misses = 0
        self._execute(c.Continue())

    def _miss(self, pin: str) -> None:
        wrong = (int(pin) + self.chance.randrange(1, 10**8)) % 10**8
        self.pc.answer(f"{wrong:08}")
        self._require(self.pc.firmware.session.phase is not Phase.SETUP, "a wrong code opens")
        self.ledger.misses += 1

    def _change(self) -> Change:
        return self.chance.choice(self.changes)

    def _token(self, name: str, value: str, nonce: int, *, single_use: bool = False) -> str:
        return authorization.make(self.keys[self.signer], name, value, nonce=nonce, single_use=single_use)

    def _page_token(self, name: str, value: str) -> str:
        if (name, value) not in self.page:
            self.page[name, value] = self._token(name, value, self.nonce)
        return self.page[name, value]

    def _turn(self) -> None:
        """Begin a page with a newer nonce; what the one before ordered is a replay once one of the new ones was accepted."""
        self.old.extend((*change, token) for change, token in self.page.items() if change in self.changes)
        self.page, self.nonce = {}, self.nonce + self.chance.randint(1, 5)

    def _next_signer(self) -> str:
        """The other key signs from now on; what its predecessor signed is no replay, but a forgery."""
        self._turn()
        self.old.clear()
        self.used.clear()
        before, self.signer = self.signer, LIVES[LIVES.index(self.signer) - 1]
        return before

    def _order(self, name: str | None, step: int) -> bytes:
        key = None if name is None else PublicKey.of(self.keys[name])
        return spm.make_signing_key(self.keys["endorsement"], key, counter=self.ledger.platform + step)

    def _signing_key(self, name: str | None) -> int:
        """Send an order with a newer nonce, or with the last one, which is good as well; returns it."""
        step = self.chance.randint(0, 3)
        self._accepted(self._command(CommandType.SET_SK, self._order(name, step)))
        return self.ledger.platform + step

    def _count(self) -> None:
        """A signed setting was accepted. Only one that is newer than all before clears the misses."""
        if self.nonce > self.ledger.settings:
            self.ledger.settings, self.ledger.misses = self.nonce, 0

    def _signed(self, name: str, value: str, event: EventCode | None = None) -> None:
        token = self._page_token(name, value)
        self._stored(self.pc.wmi.set_bios_setting(name, value, token), name, value)
        self._count()
        if event is not None:
            self._log(event)

    # --- What must come of it ----------------------------------------------------------------------------------------

    def _command(self, kind: CommandType, data: bytes) -> Answer:
        return self.pc.wmi.command(SECURE_PLATFORM, kind, data)

    def _execute(self, command: c.Command) -> tuple[e.Event, ...]:
        return self.pc.execute(command)

    def _stored(self, answer: Answer, name: str, value: str) -> None:
        """Carried out, once."""
        self._accepted(answer)
        stored = [each for each in answer.events if isinstance(each, e.SettingStored)]
        self._require(stored == [e.SettingStored(name, value)], f"stored was {stored}")
        if name in self.ledger.values:
            self.ledger.values[name] = value

    def _accepted(self, answer: Answer) -> None:
        self._require(answer.accepted, f"refused: {answer.status!r}, {answer.sentence}")

    def _refused(self, answer: Answer, status: SettingStatus | CommandStatus) -> None:
        self._require(answer.status == status, f"{answer.status!r} instead of {status!r}: {answer.sentence}")
        if isinstance(status, CommandStatus):
            self._log(EventCode.COMMAND_REJECTED)

    def _too_old(self, answer: Answer) -> None:
        self._refused(answer, SettingStatus.ACCESS_DENIED)
        self._require("nonce" in answer.sentence, f"refused for something else: {answer.sentence}")

    def _forged(self, name: str, value: str, token: str) -> None:
        self._refused(self.pc.wmi.set_bios_setting(name, value, token), SettingStatus.ACCESS_DENIED)
        self._log(EventCode.INVALID_SETTING_SIGNATURE)

    def _log(self, code: EventCode) -> None:
        self.ledger.logged[code] += 1

    def _compare(self) -> None:
        """The machine against its ledger. Events of which the ledger knows nothing are let through."""
        memory, ledger = self.pc.firmware.memory, self.ledger
        found = (
            memory.platform.counter,
            memory.counters.settings,
            memory.counters.actions,
            memory.guard.misses,
            memory.boot.boots,
        )
        wanted = ledger.platform, ledger.settings, ledger.actions, ledger.misses, ledger.boots
        self._require(found == wanted, f"the counters are {found}, and should be {wanted}")
        self._require(memory.settings == ledger.values, f"settings: {_apart(memory.settings, ledger.values)}")
        self._require(not memory.waiting, f"something waits: {dict(memory.waiting)}")
        log = memory.log.events
        self._require(len(log) == min(SLOTS, memory.log.last), f"{len(log)} events of {memory.log.last}")
        self._require(memory.log.last >= ledger.sequence, "the event log went back")
        new = Counter(each.code for each in log[len(log) - (memory.log.last - ledger.sequence) :])
        new = Counter({code: count for code, count in new.items() if code in _KNOWN})
        self._require(new == ledger.logged, f"logged was {dict(new)}, and should be {dict(ledger.logged)}")
        ledger.sequence = memory.log.last
        ledger.logged.clear()

    def _weigh(self) -> None:
        """Compared with the weight after warming up; since a process at its largest only grows, every later peak counts."""
        if self.cases < WARM:
            return
        blocks, kilobytes = weight()
        if self.weight == (0, 0):
            self.weight = blocks, kilobytes
        first_blocks, first_kilobytes = self.weight
        self._require(blocks - first_blocks <= MOST_BLOCKS, f"{blocks - first_blocks} objects more than warm")
        grown = kilobytes - first_kilobytes
        self._require(grown <= MOST_KILOBYTES, f"the process grew by {grown} KB since it was warm")

    def _require(self, held: bool, reason: str) -> None:
        if not held:
            raise Drift(f"after {self.cases} cases: {reason}", self.image.read())


def _apart(found: Mapping[Any, object], wanted: Mapping[Any, object]) -> list[str]:
    """The first few entries that only one of them has."""
    return sorted(map(repr, found.items() ^ wanted.items()))[:6]


def harmless(chance: random.Random) -> list[Change]:
    """Changes that may come in any order: settings without conditions and presence, half of them on and off, and two texts."""
    model = models.packaged(models.DEFAULT)
    free = [
        each
        for each in model.stored.values()
        if each.role is None and not (each.requires or each.physical_presence or each.momentary)
    ]
    switches = [each for each in free if each.kind is Kind.ENUMERATION and not (each.secret or each.set_once)]
    found = [(each.name, value) for each in chance.sample(switches, 6) for value in each.values[:2]]
    return found + [(name, text) for name in ("Asset Tracking Number", "Ownership Tag") for text in TEXTS]


_KNOWN = frozenset(
    {
        EventCode.PLATFORM_INITIALISED,
        EventCode.COMMAND_REJECTED,
        EventCode.PLATFORM_UNCONFIGURED,
        EventCode.SIGNING_KEY_UPDATED,
        EventCode.WRONG_RESPONSE_CODES,
        EventCode.INVALID_SETTING_SIGNATURE,
        EventCode.LOCAL_ACCESS_KEY_CHANGED,
        EventCode.LOCAL_ACCESS_KEY_SET,
        EventCode.LOCAL_ACCESS_KEY_CLEARED,
        EventCode.AUTHENTICATION_MODE_ENABLED,
        EventCode.AUTHENTICATION_MODE_DISABLED,
    }
)

CASES: Mapping[str, Callable[[Soak], None]] = {
    "provisioned": Soak.provision,
    "deprovisioned": Soak.deprovision,
    "signing key replaced": Soak.replace_signing_key,
    "old key order refused": Soak.repeat_order,
    "signed": Soak.change,
    "signed for one use": Soak.change_once,
    "replay refused": Soak.repeat_change,
    "second use refused": Soak.repeat_once,
    "forgery refused": Soak.forge,
    "unsigned refused": Soak.leave_unsigned,
    "log cleared": Soak.clear_log,
    "unlocked": Soak.unlock,
    "unlocked after wrong codes": Soak.unlock_after_misses,
    "restarted by wrong codes": Soak.use_up_tries,
    "power lost": Soak.lose_power,
}

# Of a thousand cases in a machine that is provisioned.
OFTEN: Mapping[str, int] = {
    "signed": 480,
    "signed for one use": 120,
    "replay refused": 120,
    "second use refused": 60,
    "forgery refused": 50,
    "unsigned refused": 20,
    "unlocked": 90,
    "unlocked after wrong codes": 20,
    "restarted by wrong codes": 8,
    "power lost": 10,
    "signing key replaced": 7,
    "old key order refused": 8,
    "deprovisioned": 6,
    "log cleared": 1,
}
_WEIGHED = list(OFTEN), list(OFTEN.values())
