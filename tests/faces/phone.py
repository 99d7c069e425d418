"""The phone of a demo world, in processes of its own."""

import re
import subprocess
from pathlib import Path

from emulator import demo
from tests.faces.terminal import f10


def phone(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A verb of the phone, with the passphrase on a file descriptor."""
    with (home / "admin" / demo.PASSPHRASE_FILE).open() as passphrase:
        number = passphrase.fileno()
        return subprocess.run(
            f10(home, "phone", *arguments, "--passphrase-fd", str(number)),
            pass_fds=[number],
            capture_output=True,
            text=True,
            check=False,
        )


def pin_from(home: Path, picture: Path) -> str:
    done = phone(home, "scan", str(picture))
    assert done.returncode == 0, done.stderr
    found = re.search(r"PIN: (\d{4} \d{4})", done.stdout)
    assert found is not None
    return found[1]
