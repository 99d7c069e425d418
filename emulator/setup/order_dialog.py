"""An ordered list: Enter picks an entry up and puts it down, arrows move it, F5 or D switches it off and on."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.geometry import Region
from textual.widgets import Static

from emulator.firmware.catalogue import Setting
from emulator.firmware.settings import DISABLED, tokens
from emulator.setup.dialog import Dialog
from emulator.setup.wording import entry


class OrderDialog(Dialog[str | None]):
    """Answers the new order, entries joined with commas."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", "Up"),
        Binding("down", "step(1)", "Down"),
        Binding("enter,space", "grab", "Grab"),
        Binding("f5,d,D", "switch", "Off/on"),
        Binding("f10,ctrl+s,t,T", "take", "Take"),
        Binding("escape", "dismiss(None)", "Back"),
    ]

    def __init__(self, setting: Setting, value: str) -> None:
        super().__init__()
        self._setting = setting
        self._entries = list(tokens(value))
        self._cursor, self._grabbed = 0, False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield self.title_of(self.machine.language.word("settings", self._setting.name))
            with VerticalScroll(classes="gives-way"):
                yield Static("", id="entries", markup=False)
            yield self.keys("Enter grab/drop  ↑↓ move  F5 or D off/on")
            yield self.keys("F10 or T take   Esc back")

    def on_mount(self) -> None:
        self._show()

    def action_step(self, distance: int) -> None:
        if not self._entries:
            return
        to = max(0, min(self._cursor + distance, len(self._entries) - 1))
        if self._grabbed:
            self._entries.insert(to, self._entries.pop(self._cursor))
        self._cursor = to
        self._show()

    def action_grab(self) -> None:
        self._grabbed = not self._grabbed and bool(self._entries)
        self._show()

    def action_switch(self) -> None:
        if not self._entries:
            return
        token = self._entries[self._cursor]
        self._entries[self._cursor] = (
            token.removesuffix(DISABLED) if token.endswith(DISABLED) else token + DISABLED
        )
        self._show()

    def action_take(self) -> None:
        self.dismiss(",".join(self._entries))

    def _show(self) -> None:
        mark = self.glyphs.grabbed if self._grabbed else self.glyphs.cursor
        lines = [
            f"{mark if index == self._cursor else ' '} {entry(token, self.machine.language)}"
            for index, token in enumerate(self._entries)
        ]
        self.query_one("#entries", Static).update("\n".join(lines))
        self._reveal()

    def on_resize(self) -> None:
        super().on_resize()
        self._reveal()

    def _reveal(self) -> None:
        """Bring the cursor into view; each entry is one line of a model's own words."""
        box, row = self.query_one(VerticalScroll), Region(0, self._cursor, 1, 1)
        self.call_after_refresh(box.scroll_to_region, row, animate=False, force=True)
