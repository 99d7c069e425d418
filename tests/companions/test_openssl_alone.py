"""Our enrolment package and our challenge, opened with nothing but the OpenSSL command line, Python's integers and the documentation.

What opens them here shares no line with the product: it was written from `docs/formats.md` and uses no module of `emulator.protocol`. The product
only makes what is opened: the picture by `f10 admin enrol`, the challenge by a PC. The PC then takes the PIN.
"""

import base64
import hashlib
import json
import subprocess
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.codes import codes_in
from tests.pictures import require_a_font

if TYPE_CHECKING:
    from emulator.machine import TargetPC

PASSPHRASE = "correct horse battery staple"
NAME = "Büro 7, Zugang"
VECTORS = Path(__file__).parents[1] / "vectors"

OpenSSL = Callable[..., bytes]


# What follows opens. It knows the documentation.


def unwrapped(picture: Path) -> str:
    (text,) = codes_in(Image.open(picture).convert("L"))
    return text


@dataclass(frozen=True)
class Numbers:
    """An RSA key as the integers of RFC 8017."""

    p: int
    q: int
    e: int = 65537

    @property
    def n(self) -> int:
        return self.p * self.q

    @property
    def d(self) -> int:
        return pow(self.e, -1, (self.p - 1) * (self.q - 1))

    @property
    def key_id(self) -> bytes:
        return hashlib.sha256(self.n.to_bytes(256, "big")).digest()

    def configuration(self) -> str:
        """RFC 8017's RSAPrivateKey, as `openssl asn1parse -genconf` reads it."""
        values = {
            "version": 0,
            "modulus": self.n,
            "publicExponent": self.e,
            "privateExponent": self.d,
            "prime1": self.p,
            "prime2": self.q,
            "exponent1": self.d % (self.p - 1),
            "exponent2": self.d % (self.q - 1),
            "coefficient": pow(self.q, -1, self.p),
        }
        lines = (f"{name}=INTEGER:{value:#x}" for name, value in values.items())
        return "asn1=SEQUENCE:key\n[key]\n" + "\n".join(lines) + "\n"


def primes(openssl: OpenSSL, text: str, passphrase: str) -> Numbers:
    """The two primes in an enrolment package."""
    package = json.loads(text)
    sealed = base64.b64decode(package["PvtKey"], validate=True)
    salt, iv, ciphertext = sealed[:8], sealed[8:24], sealed[24:]
    metadata = text.replace(f'"{package["PvtKey"]}"', "null")
    password = (passphrase + metadata).encode("utf-8")
    derived = openssl(
        "kdf", "-keylen", "32", "-kdfopt", "digest:SHA1", "-kdfopt", f"hexpass:{password.hex()}",
        "-kdfopt", f"hexsalt:{salt.hex()}", "-kdfopt", "iter:100000", "PBKDF2",
    )  # fmt: skip
    key = derived.decode().strip().replace(":", "")
    plain = openssl("enc", "-d", "-aes-256-cbc", "-K", key, "-iv", iv.hex(), stdin=ciphertext)
    assert len(plain) == 256
    return Numbers(int.from_bytes(plain[:128], "big"), int.from_bytes(plain[128:], "big"))


def built(openssl: OpenSSL, numbers: Numbers, folder: Path) -> Path:
    """The key as a DER file that OpenSSL finds consistent."""
    configuration, key = folder / "key.cnf", folder / "key.der"
    configuration.write_text(numbers.configuration())
    openssl("asn1parse", "-genconf", configuration, "-noout", "-out", key)
    assert b"RSA key ok" in openssl("rsa", "-inform", "DER", "-in", key, "-check", "-noout")
    return key


def base45(text: str) -> bytes:
    """RFC 9285."""
    digits = ["0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:".index(character) for character in text]
    groups = (digits[start : start + 3] for start in range(0, len(digits), 3))
    return b"".join(
        sum(digit * 45**place for place, digit in enumerate(group)).to_bytes(len(group) - 1, "big")
        for group in groups
    )


@dataclass(frozen=True)
class Asked:
    """A challenge, version 1."""

    key_id: bytes
    header: bytes
    ciphertext: bytes

    @classmethod
    def read(cls, text: str) -> "Asked":
        members = json.loads(text)
        assert members.keys() == {"f10", "k", "h", "c"}
        assert members["f10"] == 1
        return cls(*(base45(members[name]) for name in "khc"))

    @property
    def label(self) -> bytes:
        return self.key_id + self.header

    @property
    def purpose(self) -> int:
        assert self.header[0] == 1
        return self.header[1]

    @property
    def machine(self) -> uuid.UUID:
        return uuid.UUID(bytes_le=self.header[2:18])

    @property
    def issued_at(self) -> int:
        return int.from_bytes(self.header[34:42], "little")

    @property
    def serial(self) -> str:
        assert len(self.header) == 43 + self.header[42]
        return self.header[43:].decode("ascii")


def opened(openssl: OpenSSL, key: Path, asked: Asked) -> str:
    """The PIN."""
    return openssl(
        "pkeyutl", "-decrypt", "-inkey", key, "-keyform", "DER", "-pkeyopt", "rsa_padding_mode:oaep",
        "-pkeyopt", "rsa_oaep_md:sha256", "-pkeyopt", "rsa_mgf1_md:sha256", "-pkeyopt", f"rsa_oaep_label:{asked.label.hex()}",
        stdin=asked.ciphertext,
    ).decode("ascii")  # fmt: skip


