"""What becomes of an author's file: pages, order and definitions as the program has them, and texts that are no model at all."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.firmware import model_text
from emulator.firmware.catalogue import Line, Setting
from emulator.models import ModelRefused, source
from tests.models.authoring import SMALL, compiled, edited, faults, other, shared

PATH, ITEMS = 'path = ["Main"]\n', 'items = ["Switch"]\n'
HEAD = 'board = "0001"\n'


def words(text: str, *page: str) -> list[str]:
    """The rows of a page, a way to another page with its arrow."""
    rows = compiled(text).pages[page]
    return [row.name if isinstance(row, Setting) else f"{row.kind}: {row.text}" for row in rows]


def test_rows_stand_as_they_are_written() -> None:
    text = edited(
        ITEMS,
        'items = [{ heading = "A" }, "Switch", { text = "B" }, { action = "save", text = "C", help = "D." }]\n',
    )
    assert words(text, "Main") == ["heading: A", "Switch", "text: B", "action: C"]
    action = compiled(text).pages["Main",][-1]
    assert action == Line("C", "action", ("Main",), "save", "D.")


def test_a_page_is_reached_where_its_row_is_or_at_the_end_of_the_page_above() -> None:
    pages = '[[page]]\npath = ["Main", "First"]\n[[page]]\npath = ["Main", "Second"]\n'
    assert words(SMALL + pages, "Main") == ["Switch", "page: First", "page: Second"]
    row = edited(ITEMS, 'items = [{ page = "Second" }, "Switch"]\n')
    assert words(row + pages, "Main") == ["page: Second", "Switch", "page: First"]


def test_pages_above_a_page_need_not_be_declared() -> None:
    text = SMALL + '[[page]]\npath = ["Security", "A", "B"]\n'
    assert words(text, "Security") == ["page: A"]
    assert words(text, "Security", "A") == ["page: B"]
    assert words(text, "Security", "A", "B") == []
    assert words(text, "UEFI Drivers") == []


def test_tools_find_a_setting_at_its_own_path_or_its_pages_or_what_the_page_says() -> None:
    assert compiled(SMALL).settings["Switch"].wmi_path == "\\Main"
    page = edited(PATH, PATH + "wmi_path = '\\Other\\Place'\n")
    assert compiled(page).settings["Switch"].wmi_path == "\\Other\\Place"
    own = page.replace('default = "Enable"', "default = \"Enable\"\nwmi_path = '\\Own'")
    assert compiled(own).settings["Switch"].wmi_path == "\\Own"
    hidden = compiled(other('kind = "string"\nmax_length = 1\n')).settings["Other"]
    assert (hidden.wmi_path, hidden.page) == ("\\", ())


def test_the_sequence_comes_first_and_then_the_pages() -> None:
    text = edited(ITEMS, 'items = ["Switch", "Fast Boot", "Sunday", "Monday"]\n')
    assert list(compiled(text).settings) == ["Switch", "Fast Boot", "Sunday", "Monday"]
    ordered = text.replace(HEAD, HEAD + 'sequence = ["Monday", "Fast Boot"]\n')
    settings = compiled(ordered).settings
    assert list(settings) == ["Monday", "Fast Boot", "Switch", "Sunday"]
    assert [each.sequence for each in settings.values()] == [10, 20, 30, 40]


def test_a_definition_goes_over_the_shared_one() -> None:
    text = edited(ITEMS, 'items = ["Switch", "Fast Boot"]\n')
    assert compiled(text).settings["Fast Boot"].default == "Enable"
    own = compiled(text + '[setting."Fast Boot"]\ndefault = "Disable"\n').settings["Fast Boot"]
    assert own.default == "Disable"
    assert own.help == shared()["Fast Boot"]["help"]


def test_a_definition_of_another_kind_takes_nothing_over_that_belongs_to_the_old_one() -> None:
    text = (
        edited(ITEMS, 'items = ["Switch", "Fast Boot"]\n')
        + '[setting."Fast Boot"]\nkind = "string"\nmax_length = 3\n'
    )
    own = compiled(text).settings["Fast Boot"]
    assert (own.values, own.default) == ((), "")
    assert own.help == shared()["Fast Boot"]["help"]


def test_numbers_and_lists_are_kept_as_the_firmware_writes_them() -> None:
    text = other('kind = "integer"\nlower_bound = 1\nupper_bound = 9\ndefault = 5\n')
    text += (
        '[setting.Order]\nshown = false\nkind = "ordered list"\nvalues = ["A", "B"]\ndefault = ["B", "A"]\n'
    )
    settings = compiled(text).settings
    assert (settings["Other"].default, settings["Order"].default) == ("5", "B,A")


def test_what_is_compiled_is_what_is_parsed() -> None:
    text = source.compiled(SMALL, shared(), "my.toml")
    assert text == source.as_json(source.expanded(SMALL, shared(), "my.toml"))
    assert model_text.parse(text) == compiled(SMALL.replace("\n", "\r\n"))


def test_a_refusal_names_the_file_the_line_and_the_fault() -> None:
    with pytest.raises(ModelRefused) as refused:
        source.compiled(SMALL.replace('"small"', '"Small"'), shared(), "my.toml")
    assert str(refused.value).startswith("my.toml:2: the model: 'id' must be ")


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("", 1, "lacks the key 'format'"),
        ("\n\na = [1,\n", 3, "this is no TOML"),
        ("a = 1\nb\n", 2, "this is no TOML"),
        ("a = 1\n\na = 2\n", 3, "this is no TOML"),
        ("a = 1\nb = 2020-13-45\n", 2, "this is no TOML"),
        ('a = "\\ud800"\n', 1, "this is no TOML"),
        ("\ufeffa = 1\n", 1, "this is no TOML"),
        ("a = 1\nb = " + "[" * 100_000, 2, "in one another"),
        ("a = 1\n" + "a." * 100_000 + "b = 1", 2, "more than 32 parts"),
        ("a = 1\nb = " + "9" * 5000, 2, "more than 256 characters"),
    ],
    ids=range(10),
)
def test_what_is_no_model_is_told_with_its_line(text: str, line: int, sentence: str) -> None:
    assert faults(text)[0][0] == line
    assert sentence in faults(text)[0][1]


def test_a_file_of_shared_definitions_is_checked_as_well() -> None:
    with pytest.raises(ModelRefused) as refused:
        source.shared_definitions('[setting.A]\nkind = "a"\n[setting.B]\nhelp = 1\n[page]\n', "shared.toml")
    assert [line for line, _ in refused.value.faults] == [2, 4, 5]
    with pytest.raises(ModelRefused, match="the file lacks the key 'setting'"):
        source.shared_definitions("", "shared.toml")


def test_of_very_many_faults_the_first_are_told() -> None:
    found = faults(SMALL + "".join(f"[setting.S{number}]\nknid = 1\n" for number in range(900)))
    assert len(found) == source.MOST_FAULTS + 1
    assert found[-1][1] == "there are more than 500 faults; the others are not told"
    assert [line for line, _ in found] == sorted(line for line, _ in found)


ROWS = "items = [" + "'Swich', " * 500 + "]\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "".join(f"key{number} = 1\n" for number in range(30_000)),
        "page = [" + "1, " * 120_000 + "]",
        "page = [" + "{}, " * 199 + "]",
        edited(ITEMS, ROWS.replace("Swich", "Swi" * 30))
        + "".join(f"[setting.Switch{n}]\n" for n in range(990)),
        edited(ITEMS, "items = [" + "".join(f"'{'ab' * 62}{n}', " for n in range(500)) + "]\n")
        + "".join(f"[setting.{'ba' * 62}{n}]\n" for n in range(990)),
        "".join(f'[[page]]\npath = ["Main", "{n}"]\n{ROWS}' for n in range(40)),
        SMALL + "".join(f'[[page]]\npath = ["Main", "{n}"]\n' for n in range(18_000)),
        SMALL + "[setting.A]\nrequires = [" + "{}, " * 100_000 + "]",
        SMALL
        + "".join(
            f'[setting.S{n}]\nkind = "enumeration"\nvalues = ["A"]\ndefault = "A"\nshown = false\n'
            f'requires = [{{ setting = "S{(n + 1) % 990}", is = "A", because = "B." }}]\n'
            for n in range(990)
        ),
        SMALL + "sequence = [" + "'a', " * 90_000 + "]",
        "path = [" + "'a', " * 90_000 + "]",
        '"' + "a" * 500_000 + '" = 1',
    ],
    ids=range(12),
)
def test_no_file_of_half_a_megabyte_keeps_the_program_busy(text: str) -> None:
    began = time.perf_counter()
    assert faults(text)
    assert time.perf_counter() - began < 20


@given(st.text(max_size=300) | st.text(alphabet="[]{}=\"'\\.,#\n a1", max_size=80))
def test_any_text_is_refused_with_a_line_of_its_own(text: str) -> None:
    for line, sentence in faults(text):
        assert 1 <= line <= text.count("\n") + 1
        assert sentence.isprintable()
