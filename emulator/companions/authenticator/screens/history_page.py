"""What the phone did: each PIN with its machine, each key that came and went, each refusal. Never a PIN."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Label, Static

from emulator.companions.authenticator.history import Deed, Event
from emulator.companions.authenticator.screens.export_page import ExportPage
from emulator.companions.authenticator.screens.page import REFUSALS
from emulator.companions.authenticator.screens.tabs import TabPage
from emulator.companions.authenticator.screens.tap import Tap
from emulator.companions.authenticator.screens.wording import PURPOSES, later, moment
from emulator.companions.language import Words
from emulator.protocol.certificate import printable
from emulator.protocol.challenge import Purpose

MOST_SHOWN = 200
"""Events that the page shows; a file gets all."""

DEEDS = {
    Deed.ENROLLED: later("Key registered"),
    Deed.REPLACED: later("Key replaced"),
    Deed.RENAMED: later("Key renamed"),
    Deed.DELETED: later("Key deleted"),
    Deed.PROTECTED: later("Phone passphrase set"),
    Deed.CHANGED: later("Phone passphrase changed"),
    Deed.UNPROTECTED: later("Phone passphrase removed"),
    Deed.UNLOCK: later("Unlock"),
    Deed.BACKED_UP: later("Backup written"),
    Deed.RESTORED: later("Key restored"),
    Deed.PIN: later("PIN issued"),
    Deed.CHALLENGE: later("QR code scanned"),
    Deed.ENROLMENT: later("Registration"),
    Deed.UNREADABLE: later("Unreadable line"),
}


class HistoryPage(TabPage):
    """Shows the events, newest first."""

    NAME: ClassVar[str] = later("History")
    KEYS: ClassVar[str] = later("PgUp PgDn turn   E export   Esc back")
    TAB: ClassVar[str] = "h"
    # The way to a file stands below the events, and must not pull the page down to it.
    AUTO_FOCUS: ClassVar[str | None] = ""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("e", "export", "Export")]

    def body(self) -> ComposeResult:
        yield Label("", id="none", markup=False)
        yield Static("", id="events", markup=False)
        yield Tap(self.words, "Export to a file", "export", key="E", id="export")

    def on_mount(self) -> None:
        super().on_mount()
        try:
            events = self.phone.history()
        except REFUSALS as refusal:
            events = []
            self.refused(refusal)
        if not events:
            self.query_one("#none", Label).update(self.words("Nothing has happened yet."))
        self.query_one("#events", Static).update(
            Content("\n\n").join(told(self.words, event) for event in events[:MOST_SHOWN])
        )
        self.query_one("#body").scroll_home(animate=False)

    def action_step(self, way: int) -> None:
        self.query_one("#body").scroll_relative(y=way, animate=False)

    def action_export(self) -> None:
        self.app.switch_screen(ExportPage())


def told(words: Words, event: Event) -> Content:
    """One event in two or three lines."""
    first = f"{moment(event.at)}  " if event.at else ""
    result = words("done") if not event.code else words("! error {number}", number=event.code)
    lines = [Content.assemble((first, "$dim"), (words(DEEDS[event.event]), "bold"))]
    lines.append(Content(" · ".join(filter(None, (result, printable(event.key_name or ""))))))
    if event.serial or event.purpose:
        lines.append(
            Content(" · ".join(filter(None, (printable(event.serial or ""), _purpose(words, event)))))
        )
    return Content("\n").join(lines)


def _purpose(words: Words, event: Event) -> str:
    known = next((each for each in Purpose if event.purpose in (each.name.lower(), each.spoken)), None)
    return words(PURPOSES[known]) if known else printable(event.purpose or "")
