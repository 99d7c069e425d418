"""Doors that passwords guard, with somebody in front of them or past them. States that cost a password are made once."""

from dataclasses import replace
from functools import cache

from emulator.firmware import commands as c
from emulator.firmware import passwords
from emulator.firmware.boot import Phase
from emulator.firmware.firmware import manufactured
from emulator.models import packaged
from tests.firmware.bench import (
    IDENTITY,
    SETUP_PASSWORD,
    Bench,
    locked,
    start,
    with_passwords,
    with_settings,
)


def kept(bench: Bench, name: str) -> object:
    stored = bench.memory.passwords
    return stored.administrator if name == SETUP_PASSWORD else stored.power_on


def opens(bench: Bench, name: str, text: str) -> bool:
    stored = bench.memory.passwords
    return passwords.matches(stored.administrator if name == SETUP_PASSWORD else stored.power_on, text)


@cache
def _inside(memory_of: tuple[str, str], typed: str, policy: str) -> Bench:
    bench = Bench(with_settings(with_passwords(*memory_of), user_changes_power_on=policy))
    bench.execute(c.PowerOn())
    while bench.phase is not Phase.SETUP:
        bench.execute(c.EnterSetup() if bench.phase is Phase.POST else c.TypePassword(typed))
    return bench


def inside(
    administrator: str = "", power_on: str = "", typed: str = "", policy: str = "Change Only"
) -> Bench:
    """In Computer Setup of a machine with these passwords, as whoever typed this one at every prompt."""
    return _inside((administrator, power_on), typed, policy).twin()


def running(administrator: str = "", power_on: str = "", policy: str = "Change Only") -> Bench:
    """In the operating system of a machine with these passwords, which starts without asking for one."""
    memory = with_settings(
        with_passwords(administrator, power_on),
        wake_on_lan_policy="Bypass Password",
        user_changes_power_on=policy,
    )
    bench = Bench(memory)
    bench.execute(c.PowerOn(attended=False))
    bench.execute(c.Continue())
    return bench


@cache
def _desktop(sensor: str, settings: tuple[tuple[str, str], ...]) -> Bench:
    model = packaged("elitedesk-800-g2")
    bench = Bench(manufactured(model, replace(IDENTITY, model=model.model)), settings=model)
    start(bench)
    bench.execute(c.SetSetting("Cover Removal Sensor", sensor))
    for name, value in settings:
        bench.execute(c.SetSetting(name, value))
    bench.execute(c.PowerOff())
    return bench


def desktop(sensor: str, *settings: tuple[str, str], administrator: str = "", power_on: str = "") -> Bench:
    """A desktop that is off, with a case and a sensor that notices its cover."""
    bench = _desktop(sensor, settings).twin()
    bench.firmware.memory = locked(bench.memory, administrator, power_on)
    return bench
