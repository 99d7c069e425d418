"""The stage of `f10 demo`: the PC's own screen, played keys, and a caption over it that tells what happens.

Whoever watches steers the demonstration and not the PC: Space stops it and lets it go on, the right arrow goes to the next step at once, Q
or Esc ends it. All other keys, and the mouse, do nothing. The caption lies over the last lines of the screen; beside a code it keeps to
the side, for the code is to be seen whole. The machine's clock stands still, so nothing happens behind a caption that is being read.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import ClassVar, TypeVar

from textual import events
from textual.pilot import Pilot

from emulator.demo_caption import CAPTION_STYLES, Caption
from emulator.setup import key_script, playing, screen_picture
from emulator.setup.app import ComputerSetup
from emulator.setup.key_script import Press

KEYS, KEYS_PAUSED = "Space pause   → next   Q end", "Space go on   → next   Q end"
PATIENCE = 0.05
"""Seconds between two looks at what the watcher pressed."""
ENDED = "The demonstration was ended."

T = TypeVar("T")
Story = Callable[["Stage"], Awaitable[str]]


class Stage(ComputerSetup):
    """A PC whose keys are played by a story."""

    CSS = f"{ComputerSetup.CSS}{CAPTION_STYLES}"
    ENDING: ClassVar[frozenset[str]] = frozenset({"q", "Q", "escape", "ctrl+q", "ctrl+c"})

    def perform(self, story: Story, speed: float) -> None:
        """Let `story` be played once the PC is on, so many times as fast as it is meant to be read."""
        self._story, self._speed = story, speed
        self._told, self._paused, self._next = "", False, asyncio.Event()
        self._played: events.Key | None = None

    def on_ready(self) -> None:
        self.run_worker(self._perform())

    async def on_event(self, event: events.Event) -> None:
        """Keys of the story reach the PC, those of the watcher the story."""
        is_input = isinstance(event, events.InputEvent | events.Paste) and not event.is_forwarded
        if not is_input or event is self._played:
            await super().on_event(event)
        elif isinstance(event, events.Key):
            self._steer(event.key)

    async def tell(self, text: str, seconds: float) -> None:
        """Show a caption for as long as it takes to read it."""
        self._told = text
        await self.settle()
        await self._beat(seconds)

    async def press(self, script: str, seconds: float = 0.5) -> None:
        """Press keys, one at a time."""
        for step in key_script.parse(script):
            assert isinstance(step, Press)  # a story waits by telling
            self._played = playing.key_event(step)
            self.post_message(self._played)
            await self.settle()
            await self._beat(seconds)

    async def settle(self) -> None:
        """Let the screen come to rest, with the caption over whatever screen it is now."""
        await playing.settled(Pilot(self))
        await self._caption()
        await playing.settled(Pilot(self))

    async def photograph(self) -> str:
        """The PC's screen as it is without the caption."""
        for caption in self.screen.query(Caption):
            await caption.remove()
        await playing.settled(Pilot(self))
        picture = screen_picture.of(self)
        await self.settle()
        return picture

    async def aside(self, deed: Callable[[], T]) -> T:
        """Something that happens beside the screen, which stays alive meanwhile."""
        return await asyncio.to_thread(deed)

    def shows(self, words: str) -> bool:
        return words in " ".join(" ".join(self.characters()).split())

    async def _perform(self) -> None:
        self.exit(await self._story(self))

    def _steer(self, key: str) -> None:
        if key in self.ENDING:
            self.exit(ENDED)
        elif key == "space":
            self._paused = not self._paused
            self.run_worker(self._caption())
        elif key == "right":
            self._next.set()

    async def _beat(self, seconds: float) -> None:
        """Wait, unless the watcher wants to go on; while it is paused, for as long as it is."""
        left = seconds / self._speed
        while (left > 0 or self._paused) and not self._next.is_set():
            pause = PATIENCE if self._paused else min(left, PATIENCE)
            await asyncio.sleep(pause)
            left -= 0 if self._paused else pause
        self._next.clear()

    async def _caption(self) -> None:
        caption = next(iter(self.screen.query(Caption)), None)
        if caption is None:
            caption = Caption(markup=False)
            await self.screen.mount(caption)
        caption.show(self._told, self.look.glyphs.spelled(KEYS_PAUSED if self._paused else KEYS))
