"""Other people's readers on the same images: equal field by field, or different in a way that is known and named.

The images are Debian's own. Where a reader is wrong, the difference is asserted, so that its repair is noticed here.
"""

import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from firmware_store import TWO_MEGABYTE, Cut, NORFlash, VariableStore, blank
from firmware_store.errors import NotAnImage, PowerCut
from firmware_store.exchange_json import read_json, write_json
from firmware_store.inspect import check
from firmware_store.inspect_records import data_of
from firmware_store.records import Variable
from firmware_store.volume import detect

OVMF = [f"/usr/share/OVMF/{name}" for name in ("OVMF_VARS_4M.fd", "OVMF_VARS.fd")]
OVMF_ENROLLED = [
    f"/usr/share/OVMF/{name}"
    for name in ("OVMF_VARS_4M.ms.fd", "OVMF_VARS_4M.snakeoil.fd", "OVMF_VARS.ms.fd")
]
AAVMF = [f"/usr/share/AAVMF/{name}" for name in ("AAVMF_VARS.ms.fd", "AAVMF_VARS.snakeoil.fd")]
UNFORMATTED = "/usr/share/AAVMF/AAVMF_VARS.fd"

EVERY = [*OVMF, *OVMF_ENROLLED, *AAVMF]
VENDOR, OTHER = UUID(int=1), UUID(int=2)


class Read(NamedTuple):
    """What a reader says of one variable."""

    guid: UUID
    name: str
    attributes: int
    data: bytes
    time_stamp: bytes


def installed(path: str) -> Path:
    file = Path(path)
    if not file.is_file():
        package = "ovmf" if "OVMF_" in path and "AAVMF" not in path else "qemu-efi-aarch64"
        pytest.skip(f"The image {path} is missing; Debian's package {package} brings it.")
    return file


def peer(module: str, package: str) -> Any:
    return pytest.importorskip(
        module, reason=f"The package {package} is missing; it reads our images independently."
    )


# --- The readers -----------------------------------------------------------------------------------------------------


def ours(path: Path) -> list[Read]:
    return [Read(*each) for each in VariableStore.from_image(path.read_bytes())]


def virt_firmware(path: Path) -> list[Read]:
    edk2 = peer("virt.firmware.varstore.edk2", "virt-firmware")
    variables = edk2.Edk2VarStore(str(path)).get_varlist().values()
    return [
        Read(UUID(str(each.guid)), str(each.name), each.attr, bytes(each.data), each.bytes_time())
        for each in variables
    ]


def run_uefivars(path: Path, *mode: str) -> str:
    if importlib.util.find_spec("pyuefivars") is None:
        pytest.skip("The package uefivars is missing; it reads our images independently.")
    script = Path(__file__).with_name("uefivars_reader.py")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", script, path, *mode], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ReaderFailed(done.stderr)
    return done.stdout


class ReaderFailed(Exception):
    """A foreign reader ended with an exception of its own."""


def uefivars(path: Path, *mode: str) -> list[Read]:
    """It keeps certdb apart."""
    return [
        Read(
            UUID(bytes_le=bytes.fromhex(guid)),
            name,
            attributes,
            bytes.fromhex(data),
            bytes.fromhex(time_stamp),
        )
        for guid, name, attributes, data, time_stamp in json.loads(run_uefivars(path, *mode))
    ]


def edk2_records(path: Path, scratch: Path) -> list[Any]:
    """It maps its file for writing, so it gets a copy."""
    store = peer("edk2toollib.uefi.edk2.variablestore_manulipulations", "edk2-pytool-library")
    copy = scratch / "for-edk2.fd"
    shutil.copyfile(path, copy)
    records: list[Any] = store.VariableStore(str(copy), 0, detect(path.read_bytes()).size).variables
    return records


def edk2_pytool_library(path: Path, scratch: Path) -> list[Read]:
    return [
        Read(each.VendorGuid, each.Name, each.Attributes, bytes(each.Data), bytes(each.TimeStamp))
        for each in edk2_records(path, scratch)
        if each.State == 0x3F
    ]


def uefiextract(path: Path, scratch: Path) -> tuple[int, int]:
    """How many entries it calls valid, and how many not."""
    program = shutil.which("UEFIExtract")
    if program is None:
        pytest.skip("The program UEFIExtract is missing; Debian's package uefitool-cli brings it.")
    copy = scratch / "for-uefiextract.fd"
    shutil.copyfile(path, copy)
    subprocess.run([program, copy, "report"], capture_output=True, check=False, cwd=scratch)
    lines = Path(f"{copy}.report.txt").read_text("utf-8", "replace").splitlines()
    entries = [line.split("|") for line in lines if line.startswith(" VSS entry")]
    invalid = sum(each[1].strip() == "Invalid" for each in entries)
    return len(entries) - invalid, invalid


