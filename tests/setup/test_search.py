"""Finding a setting or a page by a part of its name, in English and in the language of the machine."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from emulator import models
from emulator.firmware import commands as c
from emulator.firmware.catalogue import Role, Setting
from emulator.machine import TargetPC
from emulator.setup import language, search
from emulator.setup.language import ENGLISH
from emulator.setup.navigator import Navigator, selectable
from emulator.setup.page_lines import SECTIONS
from emulator.setup.search_dialog import SearchDialog
from emulator.setup.setup_screen import SetupScreen
from tests.setup.person import in_setup, navigator, play, read
from tests.setup.walking import step

GERMAN = language.named("Deutsch")


@pytest.mark.sampled(3)
@pytest.mark.parametrize("model", models.names())
@pytest.mark.parametrize("spoken", [ENGLISH, GERMAN])
def test_every_row_is_found_by_its_own_name(model: str, spoken: language.Language) -> None:
    pages = Navigator(models.packaged(model)).pages
    for path, rows in pages.items():
        for row in filter(selectable, rows):
            name = row.name if isinstance(row, Setting) else row.text
            section = "settings" if isinstance(row, Setting) else SECTIONS[row.kind]
            for text in {name, spoken.word(section, name).upper()}:
                found = search.found(pages, text, spoken)
                assert (path, name) in [(each.page, each.name) for each in found], text


def test_words_may_stand_in_any_order_and_case_and_nothing_finds_nothing() -> None:
    pages = Navigator(models.packaged(models.DEFAULT)).pages

    def names(text: str) -> list[str]:
        return [each.name for each in search.found(pages, text, ENGLISH)]

    assert names("BOOT usb storage") == names("storage usb boot") == ["USB Storage Boot"]
    assert names("") == names("   ") == names("no such thing") == []
    assert all("%" in name or "(" in name for name in names("("))


def test_search_goes_to_the_row_and_escape_stays(pc: TargetPC, usb: Path) -> None:
    async def script(pilot: Pilot[str]) -> None:
        await step(pilot, "f10", "slash", *"boot hour power", "escape")
        assert navigator(pilot).page == ("Main",)
        await step(pilot, "slash", *"zzz", "enter")
        assert isinstance(pilot.app.screen, SearchDialog)
        assert "Nothing has that name." in read(pilot)
        await step(pilot, *["backspace"] * 3, *"power-on", "down", "down", "up", "down")
        assert "» BIOS Administrator visible" not in read(pilot)
        await step(pilot, *["backspace"] * 8, *"hour", "enter")
        assert isinstance(pilot.app.screen, SetupScreen)
        row = navigator(pilot).row
        assert isinstance(row, Setting)
        assert (navigator(pilot).page, row.name) == (("Advanced", "Scheduled Power-On"), "BIOS Power-On Hour")
        await step(pilot, "escape", "slash", *"password", "down", "down", "enter")
        row = navigator(pilot).row
        assert row is not None
        assert "assword" in (row.name if isinstance(row, Setting) else row.text)

    play(pc, usb, script)


def test_search_in_german_takes_both_names(pc: TargetPC, usb: Path) -> None:
    in_setup(pc, c.StageSetting(pc.firmware.catalogue.roles[Role.DISPLAY_LANGUAGE].name, "Deutsch"))
    usb_boot = GERMAN.word("settings", "USB Storage Boot")
    assert usb_boot != "USB Storage Boot"

    async def script(pilot: Pilot[str]) -> None:
        for text, name in (("USB Storage Boot", "USB Storage Boot"), (usb_boot.lower(), "USB Storage Boot")):
            await step(pilot, "slash", *text)
            assert usb_boot in read(pilot)
            await step(pilot, "enter")
            row = navigator(pilot).row
            assert isinstance(row, Setting)
            assert row.name == name
            await step(pilot, "home")

    async def session(pilot: Pilot[str]) -> None:
        await step(pilot, "f10")
        await script(pilot)

    play(pc, usb, session)
