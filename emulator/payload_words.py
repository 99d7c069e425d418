"""The words behind `f10 payload`: apply a payload or a policy, show what is in it, verify who signed it."""

from collections.abc import Sequence
from dataclasses import dataclass

FORMS = {
    "apply": "payload apply FILE [--file FIRMWARE] [--from STEP] [--json]",
    "show": "payload show FILE [--key KEYFILE ...] [--passphrase-fd N ...] [--file FIRMWARE] [--json]",
    "verify": "payload verify FILE --key KEYFILE ... [--passphrase-fd N ...] [--file FIRMWARE] [--json]",
}
_WITH_VALUE = {
    "apply": {"--file", "--from"},
    "show": {"--file", "--key", "--passphrase-fd"},
    "verify": {"--file", "--key", "--passphrase-fd"},
}
_SEVERAL = {"--key", "--passphrase-fd"}


class NotUnderstood(Exception):
    """Words that are no command about payloads."""


@dataclass(frozen=True, slots=True)
class Words:
    """What was asked for. `first` is the step of a policy to begin with."""

    verb: str
    file: str
    as_json: bool = False
    firmware: str | None = None
    first: int = 1
    keys: tuple[str, ...] = ()
    descriptors: tuple[int, ...] = ()


def understood(arguments: Sequence[str]) -> Words:
    """Raises NotUnderstood."""
    if not arguments or arguments[0] not in FORMS:
        raise NotUnderstood(f"payload needs one of {', '.join(FORMS)}")
    verb, form = arguments[0], FORMS[arguments[0]]
    options, rest = _options(verb, arguments[1:])
    as_json = "--json" in rest
    files = [word for word in rest if word != "--json"]
    if len(files) != 1 or (files[0].startswith("-") and files[0] != "-"):
        raise NotUnderstood(f"it must be: {form}")
    if verb == "verify" and not options.get("--key"):
        raise NotUnderstood(f"to verify takes a key: {form}")
    return Words(
        verb,
        files[0],
        as_json,
        next(iter(options.get("--file", ())), None),
        _number("--from", next(iter(options.get("--from", ())), "1"), least=1),
        tuple(options.get("--key", ())),
        tuple(_number("--passphrase-fd", said, least=0) for said in options.get("--passphrase-fd", ())),
    )


def _options(verb: str, arguments: Sequence[str]) -> tuple[dict[str, list[str]], list[str]]:
    """Options with their values, and the words that are none."""
    known = _WITH_VALUE[verb]
    options: dict[str, list[str]] = {}
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        name, equals, value = word.partition("=")
        if name not in known:
            rest.append(word)
            continue
        said = value if equals else next(words, None)
        if said is None:
            raise NotUnderstood(f"{name} needs a value behind it: {FORMS[verb]}")
        if name in options and name not in _SEVERAL:
            raise NotUnderstood(f"{name} is there twice")
        options.setdefault(name, []).append(said)
    return options, rest


def _number(name: str, said: str, *, least: int) -> int:
    number = int(said) if said.isascii() and said.isdigit() and len(said) <= 9 else -1
    if number < least:
        raise NotUnderstood(f"{name} takes a number from {least}; {said[:20]!r} came")
    return number
