"""OVMF, started on our images: it reads what we wrote, changes it, crashes on it, and we read what it left.

Where OVMF is known to fail, its failure is asserted by name: hole A (it wipes an image whose volume header is erased,
although the only copy waits in the spare area) and hole B (a reclaim after two power cuts brings a stale value back).
"""

import random
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from firmware_store import FOUR_MEGABYTE, TWO_MEGABYTE, Cut, Layout, NORFlash, Variable, VariableStore, blank
from firmware_store.errors import PowerCut
from firmware_store.exchange_dmpstore import read_dmpstore, write_dmpstore
from firmware_store.inspect import Kind, check
from firmware_store.inspect_repair import repaired
from firmware_store.records import STATE_OFFSET
from tests.firmware_store.real_firmware import BLANK, boot, boot_and_kill, needs_real_firmware

VENDOR = UUID("11111111-2222-3333-4455-66778899aabb")
SAVE = rf"dmpstore -guid {VENDOR} -s fs0:\dump.bin"
Content = dict[str, tuple[int, bytes]]


def of_vendor(variables: list[Variable]) -> Content:
    return {each.name: (each.attributes, each.data) for each in variables if each.guid == VENDOR}


def ours(image: bytes) -> Content:
    return of_vendor(list(VariableStore.from_image(image)))


def shown_by_firmware(path: Path, image: bytes) -> Content:
    path.write_bytes(image)
    done = boot(path, [SAVE], wanted=["dump.bin"])
    assert done.finished, done.console[-2000:]
    return of_vendor(read_dmpstore(done.files["dump.bin"]))


@needs_real_firmware
@pytest.mark.parametrize("layout", [FOUR_MEGABYTE, TWO_MEGABYTE], ids=lambda each: each.name)
def test_a_blank_image_is_the_packaged_one(layout: Layout) -> None:
    assert blank(layout) == BLANK[layout].read_bytes()


@pytest.mark.slow
@needs_real_firmware
@pytest.mark.parametrize("layout", [FOUR_MEGABYTE, TWO_MEGABYTE], ids=lambda each: each.name)
def test_firmware_shows_changes_adds_and_deletes_our_variables(tmp_path: Path, layout: Layout) -> None:
    """400 settings with updates and deletions; what firmware saves is our own export, byte for byte, last one first."""
    store = VariableStore.from_image(blank(layout))
    for number in range(400):
        store.set(
            VENDOR, f"Setting{number:03}", bytes([number % 256]) * (1 + number % 32), 7 if number % 4 else 3
        )
    for number in range(0, 400, 5):
        held = store.get(VENDOR, f"Setting{number:03}")
        store.set(VENDOR, held.name, b"updated" + held.data, held.attributes)
    for number in range(1, 400, 11):
        store.delete(VENDOR, f"Setting{number:03}")
    path = tmp_path / "flash.fd"
    path.write_bytes(store.flash.content)
    before = list(store)
    script = [
        rf"dmpstore -guid {VENDOR} -s fs0:\before.bin",
        f"setvar Added -guid {VENDOR} -bs -rt -nv =0xCAFEBABE",
        f"setvar Setting002 -guid {VENDOR} -bs -rt -nv =0x0807060504030299",
        f"dmpstore -d Setting003 -guid {VENDOR}",
        SAVE,
    ]
    done = boot(path, script, wanted=["before.bin", "dump.bin"], layout=layout)
    assert done.finished, done.console[-2000:]
    assert done.files["before.bin"] == write_dmpstore(reversed(before))

    after = [each for each in VariableStore.from_image(path.read_bytes()) if each.guid == VENDOR]
    touched = {"Added", "Setting002", "Setting003"}
    untouched = [each for each in before if each.name not in touched]
    assert [each for each in after if each.name not in touched] == untouched
    changed = {each.name: each for each in after if each.name in touched}
    assert changed == {
        "Added": Variable(VENDOR, "Added", 7, bytes.fromhex("bebafeca")),
        "Setting002": Variable(VENDOR, "Setting002", 7, bytes.fromhex("9902030405060708")),
    }
    assert done.files["dump.bin"] == write_dmpstore(reversed(after))
    assert check(path.read_bytes()).sound


# --- Crash states ----------------------------------------------------------------------------------------------------


def filled(layout: Layout = FOUR_MEGABYTE) -> VariableStore:
    store = VariableStore.from_image(blank(layout))
    for number in range(6):
        store.set(VENDOR, f"Kept{number}", bytes([number]) * 40, 7)
    store.set(VENDOR, "Counter", b"first", 7)
    store.set(VENDOR, "Counter", b"value 1", 7)
    return store


def update(store: VariableStore) -> None:
    store.set(VENDOR, "Counter", b"value 2", 7)


def reclaim(store: VariableStore) -> None:
    store.reclaim()


def cut(change: Callable[[VariableStore], object], label: str, done: int = 0, *, first: bool = True) -> bytes:
    """The image that a power cut leaves in the first or last operation of that label."""
    image = bytes(filled().flash.content)
    rehearsal = VariableStore(NORFlash(image, 0x1000, logged=True), FOUR_MEGABYTE)
    change(rehearsal)
    numbers = [at for at, each in enumerate(rehearsal.flash.log or []) if each.label == label]
    victim = VariableStore(NORFlash(image, 0x1000), FOUR_MEGABYTE)
    victim.flash.cut = Cut(numbers[0 if first else -1], done)
    with pytest.raises(PowerCut):
        change(victim)
    return bytes(victim.flash.content)


def without_working_block(image: bytes, *, copy: bool) -> bytes:
    layout = FOUR_MEGABYTE
    changed = bytearray(image)
    block = image[layout.working_offset : layout.spare_offset]
    changed[layout.working_offset : layout.spare_offset] = b"\xff" * layout.working_size
    if copy:
        changed[layout.spare_offset : layout.spare_offset + layout.working_size] = block
    return bytes(changed)


