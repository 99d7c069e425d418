"""What the flash holds of a machine's memory, as variables."""

from dataclasses import replace

from emulator.firmware import recovery_parts, variables
from emulator.firmware.cover import Cover
from emulator.firmware.event_log import EventCode, EventLog
from emulator.firmware.memory import (
    FirmwareFile,
    FirmwareUpdate,
    Guard,
    Memory,
    PasswordHash,
    Passwords,
    RealTimeClock,
)
from emulator.firmware.variables import VariableName
from tests.firmware.bench import (
    NONCE,
    PRESENCE_INTERFACE,
    USB,
    guarded,
    made_by,
    signed,
)

Variables = dict[VariableName, bytes]


def log_of(codes: list[EventCode]) -> EventLog:
    log = EventLog()
    for number, code in enumerate(codes):
        log = log.appended(code, NONCE + number, bytes([number % 256]))
    return log


def carried_out(held: Variables, told: dict[VariableName, bytes | None]) -> Variables:
    """What the flash holds after it was told; deleting what is not there would be a fault."""
    after = dict(held)
    for name, data in told.items():
        if data is None:
            del after[name]
        else:
            after[name] = data
    return after


def written(memory: Memory) -> Variables:
    return carried_out({}, variables.changes(None, memory))


def load(held: Variables) -> Memory | None:
    return variables.load((*name, data) for name, data in held.items())


def full() -> Memory:
    """A memory in which nothing is empty."""
    memory = made_by([signed(PRESENCE_INTERFACE, "Disable")], guarded())
    kept = PasswordHash(bytes(range(16)), bytes(range(32)), 14, 8, 1)
    return replace(
        memory,
        # Nobody types the power-on password in these tests.
        settings={**memory.settings, "Wake on LAN Power-on Password Policy": "Bypass Password"},
        guard=Guard(2, 5),
        log=log_of([EventCode.COMMAND_REJECTED] * 3),
        custom={USB: "Disable"},
        passwords=Passwords(kept, replace(kept, log2_cost=15)),
        cover=Cover(3, NONCE, unacknowledged=True, tpm_to_clear=True),
        clock=RealTimeClock(-86_400),
        update=FirmwareUpdate(FirmwareFile("new.bin", bytes(32)), True, FirmwareFile("old.bin", bytes(32))),
        recovery={recovery_parts.AGENT: b"agent", recovery_parts.SERVICE_EVENT: b""},
    )
