"""One seat before the PC, and who sits on it: a connection that carries keys to the PC's process and its screen back.

A page that is loaded again opens its connection before the old one is seen to close, and the PC of the old one needs a moment to end, so a
newcomer waits a little before he hears that somebody else sits there.
"""

import asyncio
from contextlib import suppress
from pathlib import Path

from aiohttp import WSCloseCode, WSMsgType, web

from emulator.serve.messages import Pinged, parse
from emulator.serve.process import PCProcess

PATIENCE = 6.0
"""Seconds that a newcomer waits; a page loaded again needs a fraction of one, a PC that has to be killed 10."""
BUSY = "Somebody else sits at this PC: its screen is open in another tab or window. Close that, and try again here."


class Seat:
    """One visitor at a time, each with a PC that is on while he stays."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._taken = asyncio.Lock()
        self._connections: set[web.WebSocketResponse] = set()

    async def visit(self, connection: web.WebSocketResponse, size: tuple[int, int]) -> None:
        """From sitting down to leaving."""
        self._connections.add(connection)
        try:
            await asyncio.wait_for(self._taken.acquire(), PATIENCE)
        except TimeoutError:
            await _say_and_close(connection, BUSY)
        else:
            try:
                await self._use(connection, size)
            finally:
                self._taken.release()
        finally:
            self._connections.discard(connection)

    async def clear(self) -> None:
        """Send everybody away."""
        for connection in list(self._connections):
            await connection.close(code=WSCloseCode.GOING_AWAY)

    async def _use(self, connection: web.WebSocketResponse, size: tuple[int, int]) -> None:
        if connection.closed:
            return
        pc = await PCProcess.switched_on(self._home, size)
        showing = asyncio.create_task(_show(pc, connection))
        try:
            async for message in connection:
                heard = parse(message.data) if message.type is WSMsgType.TEXT else None
                if isinstance(heard, Pinged):
                    with suppress(ConnectionError):
                        await connection.send_json(["pong", heard.text])
                elif heard is not None:
                    await pc.hear(heard)
        finally:
            await pc.pull_the_plug()
            await showing


async def _show(pc: PCProcess, connection: web.WebSocketResponse) -> None:
    """Carry the screen to the browser; when the PC is off, its last words."""
    async for content in pc.screen():
        with suppress(ConnectionError):
            await connection.send_bytes(content)
    await _say_and_close(connection, await pc.last_words())


async def _say_and_close(connection: web.WebSocketResponse, sentence: str) -> None:
    """A sentence on a cleared screen without a cursor; what is typed then goes nowhere."""
    with suppress(ConnectionError):
        await connection.send_bytes(f"\x1b[?1049l\x1b[?25l\x1b[0m\x1b[2J\x1b[H{sentence}".encode())
        await connection.close(code=WSCloseCode.TRY_AGAIN_LATER)
