"""The demo world: one PC, its administrator and a phone, made fresh on the first start.

Nothing is shipped and nothing is written into the image from aside. The keys and the passphrase are made here; the PC is provisioned
as any other would be: payloads go to its management door, and a simulated person sits before its screen, reads the presence code from
the rendered characters, and types it. What somebody could not do by hand, this does not do either.

A world that is not finished leaves nothing: it is made in a folder of its own and moved into place at the end.
"""

import asyncio
import os
import re
import select
import shlex
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from emulator.home import default
from emulator.pc_folder import PCFolder, PCFolderError, make_private

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from emulator.setup.app import ComputerSetup

PASSPHRASE_FILE = "DEMO-passphrase.txt"  # noqa: S105 -- the name of a file
PICTURE = "DEMO-local-access-key.png"
SECONDS_TO_READ = 5
"""How long the first start waits, so that what it printed can be read before the screen covers it."""


def pc_folder(home: Path) -> PCFolder:
    """The PC's folder below `home`; without a PC there, a demo world is made and said so."""
    folder = PCFolder(home / "pc")
    if not folder.holds_a_pc:
        print(f"There is no PC in {folder.path} yet: making a demo world.", file=sys.stderr, flush=True)
        make(home)
    return folder


def boot(home: Path, launch: Callable[[PCFolder], str]) -> int:
    """Switch the PC on, after telling the shell where things lie."""
    first = not (home / "pc" / "nvram.fd").exists()
    folder = pc_folder(home)
    print(told(home), flush=True)
    if first:
        print(f"\nSwitching on in {SECONDS_TO_READ} s; press Enter to do it now.", flush=True)
        select.select([sys.stdin], [], [], SECONDS_TO_READ)
    print(launch(folder))
    return 0


def told(home: Path) -> str:
    """Where things lie, the passphrase, and the next two commands."""
    admin = home / "admin"
    command = os.environ.get("F10_COMMAND", "f10")
    lines = [
        f"The PC lies in      {home / 'pc'}",
        f"its administrator   {admin}",
        f"the phone           {home / 'phone'}",
    ]
    try:
        passphrase = (admin / PASSPHRASE_FILE).read_text("utf-8").strip()
    except OSError:
        return "\n".join(lines)
    option = "" if home == default() else f"--home {shlex.quote(str(home))} "
    return "\n".join(
        [
            *lines,
            "",
            f"Passphrase of the local access key: {passphrase}",
            "",
            "In a second terminal:",
            f"  {command} {option}phone enroll {shlex.quote(str(admin / PICTURE))}",
            f"  {command} {option}phone scan {shlex.quote(str(home / 'pc' / 'usb' / 'challenge-1.png'))}",
            "(the second reads the picture that P on the challenge page saves; a screenshot will do as well)",
        ]
    )


def make(home: Path) -> None:
    """Make a demo world below `home`. Raises PCFolderError, CompanionError or StoreError, and then leaves none."""
    for name in ("admin", "phone", "pc"):
        if (home / name).exists() and any((home / name).iterdir()):
            raise PCFolderError(
                f"no demo world is made in {home}: its folder {name} holds something already; "
                "move that away, or name another folder with --home"
            )
    make_private(home)
    making = Path(tempfile.mkdtemp(prefix=".making-", dir=home))
    try:
        _make(making)
        for name in ("admin", "phone", "pc"):
            (making / name).rename(home / name)
    finally:
        shutil.rmtree(making)


def _make(world: Path) -> None:
    from emulator.companions.admin import demo_files  # noqa: PLC0415 -- only a first start pays for these
    from emulator.machine import TargetPC  # noqa: PLC0415

    folder = PCFolder(world / "pc")
    make_private(world / "phone")
    files = demo_files.make(world / "admin")
    serial = f"DEMO{int.from_bytes(os.urandom(4), 'big') % 10**6:06}"
    TargetPC.manufacture(folder.new_image(), serial=serial)
    asyncio.run(_provision(folder, files.payloads))


async def _provision(folder: PCFolder, payloads: Sequence[bytes]) -> None:
    """Somebody sits before the PC: starts it, has the payloads applied, restarts it, types the code it shows."""
    from emulator.machine import TargetPC  # noqa: PLC0415
    from emulator.management_door import listening_socket  # noqa: PLC0415
    from emulator.setup.app import ComputerSetup  # noqa: PLC0415

    keys, orders = payloads[:2], payloads[2:]
    with folder.power(), listening_socket(folder) as door:
        app = ComputerSetup(TargetPC(folder.image()), usb=folder.usb, door=door)
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
    from emulator.management_door import apply_request, ask  # noqa: PLC0415

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
