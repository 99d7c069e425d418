"""The phone as a library: its keys, its own passphrase, and the keys that ask for a sign-in."""

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.companions.authenticator import distribution, erase, vault
from emulator.companions.authenticator.distribution import Distribution
from emulator.companions.authenticator.exceptions import (
    AzureADAccessToken,
    DiskRefused,
    HeldAlready,
    NoSuchKey,
    NotFit,
    PhoneError,
    PhoneLocked,
    QRCodeTampered,
    QRCodeTamperedOrInvalidPassPhrase,
    WrongPhonePassphrase,
)
from emulator.companions.authenticator.history import Deed
from emulator.companions.authenticator.phone import Asked, HeldKey, Phone
from emulator.companions.authenticator.record import digest_of, private_bytes
from emulator.companions.authenticator.sealed import Cost
from emulator.protocol import enrolment

from .conftest import MACHINE, PASSPHRASE

Making = Callable[..., str]
CHEAP = Cost(n=1 << 14)
OWN = "passphrase of the phone"


@pytest.fixture
def library(tmp_path: Path) -> Phone:
    return Phone(tmp_path / "phone", cost=CHEAP)


@pytest.fixture
def held(library: Phone, package: Making) -> HeldKey:
    return library.enrol(enrolment.parse(package()), PASSPHRASE)


def again(library: Phone) -> Phone:
    """Another process of the same phone."""
    return Phone(library._folder, cost=CHEAP)


def asked(library: Phone, text: str) -> Asked:
    return library.read_challenge([(text,)])


# --- keys ---------------------------------------------------------------------------------------------------------


def test_making_a_phone_touches_nothing(library: Phone, tmp_path: Path) -> None:
    assert library.keys() == []
    assert library.history() == []
    assert library.is_open
    assert not library.is_protected
    assert list(tmp_path.iterdir()) == []


def test_a_key_has_the_name_that_its_owner_gives(library: Phone, held: HeldKey, package: Making) -> None:
    assert (held.name, held.email, held.needs_sign_in) == ("DEMO key", None, False)
    assert library.rename(held.key_id, "  Büro 3 ").name == "Büro 3"
    (key,) = again(library).keys()
    assert (key.name, key.package.text) == ("Büro 3", package())
    assert key.enrolled_at == held.enrolled_at > 1_700_000_000
    for name in ("", "  ", "x" * 101, "a\nb", "\x1b[2J", "\u202e"):
        with pytest.raises(NotFit):
            library.rename(held.key_id, name)
    with pytest.raises(NoSuchKey):
        library.rename("AAAA", "name")
    with pytest.raises(NoSuchKey):
        library.rename("no base64", "name")


def test_a_key_is_found_by_id_name_or_how_its_id_begins(
    library: Phone, held: HeldKey, package: Making, other_key: RSAPrivateKey
) -> None:
    other = library.enrol(enrolment.parse(package(key=other_key, name="other")), PASSPHRASE)
    for words, key in ((held.key_id, held), ("other", other), (other.key_id[:4], other)):
        assert library.find(words).key_id == key.key_id
    for words in ("none", "", held.key_id[:3]):
        with pytest.raises(NoSuchKey):
            library.find(words)
    library.rename(other.key_id, held.name)
    with pytest.raises(NoSuchKey, match="2 keys are called"):
        library.find(held.name)


def test_a_deleted_key_is_gone_with_its_bytes(library: Phone, held: HeldKey, tmp_path: Path) -> None:
    folder = tmp_path / "phone" / "keys"
    (path,) = folder.glob("*.json")
    with path.open("rb") as still_open:
        library.delete(held.key_id)
        assert set(still_open.read()) == {0}
    assert list(folder.iterdir()) == []
    assert library.keys() == []
    with pytest.raises(NoSuchKey):
        library.delete(held.key_id)


def test_a_replaced_package_is_overwritten(
    library: Phone, held: HeldKey, package: Making, tmp_path: Path
) -> None:
    (path,) = (tmp_path / "phone" / "keys").glob("*.json")
    other = enrolment.parse(package("another passphrase", salt=b"another!"))
    with pytest.raises(HeldAlready):
        library.enrol(other, "another passphrase")
    with path.open("rb") as still_open:
        library.enrol(other, "another passphrase", replace=True)
        assert set(still_open.read()) == {0}
    assert path.read_text() == other.text


def test_a_file_with_another_name_is_not_overwritten(tmp_path: Path) -> None:
    """A kill between link and unlink leaves one file under two names."""
    key, left = tmp_path / "key.json", tmp_path / ".key.json.0123.tmp"
    key.write_text("whole")
    os.link(key, left)
    erase.sweep(tmp_path)
    assert (key.read_text(), left.exists()) == ("whole", False)


