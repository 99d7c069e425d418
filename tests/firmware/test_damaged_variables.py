"""Every kind of record, damaged in every way, and bytes of later versions."""

import struct
from collections.abc import Callable
from dataclasses import replace

import pytest

from emulator.firmware import commands as c
from emulator.firmware import variables
from emulator.firmware.event_log import EventCode
from emulator.firmware.memory import (
    LARGEST_OFFSET,
    Memory,
    PasswordHash,
)
from emulator.firmware.records import unwrap, wrap
from emulator.firmware.variables import DamagedVariable, VariableName
from tests.firmware.bench import (
    IDENTITY,
    NONCE,
    PRESENCE_INTERFACE,
    USB,
    Bench,
    made_by,
    model,
    public,
    signed,
    signing,
)
from tests.firmware.held import carried_out, full, load, written

EVENT = VariableName(variables.EVENT_LOG, "Event001")
KINDS = {
    "identity": variables.IDENTITY,
    "setting": VariableName(variables.SETTINGS, USB),
    "waiting": VariableName(variables.WAITING, PRESENCE_INTERFACE),
    "custom default": VariableName(variables.CUSTOM_DEFAULTS, USB),
    "platform": variables.PLATFORM,
    "mode": variables.AUTHENTICATION,
    "local access key": variables.local_access_key_variable(1),
    "administrator password": variables.ADMINISTRATOR,
    "power-on password": variables.POWER_ON,
    "counters": variables.ANTI_REPLAY,
    "guard": variables.GUARD,
    "boot": variables.BOOT,
    "cover": variables.COVER,
    "clock": variables.CLOCK,
    "update": variables.UPDATE,
    "secure boot": variables.SECURE_BOOT,
    "event": EVENT,
}


@pytest.mark.parametrize("name", KINDS.values(), ids=list(KINDS))
class TestDamage:
    """Every kind of record, damaged in every way: named, with what to do, and never a machine half read."""

    def damaged(self, name: VariableName, data: bytes) -> None:
        held = written(full())
        assert name in held
        with pytest.raises(DamagedVariable) as refused:
            load({**held, name: data})
        assert repr(name.name) in str(refused.value)
        assert "put back a good copy" in str(refused.value)

    def test_nothing(self, name: VariableName) -> None:
        self.damaged(name, b"")

    def test_a_flipped_bit(self, name: VariableName) -> None:
        record = bytearray(written(full())[name])
        record[-1] ^= 1
        self.damaged(name, bytes(record))

    def test_an_empty_body_in_a_good_frame(self, name: VariableName) -> None:
        self.damaged(name, wrap(b""))

    def test_a_body_one_byte_short_in_a_good_frame(self, name: VariableName) -> None:
        self.damaged(name, wrap(unwrap(written(full())[name])[:-1]))

    def test_bytes_of_a_later_version_survive_a_rewrite(self, name: VariableName) -> None:
        held = written(full())
        held[name] = wrap(unwrap(held[name]) + b"later")
        memory = load(held)
        assert memory is not None
        after = REWRITES[name](memory)
        told = variables.changes(memory, after)
        if name in (KINDS["waiting"], KINDS["custom default"], EVENT):
            # These are never rewritten: they are taken away, or another entry takes their place.
            assert told.get(name) is None
            assert carried_out(held, told).get(name, held[name]) == held[name]
            return
        rewritten = told[name]
        assert rewritten is not None
        assert rewritten != held[name]
        assert rewritten.endswith(b"later")
        assert load(carried_out(held, told)) == after


def after(command: c.Command, memory: Memory) -> Memory:
    """What a machine that is off remembers after this command."""
    bench = Bench(memory)
    bench.execute(command)
    return bench.memory


def again(kept: PasswordHash | None) -> PasswordHash:
    """The same password kept with another salt."""
    assert kept is not None
    return replace(kept, salt=bytes(16))


# What makes the firmware write each kind of record again.
REWRITES: dict[VariableName, Callable[[Memory], Memory]] = {
    KINDS["identity"]: lambda memory: replace(memory, identity=replace(memory.identity, serial="NEW")),
    KINDS["setting"]: lambda memory: replace(memory, settings={**memory.settings, USB: "Disable"}),
    KINDS["update"]: lambda memory: replace(memory, update=replace(memory.update, waiting=None)),
    KINDS["waiting"]: lambda memory: replace(memory, waiting={}),
    KINDS["custom default"]: lambda memory: replace(memory, custom={}),
    KINDS["platform"]: lambda memory: made_by([signing(NONCE + 1, "other")], memory),
    KINDS["mode"]: lambda memory: made_by([signed("Enhanced BIOS Authentication Mode", "Disable")], memory),
    KINDS["local access key"]: lambda memory: replace(
        memory,
        authentication=replace(
            memory.authentication,
            keys=tuple(
                None if key is None else replace(key, enrolment="new") for key in memory.authentication.keys
            ),
        ),
    ),
    KINDS["administrator password"]: lambda memory: replace(
        memory, passwords=replace(memory.passwords, administrator=again(memory.passwords.administrator))
    ),
    KINDS["power-on password"]: lambda memory: replace(
        memory, passwords=replace(memory.passwords, power_on=again(memory.passwords.power_on))
    ),
    KINDS["cover"]: lambda memory: made_by([], memory),
    KINDS["clock"]: lambda memory: after(c.ClearCMOS(), memory),
    KINDS["secure boot"]: lambda memory: made_by(
        [], replace(memory, settings={**memory.settings, "Microsoft UEFI CA 2023": "Enable"})
    ),
    KINDS["counters"]: lambda memory: made_by([signed(USB, "Disable", NONCE + 1)], memory),
    KINDS["guard"]: lambda memory: made_by([signed(USB, "Disable", NONCE + 1)], memory),
    KINDS["boot"]: lambda memory: made_by([], memory),
    EVENT: lambda memory: replace(memory, log=memory.log.appended(EventCode.COMMAND_REJECTED, NONCE)),
}


