"""The cursor, the pages and what keys mean: no terminal needed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator import models
from emulator.firmware.catalogue import MENUS, Line, Role, Setting
from emulator.setup.navigator import (
    Do,
    Edit,
    EditPassword,
    Explain,
    Ignore,
    Key,
    Moved,
    Navigator,
    Order,
    Read,
    Save,
    Toggle,
    selectable,
)

CATALOGUE = models.packaged(models.DEFAULT)


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


def test_left_and_right_do_nothing_on_a_page_below(navigator: Navigator) -> None:
    navigator.open_menu(MENUS.index("Advanced"))
    navigator.press(Key.ENTER)
    inside = navigator.page
    navigator.press(Key.RIGHT)
    assert navigator.page == inside
    assert len(inside) == 2


def test_menus_are_those_of_the_model() -> None:
    older = models.packaged("elitebook-810-g1")
    navigator = Navigator(older)
    seen = []
    for _ in older.menus:
        seen.append(navigator.page)
        navigator.press(Key.RIGHT)
    assert seen == [(menu,) for menu in older.menus]
    assert navigator.page == (older.menus[0],)


def test_every_page_can_be_reached_and_left_with_enter_and_escape() -> None:
    navigator = Navigator(CATALOGUE)
    seen: set[tuple[str, ...]] = set()

    def visit() -> None:
        here = navigator.page
        seen.add(here)
        for index, row in enumerate(navigator.rows):
            if isinstance(row, Line) and row.kind == "page":
                assert navigator.select(index)
                navigator.press(Key.ENTER)
                assert navigator.page == (*here, row.text)
                visit()
                navigator.press(Key.ESCAPE)
                assert navigator.page == here

    for number in range(len(navigator.menus)):
        navigator.open_menu(number)
        visit()
    assert seen == set(CATALOGUE.pages)


def test_what_somebody_may_not_see_is_on_no_page() -> None:
    hidden = "Restrict USB Devices"
    navigator = Navigator(CATALOGUE, lambda name: name != hidden)
    navigator.page = CATALOGUE.settings[hidden].page
    names = [row.name for row in navigator.rows if isinstance(row, Setting)]
    assert names == [
        row.name for row in CATALOGUE.pages[navigator.page] if isinstance(row, Setting) and row.name != hidden
    ]


def test_escape_leaves_a_page_below_and_asks_before_it_leaves_setup(navigator: Navigator) -> None:
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
        (("Main", "System IDs"), "Ownership Tag"),
    ],
)
def test_enter_opens_the_editor_of_each_other_kind(
    navigator: Navigator, page: tuple[str, ...], name: str
) -> None:
    navigator.page = page
    setting = row_named(navigator, name)
    assert navigator.press(Key.ENTER) == Edit(setting)


def test_enter_on_what_only_tells_does_nothing(navigator: Navigator) -> None:
    navigator.page = ("Main", "System Information")
    row_named(navigator, "Serial Number")
    assert navigator.press(Key.ENTER, "5CG0000001") == Moved()


def test_enter_on_a_list_that_only_tells_shows_its_entries_if_there_are_any(navigator: Navigator) -> None:
    navigator.page = ("Advanced", "MAC Address Pass Through")
    row = row_named(navigator, "HBMA Priority List")
    assert navigator.press(Key.ENTER, "A,B") == Read(row)
    assert navigator.press(Key.ENTER, "") == Moved()


@pytest.mark.parametrize("name", ["Setup Password", "TPM State", "UEFI Boot Order", "Wake On LAN"])
def test_enter_on_a_grey_setting_of_any_kind_tells_why(navigator: Navigator, name: str) -> None:
    navigator.page = CATALOGUE.settings[name].page
    row_named(navigator, name)
    assert navigator.press(Key.ENTER, "Enable", "Because.") == Explain("Because.")
    assert isinstance(navigator.press(Key.DOWN, "Enable", "Because."), Moved)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR_PASSWORD, Role.POWER_ON_PASSWORD])
def test_enter_on_a_password_asks_for_the_old_and_the_new_one(navigator: Navigator, role: Role) -> None:
    setting = CATALOGUE.roles[role]
    navigator.page = setting.page
    row_named(navigator, setting.name)
    assert navigator.press(Key.ENTER, "not set") == EditPassword(setting)


def test_restoring_the_security_settings_is_an_order_that_can_be_taken_back(navigator: Navigator) -> None:
    setting = CATALOGUE.roles[Role.RESTORE_SECURITY]
    navigator.page = setting.page
    row_named(navigator, setting.name)
    assert navigator.press(Key.ENTER, "No") == Order(setting, "Yes", exits=False)
    assert navigator.press(Key.ENTER, "Yes") == Toggle(setting, "No")


def test_applying_defaults_is_an_order_that_exits(navigator: Navigator) -> None:
    for role in (Role.APPLY_FACTORY_DEFAULTS, Role.APPLY_CUSTOM_DEFAULTS):
        setting = CATALOGUE.roles[role]
        navigator.page = setting.page
        row_named(navigator, setting.name)
        assert navigator.press(Key.ENTER, "No") == Order(setting, "Yes", exits=True)


def test_other_actions_are_named_by_what_they_do(navigator: Navigator) -> None:
    navigator.go(("Main",), "Change Date and Time")
    assert navigator.press(Key.ENTER) == Do("clock")
    navigator.go(("Main", "Replicated Setup"), "Restore from Removable Media")
    assert navigator.press(Key.ENTER) == Do("restore setup")


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
    heading = next(
        index for index, row in enumerate(navigator.rows) if isinstance(row, Line) and row.kind == "heading"
    )
    assert not navigator.select(heading)


@given(st.lists(st.sampled_from(list(Key)), max_size=60))
def test_no_keys_lead_to_a_place_that_does_not_exist(keys: list[Key]) -> None:
    navigator = Navigator(CATALOGUE)
    for key in keys:
        navigator.press(key, "Enable")
        assert navigator.page in CATALOGUE.pages
        assert navigator.cursor is None or selectable(navigator.rows[navigator.cursor])
