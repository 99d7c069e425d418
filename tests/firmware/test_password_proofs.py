"""What a password proves besides its own change, and in which encodings it travels."""

from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.firmware import manufactured
from emulator.firmware.memory import Memory, Passwords
from emulator.firmware.refusals import (
    AccessDenied,
    PasswordNeeded,
    Refused,
    UnknownSetting,
    ValueNotAllowed,
)
from emulator.models import packaged
from emulator.protocol import password
from emulator.protocol.password import keyboard, utf_16
from tests.firmware.bench import (
    BOSS,
    IDENTITY,
    POWER_ON_PASSWORD,
    SETUP_PASSWORD,
    USB,
    USER,
    Bench,
    factory_new,
    small,
    start,
    started,
    with_passwords,
    with_settings,
)
from tests.firmware.doors import inside, opens, running

NEW = "Another-333"


class TestSettings:
    """What else the administrator password guards."""

    def test_with_it_every_way_from_the_operating_system_is_open_and_without_it_none(self) -> None:
        for make in (
            lambda proof: c.SetSetting(USB, "Disable", proof),
            c.SetSystemDefaults,
        ):
            bench = started(with_settings(with_passwords(BOSS), startup_delay="5"))
            bench.refused(make(""), PasswordNeeded)
            bench.refused(make("no mark"), PasswordNeeded)
            bench.costs_a_try(make(utf_16("wrong one")))
            assert bench.execute(make(utf_16(BOSS)))

    def test_a_password_where_none_is_set_is_refused_as_before(self) -> None:
        bench = started(factory_new())
        for command in (
            c.SetSetting(USB, "Disable", utf_16("x")),
            c.SetSystemDefaults(utf_16("x")),
        ):
            assert "send none" in str(bench.refused(command, AccessDenied))

    def test_an_empty_password_where_none_is_set_is_none_in_either_spelling(self) -> None:
        for proof in ("", utf_16("")):
            bench = started(factory_new())
            bench.execute(c.SetSetting(USB, "Disable", proof))
            assert bench.firmware.value(USB) == "Disable"

    def test_a_name_that_is_no_password_is_changed_by_no_password_command(self) -> None:
        bench = inside()
        assert "is no password" in str(bench.refused(c.ChangePassword(USB, "Disable"), ValueNotAllowed))
        bench.refused(c.ChangePassword("No Such Setting", NEW), UnknownSetting)

    def test_a_password_is_told_as_nothing_but_conditions_know_whether_it_is_set(self) -> None:
        bench = Bench(with_passwords(BOSS, USER))
        assert bench.firmware.value(SETUP_PASSWORD) == bench.firmware.value(POWER_ON_PASSWORD) == ""
        assert bench.firmware.why_grey("Password Minimum Length") == ""
        assert "password" in Bench(factory_new()).firmware.why_grey("Password Minimum Length").lower()

    def test_what_was_staged_goes_with_the_password_that_it_needs(self) -> None:
        bench = inside(BOSS, "", BOSS)
        bench.execute(c.StageSetting("Password Minimum Length", "10"))
        bench.execute(c.StageSetting(USB, "Disable"))
        events = bench.execute(c.ChangePassword(SETUP_PASSWORD, "", BOSS))
        assert events == (
            e.PasswordChanged(SETUP_PASSWORD, is_set=False),
            e.SettingStaged("Password Minimum Length", "8"),
        )
        assert bench.firmware.session.staged == {USB: "Disable"}
        bench.execute(c.SaveAndExit())
        assert bench.firmware.value(USB) == "Disable"


class TestScanCodes:
    """A machine of before 2015 takes scan codes of keys, and text too."""

    def bench(self) -> Bench:
        old = packaged("elitebook-810-g1")
        bench = Bench(manufactured(old, IDENTITY), settings=old)
        start(bench)
        return bench

    def test_a_password_that_was_typed_in_scan_codes_opens_in_either_encoding(self) -> None:
        bench = self.bench()
        bench.execute(c.SetSetting(SETUP_PASSWORD, keyboard(BOSS)))
        assert opens(bench, SETUP_PASSWORD, BOSS)
        bench.execute(c.SetSetting("Ownership Tag", "one", keyboard(BOSS)))
        bench.execute(c.SetSetting("Ownership Tag", "two", utf_16(BOSS)))
        bench.costs_a_try(c.SetSetting("Ownership Tag", "three", keyboard(USER)))

    def test_codes_of_no_key_are_refused_and_not_repeated(self) -> None:
        bench = self.bench()
        refusal = bench.refused(c.SetSetting(SETUP_PASSWORD, password.KEYBOARD + "FFFF"), ValueNotAllowed)
        assert "FFFF" not in str(refusal)
        bench.execute(c.SetSetting(SETUP_PASSWORD, keyboard(BOSS)))
        proof = password.KEYBOARD + "FFFF"
        refusal = bench.refused(c.SetSetting("Ownership Tag", "one", proof), Refused, exact=False)
        assert isinstance(refusal, PasswordNeeded)

    def test_a_machine_without_a_policy_for_users_lets_them_change_and_not_delete(self) -> None:
        bench = self.bench()
        bench.execute(c.SetSetting(POWER_ON_PASSWORD, keyboard(USER)))
        bench.execute(c.SetSetting(SETUP_PASSWORD, keyboard(BOSS)))
        bench.refused(c.SetSetting(POWER_ON_PASSWORD, utf_16(""), utf_16(USER)), AccessDenied)
        bench.execute(c.SetSetting(POWER_ON_PASSWORD, utf_16(NEW), utf_16(USER)))
        assert opens(bench, POWER_ON_PASSWORD, NEW)


def test_a_model_without_passwords_takes_none() -> None:
    bench = small()
    start(bench)
    bench.refused(c.SetSetting("Word", "Two", utf_16("x")), AccessDenied)
    bench.execute(c.SetSetting("Word", "Two"))
    assert bench.memory.passwords == Passwords()


def test_memory_without_passwords_is_that_of_a_new_machine() -> None:
    bench = running(BOSS, USER)
    bench.execute(c.SetSetting(POWER_ON_PASSWORD, utf_16(""), utf_16(BOSS)))
    bench.execute(c.SetSetting(SETUP_PASSWORD, utf_16(""), utf_16(BOSS)))
    blank: Memory = factory_new()
    assert bench.memory.passwords == blank.passwords
