"""The real `f10 serve` in a process of its own, and visitors who speak to it as a browser does."""

import asyncio
import re
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import NamedTuple

import pyte
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

from emulator.pc_folder import PCFolder
from tests.faces.terminal import f10

PATIENCE = 30.0
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/([\w-]+)/")
SIZE = (100, 38)


class Serving(NamedTuple):
    """A server that runs."""

    program: subprocess.Popen[str]
    home: Path
    port: int
    token: str
    errors: Path

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def origin(self) -> str:
        return f"http://{self.host}"

    @property
    def address(self) -> str:
        return f"{self.origin}/{self.token}/"

    @property
    def pc_is_on(self) -> bool:
        return PCFolder(self.home / "pc").is_on

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.program.send_signal(number)
        return self.program.wait(PATIENCE)


@contextmanager
def serving(home: Path, *arguments: str) -> Iterator[Serving]:
    """A server until the block ends; it must have had nothing to complain about."""
    errors = home.with_name(f"{home.name}-errors.txt")
    with (
        errors.open("w") as sink,
        subprocess.Popen(
            f10(home, "serve", *arguments),
            stdout=subprocess.PIPE,
            stderr=sink,
            text=True,
            start_new_session=True,
        ) as program,
    ):
        try:
            assert program.stdout is not None
            told = next((found for line in program.stdout if (found := ADDRESS.search(line))), None)
            assert told is not None, errors.read_text()
            yield Serving(program, home, int(told[1]), told[2], errors)
        finally:
            program.terminate()
            program.wait(PATIENCE)
    assert "Traceback" not in errors.read_text()


class Visitor:
    """A browser's side of the connection: a screen that is drawn, and keys."""

    def __init__(self, connection: ClientWebSocketResponse) -> None:
        self.connection = connection
        self.screen = pyte.Screen(*SIZE)
        self._stream = pyte.ByteStream(self.screen)
        self.strings: list[str] = []

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    async def say(self, *messages: object) -> None:
        for message in messages:
            await self.connection.send_json(message)

    async def type(self, *keys: str) -> None:
        for key in keys:
            await self.say(["stdin", key])
            await asyncio.sleep(0.15)

    async def until(self, there: str | Callable[["Visitor"], bool]) -> None:
        """Read until the screen shows a text, or a condition holds."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not (there in self.text if isinstance(there, str) else there(self)):
                    assert await self._read(), f"the connection closed; the screen shows:\n{self.text}"
        except TimeoutError:
            raise AssertionError(f"{there!r} did not come; the screen shows:\n{self.text}") from None

    async def until_it_closes(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while await self._read():
                pass

    async def _read(self) -> bool:
        message = await self.connection.receive()
        if message.type is WSMsgType.BINARY:
            self._stream.feed(message.data)
        elif message.type is WSMsgType.TEXT:
            self.strings.append(message.data)
        return message.type in {WSMsgType.BINARY, WSMsgType.TEXT}


@asynccontextmanager
async def visitor(served: Serving, query: Mapping[str, str] | None = None) -> AsyncIterator[Visitor]:
    """Somebody who opened the page."""
    size = {"width": str(SIZE[0]), "height": str(SIZE[1])}
    async with (
        ClientSession() as session,
        session.ws_connect(
            f"{served.address}screen", params=query or size, origin=served.origin, max_msg_size=0
        ) as connection,
    ):
        yield Visitor(connection)


def until(true: Callable[[], bool]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.05)
