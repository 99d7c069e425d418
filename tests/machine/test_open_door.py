"""A door that a thread holds open: one machine, many visitors, and nobody costs another one an answer."""

import json
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from emulator import management_socket, open_door
from emulator.firmware import commands as c
from emulator.machine import TargetPC
from emulator.management_door import LARGEST, DoorClosed, ask
from emulator.open_door import OpenDoor
from emulator.pc_folder import PCFolder

SOON = 5.0
"""Seconds. A door that makes a visitor wait for another's patience to end makes him wait twice as long."""


DISABLE = b'{"verb": "set", "name": "USB Storage Boot", "value": "Disable"}\n'


@pytest.fixture
def folder(tmp_path: Path) -> PCFolder:
    return PCFolder(tmp_path / "pc")


@pytest.fixture
def pc(folder: PCFolder) -> TargetPC:
    machine = TargetPC.manufacture(folder.new_image())
    machine.execute(c.PowerOn())
    machine.execute(c.Continue())
    return machine


@pytest.fixture
def door(pc: TargetPC, folder: PCFolder) -> Iterator[OpenDoor]:
    with folder.power(), OpenDoor(pc, folder) as opened:
        yield opened


@contextmanager
def line_to(folder: PCFolder) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(SOON)
        with management_socket._inside(folder):
            line.connect(folder.socket_name)
        yield line


def test_tools_meet_the_pc_and_whoever_has_it_in_hand_does_too(door: OpenDoor, folder: PCFolder) -> None:
    changed = ask(folder, {"verb": "set", "name": "USB Storage Boot", "value": "Disable"})
    assert changed["ok"], changed
    with door.turn:
        instance = door.pc.wmi.get("USB Storage Boot")
        assert instance is not None
        assert instance["CurrentValue"] == "Disable"
        # The one who has the turn may ask as well.
        assert door.ask({"verb": "set", "name": "USB Storage Boot", "value": "Enable"})["ok"]
    told = ask(folder, {"verb": "get", "name": "USB Storage Boot"})["instance"]
    assert isinstance(told, dict)
    assert told["CurrentValue"] == "Enable"


def test_many_visitors_and_direct_use_are_served_in_turn(door: OpenDoor, folder: PCFolder) -> None:
    request = json.dumps({"verb": "set", "name": "Ownership Tag", "value": "x"}).encode() + b"\n"
    with ExitStack() as visits:
        with door.turn:
            lines = [visits.enter_context(line_to(folder)) for _ in range(20)]
            for line in lines:
                line.sendall(request)
            door.pc.execute(c.Restart())
            # Nobody comes in between, where it would be refused.
            time.sleep(0.05)
            door.pc.execute(c.Continue())
        answers = [json.loads(line.makefile("rb").readline())["ok"] for line in lines]
    assert answers == [True] * 20


def test_who_asks_from_within_waits_for_the_turn_too(door: OpenDoor) -> None:
    told: list[object] = []
    asking = threading.Thread(
        target=lambda: told.append(door.ask({"verb": "get", "name": "Fast Boot"})["ok"])
    )
    with door.turn:
        door.pc.execute(c.Restart())
        asking.start()
        time.sleep(0.05)
        assert told == []
        door.pc.execute(c.Continue())
    asking.join(SOON)
    assert told == [True]


def test_half_a_line_is_no_request(door: OpenDoor, folder: PCFolder) -> None:
    before = door.pc.firmware.memory
    with line_to(folder) as line:
        line.sendall(DISABLE.removesuffix(b"\n"))
        line.shutdown(socket.SHUT_WR)
        assert line.makefile("rb").readline() == b""
    assert door.pc.firmware.memory == before


def test_what_stands_behind_the_first_line_is_not_looked_at(door: OpenDoor, folder: PCFolder) -> None:
    with line_to(folder) as line:
        line.sendall(b'{"verb": "status"}\n' + DISABLE)
        assert json.loads(line.makefile("rb").readline())["ok"]
    assert door.pc.firmware.value("USB Storage Boot") == "Enable"


def test_nothing_is_carried_out_for_a_client_that_has_gone(door: OpenDoor, folder: PCFolder) -> None:
    before = door.pc.firmware.memory
    with door.turn, line_to(folder) as line:
        line.sendall(DISABLE)
        time.sleep(0.05)
        # It goes, and tells its user that nobody answered, before the turn is given on.
    assert ask(folder, {"verb": "status"})["ok"]
    assert until_there_are(0)
    assert door.pc.firmware.memory == before


def test_who_has_only_said_his_last_word_is_served(door: OpenDoor, folder: PCFolder) -> None:
    with line_to(folder) as line:
        with door.turn:
            line.sendall(DISABLE)
            line.shutdown(socket.SHUT_WR)
            time.sleep(0.05)
        assert json.loads(line.makefile("rb").readline())["ok"]
    assert door.pc.firmware.value("USB Storage Boot") == "Disable"


