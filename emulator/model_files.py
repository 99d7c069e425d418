"""A model that somebody names: one of the packaged ones by its name, or a file of one's own by its path.

A file of one's own is TOML, as `docs/models.md` describes it, or the JSON that another PC keeps. Whatever it is, it comes out checked,
with the JSON text that a new PC keeps in its folder.
"""

import os
import stat
from typing import NamedTuple

from emulator import models
from emulator.firmware import model_text
from emulator.firmware.catalogue import Catalogue
from emulator.firmware.model_text import MalformedModel

LARGEST = 512 * 1024
"""Bytes of a model's file; the largest packaged one has a quarter of that."""


class UnreadableModel(Exception):
    """A file that cannot be read as a model."""


class Model(NamedTuple):
    """A model and, if it is not packaged, the JSON text to be kept with a PC of it."""

    catalogue: Catalogue
    text: str | None = None


def named(word: str) -> Model:
    """The model that `word` names. Raises UnknownModel, UnreadableModel, ModelRefused or MalformedModel."""
    if word in models.names():
        return Model(models.packaged(word))
    if "/" not in word and "." not in word and not os.path.exists(word):
        raise models.UnknownModel(
            f"no packaged model is called {word!r}; there are {', '.join(models.names())}, and files of one's own"
        )
    text = _read(word)
    compiled = text if word.endswith(".json") else _compiled(text, spelled(word))
    catalogue = _parsed(compiled, spelled(word))
    if catalogue.model in models.names() and catalogue != models.packaged(catalogue.model):
        sentence = f"the id {catalogue.model!r} is that of a packaged model, which says something else; choose another"
        raise models.ModelRefused(spelled(word), [(_line_of_id(text, word), sentence)])
    return Model(catalogue, compiled)


def spelled(word: str) -> str:
    """A file's name as it may be printed."""
    return word if word.isprintable() else repr(word)


def _parsed(text: str, name: str) -> Catalogue:
    try:
        return model_text.parse(text)
    except MalformedModel as error:
        raise MalformedModel(f"{name}: {error}") from None


def _compiled(text: str, name: str) -> str:
    from emulator.models import source  # noqa: PLC0415 -- TOML is for authors

    shared = source.shared_definitions(models.shared_text(), f"{models.SHARED}.toml")
    return source.compiled(text, shared, name)


def _line_of_id(text: str, name: str) -> int:
    from emulator.models import lines  # noqa: PLC0415 -- TOML is for authors

    return 1 if name.endswith(".json") else lines.line_in(text, ("id",))


def _read(name: str) -> str:
    try:
        # A pipe that nobody writes to would be waited for without end.
        with open(name, "rb", opener=lambda path, flags: os.open(path, flags | os.O_NONBLOCK)) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise UnreadableModel(f"the model {spelled(name)} is no ordinary file; name one")
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise UnreadableModel(f"the model {spelled(name)} cannot be read: {error.strerror}") from None
    if len(data) > LARGEST:
        raise UnreadableModel(f"the model {spelled(name)} is too large: at most {LARGEST} bytes are taken")
    try:
        # Some editors begin a file with a byte order mark.
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UnreadableModel(f"the model {spelled(name)} is no UTF-8 text: look at line {line}") from None
