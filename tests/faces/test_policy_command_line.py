"""`f10 payload apply` with a policy: the whole life of a PC in the fleet, step by step, and where it stops."""

import json
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator import cli
from emulator.companions.admin import payloads, policies
from emulator.companions.admin.policies import Plan
from emulator.firmware import commands as c
from emulator.headless import running
from emulator.machine import TargetPC
from emulator.management_door import answer, encoded, listening_socket
from emulator.pc_folder import PCFolder
from emulator.protocol import policy
from emulator.protocol.keys import PublicKey
from emulator.protocol.policy import Policy
from tests import provisioning
from tests.faces.terminal import f10

NOW = datetime(2026, 11, 22, tzinfo=UTC)
DONE, REFUSED, UNUSABLE, WAITS = 0, 1, 2, 3

Written = Callable[[Policy | bytes], Path]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a fresh PC that has no keys."""
    TargetPC.manufacture(PCFolder(tmp_path / "pc").new_image(), serial="5CG0000002")
    return tmp_path


@pytest.fixture
def fleet(
    certificate_der: bytes,
    endorsement_key: RSAPrivateKey,
    signing_key: RSAPrivateKey,
    local_access_key: RSAPrivateKey,
) -> Policy:
    local = {1: PublicKey.of(local_access_key)}
    plan = Plan(certificate_der, endorsement_key, signing_key, mode=True, local_access=local)
    return policies.make(plan, "Fleet", now=NOW)


@pytest.fixture
def take_back(endorsement_key: RSAPrivateKey, signing_key: RSAPrivateKey) -> Policy:
    later = NOW + timedelta(hours=1)
    return policies.take_back("Back", endorsement=endorsement_key, signing=signing_key, now=later)


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(made: Policy | bytes) -> Path:
        path = tmp_path / "my policy.json"
        path.write_bytes(made if isinstance(made, bytes) else policy.encode(made))
        return path

    return write


def apply(home: Path, file: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = f10(home, "payload", "apply", str(file), *arguments)
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    assert "Traceback" not in done.stderr
    return done


def as_json(home: Path, file: Path, *arguments: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(apply(home, file, "--json", *arguments).stdout)
    return told


def code_is_typed(home: Path) -> None:
    """Somebody switches the PC on, types the code, and switches it off."""
    folder = PCFolder(home / "pc")
    pc = TargetPC(folder.image(), quirks=folder.quirks())
    provisioning.start(pc)
    pc.execute(c.PowerOff())


def spare_the_code(home: Path) -> None:
    """Make it a PC that asks nobody about new keys while its Physical Presence Interface is off, and switch that off."""
    quirk = f10(home, "quirks", "set", "presence_for_keys=unless off")
    subprocess.run(quirk, check=True, capture_output=True)
    with switched_on(home) as pc:
        pc.execute(c.SetSetting("Physical Presence Interface", "Disable"))
    code_is_typed(home)


def status(home: Path) -> dict[str, Any]:
    done = subprocess.run(f10(home, "status", "--json"), capture_output=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_a_policy_brings_a_new_pc_all_the_way(home: Path, fleet: Policy, written: Written) -> None:
    file = written(fleet)
    first = apply(home, file)
    assert first.returncode == WAITS
    lines = first.stdout.splitlines()
    assert [line[:4] for line in lines[:2]] == ["1/4 ", "2/4 "]
    assert "type the code" in lines[2]
    assert lines[3] == f"  f10 --home {home} payload apply '{file}' --from 3"
    early = apply(home, file, "--from", "3")
    assert (early.returncode, "no signing key is provisioned" in early.stderr) == (REFUSED, True)
    assert "--from 3" in early.stderr
    code_is_typed(home)
    rest = apply(home, file, "--from", "3")
    assert (rest.returncode, rest.stderr) == (DONE, "")
    assert [line[:4] for line in rest.stdout.splitlines()] == ["3/4 ", "4/4 "]
    assert status(home)["authentication"]["mode"] == "on"


def test_a_program_reads_the_same_as_json(home: Path, fleet: Policy, written: Written) -> None:
    file = written(fleet)
    told = as_json(home, file)
    assert (told["ok"], told["policy"], told["of"], told["next"]) == (False, "Fleet", 4, 3)
    assert told["waits_for"] == "presence"
    assert [(step["step"], step["ok"], step["presence_needed"]) for step in told["steps"]] == [
        (1, True, True),
        (2, True, True),
    ]
    code_is_typed(home)
    told = as_json(home, file, "--from=3")
    assert (told["ok"], told["next"], told["waits_for"]) == (True, None, None)
    assert [step["title"] for step in told["steps"]] == [step.title for step in fleet.steps[2:]]


def guarded(
    home: Path,
    certificate_der: bytes,
    keys: tuple[RSAPrivateKey, RSAPrivateKey, RSAPrivateKey],
) -> None:
    provisioning.guard(TargetPC(PCFolder(home / "pc").image()), certificate_der, *keys)


@pytest.mark.slow
def test_a_pc_is_taken_back_and_0x1002_is_explained(
    home: Path,
    certificate_der: bytes,
    endorsement_key: RSAPrivateKey,
    signing_key: RSAPrivateKey,
    local_access_key: RSAPrivateKey,
    take_back: Policy,
    written: Written,
) -> None:
    guarded(home, certificate_der, (endorsement_key, signing_key, local_access_key))
    alone = home / "alone.json"
    alone.write_bytes(payloads.deprovision(endorsement_key, now=NOW))
    refused = apply(home, alone)
    assert (refused.returncode, policies.EXPLAINS_0x1002 in refused.stderr) == (REFUSED, True)
    assert as_json(home, alone)["explanation"] == policies.EXPLAINS_0x1002
    file = written(take_back)
    too_early = apply(home, file, "--from", "5")
    assert (too_early.returncode, policies.EXPLAINS_0x1002 in too_early.stderr) == (REFUSED, True)
    assert apply(home, file).returncode == DONE
    report = status(home)
    assert report["secure_platform"]["state"] == "not configured"
    assert report["authentication"]["mode"] == "off"


def test_the_first_refusal_stops_it_and_nothing_after_is_sent(
    home: Path,
    certificate_der: bytes,
    endorsement_key: RSAPrivateKey,
    signing_key: RSAPrivateKey,
    local_access_key: RSAPrivateKey,
    fleet: Policy,
    written: Written,
) -> None:
    guarded(home, certificate_der, (endorsement_key, signing_key, local_access_key))
    done = apply(home, written(fleet))
    assert (done.returncode, done.stdout) == (REFUSED, "")
    assert "0x1001 ALREADY_PROVISIONED" in done.stderr
    assert "If it was done before, begin with the step behind it" in done.stderr
    events = [event["code"] for event in status(home)["events"]]
    assert events.count("0x841F") == 1


def spoiled(fleet: Policy) -> bytes:
    members = json.loads(policy.encode(fleet))
    members["Steps"][3]["Payload"]["Data"] = "not base64!"
    return json.dumps(members).encode()


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("content", "words", "why"),
    [
        (spoiled, (), "the payload of step 4 of a policy is none"),
        (lambda _: b'{"F10Policy":2,"Steps":[]}', (), "a policy has 'F10Policy' 1"),
        (policy.encode, ("--from", "5"), "has 4 steps; it cannot begin with step 5"),
        (lambda fleet: fleet.steps[2].payload, ("--from", "2"), "is no policy and has no steps"),
        (lambda fleet: policy.encode(fleet) + b" " * (1 << 20), (), "at most"),
    ],
)
def test_what_is_no_policy_is_refused_and_nothing_is_applied(
    home: Path,
    fleet: Policy,
    written: Written,
    content: Callable[[Policy], bytes],
    words: tuple[str, ...],
    why: str,
) -> None:
    done = apply(home, written(content(fleet)), *words)
    assert (done.returncode, why in done.stderr, done.stdout) == (UNUSABLE, True, "")
    report = status(home)
    assert (report["events"], report["secure_platform"]["state"]) == ([], "not configured")


@contextmanager
def switched_on(home: Path) -> Iterator[TargetPC]:
    """The PC runs here, its operating system too, and its management door is answered."""
    folder = PCFolder(home / "pc")
    with running(folder) as pc, listening_socket(folder) as door:

        def serve() -> None:
            while True:
                try:
                    line, _ = door.accept()
                except OSError:
                    return
                with line:
                    line.sendall(encoded(answer(pc, line.makefile("rb").readline())))

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield pc
        finally:
            door.shutdown(socket.SHUT_RDWR)
            thread.join()


def test_a_pc_that_runs_and_asks_for_no_code_has_to_be_restarted_all_the_same(
    home: Path, fleet: Policy, written: Written
) -> None:
    file = written(fleet)
    spare_the_code(home)
    with switched_on(home):
        done = apply(home, file)
        assert (done.returncode, "Now the PC has to be restarted. Then" in done.stdout) == (WAITS, True)
    with switched_on(home) as pc:
        told = as_json(home, file, "--from", "3")
        assert (told["ok"], pc.firmware.memory.authentication.enabled) == (True, True)


def test_a_pc_that_is_off_and_asks_for_no_code_takes_a_policy_in_one_go(
    home: Path, fleet: Policy, written: Written
) -> None:
    spare_the_code(home)
    done = apply(home, written(fleet))
    assert (done.returncode, len(done.stdout.splitlines())) == (DONE, 4)
    assert status(home)["authentication"]["mode"] == "on"


def test_a_running_pc_without_an_operating_system_ends_it_with_the_reason(
    home: Path, fleet: Policy, written: Written
) -> None:
    with switched_on(home) as pc:
        pc.execute(c.Restart())
        done = apply(home, written(fleet))
    assert (done.returncode, "1/4" in done.stderr, done.stdout) == (REFUSED, True, "")
    assert "--from 1" in done.stderr


def test_the_console_can_send_to_the_pc_and_learns_of_a_failure_as_of_a_refusal(
    home: Path, fleet: Policy
) -> None:
    send = cli._sender(home)
    sent = send(fleet.steps[0].payload)
    assert (sent["ok"], sent["presence_needed"], sent["status_name"]) == (True, True, "SUCCESS")
    again = send(fleet.steps[0].payload)
    assert (again["ok"], again["status"], again["interface"]) == (False, 0x1001, "command")
    assert send(b"{}")["error"]
    (home / "pc" / "nvram.fd").write_bytes(b"no image")
    assert send(fleet.steps[0].payload).keys() == {"ok", "error"}


def test_the_wizard_without_a_terminal_says_what_it_needs(tmp_path: Path) -> None:
    done = subprocess.run(f10(tmp_path, "admin"), capture_output=True, check=False, text=True)
    assert (done.returncode, done.stdout) == (UNUSABLE, "")
    assert "the wizard needs a terminal to draw on" in done.stderr
