"""What a failing test must not print: a PIN, a passphrase, an enrolment package, the environment of whoever runs the tests.

pytest shows what an assertion compared, and with which arguments it called what, by their `repr`.
"""

from typing import SupportsIndex


class Secret(str):
    """A text whose `repr` does not tell it, nor do those of its parts. In all else it is the text."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'(secret)'"

    def __getitem__(self, key: SupportsIndex | slice) -> "Secret":
        return Secret(super().__getitem__(key))


class Environment(dict[str, str]):
    """An environment whose `repr` tells no values: it has the tokens of build machines in it."""

    def __repr__(self) -> str:
        return f"<environment of {len(self)} variables>"
