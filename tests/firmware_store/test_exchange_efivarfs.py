"""A folder of files as Linux shows variables, and the names that no file can bear."""

import os
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_store.errors import NotARegularFile, UnusableExchangeFile
from firmware_store.exchange_efivarfs import (
    file_name,
    read_efivarfs,
    read_efivarfs_file,
    write_efivarfs,
)
from firmware_store.records import Variable
from tests.firmware_store.test_exchange_json import VARIABLES

GUID = UUID("8be4df61-93ca-11d2-aa0d-00e098032b8c")


@given(st.lists(VARIABLES, max_size=5, unique_by=lambda each: (each.guid, each.name)))
def test_every_name_has_a_file_of_its_own_and_comes_back(variables: list[Variable]) -> None:
    short = [each for each in variables if len(each.name) <= 20]
    files = write_efivarfs(short)
    assert len(files) == len(short)
    assert all("/" not in name and "\0" not in name for name in files)
    found = [read_efivarfs_file(*each) for each in files.items()]
    assert found == [each._replace(time_stamp=bytes(16)) for each in short]


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Lang", "Lang"),
        ("a/b", "a%2Fb"),
        ("a%2Fb", "a%252Fb"),
        ("100%", "100%"),
        ("%uD800", "%25uD800"),
        ("\ud800", "%uD800"),
        ("..", ".."),
        ("a-b c", "a-b c"),
        ("ß", "ß"),
    ],
)
def test_names_are_written_with_three_escapes(name: str, file: str) -> None:
    assert file_name(Variable(GUID, name, 7, b"x")) == f"{file}-{GUID}"
    assert read_efivarfs_file(f"{file}-{GUID}", bytes(5)).name == name


def test_a_file_of_a_running_linux_is_read_as_it_is() -> None:
    found = read_efivarfs_file(f"Boot!0000-{str(GUID).upper()}", b"\7\0\0\0data")
    assert found == Variable(GUID, "Boot!0000", 7, b"data")


def test_a_name_too_long_for_a_file_is_refused() -> None:
    with pytest.raises(UnusableExchangeFile, match="JSON"):
        file_name(Variable(GUID, "ß" * 110, 7, b"x"))


@pytest.mark.parametrize("name", ["Lang", "", f"-{GUID}", f"Lang{GUID}", f"\udcff-{GUID}", f"Lang-{GUID}x"])
def test_a_file_of_another_kind_is_refused(name: str) -> None:
    with pytest.raises(UnusableExchangeFile, match="Name-guid"):
        read_efivarfs_file(name, bytes(10))


def test_a_file_without_attributes_is_refused() -> None:
    with pytest.raises(UnusableExchangeFile, match="attributes"):
        read_efivarfs_file(f"Lang-{GUID}", b"\7\0\0")


def test_a_folder_is_read_in_the_order_of_names_and_links_are_not_followed(tmp_path: Path) -> None:
    for name in ("B", "A"):
        (tmp_path / f"{name}-{GUID}").write_bytes(b"\7\0\0\0" + name.encode())
    assert [each.name for each in read_efivarfs(str(tmp_path))] == ["A", "B"]
    os.symlink("/etc/passwd", tmp_path / f"C-{GUID}")
    with pytest.raises(NotARegularFile):
        read_efivarfs(str(tmp_path))
