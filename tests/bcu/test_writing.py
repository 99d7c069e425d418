"""What BCU changes, with a password or without, and how each outcome is told."""

import json
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.bcu import settings_intake
from emulator.bcu.return_codes import ReturnCode, Stopped
from emulator.headless import operating
from emulator.pc_folder import PCFolder
from tests.bcu.client import Told
from tests.bcu.conftest import BCU, password_file_of, repset

PASSWORD = "Correct-Horse-9"
MIXED = (
    "USB Storage Boot\n\tEnable\n\t*Disable\n"
    "Fast Boot\n\tDisable\n\t*Enable\n"
    "Product Name\n\tAnother PC\n"
    "Nobody Knows This\n\tx\n"
)


def value(home: Path, name: str) -> str:
    with operating(PCFolder(home / "pc")) as ask:
        instance = ask({"verb": "get", "name": name})["instance"]
    assert isinstance(instance, dict)
    return str(instance["CurrentValue"] if "CurrentValue" in instance else instance["Value"])


def told_of(told: Told) -> dict[str, tuple[str, int]]:
    """What became of each setting."""
    return {
        each.attrib["name"]: (each.attrib["changeStatus"], int(each.attrib["returnCode"]))
        for each in told.settings
    }


@pytest.mark.parametrize(
    "words",
    [
        '/setvalue:"USB Storage Boot","Disable"',
        "/setvalue:USB Storage Boot,Disable",
        '"/SETVALUE:USB Storage Boot,Disable"',
    ],
)
def test_one_setting_is_changed_however_the_shell_left_the_quotes(bcu: BCU, home: Path, words: str) -> None:
    told = bcu(words)
    assert told.code == told.translated == told.result == 0
    (setting,) = told.settings
    assert setting.attrib["changeStatus"] == "pass"
    assert [(each.tag, each.text) for each in setting] == [("OLDVALUE", "Enable"), ("NEWVALUE", "Disable")]
    assert told.document.find("REBOOT") is not None
    assert value(home, "USB Storage Boot") == "Disable"


def test_a_value_that_is_there_already_is_skipped(bcu: BCU) -> None:
    told = bcu("/setvalue:USB Storage Boot,Enable")
    assert (told.code, told.translated, told.result) == (0, 0, ReturnCode.UNCHANGED)
    (setting,) = told.settings
    assert setting.attrib == {"changeStatus": "skip", "name": "USB Storage Boot", "returnCode": "18"}
    assert [(each.tag, each.text) for each in setting] == [("OLDVALUE", "Enable"), ("VALUE", "Enable")]
    assert told.document.find("REBOOT") is None


def test_a_list_is_given_with_commas(bcu: BCU, home: Path) -> None:
    order = value(home, "UEFI Boot Order").split(",")
    turned = ",".join(reversed(order))
    assert bcu(f'/setvalue:"UEFI Boot Order","{turned}"').code == 0
    assert value(home, "UEFI Boot Order") == turned


@pytest.mark.parametrize(
    ("argument", "setting", "final"),
    [
        ("USB Storage Boot,Perhaps", ReturnCode.INVALID_VALUE, ReturnCode.SETTING_FAILED),
        ("Nobody Knows This,x", ReturnCode.UNKNOWN_SETTING, ReturnCode.SUCCESS),
        ("Product Name,x", ReturnCode.READ_ONLY, ReturnCode.SUCCESS),
    ],
)
def test_what_bcu_checks_itself_has_codes_of_its_own(
    bcu: BCU, argument: str, setting: int, final: int
) -> None:
    told = bcu(f"/setvalue:{argument}")
    assert (told.code, told.translated, told.result) == (final, final, setting)
    strict = bcu(f"/setvalue:{argument}", "/WarningAsErr")
    assert (strict.code, strict.result) == (ReturnCode.SETTING_FAILED, setting)


def test_a_file_tells_what_failed_and_verbose_tells_all(bcu: BCU, work: Path, home: Path) -> None:
    file = repset(work, MIXED)
    quiet = bcu(f"/set:{file}")
    assert quiet.code == quiet.translated == quiet.result == 0
    assert told_of(quiet) == {}
    assert "unknown to this PC or read-only: 2" in quiet.sentences
    assert value(home, "USB Storage Boot") == "Disable"
    loud = bcu(f"/set:{file}", "/verbose")
    assert loud.code == 0
    assert told_of(loud) == {
        "USB Storage Boot": ("skip", 18),
        "Fast Boot": ("skip", 18),
        "Product Name": ("fail", 19),
        "Nobody Knows This": ("fail", 20),
    }


