"""`f10 wmi` in a process of its own: a PC that is off and one that runs, secrets by descriptor, codes, and what is imported."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator.firmware import quirks, variables
from emulator.headless import running
from emulator.machine import TargetPC, write
from emulator.management_door import answer, encoded, listening_socket
from emulator.pc_folder import PCFolder
from emulator.protocol import command_block, spm
from emulator.protocol.command_block import Block
from tests.faces.terminal import f10
from tests.firmware.bench import BOSS, SETUP_PASSWORD, USB, mode_on, signed

REFUSED, UNUSABLE = 1, 2


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a fresh PC that has no keys."""
    TargetPC.manufacture(PCFolder(tmp_path / "pc").new_image(), serial="5CG0000002")
    return tmp_path


def wmi(home: Path, *arguments: str, secrets: tuple[str, ...] = ()) -> subprocess.CompletedProcess[bytes]:
    """Run it; `{0}` and so on in an argument are the descriptors that the secrets are read from."""
    ends = [os.pipe() for _ in secrets]
    for (_, writer), secret in zip(ends, secrets, strict=True):
        os.write(writer, secret.encode() + b"\n")
        os.close(writer)
    readers = [read for read, _ in ends]
    words = [word.format(*readers) for word in arguments]
    done = subprocess.run(f10(home, "wmi", *words), capture_output=True, check=False, pass_fds=readers)
    for reader in readers:
        os.close(reader)
    assert b"Traceback" not in done.stderr
    return done


def value(home: Path, name: str) -> str:
    done = wmi(home, "get", name, "--value")
    assert done.returncode == 0, done.stderr
    return done.stdout.decode().removesuffix("\n")


def data(done: subprocess.CompletedProcess[bytes]) -> Any:
    return json.loads(done.stdout)


@pytest.fixture
def switched_on(home: Path) -> Iterator[TargetPC]:
    """The PC runs here, and its management door is answered."""
    folder = PCFolder(home / "pc")
    with running(folder) as pc, listening_socket(folder) as door:
        door.settimeout(0.1)
        ending = threading.Event()

        def serve() -> None:
            while not ending.is_set():
                try:
                    line, _ = door.accept()
                except TimeoutError:
                    continue
                with line:
                    line.sendall(encoded(answer(pc, line.makefile("rb").readline())))

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield pc
        finally:
            ending.set()
            thread.join()


def test_a_setting_is_told_as_text_as_json_and_alone(home: Path) -> None:
    done = wmi(home, "get", "Secure Boot")
    assert done.returncode == 0
    assert "Value                    : Disable,*Enable" in done.stdout.decode().splitlines()
    assert data(wmi(home, "get", "Secure Boot", "--json"))["CurrentValue"] == "Enable"
    assert value(home, "Secure Boot") == "Enable"


def test_an_unknown_name_is_refused_with_the_one_that_may_be_meant(home: Path) -> None:
    done = wmi(home, "get", "Secure  boot")
    assert done.returncode == REFUSED
    assert b"'Secure Boot' may be meant" in done.stderr
    done = wmi(home, "set", "secure boot", "Disable", "--json")
    assert (done.returncode, data(done)["status_name"]) == (REFUSED, "UNKNOWN_SETTING")
    assert "'Secure Boot' may be meant" in data(done)["sentence"]


def test_a_query_finds_or_is_refused(home: Path) -> None:
    found = data(wmi(home, "query", "SELECT Name FROM HP_BIOSInteger WHERE UpperBound > 60", "--json"))
    assert {each["Class"] for each in found} == {"HPBIOS_BIOSInteger"}
    nothing = wmi(home, "query", "SELECT * FROM HP_BIOSSetting WHERE Name = 'x'")
    assert (nothing.returncode, nothing.stdout) == (0, b"")
    wrong = wmi(home, "query", "SELECT * FROM Win32_BIOS")
    assert (wrong.returncode, wrong.stdout) == (UNUSABLE, b"")
    assert b"there is no class 'Win32_BIOS'" in wrong.stderr


def test_a_setting_is_set_and_defaults_bring_it_back(home: Path) -> None:
    done = wmi(home, "set", USB, "Disable")
    assert (done.returncode, done.stdout) == (
        0,
        b"SetBIOSSetting returned 0; it acts after the next restart.\n",
    )
    assert value(home, USB) == "Disable"
    assert wmi(home, "invoke", "SetSystemDefaults").returncode == 0
    assert value(home, USB) == "Enable"
    wrong = wmi(home, "invoke", "SetBIOSSetting", USB, "Perhaps")
    assert wrong.returncode == REFUSED
    assert b"INVALID_PARAMETER, code 5" in wrong.stderr


