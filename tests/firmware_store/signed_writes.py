"""One long history of signed and unsigned writes, with the status that Debian's OVMF gives to each.

The steps build on each other. The statuses were recorded from OVMF 2022.11 in QEMU, which always takes somebody to be
in front of the machine; one test compares our answers to them every time, a slow one asks the firmware again and
compares the stored bytes too. `differences` are requests that we answer otherwise on purpose.
"""

from typing import Any, NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA384, SHA512
from cryptography.x509 import (
    Certificate,
    DirectoryName,
    KeyUsage,
    NameConstraints,
    ObjectIdentifier,
    UnrecognizedExtension,
)

from firmware_store import VariableStore, authenticated
from firmware_store.errors import VariableError
from tests.firmware_store.signing import (
    APPEND,
    DATABASE,
    GLOBAL,
    SHA256_DIGEST,
    SIGNED,
    VENDOR,
    certificate,
    certificates,
    descriptor,
    digests,
    name_of,
    signature_list,
    signed,
    time,
    unsigned,
)

CUSTOM_MODE = UUID("c076ec0c-7028-4399-a072-71ee5c448b9f")
SECURE_BOOT_ENABLE = UUID("f0a30bc7-af08-4556-99c4-001009c93a44")
CERTDB = UUID("d9bee56e-75dc-49d9-b4d7-b534210f637a")
VENDOR_KEYS = UUID("9073e4e0-60ec-4b6e-9903-4c223c260f3c")

FINE, INVALID, SECURITY = "EFI_SUCCESS", "EFI_INVALID_PARAMETER", "EFI_SECURITY_VIOLATION"
NOT_FOUND, PROTECTED, UNSUPPORTED = "EFI_NOT_FOUND", "EFI_WRITE_PROTECTED", "EFI_UNSUPPORTED"

# The committed keys in their roles.
PLATFORM, EXCHANGE, USER, STRANGER, ENDED = "endorsement", "signing", "local_access", "other", "rsa_4096"
USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


class Step(NamedTuple):
    what: str
    guid: UUID
    name: str
    attributes: int
    data: bytes
    status: str


class Difference(NamedTuple):
    """What we answer to a step, and why not what the firmware does."""

    step: Step
    ours: str
    why: str


def answer(store: VariableStore, step: Step, *, physically_present: bool = True) -> str:
    """The status with which we answer a step."""
    try:
        authenticated.set_variable(
            store, step.guid, step.name, step.data, step.attributes, physically_present=physically_present
        )
    except VariableError as refusal:
        return refusal.status
    return FINE


