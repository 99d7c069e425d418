"""What a machine tells of itself: the report, and settings that are no values of their own."""

import base64
import json
from dataclasses import replace
from typing import Any

from emulator.firmware import commands as c
from emulator.firmware.derived import TELLERS
from emulator.firmware.report import report as make_report
from tests.firmware.bench import (
    BOSS,
    IDENTITY,
    LAK_1,
    MACHINE,
    MODE,
    NONCE,
    PRESENCE_INTERFACE,
    SETUP_PASSWORD,
    USB,
    USER,
    Bench,
    endorsement,
    factory_new,
    guarded,
    local_key_value,
    made_by,
    model,
    provisioned,
    public,
    signed,
    started,
    with_passwords,
)
from tests.firmware.doors import desktop


def report(bench: Bench) -> Any:
    """The report as somebody reads it who has only the JSON."""
    return json.loads(json.dumps(make_report(bench.firmware)))


def told(bench: Bench) -> dict[str, str]:
    return {name: tell(bench.memory, model()) for name, tell in TELLERS.items()}


def test_a_machine_that_is_off_and_new() -> None:
    said = report(Bench())
    assert (said["power"], said["phase"]) == ("off", "off")
    assert said["machine"] == {
        "product": "HP ZBook Power G7 Mobile Workstation",
        "board": "87EC",
        "model": "zbook-power-g7",
        "serial": "5CG0000001",
        "uuid": str(MACHINE),
        "bios_version": "T75 Ver. 01.24.02 05/11/2026",
        "boots": 0,
    }
    assert said["secure_platform"] == {
        "supported": True,
        "state": "not configured",
        "version": "1.0",
        "nonce": 0,
        "features_in_use": 0,
        "endorsement_key_id": None,
        "endorsement_certificate_subject": None,
        "signing_key_id": None,
    }
    assert said["authentication"] == {
        "mode": "off",
        "version": "1.01",
        "local_access": "",
        "local_access_key_ids": [None, None, None],
        "settings_counter": 0,
        "actions_counter": 0,
        "misses": 0,
    }
    assert said["passwords"] == {"administrator": False, "power_on": False}
    assert said["cover"] == {"removals": 0, "unacknowledged": False}
    assert said["waiting_for_presence"] == said["events"] == []
    assert said["pending"] == {}


def test_a_guarded_machine_that_runs() -> None:
    bench = started(guarded())
    bench.execute(signed(USB, "Disable"))
    bench.execute(signed(PRESENCE_INTERFACE, "Disable"))
    said = report(bench)
    assert (said["power"], said["phase"]) == ("on", "operating system")
    assert said["secure_platform"]["state"] == "provisioned"
    assert said["secure_platform"]["nonce"] == NONCE
    assert said["secure_platform"]["features_in_use"] == 4
    assert said["secure_platform"]["endorsement_key_id"] == public("endorsement").key_id
    assert said["secure_platform"]["signing_key_id"] == public("signing").key_id
    assert "OU=Org" in said["secure_platform"]["endorsement_certificate_subject"]
    assert (said["authentication"]["mode"], said["authentication"]["local_access"]) == ("on", "Configured")
    assert said["authentication"]["local_access_key_ids"] == [public("local_access").key_id, None, None]
    assert said["authentication"]["settings_counter"] == NONCE
    assert said["pending"] == {USB: {"in_force": "Enable", "stored": "Disable"}}
    assert said["waiting_for_presence"] == [f"{PRESENCE_INTERFACE}: Disable"]
    assert [event["code"] for event in said["events"]] == [
        "0x8821",
        "0x8823",
        "0x8826",
        "0x841E",
        "0x8827",
        "0x8825",
    ]
    assert said["events"][0] == {
        "sequence": 6,
        "time": "2026-09-21T14:13:20Z",
        "code": "0x8821",
        "severity": 0,
        "meaning": "a local access key was set",
    }