def test_a_read_only_entry_is_19_also_where_it_is_so_already(bcu: BCU, work: Path, home: Path) -> None:
    file = repset(work, f"Product Name\n\t{value(home, 'Product Name')}\n")
    assert told_of(bcu(f"/set:{file}", "/verbose")) == {"Product Name": ("fail", 19)}


def test_warnings_count_where_they_shall_and_nothing_else_changes(bcu: BCU, work: Path, home: Path) -> None:
    told = bcu(f'/set:"{repset(work, MIXED)}"', "/WarningAsErr")
    assert told.code == told.translated == ReturnCode.SETTING_FAILED
    assert len(told.settings) == 4
    assert [int(each.attrib["real"]) for each in told.document.findall("ERROR")] == [19, 20]
    assert {each.attrib["translated"] for each in told.document.findall("ERROR")} == {"13"}
    assert value(home, "USB Storage Boot") == "Disable"


def test_a_value_that_a_setting_does_not_take_makes_the_file_fail_and_the_rest_is_applied(
    bcu: BCU, work: Path, home: Path
) -> None:
    told = bcu(f"/set:{repset(work, 'Fast Boot' + chr(10) + chr(9) + '*Perhaps' + chr(10) + MIXED)}")
    assert told.code == ReturnCode.SETTING_FAILED
    assert told_of(told) == {"Fast Boot": ("fail", 21)}
    assert value(home, "USB Storage Boot") == "Disable"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", ReturnCode.NO_HEADER),
        (b"Fast Boot\n\t*Enable\n", ReturnCode.NO_HEADER),
        (b"BIOSConfig 1.0.\nFast Boot\n\t*Enable\n", ReturnCode.NO_HEADER),
        (b"BIOSConfig 2.0\nFast Boot\n\t*Enable\n", ReturnCode.NO_HEADER),
        (b"; a comment first\nBIOSConfig 1.0\nFast Boot\n\t*Enable\n", ReturnCode.NO_HEADER),
        (b"\xef\xbb\xbfBIOSConfig 1.0\nFast Boot\n\t*Enable\n", ReturnCode.NO_HEADER),
        ("BIOSConfig 1.0\nFast Boot\n\t*Enable\n".encode("utf-16"), ReturnCode.NO_HEADER),
        (b'[{"Name":"Fast Boot","Value":"Enable"}]', ReturnCode.NO_HEADER),
        (b"BIOSConfig 1.0\n", ReturnCode.NOTHING_TO_APPLY),
        (b"BIOSConfig 1.0\n;only\n\n", ReturnCode.NOTHING_TO_APPLY),
        (b"BIOSConfig 1.0\n\tvalue without name\n", ReturnCode.CONFIG_FILE_UNREADABLE),
        (b"BIOSConfig 1.0\n" + b"x" * (1 << 20), ReturnCode.CONFIG_FILE_UNREADABLE),
    ],
)
def test_a_file_that_bcu_does_not_take_has_a_code_for_its_reason(
    bcu: BCU, work: Path, data: bytes, code: ReturnCode
) -> None:
    (work / "bad.cfg").write_bytes(data)
    told = bcu("/set:bad.cfg")
    assert told.code == told.translated == told.result == code


def test_the_old_header_is_taken_still(bcu: BCU, work: Path, home: Path) -> None:
    (work / "old.cfg").write_bytes(b"English\r\n\r\nUSB Storage Boot\r\n\t*Disable\r\n")
    assert bcu("/set:old.cfg").code == 0
    assert value(home, "USB Storage Boot") == "Disable"


def test_a_file_that_is_not_there_is_code_11(bcu: BCU) -> None:
    assert bcu("/setconfig:missing.cfg").result == ReturnCode.CONFIG_FILE_UNREADABLE


