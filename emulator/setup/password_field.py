"""The field for a password: dots for signs, and no way out of it but Enter."""

from textual.widgets import Input


class PasswordField(Input):
    """Shows a dot for each sign. Its text reaches neither the clipboard nor a second look."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(password=True, id=id)

    def taken(self) -> str:
        """What was typed; the field is empty afterwards."""
        typed = self.value
        self.clear()
        return typed

    def action_copy(self) -> None:
        """Not from here."""

    def action_cut(self) -> None:
        """Not from here."""
