"""One PC for a block of questions: switched on once if it is off, asked over its socket if it runs."""

import threading
from contextlib import suppress
from pathlib import Path

import pytest

from emulator import headless
from emulator.firmware import commands as c
from emulator.headless import operating, running
from emulator.machine import TargetPC, memory_in
from emulator.management_door import DoorClosed, answer, encoded, listening_socket
from emulator.pc_folder import PCFolder
from tests.firmware.bench import USB


@pytest.fixture
def folder(tmp_path: Path) -> PCFolder:
    folder = PCFolder(tmp_path / "pc")
    TargetPC.manufacture(folder.new_image(), serial="5CG0000002")
    return folder


def boots(folder: PCFolder) -> int:
    return memory_in(folder.image().open()).boot.boots


GET, SET = {"verb": "get", "name": USB}, {"verb": "set", "name": USB, "value": "Disable"}


def test_a_pc_that_is_off_is_switched_on_once_and_off_at_the_end(folder: PCFolder) -> None:
    with operating(folder) as ask:
        assert not folder.is_on
        assert ask(dict(SET))["ok"] is True
        assert folder.is_on
        assert isinstance(told := ask(dict(GET))["instance"], dict)
        assert told["CurrentValue"] == "Disable"
    assert not folder.is_on
    assert boots(folder) == 1


def test_a_block_that_asks_nothing_starts_nothing(folder: PCFolder) -> None:
    before = folder.image_path.read_bytes()
    with operating(folder):
        pass
    assert folder.image_path.read_bytes() == before


def test_an_error_within_the_block_switches_it_off_too(folder: PCFolder) -> None:
    with suppress(ZeroDivisionError), operating(folder) as ask:
        ask(dict(GET))
        raise ZeroDivisionError
    assert not folder.is_on


def test_a_running_pc_is_asked_over_its_socket_and_stays_on(folder: PCFolder) -> None:
    asked: list[bytes] = []
    with running(folder) as pc, listening_socket(folder) as door:

        def serve() -> None:
            for _ in range(2):
                line, _ = door.accept()
                with line:
                    asked.append(line.makefile("rb").readline())
                    line.sendall(encoded(answer(pc, asked[-1])))

        thread = threading.Thread(target=serve)
        thread.start()
        with operating(folder) as ask:
            assert ask(dict(GET))["ok"] is True
            assert ask({"verb": "status"})["ok"] is True
        thread.join()
        assert len(asked) == 2
        pc.execute(c.SetSetting(USB, "Disable"))


def test_a_running_pc_that_does_not_answer_is_waited_for_and_then_named(
    folder: PCFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(headless, "PATIENCE", 0.1)
    with running(folder), operating(folder) as ask, pytest.raises(DoorClosed, match="no running PC answers"):
        ask(dict(GET))


def test_a_pc_that_goes_off_meanwhile_is_switched_on_for_the_question(folder: PCFolder) -> None:
    with running(folder):
        ending = threading.Event()
        replies: list[dict[str, object]] = []

        def ask_on() -> None:
            with operating(folder) as ask:
                replies.append(ask(dict(GET)))
            ending.set()

        thread = threading.Thread(target=ask_on)
        thread.start()
        assert not ending.wait(0.2)
    thread.join(headless.PATIENCE + 5)
    assert replies
    assert replies[0]["ok"] is True
