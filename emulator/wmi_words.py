"""The words behind `f10 wmi`: ask settings as WMI tells them, call its methods, and the firmware's interface below it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

USAGE = """\
usage: f10 wmi get NAME [--value] [--json]      one setting, by its exact name (--value: the current value and nothing else)
       f10 wmi query "WQL" [--json]             as SELECT Name, Value FROM HP_BIOSSetting WHERE IsReadOnly = 0
       f10 wmi classes [--json]                 the classes that can be queried, with their properties and methods
       f10 wmi set NAME VALUE [PROOF] [--json]  the same as invoke SetBIOSSetting; a new password comes with --value-fd N
       f10 wmi invoke SetBIOSSetting NAME VALUE [PROOF] [--json]
       f10 wmi invoke SetSystemDefaults [PROOF] [--json]
       f10 wmi state [--json] | --raw kernel|helper [--hex]
                                                Secure Platform Management, in words, or in the bytes of the Linux driver
                                                (552) or of the vendor's helper (525)
       f10 wmi raw --guid GUID [--method N] [--output N] [--hex] FILE
                                                bytes into the firmware's own interface, and what comes out of it; - reads
                                                standard input. N of a GUID that tells settings is the number of one, from 0;
                                                without N it is the method that fits the output, or 0

PROOF is --password-fd N, from which the setup password is read, with or without the mark <utf-16/>, or --auth-fd N for an
authorization <BEAM/>...
Exit codes: 0, 1 refused or unknown, 2 unusable.
"""

FORMS: Mapping[str, str] = {
    "get": "wmi get NAME [--value] [--json]",
    "query": 'wmi query "WQL" [--json]',
    "classes": "wmi classes [--json]",
    "set": "wmi set NAME VALUE | NAME --value-fd N [--password-fd N | --auth-fd N] [--json]",
    "SetBIOSSetting": "wmi invoke SetBIOSSetting NAME VALUE | NAME --value-fd N [--password-fd N | --auth-fd N] [--json]",
    "SetSystemDefaults": "wmi invoke SetSystemDefaults [--password-fd N | --auth-fd N] [--json]",
    "state": "wmi state [--json] | --raw kernel|helper [--hex]",
    "raw": "wmi raw --guid GUID [--method N] [--output N] [--hex] FILE",
}
_VERBS = ("get", "query", "classes", "set", "invoke", "state", "raw")
_METHODS = {"setbiossetting": "SetBIOSSetting", "setsystemdefaults": "SetSystemDefaults"}
_FLAGS: Mapping[str, frozenset[str]] = {
    "get": frozenset({"--value", "--json"}),
    "raw": frozenset({"--hex"}),
    "state": frozenset({"--hex", "--json"}),
}
_PROOF = frozenset({"--password-fd", "--auth-fd"})
_VALUED: Mapping[str, frozenset[str]] = {
    "SetBIOSSetting": _PROOF | {"--value-fd"},
    "SetSystemDefaults": _PROOF,
    "state": frozenset({"--raw"}),
    "raw": frozenset({"--guid", "--method", "--output"}),
}
_COUNTS: Mapping[str, tuple[int, ...]] = {
    "get": (1,),
    "query": (1,),
    "classes": (0,),
    "SetBIOSSetting": (1, 2),
    "SetSystemDefaults": (0,),
    "state": (0,),
    "raw": (1,),
}
"""How many words may stand beside the options."""
RAW_FORMS = ("kernel", "helper")


class NotUnderstood(Exception):
    """Words that are no command to WMI."""


class Words(NamedTuple):
    """What was asked for (a named tuple, as dataclasses are much to import); `verb` is `get`, `query`, `classes`, `state`, `raw` or the name of a method."""

    verb: str
    rest: tuple[str, ...]
    flags: frozenset[str]
    options: Mapping[str, str]

    @property
    def as_json(self) -> bool:
        return "--json" in self.flags

    def number(self, option: str, missing: int | None = None) -> int | None:
        """Raises NotUnderstood."""
        said = self.options.get(option)
        if said is None:
            return missing
        if not (said.isascii() and said.isdigit() and len(said) <= 9):
            raise NotUnderstood(f"{option} takes a number from 0 to 999999999; {said[:20]!r} came")
        return int(said)


def understood(arguments: Sequence[str]) -> Words:
    """Raises NotUnderstood."""
    if not arguments or arguments[0] not in _VERBS:
        raise NotUnderstood(f"wmi needs one of {', '.join(_VERBS)}")
    verb, rest = arguments[0], list(arguments[1:])
    if verb == "invoke":
        method = rest.pop(0) if rest else ""
        if method.casefold() not in _METHODS:
            raise NotUnderstood(f"the methods are {' and '.join(_METHODS.values())}; {method[:40]!r} came")
        verb = _METHODS[method.casefold()]
    form = FORMS[verb]
    words = _sorted("SetBIOSSetting" if verb == "set" else verb, rest, form)
    if len(words.rest) not in _COUNTS[words.verb]:
        raise NotUnderstood(f"it must be: {form}")
    _check(words, form)
    return words


def _sorted(verb: str, arguments: Sequence[str], form: str) -> Words:
    """Flags, options with their values, and the words that are neither. Behind `--` every word is none."""
    flags, known = _FLAGS.get(verb, frozenset({"--json"})), _VALUED.get(verb, frozenset())
    found: set[str] = set()
    options: dict[str, str] = {}
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        name, equals, value = word.partition("=")
        if word == "--":
            rest += words
        elif word in flags:
            found.add(word)
        elif name in known:
            said = value if equals else next(words, None)
            if said is None or name in options:
                raise NotUnderstood(f"{name} stands once, with a value behind it: {form}")
            options[name] = said
        elif word.startswith("--"):
            raise NotUnderstood(f"{word[:40]!r} is no option here: {form}")
        else:
            rest.append(word)
    return Words(verb, tuple(rest), frozenset(found), options)


def _check(words: Words, form: str) -> None:
    """What the number of words does not tell. Raises NotUnderstood."""
    for option in words.options:
        if option not in {"--raw", "--guid"}:
            words.number(option)
    if words.options.keys() >= _PROOF:
        raise NotUnderstood(f"a change is proved by one of --password-fd and --auth-fd: {form}")
    if words.verb == "SetBIOSSetting" and (len(words.rest) == 2) == ("--value-fd" in words.options):
        raise NotUnderstood(f"the value is told once, as a word or by --value-fd: {form}")
    if words.verb == "state" and words.options.get("--raw", "kernel") not in RAW_FORMS:
        raise NotUnderstood(f"--raw takes {' or '.join(RAW_FORMS)}: {form}")
    if words.verb == "state" and ("--raw" in words.options) is words.as_json and words.flags:
        raise NotUnderstood(f"bytes are told as they are or in hexadecimal, words as JSON: {form}")
    if words.verb == "raw" and "--guid" not in words.options:
        raise NotUnderstood(f"raw needs the GUID of an interface: {form}")
