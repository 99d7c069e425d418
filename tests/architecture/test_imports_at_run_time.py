"""What the import contracts cannot see: which modules a fresh interpreter really loads."""

import subprocess
import sys
from importlib import import_module

import pytest

from emulator.machine import TargetPC
from emulator.pc_folder import PCFolder


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


@pytest.fixture(scope="module")
def loaded_by_a_setting(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What a fresh process has loaded when the door of a PC that was off has told a setting, and the PC is off again."""
    folder = PCFolder(tmp_path_factory.mktemp("home") / "pc")
    TargetPC.manufacture(folder.new_image())
    return modules_loaded_by(
        "from pathlib import Path\n"
        "from emulator import headless\n"
        "from emulator.pc_folder import PCFolder\n"
        f"reply = headless.order(PCFolder(Path({str(folder.path)!r})), {{'verb': 'get', 'name': 'Secure Boot'}})\n"
        "assert reply['ok'], reply"
    )


@pytest.mark.parametrize(
    "package", ["textual", "rich", "construct", "cryptography", "hashlib", "secrets", "tempfile"]
)
def test_a_setting_is_told_without(package: str, loaded_by_a_setting: set[str]) -> None:
    assert package not in loaded_by_a_setting


@pytest.mark.parametrize(
    "module",
    [
        "firmware.case",
        "firmware.entering",
        "firmware.model_rules",
        "firmware.password_prompt",
        "firmware.presence_prompt",
        "firmware.screen_changes",
        "firmware.setting_interface",
        "firmware.setting_list",
        "firmware.sure_recover",
        "firmware.update_order",
        "devices.payloads",
        "protocol.firmware_update",
        "protocol.sure_recover",
        "protocol.sure_run",
    ],
)
def test_a_setting_is_told_without_what_other_commands_need(
    module: str, loaded_by_a_setting: set[str]
) -> None:
    assert import_module(f"emulator.{module}")  # else nobody would notice that it is called otherwise
    assert f"emulator.{module}" not in loaded_by_a_setting


def test_the_flash_store_runs_without_construct() -> None:
    assert "construct" not in modules_loaded_by("import firmware_store")