def test_a_password_is_set_used_and_taken_away(bcu: BCU, work: Path, home: Path) -> None:
    file = password_file_of(work, PASSWORD)
    told = bcu(f"/nspwdfile:{file}")
    assert told.code == 0
    assert "Successfully read password from file" in told.sentences
    refused = bcu("/setvalue:USB Storage Boot,Disable")
    assert refused.code == refused.translated == refused.result == ReturnCode.NO_VALID_PASSWORD
    assert bcu("/setvalue:USB Storage Boot,Disable", f"/cspwdfile:{file}").code == 0
    assert bcu("/nspwdfile:", f"/CurSetupPasswordFile:{file}").code == 0
    assert bcu("/setvalue:USB Storage Boot,Enable").code == 0
    assert value(home, "USB Storage Boot") == "Enable"


def test_a_password_is_changed_before_the_file_is_applied_and_the_new_one_opens(
    bcu: BCU, work: Path, home: Path
) -> None:
    old, new = password_file_of(work, PASSWORD), password_file_of(work, "Battery-Staple-1", "new.bin")
    assert bcu(f"/nspwdfile:{old}").code == 0
    settings = repset(work, MIXED)
    assert bcu(f"/set:{settings}", f"/nspwdfile:{new}", f"/cspwdfile:{old}").code == 0
    assert value(home, "USB Storage Boot") == "Disable"
    assert bcu("/setvalue:Fast Boot,Disable", f"/cspwdfile:{old}").code == ReturnCode.NO_VALID_PASSWORD
    assert bcu("/setvalue:Fast Boot,Disable", f"/cspwdfile:{new}").code == 0


def test_a_password_against_the_policy_changes_nothing_at_all(bcu: BCU, work: Path, home: Path) -> None:
    told = bcu(f"/set:{repset(work, MIXED)}", f"/nspwdfile:{password_file_of(work, 'short')}")
    assert told.code == told.translated == told.result == ReturnCode.NO_VALID_PASSWORD
    assert value(home, "USB Storage Boot") == "Enable"


def test_a_wrong_password_is_code_10_for_a_file_and_what_needs_none_is_told_as_it_is(
    bcu: BCU, work: Path, home: Path
) -> None:
    file, wrong = password_file_of(work, PASSWORD), password_file_of(work, "Something-Else-2", "wrong.bin")
    bcu(f"/nspwdfile:{file}")
    told = bcu(f"/set:{repset(work, MIXED)}", f"/cpwdfile:{wrong}", "/verbose")
    assert told.code == told.translated == ReturnCode.NO_VALID_PASSWORD
    assert told_of(told) == {
        "USB Storage Boot": ("fail", 10),
        "Fast Boot": ("skip", 18),
        "Product Name": ("fail", 19),
        "Nobody Knows This": ("fail", 20),
    }
    assert value(home, "USB Storage Boot") == "Enable"


def test_passwords_come_by_descriptors_too(bcu: BCU, work: Path) -> None:
    (work / "typed").write_text(f"{PASSWORD}\n")
    told = []
    for option in ("--new-password-fd", "--password-fd"):
        with open(work / "typed", "rb") as file:
            told.append(bcu(option, str(file.fileno()), *(["/SetDefaults"] * (option == "--password-fd"))))
    assert [each.code for each in told] == [0, 0]
    assert bcu("/SetDefaults").code == ReturnCode.NO_VALID_PASSWORD
    assert bcu("/SetDefaults", "--password-fd=9999").code == ReturnCode.PASSWORD_FILE_UNREADABLE


@pytest.mark.parametrize("data", [b"", b"no password file", b"F10PSWD\0\1" + b"x" * 92])
def test_a_file_that_is_no_password_file_is_code_30(bcu: BCU, work: Path, data: bytes) -> None:
    (work / "bad.bin").write_bytes(data)
    assert bcu("/setvalue:Fast Boot,Enable", "/cspwdfile:bad.bin").code == ReturnCode.PASSWORD_FILE_UNREADABLE


def test_no_pipe_is_waited_for(bcu: BCU, work: Path) -> None:
    os.mkfifo(work / "pipe")
    for words, code in (
        (["/set:pipe"], ReturnCode.CONFIG_FILE_UNREADABLE),
        (["/SetDefaults", "/cspwdfile:pipe"], ReturnCode.PASSWORD_FILE_UNREADABLE),
        (["/SetDefaults", "/pkey:pipe", "/ar:1", "/ot:0"], ReturnCode.KEY_FILE_INVALID),
    ):
        told = bcu(*words)
        assert (told.translated, "is a pipe" in told.sentences) == (code, True)


