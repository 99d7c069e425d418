"""What BCU prints: a document of XML, one element for each thing that happened, in its order.

Shape and names are those of published outputs: `BIOSCONFIG` with date and machine, `SETTING` with its return code and values in CDATA,
`SUCCESS`, `ERROR` with two codes, `REBOOT` after a change, and at the end `Information` with both codes of the whole run. `real` is the code
of what failed, as its SETTING tells it, `translated` that of the run; what else they may tell apart is not public. An ERROR always has
both, and Information stands there once, because scripts read the last of each. Sentences are ours.

Published outputs leave an ampersand in a name as it is, which no parser of XML reads. Ours is escaped, unless the quirk
`xml_ampersand` of the PC says otherwise. A character that XML has no place for comes out as U+FFFD.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from emulator.bcu.return_codes import ReturnCode

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ATTRIBUTE = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\t": "&#9;",
    "\n": "&#10;",
    "\r": "&#13;",
}


@dataclass(frozen=True, slots=True)
class SettingLine:
    """One setting: what became of it, and its values; those that are secret or unknown are not told."""

    name: str
    status: str
    code: int
    reason: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    """Texts by element: OLDVALUE with NEWVALUE or VALUE, or VALUE alone."""


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence. An error has the code of what failed and that of the run."""

    element: str
    text: str
    real: int | None = None
    translated: int | None = None


@dataclass
class Report:
    """What happened, line by line; `code` is how the run ends."""

    lines: list[SettingLine | Message] = field(default_factory=list)
    code: int = ReturnCode.SUCCESS
    real: int = ReturnCode.SUCCESS
    text: str | None = None
    """What goes to the console instead of the report: settings as a file, or help."""
    bare_ampersand: bool = False

    @property
    def passed_over(self) -> bool:
        """Whether there were settings, and something was wrong with each of them."""
        settings = [line for line in self.lines if isinstance(line, SettingLine)]
        return bool(settings) and all(line.status == "fail" for line in settings)

    def success(self, sentence: str) -> None:
        self.lines.append(Message("SUCCESS", sentence))

    def info(self, sentence: str) -> None:
        self.lines.append(Message("Info", sentence))

    def reboot(self, sentence: str) -> None:
        self.lines.append(Message("REBOOT", sentence))

    def fail(self, code: int, sentence: str, real: int | None = None) -> None:
        """The run ends with `code`; `real` is the code of what failed, if it is another."""
        self.code, self.real = code, code if real is None else real
        self.lines.append(Message("ERROR", sentence, self.real, code))


@dataclass(frozen=True, slots=True)
class Heading:
    """Where and when the report was made, by the clock of the host."""

    computer: str
    now: datetime

    @property
    def attributes(self) -> dict[str, str]:
        return {
            # Empty in every published output.
            "Version": "",
            "Computername": self.computer,
            "Date": f"{self.now:%Y/%m/%d}",
            "Time": f"{self.now:%H:%M:%S}",
            "UTC": utc_offset(self.now),
        }


def utc_offset(now: datetime) -> str:
    """Hours from UTC, with a fraction where there is one."""
    offset = now.utcoffset()
    return f"{offset.total_seconds() / 3600:g}" if offset is not None else "0"


def as_xml(report: Report, heading: Heading) -> str:
    """The document, as it goes to the console."""
    bare = report.bare_ampersand
    body = [part for line in report.lines for part in _element(line, bare)]
    ended = {"msg": "BCU return value", "real": str(report.real), "translated": str(report.code)}
    return "\n".join(
        [
            f"<BIOSCONFIG{_attributes(heading.attributes, bare)}>",
            *body,
            f"\t<Information{_attributes(ended, bare)} />",
            "</BIOSCONFIG>",
            "",
        ]
    )


def as_json(report: Report, heading: Heading) -> dict[str, object]:
    """The same report for `--json`."""
    told = {"computer": heading.computer, "time": heading.now.isoformat(timespec="seconds")}
    lines = [_described(line) for line in report.lines]
    ended = {"real": int(report.real), "translated": int(report.code)}
    return {**told, "lines": lines, **({} if report.text is None else {"text": report.text}), "return": ended}


def _described(line: SettingLine | Message) -> dict[str, object]:
    if isinstance(line, Message):
        codes = {} if line.real is None else {"real": int(line.real), "translated": int(line.translated or 0)}
        return {"element": line.element, "msg": line.text, **codes}
    reason = {"reason": line.reason} if line.reason else {}
    told: dict[str, object] = {"element": "SETTING", "changeStatus": line.status, "name": line.name}
    return {**told, **reason, "returnCode": int(line.code), **line.values}


def _element(line: SettingLine | Message, bare: bool) -> Iterator[str]:
    if isinstance(line, Message):
        codes = {} if line.real is None else {"real": str(int(line.real)), "translated": str(line.translated)}
        yield f"\t<{line.element}{_attributes({'msg': line.text, **codes}, bare)} />"
        return
    reason = {"reason": line.reason} if line.reason else {}
    told = {"changeStatus": line.status, "name": line.name, **reason, "returnCode": str(int(line.code))}
    yield f"\t<SETTING{_attributes(told, bare)}>"
    for name, value in line.values.items():
        yield f"\t\t<{name}>{_data(value)}</{name}>"
    yield "\t</SETTING>"


def _attributes(values: Mapping[str, str], bare: bool) -> str:
    return "".join(f' {name}="{_escaped(value, bare)}"' for name, value in values.items())


def _escaped(text: str, bare: bool) -> str:
    signs = {ord(sign): said for sign, said in _ATTRIBUTE.items() if not (bare and sign == "&")}
    return _readable(text).translate(signs)


def _data(text: str) -> str:
    """A value in CDATA, which cannot hold its own end and so is parted there."""
    return f"<![CDATA[{_readable(text).replace(']]>', ']]]]><![CDATA[>')}]]>"


def _readable(text: str) -> str:
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
