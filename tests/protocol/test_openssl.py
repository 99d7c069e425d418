"""The OpenSSL command line as a second judge of every signed payload.

It knows nothing of this project: bytes are cut out of the vectors, and payloads put together, by offsets that stand here as numbers,
and never by the code under test. So signed bytes, byte order and padding are right or wrong for both, or a test says which.
"""

import base64
import functools
import hashlib
import json
import shutil
import struct
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.protocol import (
    authorization,
    certificate,
    firmware_update,
    payload,
    spm,
    sure_recover,
    sure_run,
)
from emulator.protocol.keys import InvalidSignature, PublicKey
from emulator.protocol.payload import Purpose

VECTORS = Path(__file__).parent.parent / "vectors"
NONCE, ANY_MACHINE = 1674912404, b"\xff" * 16
IMAGE, MANIFEST = b"an image", b"a manifest"

Vectors = Callable[[str], list[dict[str, Any]]]


class Cut(NamedTuple):
    """What one signature of a vector covers."""

    title: str
    signer: str
    signature: bytes
    signed: bytes


class Judge:
    """The program, with the two halves of every test key as it makes them."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program, self._folder = program, folder

    def run(self, *arguments: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([self._program, *arguments], input=stdin, capture_output=True, check=False)

    def told(self, *arguments: str | Path, stdin: bytes = b"") -> bytes:
        done = self.run(*arguments, stdin=stdin)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    @functools.cached_property
    def public_keys(self) -> dict[str, Path]:
        paths = {}
        for name in ("endorsement", "signing", "other"):
            paths[name] = self._folder / f"{name}.pem"
            paths[name].write_bytes(self.told("rsa", "-in", VECTORS / f"test_key_{name}.pem", "-pubout"))
        return paths

    def accepts(self, key: Path, signature: bytes, signed: bytes) -> bool:
        """`signature` as it travels, so the program gets it turned round."""
        path = self._folder / "signature"
        path.write_bytes(signature[::-1])
        done = self.run("dgst", "-sha256", "-verify", key, "-signature", path, stdin=signed)
        assert done.stdout in {b"Verified OK\n", b"Verification failure\n"}
        assert (done.returncode == 0) is (done.stdout == b"Verified OK\n")
        return done.returncode == 0

    def sign(self, name: str, signed: bytes) -> bytes:
        key = VECTORS / f"test_key_{name}.pem"
        return self.told("dgst", "-sha256", "-sign", key, stdin=signed)[::-1]


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("The program openssl is missing; it would check our cryptography independently.")
    return Judge(program, tmp_path_factory.mktemp("openssl"))


def settings_in(title: str, data: bytes) -> Iterator[Cut]:
    """Name, value and string of each change; the header is 27 bytes, the signature 256."""
    entries = json.loads(data)
    for entry in entries if isinstance(entries, list) else [entries]:
        block = base64.b64decode(entry["AuthString"][7:])
        signed = block[:27] + (entry["Name"] + entry["Value"]).encode("utf-16-le")
        yield Cut(title, "signing", block[27:283], signed)


def update_in(title: str, data: bytes) -> Iterator[Cut]:
    """Name 48, hash 32, mark 14, header 27, signature 256; signed is header + name + hash."""
    octets = bytes(json.loads(data)["Authorization"])
    yield Cut(title, "signing", octets[121:377], octets[94:121] + octets[0:48] + octets[48:80])


def cuts(vectors: Vectors) -> list[Cut]:
    found: list[Cut] = []
    for vector in vectors("payloads"):
        title, purpose = vector["kind"], vector["purpose"]
        data = bytes(json.loads(vector["envelope"])["Data"])
        if vector["signed_by"] is None:
            assert purpose in {"hp:provision:endorsementkey", "hp:surerecover:service_event"}
        elif purpose == "hp:sureadmin:firmwareupdate":
            found += update_in(title, data)
        elif purpose.startswith("hp:sureadmin:"):
            found += settings_in(title, data)
        else:
            signer = "endorsement" if purpose == "hp:provision:signingkey" else "signing"
            found.append(Cut(title, signer, data[:256], data[256:]))
    return found


def test_openssl_accepts_every_signature_in_the_vectors_and_under_one_key_only(
    judge: Judge, vectors: Vectors
) -> None:
    found = cuts(vectors)
    assert len(found) == 17
    for cut in found:
        for name, key in judge.public_keys.items():
            assert judge.accepts(key, cut.signature, cut.signed) is (name == cut.signer), cut.title


def test_openssl_and_we_refuse_a_flipped_bit_and_the_other_byte_order(
    judge: Judge, vectors: Vectors, endorsement_key: RSAPrivateKey, signing_key: RSAPrivateKey
) -> None:
    private = {"endorsement": endorsement_key, "signing": signing_key}
    for cut in cuts(vectors):
        key = judge.public_keys[cut.signer]
        ours = PublicKey.of(private[cut.signer])
        ours.verify(cut.signature, cut.signed)
        last = cut.signed[:-1] + bytes([cut.signed[-1] ^ 1])
        first = bytes([cut.signature[0] ^ 1]) + cut.signature[1:]
        for signature, signed in (
            (cut.signature, last),
            (first, cut.signed),
            (cut.signature[::-1], cut.signed),
        ):
            assert not judge.accepts(key, signature, signed), cut.title
            with pytest.raises(InvalidSignature):
                ours.verify(signature, signed)


def test_every_single_flipped_bit_of_an_order_is_refused_by_both(judge: Judge, vectors: Vectors) -> None:
    """The shortest signed part, all of it; the others are walked through in the tests of their modules."""
    (cut,) = (each for each in cuts(vectors) if each.title == "recover:deprovision")
    assert len(cut.signed) == 5
    for bit in range(8 * len(cut.signed)):
        flipped = bytearray(cut.signed)
        flipped[bit // 8] ^= 1 << bit % 8
        assert not judge.accepts(judge.public_keys["signing"], cut.signature, bytes(flipped))


def test_the_certificates_in_the_vectors_are_those_of_the_endorsement_key(
    judge: Judge, vectors: Vectors, tmp_path: Path
) -> None:
    told = [each for each in vectors("payloads") if each["purpose"] == "hp:provision:endorsementkey"]
    assert len(told) == 2
    for vector in told:
        data, der = bytes.fromhex(vector["data"]), tmp_path / "certificate"
        der.write_bytes(data[65:])
        form = ("x509", "-inform", "DER", "-in", der, "-noout")
        ours = certificate.parse(spm.parse_endorsement(data).certificate)
        subject = judge.told(*form, "-subject", "-nameopt", "RFC2253").decode().strip()
        assert "OU=Org," in subject
        assert subject == f"subject={ours.subject}"
        modulus = judge.told(*form, "-modulus").decode().strip()
        assert modulus == f"Modulus={ours.key.modulus.hex().upper()}"
        # The key in the certificate is the one that signed the order for the signing key.
        public = tmp_path / "public.pem"
        public.write_bytes(judge.told(*form, "-pubkey"))
        assert public.read_bytes() == judge.public_keys["endorsement"].read_bytes()
        (order,) = (each for each in cuts(vectors) if each.title == "signing key")
        assert judge.accepts(public, order.signature, order.signed)


def modulus_of(judge: Judge, name: str) -> bytes:
    """Big-endian, as the program prints it."""
    told = judge.told("rsa", "-in", VECTORS / f"test_key_{name}.pem", "-modulus", "-noout").decode()
    return bytes.fromhex(told.strip().removeprefix("Modulus="))


def test_a_signing_key_order_made_with_openssl_is_accepted(
    judge: Judge, endorsement_key: RSAPrivateKey
) -> None:
    modulus = modulus_of(judge, "signing")
    for octets, key in ((modulus[::-1], PublicKey(modulus)), (bytes(256), None)):
        signed = struct.pack("<I", NONCE) + octets
        order = spm.parse_signing_key(judge.sign("endorsement", signed) + signed)
        verified = spm.verify(order, PublicKey.of(endorsement_key))
        assert (verified.counter, verified.key) == (NONCE, key)


@pytest.mark.parametrize(
    ("name", "value"), [("USB Storage Boot", "Enable"), ("SetSystemDefaults", ""), ("Größe", "🔑")]
)
def test_a_setting_made_with_openssl_is_accepted_alone_in_a_list_and_as_a_reset(
    judge: Judge, signing_key: RSAPrivateKey, name: str, value: str
) -> None:
    name_bytes, value_bytes = name.encode("utf-16-le"), value.encode("utf-16-le")
    header = struct.pack("<BHHBIB", 1, len(name_bytes), len(value_bytes), 0, NONCE, 1) + ANY_MACHINE
    block = header + judge.sign("signing", header + name_bytes + value_bytes)
    entry = {"Name": name, "Value": value, "AuthString": "<BEAM/>" + base64.b64encode(block).decode()}
    one, several = json.dumps(entry).encode(), json.dumps([entry, entry]).encode()
    read = [payload.parse_setting(one), *payload.parse_settings(one), *payload.parse_settings(several)]
    tokens = [change.authorization for change in read]
    if name == "SetSystemDefaults":
        tokens.append(payload.parse_reset(one))
    for token in tokens:
        change = authorization.verify(
            authorization.parse(token), PublicKey.of(signing_key), read[0].name, read[0].value
        )
        assert (change.name, change.value, change.nonce) == (name, value, NONCE)


def test_a_firmware_update_made_with_openssl_is_accepted(judge: Judge, signing_key: RSAPrivateKey) -> None:
    name = "Allowed BIOS Update Hash".encode("utf-16-le")
    image_hash = judge.told("dgst", "-sha256", "-binary", stdin=IMAGE)
    header = struct.pack("<BHHBIB", 1, 48, 32, 1, NONCE, 1) + ANY_MACHINE
    signature = judge.sign("signing", header + name + image_hash)
    octets = name + image_hash + "<BEAM/>".encode("utf-16-le") + header + signature
    said = {"bitlocker": "ignore", "Force": False, "FileName": "a.bin", "Quiet": True}
    order = firmware_update.parse(json.dumps(said | {"Authorization": list(octets)}).encode())
    update = firmware_update.verify(
        firmware_update.parse_authorization(order.authorization),
        PublicKey.of(signing_key),
        hashlib.sha256(IMAGE).digest(),
    )
    assert (update.nonce, update.single_use, update.target) == (NONCE, True, ANY_MACHINE)


SIGNED: dict[Purpose, bytes] = {
    Purpose.RECOVER_CONFIGURE: struct.pack("<III", NONCE, 1, 2),
    Purpose.RECOVER_TRIGGER: struct.pack("<III", NONCE, 1, 2) + bytes(256),
    Purpose.RECOVER_SCHEDULE: struct.pack("<IBBBB", NONCE, 1, 2, 3, 4),
    Purpose.RECOVER_DEPROVISION: struct.pack("<IB", NONCE, 31),
    Purpose.RECOVER_FAILOVER: struct.pack("<I", NONCE) + b"opaque",
}


@pytest.mark.parametrize("purpose", list(sure_recover.ORDERS))
def test_an_order_for_sure_recover_made_with_openssl_is_accepted(
    judge: Judge, signing_key: RSAPrivateKey, purpose: Purpose
) -> None:
    image = struct.pack("<IH", NONCE, 2) + modulus_of(judge, "other")[::-1] + b"\1\2upwhttp://x"
    signed = SIGNED.get(purpose, image)
    data = judge.sign("signing", signed) + signed
    verified = sure_recover.verify(sure_recover.ORDERS[purpose](data), PublicKey.of(signing_key))
    assert verified.order.nonce == NONCE
    if isinstance(verified.order, sure_recover.ProvisionOrder):
        order = verified.order
        assert order.image_key.modulus == modulus_of(judge, "other")
        assert (order.user_name, order.password, order.url) == ("u", "pw", "http://x")


@pytest.mark.parametrize("manifest", [MANIFEST, None])
def test_an_order_for_sure_run_made_with_openssl_is_accepted(
    judge: Judge, signing_key: RSAPrivateKey, manifest: bytes | None
) -> None:
    digest = bytes(32) if manifest is None else judge.told("dgst", "-sha256", "-binary", stdin=manifest)
    signed = struct.pack("<IH", NONCE, len(manifest or b"")) + digest
    order = sure_run.parse(judge.sign("signing", signed) + signed, manifest)
    verified = sure_run.verify(order, PublicKey.of(signing_key))
    assert (verified.counter, verified.manifest) == (NONCE, manifest)
