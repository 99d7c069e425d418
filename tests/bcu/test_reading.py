"""What BCU reads from a PC, and what it leaves behind."""

import json
import os
import stat
from datetime import datetime
from pathlib import Path

import pytest

from emulator.bcu import reading
from emulator.bcu.return_codes import ReturnCode
from emulator.headless import operating
from emulator.management_socket import Reply
from emulator.pc_folder import PCFolder
from emulator.protocol import repset
from emulator.protocol.repset import Dialect
from tests.bcu.client import bcu as process
from tests.bcu.conftest import BCU


def instances(home: Path) -> list[Reply]:
    with operating(PCFolder(home / "pc")) as ask:
        told = ask({"verb": "instances"})["instances"]
    assert isinstance(told, list)
    return told


def test_a_value_is_told_with_all_that_it_could_be(bcu: BCU) -> None:
    told = bcu("/getvalue:Secure Boot")
    assert told.code == told.translated == told.result == 0
    (setting,) = told.settings
    assert setting.attrib == {"changeStatus": "skip", "name": "Secure Boot", "returnCode": "0"}
    assert [(each.tag, each.text) for each in setting] == [("VALUE", "Disable,*Enable")]


def test_a_value_is_also_left_as_a_text_file(bcu: BCU, work: Path) -> None:
    for _ in range(2):
        bcu("/getvalue:Secure Boot")
        (path,) = work.iterdir()
        assert path.name == "Secure Boot.txt"
        (entry,) = repset.parse(path.read_bytes()).entries
        assert (entry.name, entry.lines) == ("Secure Boot", ("Disable", "*Enable"))


def test_a_file_of_somebody_else_stays_where_the_text_file_would_stand(bcu: BCU, work: Path) -> None:
    (work / "Secure Boot.txt").write_text("mine")
    told = bcu("/getvalue:Secure Boot")
    assert (told.code, "was there before" in told.sentences) == (0, True)
    assert (work / "Secure Boot.txt").read_text() == "mine"


@pytest.mark.parametrize(
    "text",
    [
        "BIOSConfig 1.0\nFast Boot\n\t*Enable\n",
        "BIOSConfig 1.0\nSecure Boot\n\t*Enable\nFast Boot\n\t*Enable\n",
        "BIOSConfig 1.0\n; nothing yet\n",
        "BIOSConfig 1.0\n  no REPSET\n",
        "Secure Boot\n\t*Enable\n",
    ],
)
def test_a_file_of_settings_that_says_more_than_this_one_is_somebody_elses(
    bcu: BCU, work: Path, text: str
) -> None:
    (work / "Secure Boot.txt").write_text(text)
    told = bcu("/getvalue:Secure Boot")
    assert (told.code, "was there before" in told.sentences) == (0, True)
    assert (work / "Secure Boot.txt").read_text() == text


def test_a_pipe_in_place_of_the_text_file_is_not_waited_for(bcu: BCU, work: Path) -> None:
    os.mkfifo(work / "Secure Boot.txt")
    told = bcu("/getvalue:Secure Boot")
    assert (told.code, "no regular file" in told.sentences) == (0, True)


def test_a_link_in_place_of_the_text_file_is_not_followed(bcu: BCU, work: Path, tmp_path: Path) -> None:
    (tmp_path / "target").write_text("BIOSConfig 1.0\n")
    (work / "Secure Boot.txt").symlink_to(tmp_path / "target")
    assert bcu("/getvalue:Secure Boot").code == 0
    assert (tmp_path / "target").read_text() == "BIOSConfig 1.0\n"


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("../../etc/passwd", "_._.._etc_passwd.txt"),
        ("Startup Delay (sec.)", "Startup Delay (sec.).txt"),
        (".", "_.txt"),
        ("..", "__.txt"),
        ("", "_.txt"),
        ("a\0b\nc", "a_b_c.txt"),
        ("con:x?*", "con_x__.txt"),
        ("trailing ", "trailing_.txt"),
        ("ü" * 300, "ü" * 100 + ".txt"),
    ],
)
def test_no_name_of_a_setting_leads_out_of_the_folder(name: str, file: str) -> None:
    assert reading.file_name(name) == file


def test_an_unknown_name_is_told_with_the_one_that_is_meant(bcu: BCU, work: Path) -> None:
    told = bcu("/getvalue:Secure Bot")
    assert told.code == told.translated == told.result == ReturnCode.UNKNOWN_SETTING
    assert "'Secure Boot' may be meant" in told.sentences
    assert list(work.iterdir()) == []


def test_a_password_is_never_told(bcu: BCU, work: Path) -> None:
    (setting,) = bcu("/getvalue:Setup Password").settings
    assert not setting[0].text


def test_an_export_lists_what_the_screen_shows_in_the_order_of_the_firmware(
    bcu: BCU, work: Path, home: Path
) -> None:
    told = bcu("/get:all.cfg")
    assert told.code == 0
    file = repset.parse((work / "all.cfg").read_bytes())
    assert file.dialect is Dialect.BCU
    assert not file.byte_order_mark
    every = instances(home)
    listed = [
        each["Name"]
        for each in every
        if each["Class"] != "HPBIOS_BIOSPassword"
        and (each["DisplayInUI"] or each["Class"] == "HPBIOS_BIOSInteger")
    ]
    assert [entry.name for entry in file.entries] == listed
    assert f"Found {len(listed)} settings" in file.text
    assert stat.S_IMODE((work / "all.cfg").stat().st_mode) == 0o600


