"""The packaged models: what each must have, and what is known of each in numbers."""

from collections import Counter
from collections.abc import Mapping
from importlib.resources import files

import pytest

from emulator import models
from emulator.firmware.catalogue import Catalogue, Keeper, Kind, Line, Role, Setting
from emulator.models import source
from tests.models.authoring import shared
from tests.models.mutations import try_machine

NUMBERS: Mapping[str, Mapping[str | Kind, int]] = {
    "zbook-power-g7": {
        "settings": 258,
        "read-only": 82,
        "hidden": 7,
        "physical presence": 16,
        Kind.ENUMERATION: 157,
        Kind.STRING: 82,
        Kind.INTEGER: 11,
        Kind.ORDERED_LIST: 6,
        Kind.PASSWORD: 2,
    },
    "elitedesk-800-g2": {"settings": 153, "hidden": 0, Kind.PASSWORD: 2, Kind.ORDERED_LIST: 2},
    "elitebook-810-g1": {"settings": 243, "hidden": 0, Kind.PASSWORD: 2, Kind.ORDERED_LIST: 2},
}
"""Of the first, all is known from a published dump; of the others, how many settings they have with those that a dump leaves out."""


@pytest.fixture(params=models.names())
def model(request: pytest.FixtureRequest) -> Catalogue:
    return models.packaged(request.param)


def test_the_default_model_is_there() -> None:
    assert models.DEFAULT in models.names()


@pytest.mark.parametrize("name", NUMBERS)
def test_the_numbers_of_a_model_are_those_of_its_source(name: str) -> None:
    settings = models.packaged(name).settings.values()
    counted: dict[str | Kind, int] = {
        "settings": len(settings),
        "read-only": sum(each.read_only for each in settings),
        "hidden": sum(not each.shown for each in settings),
        "physical presence": sum(each.physical_presence for each in settings),
        **Counter(each.kind for each in settings),
    }
    assert {what: counted[what] for what in NUMBERS[name]} == NUMBERS[name]


def test_a_model_has_a_setting_of_every_kind_and_a_check_box(model: Catalogue) -> None:
    settings = model.every.values()
    assert {each.kind for each in settings} == set(Kind)
    assert any(each.check_box for each in settings)
    assert any(each.read_only for each in settings)
    assert any(each.momentary for each in settings)
    assert any(each.requires for each in settings)


def test_a_model_with_secure_platform_management_has_a_setting_of_every_keeper(model: Catalogue) -> None:
    keepers = {each.keeper for each in model.every.values()}
    keys = {Keeper.AUTHENTICATION_MODE, Keeper.LOCAL_ACCESS_KEY, Keeper.PLATFORM_KEY}
    assert keepers == (set(Keeper) if model.has_secure_platform else set(Keeper) - keys)


def test_every_setting_stands_on_a_page_or_is_hidden(model: Catalogue) -> None:
    rows = [row for page in model.pages.values() for row in page if isinstance(row, Setting)]
    assert len(rows) == len({row.name for row in rows})
    for each in model.every.values():
        assert (each in rows) is each.shown


def test_every_page_is_reached_by_one_line(model: Catalogue) -> None:
    lines = [row for page in model.pages.values() for row in page if isinstance(row, Line)]
    ways = [(*line.page, line.text) for line in lines if line.kind == "page"]
    assert sorted(ways) == sorted(path for path in model.pages if len(path) > 1)
    assert {path[0] for path in model.pages} == set(model.menus)


def test_changes_can_be_saved_and_left(model: Catalogue) -> None:
    does = {row.does for page in model.pages.values() for row in page if isinstance(row, Line)}
    assert does >= {"save", "ignore"}


def test_every_setting_is_explained(model: Catalogue) -> None:
    for each in model.every.values():
        assert each.help.endswith((".", "?")), each.name
        assert each.help not in (each.name, f"{each.name}.")


def test_an_alias_is_no_name_of_the_same_model_and_stands_for_one_setting(model: Catalogue) -> None:
    aliases = [alias for each in model.every.values() for alias in each.aliases]
    assert not set(aliases) & model.every.keys()
    assert len(set(aliases)) == len(aliases)


def test_a_model_has_passwords_a_boot_order_and_a_way_back(model: Catalogue) -> None:
    assert model.roles.keys() >= {
        Role.ADMINISTRATOR_PASSWORD,
        Role.POWER_ON_PASSWORD,
        Role.BOOT_ORDER,
        Role.STARTUP_DELAY,
        Role.APPLY_FACTORY_DEFAULTS,
        Role.RESTORE_SECURITY,
    }


def test_a_setting_is_where_tools_look_for_it(model: Catalogue) -> None:
    for each in model.every.values():
        assert each.wmi_path.startswith("\\")
    sequence = [each.sequence for each in model.settings.values()]
    assert sequence == sorted(set(sequence))


def test_a_machine_of_each_model_works(model: Catalogue) -> None:
    try_machine(model)


@pytest.mark.parametrize("name", models.names())
def test_a_model_is_what_its_source_says(name: str) -> None:
    folder = files(models)
    text = (folder / f"{name}.toml").read_text("utf-8")
    assert source.compiled(text, shared(), name) == (folder / f"{name}.json").read_text("utf-8")


def test_what_is_shared_is_used_by_two_models_at_least() -> None:
    used = Counter(name for model in models.names() for name in models.packaged(model).every)
    assert [name for name in shared() if used[name] < 2] == []
