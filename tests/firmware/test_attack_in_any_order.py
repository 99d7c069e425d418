"""A stranger who stands before the machine, reads every code that it shows, and types, plugs and orders whatever he likes.

He has no key: neither the phone nor what signs commands. He has old commands that were good once, keys of his own, and hands on the
board. In whatever order he does it all, what the keys guard stays as it was. Where nothing but the keys guards, that is more than the
walks of `test_attack_without_proof.py`, whose strangers know passwords and no presence code.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import cache

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator.firmware import commands as c
from emulator.firmware.boot import Entry, Phase
from emulator.firmware.memory import Memory
from emulator.firmware.refusals import Refused
from emulator.protocol import sure_recover
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
    Bench,
    deprovisioning,
    each_of,
    endorsement,
    guarded,
    local_key_value,
    made_by,
    pin,
    provisioned,
    shown_code,
    signed,
    signing,
    with_settings,
    wrong,
)

FAST_BOOT = "Fast Boot"
Move = Callable[[Bench], c.Command | None]

CHANGES: list[tuple[str, str]] = [
    (USB, "Disable"),
    (FAST_BOOT, "Disable"),
    ("Clear TPM", "On next boot"),
    (PRESENCE_INTERFACE, "Disable"),
    (MODE, "Disable"),
    (MODE, "Enable"),
    (LAK_1, ""),
    (LAK_1, local_key_value("other")),
    (LAK_2, local_key_value("other")),
    (RESTORE, "Yes"),
    (SETUP_PASSWORD, utf_16(BOSS)),
    (POWER_ON_PASSWORD, utf_16(BOSS)),
    ("Apply Custom Defaults and Exit", "Yes"),
    ("Apply Factory Defaults and Exit", "Yes"),
    ("Save Custom Defaults", "Save"),
    ("Clear BIOS Event Log", "Clear"),
    ("Secure Platform Management Signing Key", ""),
]
SENT = [signed(FAST_BOOT, "Enable", NONCE + 9), signed(FAST_BOOT, "Enable", NONCE + 9, single_use=True)]
# What the administrator sent before that. The newest command may be sent again, unless it was for a single use; these may not.
OLD: list[c.Command] = [
    signed(MODE, "Disable", NONCE + 6),
    signed(USB, "Disable", NONCE + 6),
    signed(RESTORE, "Yes", NONCE + 5),
    signed(LAK_1, "", NONCE + 5, single_use=True),
    signed(USB, "Disable", NONCE + 7, single_use=True),
    signing(NONCE - 2),
    deprovisioning(NONCE - 2),
]
ORDERS: list[c.Command] = [
    *(c.SetSetting(*change) for change in CHANGES),
    *(c.SetSetting(*change, utf_16(BOSS)) for change in CHANGES[:4]),
    *(c.StageSetting(*change) for change in CHANGES),
    each_of(*CHANGES),
    c.SetSettings(
        (
            *(c.SetSetting(*change) for change in CHANGES),
            *(each for each in OLD if isinstance(each, c.SetSetting)),
        )
    ),
    c.SetSystemDefaults(),
    c.ApplyList(tuple(c.SetSetting(*change) for change in CHANGES)),
    c.ApplyList((c.SetSetting(USB, "Disable"), signed(MODE, "Disable", NONCE + 6))),
    c.UpdateFirmware("stranger.bin", bytes(32)),
    c.UpdateFirmware("stranger.bin", bytes(32), bytes(300)),
    *(c.ConfigureRecovery(purpose, bytes(300)) for purpose in sure_recover.ORDERS),
    *OLD,
    signed(USB, "Disable", NONCE + 90, by="other"),
    signed(MODE, "Disable", NONCE + 90, by="local_access"),
    endorsement("other"),
    endorsement(),
    signing(NONCE + 90, "other", "other"),
    signing(NONCE + 90, "other", "signing"),
    c.ChangePassword(SETUP_PASSWORD, BOSS),
    c.TypePassword(BOSS),
    c.SetClock(2_000_000_000),
    c.SaveAndExit(),
]
AT_THE_MACHINE: list[c.Command] = [
    c.PowerOn(),
    c.PowerOn(attended=False),
    *(c.OpenTool(entry) for entry in Entry),
    c.PowerOff(),
    c.Restart(),
    c.Continue(),
    c.OpenStartupMenu(),
    c.EnterSetup(),
    c.OpenBootMenu(),
    c.RefreshChallenge(),
    c.RefusePresence(),
    c.ClearCMOS(),
    c.OpenCover(),
    c.AcknowledgeCover(),
    c.SetPasswordJumper(),
    c.StartFrom("HDD:USB:1"),
]


def presence(bench: Bench) -> c.Command | None:
    return c.AnswerPresence(shown_code(bench)) if bench.phase is Phase.PRESENCE else None


def count(bench: Bench) -> c.Command | None:
    return c.CountResponse(not_the_pin(bench))


def compare(bench: Bench) -> c.Command | None:
    return c.CompareResponse(not_the_pin(bench))


def not_the_pin(bench: Bench) -> str:
    """He guesses, and never right: that he may by chance is what the budget is for."""
    return "00000000" if bench.firmware.session.door.live is None else wrong(pin(bench))


def on(bench: Bench) -> c.Command | None:
    """The way on, so that a walk comes through every phase."""
    known: dict[Phase, c.Command] = {
        Phase.OFF: c.PowerOn(),
        Phase.POST: c.Continue(),
        Phase.OPERATING_SYSTEM: c.Restart(),
        Phase.CHALLENGE: c.Continue(),
        Phase.SETUP: c.SaveAndExit(),
    }
    return presence(bench) or known.get(bench.phase)


def ordering(command: c.Command) -> Move:
    return lambda _: command


MOVES = st.one_of(
    st.sampled_from([presence, count, compare, on, on, on]),
    st.sampled_from(AT_THE_MACHINE).map(ordering),
    st.sampled_from(ORDERS).map(ordering),
)
few = settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])


def walked(bench: Bench, moves: list[Move]) -> list[Phase]:
    """The phases that the stranger came through."""
    phases = []
    for move in moves:
        command = move(bench)
        if command is not None:
            with suppress(Refused):
                bench.execute(command)
        phases.append(bench.phase)
    return phases


@cache
def owned() -> Memory:
    """Mode on, local access key 1, no passwords, prompts for presence on, and commands that were carried out."""
    return with_settings(made_by(SENT, guarded()), prompt_on_boot_menu="Enable")


def keys(memory: Memory) -> tuple[object, ...]:
    return (
        memory.platform,
        memory.authentication,
        memory.passwords,
        memory.counters,
        memory.waiting,
        memory.custom,
    )


@few
@given(st.lists(MOVES, min_size=8, max_size=40))
def test_no_order_of_moves_opens_a_guarded_machine_or_changes_it(moves: list[Move]) -> None:
    bench = Bench(owned())
    phases = walked(bench, moves)
    assert Phase.SETUP not in phases
    assert keys(bench.memory) == keys(owned())
    assert bench.memory.log.last >= owned().log.last
    for name, value in bench.memory.settings.items():
        assert value in (owned().settings[name], without_battery().settings[name])


@cache
def without_battery() -> Memory:
    """What hands on the board reach, and no more."""
    bench = Bench(owned())
    bench.execute(c.ClearCMOS())
    return bench.memory


@cache
def mode_off_key_left() -> Memory:
    return made_by([signed(MODE, "Disable", NONCE + 10)], owned())


@few
@given(st.lists(MOVES, min_size=8, max_size=40))
def test_with_the_mode_off_no_order_of_moves_switches_it_on_sets_a_key_or_lowers_a_counter(
    moves: list[Move],
) -> None:
    """What an unguarded operating system may do it does: clear the key, change settings. It gets no further."""
    bench = Bench(mode_off_key_left())
    before = bench.memory
    walked(bench, moves)
    after = bench.memory
    assert after.platform == before.platform
    assert after.counters == before.counters
    assert not after.authentication.enabled
    for old, new in zip(before.authentication.keys, after.authentication.keys, strict=True):
        assert new in (old, None)


@cache
def only_provisioned() -> Memory:
    return made_by(SENT, provisioned())


@few
@given(st.lists(MOVES, min_size=8, max_size=40))
def test_before_the_mode_is_on_no_order_of_moves_changes_the_keys_the_mode_or_a_counter(
    moves: list[Move],
) -> None:
    bench = Bench(only_provisioned())
    before = bench.memory
    walked(bench, moves)
    after = bench.memory
    assert (after.platform, after.counters, after.authentication) == (
        before.platform,
        before.counters,
        before.authentication,
    )


@few
@given(st.lists(MOVES, min_size=8, max_size=40))
def test_on_a_new_machine_a_stranger_s_keys_count_for_nothing_until_presence_was_proved(
    moves: list[Move],
) -> None:
    bench = Bench()
    walked(bench, [move for move in moves if move is not presence and move is not on])
    platform = bench.memory.platform
    assert not platform.confirmed
    assert platform.counter == 0
    assert not bench.memory.authentication.enabled
    assert bench.memory.authentication.keys == (None, None, None)
    assert bench.memory.counters == Bench().memory.counters
