"""Secure Boot in the image: as other programs read it, as they change it, and as a power cut leaves it."""

import gzip
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from emulator import models
from emulator.firmware import commands as c
from emulator.firmware import secure_boot, signature_databases, variables
from emulator.firmware.certificates import Certificate
from emulator.firmware.firmware import manufactured
from emulator.firmware.memory import Memory, SecureBoot
from emulator.machine import TargetPC, memory_in, write
from firmware_store import FOUR_MEGABYTE, TINY, MemoryImage, StoreError, VariableStore, authenticated, blank
from firmware_store.exchange_dmpstore import read_dmpstore
from firmware_store.records import Variable
from firmware_store.secure_boot import DATABASES, KEK, KEYS, PK, SECURE_BOOT_ENABLE
from tests.firmware.bench import IDENTITY, factory_new, model_of, start, with_settings
from tests.firmware.test_secure_boot import CLEAR, RESET, UEFI_2011, UEFI_2023, after_boot, unprompted
from tests.firmware_store.crashes import crash
from tests.firmware_store.real_firmware import boot, boot_and_kill, needs_real_firmware
from tests.firmware_store.signing import SIGNED, certificate, certificates, der, signed, time, unsigned
from tests.machine.images import FailingImage, image_with, pc_in

READER = Path(sys.executable).parent / "virt-fw-vars"
EARLIER = Path(__file__).parent / "releases" / "before_secure_boot.fd.gz"
OWNER = "11111111-2222-3333-4444-555555555555"
DB, DBX, _ = DATABASES
CUSTOMER = "endorsement"
"""The committed key that plays a customer's."""


def ordered(pc: TargetPC, *settings: tuple[str, str]) -> None:
    """Change settings from the operating system, and start again."""
    for name, value in settings:
        pc.execute(c.SetSetting(name, value))
    pc.execute(c.Restart())
    pc.execute(c.Continue())


def running(memory: Memory) -> TargetPC:
    pc = pc_in(image_with(memory))
    start(pc)
    return pc


def reopened(pc: TargetPC) -> TargetPC:
    return pc_in(MemoryImage(FOUR_MEGABYTE, pc.image.read()))


def virt_fw_vars(*arguments: str) -> str:
    if not READER.exists():
        pytest.skip(
            "The program virt-fw-vars is missing; it would read and change our keys without our code."
        )
    return subprocess.run([READER, *arguments], capture_output=True, text=True, check=True).stdout


def read_by_virt_firmware(pc: TargetPC, folder: Path) -> dict[str, Any]:
    edk2 = pytest.importorskip("virt.firmware.varstore.edk2", reason="The program virt-firmware is missing.")
    path = folder / "nvram.fd"
    path.write_bytes(pc.image.read())
    return dict(edk2.Edk2VarStore(str(path)).get_varlist())


