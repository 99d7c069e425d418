"""Administrator and phone of a test: what they make, what they refuse, and that they keep secrets."""

import copy
import time
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest

from emulator.companions.admin import key_files, update_payloads
from emulator.testing import PC, Admin, Phone, PhoneRefused, Refused

MODE = "Enhanced BIOS Authentication Mode"


def test_a_lost_phone_opens_nothing_any_more(
    provisioned_pc: PC, admin: Admin, phone: Phone, tmp_path: Path
) -> None:
    new = Phone.new(tmp_path / "new phone")
    new.enrol(admin.enrolment_picture(2), admin.passphrase)
    provisioned_pc.apply(admin.local_access_key(2))
    provisioned_pc.apply(admin.no_local_access_key(1))
    provisioned_pc.enter_setup()
    with pytest.raises(PhoneRefused) as refusal:
        phone.pin(provisioned_pc.challenge)
    assert refusal.value.code == 105
    assert provisioned_pc.answer(new.pin(provisioned_pc.challenge))


def test_everything_is_taken_back(provisioned_pc: PC, admin: Admin) -> None:
    with pytest.raises(Refused) as refusal:
        provisioned_pc.apply(admin.deprovisioning())
    assert refusal.value.code == 0x1002
    provisioned_pc.apply(admin.no_local_access_key())
    provisioned_pc.apply(admin.mode(on=False))
    provisioned_pc.apply(admin.deprovisioning())
    provisioned_pc.set("Fast Boot", "Disable")


def test_an_older_order_is_refused_after_a_newer_one(provisioned_pc: PC, admin: Admin) -> None:
    now = int(time.time())
    provisioned_pc.apply(admin.setting("Fast Boot", "Disable", nonce=now))
    with pytest.raises(Refused, match="the nonce must be at least"):
        provisioned_pc.apply(admin.setting("Fast Boot", "Enable", nonce=now - 1))


def test_orders_of_one_second_are_taken_and_leave_room_for_other_tools(
    provisioned_pc: PC, admin: Admin
) -> None:
    for value in ("Disable", "Enable") * 3:
        provisioned_pc.apply(admin.setting("Fast Boot", value))
    token = admin.authorization("Fast Boot", "Disable", nonce=int(time.time()))
    provisioned_pc.set("Fast Boot", "Disable", authorization=token)


@pytest.mark.target_pc(quirks={"settings_nonce": "above", "spm_nonce": "above"})
def test_where_each_nonce_is_good_once_it_is_given(provisioned_pc: PC, admin: Admin) -> None:
    now = int(time.time())
    provisioned_pc.apply(admin.setting("Fast Boot", "Disable", nonce=now))
    with pytest.raises(Refused):
        provisioned_pc.apply(admin.setting("Fast Boot", "Enable", nonce=now))
    provisioned_pc.apply(admin.setting("Fast Boot", "Enable", nonce=now + 1))


def test_the_setup_password_is_set_by_signature(provisioned_pc: PC, admin: Admin) -> None:
    token = admin.authorization("Setup Password", "Sesame-1-of-ours")
    provisioned_pc.set("Setup Password", "Sesame-1-of-ours", authorization=token)
    assert provisioned_pc.report()["passwords"] == {"administrator": True, "power_on": False}


def test_the_key_files_open_for_the_console(admin: Admin) -> None:
    names = {path.stem for path in admin.folder.iterdir() if path.suffix == ".pfx"}
    assert names >= {"endorsement-key", "signing-key", "local-access-key-1"}
    opened, _ = key_files.load_private(admin.folder / "signing-key.pfx", [admin.passphrase])
    assert opened.unit == "Signing Key"


def test_there_are_three_local_access_keys(admin: Admin) -> None:
    for make in (admin.local_access_key, admin.no_local_access_key, admin.enrolment):
        with pytest.raises(ValueError, match="1 to 3; 4 came"):
            make(4)


def test_the_phone_refuses_with_the_numbers_of_the_guide(phone: Phone, admin: Admin, tmp_path: Path) -> None:
    for shown, code in (("no challenge", 103), (b"no picture", 102), (admin.enrolment(), 104)):
        with pytest.raises(PhoneRefused) as refusal:
            phone.pin(shown)
        assert refusal.value.code == code
    with pytest.raises(PhoneRefused) as refusal:
        Phone.new(tmp_path / "another").enrol(admin.enrolment(), "another passphrase")
    assert refusal.value.code == 107


def test_a_phone_forgets_a_key(phone: Phone) -> None:
    (key_id,) = phone.keys()
    phone.delete(key_id)
    assert phone.keys() == []


def test_the_next_test_has_the_key_again(phone: Phone) -> None:
    assert len(phone.keys()) == 1


