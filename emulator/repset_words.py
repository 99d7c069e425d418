"""The words behind `f10 repset`: settings of a PC as a file, a file applied, a file explained, two files compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

USAGE = """\
usage: f10 repset dump [FILE] [--format FORMAT] [--force]
                                       the PC's settings, as the field's tools write them; without FILE they are printed
       f10 repset apply FILE [--password-fd N] [--json]
                                       set what the file asks for, entry by entry, all in one commit
       f10 repset check FILE [--model MODEL] [--quirk NAME=VALUE ...] [--password-fd N] [--json]
                                       what apply would do, to this PC as it is, or to a new one of a model; nothing is kept
       f10 repset diff A B [--repset OUT] [--force] [--json]
                                       what differs between two files; OUT leads from A to B

A FILE is a REPSET of the BIOS Configuration Utility or of Computer Setup, or CSV, JSON or XML of the vendor's scripts, with
signatures or without; - reads standard input. FORMAT is bcu, firmware, csv, json or xml; else the name of the file tells it, else
bcu. The setup password, for entries that are not signed, comes from the file descriptor N. --force replaces a file.
Exit codes: 0, 1 an entry was refused or the files differ, 2 unusable.
"""

FORMATS = ("bcu", "firmware", "csv", "json", "xml")
FORMS: Mapping[str, str] = {
    "dump": f"repset dump [FILE] [--format {'|'.join(FORMATS)}] [--force]",
    "apply": "repset apply FILE [--password-fd N] [--json]",
    "check": "repset check FILE [--model MODEL] [--quirk NAME=VALUE ...] [--password-fd N] [--json]",
    "diff": "repset diff A B [--repset OUT] [--force] [--json]",
}
_VALUED: Mapping[str, frozenset[str]] = {
    "dump": frozenset({"--format"}),
    "apply": frozenset({"--password-fd"}),
    "check": frozenset({"--model", "--quirk", "--password-fd"}),
    "diff": frozenset({"--repset"}),
}
_FLAGS: Mapping[str, frozenset[str]] = {
    "dump": frozenset({"--force"}),
    "apply": frozenset({"--json"}),
    "check": frozenset({"--json"}),
    "diff": frozenset({"--force", "--json"}),
}
_COUNTS: Mapping[str, tuple[int, ...]] = {"dump": (0, 1), "apply": (1,), "check": (1,), "diff": (2,)}
"""How many files stand beside the options."""


class NotUnderstood(Exception):
    """Words that are no command about files of settings."""


@dataclass(frozen=True, slots=True)
class Words:
    """What was asked for."""

    verb: str
    files: tuple[str, ...]
    flags: frozenset[str]
    options: Mapping[str, str]
    quirks: Mapping[str, str]

    @property
    def as_json(self) -> bool:
        return "--json" in self.flags

    @property
    def descriptor(self) -> int | None:
        said = self.options.get("--password-fd")
        return None if said is None else int(said)


def understood(arguments: Sequence[str]) -> Words:
    """Raises NotUnderstood."""
    if not arguments or arguments[0] not in FORMS:
        raise NotUnderstood(f"repset needs one of {', '.join(FORMS)}")
    verb = arguments[0]
    files, flags, said = _sorted_out(verb, arguments[1:])
    if len(files) not in _COUNTS[verb] or files.count("-") > 1:
        raise NotUnderstood(f"it must be: {FORMS[verb]}")
    quirks = [value for name, value in said if name == "--quirk"]
    if any("=" not in each for each in quirks):
        raise NotUnderstood("--quirk takes NAME=VALUE, as f10 quirks lists them")
    options = [(name, value) for name, value in said if name != "--quirk"]
    if len(dict(options)) < len(options):
        raise NotUnderstood(f"an option is there twice; it must be: {FORMS[verb]}")
    _require_known(dict(options))
    pairs = dict(each.split("=", 1) for each in quirks)
    return Words(verb, tuple(files), frozenset(flags), dict(options), pairs)


def _sorted_out(verb: str, arguments: Sequence[str]) -> tuple[list[str], set[str], list[tuple[str, str]]]:
    """Files, flags, and options with their values."""
    files: list[str] = []
    flags: set[str] = set()
    said: list[tuple[str, str]] = []
    words = iter(arguments)
    for word in words:
        name, equals, value = word.partition("=")
        if word in _FLAGS[verb]:
            flags.add(word)
        elif name in _VALUED[verb]:
            behind = value if equals else next(words, None)
            if behind is None:
                raise NotUnderstood(f"{name} needs a value behind it: {FORMS[verb]}")
            said.append((name, behind))
        elif word.startswith("-") and word != "-":
            raise NotUnderstood(f"{word[:40]!r} came; it must be: {FORMS[verb]}")
        else:
            files.append(word)
    return files, flags, said


def _require_known(options: Mapping[str, str]) -> None:
    form, number = options.get("--format"), options.get("--password-fd")
    if form is not None and form not in FORMATS:
        raise NotUnderstood(f"--format takes one of {', '.join(FORMATS)}; {form[:20]!r} came")
    if number is not None and not (number.isascii() and number.isdigit() and len(number) <= 9):
        raise NotUnderstood(f"--password-fd takes the number of a file descriptor; {number[:20]!r} came")
