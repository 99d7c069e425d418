"""Secure Boot as the firmware sees it: in which mode the platform is, whose keys those are, and what the databases hold.

With a platform key (`PK`) the platform is in user mode, without one in setup mode, in which anybody may enrol keys and nothing is
checked. The two variables that tell this to an operating system, `SetupMode` and `SecureBoot`, are volatile on every firmware and follow
from the rest, so they are not stored here either. `SecureBootEnable` is EDK2's switch; a real machine's is not known.

Nothing is started here that could be checked. What two settings tell about such a check is our invention: what starts this machine counts
as signed under one of the Windows certificates.

Whoever can write the image can put anything there. All of it is told, none of it believed, and nothing here fails.
"""

import uuid
from collections.abc import Iterator, Mapping

from emulator.firmware import signature_databases
from emulator.firmware.catalogue import Catalogue, Role
from emulator.firmware.certificates import Certificate
from emulator.firmware.memory import Memory
from emulator.firmware.signature_databases import OWNER_SIZE
from emulator.firmware.variables import DATABASES
from emulator.protocol import certificate
from emulator.protocol.certificate import UnusableCertificate
from emulator.protocol.frozen import frozen
from firmware_store.signature_list import SHA256, X509, SignatureList, readable_lists

# Role: the certificate that its setting lets into `db`, and whether a machine without the setting has it there. Their order is that of
# the bits in the image, so new ones go to the end.
AUTHORITIES: Mapping[Role, tuple[Certificate, bool]] = {
    Role.TRUST_UEFI_2011: (Certificate.UEFI_2011, True),
    Role.TRUST_WINDOWS_2023: (Certificate.WINDOWS_2023, False),
    Role.TRUST_UEFI_2023: (Certificate.UEFI_2023, False),
    Role.TRUST_OPTION_ROM_2023: (Certificate.OPTION_ROM_2023, False),
}
_WINDOWS = (Certificate.WINDOWS_2011, Certificate.WINDOWS_2023)

NO_KEYS, FACTORY_KEYS, CUSTOM_KEYS = "none", "factory", "custom"

CERTIFICATE, DIGEST, UNREADABLE = "X.509 certificate", "SHA-256", "no signature list"


@frozen
class Entry:
    """One signature of a database. `subject` is a certificate's common name, a digest in hexadecimal, or a size in bytes.

    The dates (ISO 8601, of certificates only) and the owner's GUID are empty where there are none.
    """

    database: str
    kind: str
    subject: str
    owner: str = ""
    valid_from: str = ""
    valid_until: str = ""


def in_user_mode(memory: Memory) -> bool:
    return "PK" in memory.secure_boot.databases


def is_enforced(memory: Memory) -> bool:
    """What the volatile variable `SecureBoot` would say; EDK2 switches on what has no switch yet."""
    return in_user_mode(memory) and memory.secure_boot.switch is not False


def whose_keys(memory: Memory, catalogue: Catalogue) -> str:
    """By the platform key alone: whoever holds it decides on the rest."""
    if not in_user_mode(memory):
        return NO_KEYS
    return FACTORY_KEYS if _holds(memory, catalogue, "PK", Certificate.PLATFORM) else CUSTOM_KEYS


def custom_keys_state(memory: Memory, catalogue: Catalogue) -> str:
    if whose_keys(memory, catalogue) != CUSTOM_KEYS:
        return "No Custom Keys"
    return "Success" if _starts_windows(memory, catalogue) else "Fail"


def ready_without_uefi_ca(memory: Memory, catalogue: Catalogue) -> str:
    ready = not is_enforced(memory) or _starts_windows(memory, catalogue)
    return "Ready" if ready else "Not Ready"


def counts(memory: Memory) -> dict[str, int]:
    """How many signatures each database holds, as far as they can be read."""
    held = memory.secure_boot.databases
    return {
        name: sum(len(each.signatures) for each in readable_lists(held[name])[0])
        for name in DATABASES
        if name in held
    }


def described(memory: Memory) -> tuple[Entry, ...]:
    """Everything in the databases, in their order. This reads certificates, so it is for somebody who looks."""
    held = memory.secure_boot.databases
    return tuple(entry for name in DATABASES if name in held for entry in _entries(name, held[name]))


def _entries(database: str, data: bytes) -> Iterator[Entry]:
    lists, rest = readable_lists(data)
    for each in lists:
        for signature in each.signatures:
            yield _entry(database, each, signature[:OWNER_SIZE], signature[OWNER_SIZE:])
    if rest:
        yield Entry(database, UNREADABLE, f"{len(rest)} bytes")


def _entry(database: str, held: SignatureList, owner: bytes, body: bytes) -> Entry:
    owned_by = str(uuid.UUID(bytes_le=owner))
    if held.kind == SHA256 and len(body) == signature_databases.DIGEST_SIZE:
        return Entry(database, DIGEST, body.hex(), owned_by)
    if held.kind == X509:
        return _certificate(database, body, owned_by)
    return Entry(database, f"type {uuid.UUID(bytes_le=held.kind)}", f"{len(body)} bytes", owned_by)


def _certificate(database: str, der: bytes, owner: str) -> Entry:
    try:
        told = certificate.outline(der)
    except UnusableCertificate:
        return Entry(database, CERTIFICATE, f"unreadable, {len(der)} bytes", owner)
    dates = (each.date().isoformat() for each in (told.valid_from, told.valid_until))
    return Entry(database, CERTIFICATE, told.name, owner, *dates)


def _starts_windows(memory: Memory, catalogue: Catalogue) -> bool:
    return any(_holds(memory, catalogue, "db", which) for which in _WINDOWS)


def _holds(memory: Memory, catalogue: Catalogue, database: str, which: Certificate) -> bool:
    wanted, held = catalogue.certificates.get(which), memory.secure_boot.databases.get(database, b"")
    return wanted is not None and signature_databases.holds(held, wanted)
