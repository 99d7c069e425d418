"""Somebody who holds the phone of the screens: presses keys, pastes, waits, and reads what is seen. The clock stands until they wait."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from textual import events
from textual.pilot import Pilot

from emulator.companions.authenticator.phone import Phone
from emulator.companions.authenticator.screens.app import PhoneApp
from emulator.companions.authenticator.screens.page import Page
from emulator.companions.authenticator.sealed import Cost
from emulator.protocol import challenge
from emulator.protocol.challenge import Header, Purpose
from emulator.protocol.keys import PublicKey
from tests.companions.authenticator.conftest import MACHINE

CHEAP = Cost(n=1 << 14)
PORTRAIT = (46, 40)
FRAMES = {ord(sign): " " for sign in "│╭╮╰╯─"}
QUIET = 10
"""Looks at the queues that find them empty; between two queues a message is in none."""
PATIENCE = 20.0
"""Seconds that a test waits for work in a thread."""


@dataclass
class Clock:
    """Unix time that moves when somebody waits."""

    at: float

    def __call__(self) -> float:
        return self.at


@dataclass
class Hand:
    """A phone in somebody's hand."""

    pilot: Pilot[int]
    clock: Clock

    @property
    def app(self) -> PhoneApp:
        app = self.pilot.app
        assert isinstance(app, PhoneApp)
        return app

    @property
    def page(self) -> str:
        """The class of what is seen: a page, or a note over one."""
        return type(self.app.screen).__name__

    @property
    def seen(self) -> str:
        strips = self.app.screen._compositor.render_strips()
        return "".join(f"{''.join(segment.text for segment in strip).rstrip()}\n" for strip in strips)

    @property
    def words(self) -> str:
        """What is seen in one line, as if nothing had been wrapped."""
        return " ".join(self.seen.translate(FRAMES).split())

    async def settle(self) -> None:
        """Until all is done and drawn: what is drawn last may move what was drawn before."""
        for _ in range(2):
            await self._quiet()
            await self.pilot.pause(0)

    async def _quiet(self) -> None:
        """Until no thread works and no message waits anywhere."""
        loop = asyncio.get_running_loop()
        end, quiet = loop.time() + PATIENCE, 0
        while quiet < QUIET:
            assert loop.time() < end, "the phone works without end"
            await asyncio.sleep(0.002 if self._is_busy() else 0)
            pumps = [self.app, *self.app.screen_stack, *self.app._registry]
            empty = all(pump._message_queue.empty() for pump in pumps)
            quiet = quiet + 1 if empty and not self._is_busy() else 0

    def _is_busy(self) -> bool:
        pages = [screen for screen in self.app.screen_stack if isinstance(screen, Page)]
        return not self.app.screen.is_mounted or any(page._working for page in pages)

    async def press(self, *keys: str) -> None:
        """Keys, each when what the one before did is done."""
        for key in keys:
            self.app.simulate_key(key)
            await self.settle()

    async def spell(self, text: str) -> None:
        """Letter by letter."""
        for letter in text:
            self.app.post_message(events.Key("space" if letter == " " else letter, letter))
            await self.pilot.pause(0)
        await self.settle()

    async def rub_out(self, letters: int) -> None:
        for _ in range(letters):
            self.app.simulate_key("backspace")
            await self.pilot.pause(0)
        await self.settle()

    async def paste(self, text: str, *then: str) -> None:
        self.app.post_message(events.Paste(text))
        await self.settle()
        await self.press(*then)

    async def wait(self, seconds: float) -> None:
        """The clock moves on, and the phone looks at it as it does twice a second."""
        self.clock.at += seconds
        self.app.tick()
        await self.settle()

    async def register(self, source: str, passphrase: str = "") -> None:
        await self.press("r")
        await self.paste(source, *(() if source.startswith("{") else ("enter",)))
        if passphrase:
            await self.paste(passphrase)
        await self.press("enter")
        assert "Registration complete" in self.words
        await self.press("enter")

    async def scan(self, source: str) -> None:
        await self.press("s")
        await self.paste(source, *(() if source.startswith(("{", "F10/")) else ("enter",)))


def asker(clock: Clock, key: RSAPrivateKey) -> Callable[..., str]:
    """Makes the text of a challenge, issued by the clock of the phone."""

    def asking(pin: str = "40718293", *, age: int = 0, key: RSAPrivateKey = key) -> str:
        header = Header(Purpose.SETUP, MACHINE, bytes(16), int(clock.at) - age, "DEMO000001")
        return challenge.seal(pin, PublicKey.of(key), header).text

    return asking


Script = Callable[[Hand], Awaitable[None]]


def hold(
    folder: Path,
    script: Script,
    *,
    clock: Clock,
    size: tuple[int, int] = PORTRAIT,
    language: str = "en",
) -> PhoneApp:
    """Give somebody the phone in `folder`, and take it back when `script` is done."""
    phone = Phone(folder, now=clock, cost=CHEAP)
    app = PhoneApp(phone, language, now=clock, monotonic=clock)

    async def session() -> None:
        async with app.run_test(size=size) as pilot:
            hand = Hand(pilot, clock)
            await hand.settle()
            await script(hand)

    asyncio.run(session())
    return app
