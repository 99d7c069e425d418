"""What was found, as lines for a person.

Values are shown only where they were asked for: they may be secrets. Otherwise a value is told by its length and the
first digits of its SHA-256, which is enough to see that two are equal.
"""

from collections.abc import Iterator
from hashlib import sha256

from firmware_store.inspect import Finding, Report
from firmware_store.inspect_differences import Difference
from firmware_store.inspect_history import OldValue
from firmware_store.inspect_words import attribute_words, printable, size_words, time_words
from firmware_store.records import Variable


def fingerprint(data: bytes) -> str:
    return f"{size_words(len(data))}, SHA-256 {sha256(data).hexdigest()[:12]}…"


def shown(data: bytes, *, values: bool) -> str:
    return f"{size_words(len(data))}: {data.hex()}" if values else fingerprint(data)


def report_lines(report: Report) -> Iterator[str]:
    count = "cannot be read" if report.variables is None else f"{report.variables} variables"
    yield f"layout {report.layout.name}, {report.size} bytes, {count}"
    yield from _fill_lines(report)
    yield _working_line(report)
    faults = report.faults
    for each in report.findings:
        yield f"{'fault' if each.kind.fault else 'note '}  {each.offset:#08x}  {_worded(each)}"
    number = f"{len(faults)} fault" if len(faults) == 1 else f"{len(faults)} faults"
    yield (
        "in good order" if report.sound else f"{number}; `--repair` keeps a copy and puts the store in order"
    )


def _worded(finding: Finding) -> str:
    return f"{finding.kind.word}: {printable(finding.text)}"


def _fill_lines(report: Report) -> Iterator[str]:
    fill = report.fill
    yield (
        f"room for records {fill.room} bytes: live {fill.live} ({percent(fill.live, fill.room)}), "
        f"obsolete {fill.obsolete} ({percent(fill.obsolete, fill.room)}), free {fill.free}"
    )
    yield (
        f"next reclaim after about {fill.next_reclaim} more changes of {fill.usual_size} bytes; "
        f"it would free {fill.obsolete} bytes"
    )


def percent(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.0f} %"


def _working_line(report: Report) -> str:
    working = report.working
    if working.offset is None:
        return "working block lost"
    place = "in its place" if working.offset == report.layout.working_offset else "in the spare area only"
    state = "at rest" if working.unfinished is None else f"a write is pending: {working.unfinished.value}"
    return f"working block {place}, {working.entries} of {working.capacity} entries used, {state}"


def history_lines(values: list[OldValue], *, show: bool) -> Iterator[str]:
    for each in values:
        yield (
            f"{each.offset:#08x}  {each.area}  {each.guid}  {attribute_words(each.attributes)}  "
            f"{each.state.value}  {shown(each.data, values=show)}"
        )


def difference_lines(found: list[Difference], *, show: bool) -> Iterator[str]:
    for each in found:
        title = f"{each.guid} {printable(each.name)}"
        if each.before is None and each.after is not None:
            yield f"+ {title}  {_variable(each.after, show=show)}"
        elif each.after is None and each.before is not None:
            yield f"- {title}  {_variable(each.before, show=show)}"
        elif each.before is not None and each.after is not None:
            yield f"~ {title}"
            for field in each.fields:
                one, other = (_field(side, field, show=show) for side in (each.before, each.after))
                yield f"    {field.replace('_', ' ')}: {one} → {other}"


def _variable(variable: Variable, *, show: bool) -> str:
    return f"{attribute_words(variable.attributes)}  {shown(variable.data, values=show)}"


def _field(variable: Variable, field: str, *, show: bool) -> str:
    if field == "data":
        return shown(variable.data, values=show)
    return attribute_words(variable.attributes) if field == "attributes" else time_words(variable.time_stamp)