def flipped(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


def fraction(stamp: bytes) -> bytes:
    return stamp[:8] + b"\7" + stamp[9:]


def _plain(what: str, name: str, data: bytes, status: str, attributes: int = 7, guid: UUID = VENDOR) -> Step:
    return Step(what, guid, name, attributes, data, status)


def _raw(what: str, name: str, data: bytes, status: str, attributes: int = SIGNED) -> Step:
    guid = {"PK": GLOBAL, "KEK": GLOBAL, "db": DATABASE, "dbx": DATABASE, "dbt": DATABASE}.get(name, VENDOR)
    return Step(what, guid, name, attributes, data, status)


def _by(
    what: str,
    key: str,
    name: str,
    value: bytes,
    day: int,
    status: str,
    attributes: int = SIGNED,
    **more: object,
) -> Step:
    step = _raw(what, name, b"", status, attributes)
    data = signed(step.guid, name, value, time(day), key, attributes=attributes, **more)  # type: ignore[arg-type]
    return step._replace(data=data)


def steps() -> list[Step]:
    return [
        *_setup_mode(),
        *_user_mode(),
        *_chains(),
        *_private(),
        *_plain_writes(),
        *_custom_mode(),
        *_leaving(),
    ]


def differences() -> list[Difference]:
    """All in one go, after each other, on a machine in setup mode."""
    newer = "EDK2 takes it since 2023"
    inside = NameConstraints([DirectoryName(name_of("leaf"))], None)
    constrained = certificate(ENDED, "middle", EXCHANGE, extensions=((inside, True),))
    many = [certificate(USER, f"number {each}") for each in range(8)]
    leaf = certificate(STRANGER, "leaf", ENDED, "middle", ca=False)
    return [
        Difference(
            _by("wrapped in a ContentInfo", USER, "Wrapped", b"1", 1, SECURITY, wrapped=True), FINE, newer
        ),
        Difference(_by("SHA-384", USER, "Longer", b"1", 1, SECURITY, digest=SHA384()), FINE, newer),
        Difference(_by("SHA-512", USER, "Longest", b"1", 1, SECURITY, digest=SHA512()), FINE, newer),
        Difference(
            _raw("a key", "KEK", unsigned(time(1), certificates(EXCHANGE)), FINE), FINE, "so far the same"
        ),
        Difference(_by("user mode", PLATFORM, "PK", certificates(PLATFORM), 1, FINE), FINE, "still the same"),
        Difference(
            _by(
                "over name constraints",
                STRANGER,
                "dbt",
                digests(1),
                1,
                FINE,
                signer=leaf,
                others=[constrained],
            ),
            SECURITY,
            "nothing here evaluates name constraints",
        ),
        Difference(
            _by("nine certificates", EXCHANGE, "dbt", digests(1), 2, FINE, others=many),
            SECURITY,
            "more certificates than anybody needs would make us compute for long",
        ),
    ]


def _setup_mode() -> list[Step]:
    pk = certificates(PLATFORM)
    return [
        _raw("a database without a signature", "db", unsigned(time(1), certificates(USER)), FINE),
        _raw("earlier, as nobody looks", "db", unsigned(time(1), certificates(STRANGER)), FINE),
        _raw("with a fraction of a second", "dbt", unsigned(fraction(time(1)), certificates(USER)), FINE),
        _raw("deleted", "dbt", unsigned(time(1), b""), FINE),
        _raw("deleted again", "dbt", unsigned(time(1), b""), NOT_FOUND),
        _raw("an append of nothing creates nothing", "dbt", unsigned(time(1), b""), FINE, APPEND),
        _raw("no descriptor at all", "db", certificates(USER)[:20], SECURITY),
        _raw(
            "a signature beyond the data",
            "db",
            unsigned(time(1), b"")[:16] + b"\xff\xff\0\0" + bytes(40),
            SECURITY,
        ),
        _raw(
            "a signature shorter than its head",
            "db",
            unsigned(time(1), b"")[:16] + b"\7\0\0\0" + bytes(40),
            SECURITY,
        ),
        _raw("no signature list", "db", unsigned(time(1), b"no list"), INVALID),
        _raw("a byte too many", "db", unsigned(time(1), digests(1) + b"\0"), INVALID),
        _raw(
            "a digest of the wrong size",
            "db",
            unsigned(time(1), signature_list(SHA256_DIGEST, bytes(31))),
            INVALID,
        ),
        _raw("an unknown kind", "db", unsigned(time(1), signature_list(VENDOR, bytes(32))), INVALID),
        _raw("other attributes", "db", unsigned(time(1), digests(1)), INVALID, 0x23),
        _raw("not signed", "db", digests(1), INVALID, 7),
        _raw("created by an append", "dbx", unsigned(time(9), digests(1)), FINE, APPEND),
        _raw("a platform key without a signature", "PK", unsigned(time(2), pk), SECURITY),
        _raw("a platform key that is no list", "PK", unsigned(time(2), b"no list"), SECURITY),
        _by("signed by another key", STRANGER, "PK", pk, 2, SECURITY),
        _raw(
            "a byte of the value changed",
            "PK",
            flipped(signed(GLOBAL, "PK", pk, time(2), PLATFORM)),
            SECURITY,
        ),
        _by("for another variable", PLATFORM, "KEK", pk, 2, SECURITY)._replace(name="PK"),
        _by("two keys", PLATFORM, "PK", certificates(PLATFORM, USER), 2, INVALID),
        _by("enrolled", PLATFORM, "PK", pk, 2, FINE),
    ]


def _user_mode() -> list[Step]:
    kek = certificates(EXCHANGE)
    issued = certificate(USER, "issued", EXCHANGE, ca=False)
    return [
        _by("enrolled again: a replay", PLATFORM, "PK", certificates(PLATFORM), 2, SECURITY),
        _by("a database, but no KEK", STRANGER, "db", digests(1), 3, NOT_FOUND),
        _raw("a KEK without a signature", "KEK", unsigned(time(3), kek), SECURITY),
        _by("a KEK by another key", EXCHANGE, "KEK", kek, 3, SECURITY),
        _by("a KEK by PK", PLATFORM, "KEK", kek, 3, FINE),
        _by(
            "a KEK by one that PK has issued",
            USER,
            "KEK",
            kek,
            4,
            SECURITY,
            signer=certificate(USER, "x", PLATFORM),
        ),
        _by("KEK appends to itself", EXCHANGE, "KEK", certificates(USER), 4, SECURITY, APPEND),
        _by("PK appends to KEK, earlier", PLATFORM, "KEK", certificates(EXCHANGE, USER), 1, FINE, APPEND),
        _by("a database by KEK", EXCHANGE, "db", digests(1, 2), 4, FINE),
        _by("a database by PK", PLATFORM, "db", digests(1), 5, FINE),
        _by("at the same time", EXCHANGE, "db", digests(1), 5, SECURITY),
        _by("by a stranger", STRANGER, "db", digests(1), 6, SECURITY),
        _by("by one whom KEK has issued", USER, "db", digests(1, 2), 6, FINE, signer=issued),
        _by("through signed attributes", EXCHANGE, "db", digests(1, 2), 8, FINE, with_attributes=True),
        _by("an append of one known and one new", EXCHANGE, "db", digests(2, 3), 9, FINE, APPEND),
        _by("an append of known ones only", EXCHANGE, "db", digests(1, 3), 10, FINE, APPEND),
        _by("an append, earlier", EXCHANGE, "db", digests(4, 4), 1, FINE, APPEND),
        _by("an append with the attributes of a write", EXCHANGE, "db", digests(5), 11, SECURITY)._replace(
            attributes=APPEND
        ),
        _by("an append of nothing", EXCHANGE, "db", b"", 11, FINE, APPEND),
        _by("an append of no list", EXCHANGE, "db", b"no list", 12, INVALID, APPEND),
        _by("a forbidden database, earlier than its creation", EXCHANGE, "dbx", digests(1, 2), 2, FINE),
        _raw(
            "with a fraction of a second",
            "dbx",
            signed(DATABASE, "dbx", digests(1), fraction(time(12)), EXCHANGE),
            SECURITY,
        ),
        _by("deleted", EXCHANGE, "dbx", b"", 13, FINE),
        _by("deleted again", EXCHANGE, "dbx", b"", 14, NOT_FOUND),
        _plain("deleted without a signature", "db", b"", INVALID, 0, DATABASE),
    ]


def _chains() -> list[Step]:
    """By a stranger, over certificates in between; the stranger's own is always called "leaf"."""

    def leaf(issuer: str, name: str | None = None) -> Certificate:
        return certificate(STRANGER, "leaf", issuer, name, ca=False)

    def through(what: str, day: int, status: str, middle: Certificate, *more: Certificate) -> Step:
        signer = leaf(ENDED, "middle")
        return _by(what, STRANGER, "dbt", digests(day), day, status, signer=signer, others=[middle, *more])

    def middle(**how: Any) -> Certificate:
        return certificate(ENDED, "middle", EXCHANGE, **how)

    usage = dict.fromkeys(USAGES, False) | {"key_cert_sign": True}
    issuing, not_issuing = KeyUsage(**usage), KeyUsage(**usage | {"key_cert_sign": False})
    unknown = UnrecognizedExtension(ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\5\0")
    return [
        _by("issued by KEK", STRANGER, "dbt", digests(1), 1, FINE, signer=leaf(EXCHANGE)),
        _by(
            "by the name of KEK's issuer, not its key",
            STRANGER,
            "dbt",
            digests(2),
            2,
            SECURITY,
            signer=leaf(ENDED, EXCHANGE),
        ),
        through("the certificate in between is missing", 3, SECURITY, certificate(PLATFORM)),
        through("over one that may issue", 4, FINE, middle()),
        through("over one that may not", 5, SECURITY, middle(ca=False)),
        through("over one that does not say", 6, SECURITY, middle(ca=None)),
        through(
            "over one without constraints whose key may issue",
            7,
            SECURITY,
            middle(ca=None, extensions=((issuing, True),)),
        ),
        through(
            "over an authority whose key may not issue",
            8,
            SECURITY,
            middle(extensions=((not_issuing, True),)),
        ),
        through("over one with room for none below", 9, FINE, middle(path_length=0)),
        through(
            "over one with something critical and unknown",
            10,
            SECURITY,
            middle(extensions=((unknown, True),)),
        ),
        through("over one with something unknown", 11, FINE, middle(extensions=((unknown, False),))),
        through(
            "over two, with room for one",
            12,
            FINE,
            certificate(ENDED, "middle", USER, "upper"),
            certificate(USER, "upper", EXCHANGE, path_length=1),
        ),
        through(
            "over two, with room for none",
            13,
            SECURITY,
            certificate(ENDED, "middle", PLATFORM, "upper"),
            certificate(PLATFORM, "upper", EXCHANGE, path_length=0),
        ),
        _by(
            "two signers, the second issued by the first",
            EXCHANGE,
            "dbt",
            digests(14),
            14,
            FINE,
            second=(STRANGER, certificate(STRANGER, "second", EXCHANGE, serial=1 << 140, ca=False)),
        ),
        _by(
            "two signers, the second a stranger",
            EXCHANGE,
            "dbt",
            digests(15),
            15,
            SECURITY,
            second=(STRANGER, certificate(STRANGER, serial=1 << 140)),
        ),
        _by("deleted over a chain", STRANGER, "dbt", b"", 16, FINE, signer=leaf(EXCHANGE)),
    ]


def _private() -> list[Step]:
    renewed = certificate(USER, serial=2)
    chained = certificate(STRANGER, "chained", USER)
    return [
        _raw("without a signature", "Private", unsigned(time(1), b"first"), SECURITY),
        _by("the first signer", USER, "Private", b"first", 2, FINE),
        _by("again: a replay", USER, "Private", b"first", 2, SECURITY),
        _by("another signer", STRANGER, "Private", b"second", 3, SECURITY),
        _by("the same key with another certificate", USER, "Private", b"second", 3, SECURITY, signer=renewed),
        _by("the first signer again", USER, "Private", b"second", 3, FINE),
        _by("an append, later", USER, "Private", b"+", 5, FINE, APPEND),
        _by("an append, earlier", USER, "Private", b"+", 4, FINE, APPEND),
        _by("a second variable by another", STRANGER, "Äußeres", b"x", 1, FINE, 0x23),
        _by("with other attributes", STRANGER, "Äußeres", b"y", 2, INVALID),
        _by("created by an append", USER, "Appended", b"a", 3, FINE, APPEND),
        _by(
            "two signers",
            USER,
            "Shared",
            b"a",
            3,
            FINE,
            second=(STRANGER, certificate(STRANGER, "second", USER, serial=1 << 140, ca=False)),
        ),
        _by("one of two signers", USER, "Shared", b"b", 4, SECURITY),
        _by("by a chain", STRANGER, "Chained", b"c", 1, FINE, signer=chained, others=[certificate(USER)]),
        _by("without a common name", USER, "Nameless", b"n", 1, SECURITY, signer=certificate(USER, "")),
        _by("deleted before it exists", USER, "Missing", b"", 1, NOT_FOUND),
        _plain("written without a signature", "Private", b"third", INVALID),
        _plain("deleted without attributes", "Private", b"", PROTECTED, 0),
        _by("a count-based one", USER, "Counted", b"1", 1, UNSUPPORTED)._replace(attributes=0x17),
        _by("both kinds", USER, "Counted", b"1", 1, UNSUPPORTED)._replace(attributes=0x37),
        _by("run-time access alone", USER, "Strange", b"1", 1, INVALID, 0x25),
        _by("the largest", USER, "Big", bytes(0x8400 - 60 - 8), 1, FINE),
        _by("larger than the largest", USER, "Big2", bytes(0x8400 - 60 - 9), 1, INVALID),
        _by("an append to the largest", USER, "Big", b"1", 2, INVALID, APPEND),
        _by("the largest, deleted", USER, "Big", b"", 3, FINE),
        _raw("deleted in front of the machine", "Appended", unsigned(time(1), b""), FINE),
    ]


def _plain_writes() -> list[Step]:
    return [
        _plain("a plain one", "Plain", b"1", FINE),
        _plain("the same, signed", "Plain", descriptor(time(1), b"") + b"1", INVALID, SIGNED),
        _plain(
            "firmware's own list of signers",
            "certdb",
            unsigned(time(1), b"\4\0\0\0"),
            PROTECTED,
            SIGNED,
            CERTDB,
        ),
        _plain("the same, deleted", "certdb", b"", PROTECTED, 0, CERTDB),
        _plain(
            "firmware's note on the keys",
            "VendorKeysNv",
            unsigned(time(1), b"\1"),
            PROTECTED,
            0x23,
            VENDOR_KEYS,
        ),
        _plain("custom mode of two bytes", "CustomMode", b"\1\1", INVALID, 3, CUSTOM_MODE),
        _plain("custom mode for run time", "CustomMode", b"\1", INVALID, 7, CUSTOM_MODE),
        _plain("Secure Boot switched off", "SecureBootEnable", b"\0", FINE, 3, SECURE_BOOT_ENABLE),
    ]


def _custom_mode() -> list[Step]:
    return [
        _plain("custom mode", "CustomMode", b"\1", FINE, 3, CUSTOM_MODE),
        _raw("a database without a signature", "db", unsigned(time(1), digests(7)), FINE),
        _raw("a KEK without a signature", "KEK", unsigned(time(1), certificates(STRANGER)), FINE),
        _raw("no list, not even now", "db", unsigned(time(1), b"no list"), INVALID),
        _raw("another platform key without a signature", "PK", unsigned(time(1), certificates(USER)), FINE),
        _plain("custom mode over", "CustomMode", b"\0", FINE, 3, CUSTOM_MODE),
        _by("the former platform key", PLATFORM, "PK", certificates(PLATFORM), 20, SECURITY),
        _by("the new one", USER, "PK", certificates(PLATFORM), 20, FINE),
        _by("the former KEK", EXCHANGE, "db", digests(8), 20, SECURITY),
    ]


def _leaving() -> list[Step]:
    return [
        _by("the platform key appended to itself", PLATFORM, "PK", certificates(PLATFORM), 1, FINE, APPEND),
        _by("nothing appended to the platform key", PLATFORM, "PK", b"", 1, FINE, APPEND),
        _by("the platform key deleted by a stranger", STRANGER, "PK", b"", 21, SECURITY),
        _by("the platform key deleted", PLATFORM, "PK", b"", 21, FINE),
        _by("and again", PLATFORM, "PK", b"", 22, SECURITY),
        _raw("setup mode: a KEK deleted without a signature", "KEK", unsigned(time(1), b""), FINE),
        _by(
            "a platform key again, by one that it has issued and at an earlier time",
            USER,
            "PK",
            certificates(EXCHANGE),
            1,
            FINE,
            signer=certificate(USER, "issued", EXCHANGE),
        ),
    ]
