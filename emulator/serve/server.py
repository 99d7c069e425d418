"""The web server: a page, the files of its terminal, and the connection that carries keys and screen.

It is built on aiohttp, as textual-serve's own is, and serves the terminal that textual-serve packages. Its page is our own: the packaged
one asks the network for a font and runs scripts that stand in the page. No file of the visitor's choice can be had.
"""

from collections.abc import Awaitable, Callable
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

from aiohttp import web

from emulator.serve.guard import Guard, security_headers
from emulator.serve.messages import asked_size
from emulator.serve.visit import Seat

PACKAGED, OURS = resources.files("textual_serve") / "static", resources.files("emulator.serve")
FILES: dict[str, tuple[Traversable, str]] = {
    "textual.js": (PACKAGED / "js" / "textual.js", "text/javascript"),
    "xterm.css": (PACKAGED / "css" / "xterm.css", "text/css"),
    "mono.ttf": (PACKAGED / "fonts" / "RobotoMono-VariableFont_wght.ttf", "font/ttf"),
    "page.js": (OURS / "page.js", "text/javascript"),
    "page.css": (OURS / "page.css", "text/css"),
}
HEARTBEAT = 15.0
"""Seconds between the questions whether the browser is still there."""
LARGEST_MESSAGE = 1 << 20
"""Bytes of a message; a longer one ends the connection. What is typed is limited further, and dropped instead."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Served:
    """The pages of one PC's screen."""

    def __init__(self, home: Path, guard: Guard) -> None:
        self._guard, self._seat = guard, Seat(home)

    def application(self) -> web.Application:
        application = web.Application(middlewares=[self._let_in])
        application.add_routes(
            [
                web.get("/{token}/", self._page),
                web.get("/{token}/screen", self._screen),
                web.get("/{token}/{file}", self._file),
            ]
        )
        application.on_response_prepare.append(self._harden)
        application.on_shutdown.append(self._close)
        return application

    @web.middleware
    async def _let_in(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        keyboard = request.match_info.handler == self._screen
        if refusal := self._guard.refusal(request.path, request.headers, keyboard=keyboard):
            return web.Response(status=refusal.status, text=refusal.text)
        return await handler(request)

    async def _harden(self, request: web.Request, response: web.StreamResponse) -> None:
        host = request.headers.get("Host", "")
        response.headers.popall("Server", None)
        response.headers.update(security_headers(host if host in self._guard.hosts else self._guard.hosts[0]))

    async def _page(self, request: web.Request) -> web.Response:
        text = Template((OURS / "page.html").read_text("utf-8"))
        screen = f"ws://{request.host}/{self._guard.token}/screen"
        return web.Response(text=text.substitute(screen=screen), content_type="text/html", charset="utf-8")

    async def _file(self, request: web.Request) -> web.Response:
        if (name := request.match_info["file"]) not in FILES:
            raise web.HTTPNotFound
        file, kind = FILES[name]
        return web.Response(body=file.read_bytes(), content_type=kind)

    async def _screen(self, request: web.Request) -> web.WebSocketResponse:
        connection = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=LARGEST_MESSAGE, compress=False)
        await connection.prepare(request)
        await self._seat.visit(connection, asked_size(*map(request.query.get, ("width", "height"))))
        return connection

    async def _close(self, _application: web.Application) -> None:
        await self._seat.clear()
