"""Models: what a good one gives, and how a bad one is refused."""

import json

import pytest

from emulator.firmware import catalogue
from emulator.firmware.catalogue import MENUS, Keeper, Kind, Line, MalformedModel, Setting
from emulator.firmware.derived import TELLERS
from emulator.firmware.memory import LOCAL_ACCESS_KEYS
from tests.firmware.bench import LAK_1, LAK_2, LAK_3, MODE, model

GOOD: dict[str, object] = {"page": "Main", "name": "Word", "kind": "enumeration", "values": ["A", "B"]}


def text(*entries: object, **changed: object) -> str:
    names: dict[str, object] = {"id": "m", "product": "P", "bios_version": "1", "item": list(entries)}
    return json.dumps({**names, **changed})


def test_the_packaged_model_holds_a_setting_of_every_kind_and_keeper() -> None:
    settings = model().settings.values()
    assert {each.kind for each in settings} == set(Kind)
    assert {each.keeper for each in settings} == set(Keeper)
    assert any(each.check_box for each in settings)
    assert tuple(page for (page, *below) in model().pages if not below) == MENUS


def test_the_packaged_model_derives_only_what_the_firmware_can_tell() -> None:
    derived = {each.derived for each in model().settings.values() if each.keeper is not Keeper.ORDINARY}
    assert derived <= set(TELLERS)
    assert not any(each.derived for each in model().stored.values())


def test_the_packaged_model_calls_mode_and_keys_by_the_names_of_the_vendor() -> None:
    keepers = {name: each.keeper for name, each in model().settings.items()}
    assert [name for name, keeper in keepers.items() if keeper is Keeper.AUTHENTICATION_MODE] == [MODE]
    keys = [name for name, keeper in keepers.items() if keeper is Keeper.LOCAL_ACCESS_KEY]
    assert keys == [LAK_1, LAK_2, LAK_3]
    assert len(keys) == LOCAL_ACCESS_KEYS


def test_pages_below_a_menu_are_reached_by_a_line_where_they_first_turn_up() -> None:
    line = {"page": "Main", "kind": "heading", "text": "Above"}
    parsed = catalogue.parse(
        text(line, {**GOOD, "page": "Main/Below"}, {**GOOD, "page": "Main", "name": "After"})
    )
    names = [item.text if isinstance(item, Line) else item.name for item in parsed.pages["Main",]]
    assert names == ["Above", "Below", "After"]
    (below,) = parsed.pages["Main", "Below"]
    assert isinstance(below, Setting)
    assert below.name == "Word"


@pytest.mark.parametrize(
    ("bad", "complaint"),
    [
        ("{", "no JSON"),
        ("[]", "lacks its id, names or items"),
        ("{}", "lacks its id, names or items: 'item'"),
        (text(id=None).replace('"product"', '"produkt"'), "lacks its id, names or items: 'product'"),
        (text(7), "the entry 7"),
        (text({}), "'page'"),
        (text({"page": "Main"}), "'name'"),
        (text({**GOOD, "kind": "password"}), "'password'"),
        (text({**GOOD, "keeper": "nobody"}), "'nobody'"),
        (text({**GOOD, "page": "Exit"}), "does not exist"),
        (text({**GOOD, "page": "Main/A/B"}), "a page below 'Main/A', which does not exist"),
        (text(GOOD, GOOD), "'Word' is there twice"),
        (text({**GOOD, "check_box": True, "values": ["A"]}), "needs two values, 1 are given"),
        (text({"page": "Main", "text": "Line", "kind": "song"}), "unknown kind 'song'"),
        (text({"page": "Main", "text": "Line", "kind": "action", "does": "explode"}), "'action' 'explode'"),
    ],
)
def test_a_malformed_model_is_refused_and_the_entry_named(bad: str, complaint: str) -> None:
    with pytest.raises(MalformedModel) as refused:
        catalogue.parse(bad)
    assert complaint in str(refused.value)


def test_a_check_box_of_two_values_is_fine() -> None:
    assert catalogue.parse(text({**GOOD, "check_box": True})).settings["Word"].check_box
