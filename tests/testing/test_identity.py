"""Which machine a PC of a test is: each fixture's another one, a clone the same, a clone with a serial number another."""

import uuid

import pytest

from emulator.testing import PC, Admin, Phone, Refused


def test_the_fixtures_are_different_machines(
    target_pc: PC, provisioned_pc: PC, unlocked_pc: PC, admin: Admin
) -> None:
    machines = (target_pc, provisioned_pc, unlocked_pc)
    assert len({pc.uuid for pc in machines}) == len({pc.serial for pc in machines}) == 3
    for other in (target_pc, unlocked_pc):
        with pytest.raises(Refused):
            provisioned_pc.apply(admin.setting("Fast Boot", "Disable", machine=other.uuid))
    unlocked_pc.save()
    with pytest.raises(Refused):
        unlocked_pc.apply(admin.setting("Fast Boot", "Disable", machine=provisioned_pc.uuid))
    unlocked_pc.apply(admin.setting("Fast Boot", "Disable", machine=unlocked_pc.uuid))


def test_a_clone_with_a_serial_number_is_another_machine_with_the_same_keys(
    provisioned_pc: PC, admin: Admin, phone: Phone
) -> None:
    other = provisioned_pc.clone(serial="SHELF-2")
    assert other.serial == other.get("Serial Number") == "SHELF-2"
    assert str(uuid.UUID(other.uuid)) == other.uuid != provisioned_pc.uuid
    assert other.report()["pending"] == {}
    token = admin.authorization("Fast Boot", "Disable", machine=other.uuid)
    with pytest.raises(Refused):
        provisioned_pc.set("Fast Boot", "Disable", authorization=token)
    other.set("Fast Boot", "Disable", authorization=token)
    other.enter_setup()
    assert other.answer(phone.pin(other.challenge))


def test_it_is_that_machine_on_disk_too(target_pc: PC) -> None:
    other = target_pc.clone(serial="SHELF-2")
    told = other.uuid
    assert other.home.is_dir()
    other.restart()
    assert (other.serial, other.uuid) == ("SHELF-2", told)


def test_a_machine_that_told_who_it_is_stays_it(provisioned_pc: PC) -> None:
    provisioned_pc.enter_setup()
    with pytest.raises(ValueError, match=r"before enter_setup"):
        provisioned_pc.clone(serial="SHELF-2")
    with pytest.raises(ValueError, match="at most 32 characters"):
        PC.new().clone(serial="x" * 33)


def test_a_fleet_is_as_many_machines(provisioned_pc: PC, admin: Admin) -> None:
    fleet = [provisioned_pc.clone(serial=f"SHELF-{number}") for number in range(20)]
    assert len({pc.uuid for pc in fleet}) == 20
    order = admin.setting("Fast Boot", "Disable")
    for pc in fleet:
        pc.apply(order)
    assert {pc.get("Fast Boot") for pc in fleet} == {"Disable"}
