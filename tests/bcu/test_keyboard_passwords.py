"""A PC that takes passwords as scan codes of a keyboard only."""

from pathlib import Path

import pytest

from emulator import model_files
from emulator.bcu.return_codes import ReturnCode
from emulator.machine import TargetPC
from emulator.pc_folder import PCFolder
from tests.bcu.conftest import BCU, password_file_of


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose PC is of an old model that knows no UTF-16."""
    packaged = Path(model_files.__file__).parent / "models" / "elitebook-810-g1.toml"
    text = packaged.read_text("utf-8").replace('encodings = ["kbd", "utf-16"]', 'encodings = ["kbd"]')
    (tmp_path / "old.toml").write_text(
        text.replace('id = "elitebook-810-g1"', 'id = "keyboard-only"'), "utf-8"
    )
    model = model_files.named(str(tmp_path / "old.toml"))
    folder = PCFolder(tmp_path / "home" / "pc")
    TargetPC.manufacture(folder.new_image(model.text), model=model.catalogue)
    return tmp_path / "home"


def test_it_has_no_unicode_passwords(bcu: BCU) -> None:
    told = bcu("/Unicode")
    assert told.code == told.translated == told.result == ReturnCode.NO_UNICODE


def test_a_password_travels_as_scan_codes(bcu: BCU, work: Path) -> None:
    file = password_file_of(work, "Type9-me")
    assert bcu(f"/nspwdfile:{file}").code == 0
    assert bcu("/SetDefaults").code == ReturnCode.NO_VALID_PASSWORD
    assert bcu("/SetDefaults", f"/cspwdfile:{file}").code == 0


def test_a_password_that_no_key_writes_is_code_31(bcu: BCU, work: Path) -> None:
    told = bcu(f"/nspwdfile:{password_file_of(work, 'Übermut9')}")
    assert told.code == told.translated == told.result == ReturnCode.PASSWORD_NOT_TYPEABLE