class TestForeignReader:
    def test_it_finds_real_keys_with_their_attributes_and_time_stamps(self, tmp_path: Path) -> None:
        found = read_by_virt_firmware(TargetPC.manufacture(MemoryImage(FOUR_MEGABYTE)), tmp_path)
        for guid, name in (PK, KEK, DB, DBX):
            assert (str(found[name].guid), found[name].attr) == (str(guid), 0x27)
            assert str(found[name].time).startswith("2012-01-01 00:00:00")
        assert (found["SecureBootEnable"].attr, bytes(found["SecureBootEnable"].data)) == (3, b"\1")

    def test_it_reads_the_certificates_and_digests_that_we_describe(self, tmp_path: Path) -> None:
        siglist = pytest.importorskip(
            "virt.firmware.efi.siglist", reason="The program virt-firmware is missing."
        )
        pc = running(after_boot(factory_new(), (UEFI_2023, "Enable")))
        found = read_by_virt_firmware(pc, tmp_path)
        read = []
        for name in ("PK", "KEK", "db", "dbx"):
            for each in siglist.EfiSigDB(bytes(found[name].data)):
                subjects = (
                    [each.x509.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value]
                    if each.x509
                    else [entry["data"].hex() for entry in each]
                )
                read += [
                    (name, subject, str(entry["guid"])) for subject, entry in zip(subjects, each, strict=True)
                ]
        told = secure_boot.described(pc.firmware.memory)
        assert read == [(each.database, each.subject, each.owner) for each in told]

    def test_it_prints_them(self, tmp_path: Path) -> None:
        path = tmp_path / "nvram.fd"
        path.write_bytes(TargetPC.manufacture(MemoryImage(FOUR_MEGABYTE)).image.read())
        printed = virt_fw_vars("-i", str(path), "-p", "-v")
        for name in ("platform key", "key exchange key"):
            assert f"CN=f10 emulated {name}" in printed
        assert "name=SecureBootEnable guid=guid:EfiSecureBootEnableDisable size=1\n  bool: ON" in printed

    def test_what_it_enrols_the_machine_keeps(self, tmp_path: Path) -> None:
        path, ours = tmp_path / "nvram.fd", tmp_path / "customer.der"
        path.write_bytes(running(unprompted()).image.read())
        ours.write_bytes(der(certificate(CUSTOMER)))
        virt_fw_vars(
            *("--inplace", str(path), "--set-pk", OWNER, str(ours), "--add-kek", OWNER, str(ours)),
            *("--add-db", OWNER, str(ours), "--add-dbx-hash", OWNER, "ab" * 32),
        )
        pc = pc_in(MemoryImage(FOUR_MEGABYTE, path.read_bytes()))
        enrolled = pc.firmware.memory.secure_boot.databases
        assert secure_boot.whose_keys(pc.firmware.memory, pc.firmware.catalogue) == "custom"
        start(pc)
        ordered(pc, ("Fast Boot", "Disable"))
        assert pc.firmware.memory.secure_boot.databases == enrolled
        assert memory_in(pc.image.open()) == pc.firmware.memory
        assert pc.firmware.value("Custom Keys Image Verification State") == "Success"
        ordered(pc, (UEFI_2011, "No"))
        assert CUSTOMER in {each.subject for each in secure_boot.described(pc.firmware.memory)}
        ordered(pc, (RESET, "Enable"))
        assert secure_boot.whose_keys(pc.firmware.memory, pc.firmware.catalogue) == "factory"


class TestOperatingSystem:
    """Signed requests, as an operating system makes them through SetVariable."""

    def test_a_stranger_changes_no_key_of_a_new_machine(self) -> None:
        image = running(factory_new()).image
        with image.transaction() as store, pytest.raises(StoreError):
            authenticated.set_variable(
                store, *DB, signed(*DB, certificates(CUSTOMER), time(5), CUSTOMER), SIGNED
            )

    def test_after_the_keys_were_cleared_a_customer_enrols_his_own_and_the_machine_keeps_them(self) -> None:
        pc = running(unprompted())
        ordered(pc, (CLEAR, "Enable"))
        assert not {PK, KEK, DB, DBX} & {(each.guid, each.name) for each in pc.image.open()}
        pc.execute(c.PowerOff())
        with pc.image.transaction() as store:
            for place in (DB, KEK):
                authenticated.set_variable(store, *place, unsigned(time(5), certificates(CUSTOMER)), SIGNED)
            authenticated.set_variable(
                store, *PK, signed(*PK, certificates(CUSTOMER), time(5), CUSTOMER), SIGNED
            )
        pc = reopened(pc)
        start(pc)
        assert secure_boot.is_enforced(pc.firmware.memory)
        assert secure_boot.whose_keys(pc.firmware.memory, pc.firmware.catalogue) == "custom"
        assert [each.time_stamp for each in pc.image.open() if each.guid == DB.guid] == [time(5)]

    def test_the_later_time_stamp_stays_when_the_firmware_changes_a_database(self) -> None:
        pc = running(unprompted())
        pc.execute(c.PowerOff())
        with pc.image.transaction() as store:
            store.put(store.get(*DB)._replace(time_stamp=time(9)))
        pc = reopened(pc)
        start(pc)
        ordered(pc, (UEFI_2023, "Enable"))
        held = pc.image.open().get(*DB)
        assert held.time_stamp == time(9)
        assert signature_databases.holds(
            held.data, models.packaged(models.DEFAULT).certificates[Certificate.UEFI_2023]
        )


