"""The report: what a strict parser reads in it, whatever names and values a PC has."""

import json
from datetime import UTC, datetime, timedelta, timezone
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.bcu.report import Heading, Report, SettingLine, as_json, as_xml, utc_offset
from emulator.bcu.return_codes import ReturnCode

HEADING = Heading("WIN", datetime(2019, 8, 31, 21, 23, 19, tzinfo=timezone(timedelta(hours=10))))
ANY = st.text()


def readable(text: str) -> str:
    """A text as XML can carry it."""
    allowed = (0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF)
    return "".join(
        sign
        if sign in "\t\n\r" or any(low <= ord(sign) <= high for low, high in allowed)
        else "\N{REPLACEMENT CHARACTER}"
        for sign in text
    )


def test_a_report_is_shaped_as_published_ones() -> None:
    report = Report()
    report.success("Successfully read password from file")
    name = "Trusted Execution Technology (TXT)"
    values = {"OLDVALUE": "Enable", "VALUE": "Disable"}
    report.lines.append(SettingLine(name, "skip", ReturnCode.UNCHANGED, "", values))
    report.success("No errors occurred")
    assert as_xml(report, HEADING) == (
        '<BIOSCONFIG Version="" Computername="WIN" Date="2019/08/31" Time="21:23:19" UTC="10">\n'
        '\t<SUCCESS msg="Successfully read password from file" />\n'
        '\t<SETTING changeStatus="skip" name="Trusted Execution Technology (TXT)" returnCode="18">\n'
        "\t\t<OLDVALUE><![CDATA[Enable]]></OLDVALUE>\n"
        "\t\t<VALUE><![CDATA[Disable]]></VALUE>\n"
        "\t</SETTING>\n"
        '\t<SUCCESS msg="No errors occurred" />\n'
        '\t<Information msg="BCU return value" real="0" translated="0" />\n'
        "</BIOSCONFIG>\n"
    )


@given(ANY, ANY, ANY, ANY)
def test_a_strict_parser_reads_whatever_stands_in_a_report(
    name: str, value: str, reason: str, computer: str
) -> None:
    report = Report()
    report.lines.append(SettingLine(name, "fail", 21, reason, {"OLDVALUE": value, "NEWVALUE": "]]>" + value}))
    report.fail(ReturnCode.SETTING_FAILED, reason, 5)
    read = ET.fromstring(as_xml(report, Heading(computer, HEADING.now)).encode("utf-8"))
    setting, error, information = read
    assert read.attrib["Computername"] == readable(computer)
    assert setting.attrib["name"] == readable(name)
    assert setting.attrib.get("reason", "") == readable(reason)
    # Between tags a parser makes one line end of all kinds.
    told = readable(value).replace("\r\n", "\n").replace("\r", "\n")
    assert [each.text or "" for each in setting] == [told, "]]>" + told]
    assert (error.attrib["real"], error.attrib["translated"]) == ("5", "13")
    assert (information.attrib["real"], information.attrib["translated"]) == ("5", "13")


@given(ANY, ANY)
def test_json_tells_the_same(name: str, value: str) -> None:
    report = Report()
    report.lines.append(SettingLine(name, "pass", 0, "", {"NEWVALUE": value}))
    read = json.loads(json.dumps(as_json(report, HEADING)))
    told = {"element": "SETTING", "changeStatus": "pass", "name": name, "returnCode": 0, "NEWVALUE": value}
    assert read["lines"] == [told]
    assert read["return"] == {"real": 0, "translated": 0}


def test_a_bare_ampersand_is_what_no_parser_reads() -> None:
    report = Report(bare_ampersand=True)
    report.lines.append(SettingLine("M.2 SSD & LAN", "pass", 0))
    text = as_xml(report, HEADING)
    assert 'name="M.2 SSD & LAN"' in text
    with pytest.raises(ET.ParseError):
        ET.fromstring(text)


@pytest.mark.parametrize(
    ("hours", "told"), [(0, "0"), (-7, "-7"), (10, "10"), (5.5, "5.5"), (5.75, "5.75"), (-9.5, "-9.5")]
)
def test_the_distance_from_utc_is_told_in_hours(hours: float, told: str) -> None:
    assert utc_offset(datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=hours)))) == told


def test_a_clock_without_a_zone_counts_as_utc() -> None:
    assert utc_offset(datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)) == "0"
