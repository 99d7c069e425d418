"""Machines on the test bench, and the people around them: an administrator with keys, somebody with a phone, a stranger.

A `Bench` is a firmware without an image; a `PC` of the product offers the same `execute`, so both take the same orders. Memory is
immutable, so the states that most tests begin with are made once, by commands like any others.
"""

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Protocol

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from emulator import models
from emulator.devices.clock import FixedClock
from emulator.devices.entropy import FixedEntropy
from emulator.firmware import bios_auth, guard, model_text, quirks
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.boot import Phase
from emulator.firmware.catalogue import MENUS, Catalogue
from emulator.firmware.firmware import Firmware, manufactured
from emulator.firmware.memory import Identity, LocalAccessKey, Memory
from emulator.firmware.refusals import MustWait, PasswordWrong, Refused
from emulator.protocol import authorization, challenge, password, spm
from emulator.protocol.keys import PublicKey
from tests.conftest import fixed_key

MODE = bios_auth.MODE
LAK_1, LAK_2, LAK_3 = (f"{bios_auth.LOCAL_ACCESS_KEY}{number}" for number in (1, 2, 3))
USB = "USB Storage Boot"
SETUP_PASSWORD, POWER_ON_PASSWORD = "Setup Password", "Power-On Password"
RESTORE = "Restore Security Settings to Factory Defaults"
BOSS, USER = "Administrator-1", "Starter-22"
"""The administrator's password, and the one to switch on."""
PRESENCE_INTERFACE = "Physical Presence Interface"
MACHINE = uuid.UUID("00112233-4455-6677-8899-aabbccddeeff")
IDENTITY = Identity(MACHINE, "5CG0000001", models.DEFAULT)
NONCE = 1_700_000_000
"""Where the administrator's nonces begin; what follows counts up from it."""

Events = tuple[e.Event, ...]


@cache
def key(name: str) -> RSAPrivateKey:
    return fixed_key(name)


@cache
def public(name: str) -> PublicKey:
    return PublicKey.of(key(name))


def model() -> Catalogue:
    return models.packaged(models.DEFAULT)


@cache
def small_model() -> Catalogue:
    """One setting of each kind, and two that need physical presence."""
    switch = {"kind": "enumeration", "values": ["Disable", "Enable"], "default": "Enable"}
    settings: dict[str, dict[str, object]] = {
        "Word": {"kind": "enumeration", "values": ["One", "Two", "Three"], "default": "One"},
        "Number": {"kind": "integer", "lower_bound": 10, "upper_bound": 50, "step": 5, "default": "10"},
        "Text": {"kind": "string", "min_length": 2, "max_length": 8, "default": "text"},
        "Order": {"kind": "ordered list", "values": ["A", "B", "C"], "default": "A,B,C"},
        "TPM State": {**switch, "physical_presence": True},
        PRESENCE_INTERFACE: {**switch, "physical_presence": True, "role": "physical presence interface"},
    }
    return model_of(settings)


def model_of(settings: Mapping[str, Mapping[str, object]]) -> Catalogue:
    """A model with these settings, all on the Main page."""
    text = {
        "format": 1,
        "id": "small",
        "product": "Small",
        "board": "0001",
        "bios_version": "1",
        "menus": list(MENUS),
        "settings": [{"name": name, "page": ["Main"], **each} for name, each in settings.items()],
        "pages": [{"path": ["Main"], "rows": list(settings)}],
    }
    return model_text.parse(json.dumps(text))


class Runs(Protocol):
    """A firmware on the bench or in a PC."""

    @property
    def firmware(self) -> Firmware:
        """The firmware that runs."""

    def execute(self, command: c.Command) -> Events:
        """Carry out one command."""


