"""Records are what `dataclasses` makes of the same classes: compared with that, class by class and use by use."""

import copy
from collections.abc import Callable
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, replace
from typing import Any

import pytest

from emulator.protocol.frozen import frozen


@frozen
class Empty:
    """Nothing but its kind."""


@frozen
class One:
    name: str


@frozen
class Several:
    """Fields of every sort."""

    name: str
    secret: str = field(repr=False)
    kept: list[int] = field(default_factory=list)
    beside: int = field(default=7, compare=False)
    late: str = "late"

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("a name is needed")


@dataclass(frozen=True, slots=True)
class Usual:
    """The same fields, as they are usually declared."""

    name: str
    secret: str = field(repr=False)
    kept: list[int] = field(default_factory=list)
    beside: int = field(default=7, compare=False)
    late: str = "late"


PAIRS = [(("a", "b"), {}), (("a", "b", [1]), {"late": "x"}), ((), {"secret": "s", "name": "n", "beside": 1})]


@pytest.mark.parametrize(("given", "named"), PAIRS)
def test_a_record_holds_tells_and_copies_what_the_usual_one_does(
    given: tuple[Any, ...], named: dict[str, Any]
) -> None:
    record, usual = Several(*given, **named), Usual(*given, **named)
    assert asdict(record) == asdict(usual)
    assert repr(record) == repr(usual).replace("Usual", "Several")
    assert asdict(replace(record, late="later")) == asdict(replace(usual, late="later"))
    for again in (copy.copy(record), copy.deepcopy(record)):
        assert again == record


def test_the_class_says_what_the_usual_one_says() -> None:
    told = [
        [(each.name, each.default, each.repr, each.compare) for each in fields(kind)]
        for kind in (Several, Usual)
    ]
    assert told[0] == told[1]
    assert Several.__match_args__ == Usual.__match_args__
    assert Several.__slots__ == Usual.__slots__  # type: ignore[attr-defined]


def test_records_are_the_same_by_class_and_compared_fields() -> None:
    assert One("a") == One("a") != One("b")
    assert hash(One("a")) == hash(One("a"))
    assert Several("a", "b", beside=1) == Several("a", "b", beside=2) != Several("a", "c")
    assert Empty() == Empty()
    assert One("a") != Usual("a", "b")  # type: ignore[comparison-overlap]
    assert hash(Empty()) == hash(Empty())
    assert {One("a"): 1}[One("a")] == 1
    with pytest.raises(TypeError, match="unhashable"):
        hash(Several("a", "b"))


def test_a_field_is_set_once_and_kept() -> None:
    record = Several("a", "b")
    with pytest.raises(FrozenInstanceError):
        record.name = "c"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del record.name
    with pytest.raises(AttributeError):
        record.other = 1  # type: ignore[attr-defined]
    assert record.name == "a"


@pytest.mark.parametrize(
    "wrong",
    [Several, lambda: Several("a", "b", unknown=1), lambda: Empty(1), lambda: One("a", "b")],  # type: ignore[call-arg]
)
def test_the_wrong_values_make_no_record(wrong: Callable[[], object]) -> None:
    for _ in range(2):  # before and after the first record of the class
        with pytest.raises(TypeError, match="__init__"):
            wrong()


def test_a_check_after_the_fields_are_set_is_made() -> None:
    with pytest.raises(ValueError, match="a name is needed"):
        Several("", "")
