"""Where the cursor is in Computer Setup, and what a key means there.

Pure: it knows the catalogue's pages and nothing of a terminal. `press` moves, or returns what the screen has to do next; it
never changes a setting itself. Every page is a list of rows; the cursor rests only on rows that can be chosen. What somebody may
not see is in no page of his.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from emulator.firmware.catalogue import Catalogue, Keeper, Kind, Line, Role, Setting

Page = tuple[str, ...]
Row = Setting | Line


class Key(Enum):
    UP = auto()
    DOWN = auto()
    LEFT = auto()
    RIGHT = auto()
    PAGE_UP = auto()
    PAGE_DOWN = auto()
    HOME = auto()
    END = auto()
    ENTER = auto()
    ESCAPE = auto()
    SAVE = auto()


@dataclass(frozen=True, slots=True)
class Moved:
    """The cursor or the page changed, or nothing did."""


@dataclass(frozen=True, slots=True)
class Toggle:
    """A check box was struck: change the setting to `value`."""

    setting: Setting
    value: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Open the editor that fits the setting's kind."""

    setting: Setting


@dataclass(frozen=True, slots=True)
class EditPassword:
    """Ask for the old and the new password."""

    setting: Setting


@dataclass(frozen=True, slots=True)
class Read:
    """Show the entries of a list that only tells."""

    setting: Setting


@dataclass(frozen=True, slots=True)
class Explain:
    """The setting cannot be changed now: say why."""

    why: str


@dataclass(frozen=True, slots=True)
class Order:
    """Ask, then change the setting to the value that is an order; `exits` says that it is carried out by saving now."""

    setting: Setting
    value: str
    exits: bool


@dataclass(frozen=True, slots=True)
class Do:
    """Carry out an action of the page, one of `catalogue.ACTIONS`."""

    action: str


@dataclass(frozen=True, slots=True)
class Save:
    """Ask, then save and exit."""


@dataclass(frozen=True, slots=True)
class Ignore:
    """Ask, then exit without saving."""


Intent = Moved | Toggle | Edit | EditPassword | Read | Explain | Order | Do | Save | Ignore

EXITING = frozenset({Role.APPLY_CUSTOM_DEFAULTS, Role.APPLY_FACTORY_DEFAULTS})
ORDER_ROLES = EXITING | {Role.SAVE_CUSTOM_DEFAULTS, Role.RESTORE_SECURITY}
"""Settings that are orders. The screen shows them as actions and asks before it takes them, whatever their values are called."""

JUMP = 10
"""Rows of Page Up and Page Down."""


def selectable(row: Row) -> bool:
    return isinstance(row, Setting) or row.kind in {"action", "page"}


class Navigator:
    """A place in the menus of one catalogue, of which only those settings stand there that somebody `may_see`."""

    def __init__(self, catalogue: Catalogue, may_see: Callable[[str], bool] = lambda _: True) -> None:
        self.menus = catalogue.menus
        self._pages: dict[Page, Sequence[Row]] = {
            path: tuple(row for row in rows if isinstance(row, Line) or may_see(row.name))
            for path, rows in catalogue.pages.items()
        }
        self.page: Page = (self.menus[0],)
        self._cursors: dict[Page, int] = {}
        self._stops_of: dict[Page, Sequence[int]] = {}

    @property
    def rows(self) -> Sequence[Row]:
        return self._pages[self.page]

    @property
    def cursor(self) -> int | None:
        """The row that is selected; None on a page where nothing can be."""
        stops = self._stops()
        return self._cursors.get(self.page, stops[0]) if stops else None

    @property
    def row(self) -> Row | None:
        return None if self.cursor is None else self.rows[self.cursor]

    @property
    def menu(self) -> int:
        """The number of the menu that the page belongs to."""
        return self.menus.index(self.page[0])

    def press(self, key: Key, value: str = "", grey: str = "") -> Intent:
        """What `key` means; `value` is the selected setting's value on the screen, `grey` why it cannot be changed now."""
        if key in _STEPS:
            self._step(_STEPS[key])
        elif key in (Key.LEFT, Key.RIGHT):
            self._turn(1 if key is Key.RIGHT else -1)
        elif key is Key.ESCAPE:
            if len(self.page) == 1:
                return Ignore()
            self.page = self.page[:-1]
        elif key is Key.SAVE:
            return Save()
        elif self.row is not None:
            return self._enter(self.row, value, grey)
        return Moved()

    def select(self, index: int) -> bool:
        """Put the cursor on a row, as a mouse does; False if it cannot be there."""
        if index not in self._stops():
            return False
        self._cursors[self.page] = index
        return True

    def open_menu(self, number: int) -> None:
        self.page = (self.menus[number % len(self.menus)],)

    def go(self, page: Page, name: str) -> None:
        """Open `page` with the cursor on the setting or the line of this name."""
        self.page = page
        for index, row in enumerate(self.rows):
            if (row.name if isinstance(row, Setting) else row.text) == name and selectable(row):
                self._cursors[page] = index

    @property
    def pages(self) -> Mapping[Page, Sequence[Row]]:
        """Every page with its rows."""
        return self._pages

    def _stops(self) -> Sequence[int]:
        """Rows of this page that the cursor can be on."""
        if self.page not in self._stops_of:
            self._stops_of[self.page] = [at for at, row in enumerate(self.rows) if selectable(row)]
        return self._stops_of[self.page]

    def _step(self, distance: int) -> None:
        stops = self._stops()
        if stops and self.cursor is not None:
            at = stops.index(self.cursor) + distance
            self._cursors[self.page] = stops[max(0, min(at, len(stops) - 1))]

    def _turn(self, direction: int) -> None:
        """To the next menu; on a page below one the arrows stay where they are, for Esc is the way out."""
        if len(self.page) == 1:
            self.open_menu(self.menu + direction)

    def _enter(self, row: Row, value: str, grey: str) -> Intent:
        if isinstance(row, Setting):
            return Explain(grey) if grey else _changed(row, value)
        if row.kind == "page":
            self.page = (*row.page, row.text)
            return Moved()
        if row.does == "save":
            return Save()
        return Ignore() if row.does == "ignore" else Do(row.does)


def _changed(setting: Setting, value: str) -> Intent:
    if setting.read_only:
        return Read(setting) if setting.kind is Kind.ORDERED_LIST and value else Moved()
    if setting.keeper is Keeper.PASSWORD:
        return EditPassword(setting)
    if setting.role in ORDER_ROLES:
        return _ordered(setting, value)
    if setting.check_box:
        return Toggle(setting, setting.values[0] if value == setting.values[1] else setting.values[1])
    if setting.keeper is not Keeper.ORDINARY:
        # The one thing that may be done here to a key is to clear it; the firmware decides whether.
        return Toggle(setting, "")
    return Edit(setting)


def _ordered(setting: Setting, value: str) -> Intent:
    """An order that waits to be saved is taken back by striking it again."""
    if value != setting.default:
        return Toggle(setting, setting.default)
    order = next(each for each in setting.values if each != setting.default)
    return Order(setting, order, exits=setting.role in EXITING)


_STEPS = {
    Key.UP: -1,
    Key.DOWN: 1,
    Key.PAGE_UP: -JUMP,
    Key.PAGE_DOWN: JUMP,
    Key.HOME: -(10**6),
    Key.END: 10**6,
}
