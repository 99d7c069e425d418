"""A payload that was laid open, as lines for people. Its texts are a stranger's, so each line is made printable, and none is endless."""

from collections.abc import Iterator, Mapping

from emulator.companions.admin.judge import Finding, Verdict
from emulator.companions.admin.reading import Reading
from emulator.protocol.certificate import printable

LONGEST_VALUE = 200
"""Characters of a value that are printed for people; JSON has all of them."""


def page(name: str, part: Reading) -> Iterator[str]:
    if name:
        yield line(name)
    rows: dict[str, object] = {"purpose": str(part.purpose), "does": part.does, "time stamp": _time(part)}
    sizes = ", ".join(f"{what} {size}" for what, size in part.sizes.items())
    entries = part.fields.get("settings")
    if isinstance(entries, list):
        rows["settings"] = len(entries)
    else:
        rows |= part.fields
    yield from _rows({**rows, "bytes": sizes})
    for number, entry in enumerate(entries or (), 1):
        yield f"  entry {number}"
        yield from _rows(entry)
    for finding in part.findings:
        yield f"  {'signature':<18}  {said(finding)}"
    if name:
        yield ""


def _rows(fields: Mapping[str, object]) -> Iterator[str]:
    for name, value in fields.items():
        if isinstance(value, dict):
            yield from _rows({f"{name}, {inner}": each for inner, each in value.items()})
        else:
            yield f"  {name.replace('_', ' '):<18}  {line(_told(value))}"


def _told(value: object) -> str:
    if value is None or value == "":
        return "none" if value is None else "(empty)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return str(value)


def _time(part: Reading) -> str:
    if part.timestamp is None:
        return "none"
    return part.timestamp if part.made_at is None else f"{part.timestamp} (UTC {part.made_at})"


def said(finding: Finding) -> str:
    """A verdict in full: what a reason says is never cut."""
    by = f", made by the key {finding.key_id}" if finding.key_id else ""
    why = f": {printable(finding.why)}" if finding.why else ""
    hint = " (name a key with --key)" if finding.verdict is Verdict.UNCHECKED else ""
    return f"{finding.verdict.upper()} {line(finding.what)}{by}{why}{hint}"


def line(text: str) -> str:
    """A stranger's text as one line that steers no terminal."""
    shown = printable(text)
    return shown if len(shown) <= LONGEST_VALUE else f"{shown[:LONGEST_VALUE]}… ({len(shown)} characters)"
