"""The keys that the phone holds, and the two things that one does with a phone: scan a code, register a key."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from emulator.companions.authenticator.phone import HeldKey
from emulator.companions.authenticator.screens.key_page import KeyPage
from emulator.companions.authenticator.screens.page import REFUSALS
from emulator.companions.authenticator.screens.sentences import said
from emulator.companions.authenticator.screens.tabs import TabPage
from emulator.companions.authenticator.screens.tap import Tap
from emulator.companions.authenticator.screens.wording import later, machine_of, marks, name_of, short
from emulator.protocol.certificate import printable


class KeysPage(TabPage):
    """The first page of the phone."""

    NAME: ClassVar[str] = later("Keys")
    KEYS: ClassVar[str] = later("↑↓ choose   Enter open   Ctrl+Q quit")
    TAB: ClassVar[str] = "k"
    TOP: ClassVar[bool] = True

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "scan", "Scan"),
        Binding("r", "register", "Register"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._keys: list[HeldKey] = []
        self._told = ""

    def body(self) -> ComposeResult:
        yield Tap(self.words, "Scan QR code", "scan", key="S", main=True, id="scan")
        yield Tap(self.words, "Register a key", "register", key="R", id="register")
        yield Label("", id="empty", markup=False)
        yield OptionList(id="list", markup=False, compact=True)

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self._is_there:
            self.refill()

    def refill(self) -> None:
        """Show the keys as they are now; none of them while the phone is locked."""
        instead = self.words(
            "No key yet. Choose Register a key, and show the phone the picture that your administrator sent."
        )
        try:
            self._keys = self.phone.keys() if self.phone.is_open else []
            self._told = ""
        except REFUSALS as refusal:
            self._keys = []
            instead = f"! {said(self.words, printable(str(refusal)))}"
            self._tell_once(refusal)
        self.query_one("#empty", Label).update(instead)
        self.query_one("#empty").display = not self._keys
        self._list()

    def _list(self) -> None:
        listing = self.query_one(OptionList)
        chosen = listing.highlighted or 0
        listing.clear_options()
        for number, key in enumerate(self._keys):
            listing.add_option(Option(self._described(key), key.key_id))
            if number < len(self._keys) - 1:
                listing.add_option(None)
        listing.display = bool(self._keys)
        if self._keys:
            listing.highlighted = min(chosen, len(self._keys) - 1)
            listing.focus()
        else:
            self.query_one("#register").focus()

    def _tell_once(self, refusal: Exception) -> None:
        """The note that tells it brings this page back when it is closed, which must not tell it again."""
        if str(refusal) != self._told:
            self._told = str(refusal)
            self.refused(refusal)

    def _described(self, key: HeldKey) -> Content:
        second = " · ".join(filter(None, (short(key.key_id), machine_of(key))))
        special = " · ".join(marks(self.words, key))
        lines = [Content.styled(name_of(key), "bold"), Content(second)]
        if special:
            lines.append(Content(f"! {special}"))
        return Content("\n").join(lines)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        key = next(key for key in self._keys if key.key_id == event.option_id)
        self.app.push_screen(KeyPage(key))

    def action_register(self) -> None:
        self.held.register()

    def forget(self) -> None:
        super().forget()
        self._keys = []