class TestEarlierRelease:
    """An image that the program wrote at commit a12e28a: a PC with two changed settings, and one that waits for presence."""

    @pytest.fixture
    def image(self) -> MemoryImage:
        return MemoryImage(FOUR_MEGABYTE, gzip.decompress(EARLIER.read_bytes()))

    def test_it_is_opened_as_it_is_and_holds_no_keys(self, image: MemoryImage) -> None:
        before = image.read()
        pc = pc_in(image)
        assert pc.firmware.memory.identity.serial == "5CG0000009"
        assert pc.firmware.value("USB Storage Boot") == "Disable"
        assert pc.firmware.memory.waiting == {"Clear TPM": "On next boot"}
        assert pc.firmware.memory.secure_boot == SecureBoot()
        assert image.read() == before

    def test_its_next_start_brings_the_factorys_keys_as_its_settings_say(self, image: MemoryImage) -> None:
        pc = pc_in(image)
        pc.execute(c.PowerOn(attended=False))
        assert secure_boot.counts(pc.firmware.memory) == {"PK": 1, "KEK": 2, "db": 3, "dbx": 2}
        assert secure_boot.is_enforced(pc.firmware.memory)
        assert memory_in(image.open()) == pc.firmware.memory
        assert pc.firmware.value("USB Storage Boot") == "Disable"

    def test_a_disk_that_is_full_then_leaves_it_without(self, image: MemoryImage) -> None:
        full = FailingImage()
        with full.transaction() as store:
            for each in image.open():
                store.put(each)
        full.fail()
        pc = pc_in(full)
        with pytest.raises(StoreError, match="disk is full"):
            pc.execute(c.PowerOn())
        assert pc.firmware.memory.secure_boot == memory_in(full.open()).secure_boot == SecureBoot()


class TestImage:
    def test_an_image_of_an_earlier_release_gets_the_factorys_keys_at_its_next_start(self) -> None:
        image = image_with(replace(factory_new(), secure_boot=SecureBoot()))
        assert not any((each.guid, each.name) in {*KEYS, SECURE_BOOT_ENABLE} for each in image.open())
        pc = pc_in(image)
        assert pc.report()["secure_boot"] == {
            "supported": True,
            "mode": "setup",
            "enabled": False,
            "keys": "none",
            "databases": {},
        }
        start(pc)
        assert memory_in(image.open()).secure_boot == factory_new().secure_boot

    def test_a_machine_of_a_model_of_ones_own_has_them_by_its_roles(self) -> None:
        model = small_model_with_keys()
        bare = replace(model, certificates={})
        pc = TargetPC.manufacture(image := MemoryImage(FOUR_MEGABYTE), model=bare)
        assert pc.firmware.memory.secure_boot == manufactured(model, IDENTITY).secure_boot
        assert TargetPC(image, model=bare).firmware.catalogue.has_secure_boot

    def test_a_boot_that_changes_no_key_writes_none(self) -> None:
        pc = running(factory_new())
        before = [record.offset for place in KEYS for record in pc.image.open().history(*place)]
        ordered(pc, ("Fast Boot", "Disable"))
        assert [record.offset for place in KEYS for record in pc.image.open().history(*place)] == before

    @pytest.mark.parametrize("order", [CLEAR, RESET])
    def test_an_order_that_cannot_be_written_was_never_obeyed(self, order: str) -> None:
        theirs = SecureBoot(
            {"PK": b"theirs", "dbt": b"\0"}, switch=True, heeded=factory_new().secure_boot.heeded
        )
        memory = with_settings(replace(unprompted(), secure_boot=theirs))
        image = FailingImage()
        pc = pc_in(image_with(memory, image))
        start(pc)
        pc.execute(c.SetSetting(order, "Enable"))
        before = image.read(), pc.firmware.memory
        image.fail()
        with pytest.raises(StoreError, match="disk is full"):
            pc.execute(c.Restart())
        assert (image.read(), pc.firmware.memory) == before
        image.heal()
        pc.execute(c.Restart())
        assert memory_in(image.open()) == pc.firmware.memory
        assert secure_boot.in_user_mode(pc.firmware.memory) is (order == RESET)

    def test_variables_that_are_damaged_by_others_are_kept_and_told(self) -> None:
        image = image_with(factory_new())
        with image.transaction() as store:
            store.put(Variable(*DB, 0x27, b"noise"))
            store.put(Variable(*PK, 7, b"\0"))
            store.put(Variable(*SECURE_BOOT_ENABLE, 7, b"many bytes"))
        pc = pc_in(image)
        start(pc)
        assert pc.report()["secure_boot"]["databases"] == {"PK": 0, "KEK": 2, "db": 0, "dbx": 2}  # type: ignore[index]
        assert image.open().get(*DB).data == b"noise"
        assert image.open().get(*SECURE_BOOT_ENABLE)[2:4] == (3, b"\1")


