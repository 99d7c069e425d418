"""Somebody sits before the console: clicks, types, waits until it has done its work, and reads."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import DirectoryTree, Input

from emulator.companions.admin.screens.app import AdminConsole
from emulator.companions.admin.screens.console import Send
from emulator.companions.admin.screens.look import Look
from emulator.companions.admin.screens.wizard import Place, Wizard

PASSPHRASE = "teal-otter-drums-past-41-suns"
NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
LARGE = (110, 60)

QUIET = 10
"""Looks at the queues that find them empty; between two queues a message is in none."""
PATIENCE = 60.0
"""Seconds that a test waits for work in a thread."""

Script = Callable[["Person"], Awaitable[None]]


class Person:
    """The one who uses the console."""

    def __init__(self, pilot: Pilot[int]) -> None:
        assert isinstance(pilot.app, AdminConsole)
        self.pilot, self.app = pilot, pilot.app

    @property
    def wizard(self) -> Wizard:
        return self.app.wizard

    async def settle(self) -> None:
        """Until all is done and drawn: what is drawn last may move what was drawn before."""
        for _ in range(2):
            await self._quiet()
            await self.pilot.pause(0)

    async def _quiet(self) -> None:
        """Until no thread works and no message waits anywhere, or the console has ended."""
        loop = asyncio.get_running_loop()
        end, quiet = loop.time() + PATIENCE, 0
        while quiet < QUIET and self.app.return_code is None:
            assert loop.time() < end, "the console works without end"
            await asyncio.sleep(0.002 if self._is_busy() else 0)
            pumps = [self.app, *self.app.screen_stack, *self.app._registry]
            empty = all(pump._message_queue.empty() for pump in pumps)
            quiet = quiet + 1 if empty and not self._is_busy() else 0

    def _is_busy(self) -> bool:
        # A tree of folders never stops looking for work.
        return self.app.is_at_work or any(
            not worker.is_finished
            for worker in self.app.workers
            if not isinstance(worker.node, DirectoryTree)
        )

    async def press(self, *keys: str) -> None:
        for key in keys:
            self.app.simulate_key(key)
            await self.pilot.pause(0)
        await self.settle()

    async def go(self, place: Place) -> None:
        self.app.open_place(place)
        await self.settle()

    async def push(self, name: str) -> None:
        """Bring a button or tick to the front and press it with the keyboard."""
        widget = self.app.screen.query_one(f"#{name}")
        widget.focus()
        await self.pilot.pause(0)
        assert widget.has_focus, f"#{name} cannot be used"
        await self.press("space")

    async def write(self, name: str, text: str) -> None:
        """Replace what stands in a field."""
        field = self.app.screen.query_one(f"#{name}", Input)
        field.focus()
        field.value = ""
        field.insert_text_at_cursor(text)
        await self.pilot.pause(0)

    async def new_passphrase(self, text: str = PASSPHRASE, again: str | None = None) -> None:
        await self.write("passphrase", text)
        await self.write("again", text if again is None else again)

    async def make_platform_keys(self) -> None:
        for kind in ("endorsement", "signing"):
            await self.push(f"new-{kind}")
            await self.new_passphrase()
            await self.push("create")

    async def make_local_key(self, name: str = "Fleet key") -> None:
        await self.write("name", name)
        await self.new_passphrase()
        await self.push("create")

    def screen(self) -> str:
        """What the screen shows, one line a row, without blanks at the ends."""
        # The compositor is private to Textual, and the only place that knows the whole picture.
        strips = self.app.screen._compositor.render_strips()
        return "".join(f"{''.join(segment.text for segment in strip).rstrip()}\n" for strip in strips)

    def read(self) -> str:
        """All words of the page or dialog, also those that are scrolled away."""
        texts = [
            str(label.render())
            for label in self.app.screen.query("Label, Push, Tick, Choice")
            if label.display
        ]
        return re.sub(r"\s+", " ", " ".join(texts))


def use(
    folder: Path,
    script: Script,
    *,
    send: Send | None = None,
    language: str = "en",
    size: tuple[int, int] = LARGE,
    look: Look | None = None,
) -> AdminConsole:
    """Start the console and let somebody use it."""
    app = AdminConsole(folder, send, language, look=look, now=lambda: NOW)

    async def session() -> None:
        async with app.run_test(size=size) as pilot:
            person = Person(pilot)
            await person.settle()
            await script(person)

    asyncio.run(session())
    return app