CRASHES: dict[str, Callable[[], bytes]] = {
    "spare complete": lambda: cut(reclaim, "variable region", 0),
    "block 0 rewritten, rest erased": lambda: cut(reclaim, "variable region", 0x1000, first=False),
    "spare half written": lambda: cut(reclaim, "copy in the spare area", 0x9000),
    "destination complete": lambda: cut(reclaim, "write complete"),
    "torn data": lambda: cut(update, "name and data", 11),
    "header valid only": lambda: cut(update, "name and data"),
    "both valid": lambda: cut(update, "replaced"),
    "successor announced": lambda: cut(update, "header"),
    "start of a header": lambda: cut(update, "header", 2),
    "working block lost, copy in spare": lambda: without_working_block(
        bytes(filled().flash.content), copy=True
    ),
    "working block lost": lambda: without_working_block(bytes(filled().flash.content), copy=False),
}


@pytest.mark.slow
@needs_real_firmware
@pytest.mark.parametrize("name", CRASHES)
def test_firmware_recovers_a_crash_to_the_answer_that_we_give(tmp_path: Path, name: str) -> None:
    image = CRASHES[name]()
    answer = ours(image)
    assert answer["Kept3"] == (7, b"\3" * 40)
    assert answer["Counter"][1] in {b"value 1", b"value 2"}
    assert shown_by_firmware(tmp_path / "flash.fd", image) == answer
    assert ours((tmp_path / "flash.fd").read_bytes()) == answer


def erased_volume_header() -> bytes:
    """The first block of the variable region erased, the rest not yet, and the complete copy in the spare area."""
    return cut(reclaim, "variable region", 0x1000)


@pytest.mark.slow
@needs_real_firmware
def test_hole_a_firmware_wipes_an_image_whose_header_is_erased(tmp_path: Path) -> None:
    path = tmp_path / "flash.fd"
    path.write_bytes(erased_volume_header())
    assert len(ours(path.read_bytes())) == 7
    done = boot(path, [SAVE], timeout=25)
    assert not done.finished
    assert b"value 1" not in path.read_bytes()


@pytest.mark.slow
@needs_real_firmware
def test_hole_a_an_image_that_we_recovered_first_boots_with_all_variables(tmp_path: Path) -> None:
    image = erased_volume_header()
    assert {Kind.LOST_VOLUME_HEADER, Kind.PENDING_WRITE} <= {each.kind for each in check(image).faults}
    assert shown_by_firmware(tmp_path / "flash.fd", repaired(image)) == ours(image)


def two_records_that_wait() -> bytes:
    """Cut before the old record was retired, then cut again right after the next update announced itself."""
    image = bytearray(cut(update, "replaced"))
    last = VariableStore.from_image(image).history(VENDOR, "Counter")[-1]
    image[last.offset + STATE_OFFSET] = 0x3E
    return bytes(image)


@pytest.mark.slow
@needs_real_firmware
def test_hole_b_firmware_brings_a_stale_value_back_when_it_reclaims(tmp_path: Path) -> None:
    """Before the reclaim both answers are equal; after it only ours is right."""
    path, image = tmp_path / "flash.fd", two_records_that_wait()
    assert Kind.STALE_RECORD in {each.kind for each in check(image).faults}
    path.write_bytes(image)
    big = write_dmpstore([Variable(VENDOR, "Big", 7, bytes([n]) * 30000) for n in range(1, 10)])
    script = [
        rf"dmpstore Counter -guid {VENDOR} -s fs0:\before.bin",
        rf"dmpstore -guid {VENDOR} -l fs0:\big.bin",
        SAVE,
    ]
    done = boot(path, script, {"big.bin": big}, ["before.bin", "dump.bin"])
    assert done.finished, done.console[-2000:]
    assert read_dmpstore(done.files["before.bin"])[0].data == b"value 2"
    assert of_vendor(read_dmpstore(done.files["dump.bin"]))["Counter"] == (7, b"value 1")
    store = VariableStore.from_image(image)
    store.reclaim()
    assert store.get(VENDOR, "Counter").data == b"value 2"


# --- The plug --------------------------------------------------------------------------------------------------------

BULK = [f"Bulk{number}" for number in range(4)]


def bulk(version: int) -> bytes:
    return write_dmpstore([Variable(VENDOR, name, 7, bytes([version]) * 30000) for name in BULK])


@pytest.mark.slow
@needs_real_firmware
@pytest.mark.parametrize("seed", range(4))
def test_the_plug_is_pulled_while_firmware_writes(tmp_path: Path, seed: int) -> None:
    """Two loads fill the store, so from the third on firmware reclaims again and again until it is killed."""
    chance, path = random.Random(seed), tmp_path / "flash.fd"
    path.write_bytes(filled().flash.content)
    script = [
        rf"dmpstore -guid {VENDOR} -l fs0:\{name}" for _ in range(20) for name in ("one.bin", "two.bin")
    ]
    after = chance.uniform(2, 9)
    console = boot_and_kill(
        path, script, {"one.bin": bulk(1), "two.bin": bulk(2)}, after=after, marker="===BEGIN==="
    )
    assert "Load and set variables from file" in console, console[-2000:]
    recovered = repaired(path.read_bytes())
    held = ours(recovered)
    assert check(recovered).sound
    assert {name: data for name, (_, data) in held.items() if name not in BULK} == {
        name: data for name, (_, data) in ours(bytes(filled().flash.content)).items()
    }
    whole = {bytes([version]) * 30000 for version in (1, 2)}
    assert {held[name][1] for name in BULK if name in held} <= whole
    assert shown_by_firmware(path, recovered) == held
