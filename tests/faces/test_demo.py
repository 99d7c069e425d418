"""`f10 demo`: the whole story on every size of screen, steered by whoever watches, in a world that is gone afterwards."""

import asyncio
import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from emulator import cli, demo_show, demo_stage, demo_story
from emulator.demo_caption import Caption
from emulator.demo_phone import Phone
from emulator.demo_stage import Stage
from emulator.firmware.boot import Phase
from emulator.setup.qr_view import QRView
from tests.faces.terminal import Terminal, f10

Watcher = Callable[[Pilot[str]], Awaitable[None]]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Making one takes seconds; the story takes each as it is, for it changes a setting to and fro."""
    world = tmp_path_factory.mktemp("demo") / "world"
    demo_show.make(world)
    return world


def watched(world: Path, size: tuple[int, int], speed: float, watcher: Watcher) -> Stage:
    stage = demo_show.stage_of(world, speed)

    async def session() -> None:
        async with stage.run_test(size=size) as pilot:
            await watcher(pilot)

    asyncio.run(session())
    return stage


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(2000):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come to that")


def stage_of(pilot: Pilot[str]) -> Stage:
    assert isinstance(pilot.app, Stage)
    return pilot.app


def caption(pilot: Pilot[str]) -> str:
    return " ".join(str(each.render()) for each in pilot.app.screen.query(Caption))


@pytest.mark.parametrize(
    "size",
    [
        (80, 24),
        pytest.param((100, 38), marks=pytest.mark.slow),
        pytest.param((132, 43), marks=pytest.mark.slow),
    ],
)
def test_the_story_is_told_to_its_end(world: Path, size: tuple[int, int]) -> None:
    told: list[str] = []

    async def watcher(pilot: Pilot[str]) -> None:
        def look() -> bool:
            if (text := caption(pilot).split("\n")[0]) not in told:
                told.append(text)
            return pilot.app.return_value is not None

        await until(look)

    stage = watched(world, size, 500.0, watcher)
    assert stage.return_value == demo_story.ENDING
    assert stage.pc.firmware.session.phase is Phase.OPERATING_SYSTEM
    story = " ".join(told)
    assert re.search(r"PIN \d{4} \d{4}", story)
    assert "Boot Options" in story
    assert ("in 4 parts" in story) == (size == (80, 24))
    assert "USB stick, for the phone" not in story
    assert "The event log:" in demo_show.log_of(stage.pc)[0]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("size", [(80, 24), (100, 38), (132, 43)])
def test_a_caption_covers_no_code(world: Path, size: tuple[int, int]) -> None:
    uncovered: list[bool] = []

    async def story(stage: Stage) -> str:
        await stage.press("F10", 0)
        await stage.tell("Some words. " * 12, 0)
        for key in ("m", "m", "l"):
            (caption,) = stage.screen.query(Caption)
            uncovered.extend(not caption.region.overlaps(view.region) for view in stage.screen.query(QRView))
            await stage.press(key, 0)
        return "told"

    stage = demo_show.stage_of(world, 1000.0)
    stage.perform(story, 1000.0)

    async def session() -> None:
        async with stage.run_test(size=size):
            await until(lambda: stage.return_value is not None)

    asyncio.run(session())
    assert uncovered
    assert all(uncovered)


@pytest.mark.slow
def test_a_watcher_pauses_steps_on_and_ends_it(world: Path) -> None:
    async def watcher(pilot: Pilot[str]) -> None:
        stage = stage_of(pilot)
        await until(lambda: "has just been switched on" in caption(pilot))
        await pilot.press("space")
        await until(lambda: demo_stage.KEYS_PAUSED in caption(pilot))
        await asyncio.sleep(1.5)
        assert "has just been switched on" in caption(pilot)
        await pilot.press("right")
        await until(lambda: "presses F10" in caption(pilot))
        assert stage.pc.firmware.session.phase is Phase.POST
        await pilot.press("x", "enter", "f10")
        await pilot.click(offset=(1, 1))
        assert stage.pc.firmware.session.phase is Phase.POST
        await pilot.press("space")
        await until(lambda: "Computer Setup is locked" in caption(pilot))
        await pilot.press("q")
        await until(lambda: stage.return_value is not None)

    assert watched(world, (80, 24), 6.0, watcher).return_value == demo_stage.ENDED


@pytest.mark.slow
@pytest.mark.sampled(3)
@pytest.mark.parametrize("key", ["escape", "Q", "ctrl+q"])
def test_other_keys_end_it_too(world: Path, key: str) -> None:
    async def watcher(pilot: Pilot[str]) -> None:
        await pilot.press(key)
        await until(lambda: pilot.app.return_value is not None)

    assert watched(world, (80, 24), 0.5, watcher).return_value == demo_stage.ENDED


@pytest.mark.slow
def test_a_phone_that_reads_nothing_ends_it_in_a_sentence(world: Path) -> None:
    stage = demo_show.stage_of(world, 1000.0)
    stage.perform(lambda stage: demo_story.told(stage, lambda _: Phone(world).look([b""])), 1000.0)

    async def session() -> None:
        async with stage.run_test(size=(80, 24)):
            await until(lambda: stage.return_value is not None)

    asyncio.run(session())
    assert (stage.return_value or "").startswith(f"{demo_story.FAILED}the phone could not read the challenge")


@pytest.mark.slow
def test_the_real_program_leaves_nothing_behind(tmp_path: Path) -> None:
    environment = {"TMPDIR": os.fspath(tmp_path), "HOME": os.fspath(tmp_path)}
    with Terminal(f10(tmp_path / "home", "demo", "--speed", "100"), (80, 24), environment) as terminal:
        terminal.until(lambda terminal: b"has just been switched on" in terminal.output)
        assert list(tmp_path.glob("f10-demo-*"))
        assert terminal.until_it_ends() == 0
    shown = terminal.output.decode()
    assert demo_story.ENDING in shown.replace("\r\n", "\n")
    assert demo_show.NEXT in shown
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("speed", ["0", "-1", "nan", "fast", "1e9"])
def test_a_speed_that_is_none_is_refused(speed: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["demo", "--speed", speed]) == 2
    assert "--speed takes a number from 0.1 to 1000" in capsys.readouterr().err


def test_without_a_terminal_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["demo"]) == 2
    assert "demo needs a terminal" in capsys.readouterr().err