def test_nothing_secret_is_shown_by_a_repr(provisioned_pc: PC, phone: Phone, admin: Admin) -> None:
    provisioned_pc.enter_setup()
    pin = phone.pin(provisioned_pc.challenge)
    for secret in (pin, admin.passphrase, admin.enrolment()):
        assert repr(secret) == repr(secret[1:]) == "'(secret)'"
        assert secret[3:9] not in repr((admin, phone, provisioned_pc))
    assert (len(pin), pin.isdigit()) == (8, True)


def test_one_setup_password_lets_the_endorsement_key_in(target_pc: PC, admin: Admin) -> None:
    password = "Sesame-1-of-ours"
    target_pc.enter_setup()
    target_pc.change_password("Setup Password", password)
    target_pc.save()
    with pytest.raises(Refused):
        target_pc.apply(admin.provisioning()[0])
    for payload in admin.provisioning(setup_password=password):
        target_pc.apply(payload)
    target_pc.restart()
    target_pc.apply(admin.mode(on=True))


@pytest.mark.parametrize("single_use", [True, False])
def test_an_order_for_one_use_is_taken_once(provisioned_pc: PC, admin: Admin, single_use: bool) -> None:
    now = int(time.time())
    order = admin.setting("Fast Boot", "Disable", single_use=single_use, nonce=now)
    token = admin.authorization("USB Storage Boot", "Disable", single_use=single_use, nonce=now + 1)

    def by_payload() -> None:
        provisioned_pc.apply(order)

    def by_token() -> None:
        provisioned_pc.set("USB Storage Boot", "Disable", authorization=token)

    for give in (by_payload, by_token):
        give()
        with pytest.raises(Refused) if single_use else nullcontext():
            give()


def test_each_order_has_the_nonce_that_is_given(provisioned_pc: PC, admin: Admin) -> None:
    token = admin.authorization("Fast Boot", "Disable", nonce=5)
    with pytest.raises(Refused, match="nonce"):
        provisioned_pc.set("Fast Boot", "Disable", authorization=token)
    provisioned_pc.apply(admin.no_local_access_key())
    provisioned_pc.apply(admin.mode(on=False))
    with pytest.raises(Refused) as refusal:
        provisioned_pc.apply(admin.deprovisioning(nonce=5))
    assert refusal.value.code == 0x18
    provisioned_pc.apply(admin.deprovisioning())


@pytest.mark.parametrize("machine", ["nonsense", "", "f" * 32, "ffffffff-ffff-ffff-ffff-ffffffffffff"])
def test_an_order_is_bound_to_one_machine_or_to_none(admin: Admin, machine: str) -> None:
    for make in (admin.setting, admin.authorization):
        with pytest.raises(ValueError, match="UUID"):
            make("Fast Boot", "Disable", machine=machine)


def test_a_nonce_has_32_bits(admin: Admin) -> None:
    for nonce in (-1, 1 << 32):
        with pytest.raises(ValueError, match="32 bits"):
            admin.setting("Fast Boot", "Disable", nonce=nonce)
        with pytest.raises(ValueError, match="32 bits"):
            admin.deprovisioning(nonce=nonce)


def test_a_firmware_file_comes_along_with_the_payload_that_allows_it(
    provisioned_pc: PC, admin: Admin
) -> None:
    digest = bytes(range(32))
    allowed = update_payloads.update(admin._keys.signing, digest, "new.bin", now=datetime.now(UTC))
    with pytest.raises(Refused, match=r"new\.bin"):
        provisioned_pc.apply(allowed)
    with pytest.raises(Refused):
        provisioned_pc.apply(allowed, file_digest=bytes(32))
    provisioned_pc.apply(allowed, file_digest=digest)


def test_a_folder_of_keys_is_the_tests_own(admin: Admin) -> None:
    assert admin.folder != admin._keys.folder
    (admin.folder / "signing-key.pfx").unlink()
    assert (admin._keys.folder / "signing-key.pfx").is_file()


def test_who_begins_anew_needs_a_folder_of_his_own(admin: Admin, phone: Phone, tmp_path: Path) -> None:
    for begin, used in ((Admin.new, admin.folder), (Phone.new, phone.folder)):
        with pytest.raises(ValueError, match="holds something already"):
            begin(used)
    (tmp_path / "empty").mkdir()
    assert Phone.new(tmp_path / "empty").folder == tmp_path / "empty"
    assert Admin.new(tmp_path / "empty").mode(on=True)
    assert (tmp_path / "empty" / "signing-key.pfx").is_file()


@pytest.mark.parametrize("refusal", [Refused("it is so", 6), PhoneRefused("it is so", 105)], ids=repr)
def test_a_refusal_can_be_copied_as_pickling_does(refusal: Refused | PhoneRefused) -> None:
    for other in (copy.copy(refusal), copy.deepcopy(refusal)):
        assert (str(other), other.code, type(other)) == (str(refusal), refusal.code, type(refusal))
    assert type(refusal).__module__ == "emulator.testing"
