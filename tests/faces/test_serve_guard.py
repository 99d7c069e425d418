"""Who may come in to `f10 serve`, and what is taken from them, without a server."""

import json
from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from emulator.serve.guard import UNKNOWN, Guard, security_headers
from emulator.serve.messages import COLUMNS, ROWS, USUAL, Focused, Pinged, Resized, Typed, asked_size, parse
from emulator.serve.process import environment

TOKEN = "t0ken-of-the-test"
GUARD = Guard(token=TOKEN, port=4321)
HOST = "127.0.0.1:4321"


def status(path: str, *headers: tuple[str, str], keyboard: bool = False) -> int:
    refusal = GUARD.refusal(path, CIMultiDict(headers), keyboard=keyboard)
    return HTTPStatus.OK if refusal is None else refusal.status


@pytest.mark.parametrize("host", GUARD.hosts)
@pytest.mark.parametrize("site", [None, "none", "same-origin"])
def test_who_knows_the_token_and_asks_from_here_comes_in(host: str, site: str | None) -> None:
    headers = [("Host", host)] + ([("Sec-Fetch-Site", site)] if site else [])
    assert status(f"/{TOKEN}/", *headers) == HTTPStatus.OK
    assert status(f"/{TOKEN}/screen", *headers, ("Origin", f"http://{host}"), keyboard=True) == HTTPStatus.OK


@given(st.text())
def test_without_the_token_there_is_nothing_to_learn(path: str) -> None:
    right_otherwise = CIMultiDict({"Host": HOST, "Origin": f"http://{HOST}"})
    for tried in (path, f"/{path}", f"/{path}/screen", f"//{TOKEN}/"):
        assert GUARD.refusal(tried, right_otherwise, keyboard=True) is UNKNOWN
        assert GUARD.refusal(tried, CIMultiDict({"Host": "evil.example"}), keyboard=True) is UNKNOWN


@pytest.mark.parametrize(
    "host", ["evil.example:4321", "127.0.0.1", "127.0.0.1:1", "[::1]:4321", "LOCALHOST:4321", "", None]
)
def test_another_name_was_rebound_to_this_computer(host: str | None) -> None:
    headers = () if host is None else (("Host", host),)
    assert status(f"/{TOKEN}/", *headers) == HTTPStatus.FORBIDDEN
    assert status(f"/{TOKEN}/", *headers, ("Host", HOST)) == (
        HTTPStatus.OK if host is None else HTTPStatus.FORBIDDEN
    )


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "http://evil.example",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        f"https://{HOST}",
        "http://localhost:4321",
    ],
)
@pytest.mark.parametrize("keyboard", [False, True])
def test_another_pages_origin_is_refused(origin: str, keyboard: bool) -> None:
    assert status(f"/{TOKEN}/", ("Host", HOST), ("Origin", origin), keyboard=keyboard) == HTTPStatus.FORBIDDEN


def test_keys_need_an_origin() -> None:
    assert status(f"/{TOKEN}/screen", ("Host", HOST), keyboard=True) == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("site", ["cross-site", "same-site", "", "None"])
def test_another_site_is_refused_even_with_the_right_origin(site: str) -> None:
    headers = (("Host", HOST), ("Origin", f"http://{HOST}"), ("Sec-Fetch-Site", site))
    assert status(f"/{TOKEN}/", *headers) == HTTPStatus.FORBIDDEN


def test_a_page_is_not_fetched_before_somebody_opens_it() -> None:
    ahead = (("Host", HOST), ("Sec-Fetch-Site", "none"), ("Sec-Purpose", "prefetch;prerender"))
    assert status(f"/{TOKEN}/", *ahead) == HTTPStatus.FORBIDDEN


def test_the_policy_names_no_place_but_this() -> None:
    policy = security_headers(HOST)["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert f"connect-src ws://{HOST};" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('["stdin", "\\u001b[21~"]', Typed("\x1b[21~")),
        ('["resize", {"width": 100, "height": 38}]', Resized(100, 38)),
        ('["resize", {"width": -5, "height": 1000000000000}]', Resized(COLUMNS[0], ROWS[1])),
        ('["focus"]', Focused(True)),
        ('["blur"]', Focused(False)),
        ('["ping", "17"]', Pinged("17")),
    ],
)
def test_what_the_page_says_is_understood(text: str, message: object) -> None:
    assert parse(text) == message


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "7",
        "null",
        '"stdin"',
        '["stdin"]',
        '["stdin", 7]',
        '["stdin", "a", "b"]',
        '["stdin", "\\ud800"]',
        '["resize", {"width": "100", "height": 38}]',
        '["resize", {"width": 1e2, "height": 38}]',
        '["resize", {"width": 100}]',
        '["resize", [100, 38]]',
        '["resize", {"width": NaN, "height": Infinity}]',
        '["quit"]',
        '["ping", {}]',
        "[" * 100_000,
        "[" + "9" * 100_000 + "]",
        json.dumps(["stdin", "x" * 5000]),
    ],
)
def test_what_it_does_not_say_is_dropped(text: str) -> None:
    assert parse(text) is None


@given(st.text())
def test_no_text_is_too_odd_to_be_dropped(text: str) -> None:
    parse(text)
    parse(json.dumps(["stdin", text]))


@given(st.none() | st.text(), st.none() | st.text())
def test_every_size_that_is_asked_for_can_be_drawn(columns: str | None, rows: str | None) -> None:
    width, height = asked_size(columns, rows)
    assert COLUMNS[0] <= width <= COLUMNS[1]
    assert ROWS[0] <= height <= ROWS[1]


def test_a_size_is_a_size() -> None:
    assert asked_size("100", "38") == (100, 38)
    assert asked_size("100", None) == USUAL
    assert asked_size("1", "99999") == (COLUMNS[0], ROWS[1])


def test_the_shells_terminal_is_not_the_browsers() -> None:
    shell = {
        "PATH": "/bin",
        "TEXTUAL": "devtools",
        "TEXTUAL_LOG": "log",
        "COLUMNS": "7",
        "TERM_PROGRAM": "iTerm.app",
    }
    made = environment(shell, (100, 38))
    assert made["PATH"] == "/bin"
    assert (made["COLUMNS"], made["ROWS"], made["TERM_PROGRAM"]) == ("100", "38", "textual")
    assert not {"TEXTUAL", "TEXTUAL_LOG"} & made.keys()
