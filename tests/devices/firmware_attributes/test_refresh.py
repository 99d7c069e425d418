"""The driver and the PC behind it: other phases, other starts, other machines."""

import uuid
from dataclasses import replace

import pytest

from emulator.devices.firmware_attributes import AnotherMachine, FirmwareAttributes, NoFirmware
from emulator.firmware import commands as c
from emulator.firmware.quirks import Quirks
from tests.devices.firmware_attributes.linux import PENDING, SPM, linux, password_file, restarted, setting
from tests.firmware.bench import BOSS, USB, factory_new, with_passwords


def test_where_no_operating_system_runs_the_phase_and_the_way_on_are_told() -> None:
    shell = linux()
    shell.pc.execute(c.PowerOff())
    with pytest.raises(NoFirmware, match="'off'; switch it on"):
        shell.driver.refresh()
    shell.pc.execute(c.PowerOn())
    with pytest.raises(NoFirmware, match="'power-on self-test'; press Enter"):
        FirmwareAttributes(shell.ask, Quirks())
    for attempt in (
        lambda: shell.driver.write(setting(USB), b"Disable"),
        lambda: shell.driver.write(f"{SPM}/sk", b"x"),
        lambda: shell.driver.read(f"{SPM}/status"),
    ):
        with pytest.raises(NoFirmware, match="press Enter"):
            attempt()
    assert shell.value(USB) == "Enable"


def test_what_never_changes_is_told_all_the_same() -> None:
    shell = linux()
    shell.pc.execute(c.PowerOff())
    assert shell.cat(setting(USB, "type")) == "enumeration\n"


def test_another_start_is_another_load() -> None:
    shell = linux(with_passwords(BOSS))
    shell.echo(BOSS, password_file("Setup Password"))
    shell.echo("Disable", setting("TPM State"))
    assert shell.cat(PENDING) == "1\n"
    shell.echo(BOSS, password_file("Setup Password"))
    restarted(shell)
    shell.driver.refresh()
    assert shell.cat(PENDING) == "0\n"
    assert shell.refused(b"Disable", setting(USB)) == "EINVAL"


def test_after_an_unload_the_next_refresh_is_a_load() -> None:
    shell = linux(with_passwords(BOSS))
    shell.echo(BOSS, password_file("Setup Password"))
    shell.echo("Disable", setting("TPM State"))
    shell.driver.unload()
    shell.driver.refresh()
    assert shell.cat(PENDING) == "0\n"
    shell.echo(BOSS, password_file("Setup Password"))
    shell.echo("Disable", setting("TPM State"))
    # And the one after that is none.
    shell.driver.refresh()
    assert shell.cat(PENDING) == "1\n"


def test_a_refresh_keeps_what_the_driver_holds() -> None:
    shell = linux(with_passwords(BOSS))
    shell.echo(BOSS, password_file("Setup Password"))
    shell.driver.refresh()
    shell.echo("Disable", setting(USB))
    assert shell.value(USB) == "Disable"


def test_another_machine_is_no_refresh() -> None:
    shell = linux()
    memory = factory_new()
    other = uuid.UUID("99112233-4455-6677-8899-aabbccddeeff")
    shell.pc = linux(replace(memory, identity=replace(memory.identity, machine=other))).pc
    with pytest.raises(AnotherMachine, match=f"the PC {other} answers; .* {memory.identity.machine}"):
        shell.driver.refresh()
    assert shell.cat(setting(USB, "type")) == "enumeration\n"
