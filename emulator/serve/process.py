"""The PC behind the page: a process of its own, `f10 boot`, with pipes for keyboard and screen.

On the pipes go the packets of Textual's web driver: a letter (D for screen and keys, M for what is about them), four bytes of
length, content. The process is in a session of its own, so a Ctrl+C in the shell reaches the server alone, which then pulls the plug.

What the process writes to its standard error is for the shell; the last line is told to the visitor as well, because it says why
there is no screen any more: switched off, or switched on already by somebody else.
"""

import asyncio
import json
import os
import struct
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from pathlib import Path

from textual_serve.app_service import AppService

from emulator.serve.messages import Focused, Resized, Typed

BEGINNING = b"__GANGLION__\n"
"""What Textual's web driver writes before its first packet."""
HEADER = struct.Struct(">cI")
PATIENCE = 5.0
"""Seconds that a PC without a keyboard gets to end by itself, then again after SIGTERM."""
KEPT = 2000
"""Bytes of standard error that may hold the last line."""
PROGRAMS = Path(__file__).parents[2]
DRIVER = "emulator.serve.driver:PipeDriver"


class PCProcess:
    """One PC from power-on to power-off."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self._process = process
        self._keyboard, self._screen, self._errors = process.stdin, process.stdout, process.stderr
        self._told = b""
        self._telling = asyncio.create_task(self._tell())

    @classmethod
    async def switched_on(cls, home: Path, size: tuple[int, int]) -> "PCProcess":
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "emulator", "--home", os.fspath(home), "boot", "--served"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environment(os.environ, size),
            cwd=PROGRAMS,
            start_new_session=True,
        )
        return cls(process)

    async def screen(self) -> AsyncIterator[bytes]:
        """What the terminal is to show, until the PC's process ends."""
        with suppress(asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            await self._screen.readuntil(BEGINNING)
            while True:
                kind, length = HEADER.unpack(await self._screen.readexactly(HEADER.size))
                content = await self._screen.readexactly(length)
                if kind == b"D":
                    yield content

    async def last_words(self) -> str:
        """The last line that the ended process told the shell."""
        await self._telling
        lines = self._told.decode("utf-8", "replace").split("\n")
        return next((line for line in reversed(lines) if line.strip()), "")

    async def hear(self, message: Typed | Resized | Focused) -> None:
        match message:
            case Typed(text):
                packet = AppService.encode_packet(b"D", text.encode())
            case Resized(columns, rows):
                packet = _about(type="resize", width=columns, height=rows)
            case Focused(here):
                packet = _about(type="focus" if here else "blur")
        with suppress(ConnectionError):
            self._keyboard.write(packet)
            await self._keyboard.drain()

    async def pull_the_plug(self) -> None:
        """End the process, whatever it is doing, and wait until it has ended."""
        self._keyboard.close()
        for insist in (self._process.terminate, self._process.kill):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), PATIENCE)
                return
            with suppress(ProcessLookupError):
                insist()
        await self._process.wait()

    async def _tell(self) -> None:
        while data := await self._errors.read(4096):
            self._told = (self._told + data)[-KEPT:]
            sys.stderr.write(data.decode("utf-8", "replace"))
            sys.stderr.flush()


def environment(outer: Mapping[str, str], size: tuple[int, int]) -> dict[str, str]:
    """The shell's environment, with the browser's terminal in the place of the shell's."""
    kept = {name: value for name, value in outer.items() if not name.startswith("TEXTUAL")}
    columns, rows = size
    return kept | {
        "TEXTUAL_DRIVER": DRIVER,
        "TEXTUAL_COLOR_SYSTEM": "truecolor",
        "TERM_PROGRAM": "textual",
        "COLUMNS": str(columns),
        "ROWS": str(rows),
    }


def _about(**members: str | int) -> bytes:
    return AppService.encode_packet(b"M", json.dumps(members).encode())