@pytest.mark.parametrize("as_json", [False, True])
def test_a_password_on_a_line_that_is_none_is_not_repeated(bcu: BCU, work: Path, as_json: bool) -> None:
    told = bcu(
        f"/set:{repset(work, 'Setup Password' + chr(10) + '  hunter2' + chr(10))}",
        "/log",
        *["--json"] * as_json,
    )
    assert told.code == ReturnCode.CONFIG_FILE_UNREADABLE
    (log,) = (work / "Logs").iterdir()
    assert "line 3" in log.read_text()
    assert "hunter2" not in told.text + told.errors + log.read_text()


def test_a_missing_password_file_is_code_30(bcu: BCU) -> None:
    assert bcu("/nspwdfile:missing.bin").result == ReturnCode.PASSWORD_FILE_UNREADABLE


def test_a_password_that_nobody_can_type_is_code_31(bcu: BCU, work: Path) -> None:
    assert (
        bcu(f"/nspwdfile:{password_file_of(work, 'bell' + chr(7) * 8)}").code
        == ReturnCode.PASSWORD_NOT_TYPEABLE
    )


def test_a_password_is_no_value_for_setvalue(bcu: BCU) -> None:
    told = bcu("/setvalue:Setup Password,hunter2hunter2")
    assert told.code == ReturnCode.SYNTAX
    assert "hunter2" not in told.text + told.errors


def test_no_password_stands_in_a_report_or_a_log(bcu: BCU, work: Path) -> None:
    file = password_file_of(work, PASSWORD)
    told = bcu(f"/nspwdfile:{file}", "/log", "--json")
    (log,) = (work / "Logs").iterdir()
    assert PASSWORD not in told.text + told.errors + log.read_text()


def test_defaults_put_everything_back(bcu: BCU, home: Path) -> None:
    bcu("/setvalue:USB Storage Boot,Disable")
    told = bcu("/SetDefaults")
    assert told.code == told.translated == told.result == 0
    assert value(home, "USB Storage Boot") == "Enable"


def test_defaults_need_the_password(bcu: BCU, work: Path) -> None:
    file = password_file_of(work, PASSWORD)
    bcu(f"/nspwdfile:{file}")
    assert bcu("/SetDefaults").code == ReturnCode.NO_VALID_PASSWORD
    assert bcu("/SetDefaults", f"/cspwdfile:{file}").code == 0


def test_json_tells_every_setting_as_the_xml_does(bcu: BCU, work: Path) -> None:
    file = repset(work, MIXED)
    xml, read = bcu(f"/set:{file}", "/verbose"), json.loads(bcu(f"/set:{file}", "/verbose", "--json").text)
    listed = [each for each in read["lines"] if each["element"] == "SETTING"]
    assert len(listed) == len(xml.settings)
    assert {each["name"] for each in listed} == set(told_of(xml))
    assert read["return"] == {"real": 0, "translated": 0}


def test_an_entry_of_a_list_or_a_star_too_many_is_told(bcu: BCU) -> None:
    told = bcu("/setvalue:USB Storage Boot,*Enable,*Disable")
    assert (told.code, told.result) == (ReturnCode.SETTING_FAILED, ReturnCode.INVALID_VALUE)


@given(st.binary(max_size=400))
def test_any_file_is_read_or_stops(data: bytes) -> None:
    _judged(data)


@given(
    st.lists(
        st.sampled_from(
            ["BIOSConfig 1.0", "English", "Name", "\tvalue", "\t*value", " x", ";Signature=<BEAM/>", ";", ""]
        )
    )
)
def test_any_lines_are_read_or_stop(lines: list[str]) -> None:
    _judged("\n".join(lines).encode())


def _judged(data: bytes) -> None:
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        try:
            told: object = settings_intake.read(file.name)[1]
        except Stopped as stopped:
            told = stopped.code
    codes = {ReturnCode.CONFIG_FILE_UNREADABLE, ReturnCode.NO_HEADER, ReturnCode.NOTHING_TO_APPLY}
    assert isinstance(told, tuple) or told in codes
