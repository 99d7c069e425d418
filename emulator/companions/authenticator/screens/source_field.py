"""The field that says what the phone shall look at: the path of a picture or of a text, or the text of a code itself.

Terminals hand a file that is dropped on them to the program as its path, in quotes or as an address. The text of a code is long and
may have line breaks, which a field cannot show: such text does not go into the field but is looked at there and then.
"""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from textual import events
from textual.message import Message

from emulator.companions.authenticator.screens.fields import PathField
from emulator.protocol.challenge_parts import MARK


class SourceField(PathField):
    """Posts what is pasted into it as a code's text, and offers how a path goes on."""

    class Pasted(Message):
        """The text of a code was pasted."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def _on_paste(self, event: events.Paste) -> None:
        if is_text(event.text):
            event.stop()
            event.prevent_default()
            self.post_message(self.Pasted(event.text))


def is_text(given: str) -> bool:
    """Whether this is a code's text and no path."""
    return given.lstrip().startswith(("{", MARK))


def as_source(given: str) -> str:
    """What was typed, as `source.shown` takes it: text as it is, a path without what a terminal wrapped around it."""
    if is_text(given):
        return given.strip()
    path = given.strip()
    if len(path) > 1 and path[0] == path[-1] and path[0] in "'\"":
        path = path[1:-1]
    if path.startswith("file://"):
        path = unquote(urlsplit(path).path)
    try:
        return str(Path(path).expanduser().absolute()) if path else ""
    except RuntimeError:
        return path
