"""What lies in the databases of Secure Boot: EFI_SIGNATURE_LISTs, and the few changes that the firmware itself makes to them.

`firmware_store.signature_list` reads and writes their form, which is UEFI's. A certificate has a list to itself, as everywhere; the
digests of what is revoked share one. Somebody may have brought lists of other kinds, or bytes that are no list at all: whatever is not
changed stays byte for byte. Behind bytes that are no list nobody would find a certificate, so there none is added.

The owner's GUID and the digests in `dbx` are our invention: no boot loader has them.
"""

import uuid
from collections.abc import Iterable, Mapping
from functools import cache

from emulator.firmware.certificates import Certificate
from firmware_store.signature_list import SHA256, X509, SignatureList, readable_lists, write_lists

OWNER = uuid.UUID("7f1f4d3c-9a4e-4f5b-8f8b-3c5d1a0bf10f")
OWNER_SIZE = len(OWNER.bytes)
DIGEST_SIZE = 32


@cache
def revoked() -> tuple[bytes, ...]:
    """The digests in `dbx`."""
    import hashlib

    return tuple(
        hashlib.sha256(f"f10: a boot loader that was never made, {number}".encode()).digest()
        for number in (1, 2)
    )


def factory(
    certificates: Mapping[Certificate, bytes], authorities: Iterable[Certificate]
) -> dict[str, bytes]:
    """The databases as a machine leaves the factory; `authorities` are let into `db` besides the one that always is."""
    trusted = (Certificate.WINDOWS_2011, *authorities)
    return {
        "PK": of_certificates([certificates[Certificate.PLATFORM]]),
        "KEK": of_certificates(
            [certificates[each] for each in (Certificate.EXCHANGE, Certificate.SYSTEM_EXCHANGE)]
        ),
        "db": of_certificates([certificates[each] for each in trusted]),
        "dbx": _written(SHA256, revoked()),
    }


def of_certificates(certificates: Iterable[bytes]) -> bytes:
    return b"".join(_written(X509, [der]) for der in certificates)


def holds(database: bytes, certificate: bytes) -> bool:
    """Whether a certificate is in the database, whoever is said to own it."""
    lists, _ = readable_lists(database)
    return any(
        each.kind == X509 and certificate in (signature[OWNER_SIZE:] for signature in each.signatures)
        for each in lists
    )


def with_certificate(database: bytes, certificate: bytes) -> bytes:
    if holds(database, certificate) or readable_lists(database)[1]:
        return database
    return database + of_certificates([certificate])


def without_certificate(database: bytes, certificate: bytes) -> bytes:
    if not holds(database, certificate):
        return database
    lists, rest = readable_lists(database)
    left = [_without(each, certificate) if each.kind == X509 else each for each in lists]
    return (
        write_lists(
            after for before, after in zip(lists, left, strict=True) if after.signatures or after is before
        )
        + rest
    )


def _without(held: SignatureList, certificate: bytes) -> SignatureList:
    kept = tuple(each for each in held.signatures if each[OWNER_SIZE:] != certificate)
    return held if kept == held.signatures else held._replace(signatures=kept)


def _written(kind: bytes, signatures: Iterable[bytes]) -> bytes:
    owned = tuple(OWNER.bytes_le + each for each in signatures)
    return write_lists([SignatureList(kind, len(owned[0]), owned)])