class Bench:
    """A firmware without an image."""

    def __init__(
        self,
        memory: Memory | None = None,
        *,
        settings: Catalogue | None = None,
        differing: Mapping[str, str] | None = None,
    ) -> None:
        """`differing` are quirks of this machine that are not at their defaults."""
        self.clock = FixedClock()
        self.entropy: guard.Entropy = FixedEntropy()
        catalogue = settings or model()
        if differing:
            catalogue = catalogue.with_quirks(quirks.chosen(differing))
        self.firmware = Firmware(catalogue, memory or factory_new())

    def execute(self, command: c.Command) -> Events:
        return self.firmware.execute(command, now=self.clock.now(), entropy=self.entropy)

    def twin(self) -> "Bench":
        """Another machine in the same state: states that cost a password are made once."""
        twin = Bench(self.memory, settings=self.firmware.catalogue)
        twin.firmware.session = self.firmware.session
        return twin

    @property
    def memory(self) -> Memory:
        return self.firmware.memory

    @property
    def phase(self) -> Phase:
        return self.firmware.session.phase

    def logged(self) -> list[int]:
        return [logged.code for logged in self.memory.log.events]

    def refused(self, command: c.Command, refusal: type[Refused], *, exact: bool = True) -> Refused:
        """Expect this refusal, or one of its kind, and that nothing but the event log is new."""
        before, session = self.memory, self.firmware.session
        with pytest.raises(refusal) as came:
            self.execute(command)
        assert type(came.value) is refusal or not exact
        assert replace(self.memory, log=before.log) == before
        assert self.firmware.session == session
        return came.value

    def costs_a_try(self, command: c.Command) -> PasswordWrong:
        """Expect that a wrong password is refused, and that a try less is all that is new."""
        before, session = self.memory, self.firmware.session
        with pytest.raises(PasswordWrong) as came:
            self.execute(command)
        assert self.memory == before
        assert self.firmware.session == replace(session, password_tries=session.password_tries - 1)
        return came.value


def small() -> Bench:
    """A new machine of the small model."""
    return Bench(manufactured(small_model(), IDENTITY), settings=small_model())


# What an administrator makes.


