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


def test_success_is_zero_at_both_doors_and_no_code_has_two_names() -> None:
    for codes in (CommandStatus, SettingStatus):
        assert codes(0).name == "SUCCESS"
        assert len(codes.__members__) == len({int(code) for code in codes})
