"""What is promised is small, told, typed, and can be used under a strict type checker."""

import inspect
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

import emulator.testing

STRANGER = """
import subprocess
from pathlib import Path

import pytest

from emulator.testing import PC, Admin, NotAPayload, NothingShown, Phone, PhoneRefused, Refused
from firmware_store import Image


@pytest.mark.target_pc(model="elitedesk-800-g2", quirks={"response_tries": "5"})
def test_everything(
    target_pc: PC, provisioned_pc: PC, unlocked_pc: PC, admin: Admin, phone: Phone, nvram_image: Image, tmp_path: Path
) -> None:
    target_pc.set("Fast Boot", "Disable", password="x")
    with pytest.raises(Refused) as refusal:
        provisioned_pc.apply(admin.setting("Fast Boot", "Disable", machine=provisioned_pc.uuid, single_use=True))
    code: int = refusal.value.code
    first, second = admin.provisioning(setup_password="x")
    data: bytes = first + second + admin.mode(on=True) + admin.local_access_key(2) + admin.no_local_access_key()
    value: str = target_pc.get("Fast Boot") + target_pc.settings()["Fast Boot"]
    value += admin.authorization("a", "b", machine=target_pc.uuid, single_use=True)
    unlocked_pc.change("Fast Boot", "Disable")
    unlocked_pc.change_password("Setup Password", "x", "y")
    unlocked_pc.save(password="x")
    opened: bool = provisioned_pc.answer(phone.pin(provisioned_pc.challenge_picture()))
    other = Phone.new(tmp_path / "phone")
    ids: list[str] = [other.enrol(admin.enrolment_picture(2), admin.passphrase), *phone.keys()]
    subprocess.run(["bcu"], env=target_pc.environment, cwd=target_pc.home, check=False)
    with PC.new("zbook-power-g7", quirks={"response_tries": "5"}) as pc:
        text: str = pc.screen((100, 38)) + pc.clone().phase + pc.clone(serial="SHELF-2").serial
        pc.wait(1.5)
    raw: bytes = nvram_image.read() + pc.image.read()
    print(code, data, value, opened, ids, text, raw, NotAPayload, NothingShown, PhoneRefused)
"""


def public_members() -> dict[str, object]:
    return {
        f"{kind.__name__}.{name}": member
        for kind in (emulator.testing.PC, emulator.testing.Admin, emulator.testing.Phone)
        for name, member in vars(kind).items()
        if not name.startswith("_")
    }


def test_what_is_promised_is_no_more_than_five_minutes_take() -> None:
    assert sorted(emulator.testing.__all__) == [
        "Admin", "NotAPayload", "NothingShown", "PC", "Phone", "PhoneRefused", "Refused",
    ]  # fmt: skip
    assert len(public_members()) <= 50


@pytest.mark.parametrize("name", public_members())
def test_every_promise_has_a_docstring_and_types(name: str) -> None:
    member: Any = public_members()[name]
    called: Any = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
    assert inspect.getdoc(called), name
    signature = inspect.signature(called)
    assert signature.return_annotation is not inspect.Signature.empty
    for parameter in list(signature.parameters.values())[1:]:
        assert parameter.annotation is not inspect.Parameter.empty, (name, parameter)


@pytest.mark.parametrize("package", ["emulator", "firmware_store"])
def test_the_packages_say_that_they_are_typed(package: str) -> None:
    assert (files(package) / "py.typed").is_file()


@pytest.mark.slow
def test_a_strict_type_checker_passes_a_strangers_tests_and_finds_his_mistake(tmp_path: Path) -> None:
    (tmp_path / "test_right.py").write_text(STRANGER, "utf-8")
    wrong = STRANGER.replace('"Disable", password="x"', "3")
    (tmp_path / "test_wrong.py").write_text(wrong, "utf-8")
    command = ("mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), "test_right.py", "test_wrong.py")
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    mistake, found = done.stdout.splitlines()
    assert mistake.startswith("test_wrong.py:")
    assert 'Argument 2 to "set" of "PC" has incompatible type "int"' in mistake
    assert found.startswith("Found 1 error in 1 file")
