"""The fields of the phone: for text, and for a passphrase, which shows dots and lets nothing out but to whoever takes it."""

from textual.widgets import Input

from emulator.companions.authenticator.screens.path_completion import PathCompletion

LONGEST = 1024
"""Characters of a passphrase, as of one that comes on a file descriptor."""


class TextField(Input):
    """A line of text."""

    def __init__(self, value: str = "", *, id: str, hint: str = "") -> None:  # noqa: A002 -- Textual's name
        super().__init__(value, id=id, placeholder=hint)
        self.cursor_blink = False


class PathField(TextField):
    """A path, whose ending is offered."""

    def __init__(self, value: str = "", *, id: str, hint: str = "") -> None:  # noqa: A002 -- Textual's name
        super().__init__(value, id=id, hint=hint)
        self.suggester = PathCompletion()


class SecretField(Input):
    """Its text reaches neither the clipboard nor a second look."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 -- Textual's name
        super().__init__(password=True, id=id, max_length=LONGEST)
        self.cursor_blink = False

    def forget(self) -> None:
        self.clear()

    def on_unmount(self) -> None:
        # Fields go before their page does; nobody watches any more.
        self.set_reactive(Input.value, "")

    def taken(self) -> str:
        """What was typed; the field is empty then."""
        typed = self.value
        self.clear()
        return typed

    def action_copy(self) -> None:
        """Not from here."""

    def action_cut(self) -> None:
        """Not from here."""
