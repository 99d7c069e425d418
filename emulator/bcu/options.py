"""The words of a BCU command line: `/name:argument`, in any case, with quotes that the shell took away or left.

Each argument may stand in quotes, or the whole word, for shells differ in who takes them away; a pair of name and value stays as it is until
the names of the PC are known (`assignment`). Known is which options exist and which exclude each other in part: `/Unicode` goes with nothing, one
file with the current password is enough, `/SetDefaults` makes other reading and writing be ignored. That two of the others exclude each
other, and that signing goes with writing only, is our reading. No word here looks at a file or at the PC.

A new password goes with writing as well, and first. `/nspwdfile:""` takes the password away.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from emulator.bcu.assignment import unquoted
from emulator.bcu.return_codes import ReturnCode, Stopped
from emulator.bcu.signing_options import Signing, counter, one_time, target_machine


class Deed(Enum):
    """What one run does; changing the password alone is a deed, and also goes before writing."""

    HELP = "help"
    GET = "get"
    SET = "set"
    GET_VALUE = "getvalue"
    SET_VALUE = "setvalue"
    SET_DEFAULTS = "setdefaults"
    CHANGE_PASSWORD = "change the password"  # noqa: S105 -- a deed
    UNICODE = "unicode"


@dataclass(frozen=True, slots=True)
class Options:
    """One command line. An argument is the file, the name, or name and value that the deed is about."""

    deed: Deed
    argument: str = ""
    current_password_file: str | None = None
    new_password_file: str | None = None
    current_password_descriptor: int | None = None
    new_password_descriptor: int | None = None
    verbose: bool = False
    warnings_count: bool = False
    log: bool = False
    log_folder: str | None = None
    signing: Signing = Signing()
    key_password: str | None = field(default=None, repr=False)
    key_password_descriptor: int | None = None
    only_sign: bool = False
    as_json: bool = False

    @property
    def changes_password(self) -> bool:
        return self.new_password_file is not None or self.new_password_descriptor is not None


_SPELLINGS = {
    "get": "get",
    "getconfig": "get",
    "set": "set",
    "setconfig": "set",
    "getvalue": "getvalue",
    "setvalue": "setvalue",
    "cspwdfile": "current password",
    "cpwdfile": "current password",
    "cursetuppasswordfile": "current password",
    "nspwdfile": "new password",
    "npwdfile": "new password",
    "newsetuppasswordfile": "new password",
    "logpath": "logpath",
    "ot": "ot",
    "ar": "ar",
    "uid": "uid",
    "pkey": "pkey",
    "pkeypwd": "pkeypwd",
}
"""Options with an argument, by what they mean."""

_SWITCHES = {
    "setdefaults": "setdefaults",
    "unicode": "unicode",
    "?": "help",
    "help": "help",
    "verbose": "verbose",
    "warningaserr": "warningaserr",
    "log": "log",
    "l": "log",
    "addauthstr": "addauthstr",
}

_OURS = {
    "--password-fd": "current descriptor",
    "--new-password-fd": "new descriptor",
    "--pkeypwd-fd": "key descriptor",
}

_REMOVED = {"cspwd", "nspwd", "createuser", "deleteuser"}
_DEEDS = {"get": Deed.GET, "set": Deed.SET, "getvalue": Deed.GET_VALUE, "setvalue": Deed.SET_VALUE}
_SIGNING = {"ot", "ar", "uid", "pkey", "pkeypwd", "key descriptor", "addauthstr"}
_WRITING = {Deed.SET, Deed.SET_VALUE, Deed.SET_DEFAULTS, Deed.CHANGE_PASSWORD}
_MAY_BE_EMPTY = {"get", "new password", "pkeypwd"}


def understood(arguments: Sequence[str]) -> Options:
    """Raises Stopped with SYNTAX or BAD_UUID."""
    said = _said(arguments)
    if not said.keys() - {"json"} or "help" in said:
        return Options(Deed.HELP)
    deed = _deed(said)
    if (extra := _SIGNING & said.keys()) and deed not in _WRITING:
        raise _syntax(
            f"to sign with {_listed(extra)} there must be something to change, and nothing is changed"
        )
    if "addauthstr" in said and (deed is not Deed.SET or "new password" in said or "new descriptor" in said):
        raise _syntax("/addauthstr goes with /set, and with no new password")
    for one, other in (
        ("current password", "current descriptor"),
        ("new password", "new descriptor"),
        ("pkeypwd", "key descriptor"),
    ):
        if {one, other} <= said.keys():
            raise _syntax(f"the {one} comes from a file or argument, or from a descriptor, and not from both")
    return Options(
        deed,
        said.get(deed.value, ""),
        said.get("current password"),
        said.get("new password"),
        _descriptor(said, "current descriptor"),
        _descriptor(said, "new descriptor"),
        verbose="verbose" in said,
        warnings_count="warningaserr" in said,
        log="log" in said or "logpath" in said,
        log_folder=said.get("logpath"),
        signing=_signing(said),
        key_password=said.get("pkeypwd"),
        key_password_descriptor=_descriptor(said, "key descriptor"),
        only_sign="addauthstr" in said,
        as_json="json" in said,
    )


def _said(arguments: Sequence[str]) -> dict[str, str]:
    """Options by their meaning, with their arguments."""
    said: dict[str, str] = {}
    words = iter(arguments)
    for word in words:
        meaning, argument = _one(word, words)
        if meaning in said:
            raise _syntax(
                f"{word.partition(':')[0][:40]} stands there twice, or in two spellings; one run does one thing"
            )
        said[meaning] = argument
    return said


def _one(word: str, rest: Iterable[str]) -> tuple[str, str]:
    if word == "--json":
        return "json", ""
    if word in {"-?", "-h", "--help"}:
        return "help", ""
    ours, equals, value = word.partition("=")
    if ours in _OURS:
        return _OURS[ours], value if equals else next(iter(rest), "")
    return _vendors(word)


def _vendors(word: str) -> tuple[str, str]:
    name, colon, argument = unquoted(word).partition(":")
    folded = name.removeprefix("/").casefold()
    if not name.startswith("/") or (folded not in _SPELLINGS and folded not in _SWITCHES):
        # What comes behind a colon may be a password.
        gone = f"; BCU has not taken {name} for long" if folded in _REMOVED else ""
        raise _syntax(f"no option is called {name[:40]!r}{gone}: f10 bcu /? lists them")
    if folded in _SWITCHES:
        if colon:
            raise _syntax(f"{name} takes nothing behind it")
        return _SWITCHES[folded], ""
    meaning, argument = _SPELLINGS[folded], argument if folded == "setvalue" else unquoted(argument)
    # A bare /get is what many scripts write for the console.
    if not (colon or meaning == "get") or not (argument or meaning in _MAY_BE_EMPTY):
        raise _syntax(f'{name} needs a colon and its argument, without a blank: {name}:"..."')
    return meaning, argument


def _deed(said: dict[str, str]) -> Deed:
    if "unicode" in said:
        if said.keys() - {"unicode", "json", "log", "logpath"}:
            raise _syntax("/Unicode goes with no other option")
        return Deed.UNICODE
    if "setdefaults" in said:
        return Deed.SET_DEFAULTS
    asked = [name for name in _DEEDS if name in said]
    if len(asked) > 1:
        raise _syntax(f"{_listed(asked)} exclude each other")
    if asked:
        if asked[0].startswith("get") and {"new password", "new descriptor"} & said.keys():
            raise _syntax(f"a new password goes with no /{asked[0]}")
        return _DEEDS[asked[0]]
    if {"new password", "new descriptor"} & said.keys():
        return Deed.CHANGE_PASSWORD
    raise _syntax("nothing to do: /get, /set, /getvalue, /setvalue, /SetDefaults, /nspwdfile or /Unicode")


def _signing(said: dict[str, str]) -> Signing:
    target = said.get("uid")
    return Signing(
        None if "ar" not in said else counter(said["ar"]),
        None if "ot" not in said else one_time(said["ot"]),
        None if target is None else target_machine(target),
        target is not None and target_machine(target) is None,
        said.get("pkey"),
    )


def _descriptor(said: dict[str, str], name: str) -> int | None:
    if name not in said:
        return None
    text = said[name]
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise _syntax(f"a descriptor is a number; {text[:20]!r} came")
    return int(text)


def _listed(names: Iterable[str]) -> str:
    return " and ".join("--pkeypwd-fd" if name == "key descriptor" else f"/{name}" for name in sorted(names))


def _syntax(sentence: str) -> Stopped:
    return Stopped(ReturnCode.SYNTAX, sentence)
