"""One setting changed by three ways that must come to the same: the tree of Linux, BCU's /setvalue, and a payload.

Each setting that the tree of a packaged model has is changed on three twins of a machine on which it can be changed: by the token, or
by what else this machine obeys. What the machine remembers afterwards, what waits for presence, counters and event log, and whether it
was refused, are compared. BCU looks at a setting before it asks the firmware, so where it does not ask, the firmware cannot log.
"""

import errno
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest

from emulator import models
from emulator.bcu import options, writing
from emulator.bcu.provider import Provider
from emulator.bcu.report import Report
from emulator.bcu.return_codes import ReturnCode
from emulator.devices.firmware_attributes import FirmwareAttributes
from emulator.firmware import commands as c
from emulator.firmware.boot import Phase
from emulator.firmware.catalogue import Catalogue, Keeper, Kind, Setting
from emulator.firmware.memory import Memory
from emulator.firmware.quirks import Quirks
from emulator.machine import TargetPC, memory_in
from emulator.management_door import answer, encoded
from emulator.management_socket import Reply
from emulator.protocol import authorization, password_file, payload, repset
from emulator.protocol.payload import Envelope, Purpose, SettingChange
from emulator.protocol.status import SettingStatus
from firmware_store import FOUR_MEGABYTE, MemoryImage
from tests.conftest import VECTORS, fixed_key
from tests.firmware.bench import local_key_value, mode_on, shown_code
from tests.machine.images import image_with
from tests.machine.legal_values import PASSWORD, changeable, legal

PAGE = 4096
LARGEST = (1 << 31) - 1
NONCE = 1_800_000_000
SIGNING_KEY = VECTORS / "test_key_signing.pem"
IN_THE_TREE = [
    (name, setting.name)
    for name in models.names()
    for setting in models.packaged(name).settings.values()
    if setting.kind is not Kind.PASSWORD
]
GUARDED = [each for each in IN_THE_TREE if models.packaged(each[0]).has_secure_platform]
WITHOUT_KEYS = [each for each in IN_THE_TREE if each not in GUARDED]
ERRNO = {
    SettingStatus.NOT_SUPPORTED: errno.EINVAL,
    SettingStatus.UNSPECIFIED_ERROR: errno.EINVAL,
    SettingStatus.TIMED_OUT: errno.EOPNOTSUPP,
    SettingStatus.UNKNOWN_SETTING: errno.EINVAL,
    SettingStatus.INVALID_PARAMETER: errno.EINVAL,
    SettingStatus.ACCESS_DENIED: errno.EINVAL,
}
"""What the driver makes of a code; what is not here is EIO."""


def errno_of(code: int) -> int:
    return 0 if code == 0 else ERRNO.get(SettingStatus(code), errno.EIO)


@dataclass(frozen=True)
class Came:
    """What became of a change: 0 or why not, in the words of the way; what the machine remembers."""

    refusal: int
    memory: Memory

    @property
    def essence(self) -> tuple[object, ...]:
        kept = self.memory
        return (
            kept.settings,
            kept.waiting,
            kept.custom,
            kept.counters,
            kept.authentication,
            kept.passwords,
            kept.platform,
        )

    @property
    def logged(self) -> list[int]:
        return [each.code for each in self.memory.log.events]


@dataclass(frozen=True)
class Twins:
    """One machine, as often as wanted, with its operating system running."""

    image: bytes
    model: Catalogue

    def pc(self) -> TargetPC:
        pc = TargetPC(MemoryImage(FOUR_MEGABYTE, self.image))
        pc.execute(c.PowerOn())
        if pc.firmware.session.phase is Phase.POWER_ON_PASSWORD:
            pc.execute(c.TypePassword(PASSWORD))
        if pc.firmware.session.phase is Phase.PRESENCE:
            pc.execute(c.AnswerPresence(shown_code(pc)))
        pc.execute(c.Continue())
        return pc


def twins(name: str, setting: Setting, change: Callable[[Memory], Memory] = lambda memory: memory) -> Twins:
    model = models.packaged(name)
    return Twins(image_with(change(changeable(model, setting))).read(), model)


