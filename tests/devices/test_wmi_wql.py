"""WQL: what a query finds, and that a wrong one ends in a sentence."""

import fnmatch
import operator
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.devices import wql, wql_conditions, wql_patterns
from emulator.devices.wmi import WMI
from emulator.devices.wql_tokens import MalformedQuery
from tests.firmware.bench import PRESENCE_INTERFACE, Bench, factory_new, small


def found(query: str, bench: Bench | None = None) -> list[str]:
    bench = bench or small()
    return [
        str(each.get("Name", each["Class"]))
        for each in WMI(bench.execute, lambda: bench.firmware).query(query)
    ]


ALL = ["Word", "Number", "Text", "Order", "TPM State", PRESENCE_INTERFACE]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("SELECT * FROM HP_BIOSSetting", ALL),
        ("select * from hp_biossetting", ALL),
        ("SELECT * FROM HP_BIOSEnumeration", ["Word", "TPM State", PRESENCE_INTERFACE]),
        ("SELECT * FROM HPBIOS_BIOSInteger", ["Number"]),
        ("SELECT * FROM HP_BIOSPassword", []),
        ("SELECT * FROM HPBIOS_BIOSSettingInterface", ["HPBIOS_BIOSSettingInterface"]),
        ("SELECT * FROM HP_BIOSSettingInterface", ["HPBIOS_BIOSSettingInterface"]),
        ("SELECT * FROM HP_BIOSSetting WHERE Name = 'word'", ["Word"]),
        ('SELECT * FROM HP_BIOSSetting WHERE Name = "WORD"', ["Word"]),
        (
            "SELECT * FROM HP_BIOSSetting WHERE Name <> 'Word' AND Name != 'Text'",
            ["Number", "Order", *ALL[4:]],
        ),
        ("SELECT * FROM HP_BIOSSetting WHERE Name > 'p' AND Name <= 'text'", ["Text", PRESENCE_INTERFACE]),
        ("SELECT * FROM HP_BIOSInteger WHERE LowerBound < 11 AND UpperBound >= 50", ["Number"]),
        ("SELECT * FROM HP_BIOSInteger WHERE IntValue > 10 OR IntValue < -1", []),
        ("SELECT * FROM HP_BIOSSetting WHERE RequiresPhysicalPresence = 1", ALL[4:]),
        ("SELECT * FROM HP_BIOSSetting WHERE RequiresPhysicalPresence = '1'", ALL[4:]),
        ("SELECT * FROM HP_BIOSSetting WHERE RequiresPhysicalPresence = TRUE", ALL[4:]),
        ("SELECT * FROM HP_BIOSSetting WHERE NOT RequiresPhysicalPresence = true", ALL[:4]),
        ("SELECT * FROM HP_BIOSSetting WHERE Value = 10", ["Number"]),
        ("SELECT * FROM HP_BIOSSetting WHERE Name LIKE '%or%'", ["Word", "Order"]),
        ("SELECT * FROM HP_BIOSSetting WHERE Name LIKE '_or_'", ["Word"]),
        ("SELECT * FROM HP_BIOSSetting WHERE Name LIKE '[n-o]%'", ["Number", "Order"]),
        ("SELECT * FROM HP_BIOSSetting WHERE Name LIKE '[^a-t]%'", ["Word"]),
        ("SELECT * FROM HP_BIOSSetting WHERE Path LIKE '%\\\\%'", []),
        ("SELECT * FROM HP_BIOSSetting WHERE Sequence IS NULL", []),
        ("SELECT * FROM HP_BIOSSetting WHERE Prerequisites IS NOT NULL", ALL),
        ("SELECT * FROM HP_BIOSSetting WHERE __CLASS = 'HPBIOS_BIOSString'", ["Text"]),
        ("SELECT * FROM HP_BIOSSetting WHERE Name = 'Word' OR Name = 'Text' AND Value = 'no'", ["Word"]),
        ("SELECT * FROM HP_BIOSSetting WHERE (Name = 'Word' OR Name = 'Text') AND Value = 'text'", ["Text"]),
        ("SELECT * FROM HP_BIOSSetting WHERE NOT (Name = 'Word' OR Name LIKE '%e%')", []),
    ],
)
def test_a_query_finds_what_it_asks_for(query: str, names: list[str]) -> None:
    assert sorted(found(query)) == sorted(names)


