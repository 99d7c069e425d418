"""The command line: one verb, one handler, imported only when the verb is called.

Starting a process is most of what a short verb costs, so this module imports neither Textual nor construct nor
cryptography, and not even pathlib; a test in `tests/architecture` looks into a fresh interpreter to keep it so.
"""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

from emulator import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from uuid import UUID

    from emulator.model_files import Model

USAGE = """\
usage: f10 [--home FOLDER] VERB ...

  boot [--model MODEL]   switch the PC on in this terminal (a first start makes a demo world)
  status [--json]        show the PC: power, keys, counters, pending changes, events
  payload apply FILE     hand a signed payload to the PC, switched on or not; - reads standard input
                         (--json: the answer as JSON; --file FIRMWARE: the firmware file that it allows)
  update FILE            hand a firmware file that nobody signed to the PC, as an operating system does
  log [--json|--csv]     the event log, newest first
  quirks ...             how real machines may differ, and how this PC does (f10 quirks --help)
  new [--model MODEL] [--serial TEXT] [--uuid UUID] [--product TEXT] [--board TEXT]
                         make a PC without keys, as it leaves the factory
  models ...             the machines that can be emulated, and files of one's own (f10 models --help)
  case open              take the cover off the PC's case, whether it is on or off
  case clear-cmos        take the battery out of a PC that is off: settings and clock begin anew
  case password-jumper   set the jumper that clears the passwords of a PC that is off, if its board has one
  image ...              flash images as files: list, change, check, repair, convert (f10 image --help)
  admin ...              make keys and sign payloads (f10 admin --help)
  phone ...              the phone that answers challenges (f10 phone --help)

Everything lies below --home, else the environment variable F10_HOME, else your user data folder.
"""

REFUSED, UNUSABLE = 1, 2
"""Exit codes: the PC said no; the input was no use."""


class Usage(Exception):
    """A command line that cannot be understood."""


