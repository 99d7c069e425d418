"""What holds for every setting and whatever is written: it can be written back, and nothing else changes."""

import errno
import stat
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator import models
from emulator.devices.firmware_attributes import FirmwareAttributes
from emulator.firmware.catalogue import Kind
from tests.devices.firmware_attributes.linux import SPM, TOP, Linux, linux, password_file, restarted, setting
from tests.firmware.bench import BOSS, USB, guarded, model, with_passwords
from tests.sampling import examples

KNOWN = {
    errno.EINVAL,
    errno.ERANGE,
    errno.EIO,
    errno.EACCES,
    errno.EPERM,
    errno.EINPROGRESS,
    errno.EOPNOTSUPP,
}


def writable(driver: FirmwareAttributes) -> list[str]:
    """Settings whose value may be written."""
    found = []
    for name in driver.names(f"{TOP}/attributes"):
        entry = driver.entry(setting(name))
        if entry is not None and entry.mode & stat.S_IWUSR:
            found.append(name)
    return found


def values(shell: Linux) -> dict[str, str]:
    return {name: shell.pc.firmware.value(name) for name in shell.pc.firmware.catalogue.settings}


def error_of(driver: FirmwareAttributes, path: str, data: bytes) -> int | None:
    """The number with which a write ends; None for success."""
    try:
        driver.write(path, data)
    except OSError as refused:
        return refused.errno
    return None


@pytest.mark.parametrize("name", models.names())
def test_what_was_read_can_be_written_back_and_nothing_changes(name: str) -> None:
    """Wherever the setting interface takes the value that the setting has."""
    shell = linux(model=models.packaged(name))
    before, taken = values(shell), 0
    for each in writable(shell.driver):
        read = shell.driver.read(setting(each))
        own = next(known for known in before if known.replace("/", "!") == each)
        accepted = shell.pc.wmi.set_bios_setting(own, before[own]).accepted
        assert error_of(shell.driver, setting(each), read) == (None if accepted else errno.EINVAL)
        assert shell.driver.read(setting(each)) == read
        taken += accepted
    assert values(shell) == before
    assert taken > 90


def test_some_of_each_kind_are_written_back() -> None:
    shell = linux()
    for name in (
        USB,
        "Data transfer timeout",
        "UEFI Boot Order",
        "Asset Tracking Number",
        "LAN / WLAN Auto Switching",
    ):
        read = shell.driver.read(setting(name))
        shell.driver.write(setting(name), read)
        assert shell.driver.read(setting(name)) == read


ORDERS = {"Apply Factory Defaults and Exit", "Apply Custom Defaults and Exit"}
"""What changes others on purpose."""
LISTED = [
    each.name.replace("/", "!")
    for each in model().settings.values()
    if each.kind is not Kind.PASSWORD and not each.read_only and each.name not in ORDERS
]


@cache
def unlocked() -> Linux:
    return linux()


@cache
def locked() -> Linux:
    return linux(with_passwords(BOSS))


TEXTS = st.sampled_from(["Enable", "Disable", "1", "HDD:USB:1;HDD:M.2:1", "ä", "x" * 200, "-1", ""])
DATA = st.binary(max_size=80) | st.builds(
    lambda text, end: text.encode() + end, TEXTS | st.text(max_size=20), st.sampled_from([b"", b"\n", b"\0"])
)


@given(st.sampled_from(LISTED), DATA)
@settings(max_examples=examples(400))
def test_whatever_is_written_changes_that_setting_or_nothing(name: str, data: bytes) -> None:
    shell = unlocked()
    before = values(shell)
    error = error_of(shell.driver, setting(name), data)
    own = next(each for each in before if each.replace("/", "!") == name)
    after = values(shell)
    assert error is None or (error in KNOWN and after == before)
    assert {**after, own: before[own]} == before


FILES = [
    *(
        password_file(name, file)
        for name in ("Setup Password", "Power-On Password")
        for file in ("current_password", "new_password")
    ),
    *(f"{SPM}/{file}" for file in ("auth_token", "kek", "sk")),
]


@given(st.sampled_from(FILES), DATA)
@settings(max_examples=examples(200))
def test_whatever_is_written_as_a_proof_changes_nothing_and_never_opens(path: str, data: bytes) -> None:
    shell = locked()
    if shell.pc.firmware.session.password_tries == 0:
        restarted(shell)
        shell.driver.refresh()
    before = shell.pc.firmware.memory.settings, shell.pc.firmware.memory.passwords
    assert error_of(shell.driver, path, data) in KNOWN | {None}
    assert error_of(shell.driver, setting(USB), b"Disable") == errno.EINVAL
    assert before == (shell.pc.firmware.memory.settings, shell.pc.firmware.memory.passwords)


def test_a_guarded_machine_takes_no_setting_without_a_token() -> None:
    shell = linux(guarded())
    before = values(shell)
    for name in (USB, "UEFI Boot Order", "TPM State"):
        assert shell.refused(shell.driver.read(setting(name)), setting(name)) == "EINVAL"
    assert values(shell) == before
