"""`f10 models` in a process of its own: what it loads, and who need not listen."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faces.terminal import f10
from tests.models.authoring import SMALL

HOME = Path("/nonexistent")


@pytest.mark.parametrize(
    "arguments", [[], ["--json"], ["show", "zbook-power-g7"], ["check", "zbook-power-g7"]], ids=str
)
def test_nobody_has_to_listen(arguments: list[str]) -> None:
    command = f10(HOME, "models", *arguments)
    closed = subprocess.run(["sh", "-c", '"$@" >&-', "sh", *command], capture_output=True, check=False)
    assert (closed.returncode, closed.stderr) == (0, b"")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_a_narrow_encoding_spells_what_it_lacks(tmp_path: Path) -> None:
    small = tmp_path / "small.toml"
    small.write_text(SMALL + 'help = "Größe"\n', "utf-8")
    for arguments in (("show", str(small), "Switch"), ("show", str(small), "--json")):
        done = subprocess.run(
            f10(HOME, "models", *arguments),
            capture_output=True,
            env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
            check=True,
        )
        assert done.stdout.isascii()
    assert json.loads(done.stdout)["setting"][0]["help"] == "Größe"


@pytest.mark.parametrize("arguments", [[], ["--json"], ["show", "zbook-power-g7"]], ids=str)
@pytest.mark.parametrize("through", ["emulator.cli", "emulator.model_verbs"])
def test_packaged_models_need_no_toml_and_nothing_heavy(through: str, arguments: list[str]) -> None:
    words = (["models"] if through == "emulator.cli" else []) + arguments
    program = (
        f"import sys, {through}\nassert {through}.run({words}) == 0\nprint(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert "emulator.models" in loaded
    assert not loaded & {
        "tomllib",
        "textual",
        "construct",
        "emulator.models.source",
        "emulator.models.schema",
    }
