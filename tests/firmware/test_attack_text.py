"""Attacks with the texts that a command carries: whatever stands in them, they are taken or refused, and nothing else happens."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.firmware import commands as c
from emulator.firmware.refusals import Refused
from emulator.protocol.password import KEYBOARD, UTF_16
from tests.firmware.bench import (
    BOSS,
    LAK_1,
    MODE,
    PRESENCE_INTERFACE,
    RESTORE,
    SETUP_PASSWORD,
    Bench,
    each_of,
    factory_new,
    guarded,
    model,
    started,
    with_passwords,
)
from tests.firmware.doors import inside
from tests.sampling import examples

MARKS = [UTF_16, KEYBOARD, "<BEAM/>", "<beam/>", ""]
NASTY = [
    "",
    "\0",
    "\ud800",
    "\udfff\ud800",
    "a\0b",
    "\x1b[2J",
    "\u202e",
    "\ufdfa" * 50,
    "ﬀ",
    "١",
    "A" * 1_000_000,
    "\ud800" * 100_000,
    "😀" * 100_000,
    ",",
    "," * 100_000,
    " Disabled," * 10_000,
    "%s%n{0}",
    "../../etc/passwd",
    "-0",
    "9" * 100_000,
]
TEXT = st.text(max_size=40) | st.sampled_from(NASTY)
NAME = st.sampled_from([*model().every, "", "\0", "\ud800", "x" * 100_000]) | st.text(max_size=20)
PROOF = st.builds("".join, st.tuples(st.sampled_from(MARKS), TEXT))


def tried(bench: Bench, command: c.Command) -> None:
    """The command is taken or refused, and its refusal is short and does not steer a terminal."""
    before = bench.memory
    try:
        bench.execute(command)
    except Refused as refusal:
        text = str(refusal)
        assert len(text) < 2000
        assert text.isprintable() or "\n" in text
        assert bench.memory.settings == before.settings
        assert bench.memory.passwords == before.passwords
    assert len(repr(bench.firmware.session)) < 10_000


@settings(max_examples=examples(300))
@given(NAME, TEXT, st.sampled_from(["", UTF_16, "<BEAM/>", "<BEAM/>AAAA", "\ud800"]))
def test_a_change_from_the_operating_system(name: str, value: str, proof: str) -> None:
    tried(started(factory_new()), c.SetSetting(name, value, proof))
    tried(started(guarded()), c.SetSetting(name, value, proof))


@settings(max_examples=examples(100))
@given(st.lists(st.tuples(NAME, TEXT), max_size=6))
def test_a_list_from_the_operating_system(wanted: list[tuple[str, str]]) -> None:
    bench = started(factory_new())
    bench.execute(each_of(*wanted))
    tried(started(guarded()), each_of(*wanted))


@settings(max_examples=examples(200))
@given(NAME, TEXT)
def test_a_change_on_the_screen(name: str, value: str) -> None:
    bench = inside()
    tried(bench, c.StageSetting(name, value))
    tried(bench, c.SaveAndExit())


SAYINGS: dict[str, Callable[[str], c.Command]] = {
    "a proof": lambda text: c.SetSetting("Fast Boot", "Disable", text),
    "a proof behind its mark": lambda text: c.SetSetting("Fast Boot", "Disable", UTF_16 + text),
    "a signature": lambda text: c.SetSetting("Fast Boot", "Disable", f"<BEAM/>{text}"),
    "a proof for defaults": lambda text: c.SetSystemDefaults(UTF_16 + text),
    "a new password": lambda text: c.SetSetting(SETUP_PASSWORD, UTF_16 + text, UTF_16 + BOSS),
    "a new password in codes": lambda text: c.SetSetting(SETUP_PASSWORD, KEYBOARD + text, UTF_16 + BOSS),
    "keys": lambda text: c.SetEndorsementKey(text.encode("utf-16-le", "surrogatepass")),
    "a signing key": lambda text: c.SetSigningKey(text.encode("utf-16-le", "surrogatepass")),
}


@pytest.mark.sampled(8)
@pytest.mark.parametrize("saying", SAYINGS)
@pytest.mark.parametrize("text", NASTY, ids=lambda text: ascii(text[:12]))
def test_what_the_operating_system_says(saying: str, text: str) -> None:
    tried(started(with_passwords(BOSS)), SAYINGS[saying](text))


@pytest.mark.sampled(4)
@pytest.mark.parametrize("text", NASTY, ids=lambda text: ascii(text[:12]))
def test_what_is_typed_at_a_prompt_and_in_the_dialog(text: str) -> None:
    bench = Bench(with_passwords(BOSS))
    bench.execute(c.PowerOn())
    bench.execute(c.EnterSetup())
    tried(bench, c.TypePassword(text))
    tried(inside(BOSS, "", BOSS), c.ChangePassword(SETUP_PASSWORD, text, BOSS))
    tried(inside(BOSS, "", BOSS), c.ChangePassword(SETUP_PASSWORD, "Another-333", text))
    tried(inside(), c.ChangePassword(text, "Another-333"))


@pytest.mark.parametrize(
    "name", [MODE, LAK_1, RESTORE, PRESENCE_INTERFACE, SETUP_PASSWORD, "UEFI Boot Order"]
)
@pytest.mark.parametrize("value", NASTY, ids=lambda text: ascii(text[:12]))
def test_values_of_what_the_firmware_acts_upon(name: str, value: str) -> None:
    tried(started(factory_new()), c.SetSetting(name, value))
    tried(started(guarded()), c.SetSetting(name, value))
    tried(inside(), c.StageSetting(name, value))
