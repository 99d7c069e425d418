"""Finding a setting or a page by a part of its name, in the words of the screen or as the setting is called on every wire."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from emulator.firmware.catalogue import Setting
from emulator.setup.language import Language
from emulator.setup.navigator import Page, Row, selectable
from emulator.setup.page_lines import SECTIONS


class Found(NamedTuple):
    """A row: where it stands, what it is called, and how the list of what was found writes it."""

    page: Page
    name: str
    text: str


def found(pages: Mapping[Page, Sequence[Row]], text: str, language: Language) -> list[Found]:
    """Rows whose name has every word of `text` in it, in the order of the pages; none for an empty text."""
    words = text.casefold().split()
    rows = ((page, row) for page, rows in pages.items() for row in rows if selectable(row)) if words else ()
    return list(_matching(rows, words, language))


def _matching(
    rows: Iterator[tuple[Page, Row]] | tuple[()], words: Sequence[str], language: Language
) -> Iterator[Found]:
    for page, row in rows:
        name = row.name if isinstance(row, Setting) else row.text
        said = spoken(row, language)
        if all(word in f"{name} {said}".casefold() for word in words):
            yield Found(page, name, f"{said}  ({path(page, language)})")


def spoken(row: Row, language: Language) -> str:
    """What the screen calls a row."""
    if isinstance(row, Setting):
        return language.word("settings", row.name)
    return language.word(SECTIONS[row.kind], row.text)


def path(page: Page, language: Language) -> str:
    """A page's place in the menus, in the words of the screen."""
    titles = [language.word("pages", title) for title in page[1:]]
    return ", ".join([language.word("menus", page[0]), *titles])
