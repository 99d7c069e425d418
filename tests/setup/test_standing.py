"""How a setting stands on the screen: no terminal needed."""

from emulator.firmware import commands as c
from emulator.firmware.catalogue import Setting
from emulator.machine import TargetPC
from emulator.setup import wording
from emulator.setup.standing import Standing, standing

SECRET = "Remote HP PC Hardware Diagnostics Upload Server Password"


def named(pc: TargetPC, name: str) -> Setting:
    return pc.firmware.catalogue.every[name]


def in_setup(pc: TargetPC, *orders: c.Command) -> None:
    for order in (c.PowerOn(), c.EnterSetup(), *orders):
        pc.execute(order)


def test_what_was_staged_stands_before_what_is_stored(pc: TargetPC) -> None:
    fast = named(pc, "Fast Boot")
    in_setup(pc)
    assert standing(pc.firmware, fast) == Standing("Enable")
    pc.execute(c.StageSetting("Fast Boot", "Disable"))
    assert standing(pc.firmware, fast) == Standing("Disable", staged=True)


def test_conditions_see_what_was_staged(pc: TargetPC) -> None:
    in_setup(pc, c.StageSetting("Audio Device", "Disable"))
    assert standing(pc.firmware, named(pc, "Microphone")) == Standing(
        "Enable", grey="The audio device is off: switch it on first."
    )


def test_of_a_password_only_whether_it_is_set(pc: TargetPC) -> None:
    password = named(pc, "Setup Password")
    in_setup(pc)
    assert standing(pc.firmware, password) == Standing("not set")
    pc.execute(c.ChangePassword("Setup Password", "Sesame-1"))
    assert standing(pc.firmware, password) == Standing("set")


def test_of_a_secret_only_whether_there_is_one(pc: TargetPC) -> None:
    secret = named(pc, SECRET)
    in_setup(pc)
    assert standing(pc.firmware, secret) == Standing("not set")
    pc.execute(c.StageSetting(SECRET, "hush"))
    assert standing(pc.firmware, secret) == Standing("set", staged=True)
    pc.execute(c.SaveAndExit())
    assert standing(pc.firmware, secret) == Standing("set")
    pc.execute(c.EnterSetup())
    pc.execute(c.StageSetting(SECRET, ""))
    assert standing(pc.firmware, secret) == Standing("not set", staged=True)


def test_an_ordered_list_is_counted() -> None:
    assert [wording.entries(value) for value in ("", "A", "A,B Disabled")] == [
        "no entries",
        "1 entry",
        "2 entries",
    ]


def test_a_text_field_tells_what_it_takes(pc: TargetPC) -> None:
    told = {
        name: wording.allowed(named(pc, name)) for name in ("Ownership Tag", "BIOS Power-On Hour", SECRET)
    }
    assert told["Ownership Tag"].startswith("Up to ")
    assert told["BIOS Power-On Hour"] == "A number from 0 to 23"
    assert told[SECRET].endswith("an empty one clears it")
