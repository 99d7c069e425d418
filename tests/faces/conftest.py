"""What several tests of real programs begin with: a demo world, made once, for making one takes seconds."""

from pathlib import Path

import pytest

from emulator import demo, demo_world
from tests.faces.phone import phone


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo world. Tests share it, so each leaves its doors as they were."""
    home = tmp_path_factory.mktemp("home") / "f10"
    demo_world.make(home)
    return home


@pytest.fixture(scope="session")
def enrolled(world: Path) -> Path:
    """The demo world, with the key on the phone."""
    done = phone(world, "enroll", str(world / "admin" / demo.PICTURE))
    assert done.returncode == 0, done.stderr
    return world
