"""A reader that is not ours finds in our images what we put in, and we in its images what it put in."""

import json
import pathlib
import subprocess
import sys
from typing import Any
from uuid import UUID

import pytest

from firmware_store import FOUR_MEGABYTE, TWO_MEGABYTE, Image, Layout, VariableStore

VENDOR, OTHER = UUID("11111111-2222-3333-4455-66778899aabb"), UUID("8be4df61-93ca-11d2-aa0d-00e098032b8c")
READER = pathlib.Path(sys.executable).with_name("virt-fw-vars")

pytestmark = pytest.mark.skipif(
    not READER.exists(), reason="virt-fw-vars is not there; the package virt-firmware brings it"
)


def virt_fw_vars(*arguments: str) -> str:
    return subprocess.run([READER, *arguments], capture_output=True, text=True, check=True).stdout


def listed(path: pathlib.Path) -> dict[tuple[str, str], tuple[int, bytes]]:
    out = path.with_suffix(".json")
    virt_fw_vars("-i", str(path), "--output-json", str(out))
    variables: list[dict[str, Any]] = json.loads(out.read_text())["variables"]
    return {(each["guid"], each["name"]): (each["attr"], bytes.fromhex(each["data"])) for each in variables}


def ours(store: VariableStore) -> dict[tuple[str, str], tuple[int, bytes]]:
    return {(str(each.guid), each.name): (each.attributes, each.data) for each in store}


@pytest.mark.parametrize("layout", [FOUR_MEGABYTE, TWO_MEGABYTE], ids=lambda each: each.name)
def test_a_foreign_reader_lists_every_variable_we_wrote(tmp_path: pathlib.Path, layout: Layout) -> None:
    """With updates, deletions and a reclaim; names are unique, because that reader takes two vendors for one."""
    image = Image(tmp_path / "flash.fd", durability="none")
    image.create(layout)
    with image.transaction() as store:
        for number in range(300):
            store.set(VENDOR, f"Setting {number} é", bytes([number % 256]) * (1 + number % 40), 7)
        store.set(OTHER, "BootOrder", b"\0\0\1\0", 7)
        store.set(OTHER, "Secret", b"s" * 32, 3)
        for number in range(0, 300, 3):
            store.set(VENDOR, f"Setting {number} é", b"changed" * (number % 7 + 1), 7)
        for number in range(1, 300, 3):
            store.delete(VENDOR, f"Setting {number} é")
    expected = ours(image.open())
    assert len(expected) == 202
    assert listed(tmp_path / "flash.fd") == expected
    with image.transaction() as store:
        store.reclaim()
    assert listed(tmp_path / "flash.fd") == expected
    assert "Setting 0 é" in virt_fw_vars("-i", str(tmp_path / "flash.fd"), "-p")


def test_an_image_written_by_a_foreign_program_is_read(tmp_path: pathlib.Path) -> None:
    image = Image(tmp_path / "flash.fd", durability="none")
    image.create(TWO_MEGABYTE)
    wanted = {
        "version": 2,
        "variables": [
            {"name": "Lang", "guid": str(OTHER), "attr": 7, "data": b"eng".hex()},
            {"name": "Ours", "guid": str(VENDOR), "attr": 3, "data": bytes(range(100)).hex()},
        ],
    }
    (tmp_path / "set.json").write_text(json.dumps(wanted))
    out = tmp_path / "out.fd"
    virt_fw_vars("-i", image.path, "--set-json", str(tmp_path / "set.json"), "-o", str(out))
    assert ours(Image(out).open()) == {
        (str(OTHER), "Lang"): (7, b"eng"),
        (str(VENDOR), "Ours"): (3, bytes(range(100))),
    }


@pytest.mark.parametrize("name", ["OVMF_VARS_4M.ms.fd", "OVMF_VARS_4M.snakeoil.fd", "OVMF_VARS.ms.fd"])
def test_both_read_debians_enrolled_images_alike(tmp_path: pathlib.Path, name: str) -> None:
    source = pathlib.Path("/usr/share/OVMF") / name
    if not source.is_file():
        pytest.skip(f"{source} is not there; Debian's package ovmf brings it")
    copy = tmp_path / "flash.fd"
    copy.write_bytes(source.read_bytes())
    assert listed(copy) == ours(Image(copy).open())
