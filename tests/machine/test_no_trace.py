"""No byte of the image tells a password, and none keeps what was changed or cleared: neither old hash nor salt nor old secret."""

from pathlib import Path

import pytest

from emulator.firmware import commands as c
from emulator.firmware import variables
from emulator.firmware.boot import Phase
from emulator.firmware.memory import PasswordHash
from emulator.firmware.refusals import PasswordWrong, Refused
from emulator.machine import TargetPC, memory_in
from emulator.protocol.password import keyboard, utf_16
from firmware_store import FOUR_MEGABYTE, Image, MemoryImage
from tests.firmware.bench import (
    BOSS,
    LAK_1,
    POWER_ON_PASSWORD,
    PRESENCE_INTERFACE,
    RESTORE,
    SETUP_PASSWORD,
    USER,
    guarded,
    local_key_value,
    public,
    shown_code,
    signed,
    start,
)
from tests.machine.images import image_with, pc_in

NEW, WRONG, SECRET = "Another-333", "Wrong-4444", "Oyster-99"
UPLOAD = "Remote HP PC Hardware Diagnostics Upload Server Password"
PASSWORDS = (BOSS, USER, NEW, WRONG)


def new_pc() -> TargetPC:
    pc = TargetPC.manufacture(MemoryImage(FOUR_MEGABYTE))
    start(pc)
    return pc


def kept(pc: TargetPC) -> tuple[PasswordHash | None, PasswordHash | None]:
    stored = pc.firmware.memory.passwords
    return stored.administrator, stored.power_on


def spellings(text: str) -> list[bytes]:
    typed = keyboard(text)
    return [
        text.encode(),
        text.encode("utf-16-le"),
        text.encode("utf-16-be"),
        typed.encode(),
        bytes.fromhex(typed[6:]),
    ]


def clean(pc: TargetPC) -> bool:
    """Whether the image has no password in it, in any spelling."""
    content = pc.image.read()
    return not any(each in content for text in PASSWORDS for each in spellings(text))


def traces(pc: TargetPC, old: PasswordHash | None) -> list[str]:
    """What of a password that was kept is still in the image."""
    assert old is not None
    content = pc.image.read()
    found = [("salt", old.salt), ("digest", old.digest), ("half a digest", old.digest[:16])]
    return [what for what, octets in found if octets in content]


def test_a_password_that_is_set_lies_in_the_image_as_salt_and_digest_alone() -> None:
    pc = new_pc()
    pc.execute(c.SetSetting(SETUP_PASSWORD, utf_16(BOSS)))
    pc.execute(c.SetSetting(POWER_ON_PASSWORD, utf_16(USER), utf_16(BOSS)))
    assert clean(pc)
    for each in kept(pc):
        assert traces(pc, each) == ["salt", "digest", "half a digest"]


def test_nothing_that_was_typed_wrong_gets_there() -> None:
    pc = new_pc()
    pc.execute(c.SetSetting(SETUP_PASSWORD, utf_16(BOSS)))
    for proof in (WRONG, utf_16(WRONG)):
        with pytest.raises(Refused, match="password"):
            pc.execute(c.SetSetting(SETUP_PASSWORD, utf_16(NEW), proof))
    assert clean(pc)


@pytest.mark.parametrize("new", [NEW, ""], ids=["changed", "cleared"])
def test_a_password_that_was_changed_or_cleared_from_the_system_leaves_no_trace(new: str) -> None:
    pc = new_pc()
    pc.execute(c.SetSetting(SETUP_PASSWORD, utf_16(BOSS)))
    pc.execute(c.SetSetting(POWER_ON_PASSWORD, utf_16(USER), utf_16(BOSS)))
    administrator, power_on = kept(pc)
    pc.execute(c.SetSetting(POWER_ON_PASSWORD, utf_16(new), utf_16(BOSS)))
    assert traces(pc, power_on) == []
    pc.execute(c.SetSetting(SETUP_PASSWORD, utf_16(new), utf_16(BOSS)))
    assert traces(pc, administrator) == []
    assert clean(pc)