def with_mode_on(memory: Memory) -> Memory:
    held = mode_on()
    return replace(memory, platform=held.platform, authentication=held.authentication, counters=held.counters)


def other_value(pc: TargetPC, setting: Setting) -> str:
    """A legal one that it does not have, and that gets through the driver; "~" where there is none."""
    if setting.keeper is Keeper.LOCAL_ACCESS_KEY:
        return local_key_value()
    now = pc.firmware.value(setting.name)
    # An ordered list of no entries is read-only.
    possible = [] if setting.kind is Kind.ORDERED_LIST and not setting.values else legal(setting)
    fitting = [
        each for each in reversed(possible) if each not in {now, ""} and fits_the_driver(setting, each)
    ]
    return fitting[0] if fitting else "~"


def fits_the_driver(setting: Setting, value: str) -> bool:
    """A write is a page at most, and a number has 31 bits."""
    return len(value) < PAGE and (setting.kind is not Kind.INTEGER or int(value) <= LARGEST)


def door(pc: TargetPC) -> Callable[[Reply], Reply]:
    return lambda request: answer(pc, encoded(request))


def by_tree(pc: TargetPC, setting: Setting, value: str, token: str, password: str) -> Came:
    tree = FirmwareAttributes(door(pc), Quirks())
    folder = f"hp-bioscfg/attributes/{setting.name.replace('/', '!')}"
    if token:
        tree.write("hp-bioscfg/authentication/SPM/auth_token", token.encode())
    if password:
        tree.write("hp-bioscfg/authentication/Setup Password/current_password", password.encode())
    entry = tree.entry(f"{folder}/current_value")
    assert entry is not None
    written = value.replace(",", ";") if setting.kind is Kind.ORDERED_LIST else value
    refusal = 0
    try:
        tree.write(f"{folder}/current_value", written.encode())
    except OSError as error:
        refusal = error.errno or -1
    return Came(refusal, memory_in(pc.image.open()))


def by_payload(pc: TargetPC, setting: Setting, value: str, token: str, password: str) -> Came:
    proof = token or (f"<utf-16/>{password}" if password else "")
    told = pc.apply(
        payload.encode(
            Envelope(Purpose.SETTING, payload.encode_setting(SettingChange(setting.name, value, proof)))
        )
    )
    return Came(int(told.status), memory_in(pc.image.open()))


def by_bcu(pc: TargetPC, setting: Setting, value: str, words: list[str]) -> tuple[Came, bool]:
    """BCU in this process, at the same door; and whether it asked the firmware to change anything."""
    asked: list[object] = []

    def ask(request: Reply) -> Reply:
        asked.append(request["verb"])
        return answer(pc, encoded(request))

    made = Report()
    said = options.understood([f"/setvalue:{setting.name},{value}", "/WarningAsErr", *words])
    writing.carry_out(said, Provider(ask), made)
    return Came(int(made.code), memory_in(pc.image.open())), "set" in asked


def with_password_file(folder: Path) -> list[str]:
    file = folder / "password.bin"
    file.write_bytes(password_file.seal(PASSWORD, bytes(password_file.NONCE_SIZE)))
    return [f"/cspwdfile:{file}"]


def signing(key: Path, nonce: int) -> list[str]:
    return [f"/pkey:{key}", f"/ar:{nonce}", "/ot:0"]


@cache
def token_of(key: str, name: str, value: str, nonce: int) -> str:
    return authorization.make(fixed_key(key), name, value, nonce=nonce)


def compared(
    machine: Twins, setting: Setting, value: str, token: str, password: str, words: list[str]
) -> Came:
    """Go all three ways and expect the same of each."""
    tree = by_tree(machine.pc(), setting, value, token, password)
    applied = by_payload(machine.pc(), setting, value, token, password)
    bcu, was_asked = by_bcu(machine.pc(), setting, value, words)
    assert tree.essence == applied.essence == bcu.essence
    assert (tree.refusal == 0) is (applied.refusal == 0) is (bcu.refusal == 0)
    # The driver itself knows what is read-only, but of an ordered list.
    at_once = setting.read_only and setting.kind is not Kind.ORDERED_LIST
    assert tree.refusal == (errno.EIO if at_once else errno_of(applied.refusal))
    assert at_once or tree.logged == applied.logged
    assert not was_asked or bcu.logged == applied.logged
    return tree


