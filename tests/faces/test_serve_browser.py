"""`f10 serve` in a real browser: its picture is read, its answer opens Setup, and other pages reach nothing."""

import importlib.util
import io
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from emulator import demo, demo_world
from tests.codes import codes_in
from tests.faces.phone import phone, pin_from
from tests.faces.serving import Serving, serving, until
from tests.faces.strangers import TRIES, stranger
from tests.faces.terminal import f10

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium")
SHOWN = "body.-first-byte"
LAPTOP = {"width": 1280, "height": 720}


def missing() -> str:
    """What is not installed, as a sentence for the one who reads why a test was skipped."""
    if CHROMIUM is None:
        return "The program chromium is missing; Debian's package chromium brings it."
    if importlib.util.find_spec("playwright") is None:
        return "The package playwright is missing; it drives Chromium, and the full run installs it."
    return ""


pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(missing()), reason=missing())]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """The demo world's PC, guarded by the key that its phone holds. The first `serve` makes the world."""
    home = tmp_path_factory.mktemp("served") / "home"
    with serving(home) as running:
        enrolled = phone(home, "enroll", str(home / "admin" / demo.PICTURE))
        assert enrolled.returncode == 0, enrolled.stderr
        yield running


@pytest.fixture
def served(server: Serving) -> Serving:
    """That server, once the PC of the visitor before is off."""
    until(lambda: not server.pc_is_on)
    return server


@pytest.fixture(scope="module")
def chromium(server: Serving) -> Iterator[Callable[[float], "Browser"]]:
    """Starts Debian's Chromium on a screen with so many real pixels in one of its own."""
    from playwright.sync_api import sync_playwright

    # Root has no sandbox of Chromium's; the pages in it are all our own.
    arguments = ["--host-resolver-rules=MAP evil.example 127.0.0.1"] + ["--no-sandbox"] * (os.getuid() == 0)
    with sync_playwright() as playwright:

        def start(ratio: float) -> "Browser":
            pixels = f"--force-device-scale-factor={ratio}"
            return playwright.chromium.launch(
                executable_path=CHROMIUM, args=[*arguments, pixels, "--window-size=1280,800"]
            )

        yield start


@pytest.fixture(scope="module")
def browser(chromium: Callable[[float], "Browser"]) -> Iterator["Browser"]:
    with closing(chromium(1)) as running:
        yield running


@pytest.fixture
def page(browser: "Browser") -> Iterator["Page"]:
    """A page that may ask nobody but this computer, and has nothing to complain about."""
    complaints: list[str] = []
    with closing(browser.new_context(viewport=LAPTOP)) as context:
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda asked: None if "127.0.0.1" in asked.url else complaints.append(asked.url))
        yield page
    assert not complaints


@pytest.fixture
def pc(page: "Page", served: Serving) -> Iterator["Page"]:
    """A page with the PC's screen."""
    page.goto(served.address)
    page.wait_for_selector(SHOWN)
    yield page
    page.close()
    until(lambda: not served.pc_is_on)


def status(served: Serving) -> str:
    return subprocess.run(f10(served.home, "status"), capture_output=True, text=True, check=True).stdout


def picture(page: "Page", file: Path) -> Image.Image:
    data: bytes = page.screenshot()
    file.write_bytes(data)
    return Image.open(io.BytesIO(data))


