"""The clipboard before the phone. What hands it over is another program, so here are programs that hand over well, badly, or never.

The programs stand for xclip and wl-paste, which the machine that runs the tests need not have; where xclip and Xvfb are installed, the
real one is asked too.
"""

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image, ImageGrab

from emulator.companions.authenticator import clipboard
from emulator.companions.authenticator.exceptions import QRCodeInvalidImage

from .conftest import drawn

TEXT = '{"f10":1,"for":"the clipboard"}'
Installing = Callable[..., Path]


def code(form: str = "PNG") -> bytes:
    out = io.BytesIO()
    drawn(TEXT).save(out, form)
    return out.getvalue()


def seen() -> tuple[str, ...]:
    return next(iter(clipboard.shown().looks), ())


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installing:
    """Puts a program into the only folder where one is looked for. It writes down how it was called."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)

    def installing(name: str, deed: str = "", *, held: bytes = b"") -> Path:
        (tmp_path / "held").write_bytes(held)
        program = tmp_path / name
        program.write_text(
            f"#!/bin/sh\nPATH=/usr/bin:/bin\ncd {tmp_path}\necho $0 $* > called\n{deed or 'cat held'}\n"
        )
        program.chmod(0o755)
        return tmp_path / "called"

    return installing


def test_a_picture_that_was_copied_is_read(install: Installing) -> None:
    called = install("xclip", held=code())
    assert seen() == (TEXT,)
    assert called.read_text().split()[1:] == ["-selection", "clipboard", "-t", "image/png", "-o"]
    assert clipboard.shown().size == drawn(TEXT).size


def test_the_program_is_that_of_the_desktop(install: Installing, monkeypatch: pytest.MonkeyPatch) -> None:
    install("xclip", "exit 1")
    called = install("wl-paste", held=code())
    with pytest.raises(QRCodeInvalidImage):
        seen()
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert seen() == (TEXT,)
    assert "wl-paste --no-newline --type image/png" in called.read_text()


def test_without_a_desktop_or_a_program_a_sentence_says_what_to_do(
    install: Installing, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(QRCodeInvalidImage, match=r"without the program xclip \(Debian: xclip\); install it"):
        seen()
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    with pytest.raises(QRCodeInvalidImage, match=r"program wl-paste \(Debian: wl-clipboard\)"):
        seen()
    monkeypatch.delenv("WAYLAND_DISPLAY")
    monkeypatch.delenv("DISPLAY")
    with pytest.raises(QRCodeInvalidImage, match="no desktop here that has a clipboard; name a picture file"):
        seen()


@pytest.mark.parametrize("deed", ["exit 1", "exit 0", "echo no target >&2; exit 1", "cat held; exit 3"])
def test_a_clipboard_without_a_picture_is_told(install: Installing, deed: str) -> None:
    install("xclip", deed, held=b"half a picture")
    with pytest.raises(QRCodeInvalidImage, match="the clipboard holds no picture"):
        seen()


@pytest.mark.parametrize(
    "deed", ["exec sleep 600", "sleep 600 & wait", "cat held; exec >&-; sleep 600", "sleep 600 &"]
)
def test_a_program_that_hangs_is_ended_with_all_that_it_started(install: Installing, deed: str) -> None:
    install("xclip", deed, held=code())
    with pytest.raises(
        QRCodeInvalidImage, match=r"did not hand over the clipboard within 0\.3 seconds|no picture"
    ):
        clipboard.shown(patience=0.3)


@pytest.mark.parametrize("form", ["GIF", "TIFF", "WEBP", "PPM"])
def test_the_formats_are_those_of_files(install: Installing, form: str) -> None:
    install("xclip", held=code(form))
    with pytest.raises(QRCodeInvalidImage, match="a whole PNG, JPEG or BMP was expected"):
        seen()


def test_text_is_no_picture(install: Installing) -> None:
    install("xclip", held=TEXT.encode())
    with pytest.raises(QRCodeInvalidImage, match="no picture that can be read"):
        seen()


def test_a_program_that_never_stops_writing_is_ended(install: Installing) -> None:
    install("xclip", "exec cat /dev/zero")
    with pytest.raises(QRCodeInvalidImage, match="more than 20 MB"):
        clipboard.shown(patience=60)


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_elsewhere_pillow_is_asked(system: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "code.png").write_bytes(code())
    monkeypatch.setattr(sys, "platform", system)
    for held in (Image.open(io.BytesIO(code())), [str(tmp_path / "code.png")]):
        monkeypatch.setattr(ImageGrab, "grabclipboard", lambda held=held: held)
        assert seen() == (TEXT,)
    for nothing in (None, [], ["one.png", "another.png"]):
        monkeypatch.setattr(ImageGrab, "grabclipboard", lambda held=nothing: held)
        with pytest.raises(QRCodeInvalidImage, match="the clipboard holds no picture"):
            seen()


def test_what_pillow_cannot_read_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        Image.open(io.BytesIO(b"nothing"))

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(ImageGrab, "grabclipboard", fail)
    with pytest.raises(QRCodeInvalidImage, match="the clipboard cannot be read: cannot identify"):
        seen()
    monkeypatch.setattr(ImageGrab, "grabclipboard", lambda: Image.new("1", (40_001, 1000)))
    with pytest.raises(QRCodeInvalidImage, match="at most 40 million"):
        seen()


@contextmanager
def x_server() -> Iterator[str]:
    """A display without a screen, for as long as it is asked for."""
    reader, writer = os.pipe()
    words = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "320x240x24", "-nolisten", "tcp"]
    server = subprocess.Popen(words, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as number:
            yield f":{number.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def test_the_real_xclip_hands_over_what_was_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for program, package in (("xclip", "xclip"), ("Xvfb", "xvfb")):
        if shutil.which(program) is None:
            pytest.skip(
                f"The program {program} is missing (Debian: {package}); the programs above stand for it."
            )
    path = tmp_path / "code.png"
    path.write_bytes(code())
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with x_server() as display:
        monkeypatch.setenv("DISPLAY", display)
        subprocess.run(["xclip", "-selection", "clipboard", "-t", "image/png", "-i", str(path)], check=True)
        assert seen() == (TEXT,)
