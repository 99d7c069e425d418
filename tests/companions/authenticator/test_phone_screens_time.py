"""What time does to the phone: a PIN runs out, hides itself and leaves the clipboard, and a phone that is left alone closes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from hypothesis import given
from hypothesis import strategies as st
from textual.widgets import Input

from emulator.companions.authenticator.phone import Phone
from emulator.companions.authenticator.screens.stillness import Stillness
from emulator.companions.authenticator.screens.validity import EMPTY, FULL, State, Validity
from emulator.companions.authenticator.unlock import LIFE
from tests.companions.authenticator.conftest import PASSPHRASE
from tests.companions.authenticator.phone_in_hand import CHEAP, Clock, Hand, asker, hold

Make = Callable[..., str]
OWN = "a phone's own passphrase"


@pytest.fixture
def clock() -> Clock:
    return Clock(1_800_000_000.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "phone"


@pytest.fixture
def ask(clock: Clock, local_access_key: RSAPrivateKey) -> Make:
    return asker(clock, local_access_key)


async def reveal(hand: Hand, code: str) -> None:
    await hand.scan(code)
    await hand.press("enter", "enter")
    assert "4071 8293" in hand.seen


@pytest.mark.slow
def test_the_countdown_tells_the_time_left_in_three_ways(
    folder: Path, clock: Clock, package: Make, ask: Make
) -> None:
    async def script(hand: Hand) -> None:
        await hand.register(package(""))
        await reveal(hand, ask(age=100))
        assert "8:20" in hand.seen
        assert "Valid for 8 min 20 s more." in hand.words
        assert hand.seen.count(EMPTY) == 5
        for passed, told in ((30, "7 min 50 s"), (28, "7 min 22 s")):
            await hand.wait(passed)
            assert told in hand.words
        for _ in range(8):
            await hand.wait(49)
            await hand.press("c")
        assert "Ends soon: 50 s more." in hand.words
        await hand.wait(55)
        assert "Expired: let the PC show a new code." in hand.words
        assert "0:00" in hand.seen

    hold(folder, script, clock=clock)


@pytest.mark.slow
def test_the_pin_hides_itself_after_a_minute(folder: Path, clock: Clock, package: Make, ask: Make) -> None:
    async def script(hand: Hand) -> None:
        await hand.register(package(""))
        await reveal(hand, ask())
        await hand.wait(59)
        assert "4071 8293" in hand.seen
        assert "Hides itself in 1 s" in hand.seen
        await hand.wait(2)
        assert "4071" not in hand.seen
        assert hand.page == "PINPage"
        await hand.press("enter")
        assert "4071 8293" in hand.seen

    hold(folder, script, clock=clock)


@pytest.mark.slow
def test_a_clock_that_is_set_back_does_not_keep_the_pin_in_sight(
    folder: Path, clock: Clock, package: Make, ask: Make
) -> None:
    async def script(hand: Hand) -> None:
        await hand.register(package(""))
        await reveal(hand, ask())
        await hand.wait(-3600)
        assert "4071" not in hand.seen

    hold(folder, script, clock=clock)


@pytest.mark.slow
def test_a_phone_left_alone_goes_back_to_its_keys(
    folder: Path, clock: Clock, package: Make, ask: Make
) -> None:
    async def script(hand: Hand) -> None:
        await hand.register(package(""))
        await reveal(hand, ask())
        await hand.wait(61)
        await hand.wait(59)
        assert hand.page == "PINPage"
        await hand.wait(2)
        assert hand.page == "KeysPage"
        assert len(hand.app.screen_stack) == 1

    hold(folder, script, clock=clock)


@pytest.mark.slow
def test_a_key_press_is_a_touch(folder: Path, clock: Clock) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("s")
        await hand.wait(50)
        await hand.press("x")
        await hand.wait(50)
        assert hand.page == "ScanPage"
        await hand.wait(11)
        assert hand.page == "KeysPage"

    hold(folder, script, clock=clock)


@pytest.mark.slow
def test_a_phone_with_a_passphrase_locks_itself_and_forgets(
    folder: Path, clock: Clock, package: Make, ask: Make
) -> None:
    async def script(hand: Hand) -> None:
        await hand.register(package(), PASSPHRASE)
        await hand.press("m", "p")
        await hand.paste(OWN, "enter")
        await hand.paste(OWN, "enter")
        await hand.paste(PASSPHRASE, "enter")
        assert "Phone passphrase set" in hand.words
        await hand.press("enter")
        assert "● unlocked" in hand.seen
        await hand.scan(ask())
        assert "Enter passphrase" not in hand.seen
        await hand.press("enter", "enter")
        assert "4071 8293" in hand.seen
        await hand.press("escape")
        await hand.wait(61)
        assert hand.page == "LockPage"
        assert "DEMO key" not in hand.seen
        assert not hand.app.phone.is_open
        await hand.paste("not the passphrase", "enter")
        assert "! Error 107" in hand.seen
        await hand.press("enter")
        await hand.paste("half typed")
        await hand.wait(61)
        assert hand.app.screen.query_one(Input).value == ""
        await hand.press("escape", "s", "escape")
        assert hand.page == "LockPage"
        await hand.rub_out(1)
        await hand.paste(OWN, "enter")
        assert hand.page == "KeysPage"

    hold(folder, script, clock=clock)


@pytest.mark.slow
def test_a_protected_phone_starts_locked(folder: Path, clock: Clock, package: Make) -> None:
    phone = Phone(folder, now=clock, cost=CHEAP)
    phone.enrol(phone.read_package([(package(),)]), PASSPHRASE)
    phone.protect(OWN, {})

    async def script(hand: Hand) -> None:
        assert hand.page == "LockPage"
        assert "DEMO key" not in hand.seen
        await hand.paste(OWN, "enter")
        assert hand.page == "KeysPage"
        assert "DEMO key" in hand.seen
        await hand.press("m", "l")
        assert hand.page == "LockPage"

    hold(folder, script, clock=clock)


@pytest.mark.slow
def test_the_phone_passphrase_is_changed_and_removed(folder: Path, clock: Clock, package: Make) -> None:
    phone = Phone(folder, now=clock, cost=CHEAP)
    phone.enrol(phone.read_package([(package(),)]), PASSPHRASE)
    phone.protect(OWN, {})

    async def script(hand: Hand) -> None:
        await hand.paste(OWN, "enter")
        await hand.press("m", "p")
        await hand.paste(OWN, "enter")
        await hand.paste("another quiet lantern", "enter")
        await hand.paste("another quiet lantern", "enter")
        assert "Phone passphrase changed" in hand.words
        await hand.press("enter", "m", "x")
        await hand.paste(OWN, "enter")
        assert "! Error 107" in hand.seen
        await hand.press("enter")
        await hand.paste("another quiet lantern", "enter")
        assert "Phone passphrase removed" in hand.words

    hold(folder, script, clock=clock)
    assert not Phone(folder).is_protected


@pytest.mark.slow
def test_what_was_copied_leaves_the_clipboard(folder: Path, clock: Clock, package: Make, ask: Make) -> None:
    async def script(hand: Hand) -> None:
        await hand.register(package(""))
        await hand.scan(ask())
        await hand.press("enter", "c")
        assert hand.app.clipboard == "40718293"
        assert "4071" not in hand.seen
        assert "The clipboard is cleared in 30 s." in hand.words
        await hand.wait(29)
        assert hand.app.clipboard == "40718293"
        await hand.wait(2)
        assert hand.app.clipboard == ""

    hold(folder, script, clock=clock)


@pytest.mark.slow
def test_leaving_the_phone_clears_the_clipboard(folder: Path, clock: Clock, package: Make, ask: Make) -> None:
    async def script(hand: Hand) -> None:
        await hand.register(package(""))
        await hand.scan(ask())
        await hand.press("enter", "c")
        hand.app.action_leave()

    app = hold(folder, script, clock=clock)
    assert app.clipboard == ""
    assert app.return_value == 0


@pytest.mark.slow
@given(st.integers(-2 * LIFE, 2 * LIFE), st.integers(10, 60))
def test_the_bar_is_empty_only_at_the_end(passed: int, columns: int) -> None:
    validity = Validity(1000, 1000 + passed)
    bar = validity.bar(columns)
    assert len(bar) == columns
    assert (FULL not in bar) == (validity.state is State.EXPIRED)
    assert (validity.state is State.AHEAD) == (passed < 0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("passed", "state", "clock"),
    [
        (-1, State.AHEAD, "10:01"),
        (0, State.VALID, "10:00"),
        (539, State.VALID, "1:01"),
        (540, State.ENDS_SOON, "1:00"),
        (599.5, State.ENDS_SOON, "0:01"),
        (600, State.EXPIRED, "0:00"),
        (9999, State.EXPIRED, "0:00"),
    ],
)
def test_how_long_a_pin_is_good(passed: float, state: State, clock: str) -> None:
    validity = Validity(1000, 1000 + passed)
    assert (validity.state, validity.clock) == (state, clock)


@pytest.mark.slow
def test_of_two_clocks_the_one_that_counts_more_is_believed() -> None:
    wall, monotonic = Clock(1000), Clock(5)
    stillness = Stillness(wall, monotonic)
    wall.at -= 500
    monotonic.at += 7
    assert stillness.seconds == 7
    wall.at += 600
    assert stillness.seconds == 100
    stillness.touch()
    assert stillness.seconds == 0