def small_model_with_keys() -> Any:
    switch = {"kind": "enumeration", "values": ["Disable", "Enable"], "default": "Disable"}
    made = model_of(
        {
            "On": {**switch, "role": "secure boot", "default": "Enable"},
            "Clear": {**switch, "role": "clear secure boot keys", "momentary": True},
            "Reset": {**switch, "role": "reset secure boot keys", "momentary": True},
            "Windows": {**switch, "role": "trust Windows UEFI CA 2023"},
        }
    )
    return models.with_factory_keys(made)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        # Four variables that go at once are many operations.
        pytest.param("Clear", "Enable", marks=pytest.mark.slow),
        ("Reset", "Enable"),
        ("Windows", "Enable"),
    ],
)
def test_a_power_cut_leaves_all_databases_as_they_were_or_as_they_become(name: str, value: str) -> None:
    model = small_model_with_keys()
    new = manufactured(model, replace(IDENTITY, model="small"))
    if name == "Reset":
        kept = {"PK": b"theirs", "db": b"their db", "dbt": b"more"}
        new = replace(new, secure_boot=replace(new.secure_boot, databases=kept))
    memory = replace(new, settings={**new.settings, name: value})
    store = VariableStore.from_image(blank(TINY))
    with store.transaction():
        write(store, variables.changes(None, memory))
    pc = TargetPC(MemoryImage(TINY, bytes(store.flash.content)), model=model)
    pc.execute(c.PowerOn())
    told = variables.changes(memory, pc.firmware.memory)
    assert any(each.guid in (PK.guid, DB.guid, SECURE_BOOT_ENABLE.guid) for each in told)

    def change(store: VariableStore) -> None:
        with store.transaction():
            write(store, told)

    finished, cases = crash(bytes(store.flash.content), change, random.Random(name), nested=4999)
    assert memory_in(VariableStore.from_image(finished)) == pc.firmware.memory
    assert cases > 100


@pytest.mark.slow
@needs_real_firmware
@pytest.mark.parametrize(
    ("settings", "setup_mode"),
    [((("Secure Boot", "Disable"),), b"\0"), (((CLEAR, "Enable"),), b"\1")],
    ids=["user mode", "setup mode"],
)
def test_real_firmware_is_in_the_mode_that_we_tell(
    settings: tuple[tuple[str, str], ...], setup_mode: bytes, tmp_path: Path
) -> None:
    """With Secure Boot on it would not start its own shell, so nobody could ask it."""
    pc = running(after_boot(unprompted(), *settings))
    path = tmp_path / "nvram.fd"
    path.write_bytes(pc.image.read())
    done = boot(path, [r"dmpstore -all -s fs0:\all.bin"], wanted=["all.bin"])
    assert done.finished, done.console[-2000:]
    found = {(each.guid, each.name): each.data for each in read_dmpstore(done.files["all.bin"])}
    assert found[PK.guid, "SetupMode"] == setup_mode
    assert found[PK.guid, "SecureBoot"] == b"\0"
    assert secure_boot.in_user_mode(pc.firmware.memory) is (setup_mode == b"\0")
    held = pc.firmware.memory.secure_boot.databases
    assert {name: data for (_, name), data in found.items() if name in variables.DATABASES} == held
    again = TargetPC(MemoryImage(FOUR_MEGABYTE, path.read_bytes()))
    assert again.firmware.memory == pc.firmware.memory


@pytest.mark.slow
@needs_real_firmware
def test_real_firmware_enforces_what_we_tell_is_enforced(tmp_path: Path) -> None:
    """Its shell is signed by nobody whom the machine trusts."""
    path = tmp_path / "nvram.fd"
    path.write_bytes(running(factory_new()).image.read())
    console = boot_and_kill(path, [], after=1, marker="Security Violation")
    assert "Security Violation" in console
    assert "failed to start Boot" in console