@pytest.mark.parametrize(
    ("name", "body"),
    [
        (variables.IDENTITY, bytes(16) + b"caf\xc3\xa9".ljust(32, b"\0") + bytes(32)),
        (variables.IDENTITY, bytes(16) + b"\x1b[2J".ljust(32, b"\0") + bytes(32)),
        (variables.local_access_key_variable(1), bytes(256) + b"\0\0"),
        (variables.local_access_key_variable(1), public("other").modulus + b"\x02\0\xff\xff"),
        (variables.PLATFORM, b"\x01\x01\0\0" + bytes(8) + bytes(256)),
        (variables.PLATFORM, b"\x01\0\x04\0" + bytes(8) + bytes(256) + b"\x30\x82\0\0"),
        (VariableName(variables.SETTINGS, USB), b"\x02\0\xff\xff"),
        (VariableName(variables.CUSTOM_DEFAULTS, USB), b"\x02\0\xff\xff"),
        (variables.CLOCK, struct.pack("<q", LARGEST_OFFSET + 1)),
        (variables.CLOCK, struct.pack("<q", -(2**63))),
        *(
            (name, bytes(costs) + bytes(48))
            for name in (variables.ADMINISTRATOR, variables.POWER_ON)
            for costs in ((13, 8, 1), (18, 8, 1), (255, 8, 1), (14, 1, 1), (14, 9, 1), (14, 8, 0), (14, 8, 5))
        ),
    ],
)
def test_content_that_cannot_be_in_a_good_frame_is_damage(name: VariableName, body: bytes) -> None:
    with pytest.raises(DamagedVariable):
        load({**written(full()), name: wrap(body)})


def test_an_identity_of_the_first_version_has_the_names_of_its_model() -> None:
    held = written(full())
    held[variables.IDENTITY] = wrap(unwrap(held[variables.IDENTITY])[:80])
    memory = load(held)
    assert memory is not None
    assert (memory.identity.product, memory.identity.board) == ("", "")
    assert memory == full()
    bench = Bench(memory)
    assert bench.firmware.value("Product Name") == model().product
    assert bench.firmware.value("System Board ID") == model().board


@pytest.mark.parametrize("size", [81, 96, 159])
def test_names_of_an_identity_are_there_whole_or_not_at_all(size: int) -> None:
    held = written(full())
    with pytest.raises(DamagedVariable):
        load({**held, variables.IDENTITY: wrap(unwrap(held[variables.IDENTITY])[:size])})


@pytest.mark.parametrize(("product", "board"), [("x" * 65, ""), ("Größe", ""), ("", "x" * 17), ("", "\x1b")])
def test_a_product_or_board_that_would_steer_a_terminal_or_not_fit_is_none(product: str, board: str) -> None:
    with pytest.raises(ValueError, match="characters of printable ASCII"):
        replace(IDENTITY, product=product, board=board)


def test_a_new_identity_fills_its_names_to_the_last_character() -> None:
    identity = replace(IDENTITY, product="p" * 64, board="b" * 16, serial="s" * 32, model="m" * 32)
    memory = load(written(replace(full(), identity=identity)))
    assert memory is not None
    assert memory.identity == identity


def test_a_name_of_a_firmware_file_that_would_steer_a_terminal_is_damage() -> None:
    held = written(full())
    update = variables.UPDATE
    held[update] = wrap(unwrap(held[update]).replace(b"new.bin", b"\x1b[2J.bi"))
    with pytest.raises(DamagedVariable, match="printable"):
        load(held)


def test_parts_of_recovery_that_are_not_known_stay_in_the_flash_and_are_told_nowhere() -> None:
    held = written(full())
    strange = VariableName(variables.RECOVERY, "\x1b[2Jx")
    held[strange] = wrap(b"later")
    memory = load(held)
    assert memory == load(written(full()))
    assert memory is not None
    assert strange not in variables.changes(memory, after(c.ClearCMOS(), memory))
