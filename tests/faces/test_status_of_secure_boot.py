"""What `f10 status` says of Secure Boot."""

from dataclasses import replace

import pytest

from emulator import status_text
from emulator.firmware.memory import Memory, SecureBoot
from emulator.firmware.report import report
from tests.firmware.bench import Bench, factory_new, small
from tests.firmware.test_secure_boot import OURS


def line(bench: Bench) -> str:
    lines = status_text.page(report(bench.firmware)).splitlines()
    return " ".join(next((each for each in lines if each.startswith("Secure Boot")), "").split())


@pytest.mark.parametrize(
    ("held", "told"),
    [
        (factory_new().secure_boot, "Secure Boot on, user mode, factory keys"),
        (SecureBoot(), "Secure Boot off, setup mode, no keys"),
        (SecureBoot({"PK": OURS}, switch=False), "Secure Boot off, user mode, custom keys"),
    ],
)
def test_one_line_tells_whether_it_is_on_the_mode_and_whose_keys_there_are(
    held: SecureBoot, told: str
) -> None:
    memory: Memory = replace(factory_new(), secure_boot=held)
    assert line(Bench(memory)) == told


def test_a_model_that_knows_none_has_no_such_line() -> None:
    assert line(small()) == ""
