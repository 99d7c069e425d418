"""Signature lists: what the variables `PK`, `KEK`, `db`, `dbx` and `dbt` hold.

The data of such a variable is a chain of lists. A list says what its signatures are (X.509 certificates, digests, RSA
moduli) and how long each is; then come the signatures, each behind the GUID of its owner. Certificates of different
lengths therefore have a list each.

Firmware checks the shape before it stores one: known kinds in their right sizes, no bytes left over, and the first
certificate of a list with an RSA key (it looks at no other). `PK` holds one signature at most. An append leaves out
every signature that the variable already has, but keeps doubles within the new data, as EDK2 does.

EDK2 divides by sizes and follows lengths that come from the caller; here each is checked first.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from firmware_store.errors import InvalidParameter, MalformedSignature
from firmware_store.formats import SIGNATURE_LIST_HEADER, SignatureListHeader
from firmware_store.records import GUID_SIZE

# UEFI, 32.4.1: the kind, and the size of a signature behind its owner. A certificate may have any.
X509 = bytes.fromhex("a159c0a5e494a74a87b5ab155c2bf072")
SHA256 = bytes.fromhex("2616c4c14c509240aca941f936934328")
SIZES = {
    SHA256: 32,
    bytes.fromhex("e866573c9c26344eaa14ed776e85b3b6"): 256,  # RSA-2048
    bytes.fromhex("9061b3e29b873d4aad8df2e7bba32784"): 256,  # RSA-2048 over SHA-256
    bytes.fromhex("12a56c8210cfc94ab187be01496631bd"): 20,  # SHA-1
    bytes.fromhex("4f44f8674387f148a3281eaab8736080"): 256,  # RSA-2048 over SHA-1
    bytes.fromhex("33526e0b5ca6c9449407d9ab83bfc8bd"): 28,  # SHA-224
    bytes.fromhex("07533effd09fc94885f18ad56c701e01"): 48,  # SHA-384
    bytes.fromhex("ae0f3e09c4a6504f9f1bd41e2b89c19a"): 64,  # SHA-512
    bytes.fromhex("92a4d23bc0967940b420fcf98ef103ed"): 48,  # SHA-256 of a certificate, and a time
    bytes.fromhex("6e877670c280e64eaad228b349a6865b"): 64,  # SHA-384 of a certificate, and a time
    bytes.fromhex("63bf6d440225da4cbcfa2465d2b0fe9d"): 80,  # SHA-512 of a certificate, and a time
}


class SignatureList(NamedTuple):
    """One list. Each signature has its owner in front."""

    kind: bytes
    size: int
    signatures: tuple[bytes, ...]


def read_lists(data: bytes) -> list[SignatureList]:
    """The lists in the data of a variable. Their bounds are checked, not what they hold."""
    lists, offset = [], 0
    while offset < len(data):
        lists.append(_list_at(data, offset))
        offset += SIGNATURE_LIST_HEADER.unpack_from(data, offset)[1]
    return lists


def readable_lists(data: bytes) -> tuple[list[SignatureList], bytes]:
    """The lists up to the first that is none, and what is there from that on. For whoever only tells what is there."""
    lists, offset = [], 0
    while offset < len(data):
        try:
            lists.append(_list_at(data, offset))
        except InvalidParameter:
            break
        offset += SIGNATURE_LIST_HEADER.unpack_from(data, offset)[1]
    return lists, data[offset:]


def _list_at(data: bytes, offset: int) -> SignatureList:
    if len(data) - offset < SIGNATURE_LIST_HEADER.size:
        raise InvalidParameter(f"expected a signature list at {offset:#x}, found {len(data) - offset} bytes")
    head = SignatureListHeader._make(SIGNATURE_LIST_HEADER.unpack_from(data, offset))
    begin, end = offset + SIGNATURE_LIST_HEADER.size + head.header_size, offset + head.list_size
    if head.header_size or head.signature_size <= GUID_SIZE:
        raise InvalidParameter(
            f"the signature list at {offset:#x} has a header of {head.header_size} bytes (no kind has one) "
            f"and signatures of {head.signature_size} (the owner alone takes {GUID_SIZE})"
        )
    if not begin <= end <= len(data) or (end - begin) % head.signature_size:
        raise InvalidParameter(
            f"the signature list at {offset:#x} is said to end at {end:#x}: expected whole signatures of "
            f"{head.signature_size} bytes from {begin:#x} on, and {len(data):#x} bytes in all"
        )
    places = range(begin, end, head.signature_size)
    signatures = tuple(data[at : at + head.signature_size] for at in places)
    return SignatureList(head.signature_type, head.signature_size, signatures)


def check_lists(data: bytes, *, single: bool) -> None:
    """Whether firmware stores this. `single`: at most one signature, as in `PK`."""
    lists = read_lists(data)
    for each in lists:
        if each.kind == X509:
            _check_first_certificate(each)
        elif SIZES.get(each.kind) != each.size - GUID_SIZE:
            raise InvalidParameter(
                f"a signature list of kind {each.kind.hex()} with signatures of {each.size} bytes: "
                "the kind is not known or its signatures have another size"
            )
    if single and sum(len(each.signatures) for each in lists) > 1:
        raise InvalidParameter("expected one signature at most in PK, got more")


def _check_first_certificate(each: SignatureList) -> None:
    try:
        # X.509 is large, and reading lists needs none of it.
        from firmware_store.certificates import read_certificate, rsa_key  # noqa: PLC0415

        rsa_key(read_certificate(b"".join(each.signatures[:1])[GUID_SIZE:]))
    except MalformedSignature as error:
        raise InvalidParameter(
            f"a list of certificates begins with none that firmware takes: {error}"
        ) from error


def certificates(data: bytes) -> Iterator[bytes]:
    """The certificates in the data, in DER and without their owners."""
    for each in read_lists(data):
        if each.kind == X509:
            yield from (signature[GUID_SIZE:] for signature in each.signatures)


def write_lists(lists: Iterable[SignatureList]) -> bytes:
    return b"".join(
        SIGNATURE_LIST_HEADER.pack(
            each.kind, SIGNATURE_LIST_HEADER.size + each.size * len(each.signatures), 0, each.size
        )
        + b"".join(each.signatures)
        for each in lists
    )


def without_known(data: bytes, held: bytes) -> bytes:
    """New lists without the signatures that the held ones have; a list that loses all of them goes as well."""
    known = {(each.kind, signature) for each in read_lists(held) for signature in each.signatures}
    lists = []
    for each in read_lists(data):
        fresh = tuple(signature for signature in each.signatures if (each.kind, signature) not in known)
        if fresh:
            lists.append(each._replace(signatures=fresh))
    return write_lists(lists)
