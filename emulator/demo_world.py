"""Making a demo world: one PC, its administrator and a phone, fresh, through the doors that any other PC has.

Nothing is shipped and nothing is written into the image from aside. The keys and the passphrase are made here; payloads go to the PC's
management door, and a simulated person sits before its screen, reads the presence code from the rendered characters, and types
it. What somebody could not do by hand, this does not do either.

A world is made in a folder of its own, under a lock, and moved into place at the end: what is not finished leaves nothing but a folder
that the next attempt clears away.
"""

import asyncio
import fcntl
import os
import re
import shutil
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from emulator.model_files import Model
from emulator.pc_folder import PCFolder, PCFolderError, make_private

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from emulator.setup.app import ComputerSetup

MAKING = ".making-"
LEFT_BY_A_PC = frozenset({"power.lock", "model.json", "quirks.json", "nvram.fd.lock", "management.sock"})
"""What stays in a PC's folder when its image is taken away."""


def make(home: Path, model: Model | None = None) -> None:
    """Make a demo world below `home`, unless there is one. Raises PCFolderError, CompanionError or StoreError.

    A `model` of a generation that knows no Secure Platform Management gets a PC without keys.
    """
    if model is not None and not model.catalogue.has_secure_platform:
        make_without_keys(home, model=model)
        return
    with _workshop(home, ("admin", "phone", "pc")) as making:
        if making is None:
            return
        _make(making, model)
        for name in ("admin", "phone"):
            (making / name).rename(home / name)
        _put_in_place(making, home)


def make_without_keys(
    home: Path,
    *,
    model: Model | None = None,
    serial: str | None = None,
    machine: uuid.UUID | None = None,
    product: str = "",
    board: str = "",
) -> PCFolder:
    """Make a PC as it leaves the factory, of the default model unless one is given. Raises PCFolderError or StoreError."""
    from emulator.machine import TargetPC

    with _workshop(home, ("pc",)) as making:
        if making is None:
            raise PCFolderError(f"there is a PC in {home / 'pc'} already; name another folder with --home")
        try:
            TargetPC.manufacture(
                PCFolder(making / "pc").new_image(model and model.text),
                model=model and model.catalogue,
                serial=serial,
                machine=machine,
                product=product,
                board=board,
            )
        except ValueError as error:
            raise PCFolderError(f"no PC can have this identity: {error}") from None
        _put_in_place(making, home)
    return PCFolder(home / "pc")


@contextmanager
def _workshop(home: Path, parts: Sequence[str]) -> Iterator[Path | None]:
    """A private folder to make a world in, one process at a time; None if there is a PC already."""
    try:
        make_private(home)
        lock = os.open(home / ".making.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if PCFolder(home / "pc").holds_a_pc:
                yield None
                return
            _require_free(home, parts)
            for left in home.glob(f"{MAKING}*"):
                shutil.rmtree(left)
            making = Path(tempfile.mkdtemp(prefix=MAKING, dir=home))
            try:
                yield making
            finally:
                shutil.rmtree(making)
        finally:
            os.close(lock)
    except OSError as error:
        raise PCFolderError(f"nothing can be made in {home}: {error.strerror}") from None


def _require_free(home: Path, parts: Sequence[str]) -> None:
    for name in parts:
        folder = home / name
        if os.path.lexists(folder) and (
            not folder.is_dir() or {path.name for path in folder.iterdir()} - LEFT_BY_A_PC
        ):
            raise PCFolderError(
                f"no PC is made in {home}: its {name} holds something already; "
                "move that away, or name another folder with --home"
            )


def _put_in_place(making: Path, home: Path) -> None:
    """The image last: a PC exists from the moment its image does."""
    make_private(home / "pc")
    if (making / "pc" / "model.json").exists():
        (making / "pc" / "model.json").rename(home / "pc" / "model.json")
    (making / "pc" / "nvram.fd").rename(home / "pc" / "nvram.fd")


def _make(world: Path, model: Model | None) -> None:
    from emulator.companions.admin import demo_files
    from emulator.machine import TargetPC

    folder = PCFolder(world / "pc")
    make_private(world / "phone")
    files = demo_files.make(world / "admin")
    serial = f"DEMO{int.from_bytes(os.urandom(4), 'big') % 10**6:06}"
    image = folder.new_image(model and model.text)
    TargetPC.manufacture(image, model=model and model.catalogue, serial=serial)
    asyncio.run(_provision(folder, files.payloads))


async def _provision(folder: PCFolder, payloads: Sequence[bytes]) -> None:
    """Somebody sits before the PC: starts it, has the payloads applied, restarts it, types the code it shows."""
    from emulator.machine import TargetPC
    from emulator.management_door import listening_socket
    from emulator.setup.app import ComputerSetup

    keys, orders = payloads[:2], payloads[2:]
    with folder.power(), listening_socket(folder) as door:
        app = ComputerSetup(
            TargetPC(folder.image(), model=folder.model(), quirks=folder.quirks()), usb=folder.usb, door=door
        )
        async with app.run_test(size=(100, 38)) as person:
            await _press(person, "enter")
            await _apply(folder, keys)
            await _press(person, "r")
            await _press(person, *_code_on(app), "enter")
            await _press(person, "enter")
            await _apply(folder, orders)
            await _press(person, "p")
        (folder.path / folder.socket_name).unlink()


async def _apply(folder: PCFolder, payloads: Sequence[bytes]) -> None:
    from emulator.management_door import apply_request, ask

    for payload in payloads:
        reply = await asyncio.to_thread(ask, folder, apply_request(payload))
        if not reply["ok"]:
            raise PCFolderError(f"the demo PC refused its provisioning: {reply}")


async def _press(person: "Pilot[str]", *keys: str) -> None:
    for key in keys:
        person.app.simulate_key(key)
        await person.pause()


def _code_on(app: "ComputerSetup") -> str:
    """The four digits that stand alone on a line of the screen."""
    for line in app.characters():
        if found := re.fullmatch(r"\s*(\d{4})\s*", line):
            return found[1]
    raise PCFolderError("the demo PC did not ask for physical presence where it should have")
