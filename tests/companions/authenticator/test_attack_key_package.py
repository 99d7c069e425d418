"""Attacks with enrolment packages, stored keys, vaults and backups that somebody made or changed.

* wrong passphrase; flipped salt, IV, ciphertext: here; the tag of what we seal ourselves: here and in `test_sealed.py`
* iteration counts 0, 1, 2**31: a package has no count; the costs in the head of a vault or a backup: here
* DER bomb, RSA of 1024 and 16384 bits, e = 1 or even, p = q, numbers that do not fit, EC key, public key only: a package holds two primes
  and no DER, so that only primes can be wrong; DER is what the vault keeps, and what the console reads (`admin/key_files.py`): here
* import twice, import with the same key id but another key: here
* export, then import: our export is the backup: here
* passphrase, key and PIN on the disk, in logs, in memory: here; in what is printed, each command of these tests looks
"""

import base64
import gc
import hashlib
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType, ModuleType

import pytest
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from emulator.companions import CompanionError
from emulator.companions.admin import key_files
from emulator.companions.authenticator import record, unlock
from emulator.companions.authenticator.exceptions import DiskRefused, PhoneError
from emulator.companions.authenticator.phone import Phone as Library
from emulator.companions.authenticator.record import Record
from emulator.companions.authenticator.sealed import Cost
from emulator.protocol import enrolment
from emulator.protocol.errors import ProtocolError
from emulator.protocol.keys import PublicKey

from .conftest import PASSPHRASE, Done, Phone

pytestmark = pytest.mark.sampled(3)

Making = Callable[..., str]
CHEAP = Cost(n=1 << 14)
OWN = "passphrase of the phone"
BACKUP = "passphrase of the backup"


def nothing_kept(phone: Phone, done: Done, code: int) -> bool:
    return done.code == code and done.out == "" and "Traceback" not in done.err and not phone.packages


def written_by_a_stranger(plaintext: bytes, key_id: str) -> str:
    """A package around any plaintext, by somebody who knows the passphrase."""
    members = {"Ver": "002", "Type": "001", "KeyId": key_id, "KeyAlgo": "007", "PvtKey": None, "KeyName": "x"}
    metadata = json.dumps(members)
    key = hashlib.pbkdf2_hmac("sha1", (PASSPHRASE + metadata).encode(), bytes(8), 100_000, 32)
    padder = padding.PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).encryptor()
    ciphertext = encryptor.update(padder.update(plaintext) + padder.finalize()) + encryptor.finalize()
    return metadata.replace("null", f'"{base64.b64encode(bytes(24) + ciphertext).decode()}"')