def test_passwords_come_by_descriptor_and_nowhere_else(home: Path, switched_on: TargetPC) -> None:
    refused = wmi(home, "set", SETUP_PASSWORD, "Secret-99")
    assert refused.returncode == UNUSABLE
    assert b"--value-fd N" in refused.stderr
    assert b"Secret" not in refused.stderr
    done = wmi(home, "set", SETUP_PASSWORD, "--value-fd", "{0}", secrets=(BOSS,))
    assert done.returncode == 0, done.stderr
    assert wmi(home, "set", USB, "Disable").returncode == REFUSED
    assert (
        wmi(home, "set", USB, "Disable", "--password-fd", "{0}", secrets=("Wrong-1",)).returncode == REFUSED
    )
    assert wmi(home, "set", USB, "Disable", "--password-fd", "{0}", secrets=(BOSS,)).returncode == 0
    both = ("--value-fd", "{0}", "--password-fd", "{1}")
    assert wmi(home, "set", SETUP_PASSWORD, *both, secrets=("", BOSS)).returncode == 0
    assert wmi(home, "set", USB, "Enable").returncode == 0


def test_an_authorization_comes_by_descriptor_too(tmp_path: Path) -> None:
    with PCFolder(tmp_path / "pc").new_image().transaction() as store:
        write(store, variables.changes(None, mode_on()))
    denied = wmi(tmp_path, "set", USB, "Disable")
    assert denied.returncode == REFUSED
    assert b"ACCESS_DENIED, code 6" in denied.stderr
    token = signed(USB, "Disable").authorization
    done = wmi(tmp_path, "set", USB, "Disable", "--auth-fd", "{0}", "--json", secrets=(token,))
    assert (done.returncode, data(done)["status"]) == (0, 0)
    assert value(tmp_path, USB) == "Disable"


def test_the_state_is_told_in_words_and_in_bytes(home: Path, switched_on: TargetPC) -> None:
    assert data(wmi(home, "state", "--json"))["State"] == "NotConfigured"
    assert len(wmi(home, "state", "--raw", "helper").stdout) == 525
    kernel = wmi(home, "state", "--raw", "kernel").stdout
    assert spm.decode_state(kernel).state == spm.State.NOT_CONFIGURED
    assert wmi(home, "state", "--raw", "kernel", "--hex").stdout.startswith(b"0000  00 01 00 00")


def test_a_raw_call_takes_bytes_and_brings_bytes(home: Path, tmp_path: Path, switched_on: TargetPC) -> None:
    block = tmp_path / "block"
    block.write_bytes(command_block.encode(Block(0x20010, 0x10)))
    done = wmi(home, "raw", "--guid", command_block.GUID, "--method", "4", "--output", "552", str(block))
    code, output = command_block.decode_reply(done.stdout)
    assert (code, len(output)) == (0, 552)
    assert wmi(home, "raw", "--guid", "x", str(block)).returncode == UNUSABLE
    assert wmi(home, "raw", "--guid", command_block.GUID, str(tmp_path / "none")).returncode == UNUSABLE


def test_classes_need_no_pc(tmp_path: Path) -> None:
    done = wmi(tmp_path, "classes", "--json")
    assert len(data(done)["classes"]) == 13
    assert not (tmp_path / "pc").exists()
    assert b"\nHPBIOS_BIOSSettingInterface : HP_BIOSSettingInterface\n" in wmi(tmp_path, "classes").stdout


def test_without_the_provider_the_namespace_is_named(home: Path) -> None:
    PCFolder(home / "pc").keep_quirks(quirks.chosen({"wmi_provider": "no HP namespace"}))
    done = wmi(home, "get", USB, "--json")
    assert (done.returncode, data(done)["missing"]) == (UNUSABLE, "root\\HP")
    assert (
        "'no HP namespace'"
        in subprocess.run(f10(home, "status"), capture_output=True, text=True, check=True).stdout
    )


def test_help_and_nonsense(home: Path) -> None:
    assert wmi(home, "--help").stdout.startswith(b"usage: f10 wmi get NAME")
    done = wmi(home, "fetch")
    assert done.returncode == UNUSABLE
    assert b"f10 wmi --help" in done.stderr


HEAVY = (
    "textual",
    "construct",
    "cryptography",
    "emulator.machine",
    "emulator.firmware",
    "firmware_store",
    "emulator.bcu",
)
ASK = """
import sys
from emulator.cli import run
code = run(sys.argv[1:])
print(*sys.modules, sep="\\n", file=sys.stderr)
sys.exit(code)
"""


def loaded(home: Path, *arguments: str) -> set[str]:
    words = [sys.executable, "-c", ASK, "--home", str(home), "wmi", *arguments]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout
    return set(done.stderr.split())


def test_a_running_pc_is_asked_without_importing_a_machine(home: Path, switched_on: TargetPC) -> None:
    for arguments in (["get", USB], ["query", "SELECT * FROM HP_BIOSInteger"], ["set", USB, "Disable"]):
        assert not loaded(home, *arguments) & set(HEAVY)
    assert switched_on.firmware.value(USB) == "Disable"


def test_a_pc_that_is_off_is_asked_without_the_heaviest(home: Path) -> None:
    assert not loaded(home, "get", USB) & {"textual", "construct", "cryptography"}
