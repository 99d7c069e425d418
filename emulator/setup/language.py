"""The words of the screen in the language that the machine is set to.

English is what the program is written in, so an English text is its own key; a language is a catalogue beside this module, a JSON object
of sections: `screen` for what the screens say, and one for each sort of word that a model brings along. What a catalogue lacks stays
English: names of products, item help, and the refusals of the firmware, which travel on wires too.

Values on every wire stay the stored ones; only the eye gets these words.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources

from emulator.firmware.catalogue import Role
from emulator.firmware.firmware import Firmware

Section = Mapping[str, str]

CATALOGUES: Mapping[str, str] = {"Deutsch": "de", "German": "de"}
"""Which catalogue belongs to which value of the setting that chooses the language, as models of several generations write it."""


def as_written(text: str) -> str:
    return text


class Language:
    """Finds words, and writes them in the signs that the screen has. `say` fills in what a text has in braces."""

    def __init__(self, sections: Mapping[str, Section], spelled: Callable[[str], str] = as_written) -> None:
        self._sections, self._spelled = sections, spelled
        self._screen = sections.get("screen", {})

    def in_signs(self, spelled: Callable[[str], str]) -> "Language":
        """The same language, written by `spelled`."""
        return Language(self._sections, spelled)

    def say(self, text: str, **values: object) -> str:
        """A text of the screen, with its values."""
        text = self._spelled(self._screen.get(text, text))
        return text.format(**values) if values else text

    def word(self, section: str, text: str) -> str:
        """A word of the model: one of `menus`, `pages`, `headings`, `actions`, `texts`, `settings`, `values`, `reasons`."""
        return self._spelled(self._sections.get(section, {}).get(text, text))


ENGLISH = Language({})


def of(firmware: Firmware) -> Language:
    """The language that this machine is set to."""
    setting = firmware.catalogue.roles.get(Role.DISPLAY_LANGUAGE)
    return ENGLISH if setting is None else named(firmware.value(setting.name))


@cache
def named(value: str) -> Language:
    """The language of a setting's value; English for one that has no catalogue here."""
    if value not in CATALOGUES:
        return ENGLISH
    path = resources.files(__package__) / "languages" / f"{CATALOGUES[value]}.json"
    sections: dict[str, dict[str, str]] = json.loads(path.read_text("utf-8"))
    return Language(sections)
