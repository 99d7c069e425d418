"""Switching on a PC for a person: a demo world on the first start, and the words that the launching shell prints.

The shell tells where things lie, the passphrase and the next commands, because the PC's own screen may not.
"""

import os
import select
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from emulator.home import default
from emulator.pc_folder import PCFolder, PCFolderError

if TYPE_CHECKING:
    from emulator.model_files import Model

PASSPHRASE_FILE = "DEMO-passphrase.txt"  # noqa: S105 -- the name of a file
PICTURE = "DEMO-local-access-key.png"
SECONDS_TO_READ = 5
"""How long the first start waits, so that what it printed can be read before the screen covers it."""


def pc_folder(home: Path, model: "Model | None" = None) -> PCFolder:
    """The PC's folder below `home`; without a PC there, a demo world is made and said so.

    Raises PCFolderError if a model is named for a PC that is there already, and what making a world raises.
    """
    folder = PCFolder(home / "pc")
    if model is not None and folder.holds_a_pc:
        raise PCFolderError(
            f"there is a PC in {folder.path} already: leave --model away, or name another --home"
        )
    if not folder.holds_a_pc:
        from emulator import demo_world

        demo_world.make(home, model)
        print(f"There was no PC in {folder.path}: a demo world was made.", file=sys.stderr, flush=True)
    return folder


def boot(home: Path, launch: Callable[[PCFolder], str], model: "Model | None" = None) -> int:
    """Switch the PC on, after telling the shell where things lie."""
    first = not PCFolder(home / "pc").holds_a_pc
    folder = pc_folder(home, model)
    print(told(home), flush=True)
    if first:
        print(f"\nSwitching on in {SECONDS_TO_READ} s; press Enter to do it now.", flush=True)
        select.select([sys.stdin], [], [], SECONDS_TO_READ)
    print(launch(folder))
    return 0


def command_for(home: Path) -> str:
    """What to type before a verb, for a world in `home`."""
    command = shlex.quote(os.environ.get("F10_COMMAND", "f10"))
    # Another terminal may not have the F10_HOME of this one.
    usual = home == default() and "F10_HOME" not in os.environ
    return command if usual else f"{command} --home {shlex.quote(str(home))}"


def told(home: Path) -> str:
    """Where things lie, the passphrase, and the next two commands."""
    admin = home / "admin"
    command = command_for(home)
    lines = [f"The PC lies in      {home / 'pc'}"]
    if admin.is_dir():
        lines += [f"its administrator   {admin}", f"the phone           {home / 'phone'}"]
    try:
        passphrase = (admin / PASSPHRASE_FILE).read_text("utf-8").strip()
    except OSError:
        return "\n".join(lines)
    picture = PCFolder(home / "pc").next_picture("challenge")
    return "\n".join(
        [
            *lines,
            "",
            f"Passphrase of the local access key: {passphrase}",
            "",
            "In a second terminal:",
            f"  {command} phone enroll {shlex.quote(str(admin / PICTURE))}",
            f"  {command} phone scan {shlex.quote(str(picture))}",
            "(the second reads the picture that P on the challenge page will save, which names its file; a screenshot",
            "of the terminal will do as well)",
        ]
    )
