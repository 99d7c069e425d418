"""BCU's codes: all of the guide's, what a process can say of them, what the firmware's codes become."""

import re
from pathlib import Path

import pytest

from emulator.bcu import return_codes
from emulator.bcu.return_codes import NEVER, ReturnCode, of_firmware
from emulator.protocol.status import SettingStatus

GUIDE = {*range(7), *range(10, 22), *range(23, 26), *range(30, 34), *range(35, 42)} | {
    0x8001,
    0x80040002,
    0x80070056,
    0x80092009,
    0x80070002,
}
SOURCES = Path(return_codes.__file__).parent


def test_every_code_of_the_guide_is_there_and_no_other() -> None:
    assert set(ReturnCode) == GUIDE


def test_every_code_has_words_of_its_own() -> None:
    sentences = [code.sentence for code in ReturnCode]
    assert all(sentences)
    assert len(set(sentences)) == len(sentences)


@pytest.mark.parametrize("code", list(ReturnCode))
def test_a_code_that_no_process_can_say_ends_it_with_1(code: ReturnCode) -> None:
    assert code.exit_code == (int(code) if code <= 255 else 1)


def test_every_code_is_produced_somewhere_or_is_one_that_never_comes() -> None:
    sources = "\n".join(
        path.read_text("utf-8") for path in SOURCES.glob("*.py") if path.name != "return_codes.py"
    )
    named = {code for code in ReturnCode if re.search(rf"\bReturnCode\.{code.name}\b", sources)}
    from_firmware = {of_firmware(status) for status in SettingStatus}
    assert set(ReturnCode) - named - from_firmware == NEVER - from_firmware
    assert NEVER & named == set()


def test_what_the_firmware_may_say_has_a_code() -> None:
    told = {status: of_firmware(status) for status in SettingStatus}
    assert told[SettingStatus.SUCCESS] is ReturnCode.SUCCESS
    assert told[SettingStatus.ACCESS_DENIED] is ReturnCode.ACCESS_DENIED
    assert told[SettingStatus.PASSWORD_POLICY_NOT_MET] is ReturnCode.EXTENDED_ERROR
    assert told[SettingStatus.USER_PASSWORD_POLICY_NOT_MET] is ReturnCode.NO_VALID_PASSWORD
    assert told[SettingStatus.TOO_MANY_USERS] is ReturnCode.UNSPECIFIED_ERROR


@pytest.mark.parametrize("status", [6, 10, 32768])
def test_where_a_password_is_in_question_the_firmware_can_only_mean_that(status: int) -> None:
    assert of_firmware(status, about_password=True) is ReturnCode.NO_VALID_PASSWORD
