"""Pictures as files: by their ending, whole, and refused in a sentence where they cannot be made."""

from pathlib import Path

import pytest
from PIL import Image

from emulator.setup import picture_file, screen_picture
from emulator.setup.picture_file import NoPicture

DARK = screen_picture.dark(80, 24)


def test_the_ending_of_the_name_decides(tmp_path: Path) -> None:
    for name in ("a.svg", "b.SVG"):
        picture_file.save(DARK, tmp_path / name)
        assert (tmp_path / name).read_text("utf-8") == DARK
    if not picture_file.has_font():
        pytest.skip("No monospaced font is installed (Debian: fonts-dejavu-core), so no PNG is made.")
    picture_file.save(DARK, tmp_path / "c.png")
    with Image.open(tmp_path / "c.png") as picture:
        assert (picture.format, picture.size) == ("PNG", (80 * 16, 24 * 32))


def test_a_picture_takes_the_place_of_an_older_one(tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    path.write_text("old")
    picture_file.save(DARK, path)
    assert path.read_text("utf-8") == DARK


@pytest.mark.parametrize("name", ["a.jpg", "a", "svg", ".png"])
def test_other_endings_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(NoPicture, match=r"ends in \.svg or \.png"):
        picture_file.require_possible(tmp_path / name)


def test_a_place_that_takes_no_file_is_refused_beforehand(tmp_path: Path) -> None:
    (tmp_path / "folder.svg").mkdir()
    for path in (tmp_path / "folder.svg", tmp_path / "missing" / "a.svg"):
        with pytest.raises(NoPicture, match="no picture can be written to"):
            picture_file.require_possible(path)


def test_what_fails_while_writing_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.svg").symlink_to(tmp_path / "a.svg")
    with pytest.raises(NoPicture, match="could not be written"):
        picture_file.save(DARK, tmp_path / "a.svg")


def test_without_a_font_one_would_see_that_no_text_can_be_drawn() -> None:
    assert not picture_file.has_font(system_fonts=False)
