"""A phone whose process is killed while it changes its keys: afterwards every key is whole or absent, and none is lost that nobody deleted."""

import subprocess
import sys

import pytest

from .killed_phone import DEEDS


def held(*arguments: str) -> None:
    """Run the program; it ends with 0 only if everything held."""
    command = [sys.executable, "-m", "tests.companions.authenticator.killed_phone", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_killed_before_each_step_of_deleting_and_renaming() -> None:
    held("steps", "delete", "rename")


@pytest.mark.slow
@pytest.mark.parametrize("deed", DEEDS)
def test_killed_before_each_step(deed: str) -> None:
    held("steps", deed)


@pytest.mark.slow
def test_killed_at_a_few_random_moments() -> None:
    held("moments", "4", "7")


@pytest.mark.slow
def test_killed_at_many_random_moments() -> None:
    held("moments", "120", "2026")