# --- Equal -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", EVERY)
def test_virt_firmware_reads_the_same(path: str) -> None:
    assert virt_firmware(installed(path)) == ours(Path(path))


@pytest.mark.parametrize("path", [*OVMF, *OVMF_ENROLLED])
def test_uefivars_reads_the_same(path: str) -> None:
    certdb = [each for each in ours(installed(path)) if each.name == "certdb"]
    assert uefivars(Path(path)) == [each for each in ours(Path(path)) if each not in certdb]


@pytest.mark.parametrize("path", EVERY)
def test_edk2_pytool_library_reads_the_same(path: str, tmp_path: Path) -> None:
    assert edk2_pytool_library(installed(path), tmp_path) == ours(Path(path))


@pytest.mark.parametrize("path", EVERY)
def test_edk2_pytool_library_finds_the_same_records_obsolete_ones_too(path: str, tmp_path: Path) -> None:
    image = installed(path).read_bytes()
    found = [
        (each.state_byte, each.attributes, each.guid, each.name, data_of(image, each))
        for each in check(image).records
    ]
    assert found == [
        (each.State, each.Attributes, each.VendorGuid, each.Name, bytes(each.Data))
        for each in edk2_records(Path(path), tmp_path)
    ]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("path", [*OVMF, *OVMF_ENROLLED, AAVMF[0]])
def test_uefiextract_counts_the_same_valid_and_obsolete_records(path: str, tmp_path: Path) -> None:
    report = check(installed(path).read_bytes())
    live = sum(each.alive for each in report.records)
    assert uefiextract(Path(path), tmp_path) == (live, len(report.records) - live)


@pytest.mark.parametrize("path", EVERY)
def test_debian_s_images_are_in_good_order(path: str) -> None:
    report = check(installed(path).read_bytes())
    assert report.sound, report.faults
    assert (report.variables, len(report.records)) in {(0, 0), (31, 57), (22, 29)}


@pytest.mark.parametrize("path", EVERY)
def test_our_json_is_virt_firmware_s_byte_for_byte(path: str, tmp_path: Path) -> None:
    jstore = peer("virt.firmware.varstore.jstore", "virt-firmware")
    edk2 = peer("virt.firmware.varstore.edk2", "virt-firmware")
    variables = list(VariableStore.from_image(installed(path).read_bytes()))
    text = write_json(variables)
    assert text == jstore.JsonVarStore.json_varstore(edk2.Edk2VarStore(path).get_varlist())
    assert read_json(text.encode()) == variables


