"""No password and no secret setting is readable in commands, events, session, memory, refusals, prompts or report."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.firmware import manufactured
from emulator.firmware.refusals import Refused
from emulator.firmware.report import report
from emulator.protocol.password import keyboard, utf_16
from tests.firmware.bench import (
    BOSS,
    IDENTITY,
    POWER_ON_PASSWORD,
    PRESENCE_INTERFACE,
    SETUP_PASSWORD,
    USB,
    USER,
    Bench,
    each_of,
    model_of,
    shown_code,
    start,
    started,
    with_passwords,
    with_settings,
)
from tests.firmware.doors import inside

NEW, WRONG, SECRET = "Another-333", "Wrong-4444", "Oyster-99"
UPLOAD = "Remote HP PC Hardware Diagnostics Upload Server Password"
SECRETS = (BOSS, USER, NEW, WRONG, SECRET, keyboard(BOSS)[6:], keyboard(NEW)[6:])


def readable(bench: Bench) -> str:
    """All that a traceback, a log or a debugger's first look would show."""
    firmware = bench.firmware
    return f"{firmware.session!r}{bench.memory!r}{firmware!r}{json.dumps(report(firmware))}"


def clean(text: str) -> bool:
    return not any(secret in text for secret in SECRETS)


@pytest.mark.parametrize(
    "command",
    [
        c.TypePassword(BOSS),
        c.ChangePassword(SETUP_PASSWORD, NEW, BOSS),
        c.AcknowledgeCover(BOSS),
        c.SetSetting(SETUP_PASSWORD, utf_16(NEW), utf_16(BOSS)),
        c.SetSetting(SETUP_PASSWORD, keyboard(NEW), keyboard(BOSS)),
        c.SetSetting(UPLOAD, SECRET),
        each_of((UPLOAD, SECRET), proof=utf_16(BOSS)),
        c.SetSystemDefaults(utf_16(BOSS)),
        c.StageSetting(UPLOAD, SECRET),
    ],
    ids=lambda command: type(command).__name__,
)
def test_a_command_shows_neither_password_nor_secret(command: c.Command) -> None:
    assert clean(repr(command))


def life() -> Iterator[tuple[Bench, c.Command]]:
    """A machine's days, with everything that its people type and send, right and wrong."""
    bench = Bench(with_settings(with_passwords(BOSS, USER), prompt_on_boot_menu="Enable"))
    for command in (
        c.PowerOn(),
        c.TypePassword(WRONG),
        c.TypePassword(USER),
        c.EnterSetup(),
        c.TypePassword(WRONG),
        c.TypePassword(BOSS),
        c.ChangePassword(POWER_ON_PASSWORD, "x", BOSS),
        c.ChangePassword(POWER_ON_PASSWORD, NEW, WRONG),
        c.ChangePassword(POWER_ON_PASSWORD, NEW, BOSS),
        c.StageSetting(UPLOAD, SECRET),
        c.StageSetting(SETUP_PASSWORD, NEW),
        c.StageSetting(USB, SECRET),
        c.SaveAndExit(),
        c.TypePassword(NEW),
        c.Continue(),
        c.SetSetting(UPLOAD, SECRET + SECRET, utf_16(WRONG)),
        c.SetSetting(UPLOAD, SECRET * 1000, utf_16(BOSS)),
        c.SetSetting(UPLOAD, SECRET, BOSS),
        c.SetSetting(UPLOAD, SECRET, keyboard(BOSS)),
        c.SetSetting("Save Custom Defaults", "Save", utf_16(BOSS)),
        c.SetSetting(UPLOAD, SECRET + SECRET, utf_16(BOSS)),
        c.SetSetting("Apply Custom Defaults and Exit", "Yes", utf_16(BOSS)),
        c.SetSetting(SETUP_PASSWORD, NEW, utf_16(BOSS)),
        c.SetSetting(SETUP_PASSWORD, utf_16(NEW), utf_16(BOSS)),
        each_of((UPLOAD, SECRET), (SETUP_PASSWORD, utf_16(BOSS)), (USB, SECRET * 50), proof=utf_16(NEW)),
        c.SetSystemDefaults(utf_16(NEW)),
        c.PowerOff(),
    ):
        yield bench, command


def test_nothing_that_happens_shows_a_password_or_a_secret_that_was_right_or_refused() -> None:
    refused = 0
    for bench, command in life():
        try:
            said = repr(bench.execute(command))
        except Refused as refusal:
            said, refused = str(refusal), refused + 1
        # What is no secret is told as it came: a value that a setting does not take, cut to its beginning.
        said = said.replace(f"{SECRET!r} came", "").replace(f"{(SECRET * 50)[:80]!r} came", "")
        assert clean(said), type(command).__name__
        assert clean(readable(bench)), type(command).__name__
    assert refused == 11


def test_a_secret_setting_is_told_by_nothing_but_its_name() -> None:
    bench = started(with_passwords())
    assert bench.execute(c.SetSetting(UPLOAD, SECRET)) == (e.SettingStored(UPLOAD, ""),)
    assert bench.firmware.value(UPLOAD) == ""
    assert bench.firmware.pending() == {UPLOAD: ("(not told)", "(not told)")}
    assert clean(readable(bench))
    bench = inside()
    assert bench.execute(c.StageSetting(UPLOAD, SECRET)) == (e.SettingStaged(UPLOAD, ""),)
    assert bench.firmware.session.staged == {UPLOAD: SECRET}
    assert clean(readable(bench))


def test_a_secret_that_waits_for_presence_is_shown_on_no_prompt_and_in_no_report() -> None:
    switch = {"kind": "enumeration", "values": ["Disable", "Enable"], "default": "Enable"}
    model = model_of(
        {
            "Wi-Fi key": {"kind": "string", "max_length": 40, "secret": True, "physical_presence": True},
            PRESENCE_INTERFACE: {**switch, "role": "physical presence interface"},
        }
    )
    bench = Bench(manufactured(model, replace(IDENTITY, model=model.model)), settings=model)
    start(bench)
    assert bench.execute(c.SetSetting("Wi-Fi key", SECRET)) == (e.SettingWaits("Wi-Fi key", ""),)
    assert report(bench.firmware)["waiting_for_presence"] == ["Wi-Fi key"]
    assert clean(readable(bench))
    bench.execute(c.Restart())
    prompt = bench.firmware.session.prompt
    assert prompt is not None
    assert prompt.lines == ("Wi-Fi key: another secret",)
    assert clean(repr(bench.execute(c.AnswerPresence(shown_code(bench)))))
    assert bench.memory.settings["Wi-Fi key"] == SECRET
    assert clean(readable(bench))
