"""What became of a file of settings, and what differs between two, as lines for people.

Names and values are strangers' texts, so each line is made printable, and none is endless.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from emulator.wmi_page import printable

HIDDEN = "(not shown)"
"""Stands where a value is a password."""
LONGEST = 80
"""Characters of a value that are printed; JSON has all of them."""
_ORDER = (
    "set",
    "waits",
    "unchanged",
    "unknown",
    "read-only",
    "invalid",
    "needs password",
    "needs signature",
    "refused",
)
_WIDTH = max(map(len, _ORDER))


def page(reply: Mapping[str, object]) -> Iterator[str]:
    """Entries that changed something or were refused, a line each; the unchanged ones are counted only."""
    results = reply["results"]
    assert isinstance(results, list)  # the door's reply
    yield from (_line(each) for each in results if each["outcome"] != "unchanged")
    yield total(Counter(each["outcome"] for each in results))
    if reply["presence_needed"]:
        yield "Physical presence is needed: at the next start somebody has to type the code that the screen shows."
    if reply["restart_needed"]:
        yield "A restart is needed for all of it to act."
    if reply.get("dry_run"):
        yield f"Nothing was changed: this was a dry run on {reply['model']}."


def total(outcomes: Mapping[str, int]) -> str:
    number = sum(outcomes.values())
    parts = ", ".join(f"{outcomes[each]} {each}" for each in sorted(outcomes, key=_ORDER.index))
    return f"Total: {number} {'entry' if number == 1 else 'entries'}{f', {parts}' if parts else ''}."


def differences(found: Sequence[tuple[str, str | None, str | None]]) -> Iterator[str]:
    """Names with the values on both sides."""
    for name, old, new in found:
        yield f"{printable(name[:LONGEST])}: {_side(old)} -> {_side(new)}"
    yield f"Total: {len(found)} {'setting differs' if len(found) == 1 else 'settings differ'}."


def _line(result: Mapping[str, object]) -> str:
    name, sentence = str(result["name"]), str(result["sentence"])
    told = sentence or f"{_value(result['old'])} -> {_value(result['new'])}"
    # Most sentences begin with the name.
    named = sentence.startswith(repr(name))
    begin = "" if named else f"{name[:LONGEST]}: "
    return f"line {result['line']!s:>4}  {result['outcome']:<{_WIDTH}}  {printable(begin + told)}"


def _side(value: str | None) -> str:
    if value is None:
        return "(not there)"
    return value if value == HIDDEN else _value(value)


def _value(value: object) -> str:
    text = printable(str(value))
    return f"'{text}'" if len(text) <= LONGEST else f"'{text[:LONGEST]}…' ({len(text)} characters)"
