"""The enrolment package that carries a local access key to the phone: the real format, type 001.

Compact JSON, keys in a fixed order, drawn as one QR code. `PvtKey` holds the two primes only, encrypted:

* password = passphrase + the same JSON text with `PvtKey` null (the metadata), as UTF-8;
* key = PBKDF2-HMAC-SHA-1, 8 bytes of salt, 100 000 rounds, 32 bytes; AES-256-CBC, PKCS#7;
* `PvtKey` = base64(salt, IV, ciphertext), 8 + 16 + 272 bytes. There is no MAC: the key id decides whether it opened.

Without a passphrase the password is the metadata alone, which anybody can rebuild: that is no protection, only form.
SHA-1 and the missing MAC are the vendor's choice; the strength lies in the passphrase. To open a package the metadata must be
rebuilt from the text **as received**, never written anew, for another writer may escape or order differently.
"""

import base64
import binascii
import json
import re
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from emulator.protocol import strict_json
from emulator.protocol.errors import ProtocolError
from emulator.protocol.keys import EXPONENT, PublicKey, UnusableKey

VERSION = "002"
TYPE = "001"
WITHOUT_PASSPHRASE = "006"  # noqa: S105 -- an algorithm
WITH_PASSPHRASE = "007"  # noqa: S105 -- an algorithm
ROUNDS = 100_000
SALT_SIZE = 8
IV_SIZE = 16
PRIME_SIZE = 128
LARGEST = 8192
"""Characters; a real package has about 680."""

_SEALED_SIZE = SALT_SIZE + IV_SIZE + 2 * PRIME_SIZE + 16
_PRIVATE_KEY = re.compile(r'("PvtKey"\s*:\s*)"[^"]*"')


class UnknownPackage(ProtocolError):
    """A JSON object that is no enrolment package of the known kind."""


class MalformedPackage(ProtocolError):
    """An enrolment package with a member missing or of the wrong form."""


class PackageDoesNotOpen(ProtocolError):
    """Wrong passphrase, or a package that was edited: the two cannot be told apart."""


@dataclass(frozen=True, slots=True)
class Package:
    """An enrolment package whose form was checked; `text` is the JSON as received.

    `aad_revocation` is the group of Azure AD that must vouch for whoever uses the key; empty for a key that needs nobody's word.
    """

    text: str = field(repr=False)
    key_id: str
    key_name: str
    model: str | None
    serial: str | None
    needs_passphrase: bool
    sealed: bytes = field(repr=False)
    aad_revocation: str = ""


def make(
    key: rsa.RSAPrivateKey,
    *,
    key_name: str,
    passphrase: str,
    salt: bytes,
    iv: bytes,
    model: str | None = None,
    serial: str | None = None,
    aad_revocation: str = "",
) -> str:
    """The JSON text of a package. `salt` (8 bytes) and `iv` (16) must be fresh random bytes. Raises UnusableKey."""
    if (len(salt), len(iv)) != (SALT_SIZE, IV_SIZE):
        raise MalformedPackage(
            f"a package takes a salt of {SALT_SIZE} and an IV of {IV_SIZE} bytes; {len(salt)} and {len(iv)} came"
        )
    key_id, numbers = PublicKey.of(key).key_id, key.private_numbers()
    if max(numbers.p, numbers.q).bit_length() > 8 * PRIME_SIZE:
        raise UnusableKey(
            f"two primes of {8 * PRIME_SIZE} bits were expected; the key has a longer and a shorter one"
        )
    members: dict[str, str | None] = {
        "Ver": VERSION,
        "Type": TYPE,
        "KeyId": key_id,
        "KeyAlgo": WITH_PASSPHRASE if passphrase else WITHOUT_PASSPHRASE,
        "PvtKey": None,
        "KeyExp": "00000000",
        "KeyName": key_name,
        "KeyBkupEn": "0",
        "CanModKeyBkup": "0",
        "CanExport": "0",
        "AADRevocation": aad_revocation,
    }
    if model is not None:
        members["Model"] = model
    if serial is not None:
        members["SerNum"] = serial
    primes = b"".join(prime.to_bytes(PRIME_SIZE, "big") for prime in (numbers.p, numbers.q))
    cipher = _cipher(passphrase + _compact(members), salt, iv)
    padder, encryptor = padding.PKCS7(128).padder(), cipher.encryptor()
    ciphertext = encryptor.update(padder.update(primes) + padder.finalize()) + encryptor.finalize()
    members["PvtKey"] = base64.b64encode(salt + iv + ciphertext).decode("ascii")
    return _compact(members)