def key_id(n: int) -> str:
    size = max(256, -(-n.bit_length() // 8))
    return base64.b64encode(hashlib.sha256(n.to_bytes(size, "big")).digest()).decode()


# --- The package --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "passphrase", ["", "\t", PASSPHRASE.upper(), PASSPHRASE + " ", PASSPHRASE + "\0", "ß"]
)
def test_a_wrong_passphrase(phone: Phone, package: Making, passphrase: str) -> None:
    assert nothing_kept(phone, phone("enroll", package(), passphrase=passphrase), 107)


@pytest.mark.parametrize("at", [0, 7, 8, 23, 24, 150, 295])
def test_a_flipped_bit_in_salt_iv_or_ciphertext(phone: Phone, package: Making, at: int) -> None:
    members = json.loads(package())
    octets = bytearray(base64.b64decode(members["PvtKey"]))
    octets[at] ^= 1
    members["PvtKey"] = base64.b64encode(octets).decode()
    edited = json.dumps(members, separators=(",", ":"))
    assert nothing_kept(phone, phone("enroll", edited), 107)


@pytest.mark.slow
def test_primes_that_make_no_key(phone: Phone, local_access_key: RSAPrivateKey) -> None:
    """Equal, even, one, not prime, too short, and too few of them; each under the key id that they would have."""
    numbers = local_access_key.private_numbers()
    p, q, odd = numbers.p, numbers.q, (1 << 1023) + (1 << 512) + 15
    for first, second in (
        (p, p),
        (p, q - 1),
        (p, 1),
        (1, 1),
        (0, 0),
        (p, odd),
        (odd, odd + 2),
        (p, (1 << 511) + 1),
    ):
        plaintext = first.to_bytes(128, "big") + second.to_bytes(128, "big")
        package = written_by_a_stranger(plaintext, key_id(first * second))
        assert nothing_kept(phone, phone("enroll", package), 107), (first, second)


def test_primes_of_another_key_under_a_known_key_id(
    phone: Phone, package: Making, local_access_key: RSAPrivateKey, other_key: RSAPrivateKey
) -> None:
    """The same key id but another key: the key id decides, so what is held stays, even on demand."""
    phone("enroll", package())
    numbers = other_key.private_numbers()
    theirs = numbers.p.to_bytes(128, "big") + numbers.q.to_bytes(128, "big")
    swapped = written_by_a_stranger(theirs, PublicKey.of(local_access_key).key_id)
    assert phone("enroll", swapped).code == 100
    assert phone("enroll", swapped, "--force").code == 107
    assert list(phone.packages.values()) == [package().encode()]


def test_an_import_twice_changes_nothing(phone: Phone, package: Making) -> None:
    phone("enroll", package())
    first = phone.files
    assert "held already" in phone("enroll", package()).out
    assert phone.files == first


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"Ver":"002","Type":"001"}', 101),
        ('{"Ver":"002","Ver":"002"}', 101),
        ('{"Ver":NaN}', 101),
        ('{"Ver":' + "[" * 2000 + "]" * 2000 + "}", 101),
        ('{"Ver":' + "9" * 5000 + "}", 101),
        ('{"Ver":"' + "x" * 9000 + '"}', 101),
        ('{"Ver":"002","Type":"002"}', 104),
        ("[" * 2000, 103),
    ],
)
def test_hostile_json(phone: Phone, tmp_path: Path, text: str, code: int) -> None:
    path = tmp_path / "package.json"
    path.write_text(text)
    assert nothing_kept(phone, phone("enroll", str(path)), code)
    assert not phone.folder.exists()


def test_a_package_that_is_no_utf_8(phone: Phone, package: Making, tmp_path: Path) -> None:
    path = tmp_path / "package.json"
    path.write_bytes(package().encode().replace(b"DEMO key", b"DEMO \xff"))
    assert nothing_kept(phone, phone("enroll", str(path)), 102)


# --- Keys in DER --------------------------------------------------------------------------------------------------


