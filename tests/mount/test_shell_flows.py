"""What people type: the flows of the kernel's ABI text in `sh`, against a mounted PC.

A shell opens with truncation, writes with a newline or without, in one write or, as `cat` does, in pieces of a file. What the driver refuses is seen as
the text of an errno; dash's own echo calls every failed write an I/O error, so where the text counts a program writes.
"""

import contextlib
import io
import json
import os
import shlex
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from emulator import cli
from emulator.firmware import commands as c
from emulator.firmware.boot import Phase
from emulator.machine import TargetPC
from emulator.pc_folder import PCFolder
from emulator.protocol import payload
from tests.firmware.bench import shown_code
from tests.mount import machines
from tests.mount.conftest import Mounted, Mounting, f10, new_pc, running_here, until

BOOT = "attributes/USB Storage Boot/current_value"
TAG = "attributes/Ownership Tag/current_value"
PASSWORD = "authentication/Setup Password/current_password"
TOKEN = "authentication/SPM/auth_token"
PASSPHRASE = "lattice-ember-4711-quiet-harbour"


def sh(mounted: Mounted, script: str) -> subprocess.CompletedProcess[str]:
    """Run a script in the driver's folder."""
    return subprocess.run(
        ["sh", "-c", script],
        cwd=mounted.driver,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def done(mounted: Mounted, script: str) -> str:
    told = sh(mounted, script)
    assert (told.returncode, told.stderr) == (0, ""), told
    return told.stdout


def refused(mounted: Mounted, script: str, number: int) -> str:
    """The script failed, with the text of this errno."""
    told = sh(mounted, script)
    assert told.returncode != 0
    assert os.strerror(number) in told.stderr, told
    return told.stderr


def test_a_value_is_read_written_with_a_newline_and_without_and_read_again(mounted: Mounted) -> None:
    assert done(mounted, f"cat '{BOOT}'") == "Enable\n"
    assert done(mounted, f"echo Disable > '{BOOT}'; cat '{BOOT}'") == "Disable\n"
    assert done(mounted, f"printf Enable > '{BOOT}'; cat '{BOOT}'") == "Enable\n"
    assert (
        done(mounted, f"echo Disable | tee '{BOOT}'; read value < '{BOOT}'; echo $value")
        == "Disable\nDisable\n"
    )
    assert done(mounted, f"echo Enable >> '{BOOT}'; head -c 3 '{BOOT}'") == "Ena"
    assert machines.value(mounted.home, "USB Storage Boot") == "Enable"
    assert done(mounted, "cat attributes/pending_reboot") == "0\n"


@pytest.mark.slow
def test_what_the_driver_refuses_is_seen_as_the_text_of_its_errno(mounted: Mounted) -> None:
    refused(mounted, f"/bin/echo Sometimes > '{BOOT}'", 22)
    refused(mounted, f"printf 'Disable\\n\\n' | tee '{BOOT}'", 22)
    refused(mounted, f"printf 'Dis\\nable' | tee '{BOOT}'", 22)
    long = "x" * 200
    refused(mounted, f"/bin/echo {long} > '{TAG}'", 34)
    refused(mounted, f"cat {shlex.quote(PASSWORD)}", 13)
    refused(mounted, "/bin/echo x > 'attributes/Product Name/current_value'", 13)
    refused(mounted, "/bin/echo x > 'attributes/Product Name/no_such_file'", 13)
    assert machines.value(mounted.home, "USB Storage Boot") == "Enable"


@pytest.mark.slow
def test_every_file_is_listed_and_read_by_the_usual_programs(mounted: Mounted) -> None:
    listed = done(mounted, "ls attributes | sort").splitlines()
    names = {
        str(each["Name"]).replace("/", "!")
        for each in machines.instances(mounted.home)
        if each["Class"] != "HPBIOS_BIOSPassword"
    }
    assert set(listed) - names == {"pending_reboot", "Sure_Start"}
    assert names <= set(listed)
    told = done(mounted, "find . -type f -perm -u+r -exec cat {} + | wc -c")
    assert int(told) > 10_000
    grepped = done(mounted, "grep -lx integer attributes/*/type | wc -l")
    integers = [each for each in machines.instances(mounted.home) if each["Class"] == "HPBIOS_BIOSInteger"]
    assert int(grepped) == len(integers)
    assert done(mounted, "grep -L . attributes/*/type") == ""


@pytest.mark.slow
def test_a_password_goes_before_each_change_and_is_gone_after_it(mounting: Mounting, tmp_path: Path) -> None:
    mounted = mounting(machines.with_password(tmp_path / "home"))
    assert done(mounted, "cat 'authentication/Setup Password/is_enabled'") == "1\n"
    refused(mounted, f"/bin/echo Disable > '{BOOT}'", 22)
    done(mounted, f"echo {machines.BOSS} > '{PASSWORD}' && echo Disable > '{BOOT}'")
    assert done(mounted, f"cat '{BOOT}'") == "Disable\n"
    refused(mounted, f"/bin/echo Enable > '{BOOT}'", 22)
    refused(mounted, f"echo Not-The-Boss-1 > '{PASSWORD}'; /bin/echo Enable > '{BOOT}'", 22)
    refused(mounted, f"echo {machines.BOSS} > '{PASSWORD}'; /bin/echo No > '{BOOT}'", 22)
    # A refused change has used the password up as well.
    refused(mounted, f"/bin/echo Enable > '{BOOT}'", 22)
    assert machines.value(mounted.home, "USB Storage Boot") == "Disable"


@pytest.mark.slow
def test_a_token_goes_before_each_change_and_is_gone_after_it(mounting: Mounting, tmp_path: Path) -> None:
    mounted = mounting(machines.with_mode_on(tmp_path / "home"))
    good = machines.token("USB Storage Boot", "Disable")
    refused(mounted, f"/bin/echo Disable > '{BOOT}'", 22)
    refused(
        mounted,
        f"echo '{machines.token('USB Storage Boot', 'Disable', by='other')}' > {TOKEN}; /bin/echo Disable > '{BOOT}'",
        22,
    )
    done(mounted, f"echo '{good}' > {TOKEN} && echo Disable > '{BOOT}'")
    assert done(mounted, f"cat '{BOOT}'") == "Disable\n"
    refused(mounted, f"echo '{good}' > {TOKEN}; /bin/echo Enable > '{BOOT}'", 22)
    refused(mounted, f"/bin/echo Disable > '{BOOT}'", 22)
    refused(mounted, f"cat {TOKEN}", 13)
    assert machines.value(mounted.home, "USB Storage Boot") == "Disable"


@pytest.fixture
def blobs(tmp_path: Path) -> Path:
    """A folder with what the console made for a new PC: `kek` and `sk`, as Secure Platform Management takes them, and orders."""

    def admin(*words: str) -> None:
        reader, writer = os.pipe()
        os.write(writer, PASSPHRASE.encode())
        os.close(writer)
        with contextlib.redirect_stdout(io.StringIO()):
            code = cli.run(["--home", str(tmp_path), "admin", *words, "--passphrase-fd", str(reader)])
        os.close(reader)
        assert code == 0

    admin("key", "endorsement", "ek")
    admin("key", "signing", "sk")
    folder = tmp_path / "blobs"
    folder.mkdir()
    admin("provision-endorsement-key", "ek", "-o", str(folder / "kek.json"))
    admin("provision-signing-key", "ek", "sk", "-o", str(folder / "sk.json"))
    # In the order in which they are used: their counters are the time.
    admin("enable", "sk", "-o", str(folder / "mode.json"))
    admin("set", "sk", "USB Storage Boot", "Disable", "-o", str(folder / "boot.json"))
    for name in ("kek", "sk"):
        (folder / name).write_bytes(payload.parse((folder / f"{name}.json").read_bytes()).data)
    for name in ("boot", "mode"):
        change = payload.parse_setting(payload.parse((folder / f"{name}.json").read_bytes()).data)
        (folder / name).write_text(change.authorization, "utf-8")
    return folder


def answered_start(home: Path) -> None:
    """Somebody switches the PC on, reads the code, types it, and switches it off again."""
    folder = PCFolder(home / "pc")
    with folder.power():
        pc = TargetPC(folder.image())
        pc.execute(c.PowerOn())
        assert pc.firmware.session.phase is Phase.PRESENCE
        pc.execute(c.AnswerPresence(shown_code(pc)))
        pc.execute(c.PowerOff())


@pytest.mark.slow
def test_keys_are_provisioned_by_cat_and_a_code_at_the_next_start(mounting: Mounting, blobs: Path) -> None:
    mounted = mounting()
    assert (
        done(mounted, "cat authentication/SPM/key_mechanism authentication/SPM/is_enabled")
        == "not provisioned\n0\n"
    )
    assert json.loads(done(mounted, "cat authentication/SPM/status"))["State"] == "not provisioned"
    refused(mounted, f"cat {blobs}/sk > authentication/SPM/sk", 1)
    done(mounted, f"cat {blobs}/kek > authentication/SPM/kek && cat {blobs}/sk > authentication/SPM/sk")
    assert done(mounted, "cat attributes/pending_reboot") == "1\n"
    mounted.unmount()
    answered_start(mounted.home)

    mounted = mounting(mounted.home, name="again")
    assert done(mounted, "cat attributes/pending_reboot authentication/SPM/is_enabled") == "0\n1\n"
    assert json.loads(done(mounted, "cat authentication/SPM/status"))["State"] == "provisioned"
    mode = "attributes/Enhanced BIOS Authentication Mode/current_value"
    done(mounted, f"cat {blobs}/mode > {TOKEN} && echo Enable > '{mode}'")
    assert done(mounted, f"cat '{mode}'") == "Enable\n"
    refused(mounted, f"/bin/echo Disable > '{BOOT}'", 22)
    done(mounted, f"cat {blobs}/boot > {TOKEN} && echo Disable > '{BOOT}'")
    assert machines.value(mounted.home, "USB Storage Boot") == "Disable"


@pytest.mark.slow
def test_what_needs_presence_waits_and_says_so(mounted: Mounted) -> None:
    name = next(
        str(each["Name"])
        for each in machines.instances(mounted.home)
        if each["RequiresPhysicalPresence"] and not each["IsReadOnly"] and "PossibleValues" in each
    )
    file = f"attributes/{name}/current_value"
    other = next(
        each
        for each in done(mounted, f"cat 'attributes/{name}/possible_values'").strip().split(";")
        if each and each != done(mounted, f"cat '{file}'").strip()
    )
    done(mounted, f"echo '{other}' > '{file}'")
    assert done(mounted, "cat attributes/pending_reboot") == "1\n"


@pytest.mark.slow
def test_two_writers_at_once(mounted: Mounted) -> None:
    def writer(number: int) -> subprocess.CompletedProcess[str]:
        return sh(mounted, f"for i in $(seq 20); do echo writer-{number}-$i > '{TAG}' || exit 1; done")

    def reader() -> set[str]:
        return set(done(mounted, f"for i in $(seq 60); do cat '{TAG}'; done").splitlines())

    with ThreadPoolExecutor() as people:
        writers = [people.submit(writer, number) for number in range(4)]
        seen = people.submit(reader).result()
        assert [each.result().returncode for each in writers] == [0] * 4
    written = {f"writer-{number}-{i}" for number in range(4) for i in range(1, 21)}
    assert seen - {""} <= written
    last = done(mounted, f"cat '{TAG}'").strip()
    assert last in {f"writer-{number}-20" for number in range(4)}
    assert machines.value(mounted.home, "Ownership Tag") == last


@pytest.mark.slow
def test_a_token_between_two_writers_opens_nothing_but_what_it_signs(
    mounting: Mounting, tmp_path: Path
) -> None:
    """The driver keeps one token for all, as the real one does, so a writer may use up what another wrote, and both retry."""
    mounted = mounting(machines.with_mode_on(tmp_path / "home"))

    def signing(name: str, value: str, pause: str) -> str:
        token, file = machines.token(name, value), f"attributes/{name}/current_value"
        once = f"echo '{token}' > {TOKEN}; echo {value} > '{file}' && echo taken && exit"
        return f"for i in $(seq 1000); do {once}; sleep {pause}; done"

    unsigned = f"for i in $(seq 60); do echo Stolen > '{TAG}' && echo taken; done"
    scripts = [
        signing("Ownership Tag", "Mine", "0.01"),
        signing("USB Storage Boot", "Disable", "0.03"),
        unsigned,
    ]
    with ThreadPoolExecutor() as people:
        told = [each.stdout for each in people.map(lambda script: sh(mounted, script), scripts)]
    assert told == ["taken\n", "taken\n", ""]
    assert machines.value(mounted.home, "Ownership Tag") == "Mine"
    assert machines.value(mounted.home, "USB Storage Boot") == "Disable"


@pytest.mark.slow
def test_a_pc_elsewhere_goes_off_and_comes_back(mounting: Mounting, tmp_path: Path) -> None:
    folder = new_pc(tmp_path / "home")
    with running_here(folder) as door:
        mounted = mounting(tmp_path / "home")
        done(mounted, f"echo Kept > '{TAG}'")
        with door.turn:
            door.pc.execute(c.PowerOff())
        refused_anywhere(mounted.tree, 19)
    refused_anywhere(mounted.tree, 19)
    with running_here(folder):
        assert done(mounted, f"cat '{TAG}'") == "Kept\n"
        done(mounted, f"echo Again > '{TAG}'; cat '{TAG}'")


def refused_anywhere(tree: Path, number: int) -> None:
    """The shell cannot read, write or list below the driver's folder."""
    for script in (
        f"cat 'hp-bioscfg/{TAG}'",
        "ls hp-bioscfg/attributes",
        f"/bin/echo x > 'hp-bioscfg/{TAG}'",
    ):
        told = subprocess.run(
            ["sh", "-c", script],
            cwd=tree,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.returncode != 0
        assert os.strerror(number) in told.stderr, told


@contextlib.contextmanager
def somebody_in(mounted: Mounted) -> Iterator[None]:
    """A shell that stands in the driver's folder."""
    shell = subprocess.Popen(
        ["sh", "-c", "echo there; read word"],
        cwd=mounted.driver,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert shell.stdout is not None
    assert shell.stdout.readline() == b"there\n"
    try:
        yield
    finally:
        shell.communicate(b"\n")


@pytest.mark.slow
def test_unmounting_while_somebody_stands_in_it_is_busy_and_loses_nothing(mounted: Mounted) -> None:
    with somebody_in(mounted):
        told = subprocess.run(
            ["fusermount3", "-u", mounted.tree], capture_output=True, text=True, check=False
        )
        assert told.returncode != 0
        assert "busy" in told.stderr
        assert done(mounted, f"echo Disable > '{BOOT}'; cat '{BOOT}'") == "Disable\n"
    until(
        lambda: (
            subprocess.run(["fusermount3", "-u", mounted.tree], capture_output=True, check=False).returncode
            == 0
        ),
        "unmounting",
    )
    assert mounted.process.wait(20) == 0
    assert f10(mounted.home, "wmi", "get", "USB Storage Boot", "--value").stdout.strip() == "Disable"