def parse(text: str) -> Package:
    """Read a package. Raises NotJSON, NotAnObject, UnknownPackage or MalformedPackage."""
    # A copied text ends in a line break that the writer of the metadata never saw.
    text = text.strip(" \t\r\n")
    members = strict_json.parse_object(text, most=LARGEST)
    kind = members.get("Ver"), members.get("Type")
    if kind != (VERSION, TYPE):
        raise UnknownPackage(
            f"an enrolment package has Ver {VERSION!r} and Type {TYPE!r}; {_shown(kind[0])} and {_shown(kind[1])} came"
        )
    algorithm = _text(members, "KeyAlgo")
    if algorithm not in {WITHOUT_PASSPHRASE, WITH_PASSPHRASE}:
        raise UnknownPackage(f"a package with the unknown key algorithm {algorithm[:8]!r}")
    if len(_PRIVATE_KEY.findall(text)) != 1:
        raise MalformedPackage("the member 'PvtKey' cannot be found in the text of the package")
    return Package(
        text=text,
        key_id=_text(members, "KeyId"),
        key_name=_text(members, "KeyName"),
        model=_text(members, "Model") if "Model" in members else None,
        serial=_text(members, "SerNum") if "SerNum" in members else None,
        needs_passphrase=algorithm == WITH_PASSPHRASE,
        sealed=_sealed(_text(members, "PvtKey")),
        aad_revocation=_text(members, "AADRevocation") if "AADRevocation" in members else "",
    )


def open_package(package: Package, passphrase: str) -> rsa.RSAPrivateKey:
    """The private key in `package`. Raises PackageDoesNotOpen, whatever the reason."""
    salt, iv = package.sealed[:SALT_SIZE], package.sealed[SALT_SIZE : SALT_SIZE + IV_SIZE]
    metadata = _PRIVATE_KEY.sub(r"\1null", package.text)
    decryptor = _cipher(passphrase + metadata, salt, iv).decryptor()
    padded = decryptor.update(package.sealed[SALT_SIZE + IV_SIZE :]) + decryptor.finalize()
    unpadder = padding.PKCS7(128).unpadder()
    try:
        return _from_primes(unpadder.update(padded) + unpadder.finalize(), package.key_id)
    except (ValueError, UnusableKey):
        raise PackageDoesNotOpen(
            "the package does not open: the passphrase is wrong, or the package was edited"
        ) from None


def _from_primes(primes: bytes, key_id: str) -> rsa.RSAPrivateKey:
    """Rebuild the key; the key id decides first, so that no arithmetic is done on a wrong passphrase's noise."""
    p, q = int.from_bytes(primes[:PRIME_SIZE], "big"), int.from_bytes(primes[PRIME_SIZE:], "big")
    if len(primes) != 2 * PRIME_SIZE or p >> 1023 != 1 or q >> 1023 != 1 or p == q:
        raise UnusableKey("two different primes of 1024 bits were expected")
    if PublicKey((p * q).to_bytes(2 * PRIME_SIZE, "big")).key_id != key_id:
        raise UnusableKey("the primes make another key than the package names")
    d = rsa.rsa_recover_private_exponent(EXPONENT, p, q)
    numbers = rsa.RSAPrivateNumbers(
        p=p,
        q=q,
        d=d,
        dmp1=rsa.rsa_crt_dmp1(d, p),
        dmq1=rsa.rsa_crt_dmq1(d, q),
        iqmp=rsa.rsa_crt_iqmp(p, q),
        public_numbers=rsa.RSAPublicNumbers(EXPONENT, p * q),
    )
    return numbers.private_key()


def _cipher(password: str, salt: bytes, iv: bytes) -> Cipher[modes.CBC]:
    key = PBKDF2HMAC(SHA1(), 32, salt, ROUNDS).derive(password.encode("utf-8", "surrogatepass"))  # noqa: S303 -- the vendor's format
    return Cipher(algorithms.AES(key), modes.CBC(iv))


def _compact(members: dict[str, str | None]) -> str:
    return json.dumps(members, separators=(",", ":"), ensure_ascii=False)


def _text(members: dict[str, object], name: str) -> str:
    text = members.get(name)
    if not isinstance(text, str):
        raise MalformedPackage(f"the member {name!r} of a package must be text, {type(text).__name__} came")
    return text


def _shown(value: object) -> str:
    """A stranger's member in an error text: short text as it is, of anything else the type."""
    return repr(value[:8]) if isinstance(value, str) else type(value).__name__


def _sealed(text: str) -> bytes:
    try:
        sealed = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise MalformedPackage("the member 'PvtKey' is no base64") from None
    if len(sealed) != _SEALED_SIZE:
        raise MalformedPackage(f"the member 'PvtKey' stands for {_SEALED_SIZE} bytes; {len(sealed)} came")
    return sealed
