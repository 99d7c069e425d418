"""The whole way without a person: key, picture, phone, provisioned PC, challenge, screenshot, PIN, open Setup.

Administrator, phone and PC are each asked by their own doors, and meet in files and pictures only. The code is on the screen in every
look, form and size, and in every other way that the page offers it; whatever the person does with it, the phone answers and Setup opens.
"""

import io
import json
import os
import shutil
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from emulator.companions.admin import commands as admin_commands
from emulator.companions.authenticator import commands as phone_commands
from emulator.firmware import commands as c
from emulator.firmware.boot import Phase
from emulator.machine import TargetPC
from emulator.setup import screen_picture
from emulator.setup.look import Look, Theme
from firmware_store import FOUR_MEGABYTE, MemoryImage
from tests import provisioning
from tests.setup.person import phase, play, press, read, type_in

PASSPHRASE = "lattice-ember-4711-quiet-harbour"
LOOKS = {
    "white": Look(Theme.WHITE),
    "vga": Look(Theme.VGA),
    "white-ascii": Look(Theme.WHITE, plain=True),
    "vga-mono": Look(Theme.VGA, mono=True),
    "mono-ascii": Look(Theme.WHITE, plain=True, mono=True),
}
FORMS = {
    "half blocks": ((), (100, 38)),
    "half blocks, wide": ((), (132, 43)),
    "half blocks, tall": ((), (80, 70)),
    "full cells": (("f2",), (200, 90)),
    "parts": (("f7",), (80, 24)),
    "parts, wide": (("f7",), (100, 38)),
}
SHOWN = [(look, form) for form in FORMS for look in LOOKS]


@dataclass(frozen=True)
class World:
    """The administrator's folder, the phone that has the key, and the flash of a PC that has the keys."""

    folder: Path
    flash: bytes

    def pc(self) -> TargetPC:
        return TargetPC(MemoryImage(FOUR_MEGABYTE, self.flash))

    def scan(self, *pictures: str) -> tuple[int, dict[str, Any]]:
        """Exit code and answer of the phone."""
        # Textual takes standard output while a screen is up.
        with passphrase() as descriptor, redirect_stdout(io.StringIO()) as out:
            words = ["scan", *pictures, "--json", "--passphrase-fd", descriptor]
            code = phone_commands.run(words, self.folder / "phone")
        return code, json.loads(out.getvalue())


@contextmanager
def passphrase() -> Iterator[str]:
    reader, writer = os.pipe()
    os.write(writer, PASSPHRASE.encode())
    os.close(writer)
    try:
        yield str(reader)
    finally:
        os.close(reader)


def admin(folder: Path, *words: str) -> None:
    with passphrase() as descriptor:
        assert admin_commands.run([*words, "--passphrase-fd", descriptor], folder / "admin") == 0


def applied(pc: TargetPC, folder: Path, *names: str) -> None:
    for name in names:
        answer = pc.apply((folder / f"{name}.json").read_bytes())
        assert answer.accepted, answer


def guarded_by(folder: Path, local_access: str) -> World:
    """The world of an administrator whose local access key lies in the file `local_access`."""
    for kind in ("endorsement", "signing"):
        admin(folder, "key", kind, kind)
    orders = {
        "1": ("provision-endorsement-key", "endorsement"),
        "2": ("provision-signing-key", "endorsement", "signing"),
        "3": ("enable", "signing"),
        "4": ("local-access-key", "signing", local_access),
    }
    for name, words in orders.items():
        admin(folder, *words, "-o", str(folder / f"{name}.json"))
    picture = str(folder / "enrol.png")
    admin(folder, "enrol", local_access, "-o", picture)
    with passphrase() as descriptor:
        assert phone_commands.run(["enroll", picture, "--passphrase-fd", descriptor], folder / "phone") == 0
    return World(folder, provisioned(folder))


def provisioned(folder: Path) -> bytes:
    image = MemoryImage(FOUR_MEGABYTE)
    pc = TargetPC.manufacture(image)
    provisioning.start(pc)
    applied(pc, folder, "1", "2")
    pc.execute(c.PowerOff())
    provisioning.start(pc)
    applied(pc, folder, "3", "4")
    pc.execute(c.PowerOff())
    return image.read()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("world")
    admin(folder, "key", "local-access", "local")
    return guarded_by(folder, "local")


