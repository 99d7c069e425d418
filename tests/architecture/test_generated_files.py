"""What scripts write and people commit is what the scripts would write now."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parent.parent.parent / "scripts"


@pytest.mark.parametrize(
    "script", ["make_documents", "make_formats", "make_models", "make_secure_boot_keys", "make_vectors"]
)
def test_the_committed_files_are_what_the_script_writes(script: str) -> None:
    done = subprocess.run(
        [sys.executable, SCRIPTS / script, "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