def test_a_symbolic_link_is_deleted_and_not_what_it_names(tmp_path: Path) -> None:
    important, link = tmp_path / "important", tmp_path / "link"
    important.write_text("whole")
    link.symlink_to(important)
    erase.erase(link)
    assert (important.read_text(), link.is_symlink()) == ("whole", False)


def test_an_earlier_version_s_key_has_no_card(library: Phone, package: Making, tmp_path: Path) -> None:
    known = enrolment.parse(package())
    library.enrol(known, PASSPHRASE)
    for card in (tmp_path / "phone" / "keys").glob("*.card"):
        card.unlink()
    (key,) = library.keys()
    assert (key.name, key.enrolled_at) == ("DEMO key", 0)


@pytest.mark.sampled(5)
@pytest.mark.parametrize("card", [b"", b"{}", b"\xff", b'{"f10":"phone card","version":2}', b"[" * 5000])
def test_a_damaged_card_is_said_to_be(library: Phone, held: HeldKey, tmp_path: Path, card: bytes) -> None:
    (path,) = (tmp_path / "phone" / "keys").glob("*.card")
    path.write_bytes(card)
    with pytest.raises(DiskRefused, match="the card"):
        library.keys()


# --- the way to a PIN ---------------------------------------------------------------------------------------------


def test_a_damaged_key_keeps_nobody_from_another(
    library: Phone, held: HeldKey, ask: Making, package: Making, other_key: RSAPrivateKey, tmp_path: Path
) -> None:
    other = library.enrol(enrolment.parse(package(key=other_key, name="other")), PASSPHRASE)
    digest = digest_of(other.package).hex()
    (tmp_path / "phone" / "keys" / f"{digest}.json").write_bytes(b"damaged")
    assert library.answer(asked(library, ask("11112222")), PASSPHRASE).pin == "11112222"
    assert library.rename(held.key_id, "still here").name == "still here"
    with pytest.raises(DiskRefused, match=digest):
        library.rename(other.key_id, "gone")


def test_who_asks_is_known_before_anything_secret_happens(library: Phone, held: HeldKey, ask: Making) -> None:
    found = asked(library, ask("31415926", age=12))
    assert (found.key, found.header.machine) == (held, MACHINE)
    assert 12 <= found.age < 60
    assert found.warning is None
    assert library.needs_secret(found.key)
    answer = library.answer(found, PASSPHRASE)
    assert (answer.pin, answer.key_name) == ("31415926", "DEMO key")


def test_a_key_that_asks_for_a_sign_in_is_registered_and_gives_no_pin(
    library: Phone, package: Making, ask: Making
) -> None:
    known = enrolment.parse(package(group="BIOS Admins"))
    assert distribution.of(known) is Distribution.REVOCATION
    for email in (None, "", "nobody", "a@b@c", "a b@c", "@", "x" * 300 + "@example.com"):
        with pytest.raises(NotFit):
            library.enrol(known, PASSPHRASE, email=email)
    assert library.keys() == []
    key = library.enrol(known, PASSPHRASE, email="someone@example.com")
    assert again(library).keys() == [key]
    assert (key.email, key.needs_sign_in) == ("someone@example.com", True)
    found = asked(library, ask())
    assert not library.needs_secret(key)
    with pytest.raises(AzureADAccessToken, match="BIOS Admins") as refusal:
        library.answer(found, PASSPHRASE)
    assert (refusal.value.code, refusal.value.name) == (302, "AzureADAccessToken")
    newest = library.history()[0]
    assert (newest.code, newest.machine) == (302, str(MACHINE))


def test_a_key_without_a_group_takes_no_address(library: Phone, package: Making) -> None:
    with pytest.raises(NotFit, match="takes no e-mail address"):
        library.enrol(enrolment.parse(package()), PASSPHRASE, email="someone@example.com")
    assert library.keys() == []


# --- the phone's own passphrase -----------------------------------------------------------------------------------