def run(arguments: Sequence[str]) -> int:
    """Carry out one command line and return the exit code of the process."""
    # A stream that was closed by the caller has nobody listening, and no verb has to know.
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 -- kept to the end
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 -- kept to the end
    for stream in (sys.stdout, sys.stderr):
        # A name that the terminal's encoding lacks is spelled, not a reason to fail.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        home, rest = _home(list(arguments))
        if not rest or rest[0] in {"-h", "--help", "help"}:
            print(USAGE, end="")
            return 0 if rest else UNUSABLE
        if rest == ["--version"]:
            print(f"f10 {__version__}")
            return 0
        if rest[0] not in VERBS and rest[0] != "image":
            raise Usage(f"no verb {rest[0]!r}")
        if rest[0] in OWN_VERBS and {"-h", "--help"} & set(rest[1:]):
            print(USAGE, end="")
            return 0
        # An image is named by its path, and the home folder is not looked for.
        code = _image(rest[1:]) if rest[0] == "image" else VERBS[rest[0]](rest[1:], home or _default())
        sys.stdout.flush()
        return code
    except Usage as error:
        print(f"f10: {error}\n{USAGE}", end="", file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has seen enough; the interpreter must not try again at exit.
        _write_no_more()
        return 0
    except OSError as error:
        _write_no_more()
        return _failed(f"what was to be told could not be written: {error.strerror}")


def _write_no_more() -> None:
    """Let the interpreter find nothing wrong with standard output when it flushes it at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _home(arguments: list[str]) -> tuple[Path | None, list[str]]:
    """The home folder if one is named, and the arguments without it."""
    for at, argument in enumerate(arguments):
        if argument == "--home" and at + 1 < len(arguments):
            return _named(arguments[at + 1]), arguments[:at] + arguments[at + 2 :]
        if argument.startswith("--home="):
            return _named(argument.removeprefix("--home=")), arguments[:at] + arguments[at + 1 :]
    if "--home" in arguments:
        raise Usage("--home needs a folder behind it")
    return None, arguments


def _default() -> Path:
    from emulator.home import default

    return default()


def _named(folder: str) -> Path:
    from pathlib import Path

    if not folder:
        raise Usage("--home needs a folder behind it")
    try:
        return Path(folder).absolute()
    except FileNotFoundError:
        raise Usage(f"--home {folder} is meant from a folder that is gone; name it from the root") from None


def _boot(arguments: Sequence[str], home: Path) -> int:
    options = _options("boot", arguments, ("--model",))
    from emulator import demo
    from emulator.setup.launch import in_a_terminal, launch

    if not in_a_terminal():
        return _failed("boot needs a terminal to draw on; f10 status and f10 payload work without one")
    return _guarded(lambda: demo.boot(home, launch, _model(options)))


def _status(arguments: Sequence[str], home: Path) -> int:
    if list(arguments) not in ([], ["--json"]):
        raise Usage("status takes --json or nothing")
    from emulator import headless
    from emulator.pc_folder import PCFolder

    def work() -> int:
        report = headless.status(PCFolder(home / "pc"))
        if arguments:
            import json

            print(json.dumps(report, indent=2))
        else:
            from emulator.status_text import page

            print(page(report), end="")
        return 0

    return _guarded(work)


def _payload(arguments: Sequence[str], home: Path) -> int:
    words, firmware = _with_file(arguments)
    as_json = "--json" in words
    words = [word for word in words if word != "--json"]
    if len(words) != 2 or words[0] != "apply":
        raise Usage("payload needs: apply FILE [--file FIRMWARE] [--json]")
    from emulator import payload_verbs

    return _guarded(lambda: payload_verbs.apply(home, words[1], firmware, as_json=as_json))


def _with_file(arguments: Sequence[str]) -> tuple[list[str], str | None]:
    """Arguments without `--file`, and what stands behind that."""
    words = [
        part for word in arguments for part in (word.split("=", 1) if word.startswith("--file=") else [word])
    ]
    if "--file" not in words:
        return words, None
    at = words.index("--file")
    if at + 1 >= len(words):
        raise Usage("--file needs a file behind it")
    return words[:at] + words[at + 2 :], words[at + 1]


def _update(arguments: Sequence[str], home: Path) -> int:
    words = [argument for argument in arguments if argument != "--json"]
    if len(words) != 1:
        raise Usage("update needs: FILE [--json]")
    from emulator import payload_verbs

    return _guarded(lambda: payload_verbs.update(home, words[0], as_json="--json" in arguments))


def _log(arguments: Sequence[str], home: Path) -> int:
    if list(arguments) not in ([], ["--json"], ["--csv"]):
        raise Usage("log takes --json, --csv or nothing")
    from emulator import log_verb
    from emulator.pc_folder import PCFolder

    def work() -> int:
        log_verb.show(PCFolder(home / "pc"), "".join(arguments))
        return 0

    return _guarded(work)


def _quirks(arguments: Sequence[str], home: Path) -> int:
    from emulator import quirk_verbs

    return _guarded(lambda: quirk_verbs.run(arguments, home))


def _new(arguments: Sequence[str], home: Path) -> int:
    options = _options("new", arguments, ("--model", "--serial", "--uuid", "--product", "--board"))
    from emulator import demo_world

    def work() -> int:
        folder = demo_world.make_without_keys(
            home,
            model=_model(options),
            serial=options.get("--serial"),
            machine=_uuid(options),
            product=options.get("--product", ""),
            board=options.get("--board", ""),
        )
        print(f"A PC without keys lies in {folder.path}. Switch it on with: boot")
        return 0

    return _guarded(work)


def _case(arguments: Sequence[str], home: Path) -> int:
    from emulator import headless
    from emulator.firmware import commands as c
    from emulator.pc_folder import PCFolder

    acts: dict[str, tuple[c.Command, str]] = {
        "open": (c.OpenCover(), "The cover is off."),
        "clear-cmos": (c.ClearCMOS(), "CMOS is cleared. Keys, passwords and counters are not kept there."),
        "password-jumper": (c.SetPasswordJumper(), "The jumper was set and taken off again."),
    }
    if len(arguments) != 1 or arguments[0] not in acts:
        raise Usage(f"case takes one of {', '.join(acts)}")
    command, told = acts[arguments[0]]

    def work() -> int:
        headless.touch(PCFolder(home / "pc"), command)
        print(told)
        return 0

    return _guarded(work)


def _options(verb: str, arguments: Sequence[str], known: Sequence[str]) -> dict[str, str]:
    """Options of a verb that takes nothing else, each with a value behind it or behind `=`."""
    options: dict[str, str] = {}
    words = [part for word in arguments for part in (word.split("=", 1) if word.startswith("--") else [word])]
    for name, value in zip(words[::2], [*words[1::2], None], strict=False):
        if name not in known:
            raise Usage(f"{verb} takes {', '.join(known)}; {name!r} came")
        if value is None:
            raise Usage(f"{name} needs a value behind it")
        if name in options:
            raise Usage(f"{name} is there twice")
        options[name] = value
    return options


def _model(options: Mapping[str, str]) -> Model | None:
    from emulator import model_files

    return model_files.named(options["--model"]) if "--model" in options else None


def _uuid(options: Mapping[str, str]) -> UUID | None:
    from uuid import UUID

    if "--uuid" not in options:
        return None
    try:
        return UUID(options["--uuid"])
    except ValueError:
        raise Usage(
            f"--uuid takes a UUID like 00112233-4455-6677-8899-aabbccddeeff; {options['--uuid']!r} came"
        ) from None


def _models(arguments: Sequence[str], _home: Path) -> int:
    from emulator import model_verbs

    return model_verbs.run(arguments)


def _image(arguments: Sequence[str]) -> int:
    from emulator import image_verbs

    return image_verbs.run(arguments)


def _admin(arguments: Sequence[str], home: Path) -> int:
    from emulator.companions.admin import commands

    return commands.run(arguments, home / "admin")


def _phone(arguments: Sequence[str], home: Path) -> int:
    from emulator.companions.authenticator import commands

    return commands.run(arguments, home / "phone")


def _guarded(work: Callable[[], int]) -> int:
    """Do `work`; what can go wrong with a PC and its image becomes a sentence."""
    from emulator.companions import CompanionError
    from emulator.firmware.model_text import MalformedModel
    from emulator.firmware.variables import DamagedVariable
    from emulator.headless import NotDone
    from emulator.machine import NotAMachine
    from emulator.management_door import DoorClosed
    from emulator.model_files import UnreadableModel
    from emulator.models import ModelRefused, UnknownModel
    from emulator.payload_verbs import Unusable
    from emulator.pc_folder import PCFolderError
    from firmware_store import StoreError

    expected = (
        CompanionError,
        DamagedVariable,
        DoorClosed,
        MalformedModel,
        NotDone,
        ModelRefused,
        NotAMachine,
        PCFolderError,
        StoreError,
        UnknownModel,
        UnreadableModel,
        Unusable,
    )
    try:
        return work()
    except expected as error:
        return _failed(str(error))


def _failed(sentence: str) -> int:
    print(f"f10: {sentence}", file=sys.stderr)
    return UNUSABLE


OWN_VERBS = frozenset({"boot", "status", "payload", "update", "log", "new", "case"})
"""Verbs whose help is the usage."""

VERBS: Mapping[str, Callable[[Sequence[str], Path], int]] = {
    "boot": _boot,
    "status": _status,
    "payload": _payload,
    "update": _update,
    "log": _log,
    "quirks": _quirks,
    "new": _new,
    "models": _models,
    "case": _case,
    "admin": _admin,
    "phone": _phone,
}
