"""The event log as the driver reads it."""

import base64
import errno

import pytest

from emulator.devices.firmware_attributes import FirmwareAttributes
from emulator.firmware.event_log import encode_entry
from emulator.firmware.quirks import Quirks
from emulator.protocol import command_block
from emulator.protocol.status import CommandStatus
from tests.devices.firmware_attributes.linux import TOP, Linux, linux
from tests.firmware.bench import USB as STORAGE
from tests.firmware.bench import factory_new, guarded, signed

COUNT = f"{TOP}/attributes/Sure_Start/audit_log_entry_count"
ENTRIES = f"{TOP}/attributes/Sure_Start/audit_log_entries"


def test_entries_come_newest_first() -> None:
    shell = linux(guarded())
    events = shell.pc.firmware.memory.log.events
    assert len(events) > 2
    assert shell.cat(COUNT) == f"{len(events)},16,254\n"
    assert shell.driver.read(ENTRIES) == b"".join(encode_entry(each.entry) for each in reversed(events))


def test_a_new_event_is_there_at_the_next_reading() -> None:
    shell = linux(guarded())
    before = shell.driver.read(ENTRIES)
    shell.pc.wmi.set_bios_setting(STORAGE, "Disable", signed(STORAGE, "Enable").authorization)
    after = shell.driver.read(ENTRIES)
    assert after[16:] == before
    assert after[8:10] == b"\x88\x1f"


def test_an_empty_log_is_an_empty_file() -> None:
    shell = linux(factory_new())
    assert (shell.cat(COUNT), shell.driver.read(ENTRIES)) == ("0,16,254\n", b"")


def test_a_full_log_fits_a_page() -> None:
    shell = linux(guarded())
    for _ in range(300):
        shell.pc.wmi.set_bios_setting(STORAGE, "Disable", signed(STORAGE, "Enable").authorization)
    assert shell.cat(COUNT) == "254,16,254\n"
    assert len(shell.driver.read(ENTRIES)) == 254 * 16


def with_a_firmware_that_answers(shell: Linux, size: int, reply: bytes) -> FirmwareAttributes:
    """The driver on a PC whose firmware has this answer to commands that ask for `size` bytes."""

    def ask(request: dict[str, object]) -> dict[str, object]:
        if request.get("output_size") == size:
            return {"ok": True, "output": base64.b64encode(reply).decode()}
        return shell.ask(request)

    return FirmwareAttributes(ask, Quirks())


def test_a_log_that_is_more_than_a_page_is_eio() -> None:
    full = command_block.encode_reply(CommandStatus.SUCCESS, (257).to_bytes(4, "little"))
    driver = with_a_firmware_that_answers(linux(guarded()), 4, full)
    assert driver.read(COUNT) == b"257,16,254\n"
    with pytest.raises(OSError, match="more than a page") as came:
        driver.read(ENTRIES)
    assert came.value.errno == errno.EIO


def test_an_entry_that_cannot_be_read_ends_the_list() -> None:
    gone = command_block.encode_reply(CommandStatus.INVALID_COMMAND_PARAMETER, b"")
    assert with_a_firmware_that_answers(linux(guarded()), 128, gone).read(ENTRIES) == b""
