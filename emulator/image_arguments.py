"""Arguments of `f10 image`: words, options with a value, and flags, told apart by a table per verb.

The standard library's parser costs more than all the rest of listing an image, so this one is written down: long
options only, `--option value` or `--option=value`, and `--` before words that begin with a dash.
"""

from collections.abc import Sequence
from typing import NamedTuple


class UsageError(Exception):
    """A command line that says something else than its verb takes."""


class Grammar(NamedTuple):
    """What one verb takes: the names of its words (all needed), of its options and of its flags."""

    words: tuple[str, ...]
    options: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


class Arguments(NamedTuple):
    words: list[str]
    options: dict[str, str]
    flags: set[str]

    def option(self, name: str) -> str | None:
        return self.options.get(name)


def parse(arguments: Sequence[str], grammar: Grammar) -> Arguments:
    found = Arguments([], {}, set())
    rest = list(arguments)
    while rest:
        argument = rest.pop(0)
        if argument == "--":
            found.words.extend(rest)
            break
        if argument == "-" or not argument.startswith("-"):
            found.words.append(argument)
        else:
            _option(argument, rest, grammar, found)
    if len(found.words) != len(grammar.words):
        raise UsageError(f"expected {' '.join(grammar.words)}, got {_counted(len(found.words))}")
    return found


def _option(argument: str, rest: list[str], grammar: Grammar, found: Arguments) -> None:
    """Values are not repeated in an error: one of them may be a secret."""
    name, equals, value = argument.partition("=")
    if name in grammar.flags and not equals:
        found.flags.add(name)
    elif name not in grammar.options:
        known = ", ".join((*grammar.options, *grammar.flags)) or "none"
        raise UsageError(f"unknown option {name}; this verb knows {known}")
    elif equals:
        found.options[name] = value
    elif rest:
        found.options[name] = rest.pop(0)
    else:
        raise UsageError(f"expected a value after {name}")


def _counted(words: int) -> str:
    return "one word" if words == 1 else f"{words} words"
