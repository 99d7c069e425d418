"""`f10 image` as a person meets it: verbs, exit codes, sentences instead of tracebacks, secrets that stay hidden."""

import io
import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from emulator.cli import run
from emulator.image_arguments import Grammar, UsageError, parse
from emulator.image_verbs import VERBS
from firmware_store import TWO_MEGABYTE, Image, blank
from tests.firmware_store import incidents

VENDOR = str(incidents.VENDOR)
F10 = Path(sys.executable).with_name("f10")


class Terminal:
    """Calls the command line and keeps what it said."""

    def __init__(self, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
        self._captured = capsysbinary
        self.raw = b""
        self.errors = ""

    def __call__(self, *arguments: object, code: int = 0) -> str:
        found = run(["image", *map(str, arguments)])
        self.raw, errors = self._captured.readouterr()
        self.errors = errors.decode()
        assert found == code, self.errors
        assert "Traceback" not in self.errors
        return self.raw.decode("utf-8", "replace")

    def json(self, *arguments: object, code: int = 0) -> Any:
        return json.loads(self(*arguments, "--json", code=code))


@pytest.fixture
def f10(capsysbinary: pytest.CaptureFixture[bytes]) -> Terminal:
    return Terminal(capsysbinary)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    image = Image(tmp_path / "flash.fd", durability="none")
    image.create(TWO_MEGABYTE)
    with image.transaction() as store:
        store.set(incidents.VENDOR, "Setting", b"\1\2\3", 7)
        store.set(incidents.VENDOR, "Password", b"correct horse", 3)
    return tmp_path / "flash.fd"


# --- new, list, get, set, delete, scrub ------------------------------------------------------------------------------


def test_new_makes_a_blank_image_for_this_user_alone(f10: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "new.fd"
    f10("new", path, "--layout", "2m")
    assert path.read_bytes() == blank(TWO_MEGABYTE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    f10("new", tmp_path / "default.fd")
    assert (tmp_path / "default.fd").stat().st_size == 0x84000


def test_new_takes_the_variables_of_another_image_without_their_history(
    f10: Terminal, path: Path, tmp_path: Path
) -> None:
    f10("set", path, "Password", "--text", "battery staple")
    f10("new", tmp_path / "clean.fd", "--layout", "4m", "--from", path)
    assert f10("diff", path, tmp_path / "clean.fd") == ""
    assert b"correct horse" not in (tmp_path / "clean.fd").read_bytes()
    f10("new", path, "--from", path, code=2)


def test_new_replaces_nothing(f10: Terminal, path: Path) -> None:
    f10("new", path, code=2)
    assert "will not be overwritten" in f10.errors


def test_list_prints_one_variable_a_line_and_no_value(f10: Terminal, path: Path) -> None:
    lines = f10("list", path).splitlines()
    assert [line.split() for line in lines] == [
        [VENDOR, "NV+BS", "13", "Password"],
        [VENDOR, "NV+BS+RT", "3", "Setting"],
    ]
    assert "correct" not in f10("list", path)
    assert [each["name"] for each in f10.json("list", path)] == ["Password", "Setting"]


def test_a_name_that_moves_the_cursor_is_escaped(f10: Terminal, path: Path) -> None:
    with Image(path).transaction() as store:
        store.set(incidents.VENDOR, "\x1b[2J\ud800", b"x", 7)
    assert "\\x1b[2J\\ud800" in f10("list", path)


def test_get_prints_the_value_that_was_asked_for(f10: Terminal, path: Path) -> None:
    assert f10("get", path, "Setting") == "010203\n"
    assert f10("get", path, "Password", "--text") == "correct horse\n"
    f10("get", path, "Setting", "--raw")
    assert f10.raw == b"\1\2\3"
    assert f10.json("get", path, "Setting", "--guid", VENDOR)["data"] == "010203"


def test_get_says_that_there_is_no_such_variable(f10: Terminal, path: Path) -> None:
    f10("get", path, "Nothing", code=2)
    assert "there is none" in f10.errors
    f10("get", path, "Setting", "--guid", "global", code=2)
    assert "there is none" in f10.errors


def test_a_name_of_two_vendors_needs_its_vendor(f10: Terminal, path: Path) -> None:
    f10("set", path, "Setting", "--guid", "global", "--hex", "ff")
    f10("get", path, "Setting", code=2)
    assert VENDOR in f10.errors
    assert f10("get", path, "Setting", "--guid", "global") == "ff\n"


def test_set_takes_digits_text_and_files(f10: Terminal, path: Path, tmp_path: Path) -> None:
    (tmp_path / "value").write_bytes(b"from a file")
    f10("set", path, "Setting", "--hex", "0A 0b")
    assert f10("get", path, "Setting") == "0a0b\n"
    f10("set", path, "Setting", "--text=größer")
    assert f10("get", path, "Setting", "--text") == "größer\n"
    f10("set", path, "Setting", "--file", tmp_path / "value", "--append")
    assert f10("get", path, "Setting", "--text") == "größerfrom a file\n"


def test_set_reads_a_value_from_the_standard_input(
    f10: Terminal, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\0secret")))
    f10("set", path, "Setting", "--file", "-")
    assert f10("get", path, "Setting") == b"\0secret".hex() + "\n"


def test_a_new_variable_needs_a_vendor_and_gets_usual_attributes(f10: Terminal, path: Path) -> None:
    f10("set", path, "New", "--hex", "00", code=2)
    assert "--guid" in f10.errors
    f10("set", path, "New", "--hex", "00", "--guid", VENDOR)
    assert f10.json("get", path, "New")["attributes"] == 7
    f10("set", path, "Hidden", "--hex", "00", "--guid", VENDOR, "--attributes", "nv+bs")
    assert f10.json("get", path, "Hidden")["attributes"] == 3


def test_the_status_of_firmware_is_a_sentence(f10: Terminal, path: Path) -> None:
    f10("set", path, "Setting", "--hex", "00", "--attributes", "0x3", code=2)
    assert "attributes never change" in f10.errors
    assert str(path) in f10.errors or "Setting" in f10.errors


@pytest.mark.parametrize(
    "wrong",
    [
        ("--hex", "5ecret"),
        (),
        ("--hex", "00", "--text", "5ecret"),
        ("--text",),
        ("--hex", "00", "--attributes", "5ecret"),
        ("--hex", "00", "--guid", "none"),
        ("--5ecret=5ecret",),
    ],
    ids=str,
)
def test_a_wrong_value_changes_nothing_and_is_not_repeated(
    f10: Terminal, path: Path, wrong: tuple[str, ...]
) -> None:
    before = path.read_bytes()
    f10("set", path, "Setting", *wrong, code=2)
    assert path.read_bytes() == before
    assert "f10 image set: " in f10.errors
    assert "5ecret" not in f10.errors.replace("--5ecret", "")


def test_delete_leaves_old_values_and_scrub_removes_them(f10: Terminal, path: Path) -> None:
    f10("delete", path, "Password")
    assert "Password" not in f10("list", path)
    assert b"correct horse" in path.read_bytes()
    f10("scrub", path)
    assert b"correct horse" not in path.read_bytes()
    f10("delete", path, "Setting", "--secret")
    assert f10("history", path, "Setting") == ""


# --- check, history, diff, map ---------------------------------------------------------------------------------------


def test_check_finds_repairs_and_proves(f10: Terminal, path: Path) -> None:
    path.write_bytes(incidents.pending_without_header())
    found = f10("check", path, code=1)
    assert "lost volume header" in found
    assert "pending write" in found
    repaired = f10("check", path, "--repair")
    assert f"{path}.before-repair" in repaired
    assert repaired.endswith("in good order\n")
    assert "in good order" in f10("check", path)
    assert stat.S_IMODE(os.stat(f"{path}.before-repair").st_mode) == 0o600


def test_check_speaks_json(f10: Terminal, path: Path) -> None:
    report = f10.json("check", path)
    assert report["sound"] is True
    assert report["variables"] == 2
    path.write_bytes(incidents.torn())
    report = f10.json("check", path, code=1)
    assert {each["kind"] for each in report["findings"]} == {"torn record", "unfinished update"}
    done = f10.json("check", path, "--repair")
    assert done["after"]["sound"] is True
    assert done["copy"].endswith(".before-repair")


def test_history_shows_old_values_when_told_to(f10: Terminal, path: Path) -> None:
    f10("set", path, "Password", "--text", "battery staple")
    assert "replaced" in f10("history", path, "Password")
    assert b"correct".hex() not in f10("history", path, "Password")
    assert b"correct".hex() in f10("history", path, "Password", "--values")
    listed = [each for each in f10.json("history", path, "Password") if each["area"] == "variables"]
    assert [each["state"] for each in listed] == ["replaced", "valid"]
    assert "data" in f10.json("history", path, "Password", "--values")[0]


def test_diff_tells_by_its_code_whether_images_differ(f10: Terminal, path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.fd"
    other.write_bytes(path.read_bytes())
    assert f10("diff", path, other) == ""
    f10("set", other, "Password", "--text", "battery staple")
    told = f10("diff", path, other, code=1)
    assert told.startswith(f"~ {VENDOR} Password\n")
    assert b"battery".hex() not in told
    assert b"battery".hex() in f10("diff", path, other, "--values", code=1)
    (change,) = f10.json("diff", path, other, code=1)
    assert change["fields"] == ["data"]


def test_map_fits_the_width_it_is_given(f10: Terminal, path: Path) -> None:
    for columns in (40, 80, 132):
        lines = f10("map", path, "--width", columns).splitlines()
        assert max(map(len, lines)) <= columns
    assert f10("map", path, "--ascii").isascii()
    assert "\x1b" not in f10("map", path)
    assert f10.json("map", path)[0]["use"] == "headers"
    for wrong in ("5", "wide", "99999999"):
        f10("map", path, "--width", wrong, code=2)


# --- export and import -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "options"),
    [
        ("out.json", ()),
        ("out", ("--format", "efivarfs")),
        ("out.dmp", ()),
        ("out", ("--format", "dmpstore")),
        ("out", ("--format", "json")),
    ],
)
def test_what_was_exported_is_imported(
    f10: Terminal, path: Path, tmp_path: Path, target: str, options: tuple[str, ...]
) -> None:
    f10("export", path, tmp_path / target, *options)
    f10("new", tmp_path / "copy.fd")
    assert "2 put in its place" in f10("import", tmp_path / "copy.fd", tmp_path / target)
    assert f10("diff", path, tmp_path / "copy.fd") == ""
    assert "2 already there" in f10("import", tmp_path / "copy.fd", tmp_path / target)


def test_an_export_is_for_this_user_alone_and_replaces_nothing(
    f10: Terminal, path: Path, tmp_path: Path
) -> None:
    f10("export", path, tmp_path / "out.json")
    f10("export", path, tmp_path / "folder", "--format", "efivarfs")
    assert stat.S_IMODE((tmp_path / "out.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "folder").stat().st_mode) == 0o700
    assert {stat.S_IMODE(each.stat().st_mode) for each in (tmp_path / "folder").iterdir()} == {0o600}
    f10("export", path, tmp_path / "out.json", code=2)
    f10("export", path, tmp_path / "folder", "--format", "efivarfs", code=2)
    assert "already" in f10.errors


def test_an_export_goes_to_the_standard_output_and_back(
    f10: Terminal, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f10("export", path, "-", "--name", "Setting", "--guid", VENDOR)
    assert [each["name"] for each in json.loads(text)["variables"]] == ["Setting"]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    f10("new", tmp_path / "copy.fd")
    f10("import", tmp_path / "copy.fd", "-")
    assert f10("get", tmp_path / "copy.fd", "Setting") == "010203\n"


def test_an_import_that_cannot_be_finished_changes_nothing(f10: Terminal, path: Path, tmp_path: Path) -> None:
    before = path.read_bytes()
    good = {"name": "New", "guid": VENDOR, "attr": 7, "data": "00"}
    source = tmp_path / "in.json"
    source.write_text(
        json.dumps({"version": 2, "variables": [good, {**good, "name": "Big", "data": "00" * 60000}]})
    )
    f10("import", path, source, code=2)
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["in.json", "in.dmp", "PK.auth", "unnamed"])
def test_a_file_of_another_kind_is_refused_with_a_sentence(
    f10: Terminal, path: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_bytes(b"something else entirely")
    f10("import", path, tmp_path / name, code=2)
    assert f10.errors.startswith("f10 image import: ")


# --- The command as a whole ------------------------------------------------------------------------------------------


def test_every_verb_explains_itself(f10: Terminal) -> None:
    everything = f10("--help")
    for verb in VERBS:
        assert f"f10 image {verb} " in everything
        assert f10(verb, "--help").count("f10 image") == 1


def test_what_is_no_verb_is_answered_with_the_usage(f10: Terminal) -> None:
    assert run(["image"]) == 2
    f10("frobnicate", code=2)
    assert "f10 image new" in f10.errors


@pytest.mark.parametrize("verb", sorted(set(VERBS) - {"new"}))
def test_a_missing_image_is_a_sentence(f10: Terminal, tmp_path: Path, verb: str) -> None:
    words = {
        "NAME": "A",
        "OTHER": tmp_path / "b",
        "SOURCE": tmp_path / "s.json",
        "TARGET": tmp_path / "t.json",
    }
    (tmp_path / "s.json").write_text('{"variables": []}')
    more = [words[each] for each in VERBS[verb][1].words[1:]]
    value = ["--hex", "00", "--guid", VENDOR] if verb == "set" else []
    f10(verb, tmp_path / "none.fd", *more, *value, code=2)
    assert "none.fd: expected an image file" in f10.errors
    assert sorted(os.listdir(tmp_path)) == ["s.json"]


@pytest.mark.parametrize("verb", sorted(set(VERBS) - {"new"}))
def test_what_is_no_image_is_a_sentence_with_its_path(f10: Terminal, tmp_path: Path, verb: str) -> None:
    (tmp_path / "zeros.fd").write_bytes(bytes(20480))
    (tmp_path / "s.json").write_text('{"variables": []}')
    words = {
        "NAME": "A",
        "OTHER": tmp_path / "zeros.fd",
        "SOURCE": tmp_path / "s.json",
        "TARGET": tmp_path / "t",
    }
    value = ["--hex", "00", "--guid", VENDOR] if verb == "set" else []
    f10(verb, tmp_path / "zeros.fd", *[words[each] for each in VERBS[verb][1].words[1:]], *value, code=2)
    assert "zeros.fd: expected a UEFI variable image" in f10.errors


def test_a_reader_that_stops_reading_is_no_error(path: Path) -> None:
    with subprocess.Popen(
        [F10, "image", "map", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        process.wait()


def test_listing_loads_no_more_than_it_needs(path: Path) -> None:
    script = f"import sys; from emulator.cli import run; run(['image', 'list', {str(path)!r}]); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    heavy = {"construct", "cryptography", "textual", "argparse", "dataclasses", "json", "inspect", "hashlib"}
    assert not loaded & heavy


def test_words_options_and_flags_are_told_apart() -> None:
    grammar = Grammar(("PATH", "NAME"), ("--guid",), ("--json",))
    found = parse(["--json", "a", "--guid=b=c", "--", "-n"], grammar)
    assert found == (["a", "-n"], {"--guid": "b=c"}, {"--json"})
    assert parse(["-", "b", "--guid", "--json"], grammar).options == {"--guid": "--json"}
    for wrong in (["a"], ["a", "b", "c"], ["a", "b", "--guid"], ["a", "b", "--json=1"], ["a", "b", "-x"]):
        with pytest.raises(UsageError):
            parse(wrong, grammar)
