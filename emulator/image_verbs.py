"""`f10 image`: flash images as files, without any PC around them.

The verbs are for people who look after images of virtual machines and of this emulator alike; nothing here knows what
a variable means. Each verb is a line of the table below and a function in a module that is imported when it is called.

Exit codes: 0 done; 1 `check` found a fault, or `diff` a difference; 2 it could not be done, and one sentence on the
error output says why. Values never appear unless they are asked for; to keep one out of the list of processes, give it
as a file, or with `--file -` on the standard input.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper

from emulator.image_arguments import Grammar, UsageError, parse

DONE, FOUND, UNUSABLE = 0, 1, 2

# The verb, the module of its function, what it takes (for the parser and for people), and what it does.
VERBS: dict[str, tuple[str, Grammar, str, str]] = {
    "new": (
        "image_changing",
        Grammar(("PATH",), ("--layout", "--from")),
        "PATH [--layout 4m|2m] [--from IMAGE]",
        "a new image, without variables or with those of another image but not their history",
    ),
    "list": ("image_reading", Grammar(("PATH",), (), ("--json",)), "PATH [--json]", "one variable a line"),
    "get": (
        "image_reading",
        Grammar(("PATH", "NAME"), ("--guid",), ("--json", "--raw", "--text")),
        "PATH NAME [--guid GUID] [--text | --raw | --json]",
        "the value of a variable, in hexadecimal",
    ),
    "set": (
        "image_changing",
        Grammar(
            ("PATH", "NAME"),
            ("--guid", "--hex", "--text", "--file", "--attributes"),
            ("--append", "--secret", "--json"),
        ),
        "PATH NAME --hex DIGITS|--text TEXT|--file FILE [--guid GUID] [--attributes NV+BS+RT] [--append] [--secret]",
        "changes a variable or makes one",
    ),
    "delete": (
        "image_changing",
        Grammar(("PATH", "NAME"), ("--guid",), ("--json", "--secret")),
        "PATH NAME [--guid GUID] [--secret]",
        "removes a variable; old values stay in the flash until a scrub, unless --secret is given",
    ),
    "check": (
        "image_inspection",
        Grammar(("PATH",), (), ("--json", "--repair")),
        "PATH [--repair] [--json]",
        "what state the image is in; repairs it after keeping a copy",
    ),
    "history": (
        "image_inspection",
        Grammar(("PATH", "NAME"), ("--guid",), ("--json", "--values")),
        "PATH NAME [--guid GUID] [--values] [--json]",
        "old values of a variable that are still in the flash",
    ),
    "diff": (
        "image_inspection",
        Grammar(("PATH", "OTHER"), (), ("--json", "--values")),
        "PATH OTHER [--values] [--json]",
        "which variables differ between two images",
    ),
    "map": (
        "image_inspection",
        Grammar(("PATH",), ("--width",), ("--json", "--ascii")),
        "PATH [--width COLUMNS] [--ascii] [--json]",
        "a picture of the flash",
    ),
    "scrub": (
        "image_changing",
        Grammar(("PATH",), (), ("--json",)),
        "PATH",
        "removes old values from everywhere in the flash",
    ),
    "export": (
        "image_exchange",
        Grammar(("PATH", "TARGET"), ("--format", "--guid", "--name"), ("--json",)),
        "PATH TARGET [--format json|efivarfs|dmpstore|auth] [--guid GUID] [--name NAME]",
        "variables in a form that other programs read; TARGET `-` is the standard output",
    ),
    "import": (
        "image_exchange",
        Grammar(("PATH", "SOURCE"), ("--format", "--guid", "--name"), ("--append", "--json")),
        "PATH SOURCE [--format json|efivarfs|dmpstore|auth] [--guid GUID] [--name NAME] [--append]",
        "brings such variables in, all of them or none",
    ),
}


def run(arguments: Sequence[str]) -> int:
    """Carries out `f10 image ARGUMENTS` and returns the exit code."""
    verb, *rest = arguments or ("",)
    if verb in {"--help", "-h"} or (verb in VERBS and {"--help", "-h"} & set(rest)):
        print(usage(verb))
        return DONE
    if verb not in VERBS:
        print(usage(verb), file=sys.stderr)
        return UNUSABLE
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return _carry_out(verb, rest)
    except UsageError as error:
        print(f"f10 image {verb}: {error}", usage(verb), sep="\n", file=sys.stderr)
    except BrokenPipeError:  # The reader of our output had enough, as `head` does.
        _forget_output()
    except _refusals() as error:
        print(f"f10 image {verb}: {error}", file=sys.stderr)
    return UNUSABLE


def _carry_out(verb: str, rest: list[str]) -> int:
    module, grammar, _, _ = VERBS[verb]
    parsed = parse(rest, grammar)
    code: int = getattr(import_module(f"emulator.{module}"), f"{verb}_verb")(parsed)
    sys.stdout.flush()
    return code


def _refusals() -> tuple[type[Exception], ...]:
    from firmware_store.errors import StoreError  # noqa: PLC0415

    return StoreError, OSError, MemoryError


def _forget_output() -> None:
    """Python would flush the broken pipe once more at its end, and complain."""
    import os  # noqa: PLC0415

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def usage(verb: str) -> str:
    chosen = [verb] if verb in VERBS else list(VERBS)
    lines = []
    for each in chosen:
        _, _, takes, does = VERBS[each]
        lines += [f"  f10 image {each} {takes}", f"      {does}"]
    return "\n".join(["usage:", *lines])
