"""Attacks that learn from how the phone refuses: a padding oracle would decrypt anything that was ever sealed for its key.

Whatever is wrong with what was sealed, the phone says one thing: the same number, the same text, the same exit code, in plain text and in
JSON. What it can tell apart without its key (form, and a key that it does not hold) it may say.

* all failures indistinguishable in text, number and exit code: here; of the format itself in `tests/protocol/test_challenge.py`
* roughly in time: a statistic, and none of this file; the shape of the code is that one exception has one place
* no PKCS#1 v1.5 encryption anywhere: here, by opening and by reading the source; for the PC's side of it see
  `tests/firmware/test_attack_padding_oracle.py`. Signatures are PKCS#1 v1.5, as on the real machine; they hide nothing.
"""

import ast
import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, SHA512, HashAlgorithm

import emulator
from emulator.protocol.challenge import Challenge, Header, Purpose
from emulator.protocol.keys import PublicKey

from .conftest import MACHINE, Phone

pytestmark = pytest.mark.sampled(2)

Making = Callable[..., str]
PIN = b"12345678"


def oaep(
    label: bytes | None, hashed: HashAlgorithm | None = None, mask: HashAlgorithm | None = None
) -> padding.OAEP:
    return padding.OAEP(padding.MGF1(mask or SHA256()), hashed or SHA256(), label)


def plain(key: RSAPrivateKey, block: bytes) -> bytes:
    """RSA with no padding but what is in the block."""
    numbers = key.public_key().public_numbers()
    return pow(int.from_bytes(block, "big"), numbers.e, numbers.n).to_bytes(256, "big")


def wrong_ones(key: RSAPrivateKey, other: RSAPrivateKey, label: bytes) -> dict[str, bytes]:
    """Everything that can be wrong with a ciphertext; each is one step of the unpadding, or one before or behind it."""
    public = key.public_key()
    right = public.encrypt(PIN, oaep(label))
    modulus = public.public_numbers().n
    return {
        "noise": bytes(range(256)),
        "zero": bytes(256),
        "one": bytes(255) + b"\1",
        "the modulus": modulus.to_bytes(256, "big"),
        "above the modulus": b"\xff" * 256,
        "one bit": right[:-1] + bytes([right[-1] ^ 1]),
        "the inverse": (modulus - int.from_bytes(right, "big")).to_bytes(256, "big"),
        "twice as much": plain(key, bytes(255) + b"\2")[:0] + _times_two(right, key),
        "for another key": other.public_key().encrypt(PIN, oaep(label)),
        "no label": public.encrypt(PIN, oaep(None)),
        "another label": public.encrypt(PIN, oaep(label + b"\0")),
        "SHA-1": public.encrypt(PIN, oaep(label, SHA1(), SHA1())),
        "SHA-1 in the mask": public.encrypt(PIN, oaep(label, SHA256(), SHA1())),
        "SHA-512": public.encrypt(PIN, oaep(label, SHA512(), SHA512())),
        "PKCS#1 v1.5": public.encrypt(PIN, padding.PKCS1v15()),
        "no padding": plain(key, bytes(248) + PIN),
        "block type 1": plain(key, b"\0\1" + b"\xff" * 245 + b"\0" + PIN),
        "block type 2": plain(key, b"\0\2" + b"\xaa" * 245 + b"\0" + PIN),
        "first byte not zero": plain(key, b"\1" + bytes(255)),
        "no digits": public.encrypt(b"password", oaep(label)),
        "nothing": public.encrypt(b"", oaep(label)),
        "seven digits": public.encrypt(b"1234567", oaep(label)),
        "nine digits": public.encrypt(b"123456789", oaep(label)),
        "a byte that is no text": public.encrypt(b"1234567\xff", oaep(label)),
        "as much as fits": public.encrypt(b"1" * 190, oaep(label)),
    }


def _times_two(ciphertext: bytes, key: RSAPrivateKey) -> bytes:
    """A ciphertext of twice the block, which is how such oracles are asked."""
    numbers = key.public_key().public_numbers()
    return (int.from_bytes(ciphertext, "big") * pow(2, numbers.e, numbers.n) % numbers.n).to_bytes(256, "big")


@pytest.fixture
def asked(local_access_key: RSAPrivateKey) -> Challenge:
    head = Header(Purpose.SETUP, MACHINE, bytes(16), int(time.time()), "DEMO000001").encode()
    digest = PublicKey.of(local_access_key).digest
    return Challenge(digest, head, local_access_key.public_key().encrypt(PIN, oaep(digest + head)))