def unlocked(
    world: World,
    tmp_path: Path,
    keys: tuple[str, ...],
    size: tuple[int, int] = (80, 24),
    look: Look | None = None,
    pictures: Callable[[Pilot[str]], Awaitable[list[str]]] | None = None,
) -> None:
    """Press F10 and `keys`, hand the pictures that lie there then to the phone, and type its PIN: Setup must open."""
    pc, answers = world.pc(), []

    async def script(pilot: Pilot[str]) -> None:
        await press(pilot, "f10", *keys)
        assert phase(pc) is Phase.CHALLENGE
        shown = await pictures(pilot) if pictures else files(tmp_path)
        code, answer = world.scan(*shown)
        assert code == 0, answer
        assert answer["machine"]["uuid"] == str(pc.firmware.memory.identity.machine)
        answers.append(answer)
        await type_in(pilot, answer["pin"])
        assert phase(pc) is Phase.SETUP, read(pilot)

    play(pc, tmp_path / "usb", script, size, look)
    assert answers


def files(tmp_path: Path) -> list[str]:
    return sorted(str(path) for path in (tmp_path / "usb").iterdir())


@pytest.mark.sampled(14)
@pytest.mark.parametrize(("look", "form"), SHOWN)
def test_a_screenshot_of_the_code_opens_setup(world: World, tmp_path: Path, look: str, form: str) -> None:
    keys, size = FORMS[form]

    async def screenshots(pilot: Pilot[str]) -> list[str]:
        """One of the screen; of a code in parts, one of each part."""
        taken = []
        for number in range(4 if keys == ("f7",) else 1):
            path = tmp_path / f"screenshot-{number}.svg"
            path.write_text(screen_picture.of(pilot.app), "utf-8")
            taken.append(str(path))
            if keys == ("f7",):
                await press(pilot, "f7")
        return taken

    unlocked(world, tmp_path, keys, size, LOOKS[look], screenshots)


@pytest.mark.parametrize("key", ["f3", "f6"])
def test_the_picture_that_the_page_saves_opens_setup(world: World, tmp_path: Path, key: str) -> None:
    unlocked(world, tmp_path, (key,))


def test_the_text_that_the_page_shows_opens_setup(world: World, tmp_path: Path) -> None:
    async def copied(pilot: Pilot[str]) -> list[str]:
        await press(pilot, "f4")
        text = "".join(line.strip() for line in read(pilot).split())
        await press(pilot, "escape")
        start = text.index('{"f10"')
        return [text[start : text.index("}", start) + 1]]

    unlocked(world, tmp_path, (), (100, 38), None, copied)


@pytest.mark.slow
def test_a_pin_for_another_boot_or_another_machine_is_refused(world: World, tmp_path: Path) -> None:
    first, twin = world.pc(), TargetPC.manufacture(MemoryImage(FOUR_MEGABYTE))
    provisioning.start(twin)
    applied(twin, world.folder, "1", "2")
    twin.execute(c.PowerOff())
    provisioning.start(twin)
    applied(twin, world.folder, "3", "4")
    twin.execute(c.PowerOff())

    def pin_of(pc: TargetPC) -> str:
        pc.execute(c.PowerOn())
        pc.execute(c.EnterSetup())
        live = pc.firmware.session.door.live
        assert live is not None
        code, answer = world.scan(live.challenge.text)
        assert code == 0
        return str(answer["pin"])

    earlier, elsewhere = pin_of(first), pin_of(twin)
    first.execute(c.PowerOff())
    now = pin_of(first)
    for pin in {earlier, elsewhere} - {now}:
        first.answer(pin)
        assert first.firmware.session.phase is Phase.CHALLENGE
    first.answer(now)
    assert first.firmware.session.phase is Phase.SETUP


@pytest.mark.slow
@pytest.mark.sampled(3)
@pytest.mark.parametrize("kind", ["pfx", "pem", "encrypted pem"])
def test_a_key_that_openssl_made_does_the_same(tmp_path: Path, kind: str) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("The openssl command line is missing; install openssl.")
    folder = tmp_path / "world"
    folder.mkdir()
    guarded = guarded_by(folder, by_openssl(folder, kind))
    unlocked(guarded, tmp_path, ("f3",))


def by_openssl(folder: Path, kind: str) -> str:
    """A local access key as the vendor's guides make one."""
    secret = ["-aes256", "-passout", "stdin"] if kind == "encrypted pem" else []
    key, certificate, pfx = (str(folder / name) for name in ("own.key", "own.crt", "own.pfx"))
    openssl("genrsa", *secret, "-out", key, "2048")
    if kind != "pfx":
        return key
    subject = "/C=US/ST=State/L=City/O=Company/OU=Org/CN=own.local"
    openssl("req", "-x509", "-new", "-key", key, "-days", "3650", "-subj", subject, "-out", certificate)
    openssl("pkcs12", "-export", "-inkey", key, "-in", certificate, "-passout", "stdin", "-out", pfx)
    return pfx


def openssl(*words: str) -> None:
    subprocess.run(["openssl", *words], input=PASSPHRASE.encode(), check=True, capture_output=True)
