"""`f10 serve` as a real process: who comes in, what a visitor can do, and that no PC is left behind."""

import asyncio
import os
import re
import signal
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from pathlib import Path

import pytest
from aiohttp import ClientResponse, ClientSession, WSServerHandshakeError

from emulator import demo_world
from emulator.pc_folder import PCFolder
from tests.faces.serving import Serving, Visitor, serving, until, visitor
from tests.faces.terminal import f10

POST = "Computer Setup"
F10, CTRL_Q, ENTER = "\x1b[21~", "\x11", "\r"
SETUP = "System Information"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server for a PC without keys, one for all tests that leave it running."""
    home = tmp_path_factory.mktemp("served") / "home"
    demo_world.make_without_keys(home)
    with serving(home) as running:
        yield running


@pytest.fixture
def served(server: Serving) -> Serving:
    """That server, once the PC of the visitor before is off."""
    until(lambda: not server.pc_is_on)
    return server


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Serving]:
    """A server to be ended."""
    demo_world.make_without_keys(tmp_path / "home")
    with serving(tmp_path / "home") as running:
        yield running


@asynccontextmanager
async def asked(url: str, **headers: str) -> AsyncIterator[ClientResponse]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with ClientSession() as session, session.get(url, headers=named) as response:
        yield response


def answer(url: str, **headers: str) -> tuple[int, str]:
    async def ask() -> tuple[int, str]:
        async with asked(url, **headers) as response:
            return response.status, await response.text(errors="replace")

    return asyncio.run(ask())


def handshake(served: Serving, path: str, **headers: str) -> int:
    """How an attempt to connect to the screen ends."""

    async def connect() -> int:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with ClientSession() as session:
            try:
                async with session.ws_connect(f"{served.origin}{path}", headers=named):
                    return HTTPStatus.SWITCHING_PROTOCOLS
            except WSServerHandshakeError as refused:
                return refused.status

    return asyncio.run(connect())


def test_the_page_takes_everything_from_here_and_forbids_the_rest(served: Serving) -> None:
    async def look() -> None:
        async with asked(served.address) as response:
            page = await response.text()
            assert response.status == HTTPStatus.OK
            assert "Server" not in response.headers
            assert response.headers["Cache-Control"] == "no-store"
            assert response.headers["Referrer-Policy"] == "no-referrer"
            assert response.headers["X-Frame-Options"] == "DENY"
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
        assert f'"ws://{served.host}/{served.token}/screen"' in page
        assert "http" not in page
        for name in re.findall(r'(?:src|href)="([\w.]+)"', page):
            async with asked(served.address + name) as response:
                assert response.status == HTTPStatus.OK, name
                assert response.headers["Cache-Control"] == "no-store"
                assert len(await response.read()) > 100

    asyncio.run(look())


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/ws",
        "/screen",
        "/static/js/textual.js",
        "/download/1",
        "/favicon.ico",
        "/wrong/",
        "/wrong/screen",
        "//",
    ],
)
def test_without_the_token_nothing_is_there(served: Serving, path: str) -> None:
    nothing = (HTTPStatus.NOT_FOUND, "Not Found\n")
    assert answer(served.origin + path) == nothing
    assert answer(served.origin + path, Host="evil.example", Origin="http://evil.example") == nothing
    assert handshake(served, path, Origin=served.origin) == HTTPStatus.NOT_FOUND


def test_half_a_token_is_none(served: Serving) -> None:
    for token in (served.token[:-1], served.token + "A", served.token.swapcase(), ""):
        assert answer(f"{served.origin}/{token}/")[0] == HTTPStatus.NOT_FOUND
        assert handshake(served, f"/{token}/screen", Origin=served.origin) == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("name", ["server.py", "..%2fserver.py", "%2e%2e/guard.py", "page.html", "screen.js"])
def test_with_the_token_there_are_these_files_and_no_others(served: Serving, name: str) -> None:
    assert answer(served.address + name)[0] == HTTPStatus.NOT_FOUND


def test_the_token_alone_does_not_help_a_rebound_name(served: Serving) -> None:
    status, told = answer(served.address, Host=f"evil.example:{served.port}")
    assert status == HTTPStatus.FORBIDDEN
    assert f"expected {served.host}" in told
    assert answer(served.address, Host=f"localhost:{served.port}")[0] == HTTPStatus.OK


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_the_token_alone_does_not_help_another_page(served: Serving, site: str) -> None:
    assert answer(served.address, Sec_Fetch_Site=site)[0] == HTTPStatus.FORBIDDEN
    assert answer(served.address, Origin="http://127.0.0.1:1")[0] == HTTPStatus.FORBIDDEN
    screen = f"/{served.token}/screen"
    for origin in ("http://evil.example", "null", "http://127.0.0.1:1", f"http://localhost:{served.port}"):
        assert handshake(served, screen, Origin=origin) == HTTPStatus.FORBIDDEN
    assert handshake(served, screen) == HTTPStatus.FORBIDDEN
    assert handshake(served, screen, Origin=served.origin, Sec_Fetch_Site=site) == HTTPStatus.FORBIDDEN
    assert not served.pc_is_on


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_there_is_nothing_to_send_to(served: Serving, method: str) -> None:
    async def send(url: str) -> int:
        async with ClientSession() as session, session.request(method, url, data=b"x") as response:
            assert "Access-Control-Allow-Origin" not in response.headers
            return response.status

    assert asyncio.run(send(served.address)) == HTTPStatus.METHOD_NOT_ALLOWED
    assert asyncio.run(send(f"{served.origin}/")) == HTTPStatus.NOT_FOUND


def test_nobody_listens_but_on_loopback(served: Serving) -> None:
    """All of 127.0.0.0/8 is this computer on Linux, so a server that listens everywhere would answer there."""
    with socket.socket() as outside, pytest.raises(OSError, match=r".+"):
        outside.connect(("127.0.0.2", served.port))


@pytest.mark.parametrize(
    "line", [b"\x00\xff\x80\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"A" * 100_000]
)
def test_what_is_no_request_is_no_trouble(served: Serving, line: bytes) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        connection.sendall(line)
        connection.shutdown(socket.SHUT_WR)
    assert answer(served.address)[0] == HTTPStatus.OK


async def in_setup(guest: Visitor) -> None:
    await guest.until(POST)
    await guest.type(F10)
    await guest.until(SETUP)


def test_a_visitor_sees_the_pc_and_types(served: Serving) -> None:
    async def visit() -> None:
        async with visitor(served) as guest:
            await in_setup(guest)
            assert served.pc_is_on
            await guest.say(["resize", {"width": 100, "height": 30}])
            await guest.say(["ping", "17"])
            await guest.until(lambda guest: '["pong", "17"]' in guest.strings)

    asyncio.run(visit())
    until(lambda: not served.pc_is_on)


@pytest.mark.slow
def test_quitting_is_not_for_visitors(served: Serving) -> None:
    async def visit() -> None:
        async with visitor(served) as guest:
            await guest.until(POST)
            await guest.type(CTRL_Q)
            await guest.until("Ctrl+Q switches nothing off")
            await guest.type(F10)
            await guest.until(SETUP)
            await guest.type(CTRL_Q, CTRL_Q)
            assert served.pc_is_on
            assert SETUP in guest.text

    asyncio.run(visit())


@pytest.mark.slow
def test_a_pc_that_is_switched_off_says_so_and_can_be_switched_on_again(served: Serving) -> None:
    async def visit() -> None:
        async with visitor(served) as guest:
            await guest.until(POST)
            await guest.type(ENTER)
            await guest.until("power off")
            await guest.type("p")
            await guest.until_it_closes()
            assert guest.text.strip() == "The PC is switched off."
        assert not served.pc_is_on
        async with visitor(served) as guest:
            await guest.until(POST)

    asyncio.run(visit())


@pytest.mark.slow
def test_odd_messages_change_nothing(served: Serving) -> None:
    odd = [
        [],
        {},
        7,
        None,
        ["stdin"],
        ["stdin", 7],
        ["resize", {"width": "wide"}],
        ["resize", 7],
        ["quit"],
        ["ping", []],
    ]

    async def visit() -> None:
        async with visitor(served) as guest:
            await in_setup(guest)
            await guest.say(*odd, ["stdin", "x" * 100_000])
            for text in ("", "[", "[" * 100_000, '["stdin", "\\ud800"]', "\0"):
                await guest.connection.send_str(text)
            await guest.connection.send_bytes(b"M\xff\xff\xff\xff")
            await guest.say(
                ["resize", {"width": -1, "height": 10**9}], ["resize", {"width": 100, "height": 38}]
            )
            await guest.say(["ping", "still here"])
            await guest.until(lambda guest: '["pong", "still here"]' in guest.strings)
            await guest.type("\x1b[C")
            await guest.until("Administrator Tools")

    asyncio.run(visit())


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "query", [{"width": "-1", "height": "x"}, {"width": "9" * 5000}, {"height": "0", "width": "0"}]
)
def test_odd_sizes_are_no_trouble(served: Serving, query: dict[str, str]) -> None:
    async def visit() -> None:
        async with visitor(served, query) as guest:
            await guest.until(lambda guest: bool(guest.text.strip()))

    asyncio.run(visit())


@pytest.mark.slow
def test_a_huge_message_ends_the_visit_and_nothing_else(served: Serving) -> None:
    async def visit() -> None:
        async with visitor(served) as guest:
            await guest.until(POST)
            await guest.connection.send_str("x" * (2 << 20))
            await guest.until_it_closes()
        async with visitor(served) as guest:
            await guest.until(POST)

    asyncio.run(visit())


@pytest.mark.slow
def test_one_visitor_at_a_time(served: Serving) -> None:
    async def visit() -> None:
        async with visitor(served) as first:
            await in_setup(first)
            async with visitor(served) as second:
                await second.say(["stdin", CTRL_Q], ["stdin", "x"])
                await second.until_it_closes()
                assert "Somebody else sits at this PC" in second.text
            await first.type("\x1b[C")
            await first.until("Administrator Tools")
        async with visitor(served) as third:
            await third.until(POST)

    asyncio.run(visit())


def test_a_pc_that_is_on_elsewhere_is_not_shown(served: Serving) -> None:
    async def visit() -> None:
        async with visitor(served) as guest:
            await guest.until_it_closes()
            assert "switched on already" in re.sub(r"\s+", " ", guest.text)

    until(lambda: not served.pc_is_on)
    with PCFolder(served.home / "pc").power():
        asyncio.run(visit())


@pytest.mark.slow
def test_leaving_pulls_the_plug(served: Serving) -> None:
    async def visit() -> None:
        async with visitor(served) as guest:
            await guest.until(POST)

    asyncio.run(visit())
    until(lambda: not served.pc_is_on)
    assert not (served.home / "pc" / "management.sock").exists()


def test_the_token_stands_in_no_argument_list(served: Serving) -> None:
    def told_to_processes() -> Iterator[bytes]:
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                yield (process / "cmdline").read_bytes() + (process / "environ").read_bytes()

    async def visit() -> None:
        async with visitor(served) as guest:
            await guest.until(POST)
            assert not any(served.token.encode() in told for told in told_to_processes())

    asyncio.run(visit())


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_no_pc_outlives_its_server(own: Serving, number: signal.Signals) -> None:
    async def visit() -> None:
        async with visitor(own) as guest:
            await in_setup(guest)
            assert own.pc_is_on
            ended = await asyncio.to_thread(own.end, number)
            assert ended == (-number if number == signal.SIGKILL else 0)
            await guest.until_it_closes()

    asyncio.run(visit())
    until(lambda: not own.pc_is_on)
    until(lambda: not (own.home / "pc" / "management.sock").exists())
    done = subprocess.run(f10(own.home, "status"), capture_output=True, text=True, check=True)
    assert "off" in done.stdout


def test_a_server_without_visitors_ends_too(own: Serving) -> None:
    assert not own.pc_is_on
    assert own.end(signal.SIGINT) == 0


@pytest.mark.parametrize("port", ["80", "65536", "x", "-1", "８０８０", ""])
def test_a_port_is_one_that_can_be_had(tmp_path: Path, port: str) -> None:
    done = subprocess.run(
        f10(tmp_path, "serve", f"--port={port}"), capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "--port takes a number from 1024 to 65535" in done.stderr
    assert not os.listdir(tmp_path)


@pytest.mark.slow
def test_a_port_that_is_taken_is_named(served: Serving) -> None:
    done = subprocess.run(
        f10(served.home, "serve", "--port", str(served.port)), capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert f"127.0.0.1:{served.port} cannot be served on: Address already in use" in done.stderr


@pytest.mark.slow
def test_a_pc_keeps_its_model(served: Serving) -> None:
    done = subprocess.run(
        f10(served.home, "serve", "--model", "elitedesk-800-g2"), capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "leave --model away" in done.stderr