# What follows is opened. The product makes it.


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the picture says that `f10 admin enrol` draws of the fixed local access key."""
    folder = tmp_path_factory.mktemp("admin")
    picture = folder / "key.png"
    f10(
        folder, "admin", "enrol", str(VECTORS / "test_key_local_access.pem"), "-o", str(picture), "--name", NAME,
        "--model", 'Model "<1>"', "--picture-passphrase-fd", "0", stdin=PASSPHRASE,
    )  # fmt: skip
    return unwrapped(picture)


def f10(home: Path, *arguments: str, stdin: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-m", "emulator", "--home", str(home), *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def at_the_door() -> "TargetPC":
    """A PC that asks for a code of the fixed local access key before it opens its setup."""
    from emulator.firmware import commands
    from tests.firmware.bench import guarded
    from tests.machine.images import image_with, pc_in

    pc = pc_in(image_with(guarded()))
    pc.execute(commands.PowerOn())
    pc.execute(commands.EnterSetup())
    return pc


def challenge_of(pc: "TargetPC") -> str:
    live = pc.firmware.session.door.live
    assert live is not None
    return live.challenge.text


def test_the_package_gives_the_key(openssl: OpenSSL, package: str, tmp_path: Path) -> None:
    members = json.loads(package)
    assert (members["KeyName"], members["Model"], members["KeyAlgo"]) == (NAME, 'Model "<1>"', "007")
    numbers = primes(openssl, package, PASSPHRASE)
    assert base64.b64encode(numbers.key_id).decode() == members["KeyId"]
    original = openssl("rsa", "-in", VECTORS / "test_key_local_access.pem", "-noout", "-modulus")
    rebuilt = openssl("rsa", "-inform", "DER", "-in", built(openssl, numbers, tmp_path), "-noout", "-modulus")
    assert rebuilt == original


@pytest.mark.parametrize(
    ("edit", "passphrase"),
    [(("", ""), f"{PASSPHRASE} "), ((NAME, "Büro 8, Zugang"), PASSPHRASE), (('"0"', '"1"'), PASSPHRASE)],
)
def test_another_passphrase_or_an_edited_package_gives_no_key(
    openssl: OpenSSL, package: str, edit: tuple[str, str], passphrase: str
) -> None:
    edited = package.replace(*edit) if edit[0] else package
    try:
        numbers = primes(openssl, edited, passphrase)
    except AssertionError:
        return  # The padding did not come out; one time in 256 it does.
    assert base64.b64encode(numbers.key_id).decode() != json.loads(package)["KeyId"]


def test_the_challenge_gives_the_code_that_the_pc_takes(
    openssl: OpenSSL, package: str, tmp_path: Path
) -> None:
    numbers, pc = primes(openssl, package, PASSPHRASE), at_the_door()
    asked = Asked.read(challenge_of(pc))
    assert asked.key_id == numbers.key_id
    identity = pc.firmware.memory.identity
    assert (asked.purpose, asked.machine, asked.serial) == (1, identity.machine, identity.serial)
    assert asked.issued_at == int(pc.clock.now().unix)
    pin = opened(openssl, built(openssl, numbers, tmp_path), asked)
    assert len(pin) == 8
    assert pin.isdigit()
    assert pc.firmware.session.phase.value == "response-code prompt"
    pc.answer(pin)
    assert pc.firmware.session.phase.value == "Computer Setup"


def test_a_challenge_with_one_bit_changed_anywhere_gives_none(
    openssl: OpenSSL, package: str, tmp_path: Path
) -> None:
    asked = Asked.read(challenge_of(at_the_door()))
    key = built(openssl, primes(openssl, package, PASSPHRASE), tmp_path)
    assert opened(openssl, key, asked).isdigit()
    for place in range(0, len(asked.label), 7):
        edited = bytearray(asked.label)
        edited[place] ^= 1
        with pytest.raises(AssertionError, match=r"(?i)oaep"):
            opened(openssl, key, Asked(bytes(edited[:32]), bytes(edited[32:]), asked.ciphertext))


@pytest.mark.slow
def test_a_world_made_by_the_command_line_alone(openssl: OpenSSL, tmp_path: Path) -> None:
    """Two pictures and a passphrase on paper are all that the phone ever gets."""
    require_a_font()
    home, challenge = tmp_path / "home", tmp_path / "challenge.png"
    f10(home, "boot", "--keys", "F10", "--size", "100x38", "--screenshot", str(challenge))
    passphrase = (home / "admin" / "DEMO-passphrase.txt").read_text().strip()
    numbers = primes(openssl, unwrapped(home / "admin" / "DEMO-local-access-key.png"), passphrase)
    asked = Asked.read(unwrapped(challenge))
    status = json.loads(f10(home, "status", "--json"))
    assert asked.serial in json.dumps(status)
    assert str(asked.machine) in json.dumps(status)
    assert asked.key_id == numbers.key_id
    pin = opened(openssl, built(openssl, numbers, tmp_path), asked)
    assert len(pin) == 8
    assert pin.isdigit()
