"""`f10 new` and `f10 case` in a process of their own: identities and models given, and hands on a PC's case."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from emulator.firmware import commands as c
from emulator.headless import running
from emulator.machine import TargetPC
from emulator.management_door import answer, encoded
from emulator.pc_folder import PCFolder
from tests.faces.terminal import f10

UNUSABLE = 2
MODEL = """\
format = 1
id = "my-machine"
product = "My Machine"
board = "0815"
bios_version = "M01 Ver. 01.00.00"

[[page]]
path = ["Main"]
items = ["Serial Number", "System Board ID", "Cover Removal Sensor", { action = "save", text = "Save Changes and Exit" }]

[setting."System Board ID"]
kind = "string"
read_only = true
tells = "board"

[setting."Serial Number"]
kind = "string"
read_only = true
tells = "serial number"

[setting."Cover Removal Sensor"]
kind = "enumeration"
values = ["Disable", "Notify User"]
default = "Notify User"
role = "cover removal sensor"
help = "Whether the machine tells that its cover was off."
"""


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(f10(home, *arguments), capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done


def status(home: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(run(home, "status", "--json").stdout)
    return told


def my_model(folder: Path) -> str:
    (folder / "mine.toml").write_text(MODEL)
    return str(folder / "mine.toml")


def test_an_identity_that_is_given_is_the_machine_s(tmp_path: Path) -> None:
    machine = "00112233-4455-6677-8899-aabbccddeeff"
    given = ("--serial", "ABC123", "--uuid", machine, "--product=Other Product", "--board", "1234")
    assert run(tmp_path, "new", *given).returncode == 0
    told = status(tmp_path)["machine"]
    assert (told["serial"], told["uuid"]) == ("ABC123", machine)
    assert (told["product"], told["board"], told["model"]) == ("Other Product", "1234", "zbook-power-g7")


def test_identities_that_are_drawn_differ(tmp_path: Path) -> None:
    told = []
    for name in ("one", "two"):
        assert run(tmp_path / name, "new", "--model", "elitedesk-800-g2").returncode == 0
        told.append(status(tmp_path / name)["machine"])
    assert told[0]["uuid"] != told[1]["uuid"]
    assert told[0]["serial"] != told[1]["serial"]
    assert {each["product"] for each in told} == {"HP EliteDesk 800 G2 DM 35W"}


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--uuid", "12"), "--uuid takes a UUID"),
        (("--serial", "x" * 33), "at most 32 characters"),
        (("--board", "é"), "printable ASCII"),
        (("--product", "\x1b[2J"), "printable ASCII"),
        (("--model", "no-such"), "no packaged model is called 'no-such'"),
        (("--model", "/nowhere/at/all.toml"), "No such file"),
        (("--serial",), "--serial needs a value"),
        (("--serial", "A", "--serial", "B"), "--serial is there twice"),
        (("--colour", "red"), "new takes --model"),
    ],
)
def test_what_no_pc_can_be_made_of_is_said_so_and_leaves_nothing(
    tmp_path: Path, options: tuple[str, ...], why: str
) -> None:
    done = run(tmp_path, "new", *options)
    assert done.returncode == UNUSABLE
    assert why in done.stderr
    assert not (tmp_path / "pc").exists()


def test_a_pc_keeps_the_model_that_it_was_made_with(tmp_path: Path) -> None:
    model = my_model(tmp_path)
    home = tmp_path / "home"
    assert run(home, "new", "--model", model, "--serial", "MINE1").returncode == 0
    Path(model).unlink()
    told = status(home)["machine"]
    assert (told["product"], told["board"], told["model"]) == ("My Machine", "0815", "my-machine")
    folder = PCFolder(home / "pc")
    assert folder.model_path.stat().st_mode & 0o777 == 0o600
    with running(folder) as pc:
        assert pc.firmware.value("Serial Number") == "MINE1"
        assert list(pc.firmware.catalogue.settings) == [
            "Serial Number",
            "System Board ID",
            "Cover Removal Sensor",
        ]


def test_a_pc_whose_model_is_gone_or_damaged_says_so(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert run(home, "new", "--model", my_model(tmp_path)).returncode == 0
    path = PCFolder(home / "pc").model_path
    path.write_text(path.read_text()[:-40])
    done = run(home, "status")
    assert (done.returncode, str(path) in done.stderr) == (UNUSABLE, True)
    path.unlink()
    done = run(home, "status")
    assert done.returncode == UNUSABLE
    assert "'my-machine'" in done.stderr


def test_a_faulty_model_makes_no_pc_and_names_its_lines(tmp_path: Path) -> None:
    model = my_model(tmp_path)
    Path(model).write_text(MODEL.replace('default = "Notify User"', 'default = "Perhaps"'))
    done = run(tmp_path / "home", "new", "--model", model)
    assert done.returncode == UNUSABLE
    assert f"{model}:24: " in done.stderr
    assert not (tmp_path / "home" / "pc").exists()


class TestCase:
    def test_the_cover_of_a_pc_that_is_off_is_noticed(self, tmp_path: Path) -> None:
        home = tmp_path / "home"
        run(home, "new", "--model", my_model(tmp_path))
        assert run(home, "case", "open").returncode == 0
        told = status(home)
        assert told["cover"] == {"removals": 1, "unacknowledged": True}
        assert told["events"][0]["code"] == "0x8A1E"

    def test_the_cover_of_a_running_pc_is_noticed_through_its_door(self, tmp_path: Path) -> None:
        home = tmp_path / "home"
        run(home, "new", "--model", my_model(tmp_path))
        with running(PCFolder(home / "pc")) as pc:
            reply = answer(pc, encoded({"verb": "open-cover"}))
            assert reply == {"ok": True, "phase": "operating system"}
            assert pc.firmware.memory.cover.count == 1

    def test_a_model_without_a_sensor_says_so(self, tmp_path: Path) -> None:
        run(tmp_path, "new")
        done = run(tmp_path, "case", "open")
        assert done.returncode == UNUSABLE
        assert "no sensor" in done.stderr
        with running(PCFolder(tmp_path / "pc")) as pc:
            reply = answer(pc, encoded({"verb": "open-cover"}))
            assert reply["ok"] is False

    def test_clearing_cmos_puts_settings_back_and_the_clock_to_its_first_day(self, tmp_path: Path) -> None:
        run(tmp_path, "new")
        with running(PCFolder(tmp_path / "pc")) as pc:
            pc.execute(c.SetSetting("USB Storage Boot", "Disable"))
        assert run(tmp_path, "case", "clear-cmos").returncode == 0
        pc = TargetPC(PCFolder(tmp_path / "pc").image())
        assert pc.firmware.value("USB Storage Boot") == "Enable"
        assert pc.firmware.memory.clock.offset < 0

    def test_the_jumper_of_a_board_that_has_one_clears_the_passwords(self, tmp_path: Path) -> None:
        run(tmp_path, "new", "--model", "elitedesk-800-g2")
        with running(PCFolder(tmp_path / "pc")) as pc:
            pc.execute(c.SetSetting("Setup Password", "<utf-16/>Correct-Horse-1"))
        assert status(tmp_path)["passwords"]["administrator"] is True
        assert run(tmp_path, "case", "password-jumper").returncode == 0
        assert status(tmp_path)["passwords"]["administrator"] is False

    def test_the_board_of_a_pc_that_is_on_is_out_of_reach(self, tmp_path: Path) -> None:
        run(tmp_path, "new", "--model", "elitedesk-800-g2")
        with running(PCFolder(tmp_path / "pc")):
            done = run(tmp_path, "case", "clear-cmos")
        assert done.returncode == UNUSABLE
        assert "switch it off first" in done.stderr

    @pytest.mark.parametrize("arguments", [(), ("smash",), ("open", "open")])
    def test_anything_else_gets_the_usage(self, tmp_path: Path, arguments: tuple[str, ...]) -> None:
        done = run(tmp_path, "case", *arguments)
        assert done.returncode == UNUSABLE
        assert "case takes one of open, clear-cmos, password-jumper" in done.stderr
