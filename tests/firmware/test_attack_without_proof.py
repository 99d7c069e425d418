"""Attackers who have no proof and all the time in the world: whatever they order, in whatever order, nothing guarded changes."""

from contextlib import suppress
from dataclasses import replace
from functools import cache

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator.firmware import commands as c
from emulator.firmware.access import Who
from emulator.firmware.boot import Phase
from emulator.firmware.event_log import EventLog
from emulator.firmware.memory import Boot, Memory, RealTimeClock
from emulator.firmware.refusals import Refused
from emulator.protocol.password import utf_16
from tests.firmware.bench import (
    BOSS,
    LAK_1,
    LAK_2,
    MODE,
    NONCE,
    POWER_ON_PASSWORD,
    PRESENCE_INTERFACE,
    RESTORE,
    SETUP_PASSWORD,
    USB,
    USER,
    Bench,
    deprovisioning,
    each_of,
    endorsement,
    guarded,
    local_key_value,
    locked,
    signed,
    signing,
    with_passwords,
    with_settings,
)

WRONG, NEW = "Wrong-4444", "Another-333"
CHANGES: list[tuple[str, str]] = [
    (USB, "Disable"),
    ("Secure Boot", "Disable"),
    ("Clear TPM", "On next boot"),
    ("Password Minimum Length", "4"),
    (PRESENCE_INTERFACE, "Disable"),
    (MODE, "Disable"),
    (LAK_1, ""),
    (LAK_2, local_key_value("other")),
    (RESTORE, "Yes"),
    (SETUP_PASSWORD, utf_16("")),
    (SETUP_PASSWORD, utf_16(NEW)),
    (POWER_ON_PASSWORD, utf_16("")),
    ("Save Custom Defaults", "Save"),
    ("Apply Custom Defaults and Exit", "Yes"),
    ("Apply Factory Defaults and Exit", "Yes"),
    ("Clear BIOS Event Log", "Clear"),
    ("Secure Platform Management Signing Key", ""),
]
SIGNED: list[c.SetSetting] = [
    signed(MODE, "Disable", NONCE - 1),
    signed(USB, "Disable", by="other"),
    replace(signed(USB, "Disable"), value="Enable"),
    replace(signed(USB, "Disable"), name="Fast Boot"),
]
FROM_SYSTEM: list[c.Command] = [
    *(c.SetSetting(*change, proof) for change in CHANGES for proof in ("", utf_16(BOSS), utf_16(USER), "x")),
    *(each_of(change, proof=proof) for change in CHANGES for proof in ("", utf_16(BOSS))),
    each_of(*CHANGES),
    c.SetSystemDefaults(),
    c.SetSystemDefaults(utf_16(BOSS)),
    *SIGNED,
    c.SetSettings((*(c.SetSetting(*change) for change in CHANGES), *SIGNED)),
    endorsement("other"),
    signing(NONCE + 5, "other", "other"),
    deprovisioning(NONCE - 1),
    c.Restart(),
    c.Continue(),
]
AT_THE_MACHINE: list[c.Command] = [
    c.PowerOn(),
    c.PowerOn(attended=False),
    c.PowerOff(),
    c.Restart(),
    c.Continue(),
    c.OpenStartupMenu(),
    c.EnterSetup(),
    c.OpenBootMenu(),
    c.StartFrom("HDD:USB:1"),
    c.TypePassword(WRONG),
    c.TypePassword(USER),
    c.TypePassword(BOSS),
    c.CountResponse("00000000"),
    c.CompareResponse("00000000"),
    c.RefreshChallenge(),
    c.RefusePresence(),
    c.AnswerPresence("0000"),
    c.SaveAndExit(),
    c.SetClock(2_000_000_000),
    c.ChangePassword(SETUP_PASSWORD, "", BOSS),
    c.ClearCMOS(),
    c.OpenCover(),
    c.SetPasswordJumper(),
    *(c.StageSetting(*change) for change in CHANGES),
]


@cache
def owned() -> Memory:
    """Keys, mode, local access key, both passwords, and prompts off, which makes an attack cheaper."""
    memory = with_settings(
        locked(guarded(), BOSS, USER),
        physical_presence_interface="Disable",
        wake_on_lan_policy="Bypass Password",
        prompt_on_boot_menu="Enable",
    )
    return replace(memory, custom={USB: "Disable"})


def guards(memory: Memory) -> Memory:
    """What must not change: all but what every start and every wrong code count."""
    return replace(memory, boot=Boot(), guard=owned().guard, log=EventLog(), clock=RealTimeClock())


def tried(bench: Bench, commands: list[c.Command]) -> None:
    for command in commands:
        with suppress(Refused):
            bench.execute(command)


few = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@few
@given(st.lists(st.sampled_from(FROM_SYSTEM), min_size=5, max_size=25))
def test_an_operating_system_that_knows_every_password_changes_nothing_while_the_mode_is_on(
    commands: list[c.Command],
) -> None:
    bench = Bench(owned())
    tried(bench, [c.PowerOn(attended=False), c.Continue(), *commands])
    assert guards(bench.memory) == guards(owned())
    assert bench.firmware.session.password_tries == 3


@few
@given(st.lists(st.sampled_from(AT_THE_MACHINE), min_size=5, max_size=20))
def test_somebody_at_the_machine_who_has_no_phone_changes_nothing_but_what_clearing_cmos_reaches(
    commands: list[c.Command],
) -> None:
    bench = Bench(owned())
    tried(bench, commands)
    after, before = guards(bench.memory), guards(owned())
    assert replace(after, settings=before.settings) == before
    assert after.settings[PRESENCE_INTERFACE] == "Disable"
    if c.ClearCMOS() not in commands:
        assert after.settings == before.settings
    assert bench.phase is not Phase.SETUP


@cache
def as_user() -> Bench:
    """In Computer Setup with the power-on password, while an administrator has another."""
    bench = Bench(with_settings(with_passwords(BOSS, USER), user_changes_power_on="No"))
    for command in (c.PowerOn(), c.TypePassword(USER), c.EnterSetup(), c.TypePassword(USER)):
        bench.execute(command)
    assert bench.firmware.session.visitor is Who.POWER_ON
    return bench


USER_TRIES = [
    each
    for each in AT_THE_MACHINE
    if not isinstance(each, c.ClearCMOS | c.TypePassword)
    and each != c.ChangePassword(SETUP_PASSWORD, "", BOSS)
]


@few
@given(
    st.lists(
        st.sampled_from([*USER_TRIES, c.TypePassword(USER), c.ChangePassword(POWER_ON_PASSWORD, NEW, USER)]),
        min_size=5,
        max_size=20,
    )
)
def test_a_user_in_computer_setup_changes_nothing(commands: list[c.Command]) -> None:
    bench = as_user().twin()
    before = guards(bench.memory)
    tried(bench, commands)
    assert guards(bench.memory) == before
