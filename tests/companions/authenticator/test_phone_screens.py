"""The phone's pages: registering keys, scanning challenges, seeing the PIN, and looking after keys, as a person does it with keys and mouse."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from textual.widgets import Input

from emulator.companions.authenticator.phone import Phone
from emulator.companions.authenticator.screens import app
from emulator.companions.authenticator.screens.pin_page import PINPage
from emulator.protocol import challenge_parts
from tests.companions.authenticator.conftest import PASSPHRASE
from tests.companions.authenticator.phone_in_hand import Clock, Hand, asker, hold

Make = Callable[..., str]


@pytest.fixture
def clock() -> Clock:
    return Clock(1_800_000_000.0)


@pytest.fixture
def ask(clock: Clock, local_access_key: RSAPrivateKey) -> Make:
    return asker(clock, local_access_key)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "phone"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


def names(phone: Phone) -> list[str]:
    keys = phone.keys()
    return [key.name for key in keys]


def test_from_an_empty_phone_to_the_pin(
    folder: Path, clock: Clock, package: Make, ask: Make, picture: Make
) -> None:
    key, code = picture(package(), module=9), picture(ask("40718293"), module=12)

    async def script(hand: Hand) -> None:
        assert "No key yet" in hand.words
        await hand.press("r")
        await hand.paste(key, "enter")
        assert hand.page == "PackagePage"
        assert "DEMO key" in hand.seen
        assert "800x600" not in hand.seen
        await hand.spell(PASSPHRASE)
        assert PASSPHRASE not in hand.seen
        await hand.press("enter")
        assert "The key DEMO key is stored on this phone." in hand.words
        await hand.press("enter")
        assert hand.page == "KeysPage"
        assert "Demo PC, DEMO000001" in hand.seen

        await hand.scan(code)
        assert hand.page == "MachinePage"
        for told in ("DEMO000001", "Computer Setup (F10)", "0 s ago", "00112233-4455-6677-8899-aabbccddeeff"):
            assert told in hand.seen
        assert "Are you in front of this machine?" in hand.words
        await hand.paste(PASSPHRASE, "enter")
        assert hand.page == "PINPage"
        assert "4071" not in hand.seen
        await hand.press("enter")
        assert "4071 8293" in hand.seen
        await hand.press("enter")
        assert "4071" not in hand.seen
        await hand.press("enter", "escape")
        assert hand.page == "KeysPage"
        assert "4071" not in hand.seen

    hold(folder, script, clock=clock)


@pytest.mark.slow
def test_the_machine_page_shows_the_check_of_the_challenge(
    folder: Path, clock: Clock, package: Make, ask: Make
) -> None:
    code = ask()

    async def script(hand: Hand) -> None:
        await hand.register(package(), PASSPHRASE)
        await hand.scan(code)
        assert challenge_parts.fingerprint(code) in hand.seen

    hold(folder, script, clock=clock)


@pytest.mark.slow
def test_the_pin_leaves_the_page_with_its_owner(folder: Path, clock: Clock, package: Make, ask: Make) -> None:
    async def script(hand: Hand) -> None:
        await hand.register(package(""))
        await hand.scan(ask("40718293"))
        await hand.press("enter", "enter")
        page = hand.app.screen
        assert isinstance(page, PINPage)
        digits, plain = page.query_one("#digits"), page.query_one("#plain")
        assert "4071 8293" in hand.seen
        await hand.press("escape")
        assert page._answer is None
        assert "4071" not in f"{digits.render()}{plain.render()}"

    hold(folder, script, clock=clock)


@pytest.mark.slow
def test_the_mouse_does_what_the_keys_do(folder: Path, clock: Clock, package: Make, ask: Make) -> None:
    async def script(hand: Hand) -> None:
        await hand.register(package(""))
        await hand.pilot.click("#scan")
        await hand.settle()
        assert hand.page == "ScanPage"
        await hand.paste(ask("40718293"))
        await hand.pilot.click("Tap.main")
        await hand.settle()
        await hand.pilot.click("#digits")
        await hand.settle()
        assert "4071 8293" in hand.seen
        await hand.pilot.click("#back")
        await hand.settle()
        assert hand.page == "KeysPage"
        tabs = hand.app.screen.query(".tab")
        await hand.pilot.click(tabs[2])
        await hand.settle()
        assert hand.page == "HistoryPage"

    hold(folder, script, clock=clock)


@pytest.mark.slow
def test_a_wrong_passphrase_is_error_107_and_the_field_is_empty(
    folder: Path, clock: Clock, package: Make, ask: Make
) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("r")
        await hand.paste(package())
        await hand.paste("something else", "enter")
        assert "! Error 107" in hand.seen
        assert "QRCodeTamperedOrInvalidPassPhrase" in hand.seen
        assert "The key does not open: the passphrase is wrong, or the picture was edited." in hand.words
        await hand.press("enter")
        assert hand.app.screen.query_one(Input).value == ""
        await hand.paste(PASSPHRASE, "enter", "enter")
        await hand.scan(ask("40718293"))
        await hand.paste("something else", "enter")
        assert "! Error 107" in hand.seen
        await hand.press("enter")
        await hand.paste(PASSPHRASE, "enter", "enter")
        assert "4071 8293" in hand.seen

    hold(folder, script, clock=clock)


@pytest.mark.slow
def test_a_challenge_for_a_key_that_is_not_held_is_error_105(folder: Path, clock: Clock, ask: Make) -> None:
    async def script(hand: Hand) -> None:
        await hand.scan(ask())
        assert "! Error 105" in hand.seen
        assert "QRCodeInvalidKeyIdHash" in hand.seen
        await hand.press("escape")
        assert hand.page == "ScanPage"

    hold(folder, script, clock=clock)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("shown", "number"),
    [("nowhere.png", 102), ('{"f10":1}', 101), ('{"some":"object"}', 104)],
)
def test_what_is_no_challenge_gets_its_number(folder: Path, clock: Clock, shown: str, number: int) -> None:
    async def script(hand: Hand) -> None:
        await hand.scan(shown)
        assert f"! Error {number}" in hand.seen

    hold(folder, script, clock=clock)


@pytest.mark.slow
def test_a_file_that_is_no_json_is_error_103(folder: Path, clock: Clock) -> None:
    Path("note.txt").write_text("hello")

    async def script(hand: Hand) -> None:
        await hand.scan("note.txt")
        assert "! Error 103" in hand.seen

    hold(folder, script, clock=clock)


@pytest.mark.slow
def test_an_edited_challenge_is_error_106(folder: Path, clock: Clock, package: Make, ask: Make) -> None:
    async def script(hand: Hand) -> None:
        await hand.register(package(""))
        text = ask()
        await hand.scan(text[:-12] + ("A" if text[-12] != "A" else "B") + text[-11:])
        await hand.press("enter")
        assert "! Error 106" in hand.seen

    hold(folder, script, clock=clock)


@pytest.mark.slow
def test_looking_at_nothing_is_told(folder: Path, clock: Clock) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("s", "enter")
        assert "! Error 102" in hand.seen
        assert "Nothing was named" in hand.words

    hold(folder, script, clock=clock)


@pytest.mark.slow
def test_the_key_is_chosen_by_its_id(
    folder: Path, clock: Clock, package: Make, ask: Make, other_key: RSAPrivateKey
) -> None:
    async def script(hand: Hand) -> None:
        await hand.register(package("", name="One"))
        await hand.register(package("", name="Two", key=other_key))
        await hand.scan(ask(key=other_key))
        assert "Two (" in hand.seen
        assert "One (" not in hand.seen

    hold(folder, script, clock=clock)


@pytest.mark.slow
def test_parts_come_one_after_the_other(
    folder: Path, clock: Clock, package: Make, ask: Make, picture: Make
) -> None:
    parts = challenge_parts.split(ask("40718293"))
    first, rest = picture(parts[1]), picture(parts[0], parts[2])

    async def script(hand: Hand) -> None:
        await hand.register(package(""))
        await hand.press("s")
        await hand.paste(first, "enter")
        assert "1 of 4 parts seen. Still missing: 1, 3, 4." in hand.words
        await hand.paste(rest, "enter")
        assert "3 of 4 parts seen. Still missing: 4." in hand.words
        await hand.paste(parts[3])
        assert hand.page == "MachinePage"
        await hand.press("enter", "enter")
        assert "4071 8293" in hand.seen

    hold(folder, script, clock=clock)
    assert [event.code for event in Phone(folder).history()] == [0, 0]


@pytest.mark.slow
def test_parts_of_another_challenge_do_not_mix(folder: Path, clock: Clock, package: Make, ask: Make) -> None:
    ours, theirs = challenge_parts.split(ask()), challenge_parts.split(ask())

    async def script(hand: Hand) -> None:
        await hand.register(package(""))
        await hand.scan(ours[0])
        await hand.paste(theirs[1])
        assert "! Error 104" in hand.seen
        await hand.press("enter")
        await hand.paste("\n".join(ours[1:]))
        assert hand.page == "MachinePage"

    hold(folder, script, clock=clock)


@pytest.mark.slow
def test_a_challenge_that_is_old_or_from_the_future_is_warned_of(
    folder: Path, clock: Clock, package: Make, ask: Make
) -> None:
    async def script(hand: Hand) -> None:
        await hand.register(package(""))
        await hand.scan(ask(age=1200))
        assert "older than 10 minutes" in hand.words
        await hand.press("escape", "escape")
        await hand.scan(ask(age=-1200))
        assert "comes from the future" in hand.words

    hold(folder, script, clock=clock)


@pytest.mark.slow
def test_a_small_picture_is_warned_of(folder: Path, clock: Clock, package: Make, picture: Make) -> None:
    small = picture(package(), module=4)

    async def script(hand: Hand) -> None:
        await hand.press("r")
        await hand.paste(small, "enter")
        assert "! The picture is smaller than 800x600." in hand.words

    hold(folder, script, clock=clock)


@pytest.mark.slow
@pytest.mark.slow
def test_the_picture_of_a_challenge_is_not_called_small(
    folder: Path, clock: Clock, package: Make, ask: Make, picture: Make
) -> None:
    """A PC draws its code as small as it likes, and nobody hands it on to other phones."""
    small = picture(ask(), module=5)

    async def script(hand: Hand) -> None:
        await hand.register(package(), PASSPHRASE)
        await hand.scan(small)
        assert hand.page == "MachinePage"
        assert "800x600" not in hand.words

    hold(folder, script, clock=clock)


@pytest.mark.slow
def test_enter_in_an_empty_field_is_no_wrong_passphrase(
    folder: Path, clock: Clock, package: Make, ask: Make
) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("r")
        await hand.paste(package(), "enter")
        assert "No passphrase was typed." in hand.words
        assert hand.app.phone.history() == []
        await hand.press("enter")
        await hand.paste(PASSPHRASE, "enter", "enter")
        before = hand.app.phone.history()
        await hand.scan(ask())
        await hand.press("enter")
        assert "No passphrase was typed." in hand.words
        assert hand.app.phone.history() == before

    hold(folder, script, clock=clock)


@pytest.mark.slow
def test_a_key_without_passphrase_asks_for_none_and_is_marked(
    folder: Path, clock: Clock, package: Make
) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("r")
        await hand.paste(package(""))
        assert "Enter passphrase" not in hand.seen
        assert "whoever sees the picture has the key" in hand.words
        await hand.press("enter", "enter")
        assert "! no passphrase" in hand.seen

    hold(folder, script, clock=clock)


@pytest.mark.slow
def test_an_email_address_is_asked_for_only_if_the_administrator_requires_it(
    folder: Path, clock: Clock, package: Make, ask: Make
) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("r")
        await hand.paste(package())
        assert "e-mail" not in hand.seen
        await hand.press("escape")
        await hand.paste(package(group="BIOS admins"))
        assert "Enter your e-mail address" in hand.seen
        await hand.paste(PASSPHRASE, "enter")
        await hand.paste("nobody", "enter")
        assert "An e-mail address like name@example.com was expected." in hand.words
        await hand.press("enter")
        await hand.rub_out(6)
        await hand.paste("a@b.example", "up")
        await hand.paste(PASSPHRASE, "enter", "enter", "enter")
        assert "! needs sign-in" in hand.seen
        await hand.scan(ask())
        assert "needs a sign-in" in hand.words
        await hand.press("enter")
        assert "! Error 302" in hand.seen

    hold(folder, script, clock=clock)


@pytest.mark.slow
def test_a_key_that_is_held_is_replaced_only_after_a_question(
    folder: Path, clock: Clock, package: Make
) -> None:
    async def script(hand: Hand) -> None:
        await hand.register(package("", name="One"))
        await hand.press("r")
        await hand.paste(package("", name="Two", salt=b"12345678"))
        await hand.press("enter")
        assert "Replace the key?" in hand.seen
        await hand.press("enter")
        assert names(hand.app.phone) == ["One"]
        await hand.press("enter", "up", "enter", "enter")
        assert names(hand.app.phone) == ["Two"]

    hold(folder, script, clock=clock)


@pytest.mark.slow
def test_a_key_gets_another_name(folder: Path, clock: Clock, package: Make) -> None:
    async def script(hand: Hand) -> None:
        await hand.register(package(""))
        await hand.press("enter")
        assert hand.page == "KeyPage"
        await hand.press("n")
        await hand.rub_out(8)
        await hand.paste("Berlin", "enter")
        assert hand.page == "KeysPage"
        assert "Berlin" in hand.seen
        await hand.press("enter")
        assert "DEMO key" in hand.seen

    hold(folder, script, clock=clock)
    assert names(Phone(folder)) == ["Berlin"]


@pytest.mark.slow
def test_a_key_is_deleted_only_by_its_name(folder: Path, clock: Clock, package: Make) -> None:
    async def script(hand: Hand) -> None:
        await hand.register(package(""))
        await hand.press("enter", "d")
        await hand.paste("demo", "enter")
        assert "! This is not its name. Nothing was deleted." in hand.words
        assert names(hand.app.phone) == ["DEMO key"]
        await hand.rub_out(4)
        await hand.paste("DEMO key", "enter")
        assert "DEMO key is no longer on this phone." in hand.words
        await hand.press("enter")
        assert "No key yet" in hand.words

    hold(folder, script, clock=clock)
    assert names(Phone(folder)) == []


@pytest.mark.slow
def test_history_tells_what_happened_and_goes_into_files(
    folder: Path, clock: Clock, package: Make, ask: Make
) -> None:
    async def script(hand: Hand) -> None:
        await hand.press("h")
        assert "Nothing has happened yet." in hand.seen
        await hand.press("k")
        await hand.register(package(), PASSPHRASE)
        await hand.scan(ask("40718293"))
        await hand.paste("wrong", "enter", "enter")
        await hand.paste(PASSPHRASE, "enter", "enter", "escape")
        await hand.press("h")
        assert (
            hand.words.index("PIN issued")
            < hand.words.index("! error 107")
            < hand.words.index("Key registered")
        )
        assert "DEMO000001 · Computer Setup (F10)" in hand.seen
        await hand.press("e", "enter")
        assert "History written" in hand.seen
        await hand.press("enter", "h", "e", "enter")
        assert "Replace the file?" in hand.seen
        await hand.press("enter")
        await hand.rub_out(20)
        await hand.paste("all.json", "enter")

    hold(folder, script, clock=clock)
    rows = list(csv.DictReader(Path("phone-history.csv").read_text().splitlines()))
    assert (rows[0]["event"], rows[0]["code"]) == ("PIN issued", "0")
    assert [event["code"] for event in json.loads(Path("all.json").read_text())] == [0, 107, 0]
    for path in (*Path().iterdir(), *folder.rglob("*.jsonl")):
        assert "40718293" not in path.read_text()
        assert PASSPHRASE not in path.read_text()


@pytest.mark.slow
def test_a_backup_is_written_and_restored(folder: Path, clock: Clock, package: Make, tmp_path: Path) -> None:
    async def write(hand: Hand) -> None:
        await hand.press("m", "b", "down")
        await hand.paste("quiet backup lantern", "enter")
        await hand.paste("something else", "enter")
        assert "The two passphrases differ; type both again." in hand.words
        await hand.press("enter")
        await hand.paste("quiet backup lantern", "enter")
        await hand.paste("quiet backup lantern", "enter")
        assert "There are no keys to back up." in hand.words
        await hand.press("enter", "escape")
        await hand.register(package(""))
        await hand.press("m", "b")
        await hand.rub_out(40)
        await hand.paste("keys.json", "enter")
        await hand.paste("quiet backup lantern", "enter")
        await hand.paste("quiet backup lantern", "enter")
        assert "Backup written" in hand.words

    async def read(hand: Hand) -> None:
        await hand.press("m", "w")
        await hand.paste("keys.json", "enter")
        await hand.paste("not that lantern", "enter")
        assert "! Error 107" in hand.seen
        await hand.press("enter")
        await hand.paste("quiet backup lantern", "enter")
        assert "Backup restored DEMO key" in hand.words

    hold(folder, write, clock=clock)
    hold(tmp_path / "new phone", read, clock=clock)
    assert names(Phone(tmp_path / "new phone")) == ["DEMO key"]


@pytest.mark.slow
def test_a_damaged_key_is_told_and_the_phone_stays_usable(folder: Path, clock: Clock) -> None:
    (folder / "keys").mkdir(parents=True)
    (folder / "keys" / f"{'0' * 64}.json").write_text("damaged")

    async def script(hand: Hand) -> None:
        assert "! Error 100" in hand.seen
        assert "is damaged" in hand.words
        await hand.press("enter")
        assert hand.page == "KeysPage"
        assert "is damaged" in hand.words
        await hand.press("h")
        assert hand.page == "HistoryPage"

    hold(folder, script, clock=clock)


@pytest.mark.slow
def test_a_fault_of_the_program_prints_no_values(
    folder: Path, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    async def script(hand: Hand) -> None:
        secret = "a value that must not be printed"

        def fail() -> None:
            raise RuntimeError(secret)

        hand.app.call_later(fail)
        await hand.pilot.pause()

    with pytest.raises(RuntimeError):
        hold(folder, script, clock=clock)
    assert "must not be printed" not in "".join(capsys.readouterr())


@pytest.mark.slow
def test_without_a_terminal_the_phone_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert app.run(folder, "en") == 2
    assert "needs a terminal" in capsys.readouterr().err
