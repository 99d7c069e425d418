"""Small immutable records, declared in a tenth of the time that a frozen dataclass takes.

For each class `@dataclass(frozen=True, slots=True)` writes the text of six functions and compiles it. A PC declares a hundred such
classes before it can answer the shortest question, and makes records of two dozen; in a process that does nothing else this was a third
of its time. Here comparing, hashing, showing and refusing go by the fields, in functions that all classes share, and `__init__` is
written when the first record of its class is made.

To everybody else the classes are dataclasses: `fields`, `replace`, `match` and type checkers know them. A test compares all this with
what `dataclasses` makes of the same class.
"""

from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar, cast, dataclass_transform

Class = TypeVar("Class", bound=type[Any])


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(declared: Class) -> Class:
    """Declare a class of immutable records in slots."""
    return cast("Class", _shared(_declared(declared, slots=True)))


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen_open(declared: Class) -> Class:
    """Declare a class of immutable records in dictionaries, which `replace` copies faster and properties may be cached in."""
    return cast("Class", _shared(_declared(declared, slots=False)))


def _declared(declared: Any, *, slots: bool) -> Any:
    # Without a text of its own it would be given its signature, which costs more than all the rest.
    declared.__doc__ = declared.__doc__ or declared.__name__
    return dataclass(declared, init=False, eq=False, repr=False, slots=slots)


def _shared(made: Any) -> Any:
    made.__init__ = _first_init
    made.__eq__, made.__hash__, made.__repr__ = _eq, _hash, _repr
    made.__setattr__, made.__delattr__ = _refuse_to_set, _refuse_to_delete
    made.__setstate__ = _set_state
    return made


def _first_init(self: Any, *given: Any, **named: Any) -> None:
    """`__init__` until the first record of a class is made, which gives the class its own."""
    kind: Any = self.__class__
    kind.__init__ = _written_init(kind)
    kind.__init__(self, *given, **named)


def _written_init(kind: Any) -> Any:
    """`__init__` as `dataclasses` writes it for an immutable class: each field is a parameter, in order."""
    names: dict[str, Any] = {"_set": object.__setattr__, "_MISSING": MISSING}
    parameters, lines = ["self"], []
    for each in fields(kind):
        parameter, came = each.name, each.name
        if each.default_factory is not MISSING:
            names[f"_made_{each.name}"] = each.default_factory
            parameter, came = (
                f"{each.name}=_MISSING",
                f"_made_{each.name}() if {each.name} is _MISSING else {each.name}",
            )
        elif each.default is not MISSING:
            names[f"_usual_{each.name}"] = each.default
            parameter = f"{each.name}=_usual_{each.name}"
        parameters.append(parameter)
        lines.append(f"_set(self, {each.name!r}, {came})")
    if hasattr(kind, "__post_init__"):
        lines.append("self.__post_init__()")
    text = f"def __init__({', '.join(parameters)}):\n " + "\n ".join(lines or ["pass"])
    exec(text, names)  # noqa: S102 -- names of fields and nothing else; a loop instead would cost every record that is made
    written = names["__init__"]
    written.__qualname__ = f"{kind.__qualname__}.__init__"
    return written


@cache
def _compared(kind: Any) -> Callable[[Any], object]:
    """What makes two records of a class the same."""
    names = [each.name for each in fields(kind) if each.compare]
    return attrgetter(*names) if names else _nothing


def _nothing(_record: object) -> None:
    return None


def _eq(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    compared = _compared(self.__class__)
    return compared(self) == compared(other)


def _hash(self: Any) -> int:
    return hash(_compared(self.__class__)(self))


def _repr(self: Any) -> str:
    told = ", ".join(f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
    return f"{self.__class__.__qualname__}({told})"


def _refuse_to_set(_self: Any, name: str, _what: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_self: Any, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _set_state(self: Any, state: Any) -> None:
    """For copies: what lay in a dictionary, or else in slots."""
    held = state if isinstance(state, dict) else state[1]
    for name, what in held.items():
        object.__setattr__(self, name, what)
