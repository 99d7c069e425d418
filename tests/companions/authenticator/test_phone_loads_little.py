"""What `f10 phone` leaves unloaded: the words need no cryptography, and a verb that looks at no picture needs no eyes."""

import subprocess
import sys
from pathlib import Path

import pytest


def loaded_by(*arguments: str) -> set[str]:
    program = (
        "import sys; from pathlib import Path; from emulator.companions.authenticator import commands; "
        f"commands.run({list(arguments[1:])!r}, Path({arguments[0]!r})); print(*sys.modules, sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("heavy", ["textual", "PIL", "zxingcpp", "cryptography", "construct"])
def test_help_loads_nothing_heavy(tmp_path: Path, heavy: str) -> None:
    assert heavy not in loaded_by(str(tmp_path), "--help")


@pytest.mark.parametrize("heavy", ["textual", "PIL", "zxingcpp", "construct", "resvg_py"])
def test_the_list_of_keys_loads_neither_screens_nor_eyes(tmp_path: Path, heavy: str) -> None:
    assert heavy not in loaded_by(str(tmp_path), "list")
