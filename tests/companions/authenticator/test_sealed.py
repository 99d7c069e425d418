"""What the phone seals under a passphrase: opened by hand once, and refused when one bit of it is another."""

import base64
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.companions.authenticator import sealed
from emulator.companions.authenticator.sealed import BACKUP, VAULT, Cost, DoesNotOpen, Malformed, UnknownKind
from emulator.protocol.errors import ProtocolError

CHEAP = Cost(n=1 << 14)
PASSPHRASE = "correct horse battery staple"
CONTENT = b"the content"
OPENED = sealed.new(VAULT, PASSPHRASE, CHEAP)
WHOLE = OPENED.seal(CONTENT)


def content_of(data: bytes, passphrase: str = PASSPHRASE, kind: str = VAULT) -> bytes:
    found = sealed.parse(data, kind)
    return found.lock.open(passphrase).content(found)


@pytest.mark.parametrize("kind", [VAULT, BACKUP])
@pytest.mark.parametrize("content", [b"", b"x", bytes(100_000)])
def test_what_was_sealed_opens(kind: str, content: bytes) -> None:
    data = sealed.new(kind, PASSPHRASE, CHEAP).seal(content)
    assert content_of(data, kind=kind) == content


def test_it_opens_by_the_description_alone() -> None:
    """The standard library's scrypt, AES-GCM, JSON; nothing of ours."""
    members = json.loads(WHOLE)
    octets = {name: base64.b64decode(members[name]) for name in ("key_nonce", "key", "nonce", "sealed")}
    costs = members["scrypt"]
    salt = base64.b64decode(costs["salt"])
    wrapping = hashlib.scrypt(
        PASSPHRASE.encode(), salt=salt, n=costs["n"], r=costs["r"], p=costs["p"], maxmem=1 << 26, dklen=32
    )
    text = WHOLE.decode()
    head, before = (text[: text.index(f'"{name}":') + len(name) + 3].encode() for name in ("key", "sealed"))
    data_key = AESGCM(wrapping).decrypt(octets["key_nonce"], octets["key"], head)
    assert AESGCM(data_key).decrypt(octets["nonce"], octets["sealed"], before) == CONTENT


def test_a_wrong_passphrase_and_another_kind_are_refused() -> None:
    for passphrase in ("", PASSPHRASE + " ", PASSPHRASE.upper()):
        with pytest.raises(DoesNotOpen):
            content_of(WHOLE, passphrase)
    with pytest.raises(UnknownKind):
        content_of(WHOLE, kind=BACKUP)
    with pytest.raises(DoesNotOpen):
        content_of(WHOLE.replace(b"phone vault", b"phone backup"), kind=BACKUP)


def test_another_passphrase_opens_the_same_data_key() -> None:
    other = OPENED.under("another passphrase", CHEAP)
    data = other.seal(CONTENT)
    assert content_of(data, "another passphrase") == CONTENT
    with pytest.raises(DoesNotOpen):
        content_of(data)
    # What was sealed before carries the old lock, and is none of the new one's.
    assert sealed.parse(WHOLE, VAULT).lock != other.lock


def test_nothing_is_sealed_alike_twice() -> None:
    assert OPENED.seal(CONTENT) != OPENED.seal(CONTENT)
    assert sealed.new(VAULT, PASSPHRASE, CHEAP).lock.salt != OPENED.lock.salt


@settings(max_examples=40)
@given(at=st.integers(0, len(WHOLE) - 1), bit=st.integers(0, 7))
def test_a_flipped_bit_is_refused(at: int, bit: int) -> None:
    refused(at, bit)


@pytest.mark.slow
def test_every_flipped_bit_is_refused() -> None:
    for at in range(len(WHOLE)):
        for bit in range(8):
            refused(at, bit)


def refused(at: int, bit: int) -> None:
    octets = bytearray(WHOLE)
    octets[at] ^= 1 << bit
    with pytest.raises(ProtocolError):
        content_of(bytes(octets))


@settings(max_examples=40)
@given(end=st.integers(0, len(WHOLE) - 1), more=st.binary(max_size=3))
def test_what_was_cut_or_has_more_behind_it_is_refused(end: int, more: bytes) -> None:
    with pytest.raises(ProtocolError):
        content_of(WHOLE[:end] + more if WHOLE[:end] + more != WHOLE else b"")
    with pytest.raises(ProtocolError):
        content_of(WHOLE + b" " + more)


@pytest.mark.parametrize(
    "costs", [(0, 8, 1), (1 << 13, 8, 1), (1 << 19, 8, 1), (20_000, 8, 1), (1 << 14, 9, 1)]
)
def test_costs_are_bounded(costs: tuple[int, int, int]) -> None:
    with pytest.raises(Malformed, match="out of bounds"):
        Cost(*costs)


def test_text_that_is_written_another_way_is_refused() -> None:
    """The same members, so that only the canonical form decides."""
    for other in (
        json.dumps(json.loads(WHOLE)).encode(),
        WHOLE + b"\n",
        b"\xef\xbb\xbf" + WHOLE,
        WHOLE.replace(b'"version":1', b'"version":01') if b'"version":1' in WHOLE else b"",
        WHOLE[:-1] + b',"more":1}',
    ):
        with pytest.raises(ProtocolError):
            content_of(other)


def test_too_little_memory_is_a_sentence(tmp_path: Path) -> None:
    """In a process of its own, which may have less than scrypt takes."""
    program = """
import resource, sys
from pathlib import Path
from emulator.companions.authenticator import sealed
from emulator.companions.authenticator.exceptions import PhoneError
from emulator.companions.authenticator.phone import Phone
folder = Path(sys.argv[1])
(folder / "vault.json").write_bytes(sealed.new(sealed.VAULT, "passphrase", sealed.Cost(n=1 << 14)).seal(b"")
    .replace(b'"n":16384', b'"n":262144'))
backup = (folder / "vault.json").read_bytes().replace(b"phone vault", b"phone backup")
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + (64 << 20), -1))
for deed in (lambda: Phone(folder).unlock("passphrase"), lambda: Phone(folder).restore(backup, "passphrase")):
    try:
        deed()
    except PhoneError as error:
        print(error.code, error)
"""
    if not Path("/proc/self/statm").exists():
        pytest.skip("There is no /proc here; it tells how much memory a process has.")
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path], capture_output=True, text=True, check=False
    )
    told = "100 a passphrase takes 256 MiB of memory to try, and they are not free\n"
    assert (done.stdout, done.stderr) == (told * 2, "")