def test_what_is_found_comes_in_order_of_sequence() -> None:
    bench = Bench(factory_new())
    told = found("SELECT * FROM HP_BIOSSetting", bench)
    assert told == list(bench.firmware.catalogue.settings)


def test_only_what_was_selected_is_told_under_its_own_name() -> None:
    bench = small()
    told = WMI(bench.execute, lambda: bench.firmware).query(
        "SELECT name, CURRENTVALUE, class FROM HP_BIOSEnumeration WHERE Name='Word'"
    )
    assert told == [{"Class": "HPBIOS_BIOSEnumeration", "Name": "Word", "CurrentValue": "One"}]


@pytest.mark.parametrize("where", [r"Path = '\\Security'", r"Path LIKE '\\Sec%'"])
def test_a_path_is_found_with_its_backslashes_doubled(where: str) -> None:
    names = found(f"SELECT * FROM HP_BIOSSetting WHERE {where}", Bench(factory_new()))
    assert "Setup Password" in names


@pytest.mark.parametrize("where", [r"Path = '\Security'", r"Path LIKE '\Sec%'", r"Path = '\\\Security'"])
def test_a_path_with_a_backslash_that_stands_alone_is_refused(where: str) -> None:
    with pytest.raises(MalformedQuery, match="a backslash in a text is written twice"):
        found(f"SELECT * FROM HP_BIOSSetting WHERE {where}")


def test_a_quote_within_a_text_stands_behind_a_backslash() -> None:
    assert wql.parse(
        r"SELECT * FROM HP_BIOSSetting WHERE Value = 'don\'t'"
    ).where == wql_conditions.Comparison("Value", "=", "don't")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "SELECT was expected at character 1 of the query; the end"),
        ("SELECT", "\\* or a property"),
        ("SELECT Name", "FROM was expected at character 12"),
        ("SELECT Name, FROM X", "FROM was expected"),
        ("SELECT * FROM", "a class was expected"),
        ("SELECT * FROM Win32_BIOS", "there is no class 'Win32_BIOS'; there are HP_BIOSSetting"),
        ("SELECT Colour FROM HP_BIOSSetting", "has no property 'Colour'; it has Name"),
        ("SELECT CurrentValue FROM HP_BIOSSetting", "has no property 'CurrentValue'"),
        ("SELECT Name FROM HP_BIOSSettingInterface", "it has none"),
        ("SELECT * FROM HP_BIOSSetting WHERE", "a property, NOT or a bracket was expected"),
        ("SELECT * FROM HP_BIOSSetting WHERE Name", "a comparison was expected"),
        ("SELECT * FROM HP_BIOSSetting WHERE Name =", "a text in quotes or a number"),
        ("SELECT * FROM HP_BIOSSetting WHERE Name = Word", "'Word' came"),
        ("SELECT * FROM HP_BIOSSetting WHERE Name LIKE 5", "a pattern in quotes"),
        ("SELECT * FROM HP_BIOSSetting WHERE Name IS 'x'", "NULL was expected"),
        (
            "SELECT * FROM HP_BIOSSetting WHERE Sequence = 'many'",
            "'Sequence' is a number; it is compared with 'many'",
        ),
        ("SELECT * FROM HP_BIOSSetting WHERE Prerequisites = 'x'", "holds several values"),
        ("SELECT * FROM HP_BIOSSetting WHERE (Name = 'x'", "\\) was expected"),
        ("SELECT * FROM HP_BIOSSetting WHERE Name = 'x", 'no meaning from " \'x" on'),
        ("SELECT * FROM HP_BIOSSetting WHERE Name = 'x' Name", "the end, AND or OR was expected"),
        ("SELECT * FROM HP_BIOSSetting ORDER BY Name", "WHERE or the end was expected"),
        ("SELECT * FROM HP_BIOSSetting WHERE " + "(" * 60, "more than 50 deep"),
        ("SELECT * FROM HP_BIOSSetting WHERE " + "NOT " * 60 + "Name = 'x'", "more than 50 deep"),
        ("x" * 9000, "at most 8192 characters"),
    ],
)
def test_a_wrong_query_is_refused_with_its_place_and_reason(query: str, said: str) -> None:
    with pytest.raises(MalformedQuery, match=said):
        wql.parse(query)


