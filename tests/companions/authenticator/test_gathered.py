"""A challenge in parts before the phone: in several pictures, in one, in a text; what is missing or mixed is told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from emulator.protocol import challenge_parts

from .conftest import Phone


@pytest.fixture
def enrolled(phone: Phone, package: Callable[..., str]) -> Phone:
    phone("enroll", package())
    return phone


@pytest.fixture
def parts(ask: Callable[..., str]) -> tuple[str, ...]:
    return challenge_parts.split(ask("12345678"))


def test_pictures_of_the_parts_in_any_order_give_the_pin(
    enrolled: Phone, picture: Callable[..., str], parts: tuple[str, ...]
) -> None:
    pictures = [picture(parts[number]) for number in (2, 0, 3, 1, 0)]
    done = enrolled("scan", *pictures)
    assert (done.code, done.err) == (0, "")
    assert "PIN: 1234 5678" in done.out


def test_one_picture_of_all_parts_gives_the_pin(
    enrolled: Phone, picture: Callable[..., str], parts: tuple[str, ...]
) -> None:
    assert "PIN: 1234 5678" in enrolled("scan", picture(*parts)).out


@pytest.mark.parametrize("ending", ["\n", "\r\n", " \n\n"])
def test_a_text_with_a_part_on_each_line_gives_the_pin(
    enrolled: Phone, parts: tuple[str, ...], tmp_path: Path, ending: str
) -> None:
    (tmp_path / "parts.txt").write_text(ending.join(reversed(parts)) + ending, "utf-8", newline="")
    assert "PIN: 1234 5678" in enrolled("scan", str(tmp_path / "parts.txt")).out


def test_texts_and_pictures_may_be_mixed(
    enrolled: Phone, picture: Callable[..., str], parts: tuple[str, ...]
) -> None:
    assert "PIN: 1234 5678" in enrolled("scan", *parts[:2], picture(*parts[2:])).out


def test_what_is_missing_is_told(
    enrolled: Phone, picture: Callable[..., str], parts: tuple[str, ...]
) -> None:
    done = enrolled("scan", picture(parts[0]), picture(parts[3]))
    assert done.code == 101
    assert "still missing: parts 2, 3 of 4; all of one challenge are needed" in done.err
    done = enrolled("scan", picture(*parts[:3]))
    assert done.code == 101
    assert "still missing: part 4 of 4" in done.err


def test_parts_of_two_challenges_are_refused(
    enrolled: Phone, parts: tuple[str, ...], ask: Callable[..., str]
) -> None:
    done = enrolled("scan", *parts, challenge_parts.split(ask())[0])
    assert done.code == 104
    assert "parts of different challenges came" in done.err


def test_a_picture_without_a_part_is_named(
    enrolled: Phone, picture: Callable[..., str], parts: tuple[str, ...], ask: Callable[..., str]
) -> None:
    for other in ("a poster", ask()):
        done = enrolled("scan", *parts[:3], picture(other))
        assert done.code == 104
        assert "picture 4 shows no part of a challenge" in done.err


def test_a_part_that_is_none_and_one_that_was_edited_are_told(
    enrolled: Phone, parts: tuple[str, ...]
) -> None:
    done = enrolled("scan", "F10/2/4/nonsense")
    assert done.code == 101
    assert "a part of a challenge is F10/number/count/id/" in done.err
    done = enrolled("scan", *parts[:3], f"{parts[3][:-3]}0{parts[3][-2:]}")
    assert done.code == 101
    assert "edited or damaged" in done.err


def test_a_whole_challenge_beside_one_part_is_taken(
    enrolled: Phone, picture: Callable[..., str], parts: tuple[str, ...], ask: Callable[..., str]
) -> None:
    assert "PIN: 8765 4321" in enrolled("scan", picture(parts[1], ask("87654321"))).out


def test_standard_input_is_read_once(enrolled: Phone) -> None:
    done = enrolled("scan", "-", "-")
    assert done.code == 100
    assert "one of the pictures only" in done.err
