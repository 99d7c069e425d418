"""What the import contracts cannot see: which modules a fresh interpreter really loads."""

import subprocess
import sys

import pytest


def modules_loaded_by(statement: str) -> set[str]:
    program = f"import sys\n{statement}\nprint('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "heavy",
    [
        "textual",
        "construct",
        "cryptography",
        "segno",
        "qrcode",
        "PIL",
        "zxingcpp",
        "zxcvbn",
        "reportlab",
        "pathlib",
    ],
)
def test_the_command_line_loads_nothing_heavy_before_a_verb_needs_it(heavy: str) -> None:
    assert heavy not in modules_loaded_by("import emulator.cli")


def test_the_flash_store_runs_without_construct() -> None:
    assert "construct" not in modules_loaded_by("import firmware_store")
