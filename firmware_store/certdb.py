"""`certdb`: who may change which private variable.

An authenticated variable that is none of the Secure Boot keys belongs to whoever signed it first. Firmware remembers
that in a variable of its own, read-only for everybody else: a size, then one entry per variable with its vendor GUID,
its name and a digest. The digest is over the common name of the signer and the to-be-signed part of his certificate,
so a renewed certificate is somebody else. It uses the digest algorithm of the first request's signature, and later
requests must use the same.

The variable and its entry change together, in one transaction. Firmware makes two writes of it, and a power cut
between them leaves an entry without a variable. That binds nobody: it is replaced, and dropped at the next start.
(EDK2 refuses the variable until that start.)
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from firmware_store.errors import DamagedSignerList, SecurityViolation
from firmware_store.formats import CERTDB_ENTRY, CertdbEntry
from firmware_store.records import HEADER_SIZE, Variable, encode_name, guid_of
from firmware_store.set_variable import TIME_BASED
from firmware_store.variables import VariableStore

if TYPE_CHECKING:
    from firmware_store.signature import VerifiedSignature

# EDK2, AuthenticatedVariableFormat.h and SecurityPkg.dec.
CERTDB_GUID = UUID("d9bee56e-75dc-49d9-b4d7-b534210f637a")
CERTDB_NAME = "certdb"
CERTDB_ATTRIBUTES = 0x27
SIZE = 4


class Binding(NamedTuple):
    """One private variable and the digest of its signer."""

    guid: UUID
    name: str
    digest: bytes

    @property
    def key(self) -> tuple[UUID, str]:
        return self.guid, self.name


def digest_of(signature: "VerifiedSignature") -> bytes:
    """The signer as `certdb` knows him. Of several signers the last gives the name and the first the certificate."""
    # Every store looks into `certdb` when it is opened; only who verifies a signature pays for X.509.
    from cryptography.hazmat.primitives.hashes import Hash  # noqa: PLC0415

    from firmware_store.certificates import common_name  # noqa: PLC0415

    context = Hash(signature.digest())
    context.update(common_name(signature.signers[-1]))
    context.update(signature.signers[0].tbs_certificate_bytes)
    return context.finalize()


def bindings(store: VariableStore) -> list[Binding]:
    held = store.find(CERTDB_GUID, CERTDB_NAME)
    return [] if held is None else read_certdb(held.data)


def read_certdb(data: bytes) -> list[Binding]:
    if len(data) < SIZE or int.from_bytes(data[:SIZE], "little") != len(data):
        raise DamagedSignerList(f"certdb has {len(data)} bytes and says another size: {data[:SIZE].hex()}")
    found, offset = [], SIZE
    while offset < len(data):
        entry, end = _entry_at(data, offset)
        found.append(entry)
        offset = end
    return found


def _entry_at(data: bytes, offset: int) -> tuple[Binding, int]:
    name_at = offset + CERTDB_ENTRY.size
    if name_at > len(data):
        raise DamagedSignerList(f"certdb ends in the middle of its entry at {offset:#x}")
    head = CertdbEntry._make(CERTDB_ENTRY.unpack_from(data, offset))
    digest_at = name_at + 2 * head.name_length
    end = digest_at + head.digest_size
    if end > len(data) or head.entry_size != end - offset:
        raise DamagedSignerList(f"the entry of certdb at {offset:#x} does not end where it says: {end:#x}")
    name = data[name_at:digest_at].decode("utf-16-le", "surrogatepass")
    return Binding(guid_of(head.vendor_guid), name, data[digest_at:end]), end


def write_certdb(entries: Iterable[Binding]) -> bytes:
    body = b"".join(_entry(each) for each in entries)
    return (SIZE + len(body)).to_bytes(SIZE, "little") + body


def _entry(binding: Binding) -> bytes:
    name = encode_name(binding.name)[:-2]
    size = CERTDB_ENTRY.size + len(name) + len(binding.digest)
    head = CERTDB_ENTRY.pack(binding.guid.bytes_le, size, len(name) // 2, len(binding.digest))
    return head + name + binding.digest


def bound_to(store: VariableStore, guid: UUID, name: str) -> bytes | None:
    """The digest of the signer to whom a variable belongs."""
    return next((each.digest for each in bindings(store) if each.key == (guid, name)), None)


def bind(store: VariableStore, binding: Binding) -> None:
    _keep(store, [each for each in bindings(store) if each.key != binding.key] + [binding])


def unbind(store: VariableStore, guid: UUID, name: str) -> None:
    _keep(store, [each for each in bindings(store) if each.key != (guid, name)])


def drop_orphans(store: VariableStore) -> None:
    """Entries whose variable a power cut has prevented, or somebody has deleted without asking firmware."""
    _keep(store, [each for each in bindings(store) if _is_authenticated(store, each)])


def _is_authenticated(store: VariableStore, binding: Binding) -> bool:
    found = store.find(binding.guid, binding.name)
    return found is not None and bool(found.attributes & TIME_BASED)


def _keep(store: VariableStore, entries: list[Binding]) -> None:
    data = write_certdb(entries)
    room = store.layout.largest_authenticated - HEADER_SIZE - len(encode_name(CERTDB_NAME))
    if len(data) > room:
        raise SecurityViolation(
            f"certdb would take {len(data)} bytes, there is room for {room}; delete some authenticated variable"
        )
    store.put(Variable(CERTDB_GUID, CERTDB_NAME, CERTDB_ATTRIBUTES, data))
