"""Scripts that write files say which is stale, and what they cannot make one from."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.models.authoring import SMALL

ROOT = Path(__file__).resolve().parents[2]
SHARED = '[setting."Fast Boot"]\nkind = "enumeration"\nvalues = ["Disable", "Enable"]\ndefault = "Enable"\n'

MakeModels = Callable[..., tuple[int, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The models of another checkout, with one of them."""
    models = tmp_path / "emulator" / "models"
    models.mkdir(parents=True)
    (models / "shared.toml").write_text(SHARED, "utf-8")
    (models / "small.toml").write_text(SMALL, "utf-8")
    return models


@pytest.fixture
def make_models(tmp_path: Path, folder: Path) -> MakeModels:
    (tmp_path / "scripts").mkdir()
    script = tmp_path / "scripts" / "make_models"
    script.write_bytes((ROOT / "scripts" / "make_models").read_bytes())

    def run(*arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, str(script), *arguments], capture_output=True, text=True, check=False
        )
        return done.returncode, done.stderr + done.stdout

    return run


def test_a_stale_model_is_reported_in_a_sentence(make_models: MakeModels, folder: Path) -> None:
    stale = "small.json is not what small.toml says; run scripts/make_models\n"
    assert make_models("--check") == (1, stale)
    assert not (folder / "small.json").exists()
    assert make_models() == (0, "wrote small.json\n")
    assert make_models("--check") == (0, "")
    assert make_models() == (0, "")


def test_what_is_shared_makes_models_stale(make_models: MakeModels, folder: Path) -> None:
    (folder / "small.toml").write_text(SMALL.replace('["Switch"]', '["Switch", "Fast Boot"]'), "utf-8")
    assert make_models()[0] == 0
    (folder / "shared.toml").write_text(SHARED.replace('= "Enable"', '= "Disable"'), "utf-8")
    assert make_models("--check")[0] == 1


def test_faults_of_a_model_are_told_and_nothing_is_written(make_models: MakeModels, folder: Path) -> None:
    (folder / "another.toml").write_text(SMALL.replace("format = 1", "format = 2"), "utf-8")
    code, said = make_models()
    assert code == 1
    assert said.startswith("another.toml:1: the model: 'format' must be the number 1")
    assert not (folder / "small.json").exists()


def test_a_model_is_named_like_its_file(make_models: MakeModels, folder: Path) -> None:
    (folder / "small.toml").rename(folder / "large.toml")
    assert make_models() == (1, "large.toml:2: the id is 'small', so the file is found by no PC\n")


def test_a_model_without_its_source_is_reported(make_models: MakeModels, folder: Path) -> None:
    assert make_models()[0] == 0
    (folder / "old.json").write_text("{}", "utf-8")
    for arguments in ([], ["--check"]):
        assert make_models(*arguments) == (1, "old.json has no TOML beside it; delete it\n")


def test_other_arguments_get_the_usage(make_models: MakeModels) -> None:
    code, said = make_models("--chek")
    assert code == 2
    assert "scripts/make_models --check" in said