def der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def integer(number: int) -> bytes:
    return der(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def pkcs8(*numbers: int) -> bytes:
    """A private key of these numbers, right or not: n, e, d, p, q, d mod p-1, d mod q-1, 1/q mod p."""
    inner = der(0x30, integer(0) + b"".join(map(integer, numbers)))
    algorithm = der(0x30, bytes.fromhex("06092a864886f70d0101010500"))
    return der(0x30, integer(0) + algorithm + der(4, inner))


def hostile_keys(key: RSAPrivateKey, unusable: dict[str, RSAPrivateKey]) -> Iterator[tuple[str, bytes]]:
    numbers = key.private_numbers()
    n, e = numbers.public_numbers.n, numbers.public_numbers.e
    d, p, q, rest = numbers.d, numbers.p, numbers.q, (numbers.dmp1, numbers.dmq1, numbers.iqmp)
    nested = b""
    for _ in range(3000):
        nested = der(0x30, nested)
    yield "DER that nests", nested
    yield "DER that promises gigabytes", b"\x30\x84\xff\xff\xff\xff\x02\x01\x00"
    yield "DER without an end", b"\x30\x80" * 100
    yield "nothing", b""
    large = (1 << 8191) | 1
    yield "RSA of 16384 bits", pkcs8(large * large, e, d, large, large, *rest)
    yield "e = 1", pkcs8(n, 1, 1, p, q, 1, 1, numbers.iqmp)
    yield "e even", pkcs8(n, 65536, d, p, q, *rest)
    yield "p = q", pkcs8(p * p, e, d, p, p, *rest)
    yield "n of others", pkcs8(n + 2, e, d, p, q, *rest)
    yield "d of others", pkcs8(n, e, d + 2, p, q, *rest)
    for name, other in unusable.items():
        yield name, other.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    elliptic = ec.generate_private_key(ec.SECP256R1())
    yield "an EC key", elliptic.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    yield "a public key only", key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.slow
def test_hostile_keys_in_the_vault(
    package: Making,
    local_access_key: RSAPrivateKey,
    other_key: RSAPrivateKey,
    unusable_keys: dict[str, RSAPrivateKey],
) -> None:
    """Whoever could write there has the passphrase already; but damage must end in a sentence."""
    held = enrolment.parse(package())
    right = Record(held, "key", private=record.private_bytes(local_access_key))
    assert record.opened(right) is not None
    wrong = [*hostile_keys(local_access_key, unusable_keys), ("another key", record.private_bytes(other_key))]
    for _, data in wrong:
        with pytest.raises(DiskRefused, match="what it holds as the key key is another"):
            record.opened(Record(held, "key", private=data))


def test_hostile_keys_before_the_console(
    tmp_path: Path, local_access_key: RSAPrivateKey, unusable_keys: dict[str, RSAPrivateKey]
) -> None:
    path = tmp_path / "key.pem"
    for what, data in hostile_keys(local_access_key, unusable_keys):
        kind = "PUBLIC" if "public" in what else "PRIVATE"
        body = base64.encodebytes(data).decode()
        path.write_text(f"-----BEGIN {kind} KEY-----\n{body}-----END {kind} KEY-----\n")
        with pytest.raises((CompanionError, ProtocolError)):
            key_files.load_private(path)
        path.write_bytes(data)
        with pytest.raises((CompanionError, ProtocolError)):
            key_files.load_private(path)


# --- Vault and backup ---------------------------------------------------------------------------------------------


def with_cost(data: bytes, **costs: object) -> bytes:
    members = json.loads(data)
    members["scrypt"] |= costs
    return json.dumps(members, separators=(",", ":")).encode()


HOSTILE_COSTS: list[dict[str, object]] = [
    {"n": 0},
    {"n": 1},
    {"n": 1 << 13},
    {"n": 1 << 31},
    {"n": 10**40},
    {"n": (1 << 14) + 1},
    {"n": -(1 << 14)},
    {"n": True},
    {"n": 16384.0},
    {"n": "16384"},
    {"r": 0},
    {"r": 1 << 31},
    {"p": 0},
    {"p": 1 << 31},
]


@pytest.fixture
def protected(tmp_path: Path, package: Making) -> tuple[Path, bytes]:
    """The folder of a protected phone, and a backup of it."""
    library = Library(tmp_path / "phone", cost=CHEAP)
    library.enrol(enrolment.parse(package()), PASSPHRASE)
    backup = library.backup(BACKUP)
    library.protect(OWN, {})
    return tmp_path / "phone", backup


def test_costs_of_scrypt_that_hang_or_protect_nothing(
    phone: Phone, descriptor: Callable[..., str], protected: tuple[Path, bytes], tmp_path: Path
) -> None:
    folder, backup = protected
    vault = folder / "vault.json"
    good = vault.read_bytes()
    for costs in HOSTILE_COSTS:
        vault.write_bytes(with_cost(good, **costs))
        done = phone.bare("list", "--phone-passphrase-fd", descriptor(OWN))
        assert (done.code, "damaged" in done.err) == (100, True), costs
    vault.write_bytes(good)
    path = tmp_path / "backup.json"
    empty = Phone(tmp_path / "empty", descriptor, phone.capsys)
    for costs in HOSTILE_COSTS:
        path.write_bytes(with_cost(backup, **costs))
        assert nothing_kept(empty, empty("restore", str(path), passphrase=BACKUP), 101), costs


def test_a_cost_that_is_allowed_but_another_does_not_open(protected: tuple[Path, bytes]) -> None:
    folder, backup = protected
    with pytest.raises(PhoneError) as refusal:
        Library(folder.parent / "fresh").restore(with_cost(backup, n=1 << 15), BACKUP)
    assert refusal.value.code == 107


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", 103),
        (b"hello", 103),
        (b"[1]", 103),
        (b"\xff\xfe{", 103),
        (b"{", 101),
        (b'{"f10":NaN}', 101),
        (b'{"f10":1,"f10":1}', 101),
        (b'{"f10":' + b"[" * 3000, 101),
        (b"{}", 104),
        (b'{"f10":"phone vault","version":1}', 104),
        (b'{"f10":"phone backup","version":2}', 104),
        (b'{"f10":"phone backup","version":true}', 104),
        (b'{"f10":"phone backup","version":1}', 101),
    ],
)
def test_what_is_no_backup(phone: Phone, tmp_path: Path, data: bytes, code: int) -> None:
    path = tmp_path / "backup.json"
    path.write_bytes(data)
    assert nothing_kept(phone, phone("restore", str(path), passphrase=BACKUP), code)
    assert not phone.folder.exists()