@cache
def certificate(name: str = "endorsement", unit: str | None = "Org", common_name: str = "Test") -> bytes:
    """A self-signed certificate of one of the fixed keys."""
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    if unit is not None:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit))
    subject, born = x509.Name(parts), datetime(2025, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder(
        subject, subject, key(name).public_key(), 1, born, born + timedelta(days=3650)
    )
    return made.sign(key(name), SHA256()).public_bytes(Encoding.DER)


def endorsement(
    name: str = "endorsement", unit: str | None = "Org", common_name: str = "Test"
) -> c.SetEndorsementKey:
    return c.SetEndorsementKey(spm.endorsement_data(certificate(name, unit, common_name)))


@cache
def signing(counter: int = NONCE, name: str | None = "signing", by: str = "endorsement") -> c.SetSigningKey:
    """The order to take a signing key, or without a name to give both keys up."""
    return c.SetSigningKey(
        spm.make_signing_key(key(by), None if name is None else public(name), counter=counter)
    )


def deprovisioning(counter: int) -> c.SetSigningKey:
    return signing(counter, None)


@cache
def signed(
    name: str,
    value: str,
    nonce: int = NONCE,
    *,
    single_use: bool = False,
    target: uuid.UUID | None = None,
    by: str = "signing",
) -> c.SetSetting:
    token = authorization.make(key(by), name, value, nonce=nonce, target=target, single_use=single_use)
    return c.SetSetting(name, value, token)


def each_of(*changes: tuple[str, str], proof: str = "") -> c.SetSettings:
    """A list of settings without signatures, entry by entry."""
    return c.SetSettings(tuple(c.SetSetting(*change) for change in changes), proof)


def local_key_value(name: str = "local_access", enrolment: str = "") -> str:
    return bios_auth.key_text(LocalAccessKey(public(name), enrolment))


# States to begin with.


@cache
def factory_new() -> Memory:
    return manufactured(model(), IDENTITY)


def made_by(commands: Iterable[c.Command], memory: Memory) -> Memory:
    """The memory of a PC that was on, unattended, took these commands in its operating system and was switched off."""
    bench = Bench(memory)
    bench.execute(c.PowerOn(attended=False))
    bench.execute(c.Continue())
    for command in commands:
        bench.execute(command)
    bench.execute(c.PowerOff())
    return bench.memory


@cache
def provisioned() -> Memory:
    bench = Bench(made_by([endorsement(), signing()], factory_new()))
    bench.execute(c.PowerOn())
    bench.execute(c.AnswerPresence(shown_code(bench)))
    bench.execute(c.PowerOff())
    return bench.memory


@cache
def with_passwords(administrator: str = "", power_on: str = "") -> Memory:
    """A factory-new machine that somebody gave these passwords; an empty one is not set."""
    wanted = {POWER_ON_PASSWORD: power_on, SETUP_PASSWORD: administrator}
    commands = [c.SetSetting(name, password.utf_16(new)) for name, new in wanted.items() if new]
    return made_by(commands, factory_new())


def locked(memory: Memory, administrator: str = BOSS, power_on: str = "") -> Memory:
    """A machine with these passwords."""
    return replace(memory, passwords=with_passwords(administrator, power_on).passwords)


def with_settings(memory: Memory, **settings: str) -> Memory:
    """A machine whose settings are others; a role of the model, with underscores, names each."""
    roles = {role.name.lower(): setting.name for role, setting in model().roles.items()}
    return replace(
        memory, settings={**memory.settings, **{roles[role]: value for role, value in settings.items()}}
    )


@cache
def mode_on() -> Memory:
    return made_by([signed(MODE, "Enable")], provisioned())


@cache
def guarded() -> Memory:
    """Mode on, and local access key 1 set."""
    return made_by([signed(LAK_1, local_key_value())], mode_on())


@cache
def key_left() -> Memory:
    """The mode is off again, and local access key 1 still there."""
    return made_by([signed(MODE, "Disable")], guarded())


# What somebody at the machine does.


def start(machine: Runs) -> None:
    """Switch on and let it come to its operating system."""
    machine.execute(c.PowerOn())
    machine.execute(c.Continue())


def started(memory: Memory, **differing: str) -> Bench:
    bench = Bench(memory, differing=differing)
    start(bench)
    return bench


def at_the_door(memory: Memory | None = None) -> Bench:
    """A machine that was switched on, and F10 was pressed."""
    bench = Bench(memory or guarded())
    bench.execute(c.PowerOn())
    bench.execute(c.EnterSetup())
    return bench


def shown_code(machine: Runs) -> str:
    """The presence code, read from the screen."""
    prompt = machine.firmware.session.prompt
    assert prompt is not None
    return prompt.code


def wrong(code: str) -> str:
    """Another code of the same form."""
    return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}}"


def pin(machine: Runs, name: str = "local_access") -> str:
    """What the phone computes from the challenge on the screen."""
    live = machine.firmware.session.door.live
    assert live is not None
    return challenge.open_challenge(challenge.parse(live.challenge.text), key(name))


def answer(machine: Runs, code: str) -> Events:
    machine.execute(c.CountResponse(code))
    return machine.execute(c.CompareResponse(code))


def miss(machine: Runs) -> Events:
    return answer(machine, wrong(pin(machine)))


def locked_out(memory: Memory | None = None) -> Bench:
    """A machine that three wrong codes restarted."""
    bench = at_the_door(memory)
    for _ in range(3):
        miss(bench)
    return bench


def missed(bench: Bench, times: int) -> Bench:
    """Go on missing, over restarts and waits, until `times` codes were wrong since the last right one."""
    while bench.memory.guard.misses < times:
        if bench.phase is Phase.POST:
            bench.execute(c.EnterSetup())
        wait_for_challenge(bench, bench.clock)
        miss(bench)
    return bench


def wait_for_challenge(machine: Runs, clock: FixedClock) -> int:
    """Seconds, to the second, until a new challenge came."""
    waited = 0
    while True:
        try:
            machine.execute(c.RefreshChallenge())
        except MustWait:
            clock.advance(1)
            waited += 1
        else:
            return waited