def test_a_machine_whose_mode_is_on_without_a_key_is_not_protected() -> None:
    bench = started(provisioned())
    bench.execute(signed(MODE, "Enable"))
    assert report(bench)["authentication"]["local_access"] == "Not Protected"
    bench.execute(signed(SETUP_PASSWORD, f"<utf-16/>{BOSS}"))
    assert report(bench)["authentication"]["local_access"] == "BIOS Password Protection only"
    bench.execute(signed(SETUP_PASSWORD, "<utf-16/>"))
    assert report(bench)["authentication"]["local_access"] == "Not Protected"


def test_passwords_and_cover_are_told_by_their_state_alone() -> None:
    said = report(Bench(with_passwords(BOSS, USER)))
    assert said["passwords"] == {"administrator": True, "power_on": True}
    bench = desktop("Notify User")
    bench.execute(c.OpenCover())
    assert report(bench)["cover"] == {"removals": 1, "unacknowledged": True}
    assert report(bench)["secure_platform"]["supported"] is False
    assert report(bench)["machine"]["board"] == bench.firmware.catalogue.board


def test_a_product_and_a_board_of_their_own_are_told() -> None:
    bench = Bench(replace(factory_new(), identity=replace(IDENTITY, product="Prototype 7", board="9999")))
    assert (report(bench)["machine"]["product"], report(bench)["machine"]["board"]) == ("Prototype 7", "9999")
    assert (told(bench)["product"], told(bench)["board"]) == ("Prototype 7", "9999")


def test_keys_that_wait_for_presence_are_told() -> None:
    said = report(Bench(made_by([endorsement()], factory_new())))
    assert said["waiting_for_presence"] == ["Secure Platform Management keys"]
    assert said["secure_platform"]["state"] == "provisioning in progress"


def test_ten_events_are_told_newest_first() -> None:
    bench = started(guarded())
    for number in range(12):
        bench.execute(signed(LAK_1, local_key_value() if number % 2 else ""))
    numbers = [event["sequence"] for event in report(bench)["events"]]
    assert numbers == list(range(18, 8, -1))


def test_settings_tell_a_new_machine() -> None:
    said = told(Bench())
    assert said["product"] == "HP ZBook Power G7 Mobile Workstation"
    assert said["bios version"].startswith("T75 Ver. 01.24.02")
    assert said["serial number"] == "5CG0000001"
    assert said["machine"] == str(MACHINE).upper()
    assert said["platform state"] == "Not provisioned"
    assert (said["platform version"], said["platform counter"], said["platform usage"]) == (
        "1.00",
        "0",
        "0x0000",
    )
    assert said["endorsement key"] == said["signing key"] == ""
    assert said["endorsement key id"] == said["signing key id"] == "Not Configured"
    assert (said["authentication mode"], said["authentication version"]) == ("Disable", "1.01")
    assert said["settings counter"] == said["actions counter"] == "0"
    assert said["local access key 1"] == said["local access key 2"] == said["local access key 3"] == ""


def test_settings_tell_a_guarded_machine() -> None:
    said = told(Bench(guarded()))
    assert said["platform state"] == "Provisioned"
    assert (said["platform counter"], said["platform usage"]) == (str(NONCE), "0x0004")
    assert base64.b64decode(said["endorsement key"]) == public("endorsement").modulus
    assert base64.b64decode(said["signing key"]) == public("signing").modulus
    assert said["endorsement key id"] == public("endorsement").key_id
    assert said["signing key id"] == public("signing").key_id
    assert said["authentication mode"] == "Enable"
    assert said["settings counter"] == str(NONCE)
    assert said["local access key 1"] == local_key_value()


def test_a_setting_in_the_middle_of_provisioning_says_so() -> None:
    bench = Bench(made_by([endorsement()], factory_new()))
    assert bench.firmware.value("Secure Platform Management Current State") == "Provisioning in progress"


def test_a_setting_that_the_image_does_not_hold_has_its_default() -> None:
    bench = Bench()
    bench.firmware.memory = type(bench.memory)(bench.memory.identity)
    assert bench.firmware.value(USB) == "Enable"
    bench.execute(c.PowerOn())
    assert bench.firmware.pending() == {}