class TestHowMany:
    """Visitors are threads, and there are never more than so many."""

    @pytest.fixture(autouse=True)
    def few(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(open_door, "VISITORS", 3)

    def test_more_wait_before_the_door_until_one_leaves(self, door: OpenDoor, folder: PCFolder) -> None:
        with ExitStack() as visits:
            first = [visits.enter_context(line_to(folder)) for _ in range(3)]
            line = visits.enter_context(line_to(folder))
            line.sendall(b'{"verb": "status"}\n')
            line.settimeout(0.1)
            with pytest.raises(TimeoutError):
                line.recv(1)
            # Those of an earlier door may still be leaving.
            assert until_there_are(3)
            first[0].close()
            line.settimeout(SOON)
            assert json.loads(line.makefile("rb").readline())["ok"]

    def test_each_place_is_given_back(self, door: OpenDoor, folder: PCFolder) -> None:
        for _ in range(5):
            assert ask(folder, {"verb": "status"})["ok"]
            with line_to(folder) as line:
                line.sendall(b"nonsense")

    def test_a_full_door_closes_at_once(self, pc: TargetPC, folder: PCFolder) -> None:
        began = time.monotonic()
        with ExitStack() as silent, folder.power(), OpenDoor(pc, folder) as door:
            for _ in range(3):
                silent.enter_context(line_to(folder))
            assert until_there_are(3)
            time.sleep(0.02)
            assert door._thread.is_alive()
        assert time.monotonic() - began < SOON / 2


def test_a_system_without_descriptors_or_threads_to_spare_keeps_the_door_open(
    door: OpenDoor, folder: PCFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = 0
    start = threading.Thread.start

    def no_thread(thread: threading.Thread) -> None:
        nonlocal failures
        if thread.name == "visitor":
            failures += 1
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", no_thread)
    with pytest.raises(DoorClosed):
        ask(folder, {"verb": "status"})
    monkeypatch.undo()
    assert failures == 1
    assert ask(folder, {"verb": "status"})["ok"]


def test_a_door_that_lets_nobody_in_is_not_tried_without_a_pause(pc: TargetPC, folder: PCFolder) -> None:
    with folder.power():
        door = OpenDoor(pc, folder)
        with door, ExitStack() as back:
            # Nobody listens at this one, so each attempt fails at once.
            tries = back.enter_context(_Counting())
            back.callback(setattr, door, "_door", door._door)
            door._door = tries
            # The one who still waits at the old one is let in first.
            with line_to(folder):
                pass
            time.sleep(0.15)
            assert 1 <= tries.count <= 8
            assert door._thread.is_alive()


class _Counting(socket.socket):
    """A socket that nobody can be let in by, and that counts who tried."""

    count = 0

    def accept(self) -> tuple[socket.socket, object]:
        self.count += 1
        return super().accept()


def visitors() -> list[threading.Thread]:
    return [each for each in threading.enumerate() if each.name == "visitor"]


def until_there_are(number: int) -> bool:
    deadline = time.monotonic() + SOON
    while not (so_many := len(visitors()) == number) and time.monotonic() < deadline:
        time.sleep(0.005)
    return so_many


def test_who_is_silent_or_leaves_holds_nobody_up(door: OpenDoor, folder: PCFolder) -> None:
    with ExitStack() as silent:
        for _ in range(12):
            silent.enter_context(line_to(folder))
        silent.enter_context(line_to(folder)).sendall(b'{"verb": "sta')
        with line_to(folder) as line:
            # This one does not wait for what it asked.
            line.sendall(b'{"verb": "status"}\n')
        began = time.monotonic()
        assert ask(folder, {"verb": "status"})["ok"]
        assert time.monotonic() - began < SOON


def test_a_flood_is_read_up_to_the_largest_request_and_answered_by_nobody(
    door: OpenDoor, folder: PCFolder
) -> None:
    before = door.pc.firmware.memory
    with line_to(folder) as line, pytest.raises((BrokenPipeError, ConnectionResetError)):
        line.sendall(b"x" * LARGEST * 2)
    with line_to(folder) as line:
        line.sendall(b"x" * LARGEST + b"\n")
        reply = json.loads(line.makefile("rb").readline())
    assert reply["ok"] is False
    assert ask(folder, {"verb": "status"})["ok"]
    assert door.pc.firmware.memory == before


def test_a_client_that_says_nothing_is_sent_away(
    pc: TargetPC, folder: PCFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_door, "CLIENT_PATIENCE", 0.1)
    with folder.power(), OpenDoor(pc, folder), line_to(folder) as line:
        assert line.recv(1) == b""


def test_a_request_that_comes_in_drops_has_the_same_time_as_a_whole(
    pc: TargetPC, folder: PCFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_door, "CLIENT_PATIENCE", 0.2)
    with folder.power(), OpenDoor(pc, folder), line_to(folder) as line:
        began = time.monotonic()
        while not (ended := bool(select.select([line], [], [], 0.02)[0])) and time.monotonic() < began + SOON:
            line.sendall(b" ")
        assert ended


def test_whoever_comes_while_the_door_closes_finds_nobody_and_changes_nothing(
    pc: TargetPC, folder: PCFolder
) -> None:
    with folder.power():
        door = OpenDoor(pc, folder)
        with ExitStack() as late:
            with door:
                line = late.enter_context(line_to(folder))
                # It was let in and asks when the door is closed already.
                time.sleep(0.05)
            before = pc.firmware.memory
            line.sendall(b'{"verb": "set", "name": "USB Storage Boot", "value": "Disable"}\n')
            assert line.makefile("rb").readline() == b""
        assert pc.firmware.memory == before
        assert not (folder.path / folder.socket_name).exists()
        with pytest.raises(DoorClosed):
            ask(folder, {"verb": "status"})
        # The same machine can be met again.
        with OpenDoor(pc, folder):
            assert ask(folder, {"verb": "status"})["ok"]


def test_closing_waits_for_the_one_whose_turn_it_is(pc: TargetPC, folder: PCFolder) -> None:
    with folder.power():
        door = OpenDoor(pc, folder)
        door.__enter__()
        closing = threading.Thread(target=door.__exit__, args=(None, None, None), daemon=True)
        with door.turn:
            closing.start()
            time.sleep(0.05)
            assert closing.is_alive()
            assert door.ask({"verb": "status"})["ok"]
        closing.join(SOON)
        assert not closing.is_alive()