def test_the_wrong_passphrase_of_a_backup(
    phone: Phone, protected: tuple[Path, bytes], tmp_path: Path
) -> None:
    path = tmp_path / "backup.json"
    path.write_bytes(protected[1])
    empty = Phone(tmp_path / "empty", phone.descriptor, phone.capsys)
    assert nothing_kept(empty, empty("restore", str(path), passphrase=OWN), 107)


@pytest.mark.slow
def test_export_then_import(
    phone: Phone, package: Making, ask: Making, other_key: RSAPrivateKey, tmp_path: Path
) -> None:
    phone("enroll", package())
    (tmp_path / "open.json").write_text(package("", key=other_key, name="other"), "utf-8")
    phone("enroll", str(tmp_path / "open.json"))
    phone.bare("rename", "other", "Renamed")
    file = str(tmp_path / "backup.json")
    assert phone("backup", file, passphrase=BACKUP).code == 0
    assert Path(file).stat().st_mode & 0o777 == 0o600
    assert phone("backup", file, passphrase=BACKUP).code == 100
    fresh = Phone(tmp_path / "fresh", phone.descriptor, phone.capsys)
    assert len(fresh("restore", file, "--json", passphrase=BACKUP).json) == 2
    assert fresh.packages == phone.packages
    assert fresh("list", "--json").json == phone("list", "--json").json
    assert fresh("scan", ask("31415926"), "--json").json["pin"] == "31415926"
    assert "nothing was changed" in fresh("restore", file, passphrase=BACKUP).out


def test_a_backup_that_holds_a_key_twice_or_a_damaged_one_is_refused_whole(
    tmp_path: Path, package: Making, other_key: RSAPrivateKey
) -> None:
    from emulator.companions.authenticator import sealed

    good = record.members_of(Record(enrolment.parse(package()), "one"))
    wrong = json.dumps({"Ver": "002"})
    for keys in (
        [good, good],
        [good, good | {"package": wrong}],
        [good, good | {"name": "\x1b[2J"}],
        [good, good | {"enrolled_at": -1}],
        [good, good | {"email": "a@b"}],
        [good, {}],
        [good, 7],
        {"a": good},
        None,
    ):
        content = json.dumps({"made_at": 0, "keys": keys}).encode()
        data = sealed.new(sealed.BACKUP, BACKUP, CHEAP).seal(content)
        with pytest.raises(PhoneError) as refusal:
            Library(tmp_path / "phone").restore(data, BACKUP)
        assert refusal.value.code == 101
        assert not (tmp_path / "phone").exists()


# --- What is left behind ------------------------------------------------------------------------------------------


