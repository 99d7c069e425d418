"""Who proves himself how, for how long, and that nothing of it is ever told."""

import pytest

from emulator.devices.firmware_attributes import FirmwareAttributes
from emulator.firmware.quirks import Quirks
from emulator.protocol import password
from tests.devices.firmware_attributes.linux import (
    ADMINISTRATOR,
    PENDING,
    SPM,
    Linux,
    linux,
    password_file,
    restarted,
    setting,
)
from tests.firmware.bench import (
    BOSS,
    LAK_1,
    MODE,
    NONCE,
    SETUP_PASSWORD,
    USB,
    USER,
    guarded,
    local_key_value,
    mode_on,
    model_of,
    provisioned,
    signed,
    with_passwords,
)

POWER_ON = "Power-On Password"
FAST = "Fast Boot"
WORD = {"kind": "enumeration", "values": ["One", "Two"], "default": "One"}
OWN, NEW_ONE = password_file(SETUP_PASSWORD), password_file(SETUP_PASSWORD, "new_password")
TOKEN = f"{SPM}/auth_token"


class TestPassword:
    def test_it_opens_one_write(self) -> None:
        shell = linux(with_passwords(BOSS))
        shell.echo(BOSS, OWN)
        shell.echo("Disable", setting(USB))
        assert shell.value(USB) == "Disable"
        assert shell.refused(b"Disable", setting(FAST)) == "EINVAL"

    @pytest.mark.parametrize("failing", [b"nonsense", b"Dis\nable"])
    def test_a_write_that_fails_wipes_it_too(self, failing: bytes) -> None:
        shell = linux(with_passwords(BOSS))
        shell.echo(BOSS, OWN)
        assert shell.refused(failing, setting(USB)) == "EINVAL"
        assert shell.refused(b"Disable", setting(USB)) == "EINVAL"
        assert shell.value(USB) == "Enable"

    def test_in_a_session_it_holds_until_an_empty_line(self) -> None:
        shell = linux(with_passwords(BOSS), linux_credentials="session")
        shell.echo(BOSS, OWN)
        shell.echo("Disable", setting(USB))
        assert shell.refused(b"nonsense", setting(FAST)) == "EINVAL"
        shell.echo("Disable", setting(FAST))
        shell.echo("", OWN)
        assert shell.refused(b"Enable", setting(FAST)) == "EINVAL"
        assert shell.value(FAST) == "Disable"

    def test_without_sessions_an_empty_line_changes_nothing(self) -> None:
        shell = linux(with_passwords(BOSS))
        shell.echo(BOSS, OWN)
        shell.echo("", OWN)
        shell.echo("Disable", setting(USB))
        assert shell.value(USB) == "Disable"

    @pytest.mark.parametrize("wrong", ["abc", "x" * 33, "x" * 65])
    def test_one_of_a_wrong_length_is_swallowed_or_refused(self, wrong: str) -> None:
        shell = linux(with_passwords(BOSS))
        shell.echo(BOSS, OWN)
        shell.echo(wrong, OWN)
        shell.echo("Disable", setting(USB))
        assert shell.value(USB) == "Disable"
        strict = linux(with_passwords(BOSS), linux_password_length="refused")
        assert strict.refused(wrong.encode(), OWN) == "EINVAL"

    def test_two_lines_are_refused(self) -> None:
        assert linux(with_passwords(BOSS)).refused(b"Boss\nBoss", OWN) == "EINVAL"

    def test_what_is_no_text_is_refused_when_it_is_used(self) -> None:
        shell = linux(with_passwords(BOSS))
        shell.driver.write(OWN, b"\xff\xfe\xfd\xfc\xfb")
        assert shell.refused(b"Disable", setting(USB)) == "EINVAL"
        assert shell.pc.firmware.session.password_tries == 3

    def test_the_power_on_password_opens_no_setting(self) -> None:
        shell = linux(with_passwords(BOSS))
        shell.echo(BOSS, password_file(POWER_ON))
        assert shell.refused(b"Disable", setting(USB)) == "EINVAL"

    def test_a_password_where_none_is_set_is_refused(self) -> None:
        shell = linux()
        shell.echo(BOSS, OWN)
        assert shell.refused(b"Disable", setting(USB)) == "EINVAL"
        shell.echo("Disable", setting(USB))

    def test_of_64_bytes_the_last_is_lost_and_65_are_swallowed(self) -> None:
        shell = linux(model=model_of({SETUP_PASSWORD: {**ADMINISTRATOR, "max_length": 80}}))
        long = "Long-pass-1".ljust(64, "x")
        held = shell.driver._driver.credentials._passwords
        shell.echo(long, OWN)
        assert held[SETUP_PASSWORD] == long[:63].encode()
        shell.echo("y" * 65, OWN)
        assert held[SETUP_PASSWORD] == long[:63].encode()

    def test_one_of_the_shortest_length_opens(self) -> None:
        settings = {SETUP_PASSWORD: ADMINISTRATOR, "Word": WORD}
        shell = linux(model=model_of(settings))
        assert shell.pc.wmi.set_bios_setting(SETUP_PASSWORD, password.utf_16("a1B-")).accepted
        shell.echo("a1B-", OWN)
        shell.echo("Two", setting("Word"))
        assert shell.value("Word") == "Two"


