"""The field of a prompt: takes signs that print, and what was entered once, however long the key was held.

What is pasted may steer a terminal, so nothing that does not print gets in. While a screen is slow, Enter repeats: the field is emptied by
the first, and what the others carry is the same text again, not another try.
"""

from textual.widgets import Input


class PromptField(Input):
    def replace(self, text: str, start: int, end: int) -> None:
        super().replace("".join(sign for sign in text if sign.isprintable()), start, end)

    def taken(self) -> str:
        """What was typed; the field is empty afterwards."""
        typed = self.value
        self.clear()
        return typed


def entered(event: Input.Submitted) -> str | None:
    """What Enter sends off, or None for an Enter that repeats the one before. The field is empty afterwards."""
    repeats = bool(event.value) and not event.input.value
    event.input.clear()
    return None if repeats else event.value
