"""`f10 repset` as a person and as a program meet it, on a PC that is off and on one that runs."""

import io
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator import headless, management_door, models, repset_check, repset_dump
from emulator.cli import run
from emulator.devices.settings_file import dumped
from emulator.firmware import commands as c
from emulator.firmware import variables
from emulator.machine import TargetPC, write
from emulator.pc_folder import PCFolder
from emulator.protocol import setting_files
from emulator.protocol.password import utf_16
from emulator.protocol.repset import MOST_ENTRIES, Dialect
from tests.firmware.bench import BOSS, SETUP_PASSWORD, USB, mode_on, signed
from tests.models.authoring import SMALL

REFUSED, UNUSABLE = 1, 2
MODEL = "elitedesk-800-g2"
FILE = "BIOSConfig 1.0\nUSB Storage Boot\n\t*Disable\n\tEnable\nFast Bot\n\t*Disable\n"


class Terminal:
    """Calls the command line and keeps what it said."""

    def __init__(self, home: Path, captured: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self._captured = captured
        self.errors = ""

    def __call__(self, *arguments: object, code: int = 0) -> str:
        found = run(["--home", str(self.home), "repset", *map(str, arguments)])
        output, self.errors = self._captured.readouterr()
        assert found == code, output + self.errors
        assert "\x1b" not in output + self.errors
        return output

    def json(self, *arguments: object, code: int = 0) -> Any:
        return json.loads(self(*arguments, "--json", code=code))


@pytest.fixture
def terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Terminal:
    home = tmp_path / "home"
    assert run(["--home", str(home), "new", "--model", MODEL]) == 0
    capsys.readouterr()
    return Terminal(home, capsys)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file.cfg"
    path.write_text(FILE, "utf-8")
    return path


def value(terminal: Terminal, name: str) -> str:
    return repset_check.of_folder(terminal.home, {}).value(name)


def descriptor(text: str) -> int:
    reading, writing = os.pipe()
    os.write(writing, text.encode())
    os.close(writing)
    return reading


# --- dump ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["bcu", "firmware", "csv", "json", "xml"])
def test_a_dump_in_each_format_changes_nothing_when_it_comes_back(
    terminal: Terminal, tmp_path: Path, form: str
) -> None:
    path = tmp_path / "dump"
    assert terminal("dump", path, "--format", form) == ""
    assert len(setting_files.parse(path.read_bytes()).entries) > 100
    reply = terminal.json("apply", path)
    assert {row["outcome"] for row in reply["results"]} == {"unchanged"}
    assert (reply["ok"], reply["restart_needed"], reply["presence_needed"]) == (True, False, False)


@pytest.mark.parametrize("dialect", Dialect)
def test_a_dump_is_what_the_machine_itself_would_write(
    terminal: Terminal, tmp_path: Path, dialect: Dialect
) -> None:
    path = tmp_path / "dump"
    terminal("dump", path, "--format", dialect.value)
    firmware = repset_check.of_folder(terminal.home, {})
    assert path.read_bytes() == dumped(firmware, dialect).render()


def test_the_name_of_a_file_tells_its_format_and_without_one_the_dump_is_printed(
    terminal: Terminal, tmp_path: Path
) -> None:
    for name, begin in {"a.csv": b"NAME,", "a.JSON": b"[", "a.xml": b"<", "HPSETUP.TXT": b"\xff\xfe"}.items():
        terminal("dump", tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(begin)


def test_a_file_that_is_there_is_replaced_only_if_told_so(terminal: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "dump"
    path.write_text("mine")
    terminal("dump", path, code=UNUSABLE)
    assert "exists already" in terminal.errors
    assert path.read_text() == "mine"
    terminal("dump", path, "--force")
    assert path.read_text("utf-8").startswith("BIOSConfig 1.0")


def test_a_dump_goes_to_standard_output_as_bytes(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.TextIOWrapper(io.BytesIO(), "ascii")
    monkeypatch.setattr("sys.stdout", out)
    assert run(["--home", str(terminal.home), "repset", "dump"]) == 0
    assert out.buffer.seek(0) == 0
    assert out.buffer.read().startswith(b"BIOSConfig 1.0\r\n")


# --- apply -----------------------------------------------------------------------------------------------------------


def test_a_file_is_applied_and_told_line_by_line(terminal: Terminal, file: Path) -> None:
    said = terminal("apply", file, code=REFUSED).splitlines()
    assert said[0].split(None, 3)[3] == "USB Storage Boot: 'Enable' -> 'Disable'"
    assert said[1].startswith("line    5  unknown")
    assert said[1].endswith("'Fast Boot' may be meant")
    assert said[2:] == [
        "Total: 2 entries, 1 set, 1 unknown.",
        "A restart is needed for all of it to act.",
    ]
    assert value(terminal, USB) == "Disable"
    assert terminal.json("apply", file, code=REFUSED)["results"][0]["outcome"] == "unchanged"


def test_it_comes_from_standard_input_too(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(FILE.encode())))
    assert "1 set" in terminal("apply", "-", code=REFUSED)


def test_the_setup_password_comes_from_a_descriptor_and_is_never_shown(
    terminal: Terminal, file: Path
) -> None:
    with headless.running(PCFolder(terminal.home / "pc")) as pc:
        pc.execute(c.SetSetting(SETUP_PASSWORD, utf_16(BOSS)))
    assert [row["outcome"] for row in terminal.json("apply", file, code=REFUSED)["results"]] == [
        "needs password",
        "unknown",
    ]
    wrong = terminal("apply", file, "--password-fd", descriptor("Wrong-4444\n"), code=REFUSED)
    assert "2 tries left" in wrong
    assert "Wrong-4444" not in wrong
    assert value(terminal, USB) == "Enable"
    assert "1 set" in terminal("check", file, "--password-fd", descriptor(BOSS), code=REFUSED)
    assert value(terminal, USB) == "Enable"
    right = terminal("apply", file, "--password-fd", descriptor(f"{BOSS}\n"), code=REFUSED)
    assert "1 set" in right
    assert BOSS not in right
    assert value(terminal, USB) == "Disable"


@pytest.mark.parametrize("verb", ["apply", "check"])
def test_what_is_no_file_of_settings_is_of_no_use(terminal: Terminal, tmp_path: Path, verb: str) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text("[1]")
    terminal(verb, bad, code=UNUSABLE)
    assert f"{bad} " in terminal.errors
    terminal(verb, tmp_path / "none", code=UNUSABLE)
    assert "cannot be read" in terminal.errors
    bad.write_bytes(b"x" * (1 << 21))
    terminal(verb, bad, code=UNUSABLE)
    assert "too large" in terminal.errors


def test_a_program_gets_the_reason_why_nothing_was_applied(terminal: Terminal, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("NAME,NAME\n")
    reply = terminal.json("apply", bad, code=UNUSABLE)
    assert reply["ok"] is False
    assert "columns" in reply["error"]


def test_a_stranger_s_names_and_values_steer_no_terminal_and_fill_no_screen(
    terminal: Terminal, tmp_path: Path
) -> None:
    path = tmp_path / "file.json"
    entries = [
        {"Name": "\x1b[31mEvil\r\n" + "x" * 5000, "Value": "\x1b[0m"},
        {"Name": "Ownership Tag", "Value": "\x1b]0;title\x07" + "y" * 5000},
        {"Name": "Asset Tracking Number", "Value": "z"},
    ]
    path.write_text(json.dumps(entries))
    said = terminal("apply", path, code=REFUSED).splitlines()
    assert len(said) == 5
    assert all(len(line) < 400 and line.isprintable() for line in said)
    other = tmp_path / "other.json"
    other.write_text(json.dumps([{**each, "Value": "other"} for each in entries]))
    assert all(len(line) < 400 for line in terminal("diff", path, other, code=REFUSED).splitlines())


def test_words_that_are_no_command_are_explained(terminal: Terminal) -> None:
    terminal("apply", code=UNUSABLE)
    assert "repset apply FILE" in terminal.errors
    assert terminal("--help").startswith("usage: f10 repset dump")


@pytest.fixture
def served(terminal: Terminal) -> Iterator[TargetPC]:
    """The PC runs in this process, and answers at its door."""
    folder = PCFolder(terminal.home / "pc")
    with headless.running(folder) as pc, management_door.listening_socket(folder) as door:
        stop = threading.Event()
        door.settimeout(0.05)
        thread = threading.Thread(target=_serve, args=(door, pc, stop))
        thread.start()
        try:
            yield pc
        finally:
            stop.set()
            thread.join()


def _serve(door: Any, pc: TargetPC, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            line, _ = door.accept()
        except TimeoutError:
            continue
        with line, line.makefile("rwb") as stream:
            stream.write(management_door.encoded(management_door.answer(pc, stream.readline())))


def test_a_running_pc_is_asked_at_its_door(
    terminal: Terminal, served: TargetPC, file: Path, tmp_path: Path
) -> None:
    before = tmp_path / "before"
    terminal("dump", before)
    terminal("check", file, code=REFUSED)
    assert served.firmware.value(USB) == "Enable"
    terminal("apply", file, code=REFUSED)
    assert served.firmware.value(USB) == "Disable"
    after = tmp_path / "after.csv"
    terminal("dump", after)
    assert terminal.json("diff", before, after, code=REFUSED) == [
        {"name": USB, "old": "Enable", "new": "Disable"}
    ]


def test_the_longest_reply_comes_through_the_door(
    terminal: Terminal, served: TargetPC, tmp_path: Path
) -> None:
    path = tmp_path / "long"
    lines = (f"Nothing {number} {'ÿ' * 80}\n\t*x\n" for number in range(MOST_ENTRIES))
    path.write_text(f"BIOSConfig 1.0\n{''.join(lines)}", "utf-8")
    assert len(terminal.json("apply", path, code=REFUSED)["results"]) == MOST_ENTRIES
    with path.open("a", encoding="utf-8") as file:
        file.write("One more\n\t*x\n")
    terminal("apply", path, code=UNUSABLE)
    assert "divide the file" in terminal.errors


# --- check -----------------------------------------------------------------------------------------------------------


def test_a_check_changes_nothing_and_says_so(terminal: Terminal, file: Path) -> None:
    image = PCFolder(terminal.home / "pc").image_path
    before = image.read_bytes()
    said = terminal("check", file, code=REFUSED)
    assert "1 set, 1 unknown" in said
    assert said.endswith(f"Nothing was changed: this was a dry run on {MODEL}.\n")
    assert image.read_bytes() == before
    assert terminal.json("check", file, code=REFUSED)["dry_run"] is True


@pytest.mark.parametrize("model", models.names())
def test_a_file_is_explained_for_a_model_without_any_pc(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: Path, model: str
) -> None:
    terminal = Terminal(tmp_path / "nothing", capsys)
    reply = terminal.json("check", file, "--model", model, code=REFUSED)
    assert reply["model"] == model
    assert reply["results"][1]["outcome"] == "unknown"
    assert not (tmp_path / "nothing").exists()


def test_a_model_of_one_s_own_explains_a_file_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: Path
) -> None:
    model = tmp_path / "small.toml"
    model.write_text(SMALL, "utf-8")
    reply = Terminal(tmp_path / "nothing", capsys).json("check", file, "--model", model, code=REFUSED)
    assert {row["outcome"] for row in reply["results"]} == {"unknown"}


def test_without_a_pc_and_a_model_there_is_nothing_to_check_against(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: Path
) -> None:
    terminal = Terminal(tmp_path / "nothing", capsys)
    terminal("check", file, code=UNUSABLE)
    assert "no PC" in terminal.errors
    terminal("check", file, "--model", "nothing", code=UNUSABLE)
    assert "no packaged model" in terminal.errors


def test_a_quirk_changes_what_a_check_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: Path
) -> None:
    terminal = Terminal(tmp_path / "guarded", capsys)
    with PCFolder(terminal.home / "pc").new_image().transaction() as store:
        write(store, variables.changes(None, mode_on()))
    assert [row["outcome"] for row in terminal.json("check", file, code=REFUSED)["results"]] == [
        "needs signature",
        "unknown",
    ]
    dropped = terminal.json("check", file, "--quirk", "unsigned_while_mode_on=dropped", code=REFUSED)
    assert dropped["results"][0]["outcome"] == "set"
    terminal("check", file, "--quirk", "nothing=x", code=UNUSABLE)
    assert "no quirk is called 'nothing'" in terminal.errors


def test_a_signed_line_opens_a_pc_whose_mode_is_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: Path
) -> None:
    terminal = Terminal(tmp_path / "guarded", capsys)
    with PCFolder(terminal.home / "pc").new_image().transaction() as store:
        write(store, variables.changes(None, mode_on()))
    file.write_bytes(setting_files.signed(FILE.encode(), {0: signed(USB, "Disable").authorization}))
    outcomes = [row["outcome"] for row in terminal.json("apply", file, code=REFUSED)["results"]]
    assert outcomes == ["set", "unknown"]
    assert value(terminal, USB) == "Disable"


def test_a_check_tells_restart_and_presence(terminal: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("BIOSConfig 1.0\nTPM State\n\t*Disable\n", "utf-8")
    said = terminal("check", path)
    assert "Physical presence is needed" in said
    assert "A restart is needed" in said


# --- diff ------------------------------------------------------------------------------------------------------------


def test_two_dumps_are_compared_and_led_over(terminal: Terminal, tmp_path: Path, file: Path) -> None:
    before, after, out = tmp_path / "a.xml", tmp_path / "b.json", tmp_path / "out.cfg"
    terminal("dump", before)
    assert terminal("diff", before, before) == "Total: 0 settings differ.\n"
    terminal("apply", file, code=REFUSED)
    terminal("dump", after)
    said = terminal("diff", before, after, "--repset", out, code=REFUSED)
    assert said == "USB Storage Boot: 'Enable' -> 'Disable'\nTotal: 1 setting differs.\n"
    assert out.read_text("utf-8").splitlines() == FILE.splitlines()[:4]
    terminal("diff", before, after, "--repset", out, code=UNUSABLE)
    assert "exists already" in terminal.errors
    terminal("diff", after, before, "--repset", out, "--force", code=REFUSED)
    terminal("apply", out)
    assert value(terminal, USB) == "Enable"


def test_no_comparison_shows_a_password_and_no_refusal_repeats_one(
    terminal: Terminal, tmp_path: Path
) -> None:
    before, after, bad = tmp_path / "before", tmp_path / "after", tmp_path / "bad"
    before.write_text("BIOSConfig 1.0\nSetup Password\n\thunter2\nA\n\t1\n", "utf-8")
    after.write_text("BIOSConfig 1.0\nPower-On Password\n\thunter3\nA\n\t<utf-16/>hunter4\n", "utf-8")
    told = terminal("diff", before, after, code=REFUSED)
    assert told.splitlines()[0] == "Setup Password: (not shown) -> (not there)"
    assert "hunter" not in told
    assert terminal.json("diff", before, after, code=REFUSED) == [
        {"name": "Setup Password", "old": "(not shown)", "new": None},
        {"name": "A", "old": "(not shown)", "new": "(not shown)"},
        {"name": "Power-On Password", "old": None, "new": "(not shown)"},
    ]
    bad.write_text("BIOSConfig 1.0\nSetup Password\n  hunter2\n", "utf-8")
    for words in (("apply", bad), ("check", bad), ("diff", before, bad)):
        terminal(*words, code=UNUSABLE)
        assert "line 3: a value indented with exactly one tab was expected" in terminal.errors
        assert "hunter2" not in terminal.errors


def test_a_number_that_no_screen_shows_is_dumped_all_the_same_and_nothing_else_that_is_hidden() -> None:
    instances = [
        {"Class": f"HPBIOS_BIOS{kind}", "Name": kind + shown, "Value": "5", "DisplayInUI": int(shown == "1")}
        for kind in ("Integer", "String", "Password")
        for shown in "01"
    ]
    file = setting_files.parse(repset_dump.dumped(instances, "bcu"))
    assert [each.name for each in file.entries] == ["Integer0", "Integer1", "String1"]


def test_a_file_that_cannot_be_compared_is_named(terminal: Terminal, tmp_path: Path, file: Path) -> None:
    bad = tmp_path / "bad"
    bad.write_text("\tvalue", "utf-8")
    terminal("diff", file, bad, code=UNUSABLE)
    assert f"{bad} is no file of settings: line 1" in terminal.errors
