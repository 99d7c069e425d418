"""The words of a companion in the language of the person before it: English, or German as the vendor's guide has it.

An English text is its own key; a catalogue beside the companion, `languages/de.json`, maps it to German, and what it lacks stays English.
Texts on wires and in files are never translated. The language is the one that was asked for, else that of the environment, where the
first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set decides.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources

LANGUAGES = ("en", "de")


class Words:
    """Finds texts; `words("The key {name} is held", name=...)` fills in what a text has in braces."""

    def __init__(self, catalogue: Mapping[str, str]) -> None:
        self._catalogue = catalogue

    def __call__(self, text: str, **values: object) -> str:
        found = self._catalogue.get(text, text)
        return found.format(**values) if values else found


ENGLISH = Words({})


@cache
def of(package: str, language: str) -> Words:
    """The words of the companion in `package`, as `emulator.companions.admin`, in one of LANGUAGES."""
    if language == "en":
        return ENGLISH
    path = resources.files(package) / "languages" / f"{language}.json"
    catalogue: dict[str, str] = json.loads(path.read_text("utf-8"))
    return Words(catalogue)


def chosen(asked: str | None, environment: Mapping[str, str]) -> str:
    """`asked` if it is given, else the language of the environment; English for one that nobody wrote."""
    names = (environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    spoken = asked or next(filter(None, names), "")
    language = spoken[:2].lower()
    return language if language in LANGUAGES else "en"