class TestToken:
    def test_it_opens_one_write_and_goes_before_a_password(self) -> None:
        shell = linux(guarded())
        shell.echo("Wrong-pass-1", OWN)
        shell.echo(signed(USB, "Disable", NONCE + 5).authorization, TOKEN)
        shell.echo("Disable", setting(USB))
        assert shell.value(USB) == "Disable"
        assert shell.refused(b"Enable", setting(USB)) == "EINVAL"

    def test_it_is_good_for_its_own_setting_and_value(self) -> None:
        shell = linux(guarded())
        for name, value in ((USB, "Enable"), (FAST, "Disable")):
            shell.echo(signed(USB, "Disable", NONCE + 5).authorization, TOKEN)
            assert shell.refused(value.encode(), setting(name)) == "EINVAL"

    def test_a_list_is_signed_with_commas(self) -> None:
        shell, order = linux(guarded()), "UEFI Boot Order"
        turned = ",".join(reversed(shell.value(order).split(",")))
        shell.echo(signed(order, turned, NONCE + 5).authorization, TOKEN)
        shell.echo(turned.replace(",", ";"), setting(order))
        assert shell.value(order) == turned

    def test_mode_and_local_access_key_are_settings_like_others(self) -> None:
        shell = linux(provisioned())
        for number, (name, value) in enumerate(((MODE, "Enable"), (LAK_1, local_key_value()))):
            shell.echo(signed(name, value, NONCE + number).authorization, TOKEN)
            shell.echo(value, setting(name))
        assert shell.pc.firmware.memory.authentication.enabled
        assert shell.pc.firmware.memory.authentication.keys[0] is not None

    def test_what_is_no_authorization_is_a_password(self) -> None:
        shell = linux(with_passwords(BOSS))
        shell.echo(BOSS, TOKEN)
        shell.echo("Disable", setting(USB))
        assert shell.value(USB) == "Disable"

    def test_a_session_does_not_hold_it(self) -> None:
        shell = linux(guarded(), linux_credentials="session")
        shell.echo(signed(USB, "Disable", NONCE + 5).authorization, TOKEN)
        shell.echo("Disable", setting(USB))
        assert shell.refused(b"Disable", setting(USB)) == "EINVAL"

    def test_behind_a_nul_there_may_be_anything(self) -> None:
        shell = linux(guarded())
        token = signed(USB, "Disable", NONCE + 5).authorization
        shell.driver.write(TOKEN, token.encode() + b"\0 and\nmore \xff")
        shell.echo("Disable", setting(USB))
        assert shell.value(USB) == "Disable"

    def test_an_empty_line_takes_it_back(self) -> None:
        shell = linux(mode_on())
        shell.echo(signed(USB, "Disable", NONCE + 5).authorization, TOKEN)
        shell.echo("", TOKEN)
        assert shell.refused(b"Disable", setting(USB)) == "EINVAL"


class TestNewPassword:
    def test_it_is_taken_for_the_current_one(self) -> None:
        shell = linux(with_passwords(BOSS))
        before = shell.pc.firmware.memory
        shell.echo("Other-boss-2", NEW_ONE)
        assert shell.pc.firmware.memory == before
        shell.echo(BOSS, NEW_ONE)
        shell.echo("Disable", setting(USB))
        assert shell.value(USB) == "Disable"

    def test_or_sent_to_the_firmware(self) -> None:
        shell = linux(linux_new_password="sent")
        is_enabled = password_file(SETUP_PASSWORD, "is_enabled")
        shell.echo(BOSS, NEW_ONE)
        assert shell.cat(is_enabled) == "1\n"
        assert shell.cat(PENDING) == "1\n"
        assert shell.refused(b"Other-boss-2", NEW_ONE) == "EINVAL"
        shell.echo(BOSS, OWN)
        shell.echo("Other-boss-2", NEW_ONE)
        shell.echo("Other-boss-2", OWN)
        shell.echo("Disable", setting(USB))
        shell.echo("Other-boss-2", OWN)
        shell.echo("", NEW_ONE)
        assert shell.cat(is_enabled) == "0\n"

    def test_one_of_a_wrong_length_is_swallowed_here_too(self) -> None:
        shell = linux(with_passwords(BOSS), linux_new_password="sent")
        before = shell.pc.firmware.memory
        shell.echo(BOSS, OWN)
        shell.echo("abc", NEW_ONE)
        assert shell.pc.firmware.memory == before

    def test_the_power_on_password_by_itself_or_by_the_setup_password(self) -> None:
        shell = linux(with_passwords(BOSS), linux_new_password="sent")
        new = password_file(POWER_ON, "new_password")
        shell.echo(BOSS, OWN)
        shell.echo(USER, new)
        shell.echo(USER, password_file(POWER_ON))
        shell.echo("Starter-33", new)
        assert shell.cat(password_file(POWER_ON, "is_enabled")) == "1\n"
        assert shell.refused(b"Starter-44", new) == "EINVAL"

    def test_is_enabled_is_of_when_the_driver_was_loaded(self) -> None:
        shell = linux()
        shell.pc.wmi.set_bios_setting(SETUP_PASSWORD, password.utf_16(BOSS))
        shell.driver.refresh()
        assert shell.cat(password_file(SETUP_PASSWORD, "is_enabled")) == "0\n"


