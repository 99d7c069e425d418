"""A phone whose process is killed again and again, and an eye on what is left: run as a program, it prints nothing or fails.

    python -m tests.companions.authenticator.killed_phone steps DEED...       kill before each step of each deed
    python -m tests.companions.authenticator.killed_phone moments COUNT SEED  kill at random moments while deeds follow each other

A step is what the interpreter reports to an audit hook: a file opened, linked, renamed or removed, a folder made. Each killed process is a fork,
so that no time goes into starting it. It is a program of its own because forks do not mix with the threads of a test run.
"""

import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from emulator.companions import FileRefused, write_private
from emulator.companions.authenticator.exceptions import PhoneError, WrongPhonePassphrase
from emulator.companions.authenticator.phone import Phone
from emulator.companions.authenticator.record import digest_of
from emulator.companions.authenticator.sealed import Cost
from emulator.protocol import enrolment
from emulator.protocol.enrolment import Package

CHEAP = Cost(n=1 << 14)
PASSPHRASE = "correct horse battery staple"
PHONE, OTHER = "passphrase of the phone", "another passphrase of the phone"
STEPS = {"open", "os.link", "os.rename", "os.remove", "os.mkdir"}
KEYS = Path(__file__).parents[2] / "vectors"
BACKUP = "backup.json"


def key(name: str) -> RSAPrivateKey:
    loaded = load_pem_private_key((KEYS / f"test_key_{name}.pem").read_bytes(), None)
    assert isinstance(loaded, RSAPrivateKey)
    return loaded


def package(name: str, passphrase: str = PASSPHRASE, salt: int = 0) -> Package:
    text = enrolment.make(
        key(name), key_name=name, passphrase=passphrase, salt=bytes([salt] * 8), iv=bytes(16)
    )
    return enrolment.parse(text)


OURS, THEIRS = package("local_access"), package("other")
AGAIN = package("local_access", salt=1)


def opened(folder: Path) -> Phone:
    phone = Phone(folder, cost=CHEAP)
    for passphrase in (PHONE, OTHER):
        with suppress(WrongPhonePassphrase):
            phone.unlock(passphrase)
            return phone
    raise AssertionError("the phone does not open any more")


def enrol(phone: Phone, folder: Path) -> None:
    phone.enrol(THEIRS, PASSPHRASE)


def replace(phone: Phone, folder: Path) -> None:
    phone.enrol(AGAIN, PASSPHRASE, replace=True)


def rename(phone: Phone, folder: Path) -> None:
    phone.rename(OURS.key_id, "renamed")


def delete(phone: Phone, folder: Path) -> None:
    phone.delete(THEIRS.key_id)


def protect(phone: Phone, folder: Path) -> None:
    phone.protect(PHONE, {OURS.key_id: PASSPHRASE})


def change(phone: Phone, folder: Path) -> None:
    phone.change_protection(OTHER)


def unprotect(phone: Phone, folder: Path) -> None:
    phone.unprotect()


def back_up(phone: Phone, folder: Path) -> None:
    write_private(folder.parent / BACKUP, phone.backup(PHONE), replace=True)


def restore(phone: Phone, folder: Path) -> None:
    phone.restore((folder.parent / BACKUP).read_bytes(), PHONE)


Deed = Callable[[Phone, Path], None]
DEEDS: Mapping[str, Deed] = {
    deed.__name__: deed
    for deed in (enrol, replace, rename, delete, protect, change, unprotect, back_up, restore)
}


