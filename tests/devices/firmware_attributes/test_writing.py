"""Settings written: what the driver looks at before the firmware, in which order, and what the firmware then holds."""

from typing import TYPE_CHECKING

import pytest

from emulator.firmware import commands as c
from tests.devices.firmware_attributes.linux import (
    ADMINISTRATOR,
    PENDING,
    linux,
    password_file,
    restarted,
    setting,
)
from tests.firmware.bench import BOSS, PRESENCE_INTERFACE, USB, model_of, small_model, with_passwords

if TYPE_CHECKING:
    from collections.abc import Mapping

ORDER = "UEFI Boot Order"
SLASH = "LAN / WLAN Auto Switching"
TPM = "TPM State"


class TestKinds:
    @pytest.mark.parametrize("data", [b"Disable", b"Disable\n", b"Disable\0and more"])
    def test_an_enumeration_with_a_newline_and_without(self, data: bytes) -> None:
        shell = linux()
        shell.driver.write(setting(USB), data)
        assert shell.value(USB) == "Disable"
        assert shell.cat(setting(USB)) == "Disable\n"

    @pytest.mark.parametrize("data", [b"Disab", b"disable", b"\n", b"*Disable", b"Disable ", b"\xff"])
    def test_an_enumeration_takes_its_values_only(self, data: bytes) -> None:
        shell = linux()
        assert shell.refused(data, setting(USB)) == "EINVAL"
        assert shell.value(USB) == "Enable"

    @pytest.mark.parametrize(
        ("data", "error"),
        [
            (b"", ""),
            (b"abc", "EINVAL"),
            (b" 5", "EINVAL"),
            (b"0x10", "EINVAL"),
            (b"5.0", "EINVAL"),
            ("٣".encode(), "EINVAL"),
            (b"0", "ERANGE"),
            (b"-1", "ERANGE"),
            (b"65536", "ERANGE"),
            (b"2147483648", "ERANGE"),
            (b"9" * 4000, "ERANGE"),
            # The driver knows signs, and the firmware does not.
            (b"+5", "EINVAL"),
        ],
    )
    def test_an_integer_is_a_number_within_bounds(self, data: bytes, error: str) -> None:
        shell, name = linux(), "Data transfer timeout"
        if error:
            assert shell.refused(data, setting(name)) == error
        else:
            shell.driver.write(setting(name), data)
        assert shell.value(name) == "100"
        shell.echo("65535", setting(name))
        assert shell.cat(setting(name)) == "65535\n"

    def test_a_string_has_a_length_in_bytes(self) -> None:
        shell, name = linux(), "Asset Tracking Number"
        assert shell.refused(b"x" * 19, setting(name)) == "ERANGE"
        assert shell.refused("ä".encode() * 10, setting(name)) == "ERANGE"
        shell.echo("ä" * 9, setting(name))
        assert (shell.value(name), shell.cat(setting(name))) == ("ä" * 9, "ä" * 9 + "\n")
        assert shell.refused(b"\xff\xfe", setting(name)) == "EINVAL"
        shell.echo("", setting(name))
        assert shell.value(name) == ""

    def test_semicolons_of_an_ordered_list_become_commas(self) -> None:
        shell = linux()
        shell.echo("NETWORK IPV4:EMBEDDED:1;HDD:USB:1", setting(ORDER))
        assert shell.value(ORDER).startswith("NETWORK IPV4:EMBEDDED:1,HDD:USB:1,HDD:M.2:1")
        assert shell.cat(setting(ORDER)).startswith("NETWORK IPV4:EMBEDDED:1;HDD:USB:1;HDD:M.2:1")
        shell.echo("HDD:USB:1,HDD:M.2:1", setting(ORDER))
        assert shell.cat(setting(ORDER)).startswith("HDD:USB:1;HDD:M.2:1;")

    def test_elements_stay_as_they_were_when_the_driver_was_loaded(self) -> None:
        shell = linux()
        before = shell.cat(setting(ORDER, "elements"))
        shell.echo("HDD:USB:1", setting(ORDER))
        shell.driver.refresh()
        assert shell.cat(setting(ORDER, "elements")) == before
        restarted(shell)
        shell.driver.refresh()
        assert shell.cat(setting(ORDER, "elements")) == shell.cat(setting(ORDER)) != before

    def test_which_elements_there_are_is_the_firmwares_business(self) -> None:
        shell = linux()
        assert shell.refused(b"nonsense", setting(ORDER)) == "EINVAL"
        assert shell.refused(b"\n", setting(ORDER)) == "EINVAL"

    def test_numbers_of_32_bits_are_printed_with_a_sign_but_by_their_names_in_the_abi(self) -> None:
        shell, name = linux(), "Remote HP PC Hardware Diagnostics Last Execution Status"
        assert shell.cat(setting(name, "upper_bound")) == "-1\n"
        assert shell.cat(setting(name, "max_value")) == "4294967295\n"
        # Within bounds, but the driver's numbers have a sign.
        assert shell.refused(b"4294967295", setting(name)) == "ERANGE"
        assert shell.refused(b"-1", setting(name)) == "EINVAL"
        shell.pc.execute(c.SetSetting(name, "4294967295"))
        shell.driver.refresh()
        assert shell.cat(setting(name)) == "0\n"


