"""The field for a password: dots for signs, and no way out of it but Enter."""

from typing import TYPE_CHECKING, cast

from rich.text import Text

from emulator.setup.prompt_field import PromptField

if TYPE_CHECKING:
    from emulator.setup.app import ComputerSetup


class PasswordField(PromptField):
    """Shows a dot for each sign. Its text reaches neither the clipboard nor a second look."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(password=True, id=id)

    @property
    def _value(self) -> Text:
        """What is seen of the text: Textual's own dot is no ASCII."""
        dot = cast("ComputerSetup", self.app).look.glyphs.dot
        return Text(dot * len(self.value), no_wrap=True, overflow="ignore", end="")

    def action_copy(self) -> None:
        """Not from here."""

    def action_cut(self) -> None:
        """Not from here."""
