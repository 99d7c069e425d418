"""Model data: `NAME.toml` is what an author edits, `NAME.json` what the program reads; `scripts/make_models` writes the second.

`shared.toml` holds definitions that several models take. TOML costs ten times as much to parse, so nothing but an author's own model is
ever read as TOML. Packaged models never change while the program runs, so each is read once.
"""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

from emulator.firmware import model_text
from emulator.firmware.catalogue import Catalogue
from emulator.models import factory_keys

DEFAULT = "zbook-power-g7"
SHARED = "shared"

_FOLDER = Path(__file__).parent


class UnknownModel(Exception):
    """A name that no packaged model has."""


class ModelRefused(Exception):
    """A model's file with faults: one sentence a fault, each with the line."""

    def __init__(self, name: str, faults: list[tuple[int, str]]) -> None:
        self.faults = faults
        super().__init__("\n".join(f"{name}:{line}: {sentence}" for line, sentence in faults))


def names() -> list[str]:
    """The packaged models."""
    return sorted(file.stem for file in _FOLDER.iterdir() if file.suffix == ".json")


@cache
def packaged(name: str) -> Catalogue:
    """A packaged model. Raises UnknownModel."""
    # The name comes from an image or a command line, and leads nowhere else.
    if name not in names():
        raise UnknownModel(
            f"no packaged model is called {name!r}; there are {', '.join(names())}, and files of one's own"
        )
    text = (_FOLDER / f"{name}.json").read_text("utf-8")
    # Its rules were looked at when the file was made; that it is still what its author wrote, a test knows.
    return with_factory_keys(model_text.read(json.loads(text)))


def with_factory_keys(model: Catalogue) -> Catalogue:
    """A model whose machines leave the factory with certificates of Secure Boot, the same for all."""
    return model if model.certificates else replace(model, certificates=factory_keys.packaged())


def shared_text() -> str:
    """The TOML text of the shared definitions, for authors."""
    return (_FOLDER / f"{SHARED}.toml").read_text("utf-8")
