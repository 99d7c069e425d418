"""`f10 status` and `f10 payload apply` in a process of their own: what they print, their codes, and what bad input gets."""

import csv
import hashlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.cli import LASTING, VERBS
from emulator.firmware import commands as c
from emulator.headless import running
from emulator.machine import TargetPC
from emulator.pc_folder import PCFolder
from emulator.protocol import firmware_update, payload
from firmware_store import FOUR_MEGABYTE, Image
from tests import provisioning
from tests.faces.terminal import f10

UNUSABLE, REFUSED = 2, 1
MODE = provisioning.MODE


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a fresh PC that has no keys."""
    folder = PCFolder(tmp_path / "pc")
    TargetPC.manufacture(folder.new_image(), serial="5CG0000002")
    return tmp_path


def run(home: Path, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(f10(home, *arguments), input=stdin, capture_output=True, check=False)
    assert b"Traceback" not in done.stderr
    return done


def update_payload(firmware: bytes) -> bytes:
    """A payload for this firmware that no key of anybody signed."""
    order = firmware_update.UpdateOrder("new.bin", hashlib.sha256(firmware).digest())
    data = firmware_update.encode(order)
    return payload.encode(payload.Envelope(payload.Purpose.FIRMWARE_UPDATE, data))


def status(home: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(run(home, "status", "--json").stdout)
    return told


def image_of(home: Path) -> bytes:
    return (home / "pc" / "nvram.fd").read_bytes()


def test_status_shows_a_pc_that_is_off_and_starts_nothing(home: Path) -> None:
    before = image_of(home)
    done = run(home, "status")
    assert done.returncode == 0
    assert b"Power                       off" in done.stdout
    assert b"5CG0000002" in done.stdout
    assert image_of(home) == before
    assert sorted(path.name for path in (home / "pc").iterdir()) == ["nvram.fd", "nvram.fd.lock"]


def test_status_without_a_pc_says_what_to_do(tmp_path: Path) -> None:
    done = run(tmp_path / "nowhere", "status")
    assert done.returncode == UNUSABLE
    assert b"no PC in" in done.stderr
    assert not (tmp_path / "nowhere").exists()


def test_a_payload_reaches_a_pc_that_is_off_and_its_prompt_stays_pending(
    home: Path, tmp_path: Path, certificate_der: bytes
) -> None:
    payload = tmp_path / "endorsement.json"
    payload.write_bytes(provisioning.endorsement_payload(certificate_der))
    done = run(home, "payload", "apply", str(payload))
    assert done.returncode == 0
    assert b"waits for physical presence" in done.stdout
    report = status(home)
    assert report["power"] == "off"
    assert report["waiting_for_presence"] == ["Secure Platform Management keys"]
    assert run(home, "payload", "apply", str(payload)).returncode == REFUSED
    assert status(home)["waiting_for_presence"] == ["Secure Platform Management keys"]


def test_a_refusal_names_interface_code_and_reason(home: Path, other_key: RSAPrivateKey) -> None:
    payload = provisioning.signed(other_key, "USB Storage Boot", "Disable")
    done = run(home, "payload", "apply", "-", "--json", stdin=payload)
    assert done.returncode == REFUSED
    reply = json.loads(done.stdout)
    assert (reply["ok"], reply["interface"], reply["status"]) == (False, "setting", 6)
    assert [event["code"] for event in status(home)["events"]] == ["0x881F"]


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"[1]", "a JSON list came"),
        (b"\xff\xfe", "not UTF-8"),
        (b'{"purpose":"hp:something","Data":[]}', "is none that is known"),
        (b'{"purpose":"hp:sureadmin:biossetting","Data":[1,2,300]}', "0 to 255"),
        (b'{"purpose":"hp:sureadmin:biossetting","Data":[123]}', "not JSON"),
        (b'{"purpose":"hp:sureadmin:biossetting","Data":[123,125]}', "'Name' of a setting must be text"),
        (b"{" + b" " * (1 << 20), "at most"),
    ],
)
def test_what_is_no_payload_is_refused_and_changes_nothing(home: Path, payload: bytes, why: str) -> None:
    done = run(home, "payload", "apply", "-", stdin=payload)
    assert done.returncode == UNUSABLE
    assert why.encode() in done.stderr
    assert status(home)["events"] == []


def test_an_order_for_sure_recover_before_the_keys_is_refused_with_its_code(home: Path) -> None:
    done = run(home, "payload", "apply", "-", stdin=b'{"purpose":"hp:surerecover:trigger","Data":[]}')
    assert done.returncode == REFUSED
    assert b"0x1000 NOT_PROVISIONED" in done.stderr


def test_a_payload_for_firmware_without_the_file_says_how_to_name_it(home: Path) -> None:
    done = run(home, "payload", "apply", "-", stdin=update_payload(b"firmware"))
    assert done.returncode == REFUSED
    assert b"firmware file new.bin, which has to come along: name it with --file" in done.stderr


def test_a_firmware_file_that_cannot_be_read_is_said_so(home: Path) -> None:
    for words in (["payload", "apply", "-", "--file", "missing.bin"], ["update", "missing.bin"]):
        done = run(home, *words, stdin=b"{}")
        assert done.returncode == UNUSABLE
        assert b"the firmware file missing.bin cannot be read: No such file" in done.stderr


def test_a_firmware_file_that_nobody_signed_waits_for_the_next_start(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "new.bin"
    file.write_bytes(b"firmware")
    done = run(home, "update", str(file))
    assert (done.returncode, b"acts after the next restart" in done.stdout) == (0, True)
    waiting = {"name": "new.bin", "sha256": hashlib.sha256(b"firmware").hexdigest()}
    assert status(home)["firmware_update"] == {"waiting": waiting, "authorized": False, "installed": None}
    with running(PCFolder(home / "pc")):
        pass
    assert status(home)["firmware_update"]["installed"] == waiting


def test_quirks_are_kept_and_a_wrong_one_is_refused(home: Path) -> None:
    done = run(home, "quirks", "set", "spm_nonce=above", "response_tries=5")
    assert (done.returncode, done.stdout.count(b"'above'"), done.stdout.count(b"'5'")) == (0, 1, 1)
    assert status(home)["quirks"] == {"spm_nonce": "above", "response_tries": "5"}
    rows = {row["name"]: row for row in json.loads(run(home, "quirks", "--json").stdout)}
    assert rows["spm_nonce"]["value"] == "above"
    assert rows["spm_nonce"]["values"] == ["at least", "above"]
    for wrong in ("spm_nonce=perhaps", "no_such=above", "spm_nonce"):
        refused = run(home, "quirks", "set", wrong)
        assert (refused.returncode, bool(refused.stderr)) == (UNUSABLE, True)
    assert status(home)["quirks"] == {"spm_nonce": "above", "response_tries": "5"}
    assert run(home, "quirks", "reset").returncode == 0
    assert status(home)["quirks"] == {}


def test_quirks_of_a_pc_that_is_on_are_not_changed(home: Path) -> None:
    with running(PCFolder(home / "pc")):
        done = run(home, "quirks", "set", "spm_nonce=above")
    assert done.returncode == UNUSABLE
    assert b"is switched on already" in done.stderr


def test_quirks_that_somebody_spoiled_are_said_so(home: Path) -> None:
    (home / "pc" / "quirks.json").write_text('{"spm_nonce": "perhaps"}')
    for words in (["status"], ["quirks"]):
        done = run(home, *words)
        assert done.returncode == UNUSABLE
        assert b"mend the file, or delete it" in done.stderr


def test_the_log_is_told_as_text_as_json_and_as_csv(home: Path, other_key: RSAPrivateKey) -> None:
    assert run(home, "log").stdout == b"The event log is empty.\n"
    run(home, "payload", "apply", "-", stdin=provisioning.signing_payload(other_key, other_key))
    assert (
        b"0x841F  warning      a Secure Platform Management command was rejected" in run(home, "log").stdout
    )
    (row,) = json.loads(run(home, "log", "--json").stdout)
    assert (row["code"], row["severity"], len(bytes.fromhex(row["entry"]))) == ("0x841F", "warning", 16)
    (read,) = csv.DictReader(run(home, "log", "--csv").stdout.decode().splitlines())
    assert read == {name: str(value) for name, value in row.items()}


def test_a_payload_file_that_is_not_there_is_said_so(home: Path) -> None:
    done = run(home, "payload", "apply", str(home / "missing.json"))
    assert done.returncode == UNUSABLE
    assert b"cannot be read: No such file" in done.stderr


@pytest.mark.slow
def test_without_a_pc_a_payload_makes_the_demo_pc_and_says_so(
    tmp_path: Path, other_key: RSAPrivateKey
) -> None:
    payload = provisioning.signed(other_key, "USB Storage Boot", "Disable")
    done = run(tmp_path / "new", "payload", "apply", "-", stdin=payload)
    assert done.returncode == REFUSED
    assert b"a demo world was made" in done.stderr
    assert status(tmp_path / "new")["authentication"]["mode"] == "on"
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [
        ".making.lock",
        "admin",
        "pc",
        "phone",
    ]


def test_no_demo_world_is_made_over_somebodys_files(tmp_path: Path) -> None:
    (tmp_path / "admin").mkdir()
    (tmp_path / "admin" / "mine").write_text("precious")
    done = run(tmp_path, "payload", "apply", "-", stdin=b"{}")
    assert done.returncode == UNUSABLE
    assert b"holds something already" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == [".making.lock", "admin"]


@pytest.mark.parametrize("verb", [["status"], ["payload", "apply", "-"]])
@pytest.mark.sampled(3)
@pytest.mark.parametrize("damage", ["foreign", "truncated", "blank", "folder", "link"])
def test_an_image_that_is_not_ours_is_refused_and_left_alone(
    home: Path, verb: list[str], damage: str
) -> None:
    image = home / "pc" / "nvram.fd"
    content = image.read_bytes()
    image.unlink()
    if damage == "folder":
        image.mkdir()
    elif damage == "link":
        (home / "elsewhere").write_bytes(content)
        image.symlink_to(home / "elsewhere")
    elif damage == "blank":
        Image(image).create(FOUR_MEGABYTE)
    else:
        image.write_bytes(b"MZ" * 1000 if damage == "foreign" else content[:-1])
    before = image.read_bytes() if image.is_file() else b""
    payload = b'{"purpose":"hp:surerecover:trigger","Data":[]}'
    done = run(home, *verb, stdin=payload)
    assert done.returncode == UNUSABLE
    assert done.stderr.startswith(b"f10: ")
    assert (image.read_bytes() if image.is_file() else b"") == before


@pytest.mark.slow
def test_a_pc_that_another_process_is_just_switching_is_waited_for(home: Path) -> None:
    """The lock is held and no door answers: status says so, a payload waits and then says so."""
    folder = PCFolder(home / "pc")
    with folder.power():
        told = status(home)
        assert (told["power"], told["phase"]) == ("on", "does not answer")
        done = run(home, "payload", "apply", "-", stdin=b"{}")
    assert done.returncode == UNUSABLE
    assert b"no running PC answers" in done.stderr


def test_a_headless_pc_takes_signed_changes_when_its_keys_are_there(
    home: Path,
    certificate_der: bytes,
    endorsement_key: RSAPrivateKey,
    signing_key: RSAPrivateKey,
    local_access_key: RSAPrivateKey,
) -> None:
    pc = TargetPC(PCFolder(home / "pc").image())
    provisioning.guard(pc, certificate_der, endorsement_key, signing_key, local_access_key)
    change = provisioning.signed(signing_key, "USB Storage Boot", "Disable", provisioning.NONCE + 9)
    done = run(home, "payload", "apply", "-", stdin=change)
    assert (done.returncode, b"acts after the next restart" in done.stdout) == (0, True)
    with running(PCFolder(home / "pc")) as again:
        assert again.firmware.value("USB Storage Boot") == "Disable"
    old = provisioning.signed(signing_key, "USB Storage Boot", "Enable", provisioning.NONCE)
    refused = run(home, "payload", "apply", "-", stdin=old)
    assert refused.returncode == REFUSED
    assert b"the nonce must be at least" in refused.stderr


def test_without_a_verb_the_usage_is_told(tmp_path: Path) -> None:
    environment = os.environ | {"F10_HOME": str(tmp_path)}
    done = subprocess.run(f10(tmp_path)[:3], env=environment, capture_output=True, check=False)
    assert done.returncode == UNUSABLE
    assert done.stdout.startswith(b"usage: f10")


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["status", "--all"], ["payload"], ["payload", "apply"], ["boot", "now"], ["--home"]],
)
def test_a_command_line_that_is_none_gets_a_sentence_and_the_way_to_the_usage(
    tmp_path: Path, arguments: list[str]
) -> None:
    environment = os.environ | {"F10_HOME": str(tmp_path)}
    done = subprocess.run([*f10(tmp_path)[:3], *arguments], env=environment, capture_output=True, check=False)
    assert done.returncode == UNUSABLE
    assert (done.stdout, len(done.stderr.splitlines())) == (b"", 2)
    assert b"f10 --help tells what there is" in done.stderr


@pytest.mark.parametrize("verb", ["boot", "status", "payload", "new"])
def test_every_verb_of_its_own_tells_the_usage(tmp_path: Path, verb: str) -> None:
    done = run(tmp_path, verb, "--help")
    assert done.returncode == 0
    assert b"usage: f10" in done.stdout


def test_a_pc_without_keys_can_be_made_once(tmp_path: Path) -> None:
    done = run(tmp_path, "new", "--serial", "5CG0000009")
    assert done.returncode == 0
    report = status(tmp_path)
    assert report["machine"]["serial"] == "5CG0000009"
    assert report["secure_platform"]["state"] == "not configured"
    before = image_of(tmp_path)
    again = run(tmp_path, "new")
    assert (again.returncode, image_of(tmp_path)) == (UNUSABLE, before)
    assert b"there is a PC" in again.stderr


def test_an_impossible_serial_number_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    done = run(tmp_path, "new", "--serial", "x" * 33)
    assert done.returncode == UNUSABLE
    assert b"no PC can have this identity: a serial number has at most 32" in done.stderr
    assert not (tmp_path / "pc").exists()


@pytest.mark.slow
def test_two_first_starts_at_once_make_one_world(tmp_path: Path) -> None:
    command = f10(tmp_path, "payload", "apply", os.devnull)
    both = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(2)]
    errors = [process.communicate()[1] for process in both]
    assert all(b"Traceback" not in error for error in errors)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".making.lock", "admin", "pc", "phone"]
    assert status(tmp_path)["authentication"]["mode"] == "on"


@pytest.mark.parametrize("name", ["pc", "admin"])
def test_a_file_in_the_place_of_a_folder_is_a_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("precious")
    done = run(tmp_path, "payload", "apply", "-", stdin=b"{}")
    assert done.returncode == UNUSABLE
    assert b"holds something already" in done.stderr
    assert (tmp_path / name).read_text() == "precious"


def test_closed_standard_input_is_a_sentence(home: Path) -> None:
    command = " ".join(f10(home, "payload", "apply", "-"))
    done = subprocess.run(["sh", "-c", f"exec {command} <&-"], capture_output=True, check=False)
    assert done.returncode == UNUSABLE
    assert b"standard input is closed" in done.stderr


@pytest.mark.parametrize(
    "verb", ["status", "image list {home}/pc/nvram.fd", "image get {home}/pc/nvram.fd Boot --raw"]
)
def test_closed_standard_output_is_nobody_listening(home: Path, verb: str) -> None:
    command = " ".join([*f10(home)[:3], "--home", str(home), *verb.format(home=home).split()])
    done = subprocess.run(["sh", "-c", f"exec {command} >&-"], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_full_standard_output_is_a_sentence(home: Path) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(f10(home, "status"), stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == UNUSABLE
    assert done.stderr == b"f10: what was to be told could not be written: No space left on device\n"


def test_the_mode_acts_at_once_and_is_said_so(
    home: Path,
    certificate_der: bytes,
    endorsement_key: RSAPrivateKey,
    signing_key: RSAPrivateKey,
    local_access_key: RSAPrivateKey,
) -> None:
    pc = TargetPC(PCFolder(home / "pc").image())
    provisioning.guard(pc, certificate_der, endorsement_key, signing_key, local_access_key)
    off = provisioning.signed(signing_key, MODE, "Disable", provisioning.NONCE + 9)
    done = run(home, "payload", "apply", "-", stdin=off)
    assert done.stdout == b"Accepted (setting interface, return 0x00 SUCCESS).\n"


def test_boot_without_a_terminal_says_what_works_without_one(home: Path) -> None:
    done = run(home, "boot")
    assert done.returncode == UNUSABLE
    assert b"needs a terminal" in done.stderr


def test_power_on_over_an_image_that_cannot_be_committed_changes_nothing(home: Path) -> None:
    """A virtual machine holds the image: nothing may replace it under its hands."""
    import fcntl

    folder = PCFolder(home / "pc")
    pc = TargetPC(folder.image())
    before = image_of(home)
    with (home / "pc" / "nvram.fd").open("rb") as held:
        if not hasattr(fcntl, "F_OFD_SETLK"):
            pytest.skip("This system has no open file description locks, which virtual machines use.")
        import struct

        lock = struct.pack("hhqqi4x", fcntl.F_RDLCK, os.SEEK_SET, 100, 2, 0)
        fcntl.fcntl(held, fcntl.F_OFD_SETLK, lock)
        from firmware_store.errors import ImageHeldByVirtualMachine

        with pytest.raises(ImageHeldByVirtualMachine):
            pc.execute(c.PowerOn())
    assert image_of(home) == before
    assert pc.report()["power"] == "off"


def test_what_may_go_on_for_hours_is_a_verb() -> None:
    assert VERBS.keys() >= LASTING