def test_under_its_own_passphrase_the_phone_opens_its_keys(
    library: Phone, held: HeldKey, ask: Making, tmp_path: Path
) -> None:
    library.rename(held.key_id, "Mine")
    library.protect(OWN, {held.key_id: PASSPHRASE})
    assert not list((tmp_path / "phone" / "keys").iterdir())
    assert (tmp_path / "phone" / "vault.json").stat().st_mode & 0o777 == 0o600
    other = again(library)
    assert (other.is_protected, other.is_open) == (True, False)
    for refused in (
        other.keys,
        lambda: asked(other, ask()),
        lambda: other.rename(held.key_id, "name"),
        lambda: other.delete(held.key_id),
        lambda: other.backup(OWN),
        lambda: other.change_protection(OWN),
        other.unprotect,
    ):
        with pytest.raises(PhoneLocked):
            refused()
    with pytest.raises(WrongPhonePassphrase):
        other.unlock("another one")
    other.unlock(OWN)
    (key,) = other.keys()
    assert key.name == "Mine"
    found = asked(other, ask("31415926"))
    assert not other.needs_secret(found.key)
    assert other.answer(found, None).pin == "31415926"
    other.lock()
    with pytest.raises(PhoneLocked):
        other.answer(found, None)


def test_a_key_whose_passphrase_was_not_given_asks_for_it_once(
    library: Phone, held: HeldKey, ask: Making
) -> None:
    library.protect(OWN, {})
    assert library.needs_secret(held)
    with pytest.raises(QRCodeTamperedOrInvalidPassPhrase):
        library.answer(asked(library, ask()), "wrong")
    assert library.needs_secret(held)
    assert library.answer(asked(library, ask()), PASSPHRASE).pin == "12345678"
    assert not library.needs_secret(held)
    assert library.answer(asked(library, ask("00000000")), None).pin == "00000000"


def test_a_wrong_passphrase_of_a_key_protects_nothing(library: Phone, held: HeldKey) -> None:
    with pytest.raises(QRCodeTamperedOrInvalidPassPhrase):
        library.protect(OWN, {held.key_id: "wrong"})
    assert not library.is_protected
    assert library.keys() == [held]


def test_what_is_enrolled_on_a_protected_phone_lies_in_the_vault_only(
    library: Phone, package: Making, ask: Making, tmp_path: Path
) -> None:
    library.protect(OWN, {})
    key = library.enrol(enrolment.parse(package()), PASSPHRASE)
    assert library.answer(asked(library, ask("31415926")), None).pin == "31415926"
    assert not (tmp_path / "phone" / "keys").exists()
    library.delete(key.key_id)
    assert library.keys() == []


def test_another_passphrase_and_none_again(
    library: Phone, held: HeldKey, package: Making, ask: Making
) -> None:
    library.rename(held.key_id, "Mine")
    library.protect(OWN, {held.key_id: PASSPHRASE})
    old = again(library)
    old.unlock(OWN)
    library.change_protection("another passphrase")
    with pytest.raises(PhoneLocked, match="changed meanwhile"):
        old.keys()
    with pytest.raises(WrongPhonePassphrase):
        again(library).unlock(OWN)
    library.unprotect()
    assert not library.is_protected
    (key,) = again(library).keys()
    assert (key.name, key.package.text) == ("Mine", package())
    assert library.needs_secret(key)
    with pytest.raises(NotFit):
        library.unprotect()
    with pytest.raises(NotFit):
        library.change_protection(OWN)


def test_protecting_twice_or_with_a_hopeless_passphrase_is_refused(library: Phone, held: HeldKey) -> None:
    with pytest.raises(NotFit, match="at least 8"):
        library.protect("1234567", {})
    with pytest.raises(NotFit, match="at least 8"):
        library.backup("")
    for hopeless in ("password1", "qwertyuiop", "Sommer2024"):
        with pytest.raises(NotFit, match="guessed within a month"):
            library.protect(hopeless, {})
        with pytest.raises(NotFit, match="guessed within a month"):
            library.backup(hopeless)
    assert not library.is_protected
    library.protect(OWN, {})
    with pytest.raises(NotFit, match="protected already"):
        library.protect(OWN, {})


def test_packages_left_beside_the_vault_count_for_nothing_and_are_swept_away(
    library: Phone, held: HeldKey, package: Making, tmp_path: Path
) -> None:
    library.protect(OWN, {})
    left = tmp_path / "phone" / "keys" / f"{'0' * 64}.json"
    again_there = left.with_name(enrolment_name(held))
    again_there.write_text(package())
    left.write_text("what the vault does not hold is not touched")
    other = again(library)
    other.unlock(OWN)
    (key,) = other.keys()
    assert key.key_id == held.key_id
    assert (again_there.exists(), left.exists()) == (False, True)


def enrolment_name(held: HeldKey) -> str:
    from emulator.companions.authenticator.record import digest_of

    return f"{digest_of(held.package).hex()}.json"


