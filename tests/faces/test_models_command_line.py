"""`f10 models` as a person and as a program meet it: what is printed, where, and with which exit code."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from emulator import models
from emulator.cli import run
from emulator.model_files import LARGEST
from emulator.models import source
from tests.models.authoring import SMALL, shared

REFUSED, UNUSABLE = 1, 2
HOME = Path("/nonexistent")


class Terminal:
    """Calls the command line and keeps what it said."""

    def __init__(self, captured: pytest.CaptureFixture[str]) -> None:
        self._captured = captured
        self.errors = ""

    def __call__(self, *arguments: object, code: int = 0) -> str:
        found = run(["--home", str(HOME), "models", *map(str, arguments)])
        output, self.errors = self._captured.readouterr()
        assert found == code, self.errors
        assert "\x1b" not in output + self.errors
        return output

    def json(self, *arguments: object, code: int = 0) -> Any:
        return json.loads(self(*arguments, "--json", code=code))


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(capsys)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(SMALL, "utf-8")
    return path


# --- the list --------------------------------------------------------------------------------------------------------


def test_the_list_has_a_line_for_each_packaged_model(terminal: Terminal) -> None:
    lines = terminal().splitlines()
    assert [line.split()[0] for line in lines] == models.names()
    assert any("zbook-power-g7" in line and " 258 settings " in line for line in lines)


def test_a_program_gets_the_list_in_numbers(terminal: Terminal) -> None:
    rows = {row["name"]: row for row in terminal.json()}
    assert list(rows) == models.names()
    zbook = rows["zbook-power-g7"]
    assert (zbook["settings"], zbook["read_only"], zbook["hidden"], zbook["physical_presence"]) == (
        258,
        82,
        7,
        16,
    )
    assert zbook["secure_platform_management"] is True


# --- show ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", models.names())
def test_a_model_is_shown_page_by_page(terminal: Terminal, name: str) -> None:
    shown, catalogue = terminal("show", name), models.packaged(name)
    assert shown.startswith(f"{name}: {catalogue.product}, board {catalogue.board}, ")
    for page in catalogue.pages:
        assert f"\n\n{' / '.join(page)}\n" in f"{shown}\n"
    for setting in catalogue.every.values():
        assert f"\n  {setting.name} [{setting.kind.value}]" in shown


@pytest.mark.parametrize("name", models.names())
def test_a_program_gets_every_setting(terminal: Terminal, name: str) -> None:
    told, catalogue = terminal.json("show", name), models.packaged(name)
    assert {each["name"] for each in told["setting"]} == catalogue.every.keys()
    assert told["menus"] == list(catalogue.menus)
    for each in told["setting"]:
        setting = catalogue.every[each["name"]]
        assert each["default"] == setting.default
        assert tuple(each.get("values", ())) == setting.values
        assert each.get("shown", True) is setting.shown


def test_one_setting_is_shown_with_everything_about_it(terminal: Terminal) -> None:
    shown = terminal("show", "zbook-power-g7", "Password Minimum Length").splitlines()
    assert shown[:2] == ["name: Password Minimum Length", "kind: integer"]
    assert "lower_bound: 4" in shown
    assert "at_once: true" in shown
    assert "requires: Setup Password = set (Create a BIOS administrator password first.)" in shown
    told = terminal.json("show", "zbook-power-g7", "Password Minimum Length")
    assert told["requires"] == [
        {"setting": "Setup Password", "is": ["set"], "because": "Create a BIOS administrator password first."}
    ]
    assert told["role"] == "password minimum length"


def test_bounds_are_told_for_the_kinds_that_have_them(terminal: Terminal) -> None:
    password = terminal.json("show", "zbook-power-g7", "Setup Password")
    assert (password["min_length"], password["max_length"], password["encodings"]) == (4, 32, ["utf-16"])
    assert "lower_bound" not in password
    assert "max_length" not in terminal.json("show", "zbook-power-g7", "Fast Boot")


def test_a_name_that_another_generation_uses_leads_to_the_one_of_this(terminal: Terminal) -> None:
    terminal("show", "zbook-power-g7", "Language", code=UNUSABLE)
    assert (
        terminal.errors
        == "f10: the model zbook-power-g7 has no setting 'Language'; here it is called 'Select Language'\n"
    )


def test_a_name_that_is_nearly_right_gets_a_hint(terminal: Terminal) -> None:
    terminal("show", "zbook-power-g7", "Fats Boot", code=UNUSABLE)
    assert terminal.errors.endswith("; 'Fast Boot' may be meant\n")
    terminal("show", "zbook-power-g7", "\x1b[2J", code=UNUSABLE)
    assert terminal.errors.endswith(" has no setting '\\x1b[2J'\n")


def test_a_file_is_shown_like_a_packaged_model(terminal: Terminal, small: Path) -> None:
    assert terminal("show", small) == (
        "small: Small PC, board 0001, 1.0\n"
        "1 settings, 0 read-only, 0 hidden, 0 with physical presence\n\n"
        "Main\n  Switch [enumeration] = Enable\n\nSecurity\n\nAdvanced\n\nUEFI Drivers\n"
    )
    assert terminal.json("show", small)["setting"][0]["name"] == "Switch"
    assert terminal.json("show", small, "Switch")["values"] == ["Disable", "Enable"]


def test_settings_on_no_page_come_last(terminal: Terminal) -> None:
    shown = terminal("show", "zbook-power-g7")
    hidden = shown.partition("\n\nOn no page\n")[2].splitlines()
    assert len(hidden) == sum(not each.page for each in models.packaged("zbook-power-g7").every.values())
    assert any(line.startswith("  NFC [") for line in hidden)


def test_a_file_with_faults_is_not_shown(terminal: Terminal, small: Path) -> None:
    small.write_text(SMALL.replace('"Enable"\n', '"On"\n'))
    assert terminal("show", small, code=UNUSABLE) == ""
    assert terminal.errors.startswith(f"f10: {small}:14: the default is refused")


# --- check -----------------------------------------------------------------------------------------------------------


def test_a_good_file_is_said_to_be_good(terminal: Terminal, small: Path) -> None:
    assert terminal("check", small) == f"{small}: good, 1 settings\n"
    assert terminal.json("check", small) == {"good": True, "faults": [], **terminal.json("check", small)}


def test_faults_are_told_line_by_line(terminal: Terminal, small: Path) -> None:
    small.write_text(SMALL.replace('board = "0001"', "board = 1").replace("kind", "knid"))
    lines = terminal("check", small, code=REFUSED).splitlines()
    assert [line.removeprefix(f"{small}:").split(":")[0] for line in lines] == ["4", "12"]
    told = terminal.json("check", small, code=REFUSED)
    assert told["good"] is False
    assert [fault["line"] for fault in told["faults"]] == [4, 12]
    assert "'kind' may be meant" in told["faults"][1]["sentence"]
    assert terminal.errors == ""


@pytest.mark.parametrize("name", models.names())
def test_packaged_models_are_good_by_name_and_as_files(terminal: Terminal, name: str) -> None:
    folder = Path(models.__file__).parent
    for word in (name, folder / f"{name}.toml", folder / f"{name}.json"):
        assert ": good, " in terminal("check", word)


def test_what_a_pc_keeps_is_a_model_too(terminal: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_text(source.compiled(SMALL, shared(), "small.toml"))
    assert terminal("check", path) == f"{path}: good, 1 settings\n"
    path.write_text(path.read_text().replace('"default": "Enable"', '"default": "On"'))
    assert terminal("check", path, code=REFUSED).startswith(f"{path}: the default is refused")
    assert "sentence" in terminal.json("check", path, code=REFUSED)["faults"][0]


def test_the_id_of_a_packaged_model_is_taken(terminal: Terminal, small: Path, tmp_path: Path) -> None:
    text = SMALL.replace('"small"', '"zbook-power-g7"')
    small.write_text(text)
    assert f"{small}:2: the id 'zbook-power-g7' is that of a packaged model" in terminal(
        "check", small, code=REFUSED
    )
    path = tmp_path / "model.json"
    path.write_text(source.compiled(text, shared(), "small.toml"))
    assert terminal("check", path, code=REFUSED).startswith(f"{path}:1: ")


@pytest.mark.parametrize(
    "data",
    [b"\xef\xbb\xbf" + SMALL.encode(), SMALL.replace("\n", "\r\n").encode()],
    ids=["byte order mark", "line ends of Windows"],
)
def test_files_of_other_editors_are_read(terminal: Terminal, small: Path, data: bytes) -> None:
    small.write_bytes(data)
    assert ": good, " in terminal("check", small)


# --- what cannot be read ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("elitebok", "no packaged model is called 'elitebok'; there are "),
        ("a" * 5000, "no packaged model is called 'aaa"),
        ("", "no packaged model is called ''"),
        ("missing.toml", "cannot be read: No such file or directory"),
        ("/", "cannot be read: Is a directory"),
        ("a" * 300 + ".toml", "cannot be read: File name too long"),
        ("/dev/zero", "no ordinary file"),
        ("small.toml/model", "cannot be read: Not a directory"),
        ("../small/\x1b[2J.toml", r"the model '../small/\x1b[2J.toml' cannot be read"),
    ],
)
def test_what_is_no_file_is_a_sentence(
    terminal: Terminal, small: Path, monkeypatch: pytest.MonkeyPatch, word: str, sentence: str
) -> None:
    monkeypatch.chdir(small.parent)
    for verb in ("check", "show"):
        terminal(verb, word, code=UNUSABLE)
        assert terminal.errors.startswith("f10: ")
        assert sentence in terminal.errors


def test_a_pipe_that_nobody_writes_to_is_not_waited_for(terminal: Terminal, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "model.toml")
    terminal("check", tmp_path / "model.toml", code=UNUSABLE)
    assert "no ordinary file" in terminal.errors


def test_a_file_that_is_too_large_or_no_text_is_a_sentence(terminal: Terminal, small: Path) -> None:
    small.write_bytes(b"#" * (LARGEST + 1))
    terminal("check", small, code=UNUSABLE)
    assert f"at most {LARGEST} bytes" in terminal.errors
    small.write_bytes(SMALL.encode() + b"\n# caf\xe9\n")
    terminal("check", small, code=UNUSABLE)
    assert f"look at line {SMALL.count(chr(10)) + 2}" in terminal.errors


def test_a_model_is_no_way_out_of_the_package(terminal: Terminal) -> None:
    for word in ("shared", "../models/zbook-power-g7", "zbook-power-g7.json"):
        terminal("show", word, code=UNUSABLE)


# --- the command line itself -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["shw"],
        ["show"],
        ["check"],
        ["check", "a", "b"],
        ["show", "a", "b", "c"],
        ["--jsn"],
        ["show", "zbook-power-g7", "--all"],
    ],
    ids=str,
)
def test_what_is_not_understood_gets_the_usage(terminal: Terminal, arguments: list[str]) -> None:
    assert terminal(*arguments, code=UNUSABLE) == ""
    assert "models does not understand" in terminal.errors
    assert "usage: f10 models" in terminal.errors


def test_help_is_printed(terminal: Terminal) -> None:
    assert terminal("--help").startswith("usage: f10 models")
    assert terminal("check", "-h") == terminal("--help")