WORDS = [
    "SELECT",
    "*",
    "FROM",
    "HP_BIOSSetting",
    "WHERE",
    "Name",
    "=",
    "'x'",
    "LIKE",
    "'%[a'",
    "AND",
    "OR",
    "NOT",
]
WORDS += ["(", ")", "IS", "NULL", "<", "5", ",", "Prerequisites", "TRUE", "\\", '"', "'"]


@given(st.lists(st.sampled_from(WORDS), max_size=20).map(" ".join) | st.text(max_size=60))
def test_any_text_is_a_query_or_refused(text: str) -> None:
    bench = small()
    for query in (text, f"SELECT * FROM HP_BIOSSetting WHERE {text}"):
        try:
            parsed = wql.parse(query)
        except MalformedQuery:
            continue
        told = WMI(bench.execute, lambda: bench.firmware).instances()
        assert len(parsed.answered(told)) <= len(told)


@given(st.text("ab%_", max_size=12), st.text("ab", max_size=12))
def test_patterns_without_sets_fit_as_file_names_do(pattern: str, text: str) -> None:
    ours = wql_patterns.fits(text, wql_patterns.pattern(pattern))
    assert ours == fnmatch.fnmatchcase(text, pattern.replace("%", "*").replace("_", "?"))


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("[ab]", "b", True),
        ("[a-c]x", "bx", True),
        ("[a=c]x", "bx", True),
        ("[^a]", "a", False),
        ("[^]", "^", True),
        ("[%]", "%", True),
        ("[%]", "x", False),
        ("[a", "[a", True),
        ("[]", "[]", True),
        ("[a-]", "-", True),
        ("", "", True),
        ("", "a", False),
        ("%%", "", True),
        ("É%", "éa", True),
        ("%ab", "aab", True),
        ("%ab", "aba", False),
        ("%aab%b", "aaabab", True),
    ],
)
def test_sets_in_patterns(pattern: str, text: str, fits: bool) -> None:
    assert wql_patterns.fits(text, wql_patterns.pattern(pattern)) is fits


def test_a_pattern_of_many_wildcards_takes_no_time() -> None:
    pattern = wql_patterns.pattern("%a" * 500 + "b")
    begun = time.perf_counter()
    assert not wql_patterns.fits("a" * 2000, pattern)
    assert time.perf_counter() - begun < 5


def test_a_set_in_a_pattern_has_a_bounded_number_of_signs() -> None:
    most = "".join(map(chr, range(0x400, 0x400 + wql_patterns.MOST_MEMBERS)))
    assert wql_patterns.fits(most[-1], wql_patterns.pattern(f"[{most}]"))
    for wrong in (f"%[{most}x]", f"%[{most}]_[x]"):
        with pytest.raises(MalformedQuery, match="at most 256 signs; more came"):
            wql.parse(f"SELECT * FROM HP_BIOSSetting WHERE Name LIKE '{wrong}'")


OPERATORS = {
    "=": operator.eq,
    "<>": operator.ne,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@given(st.integers(-5, 60), st.sampled_from(sorted(OPERATORS)))
def test_numbers_are_compared_as_numbers(number: int, sign: str) -> None:
    names = found(f"SELECT * FROM HP_BIOSInteger WHERE IntValue {sign} {number}")
    assert bool(names) is OPERATORS[sign](10, number)