def test_an_export_applied_where_it_came_from_changes_nothing(bcu: BCU, work: Path) -> None:
    bcu("/get:all.cfg")
    told = bcu("/set:all.cfg", "/verbose")
    codes = {int(each.attrib["returnCode"]) for each in told.settings}
    assert told.code == 0
    assert codes <= {ReturnCode.UNCHANGED, ReturnCode.READ_ONLY}


def test_an_empty_name_writes_the_settings_to_the_console(bcu: BCU) -> None:
    told = bcu("/get:")
    assert told.text.startswith("BIOSConfig 1.0\n;\n")
    assert told.code == 0
    assert "Secure Boot" in [entry.name for entry in repset.parse(told.text.encode()).entries]


def test_json_carries_the_settings_and_the_codes(bcu: BCU) -> None:
    told = json.loads(bcu("/get:", "--json").text)
    assert told["return"] == {"real": 0, "translated": 0}
    assert told["text"].startswith("BIOSConfig 1.0")


def test_an_export_that_cannot_be_written_is_told(bcu: BCU, work: Path) -> None:
    (work / "folder").mkdir()
    assert bcu("/get:folder").code == ReturnCode.CONFIG_FILE_UNREADABLE
    assert bcu("/get:nowhere/all.cfg").result == ReturnCode.CONFIG_FILE_UNREADABLE


def test_a_number_is_listed_even_where_the_screen_hides_it() -> None:
    hidden = {"Class": "HPBIOS_BIOSInteger", "Name": "B", "Value": "7", "DisplayInUI": 0, "Sequence": 2}
    text = {"Class": "HPBIOS_BIOSString", "Name": "A", "Value": "x", "DisplayInUI": 0, "Sequence": 1}
    shown = {"Class": "HPBIOS_BIOSString", "Name": "C", "Value": "", "DisplayInUI": 1, "Sequence": 2}
    now = datetime.now().astimezone()
    file = repset.parse(reading.export([text, shown, hidden, {**shown, "Name": ""}], now))
    assert [(entry.name, entry.lines) for entry in file.entries] == [("B", ("7",)), ("C", ("",))]


def test_unicode_passwords_are_supported(bcu: BCU) -> None:
    assert bcu("/Unicode").code == 0


def test_a_pc_that_cannot_be_read_is_code_16(home: Path, tmp_path: Path) -> None:
    PCFolder(home / "pc").image_path.write_bytes(b"no flash")
    told = process(home, "/getvalue:Secure Boot", folder=tmp_path)
    assert told.code == told.translated == told.result == ReturnCode.NO_PROVIDER


@pytest.mark.slow
def test_where_there_is_no_pc_a_demo_world_is_made_and_said_so(tmp_path: Path) -> None:
    told = process(tmp_path / "nowhere", "/getvalue:Secure Boot", folder=tmp_path)
    assert told.code == told.result == 0
    assert "a demo world was made" in told.errors


@pytest.mark.parametrize(
    ("value", "code"),
    [("no settings namespace", 23), ("no HP namespace", 24), ("no CIM namespace", 25)],
)
def test_a_pc_without_the_vendors_provider_has_codes_of_its_own(
    bcu: BCU, home: Path, value: str, code: int
) -> None:
    (home / "pc" / "quirks.json").write_text(json.dumps({"wmi_provider": value}))
    told = bcu("/getvalue:Secure Boot")
    assert told.code == told.translated == told.result == code


def test_help_is_text_and_code_17(home: Path, work: Path) -> None:
    told = process(home, "/?", folder=work)
    assert told.code == ReturnCode.HELP
    assert told.text.startswith("usage: f10")


def test_words_that_cannot_be_understood_are_a_report_too(bcu: BCU) -> None:
    told = bcu("/nonsense")
    assert told.code == told.translated == told.result == ReturnCode.SYNTAX
    assert json.loads(bcu("/nonsense", "--json").text)["return"] == {"real": 15, "translated": 15}


def test_the_report_tells_host_and_time(bcu: BCU) -> None:
    attributes = bcu("/Unicode").document.attrib
    assert attributes["Version"] == ""
    assert set(attributes) == {"Version", "Computername", "Date", "Time", "UTC"}


def test_a_log_is_the_same_report(bcu: BCU, work: Path) -> None:
    told = bcu("/Unicode", "/l")
    (log,) = (work / "Logs").iterdir()
    assert log.read_text() == told.text
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    bcu("/Unicode", '/logpath:"deep/er"')
    assert len(list((work / "deep" / "er").iterdir())) == 1


def test_a_log_folder_that_cannot_be_made_stops_before_anything_is_done(bcu: BCU, work: Path) -> None:
    (work / "Logs").write_text("a file")
    assert bcu("/setvalue:Ownership Tag,x", "/log").code == ReturnCode.SYNTAX
    (setting,) = bcu("/getvalue:Ownership Tag").settings
    assert not setting[0].text


def test_an_ampersand_comes_out_bare_where_the_machine_is_so(bcu: BCU, home: Path) -> None:
    assert bcu("/getvalue:SSD & LAN").settings[0].attrib["name"] == "SSD & LAN"
    (home / "pc" / "quirks.json").write_text(json.dumps({"xml_ampersand": "bare"}))
    assert 'name="SSD & LAN"' in bcu("/getvalue:SSD & LAN").text
