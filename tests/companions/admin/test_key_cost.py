"""Key files by strangers that would keep the console busy for hours: each is refused before a passphrase is tried."""

import base64
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.companions.admin import key_cost, key_files, key_store
from emulator.companions.admin.key_files import UnusableKeyFile, WrongPassphrase
from emulator.companions.admin.key_store import State
from emulator.protocol.keys import PublicKey, UnusableKey

ROUNDS = bytes.fromhex("02027fff")
"""An INTEGER: 32767 rounds."""
MOST = bytes.fromhex("02047fffffff")
"""The most rounds that a key file can ask for."""


def element(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content).to_bytes(2)
    return bytes([tag, 0x82]) + size + content


def endless(tag: int, *parts: bytes) -> bytes:
    """An element that ends where it ends, as BER has it."""
    return bytes([tag, 0x80]) + b"".join(parts) + b"\0\0"


SALT = element(0x04, bytes(8))
DEAR = element(0x30, SALT, MOST)
CHEAP = element(0x30, SALT, ROUNDS)
VERSION = bytes.fromhex("020103")


@pytest.mark.parametrize(
    "hidden",
    [
        DEAR,
        element(0x04, DEAR),
        element(0x04, DEAR, b"\xff"),
        endless(0x30, element(0x04, DEAR)),
        endless(0x24, element(0x04, DEAR[:9]), element(0x04, DEAR[9:])),
        element(0xA0, element(0x30, element(0x04, element(0x30, element(0x30, endless(0x24, SALT), MOST))))),
        element(0x30, SALT, bytes.fromhex("02030100000203010000020101")),
    ],
    ids=["plain", "string", "string and more", "endless", "pieces", "deep", "scrypt"],
)
def test_rounds_are_found_wherever_a_pfx_can_hide_them(hidden: bytes) -> None:
    for around in (element, endless):
        with pytest.raises(key_cost.TooDear, match="rounds of hashing"):
            key_cost.refuse_pfx(around(0x30, VERSION, CHEAP, hidden))


@pytest.mark.parametrize(
    "data", [b"", b"\x30", b"\x30\x80", b"\x30\x84\xff\xff\xff\xff", b"\x24\x80" * 9000, CHEAP]
)
def test_what_is_damaged_or_cheap_is_left_to_the_reader(data: bytes) -> None:
    key_cost.refuse_pfx(data)


def identifier(hexadecimal: str, *parameters: bytes) -> bytes:
    """An algorithm by its object identifier."""
    name = bytes.fromhex(hexadecimal)
    return element(0x30, bytes([6, len(name)]) + name, *parameters)


def pfx(rounds: bytes) -> bytes:
    """A PFX with nothing in it but its check value, which the passphrase is tried with."""
    digest = element(0x30, identifier("608648016503040201"), element(0x04, bytes(32)))
    data = identifier("2a864886f70d010701", element(0xA0, element(0x04, element(0x30))))
    return element(0x30, VERSION, data, element(0x30, digest, SALT, rounds))


def pem(rounds: bytes) -> bytes:
    """A private key under PBKDF2 and AES-256-CBC, which no passphrase opens."""
    kdf = identifier("2a864886f70d01050c", element(0x30, SALT, rounds))
    cipher = identifier("60864801650304012a", element(0x04, bytes(16)))
    sealed = element(
        0x30, identifier("2a864886f70d01050d", element(0x30, kdf, cipher)), element(0x04, bytes(32))
    )
    text = base64.encodebytes(sealed)
    return b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n" + text + b"-----END ENCRYPTED PRIVATE KEY-----\n"


@pytest.mark.parametrize("form", [pfx, pem])
def test_a_passphrase_is_tried_on_a_cheap_file_and_not_on_a_dear_one(
    tmp_path: Path, form: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / f"stranger.{form.__name__}"
    path.write_bytes(form(ROUNDS))
    with pytest.raises(WrongPassphrase):
        key_files.load(path, ["secret"])
    path.write_bytes(form(MOST))
    with pytest.raises(UnusableKeyFile, match="2147483647 rounds"):
        key_files.load(path, ["secret"])
    (listed,) = key_store.list(tmp_path)
    assert (listed.state, "rounds" in listed.trouble) == (State.DAMAGED, True)


def rsa_pem(p: int, q: int, n: int) -> bytes:
    """A private key in the traditional form, whether its numbers fit together or not."""
    e = 65537
    d = pow(e, -1, (p - 1) * (q - 1))
    numbers = (0, n, e, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p))
    text = base64.encodebytes(element(0x30, *map(integer, numbers)))
    return b"-----BEGIN RSA PRIVATE KEY-----\n" + text + b"-----END RSA PRIVATE KEY-----\n"


def integer(number: int) -> bytes:
    content = number.to_bytes(number.bit_length() // 8 + 1)
    if len(content) < 0x80:
        return bytes([2, len(content)]) + content
    return bytes([2, 0x81, len(content)]) + content if len(content) < 0x100 else element(2, content)


def test_the_primes_of_a_key_that_is_too_large_are_not_proven(tmp_path: Path) -> None:
    p, q = 2**9689 - 1, 2**9941 - 1
    path = tmp_path / "large.pem"
    path.write_bytes(rsa_pem(p, q, p * q))
    started = time.monotonic()
    with pytest.raises(UnusableKey, match="RSA-19630 came"):
        key_files.load(path)
    assert time.monotonic() - started < 10


def test_a_pem_whose_numbers_do_not_fit_together_is_refused(
    tmp_path: Path, signing_key: RSAPrivateKey, other_key: RSAPrivateKey
) -> None:
    one, other = signing_key.private_numbers(), other_key.private_numbers()
    path = tmp_path / "mixed.pem"
    path.write_bytes(rsa_pem(one.p, one.q, one.p * one.q))
    assert key_files.load_private(path)[0].public == PublicKey.of(signing_key)
    path.write_bytes(rsa_pem(one.p, one.q, other.p * other.q))
    with pytest.raises(UnusableKeyFile):
        key_files.load(path)
