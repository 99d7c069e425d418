"""The folder that the deployment system would hand to the script, and the script run as the deployment system runs it."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from emulator.testing import PC, Admin

HERE = Path(__file__).parents[1]

BASELINE = """BIOSConfig 1.0
;
; What every PC of the fleet holds.
;
Fast Boot
\t*Disable
\tEnable
USB Storage Boot
\t*Disable
\tEnable
Ownership Tag
\tFleet 7
"""


@dataclass(frozen=True)
class Package:
    """What the administrator's station made, and where its passphrase and the log lie."""

    folder: Path

    @property
    def passphrase(self) -> Path:
        return self.folder.with_name("passphrase")

    @property
    def log(self) -> Path:
        return self.folder.with_name("rollout.log")

    def settings(self, baseline: str) -> None:
        (self.folder / "baseline.REPSET").write_text(baseline, "utf-8")


# Exit codes, as the deployment system knows them; 1 is Python's own, for a script that fell over.
IN_ORDER, _, UNUSABLE_PACKAGE, PERSON_NEEDED, REFUSED, NOT_AS_WANTED, TRY_LATER, UNSUPPORTED = range(8)


class Rollout(Protocol):
    def __call__(self, pc: PC, package: Package = ..., /) -> int: ...


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--script", default="fleet_rollout", help="the module to run in place of the script")


@pytest.fixture
def package(tmp_path: Path, admin: Admin) -> Package:
    return made_by(admin, tmp_path / "package")


def made_by(admin: Admin, folder: Path) -> Package:
    made = Package(folder)
    made.folder.mkdir(parents=True)
    made.passphrase.write_text(admin.passphrase, "utf-8")
    endorsement, signing = admin.provisioning()
    for name, content in (
        ("endorsement-key.json", endorsement),
        ("signing-key.json", signing),
        ("mode.json", admin.mode(on=True)),
        ("local-access-key.json", admin.local_access_key()),
        ("signing-key.pfx", (admin.folder / "signing-key.pfx").read_bytes()),
    ):
        (made.folder / name).write_bytes(content)
    made.settings(BASELINE)
    return made


@pytest.fixture
def rollout(package: Package, request: pytest.FixtureRequest) -> Rollout:
    """Runs the script on a PC, with the fleet's package or another; its exit code."""

    def run(pc: PC, package: Package = package) -> int:
        words = [sys.executable, "-m", request.config.getoption("--script"), str(package.folder)]
        with package.passphrase.open("rb") as secret:
            words += ["--log", str(package.log), "--passphrase-fd", str(secret.fileno())]
            done = subprocess.run(
                words, env=pc.environment, cwd=HERE, pass_fds=[secret.fileno()], check=False, timeout=60
            )
        # The last line tells how it ended; whoever reads a failure wants that.
        print(package.log.read_text("utf-8").splitlines()[-1])
        return done.returncode

    return run