class TestOneLine:
    @pytest.mark.parametrize("data", [b"Disable\n\n", b"\nDisable", b"Dis\nable", b"Disable\n\0"])
    def test_a_newline_elsewhere_is_refused_before_anything_is_looked_at(self, data: bytes) -> None:
        shell = linux()
        asked = shell.asked
        assert shell.refused(data, setting(USB)) == "EINVAL"
        assert shell.refused(data, setting("Data transfer timeout")) == "EINVAL"
        assert shell.asked == asked

    def test_what_is_longer_than_a_page_arrives_cut(self) -> None:
        shell = linux()
        shell.driver.write(setting(ORDER), b"HDD:USB:1".ljust(4096, b";") + b"\nHDD:M.2:1")
        assert shell.cat(setting(ORDER)).startswith("HDD:USB:1;HDD:M.2:1;")

    @pytest.mark.parametrize("data", [b"x\n\n", b"\n\n", b"x\n\n\0"])
    def test_two_newlines_at_the_end_are_refused_by_a_string_too(self, data: bytes) -> None:
        shell = linux()
        assert shell.refused(data, setting("Asset Tracking Number")) == "EINVAL"
        assert shell.value("Asset Tracking Number") == ""

    def test_a_write_without_bytes_is_no_write(self) -> None:
        shell = linux()
        shell.driver.write(setting(USB), b"")
        assert shell.value(USB) == "Enable"


class TestReadOnly:
    def test_the_file_cannot_be_opened_for_writing_and_the_driver_would_answer_eio(self) -> None:
        shell = linux()
        entry = shell.driver.entry(setting("Product Name"))
        assert entry is not None
        assert entry.mode & 0o777 == 0o444
        assert shell.refused(b"x", setting("Product Name")) == "EIO"

    def test_a_file_that_somebody_made_writable(self) -> None:
        shell = linux(linux_read_only="EIO")
        entry = shell.driver.entry(setting("Product Name"))
        assert entry is not None
        assert entry.mode & 0o777 == 0o644
        assert shell.refused(b"x", setting("Product Name")) == "EIO"
        assert shell.refused(b"1\n2", setting("Product Name")) == "EINVAL"

    def test_of_a_list_only_the_firmware_knows_it(self) -> None:
        listed = {"kind": "ordered list", "values": ["A", "B"], "default": "A,B", "read_only": True}
        shell = linux(model=model_of({"List": listed, "Setup Password": ADMINISTRATOR}))
        assert shell.refused(b"B;A", setting("List")) == "EINVAL"
        assert shell.value("List") == "A,B"


class TestSlash:
    def test_a_setting_with_a_slash_is_given_its_name_back(self) -> None:
        shell = linux()
        shell.echo("Enable", setting(SLASH))
        assert shell.value(SLASH) == "Enable"

    def test_or_the_firmware_does_not_know_it(self) -> None:
        shell = linux(linux_slash="as the folder")
        assert shell.refused(b"Enable", setting(SLASH)) == "EINVAL"
        assert shell.value(SLASH) == "Disable"


