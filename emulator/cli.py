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
    from emulator.setup.look import Look

USAGE = """\
usage: f10 [--home FOLDER] VERB ...

  boot [--model MODEL] [--theme white|vga] [--ascii] [--mono]
                         switch the PC on in this terminal (a first start makes a demo world)
  boot --keys KEYS       switch it on without a terminal, press the keys, and print the last screen; then the plug is
                         pulled, and what was saved stays. KEYS are like 'F10 down*5 enter "some text" wait:5',
                         - reads standard input, @FILE a file (--size 80x24; --screenshot FILE.svg or FILE.png
                         draws that screen; --expect TEXT: exit code 1 if it does not show that)
  serve [--port N] [--model MODEL]
                         show the PC's screen in a browser on this computer
  demo [--speed TIMES]   play the way from power-on to a changed setting by itself, with captions, in a PC that is thrown
                         away (Space pauses, the right arrow goes to the next step, Q ends)
  status [--json]        show the PC: power, keys, counters, pending changes, events
  payload apply FILE     hand a signed payload to the PC, switched on or not; - reads standard input
                         (--json: the answer as JSON; --file FIRMWARE: the firmware file that it allows). A policy is
                         applied step by step; where somebody must type a code first it stops with exit code 3, and
                         --from STEP goes on
  payload show FILE      what is in a payload or a policy (--key KEYFILE: whether its signatures are good; --json)
  payload verify FILE --key KEYFILE
                         exit code 0 if every signature is good; also a payload that brings a key can be the KEYFILE
  update FILE            hand a firmware file that nobody signed to the PC, as an operating system does
  log [--json|--csv]     the event log, newest first
  wmi ...                settings as WMI tells them, its queries and methods, the raw interface (f10 wmi --help)
  mount DIR [--foreground]
                         the settings as files, as Linux shows them below /sys/class/firmware-attributes, to read and to
                         write, until fusermount3 -u DIR
  export-tree DIR        a copy of these files, to read
  repset ...             settings as a file: dump, apply, check without changing anything, compare (f10 repset --help)
  quirks ...             how real machines may differ, and how this PC does (f10 quirks --help)
  new [--model MODEL] [--serial TEXT] [--uuid UUID] [--product TEXT] [--board TEXT]
                         make a PC without keys, as it leaves the factory
  models ...             the machines that can be emulated, and files of one's own (f10 models --help)
  case open              take the cover off the PC's case, whether it is on or off
  case clear-cmos        take the battery out of a PC that is off: settings and clock begin anew
  case password-jumper   set the jumper that clears the passwords of a PC that is off, if its board has one
  image ...              flash images as files: list, change, check, repair, convert (f10 image --help)
  bcu /OPTION ...        the vendor's BIOS Configuration Utility, as scripts call it (f10 bcu /?)
  hpqpswd /f"FILE"       make a password file for it (f10 hpqpswd /?)
  admin [...]            make keys, sign payloads and policies (f10 admin --help); alone, a wizard
  phone [...]            the phone that answers challenges (f10 phone --help); alone, its screen

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
        print(f"f10: {error}\nf10 --help tells what there is", file=sys.stderr)
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


LOOKS = ("--ascii", "--mono")


def _boot(arguments: Sequence[str], home: Path) -> int:
    if any(word.partition("=")[0] in PLAYING for word in arguments):
        return _boot_playing(arguments, home)
    from emulator import demo
    from emulator.setup.launch import in_a_terminal, launch

    if list(arguments) == ["--served"]:
        return _guarded(lambda: _served(home))
    options = _options("boot", arguments, ("--model", "--theme"), LOOKS)
    look = _look(options)
    if not in_a_terminal():
        return _failed(
            "boot needs a terminal to draw on; boot --keys, f10 status and f10 payload work without one"
        )
    return _guarded(lambda: demo.boot(home, lambda folder: launch(folder, look), _model(options)))


def _boot_playing(arguments: Sequence[str], home: Path) -> int:
    options = _options("boot", arguments, ("--model", "--theme", *PLAYING), LOOKS)
    look = _look(options)
    from emulator import boot_script

    return _guarded(lambda: boot_script.run(options, home, _model(options), look))


def _served(home: Path) -> int:
    """Be the PC behind `f10 serve`, whose pipes stand for a terminal: standard output is the screen, and takes no words."""
    from emulator.pc_folder import PCFolder
    from emulator.setup.launch import launch

    print(launch(PCFolder(home / "pc"), _look({}), quit_allowed=False), file=sys.stderr)
    return 0


def _serve(arguments: Sequence[str], home: Path) -> int:
    options = _options("serve", arguments, ("--port", "--model"))
    port = options.get("--port", "0")
    if not (
        port.isascii() and port.isdigit() and len(port) <= 5 and (port == "0" or 1024 <= int(port) <= 65535)
    ):
        raise Usage(f"--port takes a number from 1024 to 65535, or 0 for a free one; {port!r} came")
    from emulator.serve import verb

    return _guarded(lambda: verb.run(home, int(port), _model(options)))


def _demo(arguments: Sequence[str], _home: Path) -> int:
    options = _options("demo", arguments, ("--speed", "--theme"), LOOKS)
    look = _look(options)
    speed = options.get("--speed", "1")
    try:
        times = float(speed)
    except ValueError:
        times = 0.0
    if not 0.1 <= times <= 1000:
        raise Usage(f"--speed takes a number from 0.1 to 1000, 2 for twice as fast; {speed!r} came")
    from emulator import demo_show
    from emulator.setup.launch import in_a_terminal

    if not in_a_terminal():
        return _failed("demo needs a terminal to draw on; boot --keys works without one")
    return _guarded(lambda: demo_show.run(times, look))


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
    from emulator import payload_words

    try:
        words = payload_words.understood(arguments)
    except payload_words.NotUnderstood as error:
        raise Usage(str(error)) from None

    def work() -> int:
        if words.verb == "apply":
            from emulator import payload_verbs

            return payload_verbs.apply(
                home, words.file, words.firmware, first=words.first, as_json=words.as_json
            )
        from emulator import payload_reading

        verb = payload_reading.show if words.verb == "show" else payload_reading.verify
        return verb(words, home / "admin")

    return _guarded(work)


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


def _wmi(arguments: Sequence[str], home: Path) -> int:
    from emulator import wmi_words
    from emulator.wmi_words import NotUnderstood

    if {"-h", "--help"} & set(arguments[:2]):
        print(wmi_words.USAGE, end="")
        return 0
    try:
        words = wmi_words.understood(arguments)
        from emulator import wmi_verbs

        return _guarded(lambda: wmi_verbs.run(words, home))
    except NotUnderstood as error:
        raise Usage(f"{error}\nf10 wmi --help tells more") from None


def _mount(arguments: Sequence[str], home: Path) -> int:
    words = [argument for argument in arguments if argument != "--foreground"]
    point = _folder_for("mount", "DIR [--foreground]", words)
    from emulator.mount import verb

    return _guarded(lambda: verb.run(home, point, foreground="--foreground" in arguments))


def _export_tree(arguments: Sequence[str], home: Path) -> int:
    point = _folder_for("export-tree", "DIR", arguments)
    from emulator.mount import export

    return _guarded(lambda: export.run(home, point))


def _folder_for(verb: str, needed: str, words: Sequence[str]) -> Path:
    """The one folder that a verb takes."""
    if len(words) != 1 or not words[0] or words[0].startswith("-"):
        raise Usage(f"{verb} needs: {needed}")
    from pathlib import Path

    return Path(words[0])


def _repset(arguments: Sequence[str], home: Path) -> int:
    from emulator import repset_words

    if {"-h", "--help"} & set(arguments):
        print(repset_words.USAGE, end="")
        return 0
    try:
        words = repset_words.understood(arguments)
    except repset_words.NotUnderstood as error:
        raise Usage(f"{error}\nf10 repset --help tells more") from None
    from emulator import repset_verbs

    return _guarded(lambda: repset_verbs.run(words, home))


def _quirks(arguments: Sequence[str], home: Path) -> int:
    from emulator import quirk_verbs

    return _guarded(lambda: quirk_verbs.run(arguments, home))


def _new(arguments: Sequence[str], home: Path) -> int:
    options = _options("new", arguments, ("--model", "--serial", "--uuid", "--product", "--board"))
    from emulator import demo, demo_world

    def work() -> int:
        folder = demo_world.make_without_keys(
            home,
            model=_model(options),
            serial=options.get("--serial"),
            machine=_uuid(options),
            product=options.get("--product", ""),
            board=options.get("--board", ""),
        )
        model = options.get("--model", "the usual model")
        print(
            f"A PC without keys, {model}, lies in {folder.path}. Switch it on with:\n  {demo.command_for(home)} boot"
        )
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


def _options(
    verb: str, arguments: Sequence[str], known: Sequence[str], flags: Sequence[str] = ()
) -> dict[str, str]:
    """Options of a verb that takes nothing else, each with a value behind it or behind `=`; flags have none."""
    options: dict[str, str] = {}
    words = [part for word in arguments for part in (word.split("=", 1) if word.startswith("--") else [word])]
    rest = iter(words)
    for name in rest:
        if name not in known and name not in flags:
            raise Usage(f"{verb} takes {', '.join([*known, *flags])}; {name!r} came")
        value = "" if name in flags else next(rest, None)
        if value is None:
            raise Usage(f"{name} needs a value behind it")
        if name in options:
            raise Usage(f"{name} is there twice")
        options[name] = value
    return options


def _look(options: Mapping[str, str]) -> Look:
    """How the screen shall look, by the command line, the environment and the terminal."""
    from emulator.setup import look

    themes = [theme.value for theme in look.Theme]
    named = options.get("--theme") or os.environ.get("F10_THEME") or themes[0]
    if named not in themes:
        raise Usage(f"a theme is {' or '.join(themes)}; {named!r} came")
    return look.chosen(options, os.environ, sys.stdout.encoding)


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

    return commands.run(arguments, home / "admin", _sender(home))


def _bcu(arguments: Sequence[str], home: Path) -> int:
    from emulator.bcu import verb

    return verb.run(arguments, home)


def _hpqpswd(arguments: Sequence[str], _home: Path) -> int:
    from emulator.bcu import hpqpswd

    return hpqpswd.run(arguments)


def _sender(home: Path) -> Callable[[bytes], Mapping[str, object]]:
    """A way to the PC for the console, which knows none: a payload in, what `payload apply --json` prints out, also for a failure."""

    def send(payload: bytes) -> Mapping[str, object]:
        from emulator import demo, headless
        from emulator.management_door import apply_request

        try:
            return headless.order(demo.pc_folder(home), apply_request(payload))
        except Exception as error:
            if not isinstance(error, _expected()):
                raise
            return {"ok": False, "error": str(error)}

    return send


def _phone(arguments: Sequence[str], home: Path) -> int:
    from emulator.companions.authenticator import commands

    return commands.run(arguments, home / "phone")


def _guarded(work: Callable[[], int]) -> int:
    """Do `work`; what can go wrong with a PC and its image becomes a sentence."""
    try:
        return work()
    except Exception as error:
        if not isinstance(error, _expected()):
            raise
        return _failed(str(error))


def _expected() -> tuple[type[Exception], ...]:
    """Reasons why a verb can fail. They are imported only when one did: a PC shows its first frame without them."""
    from emulator.companions import CompanionError
    from emulator.firmware.model_text import MalformedModel
    from emulator.firmware.variables import DamagedVariable
    from emulator.headless import NotDone
    from emulator.machine import NotAMachine
    from emulator.management_door import DoorClosed
    from emulator.model_files import UnreadableModel
    from emulator.models import ModelRefused, UnknownModel
    from emulator.mount import CannotMount
    from emulator.payload_files import Unusable
    from emulator.pc_folder import PCFolderError
    from emulator.serve import CannotServe
    from emulator.setup.launch import ScreenFailed
    from firmware_store import StoreError

    return (
        CannotMount,
        CannotServe,
        CompanionError,
        DamagedVariable,
        DoorClosed,
        MalformedModel,
        NotDone,
        ModelRefused,
        NotAMachine,
        PCFolderError,
        ScreenFailed,
        StoreError,
        UnknownModel,
        UnreadableModel,
        Unusable,
    )


def _failed(sentence: str) -> int:
    print(f"f10: {sentence}", file=sys.stderr)
    return UNUSABLE


PLAYING = ("--keys", "--expect", "--screenshot", "--size")
"""Options of `boot` that make it play keys without a terminal."""

LASTING = frozenset({"boot", "serve", "demo", "mount", "admin", "phone"})
"""Verbs that may go on for hours."""

OWN_VERBS = frozenset(
    {"boot", "demo", "serve", "status", "payload", "update", "log", "mount", "export-tree", "new", "case"}
)
"""Verbs whose help is the usage."""

VERBS: Mapping[str, Callable[[Sequence[str], Path], int]] = {
    "boot": _boot,
    "serve": _serve,
    "demo": _demo,
    "status": _status,
    "payload": _payload,
    "update": _update,
    "log": _log,
    "wmi": _wmi,
    "mount": _mount,
    "export-tree": _export_tree,
    "repset": _repset,
    "quirks": _quirks,
    "new": _new,
    "models": _models,
    "case": _case,
    "bcu": _bcu,
    "hpqpswd": _hpqpswd,
    "admin": _admin,
    "phone": _phone,
}