class TestForgotten:
    """A write that failed before it reached the driver."""

    def test_of_a_setting_uses_them_up(self) -> None:
        shell = linux(with_passwords(BOSS))
        shell.echo(BOSS, OWN)
        shell.driver.forget(setting(USB))
        assert shell.refused(b"Disable", setting(USB)) == "EINVAL"

    def test_of_a_new_password_too_where_it_is_sent(self) -> None:
        for sent, opens in (("sent", False), ("kept back", True)):
            shell = linux(with_passwords(BOSS), linux_new_password=sent)
            shell.echo(BOSS, OWN)
            shell.driver.forget(NEW_ONE)
            assert (error_of(shell, setting(USB)) == "") is opens

    @pytest.mark.parametrize("path", [OWN, TOKEN, PENDING, setting(USB, "type"), "hp-bioscfg", "nonsense"])
    def test_of_anything_else_does_not(self, path: str) -> None:
        shell = linux(with_passwords(BOSS))
        shell.echo(BOSS, OWN)
        shell.driver.forget(path)
        shell.echo("Disable", setting(USB))

    def test_a_session_outlives_it(self) -> None:
        shell = linux(with_passwords(BOSS), linux_credentials="session")
        shell.echo(BOSS, OWN)
        shell.driver.forget(setting(USB))
        shell.echo("Disable", setting(USB))


def error_of(shell: Linux, path: str) -> str:
    try:
        shell.echo("Disable", path)
    except OSError as refused:
        return str(refused)
    return ""


class TestSecrecy:
    SECRET = "Most-secret-7"

    def test_no_error_and_no_record_tells_them(self) -> None:
        shell = linux(with_passwords(BOSS))
        for path in (OWN, NEW_ONE, TOKEN):
            shell.echo(self.SECRET, path)
            for data in (b"nonsense", b"Disable", b"Dis\nable"):
                with pytest.raises(OSError, match=r"expected|returned") as came:
                    shell.driver.write(setting(USB), data)
                assert self.SECRET not in repr(came.value)
        assert self.SECRET not in repr(shell.driver._driver.credentials)

    def test_nothing_of_them_is_left_after_a_write(self) -> None:
        shell = linux(with_passwords(BOSS))
        shell.echo(self.SECRET, OWN)
        shell.echo(self.SECRET, TOKEN)
        credentials = shell.driver._driver.credentials
        held = [*credentials._passwords.values(), credentials._token]
        assert all(each == self.SECRET.encode() for each in held)
        assert shell.refused(b"Disable", setting(USB)) == "EINVAL"
        assert all(each == bytes(len(self.SECRET)) for each in held)

    def test_another_password_zeroes_the_one_before(self) -> None:
        shell = linux(with_passwords(BOSS))
        credentials = shell.driver._driver.credentials
        for path in (OWN, TOKEN):
            shell.echo(self.SECRET, path)
            before = credentials._token if path == TOKEN else credentials._passwords[SETUP_PASSWORD]
            assert before == self.SECRET.encode()
            shell.echo(BOSS, path)
            assert before == bytes(len(self.SECRET))
            assert credentials.authorization() == password.utf_16(BOSS)

    @pytest.mark.parametrize("session", ["one write", "session"])
    @pytest.mark.parametrize("another_start", [False, True])
    def test_another_start_and_an_unload_zero_them(self, another_start: bool, session: str) -> None:
        shell = linux(with_passwords(BOSS), linux_credentials=session)
        credentials = shell.driver._driver.credentials
        shell.echo(BOSS, OWN)
        shell.echo(BOSS, TOKEN)
        held = [*credentials._passwords.values(), credentials._token]
        if another_start:
            restarted(shell)
            shell.driver.refresh()
        else:
            shell.driver.unload()
        assert held == [bytes(len(BOSS))] * 2
        assert shell.refused(b"Disable", setting(USB)) == "EINVAL"

    def test_the_next_load_knows_none(self) -> None:
        shell: Linux = linux(with_passwords(BOSS))
        shell.echo(BOSS, OWN)
        shell.driver = FirmwareAttributes(shell.ask, Quirks())
        assert shell.refused(b"Disable", setting(USB)) == "EINVAL"
