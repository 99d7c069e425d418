"""Return codes: the numbers are the interface, so they stand here a second time."""

from emulator.protocol.status import CommandStatus, SettingStatus


def test_the_codes_that_refusals_use_are_those_of_the_real_doors() -> None:
    assert CommandStatus(0x02) is CommandStatus.INVALID_SIGNATURE
    assert CommandStatus(0x0B) is CommandStatus.AUTHENTICATION_FAILED
    assert CommandStatus(0x18) is CommandStatus.NONCE_DID_NOT_MATCH
    assert CommandStatus(0x1000) is CommandStatus.NOT_PROVISIONED
    assert CommandStatus(0x1001) is CommandStatus.ALREADY_PROVISIONED
    assert CommandStatus(0x1002) is CommandStatus.IN_USE
    assert SettingStatus(4) is SettingStatus.UNKNOWN_SETTING
    assert SettingStatus(5) is SettingStatus.INVALID_PARAMETER
    assert SettingStatus(6) is SettingStatus.ACCESS_DENIED


COMMAND_CODES = {
    *range(0x0C),
    0x0E,
    *range(0x10, 0x16),
    *(0x18, 0x1C, 0x28, 0x38, 0x40, 0x41, 0xEA),
    *(0x1000, 0x1001, 0x1002, 0x1004, 0x1006, 0x1007),
}


def test_both_tables_are_whole() -> None:
    assert {int(code) for code in CommandStatus} == COMMAND_CODES
    assert {int(code) for code in SettingStatus} == {*range(13), 32768}


def test_the_codes_that_this_machine_never_says_are_those_of_the_real_doors() -> None:
    assert CommandStatus(0x10) is CommandStatus.INVALID_FLASH_OFFSET
    assert CommandStatus(0x11) is CommandStatus.INVALID_FLASH_INTERFACE_VERSION
    assert CommandStatus(0x12) is CommandStatus.INVALID_FLASH_CHECKSUM
    assert CommandStatus(0x13) is CommandStatus.FLASH_IN_PROGRESS
    assert CommandStatus(0x14) is CommandStatus.FLASH_IN_PROGRESS_NOT_SET
    assert CommandStatus(0x15) is CommandStatus.FLASH_NOT_ALLOWED
    assert CommandStatus(0x40) is CommandStatus.LOGS_NOT_SUPPORTED
    assert CommandStatus(0x41) is CommandStatus.TIMED_OUT
    assert CommandStatus(0x1004) is CommandStatus.SURE_RUN_NOT_ACTIVE
    assert CommandStatus(0x1006) is CommandStatus.SURE_RUN_TRANSPORT_ALREADY_SET
    assert CommandStatus(0x1007) is CommandStatus.CHECK_SURE_RUN_STATE
    assert SettingStatus(7) is SettingStatus.USER_EXISTS
    assert SettingStatus(8) is SettingStatus.USER_NOT_FOUND
    assert SettingStatus(9) is SettingStatus.USER_NAME_TOO_LONG
    assert SettingStatus(10) is SettingStatus.USER_PASSWORD_POLICY_NOT_MET
    assert SettingStatus(11) is SettingStatus.INVALID_KEYBOARD_LAYOUT
    assert SettingStatus(12) is SettingStatus.TOO_MANY_USERS


def test_more_data_is_a_success_and_nothing_else_but_zero_is() -> None:
    assert {code for code in CommandStatus if code.succeeded} == {
        CommandStatus.SUCCESS,
        CommandStatus.MORE_DATA,
    }
    assert [code for code in SettingStatus if code.succeeded] == [SettingStatus.SUCCESS]


def test_success_is_zero_at_both_doors_and_no_code_has_two_names() -> None:
    for codes in (CommandStatus, SettingStatus):
        assert codes(0).name == "SUCCESS"
        assert len(codes.__members__) == len({int(code) for code in codes})