class TestPendingReboot:
    def test_a_plain_setting_leaves_it(self) -> None:
        shell = linux()
        shell.echo("Disable", setting(USB))
        assert shell.cat(PENDING) == "0\n"

    def test_one_that_needs_presence_raises_it_until_the_restart(self) -> None:
        shell = linux()
        assert shell.refused(b"nonsense", setting(TPM)) == "EINVAL"
        assert shell.cat(PENDING) == "0\n"
        wanted = "Disable" if "Disable" in shell.cat(setting(TPM, "possible_values")) else "Disabled"
        shell.echo(wanted, setting(TPM))
        assert shell.cat(PENDING) == "1\n"
        # It waits, and the firmware says so.
        assert shell.cat(setting(TPM)) != f"{wanted}\n"
        shell.driver.refresh()
        assert shell.cat(PENDING) == "1\n"
        restarted(shell)
        shell.driver.refresh()
        assert shell.cat(PENDING) == "0\n"
        assert shell.cat(setting(TPM)) == f"{wanted}\n"

    @pytest.mark.parametrize("quirk", ["presence only", "any change"])
    def test_what_only_the_firmware_refuses_leaves_it(self, quirk: str) -> None:
        shell = linux(with_passwords(BOSS), linux_pending_reboot=quirk)
        assert shell.refused(b"Disable", setting(TPM)) == "EINVAL"
        assert shell.cat(PENDING) == "0\n"
        shell.echo(BOSS, password_file("Setup Password"))
        shell.echo("Disable", setting(TPM))
        assert shell.cat(PENDING) == "1\n"

    def test_or_every_change_raises_it(self) -> None:
        shell = linux(linux_pending_reboot="any change")
        shell.echo("Disable", setting(USB))
        assert shell.cat(PENDING) == "1\n"


class TestLimits:
    VALUES = tuple(f"Value {number}" for number in range(20))

    def test_the_driver_knows_sixteen_values_and_sixteen_elements(self) -> None:
        values, order = list(self.VALUES), ",".join(self.VALUES)
        settings: dict[str, Mapping[str, object]] = {
            "Word": {"kind": "enumeration", "values": values, "default": values[0]},
            "List": {"kind": "ordered list", "values": values, "default": order},
            "Setup Password": ADMINISTRATOR,
        }
        shell = linux(model=model_of(settings))
        sixteen = ";".join(self.VALUES[:16]) + "\n"
        assert shell.cat(setting("Word", "possible_values")) == sixteen
        assert shell.cat(setting("List", "elements")) == sixteen
        shell.echo(self.VALUES[15], setting("Word"))
        assert shell.refused(self.VALUES[16].encode(), setting("Word")) == "EINVAL"
        # The firmware takes all twenty, whoever brings them.
        shell.echo(";".join(reversed(self.VALUES)), setting("List"))
        assert shell.value("List") == ",".join(reversed(self.VALUES))

    def test_a_text_is_cut_at_511_bytes_and_not_within_a_character(self) -> None:
        text = {"kind": "string", "min_length": 0, "max_length": 1000}
        shell = linux(model=model_of({"Text": text, "Setup Password": ADMINISTRATOR}))
        shell.echo("é" * 400, setting("Text"))
        assert shell.value("Text") == "é" * 400
        assert shell.cat(setting("Text")) == "é" * 255 + "\n"

    def test_a_text_longer_than_a_page_is_cut_with_room_for_a_nul(self) -> None:
        values = [f"{number:x}" * 500 for number in range(16)]
        word = {"kind": "enumeration", "values": values, "default": values[0]}
        shell = linux(model=model_of({"Word": word}))
        assert shell.cat(setting("Word", "possible_values")) == ";".join(values)[:4095]

    def test_without_a_setup_password_nothing_can_be_written(self) -> None:
        shell = linux(model=small_model())
        assert shell.refused(b"Two", setting("Word")) == "EINVAL"
        assert shell.value("Word") == "One"
        # The value is looked at first.
        assert shell.refused(b"too long a text", setting("Text")) == "ERANGE"
        assert shell.refused(b"a text", setting("Text")) == "EINVAL"
        assert PRESENCE_INTERFACE in shell.driver.names("hp-bioscfg/attributes")


def test_one_write_may_change_several_settings() -> None:
    shell = linux()
    shell.echo("Disable", setting(USB))
    assert shell.cat(setting(USB)) == "Disable\n"
    shell.echo("Yes", setting("Apply Factory Defaults and Exit"))
    assert shell.cat(setting(USB)) == "Enable\n"


def test_what_somebody_else_changes_is_told_after_a_refresh() -> None:
    shell = linux()
    shell.echo("Disable", setting(USB))
    assert shell.cat(setting(USB)) == "Disable\n"
    shell.pc.execute(c.SetSystemDefaults(""))
    assert shell.cat(setting(USB)) == "Disable\n"  # nobody told the driver
    shell.driver.refresh()
    assert shell.cat(setting(USB)) == "Enable\n"
