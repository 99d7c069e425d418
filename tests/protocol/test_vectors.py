"""The committed vectors are what the code makes, and all of them are looked at."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from emulator.protocol import base45

ROOT = Path(__file__).parent.parent.parent


def test_the_script_makes_the_committed_vectors() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "make_vectors", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "path", sorted((ROOT / "tests" / "vectors").glob("*.pem")), ids=lambda path: path.name
)
def test_every_key_file_says_that_it_guards_nothing(path: Path) -> None:
    assert path.name.startswith("test_key_")
    assert path.read_text("ascii").startswith("This test key is public. It guards nothing")


def test_the_vectors_of_base45_hold(vectors: Callable[[str], list[dict[str, Any]]]) -> None:
    for vector in vectors("base45"):
        assert base45.encode(bytes.fromhex(vector["octets"])) == vector["text"]
        assert base45.decode(vector["text"]).hex() == vector["octets"]
