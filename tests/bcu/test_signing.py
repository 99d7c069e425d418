"""The three signed ways, a PC that obeys signatures only, and the key files that cannot sign."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12

from emulator.bcu.return_codes import ReturnCode
from emulator.firmware import commands as c
from emulator.headless import operating
from emulator.machine import TargetPC
from emulator.pc_folder import PCFolder
from emulator.protocol import authorization, repset
from tests import provisioning
from tests.bcu.conftest import BCU, KEY_PASSWORD, password_file_of
from tests.bcu.conftest import repset as repset_file
from tests.bcu.test_writing import PASSWORD, told_of, value
from tests.companions.admin.test_key_cost import MOST
from tests.companions.admin.test_key_cost import pfx as dear_pfx

NONCE = provisioning.NONCE + 10
RESTORE = "Restore Security Settings to Factory Defaults"
CHANGES = "USB Storage Boot\n\tEnable\n\t*Disable\nOwnership Tag\n\tHello\n"


def signing(pfx: Path, nonce: int = NONCE, *, one_time: bool = False) -> list[str]:
    """The options of BCU that sign."""
    return [f'/pkey:"{pfx}"', f"/pkeypwd:{KEY_PASSWORD}", f"/ar:{nonce}", f"/ot:{int(one_time)}"]


def uuid_of(home: Path) -> str:
    with operating(PCFolder(home / "pc")) as ask:
        instance = ask({"verb": "get", "name": "Universally Unique Identifier (UUID)"})
    assert instance["ok"], instance
    found = instance["instance"]
    assert isinstance(found, dict)
    return str(found["Value"])


@pytest.mark.usefixtures("guarded")
def test_with_the_mode_on_nothing_changes_without_a_signature(bcu: BCU, work: Path, home: Path) -> None:
    told = bcu("/setvalue:USB Storage Boot,Disable")
    assert told.code == told.translated == told.result == ReturnCode.ACCESS_DENIED
    file = bcu(f"/set:{repset_file(work, CHANGES)}")
    assert (file.code, file.result) == (ReturnCode.SETTING_FAILED, ReturnCode.ACCESS_DENIED)
    assert told_of(file) == {"USB Storage Boot": ("fail", 6), "Ownership Tag": ("fail", 6)}
    assert bcu("/SetDefaults").code == ReturnCode.ACCESS_DENIED
    assert bcu(f"/nspwdfile:{password_file_of(work, PASSWORD)}").code == ReturnCode.ACCESS_DENIED
    assert bcu(f"/setvalue:{provisioning.MODE},Disable").code == ReturnCode.ACCESS_DENIED
    assert value(home, "USB Storage Boot") == "Enable"
    assert value(home, provisioning.MODE) == "Enable"


@pytest.mark.usefixtures("guarded")
def test_reading_needs_no_signature(bcu: BCU) -> None:
    assert bcu("/getvalue:Secure Boot").code == 0
    assert bcu("/get:all.cfg").code == 0


@pytest.mark.usefixtures("guarded")
def test_bcu_signs_what_it_applies(bcu: BCU, work: Path, home: Path, pfx: Path) -> None:
    told = bcu(f"/set:{repset_file(work, CHANGES)}", "/verbose", *signing(pfx))
    assert told.code == told.translated == told.result == 0
    assert told_of(told) == {"USB Storage Boot": ("pass", 0), "Ownership Tag": ("pass", 0)}
    assert value(home, "USB Storage Boot") == "Disable"
    assert bcu("/setvalue:USB Storage Boot,Enable", *signing(pfx)).code == 0
    assert value(home, "USB Storage Boot") == "Enable"


@pytest.mark.usefixtures("guarded")
def test_one_time_is_good_for_one_setting_of_a_file(bcu: BCU, work: Path, pfx: Path) -> None:
    told = bcu(f"/set:{repset_file(work, CHANGES)}", "/verbose", *signing(pfx, one_time=True))
    assert told.code == ReturnCode.SETTING_FAILED
    assert sorted(code for _, code in told_of(told).values()) == [0, ReturnCode.ACCESS_DENIED]


@pytest.mark.usefixtures("guarded")
def test_an_old_counter_is_refused(bcu: BCU, pfx: Path) -> None:
    assert bcu("/setvalue:Ownership Tag,a", *signing(pfx, NONCE)).code == 0
    assert bcu("/setvalue:Ownership Tag,b", *signing(pfx, NONCE - 1)).code == ReturnCode.ACCESS_DENIED


@pytest.mark.usefixtures("guarded")
def test_a_signature_for_this_machine_is_good_and_one_for_another_is_not(
    bcu: BCU, pfx: Path, home: Path
) -> None:
    assert bcu("/setvalue:Ownership Tag,a", f"/uid:{uuid_of(home)}", *signing(pfx)).code == 0
    assert (
        bcu("/setvalue:Ownership Tag,b", f"/uid:{'0' * 32}", *signing(pfx)).code == ReturnCode.ACCESS_DENIED
    )
    assert bcu("/setvalue:Ownership Tag,b", f"/uid:{'F' * 32}", *signing(pfx)).code == 0


@pytest.mark.usefixtures("guarded")
def test_a_file_is_signed_in_one_place_and_applied_in_another(
    bcu: BCU, work: Path, home: Path, pfx: Path, signing_key: RSAPrivateKey
) -> None:
    told = bcu(f"/set:{repset_file(work, CHANGES)}", "/addauthstr", *signing(pfx))
    assert told.code == 0
    assert value(home, "USB Storage Boot") == "Enable"
    entries = repset.parse((work / "BCU-AuthString.txt").read_bytes()).entries
    wanted = authorization.make(signing_key, "USB Storage Boot", "Disable", nonce=NONCE)
    assert entries[0].authorization == wanted
    pfx.unlink()
    applied = bcu("/set:BCU-AuthString.txt")
    assert applied.code == applied.translated == applied.result == 0
    assert "authorization strings" in applied.sentences
    assert value(home, "USB Storage Boot") == "Disable"


@pytest.mark.usefixtures("guarded")
def test_a_file_whose_value_was_changed_after_signing_is_refused(bcu: BCU, work: Path, pfx: Path) -> None:
    bcu(f"/set:{repset_file(work, CHANGES)}", "/addauthstr", *signing(pfx))
    signed = work / "BCU-AuthString.txt"
    signed.write_bytes(signed.read_bytes().replace(b"Hello", b"Howdy"))
    told = bcu("/set:BCU-AuthString.txt", "/verbose")
    assert told.code == ReturnCode.SETTING_FAILED
    assert told_of(told) == {"USB Storage Boot": ("pass", 0), "Ownership Tag": ("fail", 6)}


def test_an_entry_that_says_no_one_value_stops_the_signing(bcu: BCU, work: Path, pfx: Path) -> None:
    file = repset_file(work, CHANGES + "Fast Boot\n\t*Enable\n\t*Disable\n")
    told = bcu(f"/set:{file}", "/addauthstr", *signing(pfx))
    assert told.code == ReturnCode.SETTING_FAILED
    assert told_of(told) == {"Fast Boot": ("fail", 21)}
    assert not (work / "BCU-AuthString.txt").exists()


@pytest.mark.usefixtures("guarded")
def test_how_to_sign_may_stand_in_a_file(bcu: BCU, work: Path, home: Path, pfx: Path) -> None:
    (work / "beamsetting.txt").write_text(
        f"BEAM\nAntiReplayValue={NONCE}\nOneTime=0\nPrivateKey={pfx.name}\n"
    )
    assert bcu("/setvalue:USB Storage Boot,Disable", f"/pkeypwd:{KEY_PASSWORD}").code == 0
    assert value(home, "USB Storage Boot") == "Disable"
    # What the command line says counts more.
    refused = bcu("/setvalue:USB Storage Boot,Enable", f"/pkeypwd:{KEY_PASSWORD}", f"/ar:{NONCE - 1}")
    assert refused.code == ReturnCode.ACCESS_DENIED


def test_a_value_that_no_signature_can_hold_is_told(bcu: BCU, pfx: Path) -> None:
    told = bcu(f"/setvalue:Ownership Tag,{'x' * 40000}", *signing(pfx))
    assert told.code == told.translated == told.result == ReturnCode.INVALID_VALUE


def test_a_value_that_says_two_things_is_not_signed(bcu: BCU, pfx: Path) -> None:
    told = bcu("/setvalue:USB Storage Boot,*Enable,*Disable", *signing(pfx))
    assert (told.code, told.result) == (ReturnCode.SETTING_FAILED, ReturnCode.INVALID_VALUE)


@pytest.mark.usefixtures("guarded")
def test_entries_that_bring_a_signature_keep_it_and_the_others_get_one(
    bcu: BCU, work: Path, pfx: Path
) -> None:
    bcu(f"/set:{repset_file(work, CHANGES)}", "/addauthstr", *signing(pfx))
    with open(work / "BCU-AuthString.txt", "ab") as file:
        file.write(b"Fast Boot\n\t*Disable\n")
    before = repset.parse((work / "BCU-AuthString.txt").read_bytes()).entries
    bcu("/set:BCU-AuthString.txt", "/addauthstr", *signing(pfx, NONCE + 1))
    after = repset.parse((work / "BCU-AuthString.txt").read_bytes()).entries
    assert [each.authorization for each in after[:2]] == [each.authorization for each in before[:2]]
    told = bcu("/set:BCU-AuthString.txt", "/verbose")
    assert told.code == 0
    assert {code for _, code in told_of(told).values()} == {0}


def test_a_signed_file_that_cannot_be_written_is_told(bcu: BCU, work: Path, pfx: Path) -> None:
    (work / "BCU-AuthString.txt").mkdir()
    told = bcu(f"/set:{repset_file(work, CHANGES)}", "/addauthstr", *signing(pfx))
    assert told.code == told.result == ReturnCode.CONFIG_FILE_UNREADABLE


def test_a_key_file_that_makes_each_try_take_minutes_is_not_tried(bcu: BCU, work: Path) -> None:
    (work / "hostile.pfx").write_bytes(dear_pfx(MOST))
    told = bcu("/setvalue:Ownership Tag,x", "/pkey:hostile.pfx", "/ar:1", "/ot:0")
    assert (told.code, told.result) == (1, ReturnCode.KEY_FILE_INVALID)
    assert "is not tried" in told.sentences


def test_a_file_about_signing_that_is_too_large_is_refused(bcu: BCU, work: Path) -> None:
    (work / "beamsetting.txt").write_bytes(b"x" * (1 << 17))
    assert bcu("/setvalue:Ownership Tag,x").result == ReturnCode.SYNTAX


def test_a_faulty_file_about_signing_stops_what_writes_and_not_what_reads(bcu: BCU, work: Path) -> None:
    (work / "beamsetting.txt").write_text("BEAM\nNonsense\n")
    assert bcu("/setvalue:Ownership Tag,x").code == ReturnCode.SYNTAX
    assert bcu("/getvalue:Ownership Tag").code == 0


@pytest.mark.usefixtures("guarded")
def test_the_password_of_a_key_comes_by_a_descriptor_too(bcu: BCU, work: Path, pfx: Path) -> None:
    (work / "typed").write_text(KEY_PASSWORD)
    with open(work / "typed", "rb") as file:
        words = [word for word in signing(pfx) if not word.startswith("/pkeypwd")]
        told = bcu("/setvalue:Ownership Tag,x", f"--pkeypwd-fd={file.fileno()}", *words)
    assert told.code == 0


@pytest.mark.usefixtures("guarded")
def test_a_password_is_set_by_signature(bcu: BCU, work: Path, home: Path, pfx: Path) -> None:
    assert bcu(f"/nspwdfile:{password_file_of(work, PASSWORD)}", *signing(pfx)).code == 0
    with operating(PCFolder(home / "pc")) as ask:
        instance = ask({"verb": "get", "name": "Setup Password"})["instance"]
    assert isinstance(instance, dict)
    assert instance["IsSet"] == 1


@pytest.mark.usefixtures("guarded")
def test_what_the_firmware_refuses_for_its_policy_is_an_extended_error(
    bcu: BCU, work: Path, pfx: Path
) -> None:
    told = bcu(f"/set:{repset_file(work, 'Setup Password' + chr(10) + chr(9) + 'Short1')}", *signing(pfx))
    assert told.code == told.translated == ReturnCode.SETTING_FAILED
    assert told.result == ReturnCode.EXTENDED_ERROR
    assert "Short1" not in told.text


@pytest.mark.usefixtures("guarded")
def test_a_firmware_that_drops_what_is_not_signed_says_that_all_went_well(bcu: BCU, home: Path) -> None:
    (home / "pc" / "quirks.json").write_text('{"unsigned_while_mode_on": "dropped"}')
    assert bcu("/setvalue:USB Storage Boot,Disable").code == 0
    assert value(home, "USB Storage Boot") == "Enable"


@pytest.mark.usefixtures("guarded")
def test_defaults_are_ordered_by_signature(bcu: BCU, home: Path, pfx: Path) -> None:
    assert bcu("/setvalue:USB Storage Boot,Disable", *signing(pfx)).code == 0
    assert bcu("/SetDefaults", *signing(pfx)).code == 0
    assert value(home, "USB Storage Boot") == "Enable"


@pytest.mark.usefixtures("guarded")
def test_the_mode_itself_is_switched_by_signature(bcu: BCU, home: Path, pfx: Path) -> None:
    assert bcu(f"/setvalue:{provisioning.MODE},Disable", *signing(pfx)).code == 0
    assert value(home, provisioning.MODE) == "Disable"


def test_the_mode_cannot_be_switched_on_before_the_pc_has_keys(bcu: BCU, pfx: Path) -> None:
    assert bcu(f"/setvalue:{provisioning.MODE},Enable", *signing(pfx)).code == ReturnCode.ACCESS_DENIED
    assert bcu(f"/setvalue:{provisioning.MODE},Enable").code == ReturnCode.ACCESS_DENIED


def test_the_signed_restore_disables_the_mode_when_somebody_typed_the_code(
    bcu: BCU, guarded: PCFolder, home: Path, pfx: Path
) -> None:
    told = bcu(f'/setvalue:"{RESTORE}","Yes"', *signing(pfx))
    assert told.code == told.translated == told.result == 0
    assert "physical presence" in told.settings[0].attrib["reason"]
    assert value(home, provisioning.MODE) == "Enable"
    pc = TargetPC(guarded.image())
    pc.execute(c.PowerOn())
    prompt = pc.firmware.session.prompt
    assert prompt is not None
    pc.execute(c.AnswerPresence(prompt.code))
    pc.execute(c.PowerOff())
    assert value(home, provisioning.MODE) == "Disable"
    assert bcu("/setvalue:USB Storage Boot,Disable").code == 0


@pytest.mark.parametrize(
    ("left_out", "code"),
    [("/ot", ReturnCode.NO_ONE_TIME), ("/ar", ReturnCode.NO_ANTI_REPLAY), ("/pkey:", ReturnCode.NO_KEY)],
)
def test_what_is_missing_for_a_signature_is_told(
    bcu: BCU, pfx: Path, left_out: str, code: ReturnCode
) -> None:
    words = [word for word in signing(pfx) if not word.startswith(left_out)]
    told = bcu("/setvalue:Ownership Tag,x", *words)
    assert told.code == told.translated == told.result == code


def test_addauthstr_without_a_key_is_told(bcu: BCU, work: Path) -> None:
    assert bcu(f"/set:{repset_file(work, CHANGES)}", "/addauthstr").code == ReturnCode.NO_ONE_TIME


def test_key_files_that_cannot_sign_have_codes_that_no_process_can_say(
    bcu: BCU, work: Path, pfx: Path, certificate_der: bytes, unusable_keys: dict[str, RSAPrivateKey]
) -> None:
    (work / "junk.pfx").write_bytes(b"no key")
    (work / "certificate.pfx").write_bytes(certificate_der)
    (work / "small.pfx").write_bytes(
        pkcs12.serialize_key_and_certificates(b"key", unusable_keys["rsa_1024"], None, None, NoEncryption())
    )
    for file, password, code in (
        ("missing.pfx", "", ReturnCode.KEY_FILE_MISSING),
        ("junk.pfx", "", ReturnCode.KEY_FILE_INVALID),
        ("small.pfx", "", ReturnCode.KEY_FILE_INVALID),
        (".", "", ReturnCode.KEY_FILE_INVALID),
        ("certificate.pfx", "", ReturnCode.KEY_WITHOUT_PRIVATE),
        (pfx.name, "wrong", ReturnCode.KEY_PASSWORD_WRONG),
    ):
        told = bcu("/setvalue:Ownership Tag,x", f"/pkey:{file}", f"/pkeypwd:{password}", "/ar:1", "/ot:0")
        assert told.code == 1
        assert told.translated == told.result == code
        assert "wrong" not in told.text.replace("wrongly", "")


def test_a_password_of_a_key_that_cannot_be_read_is_no_matter_of_the_key(bcu: BCU, pfx: Path) -> None:
    told = bcu("/setvalue:Ownership Tag,x", f"/pkey:{pfx}", "--pkeypwd-fd", "999", "/ar:1", "/ot:0")
    assert told.code == told.translated == told.result == ReturnCode.SYNTAX
    assert "file descriptor 999 is not open" in told.sentences


def test_a_password_of_a_key_that_is_no_text_is_a_wrong_one(bcu: BCU, pfx: Path) -> None:
    told = bcu("/setvalue:Ownership Tag,x", f"/pkey:{pfx}", "/pkeypwd:\udcff", "/ar:1", "/ot:0")
    assert told.translated == ReturnCode.KEY_PASSWORD_WRONG


def test_no_password_of_a_key_stands_in_report_or_log(bcu: BCU, work: Path, pfx: Path) -> None:
    told = bcu("/setvalue:Ownership Tag,x", "/log", "--json", *signing(pfx))
    (log,) = (work / "Logs").iterdir()
    assert KEY_PASSWORD not in told.text + told.errors + log.read_text()