def test_virt_firmware_takes_our_json_and_makes_the_same_store_of_it(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("virt-fw-vars")
    if not program.exists():
        pytest.skip("The program virt-fw-vars is missing; the package virt-firmware brings it.")
    source, target = installed(OVMF_ENROLLED[0]), tmp_path / "out.fd"
    text = tmp_path / "in.json"
    text.write_text(write_json(VariableStore.from_image(source.read_bytes())))
    arguments: list[str | Path] = ["-i", installed(OVMF[0]), "--set-json", text, "-o", target]
    subprocess.run([program, *arguments], capture_output=True, check=True)
    by_key = sorted(ours(source), key=lambda each: each.name)
    assert sorted(ours(target), key=lambda each: each.name) == by_key


def test_uefivars_takes_our_json_but_not_the_time_stamps(tmp_path: Path) -> None:
    """It calls them by another name, under which virt-firmware would not find them."""
    variables = ours(installed(OVMF_ENROLLED[0]))
    text = tmp_path / "out.json"
    text.write_text(write_json([Variable(*each) for each in variables]))
    assert uefivars(text, "--parse") == [each._replace(time_stamp=bytes(16)) for each in variables]


def test_we_take_the_json_of_uefivars_time_stamps_and_all() -> None:
    path = installed(OVMF_ENROLLED[0])
    found = read_json(run_uefivars(path, "--json").encode())
    assert [Read(*each) for each in found] == [each for each in ours(path) if each.name != "certdb"]


@pytest.mark.parametrize("reader", [virt_firmware, uefivars], ids=lambda each: each.__name__)
def test_others_read_what_we_wrote_after_updates_deletions_and_a_reclaim(
    reader: Callable[[Path], list[Read]], tmp_path: Path
) -> None:
    store = VariableStore.from_image(blank(TWO_MEGABYTE))
    for number in range(120):
        store.set(VENDOR, f"Setting {number} ß", bytes([number]) * (number + 1), 7)
    for number in range(0, 120, 3):
        store.set(VENDOR, f"Setting {number} ß", b"changed" * (number % 7 + 1), 7)
        store.delete(VENDOR, f"Setting {number + 1} ß")
    path = tmp_path / "flash.fd"
    path.write_bytes(store.flash.content)
    assert reader(path) == ours(path)
    assert len(ours(path)) == 80
    store.reclaim()
    path.write_bytes(store.flash.content)
    assert reader(path) == ours(path)


# --- Different, by name ----------------------------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "flash.fd"


def filled() -> VariableStore:
    store = VariableStore.from_image(blank(TWO_MEGABYTE))
    store.set(VENDOR, "Setup", b"one", 7)
    store.set(VENDOR, "Last", b"end", 7)
    return store


def cut(store: VariableStore, change: Callable[[VariableStore], object], label: str, done: int = 0) -> bytes:
    """The image after a power cut in the last operation of that label."""
    image, layout = store.flash.content, store.layout
    rehearsal = VariableStore(NORFlash(image, layout.block_size, logged=True), layout)
    change(rehearsal)
    number = max(at for at, each in enumerate(rehearsal.flash.log or []) if each.label == label)
    victim = VariableStore(NORFlash(image, layout.block_size), layout)
    victim.flash.cut = Cut(number, done)
    with pytest.raises(PowerCut):
        change(victim)
    return bytes(victim.flash.content)


def update(store: VariableStore) -> None:
    store.set(VENDOR, "Setup", b"two", 7)


def reclaim(store: VariableStore) -> None:
    store.reclaim()


def test_virt_firmware_keeps_one_of_two_vendors_with_the_same_name(path: Path) -> None:
    store = filled()
    store.set(OTHER, "Setup", b"other", 7)
    path.write_bytes(store.flash.content)
    assert len(ours(path)) == 3
    assert [each.data for each in virt_firmware(path) if each.name == "Setup"] == [b"other"]
    assert len(uefivars(path)) == 3


@pytest.mark.parametrize("reader", [virt_firmware, uefivars], ids=lambda each: each.__name__)
def test_others_do_not_see_a_variable_whose_update_was_cut(
    reader: Callable[[Path], list[Read]], path: Path
) -> None:
    path.write_bytes(cut(filled(), update, "header"))
    assert [each.name for each in ours(path)] == ["Setup", "Last"]
    assert [each.name for each in reader(path)] == ["Last"]


def test_uefiextract_calls_a_variable_invalid_whose_update_was_cut(path: Path, tmp_path: Path) -> None:
    path.write_bytes(cut(filled(), update, "header"))
    assert uefiextract(path, tmp_path) == (1, 1)
    assert len(ours(path)) == 2


def torn_header_with_a_record_behind(path: Path) -> None:
    """A hole in the middle: of the first record only the two bytes with which it begins were written."""
    image, at, end = (
        bytearray(filled().flash.content),
        TWO_MEGABYTE.records_offset,
        TWO_MEGABYTE.variable_size,
    )
    setup, hole = 60 + len("Setup\0") * 2 + 4, b"\xaa\x55" + b"\xff" * 58
    image[at:end] = (hole + bytes(image[at + setup : end])).ljust(end - at, b"\xff")
    path.write_bytes(image)


def test_a_torn_header_stops_virt_firmware(path: Path) -> None:
    torn_header_with_a_record_behind(path)
    assert [each.name for each in ours(path)] == ["Last"]
    assert virt_firmware(path) == []


def test_a_torn_header_is_too_much_for_uefivars(path: Path) -> None:
    torn_header_with_a_record_behind(path)
    with pytest.raises(ReaderFailed):
        uefivars(path)


def test_a_torn_header_is_too_much_for_edk2_pytool_library(path: Path, tmp_path: Path) -> None:
    torn_header_with_a_record_behind(path)
    peer("edk2toollib", "edk2-pytool-library")
    with pytest.raises(Exception, match=r"."):
        edk2_pytool_library(path, tmp_path)


@pytest.mark.parametrize("reader", [virt_firmware, uefivars], ids=lambda each: each.__name__)
def test_others_ignore_an_announced_write_and_read_the_half_that_was_written(
    reader: Callable[[Path], list[Read]], path: Path
) -> None:
    path.write_bytes(cut(filled(), reclaim, "variable region", TWO_MEGABYTE.records_offset + 76))
    assert [each.name for each in ours(path)] == ["Setup", "Last"]
    assert [each.name for each in reader(path)] == ["Setup"]


@pytest.mark.parametrize("name", AAVMF)
def test_uefivars_refuses_aarch64_images_for_their_block_map(name: str) -> None:
    with pytest.raises(ReaderFailed, match="Invalid blockmap"):
        uefivars(installed(name))


def test_an_unformatted_image_is_a_sentence_here_and_a_traceback_in_virt_firmware() -> None:
    path = installed(UNFORMATTED)
    with pytest.raises(NotAnImage, match="all 0x00"):
        ours(path)
    peer("virt.firmware.varstore.edk2", "virt-firmware")
    with pytest.raises((Exception, SystemExit)):
        virt_firmware(path)
