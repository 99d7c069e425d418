"""What the firmware's codes become: the whole table, and refusals as they are really met."""

import errno

import pytest

from emulator.devices.firmware_attributes import FirmwareAttributes, NoFirmware, return_codes
from emulator.devices.firmware_attributes.firmware_calls import NotCarriedOut
from emulator.firmware.quirks import Quirks
from emulator.protocol.status import CommandStatus, SettingStatus
from tests.devices.firmware_attributes.linux import SPM, linux, password_file, setting
from tests.firmware.bench import (
    BOSS,
    NONCE,
    USB,
    deprovisioning,
    endorsement,
    factory_new,
    guarded,
    provisioned,
    signing,
    with_passwords,
)

KNOWN = {
    "EINVAL": (0x01, 0x02, 0x04, 0x05, 0x06, 0x0E, 0x18, 0x28, 0x1006, 0x1007),
    "EOPNOTSUPP": (0x03,),
    "EACCES": (0x07, 0x08, 0x09, 0x0B),
    "EIO": (0x0A, 0x1C),
    "EPERM": (0x38, 0x1000, 0x1002, 0x1004),
    "EINPROGRESS": (0x1001,),
}
"""As the driver's messages have them."""


def test_each_code_of_the_driver_has_its_number() -> None:
    for name, codes in KNOWN.items():
        for code in codes:
            assert return_codes.refusal(code).errno == getattr(errno, name)
            assert f"0x{code:X}" in str(return_codes.refusal(code))
    assert return_codes.ERRNO.keys() == {code for codes in KNOWN.values() for code in codes}


def test_every_other_code_is_eio() -> None:
    others = {int(each) for each in (*CommandStatus, *SettingStatus)} - return_codes.ERRNO.keys() - {0}
    assert others >= {0x0C, 0xEA, 0x8000}
    for code in others:
        assert return_codes.refusal(code).errno == errno.EIO


class TestMet:
    def test_a_missing_and_a_wrong_password_look_like_an_invalid_value(self) -> None:
        shell = linux(with_passwords(BOSS))
        assert shell.refused(b"Disable", setting(USB)) == "EINVAL"
        shell.echo("Wrong-pass-1", password_file("Setup Password"))
        assert shell.refused(b"Disable", setting(USB)) == "EINVAL"

    def test_an_unsigned_change_with_the_mode_on(self) -> None:
        assert linux(guarded()).refused(b"Disable", setting(USB)) == "EINVAL"

    def test_keys_that_cannot_be_taken(self) -> None:
        assert linux(factory_new()).refused(signing().data, f"{SPM}/sk") == "EPERM"
        assert linux(factory_new()).refused(b"nonsense", f"{SPM}/kek") == "EINVAL"
        assert linux(provisioned()).refused(endorsement().data, f"{SPM}/kek") == "EINPROGRESS"
        assert linux(guarded()).refused(deprovisioning(NONCE + 9).data, f"{SPM}/sk") == "EPERM"
        assert linux(provisioned()).refused(signing(NONCE + 1, by="other").data, f"{SPM}/sk") == "EINVAL"

    def test_a_store_that_cannot_be_written_is_eio(self) -> None:
        shell = linux()

        def full_disk(request: dict[str, object]) -> dict[str, object]:
            if request["verb"] == "invoke":
                return {"ok": False, "error": "the disk is full"}
            return shell.ask(request)

        driver = FirmwareAttributes(full_disk, Quirks())
        with pytest.raises(NotCarriedOut) as came:
            driver.write(setting(USB), b"Disable")
        assert (came.value.errno, came.value.strerror) == (errno.EIO, "the disk is full")

    def test_where_nobody_answers_it_is_no_error_of_a_file(self) -> None:
        shell = linux()

        def nobody(_: dict[str, object]) -> dict[str, object]:
            raise NoFirmware("nobody answers")

        with pytest.raises(NoFirmware):
            FirmwareAttributes(nobody, Quirks())
        shell.driver._firmware._ask = nobody
        with pytest.raises(NoFirmware):
            shell.driver.write(setting(USB), b"Disable")