@pytest.mark.sampled(40)
@pytest.mark.parametrize(("model", "name"), GUARDED)
def test_a_signed_change_with_the_mode_on(model: str, name: str) -> None:
    setting = models.packaged(model).settings[name]
    machine = twins(model, setting, with_mode_on)
    value = other_value(machine.pc(), setting)
    token = token_of("signing", name, value, NONCE)
    came = compared(machine, setting, value, token, "", signing(SIGNING_KEY, NONCE))
    if not came.refusal:
        assert came.memory.counters.settings == NONCE


@pytest.mark.sampled(80)
@pytest.mark.parametrize(("model", "name"), WITHOUT_KEYS)
def test_a_change_without_keys_by_the_password_if_there_is_one(model: str, name: str, tmp_path: Path) -> None:
    setting = models.packaged(model).settings[name]
    machine = twins(model, setting)
    pc = machine.pc()
    value = other_value(pc, setting)
    if pc.firmware.memory.passwords.administrator is None:
        compared(machine, setting, value, "", "", [])
    else:
        compared(machine, setting, value, "", PASSWORD, with_password_file(tmp_path))


REFUSED = {
    "no token": None,
    "another's key": ("other", "Ownership Tag", "Mine", NONCE),
    "another value": ("signing", "Ownership Tag", "Yours", NONCE),
    "another setting": ("signing", "Asset Tracking Number", "Mine", NONCE),
    "an old counter": ("signing", "Ownership Tag", "Mine", 1),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_the_token_does_not_allow_is_refused_by_each_way(why: str, tmp_path: Path) -> None:
    name, value, said = "Ownership Tag", "Mine", REFUSED[why]
    setting = models.packaged(models.DEFAULT).settings[name]
    machine = twins(models.DEFAULT, setting, with_mode_on)
    token = "" if said is None else token_of(*said)
    file = tmp_path / "one.REPSET"
    tree = by_tree(machine.pc(), setting, value, token, "")
    applied = by_payload(machine.pc(), setting, value, token, "")
    assert tree.refusal == errno_of(applied.refusal) == errno.EINVAL
    assert (tree.essence, tree.logged) == (applied.essence, applied.logged)
    # BCU signs itself, so a strange token comes to it in a file.
    asked = repset.parse(f"BIOSConfig 1.0\n{name}\n\t{value}\n".encode())
    file.write_bytes(asked.with_authorizations({asked.entries[0].line: token} if token else {}).render())
    pc, made = machine.pc(), Report()
    writing.carry_out(options.understood([f"/set:{file}"]), Provider(door(pc)), made)
    assert made.code == ReturnCode.SETTING_FAILED
    bcu = Came(int(made.code), memory_in(pc.image.open()))
    assert (bcu.essence, bcu.logged) == (applied.essence, applied.logged)


def test_a_number_of_32_bits_is_too_large_for_the_driver_alone() -> None:
    model, name = "zbook-power-g7", "Remote HP PC Hardware Diagnostics Last Execution Status"
    setting = models.packaged(model).settings[name]
    assert setting.upper_bound > LARGEST
    machine, value = twins(model, setting), str(setting.upper_bound)
    assert by_tree(machine.pc(), setting, value, "", "").refusal == errno.ERANGE
    assert by_payload(machine.pc(), setting, value, "", "").refusal == 0


@pytest.mark.parametrize("name", sorted(set(models.names()) - {name for name, _ in GUARDED}))
def test_a_model_without_keys_has_no_place_for_a_token(name: str) -> None:
    setting = next(iter(models.packaged(name).settings.values()))
    tree = FirmwareAttributes(door(twins(name, setting).pc()), Quirks())
    assert tree.entry("hp-bioscfg/authentication/Setup Password/current_password") is not None
    assert tree.entry("hp-bioscfg/authentication/SPM/auth_token") is None
    assert tree.entry("hp-bioscfg/authentication/SPM") is None
