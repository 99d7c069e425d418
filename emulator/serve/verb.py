"""What the shell sees of `f10 serve`: where things lie, the address, and the end at a signal."""

import asyncio
import logging
import secrets
import signal
import socket
from pathlib import Path

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from emulator import demo
from emulator.model_files import Model
from emulator.serve import CannotServe
from emulator.serve.guard import Guard
from emulator.serve.server import Served

TOKEN_BYTES = 32
LOOPBACK = "127.0.0.1"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(home: Path, port: int, model: Model | None) -> int:
    """Serve the PC's screen until a signal comes. Raises PCFolderError, CannotServe, and what making a demo world raises."""
    with listening(port) as door:
        demo.pc_folder(home, model)
        print(demo.told(home), flush=True)
        asyncio.run(_serve(home, door))
    return 0


def listening(port: int) -> socket.socket:
    """A door on this computer alone; port 0 is a free one. Raises CannotServe."""
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((LOOPBACK, port))
    except OSError as error:
        door.close()
        raise CannotServe(
            f"{LOOPBACK}:{port} cannot be served on: {error.strerror}; leave --port away, and a free one is taken"
        ) from None
    return door


def our_own(record: logging.LogRecord) -> bool:
    """Whether a complaint of the server is about the server, and not about bytes that are no request."""
    return record.exc_info is None or not isinstance(record.exc_info[1], HttpProcessingError)


async def _serve(home: Path, door: socket.socket) -> None:
    logging.getLogger("aiohttp.server").addFilter(our_own)
    ended = asyncio.Event()
    for number in SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    guard = Guard(token=secrets.token_urlsafe(TOKEN_BYTES), port=door.getsockname()[1])
    runner = web.AppRunner(Served(home, guard).application(), access_log=None)
    await runner.setup()
    try:
        await web.SockSite(runner, door).start()
        print(f"\nThe PC's screen: {guard.address}", flush=True)
        print(
            "Opening it switches the PC on, and closing it pulls the plug. Who has the address sits at the PC.",
            flush=True,
        )
        print("Ctrl+C here ends it.", flush=True)
        await ended.wait()
    finally:
        await runner.cleanup()