@pytest.mark.parametrize("new", [NEW, ""], ids=["changed", "cleared"])
def test_a_password_that_was_changed_or_cleared_on_the_screen_leaves_no_trace(new: str) -> None:
    pc = new_pc()
    pc.execute(c.SetSetting(SETUP_PASSWORD, utf_16(BOSS)))
    administrator, _ = kept(pc)
    for command in (
        c.Restart(),
        c.EnterSetup(),
        c.TypePassword(BOSS),
        c.ChangePassword(SETUP_PASSWORD, new, BOSS),
    ):
        pc.execute(command)
    assert traces(pc, administrator) == []
    assert clean(pc)


def test_passwords_that_were_restored_away_leave_no_trace_and_neither_does_the_key() -> None:
    pc = pc_in(image_with(guarded()))
    start(pc)
    pc.execute(signed(SETUP_PASSWORD, utf_16(BOSS)))
    pc.execute(signed(RESTORE, "Yes"))
    administrator, _ = kept(pc)
    pc.execute(c.Restart())
    pc.execute(c.AnswerPresence(shown_code(pc)))
    assert kept(pc) == (None, None)
    assert traces(pc, administrator) == []
    assert public("local_access").modulus not in pc.image.read()


def test_a_local_access_key_that_was_replaced_leaves_no_trace() -> None:
    pc = pc_in(image_with(guarded()))
    start(pc)
    pc.execute(signed(LAK_1, local_key_value("other")))
    assert public("local_access").modulus not in pc.image.read()


def test_an_image_file_keeps_no_trace_either(tmp_path: Path) -> None:
    image = Image(tmp_path / "nvram.fd", durability="none")
    image.create(FOUR_MEGABYTE)
    pc = TargetPC.manufacture(image)
    start(pc)
    pc.execute(c.SetSetting(SETUP_PASSWORD, utf_16(BOSS)))
    administrator, _ = kept(pc)
    assert administrator is not None
    pc.execute(c.SetSetting(SETUP_PASSWORD, utf_16(NEW), utf_16(BOSS)))
    content = (tmp_path / "nvram.fd").read_bytes()
    assert administrator.salt not in content
    assert administrator.digest not in content
    assert not any(each in content for text in PASSWORDS for each in spellings(text))


class TestSecretSettings:
    """A secret lies in the image, for the machine needs it; but only as long as it is one."""

    def content(self, pc: TargetPC) -> bytes:
        return pc.image.read()

    def test_a_secret_that_was_replaced_leaves_no_trace(self) -> None:
        pc = new_pc()
        pc.execute(c.SetSetting(UPLOAD, SECRET))
        assert SECRET.encode() in self.content(pc)
        pc.execute(c.SetSetting(UPLOAD, "another one"))
        assert SECRET.encode() not in self.content(pc)

    def test_a_custom_default_that_was_replaced_leaves_no_trace(self) -> None:
        pc = new_pc()
        for command in (
            c.SetSetting(UPLOAD, SECRET),
            c.SetSetting("Save Custom Defaults", "Save"),
            c.SetSetting(UPLOAD, "another one"),
        ):
            pc.execute(command)
        assert SECRET.encode() in self.content(pc)
        pc.execute(c.SetSetting("Save Custom Defaults", "Save"))
        assert SECRET.encode() not in self.content(pc)

    def test_defaults_leave_no_trace(self) -> None:
        pc = new_pc()
        pc.execute(c.SetSetting(UPLOAD, SECRET))
        pc.execute(c.SetSystemDefaults())
        assert SECRET.encode() not in self.content(pc)


def test_tries_are_no_part_of_the_image() -> None:
    pc = new_pc()
    pc.execute(c.SetSetting(SETUP_PASSWORD, utf_16(BOSS)))
    before = pc.image.read()
    with pytest.raises(PasswordWrong):
        pc.execute(c.SetSetting(PRESENCE_INTERFACE, "Disable", utf_16(WRONG)))
    assert pc.image.read() == before
    assert memory_in(pc.image.open()) == pc.firmware.memory
    assert pc.firmware.session.phase is Phase.OPERATING_SYSTEM


def test_what_lingers_is_decided_by_where_it_lies() -> None:
    assert {variables.SETTINGS, variables.WAITING, variables.CUSTOM_DEFAULTS} == variables.VALUES
    assert {variables.KEYS, variables.PASSWORDS, variables.RECOVERY} == variables.SECURITY_DATA