@pytest.mark.sampled(5)
@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff", b'{"f10":"phone vault","version":2}', b"[" * 3000])
def test_a_damaged_vault_is_said_to_be(library: Phone, held: HeldKey, tmp_path: Path, damage: bytes) -> None:
    library.protect(OWN, {})
    (tmp_path / "phone" / "vault.json").write_bytes(damage)
    with pytest.raises(DiskRefused, match="is damaged"):
        again(library).unlock(OWN)
    with pytest.raises(DiskRefused, match="is damaged"):
        library.keys()


def test_a_vault_that_is_a_symbolic_link_is_not_followed(
    library: Phone, held: HeldKey, tmp_path: Path
) -> None:
    library.protect(OWN, {})
    path = tmp_path / "phone" / "vault.json"
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DiskRefused):
        again(library).unlock(OWN)


def test_a_restore_takes_all_keys_or_none(
    library: Phone, held: HeldKey, package: Making, other_key: RSAPrivateKey, tmp_path: Path
) -> None:
    library.enrol(enrolment.parse(package(key=other_key, name="other")), PASSPHRASE)
    data = library.backup(OWN)
    fresh = Phone(tmp_path / "fresh", cost=CHEAP)
    (tmp_path / "fresh" / "keys").mkdir(parents=True)
    # In the way of one of the two.
    (tmp_path / "fresh" / "keys" / enrolment_name(held)).with_suffix(".card").mkdir()
    with pytest.raises(DiskRefused):
        fresh.restore(data, OWN)
    assert fresh.keys() == []
    assert not list((tmp_path / "fresh" / "keys").glob("*.json"))


def test_a_protected_phone_restores_into_its_vault(
    library: Phone, held: HeldKey, ask: Making, tmp_path: Path
) -> None:
    data = library.backup(OWN)
    fresh = Phone(tmp_path / "fresh", cost=CHEAP)
    fresh.protect("of the fresh phone", {})
    assert fresh.restore(data, OWN) == [held]
    assert fresh.restore(data, OWN) == []
    assert fresh.needs_secret(held)
    assert fresh.answer(asked(fresh, ask()), PASSPHRASE).pin == "12345678"
    assert not (tmp_path / "fresh" / "keys").exists()


def test_a_challenge_of_another_key_under_the_id_of_a_held_one_does_not_open_in_the_vault(
    library: Phone, held: HeldKey, ask: Making, other_key: RSAPrivateKey
) -> None:
    import json

    library.protect(OWN, {held.key_id: PASSPHRASE})
    mixed = json.loads(ask(key=other_key)) | {"k": json.loads(ask())["k"]}
    with pytest.raises(QRCodeTampered):
        library.answer(asked(library, json.dumps(mixed)), None)


def test_a_vault_that_holds_another_key_under_the_id_of_one_gives_no_pin(
    library: Phone, held: HeldKey, ask: Making, other_key: RSAPrivateKey, tmp_path: Path
) -> None:
    library.protect(OWN, {})
    opened = vault.unlock(tmp_path / "phone", OWN)
    (record,) = vault.Vault(tmp_path / "phone", opened).all()
    for private in (private_bytes(other_key), b"no key"):
        vault.write(tmp_path / "phone", opened, [replace(record, private=private)])
        with pytest.raises(DiskRefused, match="the vault is damaged"):
            library.answer(asked(library, ask()), None)
    assert Deed.PIN not in [event.event for event in library.history()]


def test_a_folder_that_cannot_be_used_is_a_sentence(tmp_path: Path, package: Making) -> None:
    (tmp_path / "phone").write_text("in the way")
    library = Phone(tmp_path / "phone", cost=CHEAP)
    for refused in (lambda: library.enrol(enrolment.parse(package()), PASSPHRASE), library.keys):
        with pytest.raises(PhoneError) as refusal:
            refused()
        assert refusal.value.code == 100


@pytest.mark.parametrize("is_protected", [False, True])
def test_two_processes_that_change_the_keys_at_once_lose_none(
    library: Phone, held: HeldKey, package: Making, other_key: RSAPrivateKey, is_protected: bool
) -> None:
    """Locks belong to open files, so two threads are as good as two processes here."""
    if is_protected:
        library.protect(OWN, {})
    other = library.enrol(enrolment.parse(package(key=other_key)), PASSPHRASE)
    failures: list[BaseException] = []

    def rename(key_id: str) -> None:
        try:
            mine = again(library)
            mine.unlock(OWN)
            for number in range(12):
                mine.rename(key_id, f"number {number}")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=rename, args=[key.key_id]) for key in (held, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert [key.name for key in library.keys()] == ["number 11"] * 2  # noqa: SIM118 -- a phone is no mapping
    renamed = [event for event in library.history() if event.event is Deed.RENAMED]
    assert len(renamed) == 24
