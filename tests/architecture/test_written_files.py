"""Scripts that write files say which is stale."""

import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def test_a_stale_model_is_reported_in_a_sentence(tmp_path: pathlib.Path) -> None:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "emulator" / "models").mkdir(parents=True)
    script = tmp_path / "scripts" / "make_models"
    script.write_bytes((ROOT / "scripts" / "make_models").read_bytes())
    (tmp_path / "emulator" / "models" / "toy.toml").write_text('id = "toy"\n', "utf-8")

    def run(*arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, str(script), *arguments], capture_output=True, text=True, check=False
        )
        return done.returncode, done.stderr + done.stdout

    assert run("--check") == (1, "toy.json is not what toy.toml says; run scripts/make_models\n")
    assert run() == (0, "wrote toy.json\n")
    assert run("--check") == (0, "")
