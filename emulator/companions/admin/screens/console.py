"""What pages and dialogs know of the application: its words, its signs, its folder, its clock, and whether it is at work.

Keys, signatures and files are made in a thread, so that the screen lives on; while that goes on, nobody leaves the page, and a sign
turns. One thing is done at a time.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from textual.dom import DOMNode
from textual.widgets import Label

from emulator.companions.admin.screens.wizard import Place, Wizard

if TYPE_CHECKING:
    from emulator.companions.admin.screens.look import Signs
    from emulator.companions.admin.screens.wording import Speaker

Result = TypeVar("Result")
Send = Callable[[bytes], Mapping[str, object]]
"""Hands one payload to the PC, and gives what it answered."""


class Console(Protocol):
    """The application, as its parts see it."""

    words: "Speaker"
    signs: "Signs"
    folder: Path
    language: str
    send: Send | None
    wizard: Wizard
    now: Callable[[], datetime]
    is_at_work: bool

    def open_place(self, place: Place, at: str = "") -> None: ...
    def show_menu(self) -> None: ...
    def show_progress(self) -> None: ...


def console_of(node: DOMNode) -> Console:
    return cast("Console", node.app)


TURNING = "|/-\\"


class AtWork(Label):
    """A line that says what is being done, with a sign that turns."""

    def __init__(self) -> None:
        super().__init__("", id="at-work", markup=False)
        self._told, self._turn = "", 0

    def on_mount(self) -> None:
        self.display = False
        self._clock = self.set_interval(0.12, self._go_on, pause=True)

    @contextmanager
    def telling(self, what: str) -> Iterator[None]:
        console = console_of(self)
        console.is_at_work, self._told, self.display = True, what, True
        self._go_on()
        self._clock.resume()
        self.scroll_visible(animate=False)
        try:
            yield
        finally:
            console.is_at_work, self.display = False, False
            self._clock.pause()

    def _go_on(self) -> None:
        self._turn = (self._turn + 1) % len(TURNING)
        self.update(f"{TURNING[self._turn]} {self._told}")


async def labour(line: AtWork, what: str, work: Callable[[], Result]) -> Result:
    """Do `work` in a thread and say so meanwhile; what it raises is raised here."""
    with line.telling(what):
        return await asyncio.to_thread(work)
