"""One command, wholly or not at all."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from emulator.firmware import commands as c
from emulator.firmware.guard import Moment
from emulator.firmware.refusals import CommandMalformed, UnknownSetting, ValueNotAllowed
from tests.firmware.bench import USB, Bench, at_the_door, factory_new, guarded, pin, started


class FaultyEntropy:
    """A source of random numbers that fails."""

    def octets(self, count: int) -> bytes:
        raise OSError(f"no {count} bytes")

    def below(self, limit: int) -> int:
        raise OSError(f"no number below {limit}")


def test_a_fault_that_is_no_refusal_changes_nothing_either() -> None:
    bench = Bench()
    bench.execute(c.PowerOn())
    bench.execute(c.EnterSetup())
    bench.execute(c.StageSetting(USB, "Disable"))
    before = bench.memory, bench.firmware.session
    with pytest.raises(OSError, match="no 16 bytes"):
        bench.firmware.execute(c.SaveAndExit(), now=Moment(0, 0), entropy=FaultyEntropy())
    assert (bench.memory, bench.firmware.session) == before


def test_a_refusal_with_an_event_leaves_that_and_nothing_else() -> None:
    bench = started(factory_new())
    before = bench.memory
    bench.refused(c.SetEndorsementKey(b""), CommandMalformed)
    assert len(bench.memory.log.events) == len(before.log.events) + 1
    bench.refused(c.SetSetting("No Such Setting", ""), UnknownSetting)
    assert len(bench.memory.log.events) == len(before.log.events) + 1


def test_a_refusal_in_the_middle_undoes_what_came_before_it() -> None:
    bench = Bench()
    bench.execute(c.PowerOn())
    bench.execute(c.EnterSetup())
    staged = {USB: "Disable", "Fast Boot": "Perhaps"}
    bench.firmware.session = replace(bench.firmware.session, staged=staged)
    bench.refused(c.SaveAndExit(), ValueNotAllowed)
    assert bench.firmware.value(USB) == "Enable"


def test_old_values_put_back_undo_a_command() -> None:
    bench = at_the_door()
    memory, session = bench.memory, bench.firmware.session
    bench.execute(c.CountResponse(pin(bench)))
    bench.firmware.memory, bench.firmware.session = memory, session
    bench.execute(c.CountResponse(pin(bench)))
    assert bench.memory.guard.misses == 1


def test_a_command_never_changes_a_memory_that_somebody_holds() -> None:
    held = guarded()
    settings = MappingProxyType(dict(held.settings))
    bench = started(held)
    bench.execute(c.Restart())
    assert held.settings == settings
    assert not held.boot.running
    assert bench.memory.boot.running


def test_a_name_that_is_no_setting_is_not_repeated_at_length() -> None:
    with pytest.raises(UnknownSetting) as refused:
        Bench().firmware.value("x" * 100_000)
    assert len(str(refused.value)) < 200
