"""The cursor, the pages and what keys mean: no terminal needed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator import models
from emulator.firmware import catalogue
from emulator.firmware.catalogue import MENUS, Setting
from emulator.setup.navigator import Edit, Ignore, Key, Moved, Navigator, Save, Toggle, selectable

CATALOGUE = catalogue.parse(models.text(models.DEFAULT))


def row_named(navigator: Navigator, name: str) -> Setting:
    """Put the cursor on the setting `name` of this page."""
    for index, row in enumerate(navigator.rows):
        if isinstance(row, Setting) and row.name == name:
            assert navigator.select(index)
            return row
    raise LookupError(name)


@pytest.fixture
def navigator() -> Navigator:
    return Navigator(CATALOGUE)


def test_it_begins_on_the_first_row_of_main_that_can_be_chosen(navigator: Navigator) -> None:
    assert navigator.page == ("Main",)
    assert navigator.cursor is not None
    assert all(not selectable(row) for row in navigator.rows[: navigator.cursor])


def test_right_and_left_go_round_the_four_menus(navigator: Navigator) -> None:
    seen = []
    for _ in range(5):
        seen.append(navigator.page[0])
        navigator.press(Key.RIGHT)
    assert seen == [*MENUS, "Main"]
    navigator.press(Key.LEFT)
    assert navigator.page == ("Main",)


def test_left_and_right_do_nothing_inside_a_submenu(navigator: Navigator) -> None:
    navigator.open_menu(MENUS.index("Advanced"))
    navigator.press(Key.ENTER)
    inside = navigator.page
    navigator.press(Key.RIGHT)
    assert navigator.page == inside == ("Advanced", "Boot Options")


def test_escape_leaves_a_submenu_and_asks_before_it_leaves_setup(navigator: Navigator) -> None:
    navigator.open_menu(MENUS.index("Advanced"))
    navigator.press(Key.ENTER)
    assert navigator.press(Key.ESCAPE) == Moved()
    assert navigator.page == ("Advanced",)
    assert navigator.press(Key.ESCAPE) == Ignore()


def test_each_page_remembers_its_cursor(navigator: Navigator) -> None:
    navigator.press(Key.DOWN)
    there = navigator.cursor
    navigator.press(Key.RIGHT)
    navigator.press(Key.LEFT)
    assert navigator.cursor == there


def test_enter_strikes_a_check_box_to_its_other_value(navigator: Navigator) -> None:
    navigator.page = ("Advanced", "Boot Options")
    box = row_named(navigator, "USB Storage Boot")
    assert navigator.press(Key.ENTER, "Enable") == Toggle(box, "Disable")
    assert navigator.press(Key.ENTER, "Disable") == Toggle(box, "Enable")


@pytest.mark.parametrize(
    ("page", "name"),
    [
        (("Advanced", "Boot Options"), "UEFI Boot Order"),
        (("Advanced", "Scheduled Power-On"), "BIOS Power-On Hour"),
        (("Advanced", "Built-In Device Options"), "Wake On LAN"),
        (("Main",), "Ownership Tag"),
    ],
)
def test_enter_opens_the_editor_of_each_other_kind(
    navigator: Navigator, page: tuple[str, ...], name: str
) -> None:
    navigator.page = page
    setting = row_named(navigator, name)
    assert navigator.press(Key.ENTER) == Edit(setting)


def test_enter_on_what_only_tells_does_nothing(navigator: Navigator) -> None:
    row_named(navigator, "Serial Number")
    assert navigator.press(Key.ENTER) == Moved()


def test_enter_on_a_local_access_key_asks_to_clear_it(navigator: Navigator) -> None:
    navigator.page = ("Security", "HP Secure Platform Management (SPM)")
    key = row_named(navigator, "Enhanced BIOS Authentication Mode Local Access Key 1")
    assert navigator.press(Key.ENTER, "something") == Toggle(key, "")


def test_the_actions_of_main_save_and_ignore(navigator: Navigator) -> None:
    navigator.press(Key.END)
    assert navigator.press(Key.ENTER) == Save()
    navigator.press(Key.UP)
    assert navigator.press(Key.ENTER) == Ignore()
    assert navigator.press(Key.SAVE) == Save()


def test_a_page_without_choices_has_no_cursor(navigator: Navigator) -> None:
    navigator.open_menu(MENUS.index("UEFI Drivers"))
    assert navigator.cursor is None
    assert navigator.press(Key.ENTER) == Moved()
    assert navigator.press(Key.DOWN) == Moved()


def test_a_heading_cannot_be_selected(navigator: Navigator) -> None:
    assert not navigator.select(0)


@given(st.lists(st.sampled_from(list(Key)), max_size=60))
def test_no_keys_lead_to_a_place_that_does_not_exist(keys: list[Key]) -> None:
    navigator = Navigator(CATALOGUE)
    for key in keys:
        navigator.press(key, "Enable")
        assert navigator.page in CATALOGUE.pages
        assert navigator.cursor is None or selectable(navigator.rows[navigator.cursor])