@pytest.mark.slow
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_all_failures_are_one_in_text_number_and_exit_code(
    phone: Phone,
    package: Making,
    asked: Challenge,
    local_access_key: RSAPrivateKey,
    other_key: RSAPrivateKey,
    options: list[str],
) -> None:
    phone("enroll", package())
    assert phone("scan", asked.text).code == 0
    label = asked.key_digest + asked.header
    told = {
        what: phone("scan", replace(asked, ciphertext=ciphertext).text, *options)
        for what, ciphertext in wrong_ones(local_access_key, other_key, label).items()
    }
    assert {done.code for done in told.values()} == {106}
    assert len({(done.out, done.err) for done in told.values()}) == 1
    assert len(told) == 25


def test_a_right_ciphertext_under_an_edited_label_is_told_like_a_wrong_one(
    phone: Phone, package: Making, asked: Challenge
) -> None:
    phone("enroll", package())
    wrong = phone("scan", replace(asked, ciphertext=bytes(256)).text)
    for head in (
        replace(Header.decode(asked.header), serial="DEMO000002"),
        replace(Header.decode(asked.header), issued_at=0),
    ):
        assert phone("scan", replace(asked, header=head.encode()).text) == wrong


def test_a_wrong_passphrase_is_told_alike_for_challenges_that_would_open_and_that_would_not(
    phone: Phone, package: Making, asked: Challenge
) -> None:
    phone("enroll", package())
    told = [
        phone("scan", each.text, passphrase="a wrong one")
        for each in (asked, replace(asked, ciphertext=bytes(256)), replace(asked, ciphertext=b"\xff" * 256))
    ]
    assert told[0].code == 107
    assert told == [told[0]] * 3


def test_nothing_of_a_plaintext_is_told(
    phone: Phone, package: Making, asked: Challenge, local_access_key: RSAPrivateKey
) -> None:
    phone("enroll", package())
    label = asked.key_digest + asked.header
    secret = local_access_key.public_key().encrypt(b"attack at dawn", oaep(label))
    for options in ([], ["--json"]):
        done = phone("scan", replace(asked, ciphertext=secret).text, *options)
        assert "attack" not in done.out + done.err
        assert "dawn" not in done.out + done.err


def test_a_pin_sealed_with_pkcs_1_v1_5_never_opens(
    phone: Phone, package: Making, asked: Challenge, local_access_key: RSAPrivateKey
) -> None:
    """Several, because OpenSSL answers such a failure with a made-up plaintext, and not always the same."""
    phone("enroll", package())
    for _ in range(8):
        ciphertext = local_access_key.public_key().encrypt(PIN, padding.PKCS1v15())
        assert phone("scan", replace(asked, ciphertext=ciphertext).text).code == 106


def test_nothing_encrypts_or_decrypts_with_pkcs_1_v1_5() -> None:
    """Every RSA encryption and decryption in the program names OAEP; PKCS#1 v1.5 is named where signatures are, and nowhere else."""
    folder = Path(emulator.__file__).parent
    ciphers, naming = {}, set()
    for path in folder.rglob("*.py"):
        name = path.relative_to(folder).as_posix()
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                # Three arguments, the last of them associated data, are AES-GCM.
                if node.func.attr in {"encrypt", "decrypt"} and len(node.args) != 3:
                    ciphers[name, node.func.attr] = ast.unparse(node.args[1])
                elif node.func.attr in {"sign", "verify"} and "_PADDING" in ast.unparse(node):
                    continue
            if isinstance(node, ast.Attribute | ast.Name) and "PKCS1v15" in ast.unparse(node):
                naming.add(name)
    assert set(ciphers) == {("protocol/challenge.py", "encrypt"), ("protocol/challenge.py", "decrypt")}
    assert all(used.startswith("_oaep(") for used in ciphers.values())
    assert naming == {"protocol/keys.py"}
    signatures = ast.parse((folder / "protocol" / "keys.py").read_bytes())
    called = {
        node.func.attr
        for node in ast.walk(signatures)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not called & {"encrypt", "decrypt"}


def test_an_edited_package_and_a_wrong_passphrase_are_told_alike(phone: Phone, package: Making) -> None:
    """CBC without a MAC is the vendor's format, and the classic padding oracle: so every failure to open is one."""
    whole = package()
    members = json.loads(whole)
    told = {phone("enroll", whole, passphrase="a wrong one")}
    for at in (0, 10, 30, 100, 300, len(members["PvtKey"]) - 4):
        edited = list(members["PvtKey"])
        edited[at] = "A" if edited[at] != "A" else "B"
        told.add(phone("enroll", json.dumps(members | {"PvtKey": "".join(edited)}, separators=(",", ":"))))
    assert len(told) == 1
    assert told.pop().code == 107
