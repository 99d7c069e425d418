"""`f10 quirks`: how real machines may differ from what is emulated, and how this PC does."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from emulator.firmware import quirks
from emulator.firmware.quirks import DOUBTS, Quirks, UnknownQuirk
from emulator.pc_folder import PCFolder

USAGE = """\
usage: f10 quirks [--json]             each quirk: its value here, the others, what is in doubt and why this is the default
       f10 quirks set NAME=VALUE ...   let the PC, which must be off, differ from its next start on
       f10 quirks reset                let it be as usual again
"""
UNUSABLE = 2


def run(arguments: Sequence[str], home: Path) -> int:
    """Carry out one command line and return the exit code. Raises PCFolderError."""
    folder = PCFolder(home / "pc")
    match list(arguments):
        case [] | ["--json"]:
            _list(folder.quirks(), as_json=bool(arguments))
        case ["set", *pairs] if pairs and all("=" in pair for pair in pairs):
            return _set(folder, dict(pair.split("=", 1) for pair in pairs))
        case ["reset"]:
            _keep(folder, Quirks())
        case ["-h" | "--help"]:
            print(USAGE, end="")
        case _:
            print(
                f"f10: quirks does not understand {' '.join(arguments)!r}\n{USAGE}", end="", file=sys.stderr
            )
            return UNUSABLE
    return 0


def _list(chosen: Quirks, *, as_json: bool) -> None:
    if as_json:
        rows = [{**asdict(doubt), "value": getattr(chosen, name)} for name, doubt in DOUBTS.items()]
        print(json.dumps(rows, indent=2))
        return
    for name, doubt in DOUBTS.items():
        value = getattr(chosen, name)
        others = ", ".join(repr(each) for each in doubt.values if each != value)
        mark = "" if value == doubt.values[0] else f"  (usually {doubt.values[0]!r})"
        print(f"{name} = {value!r}, or {others}{mark}")
        print(f"    In doubt: {doubt.about}.\n    Usual because {doubt.reason}.")


def _set(folder: PCFolder, pairs: dict[str, str]) -> int:
    try:
        wanted = quirks.chosen({**quirks.differing(folder.quirks()), **pairs})
    except UnknownQuirk as error:
        print(f"f10: {error}", file=sys.stderr)
        return UNUSABLE
    _keep(folder, wanted)
    return 0


def _keep(folder: PCFolder, wanted: Quirks) -> None:
    folder.image()
    with folder.power():
        folder.keep_quirks(wanted)
    differing = quirks.differing(wanted)
    listed = ", ".join(f"{name} = {value!r}" for name, value in differing.items())
    print(f"From its next start on, this PC differs in: {listed}" if differing else "This PC is as usual.")