def read_by_zbar(file: Path) -> list[str]:
    """What a reader by other people, zbar, makes of a picture."""
    if shutil.which("zbarimg") is None:
        pytest.skip("The program zbarimg is missing; Debian's package zbar-tools brings it.")
    command = ["zbarimg", "-q", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def asked_for_a_code(page: "Page", file: Path) -> list[str]:
    """The codes on the screen after F10, which has to come before POST is over."""
    codes: list[str] = []

    def shown() -> bool:
        page.keyboard.press("F10")
        page.wait_for_timeout(300)
        codes[:] = codes_in(picture(page, file))
        return len(codes) == 1

    until(shown)
    return codes


@pytest.mark.parametrize("ratio", [1, 1.5])
def test_the_code_in_the_browser_is_read_answered_and_opens_setup(
    chromium: Callable[[float], "Browser"], served: Serving, tmp_path: Path, ratio: float
) -> None:
    """Fractions of pixels are where seams between the code's rows would show."""
    screenshot = tmp_path / "browser.png"
    with closing(chromium(ratio)) as browser, closing(browser.new_context(no_viewport=True)) as context:
        page = context.new_page()
        page.goto(served.address)
        page.wait_for_selector(SHOWN)
        codes = asked_for_a_code(page, screenshot)
        assert read_by_zbar(screenshot) == codes
        page.keyboard.type(pin_from(served.home, screenshot))
        page.keyboard.press("Enter")
        until(lambda: "on (Computer Setup)" in status(served))
    until(lambda: not served.pc_is_on)


def test_loading_the_page_again_is_another_start(pc: "Page", served: Serving) -> None:
    for _ in range(3):
        pc.reload()
        pc.wait_for_selector(SHOWN)
        until(lambda: served.pc_is_on)
    assert not pc.locator(".closed").is_visible()


def test_a_pc_that_was_switched_off_is_switched_on_again_by_the_page(pc: "Page", served: Serving) -> None:
    pc.keyboard.press("Enter")
    until(lambda: "operating system" in status(served))
    pc.keyboard.press("p")
    pc.wait_for_selector("body.-closed")
    until(lambda: not served.pc_is_on)
    pc.get_by_role("link").click()
    pc.wait_for_selector(SHOWN)
    until(lambda: served.pc_is_on)


def test_a_second_tab_is_told_that_the_seat_is_taken(pc: "Page", served: Serving) -> None:
    second = pc.context.new_page()
    second.goto(served.address)
    second.wait_for_selector("body.-closed")
    assert second.locator(".closed").is_visible()
    second.close()
    assert served.pc_is_on
    assert not pc.locator(".closed").is_visible()


def test_when_the_server_is_gone_the_page_says_so(page: "Page", tmp_path: Path) -> None:
    demo_world.make_without_keys(tmp_path / "home")
    with serving(tmp_path / "home") as own:
        page.goto(own.address)
        page.wait_for_selector(SHOWN)
        own.end()
        page.wait_for_selector("body.-closed")
        assert page.locator(".closed").is_visible()


KINDS: dict[str, Callable[[Serving], str]] = {
    "without the token": lambda served: f"{served.origin}/",
    "with the token, were it known": lambda served: served.address,
}


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "evil.example"])
@pytest.mark.parametrize("kind", KINDS)
def test_another_page_reaches_nothing(browser: "Browser", served: Serving, name: str, kind: str) -> None:
    """While nobody sits there, one connection that gets through would switch the PC on."""
    with stranger() as port, closing(browser.new_context()) as context:
        page = context.new_page()
        page.goto(f"http://{name}:{port}/")
        got: dict[str, str] = page.evaluate(TRIES, KINDS[kind](served))
        assert not served.pc_is_on
        frames = [frame for each in context.pages for frame in each.frames]
        assert len(frames) > len(context.pages), "the frame was not even tried"
        assert all(frame.locator("#terminal").count() == 0 for frame in frames)
    hidden = {"blind", "posted"}
    assert {what: outcome for what, outcome in got.items() if what not in hidden} == dict.fromkeys(
        got.keys() - hidden, "failed"
    )
    assert {got[what] for what in hidden} <= {"opaque", "failed"}
    assert not served.pc_is_on


def test_another_page_does_not_disturb_who_sits_there(pc: "Page", served: Serving, tmp_path: Path) -> None:
    codes = asked_for_a_code(pc, tmp_path / "before.png")
    with stranger() as port:
        other = pc.context.new_page()
        other.goto(f"http://127.0.0.1:{port}/")
        got: dict[str, str] = other.evaluate(TRIES, served.address)
        assert got["socket"] == "failed"
        other.close()
    assert codes_in(picture(pc, tmp_path / "after.png")) == codes
    assert not pc.locator(".closed").is_visible()


def test_a_name_that_is_rebound_to_this_computer_reaches_nothing(page: "Page", served: Serving) -> None:
    """The stranger's name points here now, so the browser takes our pages for his; only Host tells."""
    for path, expected in (("/", 404), (f"/{served.token}/", 403)):
        answer = page.context.new_page().goto(f"http://evil.example:{served.port}{path}")
        assert answer is not None
        assert answer.status == expected
    assert not served.pc_is_on
