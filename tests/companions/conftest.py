"""What tests of both companions share: descriptors that hold a passphrase, and nobody at the prompt unless a test says so."""

import getpass
import os
from collections.abc import Callable, Iterator

import pytest

PASSPHRASE = "correct horse battery staple"


@pytest.fixture
def descriptor() -> Iterator[Callable[..., str]]:
    """Makes a file descriptor that holds a text, and gives its number as an argument."""
    open_ends = []

    def holding(text: str = PASSPHRASE + "\n") -> str:
        reader, writer = os.pipe()
        os.write(writer, text.encode("utf-8", "surrogateescape"))
        os.close(writer)
        open_ends.append(reader)
        return str(reader)

    yield holding
    for reader in open_ends:
        os.close(reader)


@pytest.fixture(autouse=True)
def answers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the person at the prompt will type; with nothing left, there is no terminal."""
    typed: list[str] = []

    def answer(prompt: str = "") -> str:
        if not typed:
            raise EOFError
        return typed.pop(0)

    monkeypatch.setattr(getpass, "getpass", answer)
    return typed
