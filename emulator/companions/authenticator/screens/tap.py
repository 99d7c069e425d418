"""What a finger touches: a wide button that also names the key which does the same."""

from textual.content import Content
from textual.widgets import Button

from emulator.companions.language import Words


class Tap(Button):
    """Sends the action of the page it lies on."""

    def __init__(
        self,
        words: Words,
        text: str,
        action: str,
        *,
        key: str = "",
        main: bool = False,
        id: str | None = None,  # noqa: A002 -- Textual's name
    ) -> None:
        label = Content(words(text))
        if key:
            label = Content.assemble(label, "  ", (key, "bold"))
        super().__init__(label, id=id, action=f"screen.{action}", classes="main" if main else "", flat=True)
        # Textual's button takes no second press while its effect lasts, which a quick finger would feel.
        self.active_effect_duration = 0
