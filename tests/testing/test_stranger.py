"""Another project installs the wheel, tests its deployment script with the fixtures, and finds the faults in three copies of it.

The project lies in tests/stranger and imports what is promised, nothing else. Here the wheel is built and installed in an environment of its
own; what it depends on is borrowed from ours, by a path file, so that nothing comes from a network. The tests of the project run in two
workers, once for the script and once for each fault, which must be found by those tests that are about it and by no other.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

HOUSE = Path(__file__).parents[2]
STRANGER = HOUSE / "tests" / "stranger"

FAULTS = {
    "exit_code_ignored": {
        "test_a_value_that_the_pc_does_not_take_is_told",
        "test_a_setting_that_the_pc_does_not_have_is_told",
        "test_a_pc_of_another_company_refuses",
        "test_a_setting_that_needs_a_person_is_done_when_the_code_was_typed",
    },
    "counter_used_again": {"test_what_the_helpdesk_changed_since_is_set_right_again"},
    "passphrase_on_the_command_line": {"test_the_log_holds_neither_passphrase_nor_signature"},
}
TESTS = 14

# Plugins of ours come along with what is borrowed; the stranger asked for xdist only.
NOT_ASKED_FOR = [
    word for name in ("cacheprovider", "randomly", "hypothesispytest") for word in ("-p", f"no:{name}")
]


def run(*words: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """A process that knows nothing of the run of pytest that starts it."""
    ours = ("PYTEST", "PYTHON", "F10_", "COV", "VIRTUAL_ENV")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, timeout=240, check=False
    )


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, folder=HOUSE)
    assert built.returncode == 0, built.stderr
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture(scope="session")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a fresh environment in which the wheel is installed."""
    place = tmp_path_factory.mktemp("environment")
    venv.create(place, symlinks=True)
    interpreter = place / "bin" / "python"
    words = ["-m", "pip", "--python", str(interpreter), "install", "--no-deps", "--no-index", str(wheel)]
    installed = run(sys.executable, *words, folder=place)
    assert installed.returncode == 0, installed.stderr
    packages = run(interpreter, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", folder=place)
    Path(packages.stdout.strip(), "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return interpreter


def test_the_wheel_holds_the_program_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as file:
        names = file.namelist()
        points = file.read(next(name for name in names if name.endswith("entry_points.txt"))).decode()

    tops = {name.split("/")[0].partition("-")[0] for name in names}
    assert tops == {"emulator", "firmware_store", "f10_emulator"}
    assert {"emulator/py.typed", "firmware_store/py.typed", "emulator/pytest_plugin.py"} <= set(names)
    assert "[pytest11]\nf10 = emulator.pytest_plugin" in points
    assert not [name for name in names if Path(name).name.startswith(("test_", "conftest")) or ".pyc" in name]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run of the stranger's tests: which there were, which failed, what was printed, and the secrets that were about."""

    names: list[str]
    failed: set[str]
    printed: str
    passphrases: set[str]


def outcome_of(script: str, python: Path, folder: Path) -> Outcome:
    project, report, scratch = folder / "project", folder / "report.xml", folder / "scratch"
    shutil.copytree(STRANGER, project, ignore=shutil.ignore_patterns("__pycache__", ".*_cache"))
    options = ["-n", "2", f"--script={script}", f"--basetemp={scratch}", f"--junitxml={report}"]
    done = run(python, "-m", "pytest", *NOT_ASKED_FOR, *options, folder=project)
    printed = done.stdout + done.stderr
    assert report.exists(), printed
    cases = list(ET.parse(report).iter("testcase"))
    bad = {case.attrib["name"] for case in cases if {"failure", "error"} & {part.tag for part in case}}
    assert done.returncode == (pytest.ExitCode.TESTS_FAILED if bad else pytest.ExitCode.OK), printed
    passphrases = {file.read_text("utf-8") for file in scratch.rglob("passphrase")}
    return Outcome([case.attrib["name"] for case in cases], bad, printed, passphrases)


@pytest.mark.slow
def test_the_strangers_script_passes_the_strangers_tests(python: Path, tmp_path: Path) -> None:
    where = run(python, "-c", "import emulator; print(emulator.__file__)", folder=tmp_path).stdout
    assert Path(where.strip()).is_relative_to(python.parents[1])

    outcome = outcome_of("fleet_rollout", python, tmp_path)

    assert outcome.failed == set(), outcome.printed
    assert len(outcome.names) == TESTS
    assert "2 workers" in outcome.printed


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_by_the_tests_that_are_about_it(fault: str, python: Path, tmp_path: Path) -> None:
    outcome = outcome_of(f"fleet_rollout.faults.{fault}", python, tmp_path)

    assert outcome.failed == FAULTS[fault], outcome.printed
    assert len(outcome.names) == TESTS
    # The screen of each PC on which a test failed, to its last line.
    titles = re.findall(r"screen of provisioned_pc, \S+, operating system", outcome.printed)
    assert len(titles) == len(FAULTS[fault])
    assert outcome.printed.count("F10 or R: restart") == len(FAULTS[fault])
    assert outcome.passphrases
    assert not any(secret in outcome.printed for secret in outcome.passphrases), "a passphrase was printed"
    assert not re.search("<BEAM/>[A-Za-z0-9+/]{8}", outcome.printed), "a signature was printed"
