"""The field for a password: dots for signs, and no way out of it but Enter."""

from emulator.setup.prompt_field import PromptField


class PasswordField(PromptField):
    """Shows a dot for each sign. Its text reaches neither the clipboard nor a second look."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(password=True, id=id)

    def action_copy(self) -> None:
        """Not from here."""

    def action_cut(self) -> None:
        """Not from here."""
