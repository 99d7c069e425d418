"""What became of settings, from the firmware's words to BCU's codes, and what that makes of the whole run.

BCU looks at a setting in this order: it exists, it is not read-only, it would change, the value is one that it takes; then the firmware
is asked. An unchanged setting (18) never counts. One that is unknown or read-only is a warning, which counts only with `/WarningAsErr`. Any
other failure makes the run end with 13, but two are told as what they are: a password that is missing or wrong, which is a matter of
the whole file (10), and what the firmware answered to the one setting of a `/setvalue`. That order is our reading of the guide.
"""

from collections.abc import Mapping, Sequence

from emulator.bcu.report import Report, SettingLine
from emulator.bcu.return_codes import WARNINGS, ReturnCode, of_firmware
from emulator.devices.settings_file import Outcome

Row = Mapping[str, object]
"""One result as the management door tells it."""

_CODES = {
    Outcome.SET: ReturnCode.SUCCESS,
    Outcome.WAITS: ReturnCode.SUCCESS,
    Outcome.UNCHANGED: ReturnCode.UNCHANGED,
    Outcome.UNKNOWN: ReturnCode.UNKNOWN_SETTING,
    Outcome.READ_ONLY: ReturnCode.READ_ONLY,
    Outcome.INVALID: ReturnCode.INVALID_VALUE,
    Outcome.NEEDS_PASSWORD: ReturnCode.NO_VALID_PASSWORD,
    Outcome.NEEDS_SIGNATURE: ReturnCode.ACCESS_DENIED,
}
"""What needs no look at the firmware's own code."""

_CHECKS = {ReturnCode.READ_ONLY, ReturnCode.UNKNOWN_SETTING, ReturnCode.INVALID_VALUE}
"""Failures that BCU finds itself, before the firmware is asked."""


def line(row: Row) -> SettingLine:
    """One result as an element of the report."""
    outcome = Outcome(str(row["outcome"]))
    told = of_firmware(int(str(row["status"])))
    code = _CODES[outcome] if outcome in _CODES and told != ReturnCode.EXTENDED_ERROR else told
    name, old, new = str(row["name"]), row.get("old"), row.get("new")
    if outcome is Outcome.UNCHANGED and not row["read_only"]:
        return SettingLine(name, "skip", code, "", _texts(OLDVALUE=old, VALUE=new))
    if row["read_only"]:
        return SettingLine(
            name,
            "fail",
            ReturnCode.READ_ONLY,
            ReturnCode.READ_ONLY.sentence,
            _texts(OLDVALUE=old, NEWVALUE=new),
        )
    if outcome in {Outcome.SET, Outcome.WAITS}:
        waits = "waits for physical presence at the next start" if outcome is Outcome.WAITS else ""
        return SettingLine(name, "pass", code, waits, _texts(OLDVALUE=old, NEWVALUE=new))
    why = str(row["sentence"]) or code.sentence
    values = {} if outcome is Outcome.UNKNOWN else _texts(OLDVALUE=old, NEWVALUE=new)
    return SettingLine(name, "fail", code, why, values)


def conclude(
    report: Report, rows: Sequence[Row], *, single: bool, verbose: bool, warnings_count: bool
) -> None:
    """Put the results into the report, and end it with the code that they make."""
    lines = [line(row) for row in rows]
    told_all = single or verbose or warnings_count
    failed = [each for each in lines if _counts(each, warnings_count=warnings_count)]
    report.lines += lines if told_all else failed
    passed_over = sum(each.code in WARNINGS for each in lines)
    if passed_over and not told_all:
        report.info(f"Entries that are unknown to this PC or read-only: {passed_over}; /verbose tells which")
    if any(each.status == "pass" for each in lines):
        report.reboot("Restart the PC for the changes to take effect")
    final = _final(failed, single=single) if failed else ReturnCode.SUCCESS
    for each in failed:
        named = each.reason.startswith(repr(each.name))
        report.fail(final, each.reason if named else f"{each.name}: {each.reason}", each.code)


def _counts(each: SettingLine, *, warnings_count: bool) -> bool:
    """Whether this makes the run a failed one."""
    return each.status == "fail" and (warnings_count or each.code not in WARNINGS)


def _final(failed: Sequence[SettingLine], *, single: bool) -> int:
    if any(each.code == ReturnCode.NO_VALID_PASSWORD for each in failed):
        return ReturnCode.NO_VALID_PASSWORD
    if single and failed[0].code not in _CHECKS:
        return failed[0].code
    return ReturnCode.SETTING_FAILED


def _texts(**values: object) -> dict[str, str]:
    """Values as the door tells them; those of secrets it tells as empty."""
    return {name: str(value or "") for name, value in values.items()}
