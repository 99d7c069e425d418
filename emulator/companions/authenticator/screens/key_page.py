"""One key: what is known of it, another name for it, and its end."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Label

from emulator.companions.authenticator.phone import HeldKey
from emulator.companions.authenticator.screens.card import Card
from emulator.companions.authenticator.screens.delete_page import DeletePage
from emulator.companions.authenticator.screens.page import Page
from emulator.companions.authenticator.screens.rename_page import RenamePage
from emulator.companions.authenticator.screens.tap import Tap
from emulator.companions.authenticator.screens.wording import later, moment, name_of


class KeyPage(Page):
    """Shows one key."""

    NAME: ClassVar[str] = later("Key")
    KEYS: ClassVar[str] = later("N rename   D delete   Esc back")

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "rename", "Rename"),
        Binding("d", "delete", "Delete"),
    ]

    def __init__(self, key: HeldKey) -> None:
        super().__init__()
        self._key = key

    def body(self) -> ComposeResult:
        key, words, package = self._key, self.words, self._key.package
        yield Card(
            [
                (words("Name"), key.name),
                (words("Named by its maker"), package.key_name if package.key_name != key.name else ""),
                (words("Model"), package.model or ""),
                (words("Serial number"), package.serial or ""),
                (words("E-mail"), key.email or ""),
                (words("Registered"), moment(key.enrolled_at) if key.enrolled_at else words("unknown")),
                (words("Passphrase"), words("yes") if package.needs_passphrase else words("none")),
                (words("Key id"), key.key_id),
            ],
            id="key",
        )
        if not package.needs_passphrase:
            text = words("This key has no passphrase: whoever sees the picture has the key.")
            yield Label(f"! {text}", classes="caution told", markup=False)
        if key.needs_sign_in:
            text = words("This key needs a sign-in, which this phone does not have yet.")
            yield Label(f"! {text}", classes="caution told", markup=False)
        yield Tap(words, "Rename", "rename", key="N", main=True)
        yield Tap(words, "Delete", "delete", key="D")

    def on_mount(self) -> None:
        super().on_mount()
        self.query(Tap).first().focus()

    def action_rename(self) -> None:
        self.app.switch_screen(RenamePage(self._key.key_id, name_of(self._key)))

    def action_delete(self) -> None:
        self.app.switch_screen(DeletePage(self._key.key_id, name_of(self._key)))