def whole(folder: Path) -> dict[str, str]:
    """The keys of a phone by name, after all that must hold was looked at. Tidies up, as the next change of a phone does."""
    phone = opened(folder)
    keys = phone.keys()
    for held in keys:
        assert held.package.text in {OURS.text, AGAIN.text, THEIRS.text}, "half a package"
        assert held.name in {held.package.key_name, "renamed"}, "half a name"
    if keys:
        phone.rename(keys[0].key_id, keys[0].name)
        left = [path.name for path in folder.rglob("*") if path.name.startswith(".")]
        assert not left, f"left behind: {left}"
    if phone.is_protected:
        held_ids = {digest_of(held.package).hex() for held in keys}
        doubles = [path for path in (folder / "keys").glob("*") if path.stem in held_ids]
        assert not doubles, f"beside the vault: {doubles}"
    assert phone.history(), "no history"
    saved = folder.parent / BACKUP
    if saved.exists():
        fresh = Phone(folder.parent / "fresh", cost=CHEAP)
        assert fresh.restore(saved.read_bytes(), PHONE)
        shutil.rmtree(folder.parent / "fresh")
    return {held.key_id: held.package.text for held in keys}


def killed(deed: Callable[[], None]) -> bool:
    """Do `deed` in a process that may kill itself or be killed; whether it was."""
    child = os.fork()
    if child == 0:
        try:
            deed()
        except BaseException as error:
            # A fork must never run on as its parent.
            print(repr(error), file=sys.stderr)
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.waitstatus_to_exitcode(status) == 0, "the deed failed by itself"
    return False


def up_to(step: int, deed: Callable[[], None]) -> Callable[[], None]:
    """`deed`, killed before the step of that number."""

    def run() -> None:
        seen = 0

        def hook(event: str, _: object) -> None:
            nonlocal seen
            if event in STEPS:
                seen += 1
                if seen == step:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        deed()

    return run


def prepared(folder: Path, name: str) -> None:
    """A phone on which the deed makes sense."""
    phone = Phone(folder, cost=CHEAP)
    phone.enrol(OURS, PASSPHRASE)
    if name in {"delete", "restore"}:
        phone.enrol(THEIRS, PASSPHRASE)
    if name == "restore":
        back_up(phone, folder)
        phone.delete(OURS.key_id)
        phone.delete(THEIRS.key_id)
    if name in {"change", "unprotect"}:
        phone.protect(PHONE, {OURS.key_id: PASSPHRASE})


def steps(name: str) -> None:
    with tempfile.TemporaryDirectory() as world:
        model = Path(world, "model")
        prepared(model / "phone", name)
        held_before = opened(model / "phone").keys()
        before = {held.key_id: held.package.text for held in held_before}
        step = 0
        is_killed = True
        while is_killed:
            step += 1
            copy = Path(world, f"copy{step}")
            shutil.copytree(model, copy)
            folder = copy / "phone"
            phone = opened(folder)
            is_killed = killed(up_to(step, lambda p=phone, f=folder: DEEDS[name](p, f)))  # type: ignore[misc]
            after = whole(folder)
            kept = set(before) - {THEIRS.key_id if name == "delete" else ""}
            assert kept <= set(after), f"{name}, killed at step {step}: a key was lost"
            shutil.rmtree(copy)
        assert step > 5, "the deed had no steps"


def moments(count: int, seed: int) -> None:
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as world:
        folder = Path(world, "phone")
        Phone(folder, cost=CHEAP).enrol(OURS, PASSPHRASE)
        for _ in range(count):
            _one_moment(folder, chance)
            assert OURS.key_id in whole(folder), "a key was lost that nobody deleted"


def _one_moment(folder: Path, chance: random.Random) -> None:
    order = chance.sample(sorted(DEEDS), len(DEEDS))
    child = os.fork()
    if child == 0:
        try:
            phone = opened(folder)
            for name in order:
                # Some deeds are refused after some others: that is no fault.
                with suppress(PhoneError, FileRefused, FileNotFoundError):
                    DEEDS[name](phone, folder)
        finally:
            os._exit(0)
    time.sleep(chance.uniform(0.0, 0.4))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


if __name__ == "__main__":
    if sys.argv[1] == "steps":
        for wanted in sys.argv[2:]:
            steps(wanted)
    else:
        moments(int(sys.argv[2]), int(sys.argv[3]))