def secrets_of(key: RSAPrivateKey, pin: str) -> dict[str, bytes]:
    """What must be nowhere, in the forms in which it might be."""
    numbers = key.private_numbers()
    p, q = numbers.p.to_bytes(128, "big"), numbers.q.to_bytes(128, "big")
    raw = {
        "passphrase": PASSPHRASE.encode(),
        "phone": OWN.encode(),
        "backup": BACKUP.encode(),
        "pin": pin.encode(),
        "p": p,
        "q": q,
        "d": numbers.d.to_bytes(256, "big").lstrip(b"\0"),
    }
    forms = dict(raw)
    for name, octets in raw.items():
        # The middle of a text in base64, whatever stands before it.
        for shift in range(3):
            forms[f"{name} in base64, {shift}"] = base64.b64encode(bytes(shift) + octets)[4:-4]
        forms[f"{name} in hexadecimal"] = octets.hex().encode()
        forms[f"{name} reversed"] = octets[::-1]
    return forms


def test_neither_disk_nor_log_holds_a_secret(
    phone: Phone,
    package: Making,
    ask: Making,
    local_access_key: RSAPrivateKey,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        phone("enroll", package())
        assert phone("scan", ask("31415926")).code == 0
        assert phone("scan", ask("31415926"), passphrase="wrong one").code == 107
        phone("backup", str(phone.folder / "backup.json"), passphrase=BACKUP)
    assert len(phone.files) == 4
    hidden(phone.files, caplog.text, local_access_key)


def test_neither_disk_nor_log_of_a_protected_phone_holds_a_secret(
    phone: Phone,
    package: Making,
    ask: Making,
    local_access_key: RSAPrivateKey,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        library = Library(phone.folder, cost=CHEAP)
        library.enrol(enrolment.parse(package()), PASSPHRASE)
        library.protect(OWN, {})
        for secret in (PASSPHRASE, None):
            assert library.answer(library.read_challenge([(ask("31415926"),)]), secret).pin == "31415926"
        with pytest.raises(PhoneError):
            library.unlock("wrong one")
        (phone.folder / "backup.json").write_bytes(library.backup(BACKUP))
    assert set(phone.files) == {"vault.json", "backup.json", "history.jsonl"}
    hidden(phone.files, caplog.text, local_access_key)


def hidden(files: dict[str, bytes], logged: str, key: RSAPrivateKey) -> None:
    for name, octets in secrets_of(key, "31415926").items():
        for path, content in files.items():
            assert octets not in content, f"{name} in {path}"
        assert octets not in logged.encode(), name


def test_a_locked_phone_holds_no_secret_in_memory(
    tmp_path: Path, package: Making, ask: Making, local_access_key: RSAPrivateKey
) -> None:
    """Everything that the phone's object can still reach; what the interpreter has freed is beyond a program's means."""
    library = Library(tmp_path / "phone", cost=CHEAP)
    library.protect(OWN, {})
    library.enrol(enrolment.parse(package()), PASSPHRASE)
    asked = library.read_challenge([(ask("31415926"),)])
    assert library.answer(asked, None).pin == "31415926"
    secrets = secrets_of(local_access_key, "31415926")
    assert not [name for octets in reached(library) for name, secret in secrets.items() if secret in octets]
    sizes = {len(octets) for octets in reached(library)}
    assert 32 in sizes, "an unlocked phone keeps the vault's data key"
    library.lock()
    assert 32 not in {len(octets) for octets in reached(library)}


def reached(start: object) -> Iterator[bytes]:
    """All text and bytes that `start` leads to, but for code."""
    seen: set[int] = set()
    waiting = [start]
    while waiting:
        each = waiting.pop()
        if id(each) in seen or isinstance(each, type | ModuleType | FunctionType):
            continue
        seen.add(id(each))
        if isinstance(each, str):
            yield each.encode("utf-8", "replace")
        elif isinstance(each, bytes):
            yield each
        waiting += gc.get_referents(each)


def test_no_repr_tells_a_secret(package: Making, local_access_key: RSAPrivateKey) -> None:
    from emulator.companions.authenticator import sealed

    held = enrolment.parse(package(""))
    whole = Record(held, "key", private=record.private_bytes(local_access_key))
    opened = sealed.new(sealed.VAULT, OWN, CHEAP)
    told = repr(whole) + repr(opened) + repr(held)
    assert "PvtKey" not in told
    assert repr(opened.key)[2:-1] not in told
    assert repr(whole.private)[2:40] not in told
    assert unlock.open_package(held, "") is not None
