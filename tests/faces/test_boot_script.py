"""`f10 boot --keys` through its door: the screen on standard output, everything else on standard error, and a code for the outcome."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from emulator import cli, demo_world
from emulator.pc_folder import PCFolder
from tests.codes import codes_in
from tests.faces.terminal import f10
from tests.pictures import require_a_font, zbar_reads

Done = tuple[int, str, str]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PC without keys: none of these tests needs more, and it is made at once."""
    home = tmp_path_factory.mktemp("home")
    demo_world.make_without_keys(home)
    return home


class Booting:
    """Plays keys on the PC below a home folder."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self._capsys = home, capsys

    def __call__(self, *arguments: str) -> Done:
        code = cli.run(["--home", str(self.home), "boot", *arguments])
        out, err = self._capsys.readouterr()
        return code, out, err


@pytest.fixture
def boot(home: Path, capsys: pytest.CaptureFixture[str]) -> Booting:
    return Booting(home, capsys)


def test_the_last_screen_is_all_that_stands_on_standard_output(boot: Booting) -> None:
    code, out, err = boot("--keys", "F10 right")
    assert (code, err) == (0, "")
    assert len(out.splitlines()) == 24
    assert "Computer Setup" in out


def test_an_expected_text_decides_the_exit_code(boot: Booting) -> None:
    assert boot("--keys", "F10", "--expect", "System Information")[0] == 0
    code, out, err = boot("--keys=F10", "--expect=Enter Response Code")
    assert code == 1
    assert "System Information" in out
    assert err == "f10: the last screen does not show 'Enter Response Code', which --expect names\n"


def test_a_picture_without_keys_is_of_the_first_screen(boot: Booting, tmp_path: Path) -> None:
    code, out, _ = boot("--screenshot", str(tmp_path / "post.svg"), "--size", "100x38")
    assert code == 0
    assert len(out.splitlines()) == 38
    assert "Starting the operating system in 5 s" in (tmp_path / "post.svg").read_text("utf-8")


def test_keys_come_from_a_file_or_from_standard_input(
    boot: Booting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "keys.txt").write_text("F10\nright\nleft\n", "utf-8")
    assert boot("--keys", f"@{tmp_path / 'keys.txt'}", "--expect", "System Information")[0] == 0
    monkeypatch.setattr(sys, "stdin", io.StringIO("F10"))
    assert boot("--keys", "-", "--expect", "System Information")[0] == 0


def test_a_look_can_be_chosen(boot: Booting, tmp_path: Path) -> None:
    picture = tmp_path / "setup.svg"
    assert boot("--keys", "F10", "--theme", "vga", "--screenshot", str(picture))[0] == 0
    assert "#0000a8" in picture.read_text("utf-8")
    code, out, _ = boot("--keys", "F10", "--ascii")
    assert code == 0
    assert out.isascii()


def test_an_orderly_end_is_told_and_keys_beyond_it_are_too_many(boot: Booting) -> None:
    assert boot("--keys", "enter p") == (0, "", "The PC is switched off.\n")
    code, out, err = boot("--keys", "enter p enter")
    assert (code, out) == (1, "")
    assert "the PC was off before all keys were pressed; left over: 1" in err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--keys", "F10 entre"], "word 2 of the keys is no key; perhaps enter is meant"),
        (["--keys", "F10", "--size", "80"], "--size takes columns and rows like 80x24, from 20x8"),
        (["--keys", "F10", "--size", "10x10"], "--size takes columns and rows"),
        (["--keys", "F10", "--size", "9999x24"], "--size takes columns and rows"),
        (["--screenshot", "screen.gif"], "ends in .svg or .png; 'screen.gif' came"),
        (["--screenshot", "/nowhere/at/all.svg"], "no picture can be written to /nowhere/at/all.svg"),
        (["--keys", "@/nowhere/keys"], "the keys in /nowhere/keys cannot be read: No such file"),
        (["--keys"], "--keys needs a value behind it"),
        (["--keys", "F10", "--keys", "F9"], "--keys is there twice"),
        (["--keys", "F10", "--speed", "2"], "boot takes"),
        (["--keys", "F10", "--theme", "green"], "a theme is white or vga"),
        (["--keys", "F10", "--model", "probook-without-a-name"], "probook-without-a-name"),
    ],
)
def test_what_cannot_be_played_is_refused_before_anything_is_switched_on(
    boot: Booting, arguments: list[str], told: str
) -> None:
    image = (boot.home / "pc" / "nvram.fd").read_bytes()
    code, out, err = boot(*arguments)
    assert (code, out) == (2, "")
    assert told in err
    assert (boot.home / "pc" / "nvram.fd").read_bytes() == image


def test_a_pc_that_is_on_already_is_left_alone(boot: Booting) -> None:
    with PCFolder(boot.home / "pc").power():
        code, out, err = boot("--keys", "F10")
    assert (code, out) == (2, "")
    assert "switched on already, by another process" in err
    assert not (boot.home / "pc" / "management.sock").exists()


@pytest.mark.slow
def test_a_first_start_makes_the_demo_world_and_its_challenge_can_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    require_a_font()
    home, picture = tmp_path / "home", tmp_path / "challenge.png"
    code, out, err = Booting(home, capsys)(
        "--keys", "F10", "--size", "100x38", "--expect", "Enter Response Code", "--screenshot", str(picture)
    )
    assert code == 0
    assert "a demo world was made" in err
    assert "Passphrase of the local access key:" in err
    assert "Passphrase" not in out
    from PIL import Image

    with Image.open(picture) as opened:
        (challenge,) = codes_in(opened)
    assert challenge.startswith('{"f10":1')
    assert zbar_reads(picture) == [challenge]


def test_the_real_program_needs_no_terminal(home: Path) -> None:
    done = subprocess.run(
        f10(home, "boot", "--keys", "F10 down"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "System Information" in done.stdout
