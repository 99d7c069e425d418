"""`/setvalue` is SetBIOSSetting behind BCU's own looks, and reaches what that reaches."""

import json
from pathlib import Path

import pytest

from emulator.bcu import one_setting
from emulator.bcu.return_codes import ReturnCode
from emulator.devices.settings_file import Outcome
from emulator.headless import operating
from emulator.pc_folder import PCFolder
from tests.bcu.client import Told
from tests.bcu.conftest import BCU, password_file_of
from tests.bcu.test_signing import RESTORE, signing
from tests.bcu.test_writing import PASSWORD, told_of, value

PRESENCE = "Physical Presence Interface"
SECRET = "Remote HP PC Hardware Diagnostics Upload Server Password"
KEY_2 = "Enhanced BIOS Authentication Mode Local Access Key 2"


def values(told: Told) -> dict[str, str | None]:
    (setting,) = told.settings
    return {each.tag: each.text for each in setting}


def test_what_no_file_reaches_is_changed_by_itself_and_waits_for_presence(bcu: BCU) -> None:
    told = bcu(f"/setvalue:{PRESENCE},Disable")
    assert told.code == told.translated == told.result == 0
    assert told_of(told) == {PRESENCE: ("pass", 0)}
    assert "physical presence" in told.settings[0].attrib["reason"]
    assert values(told) == {"OLDVALUE": "Enable", "NEWVALUE": "Disable"}


def test_an_order_is_carried_out_and_told_as_it_was_given(bcu: BCU) -> None:
    told = bcu("/setvalue:Clear BIOS Event Log,Clear")
    assert told.code == told.result == 0
    assert values(told)["NEWVALUE"] == "Clear"


@pytest.mark.usefixtures("guarded")
def test_what_the_machine_does_not_list_is_set_as_well(bcu: BCU, pfx: Path) -> None:
    told = bcu(f"/setvalue:{RESTORE},Yes", *signing(pfx))
    assert told_of(told) == {RESTORE: ("pass", 0)}
    refused = bcu(f"/setvalue:{KEY_2},junk", *signing(pfx))
    assert (refused.code, refused.result) == (ReturnCode.SETTING_FAILED, ReturnCode.INVALID_VALUE)


@pytest.mark.usefixtures("guarded")
def test_a_signed_change_is_refused_by_the_firmware_only_where_it_would_change_something(
    bcu: BCU, pfx: Path
) -> None:
    assert bcu("/setvalue:Ownership Tag,a", *signing(pfx)).code == 0
    assert bcu("/setvalue:Ownership Tag,a", *signing(pfx, 1)).result == ReturnCode.UNCHANGED
    assert bcu("/setvalue:Product Name,a", *signing(pfx, 1)).result == ReturnCode.READ_ONLY
    assert bcu("/setvalue:Ownership Tag,b", *signing(pfx, 1)).code == ReturnCode.ACCESS_DENIED


@pytest.mark.usefixtures("guarded")
def test_what_the_interface_drops_passes_as_it_says(bcu: BCU, home: Path) -> None:
    (home / "pc" / "quirks.json").write_text('{"unsigned_while_mode_on": "dropped"}')
    told = bcu("/setvalue:USB Storage Boot,Disable")
    assert told.code == told.translated == told.result == 0
    assert values(told) == {"OLDVALUE": "Enable", "NEWVALUE": "Disable"}
    assert value(home, "USB Storage Boot") == "Enable"


@pytest.mark.parametrize("argument", ["Product Name,x", "Product Name,{}"])
def test_a_read_only_setting_is_19_also_where_it_is_so_already(bcu: BCU, home: Path, argument: str) -> None:
    told = bcu(f"/setvalue:{argument.format(value(home, 'Product Name'))}")
    assert told_of(told) == {"Product Name": ("fail", ReturnCode.READ_ONLY)}


@pytest.mark.parametrize("argument", ["Nobody Knows This,x", "Product Name,x"])
def test_nothing_says_that_no_error_occurred_beside_the_one_setting_that_failed(
    bcu: BCU, argument: str
) -> None:
    told = bcu(f"/setvalue:{argument}")
    assert told.code == 0
    assert told.document.find("SUCCESS") is None
    assert bcu("/setvalue:Ownership Tag,x").document.find("SUCCESS") is not None


def test_an_unknown_name_is_told_with_the_one_that_is_meant(bcu: BCU) -> None:
    (setting,) = bcu("/setvalue:Secure Bot,Disable").settings
    assert "'Secure Boot' may be meant" in setting.attrib["reason"]


def test_a_number_is_the_same_with_zeros_before_it(bcu: BCU) -> None:
    assert bcu("/setvalue:Data transfer timeout,0100").result == ReturnCode.UNCHANGED
    told = bcu("/setvalue:Data transfer timeout,0099")
    assert values(told) == {"OLDVALUE": "100", "NEWVALUE": "99"}
    assert bcu("/setvalue:Data transfer timeout,many").result == ReturnCode.INVALID_VALUE


def test_a_text_that_was_empty_is_told_and_emptied(bcu: BCU) -> None:
    assert bcu("/setvalue:Ownership Tag,").result == ReturnCode.UNCHANGED
    assert values(bcu("/setvalue:Ownership Tag,x")) == {"OLDVALUE": None, "NEWVALUE": "x"}
    assert values(bcu("/setvalue:Ownership Tag,")) == {"OLDVALUE": "x", "NEWVALUE": None}


@pytest.mark.parametrize("as_json", [False, True])
def test_a_secret_is_told_nowhere_whatever_became_of_it(bcu: BCU, work: Path, as_json: bool) -> None:
    for secret, code in (("hunter2", 0), ("hunter2" * 20, ReturnCode.SETTING_FAILED)):
        told = bcu(f"/setvalue:{SECRET},{secret}", "/log", *["--json"] * as_json)
        assert told.code == code
        logs = "".join(each.read_text() for each in (work / "Logs").iterdir())
        assert "hunter2" not in told.text + told.errors + logs


def test_an_empty_secret_takes_it_away(bcu: BCU) -> None:
    assert told_of(bcu(f"/setvalue:{SECRET},")) == {SECRET: ("pass", 0)}


def test_a_password_that_is_missing_wrong_or_looked_at_no_more_is_10_and_what_a_right_one_does_not_open_is_6(
    bcu: BCU, work: Path, home: Path
) -> None:
    right, wrong = password_file_of(work, PASSWORD), password_file_of(work, "Something-Else-2", "wrong.bin")
    assert bcu(f"/nspwdfile:{right}").code == 0
    change = "/setvalue:USB Storage Boot,Disable"
    assert bcu(change).code == ReturnCode.NO_VALID_PASSWORD
    assert bcu(change, f"/cspwdfile:{wrong}").code == ReturnCode.NO_VALID_PASSWORD
    closed = "/setvalue:Enhanced BIOS Authentication Mode,Enable"
    assert bcu(closed, f"/cspwdfile:{right}").code == ReturnCode.ACCESS_DENIED
    with operating(PCFolder(home / "pc")) as ask:
        proof = "<utf-16/>Something-Else-2"
        order: dict[str, object] = {
            "verb": "set",
            "name": "USB Storage Boot",
            "value": "Disable",
            "authorization": proof,
        }
        replies = [ask(order) for _ in range(4)]
    assert {one_setting.outcome(each) for each in replies} == {Outcome.NEEDS_PASSWORD}
    assert len({str(each["sentence"]) for each in replies}) == 4
    assert json.loads(bcu(change, f"/cspwdfile:{right}", "--json").text)["return"]["real"] == 0
