"""BCU as a program of its own, and what it loads."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from emulator.bcu.return_codes import ReturnCode


def program(home: Path, folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "emulator.bcu", *words]
    environ = {**os.environ, "F10_HOME": str(home), **environment}
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)


def test_bcu_is_a_program_of_its_own(home: Path, work: Path) -> None:
    told = program(home, work, "/getvalue:Secure Boot")
    assert told.returncode == 0
    assert "<VALUE><![CDATA[Disable,*Enable]]></VALUE>" in told.stdout


@pytest.mark.slow
def test_the_home_folder_may_stand_in_front(home: Path, work: Path, tmp_path: Path) -> None:
    for words in (("--home", str(home)), (f"--home={home}",)):
        told = program(tmp_path / "nowhere", work, *words, "/Unicode")
        assert (told.returncode, told.stderr) == (0, "")
    assert not (tmp_path / "nowhere").exists()


def test_a_code_that_no_process_can_say_ends_the_program_with_1(home: Path, work: Path) -> None:
    told = program(home, work, "/setvalue:Ownership Tag,x", "/pkey:none.pfx", "/ar:1", "/ot:0")
    assert told.returncode == 1
    assert f'translated="{int(ReturnCode.KEY_FILE_MISSING)}"' in told.stdout


def test_whoever_reads_loads_nothing_that_signs_or_draws(home: Path, work: Path) -> None:
    program_text = (
        "import sys; from pathlib import Path; from emulator.bcu import verb; "
        f"code = verb.run(['/getvalue:Secure Boot'], Path({str(home)!r})); "
        "print(code, sorted({'textual', 'construct', 'cryptography', 'PIL'} & sys.modules.keys()), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program_text],
        cwd=work,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert done.stderr.strip() == "0 []"
