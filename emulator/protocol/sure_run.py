"""Sure Run: the manifest of what must keep running in the operating system, ordered by the signing key.

The signed order is short: a counter, the size of the manifest and its hash. The manifest itself travels beside it, in `Meta1` of the
envelope, which nobody signs; it counts only if it has that size and that hash. What a manifest says is not public, so it is
bytes here.

**Known**: the layout, and where the manifest lies. **Ours**: the hash is SHA-256, as everywhere else in this family of orders; and
an order with size 0, a hash of zeros and no manifest switches Sure Run off, for no other order to do that is known.
"""

import hashlib
import hmac
from dataclasses import field
from typing import TYPE_CHECKING

from emulator.protocol import keys
from emulator.protocol.errors import ProtocolError
from emulator.protocol.formats import RUN_MANIFEST, RunManifest
from emulator.protocol.frozen import frozen
from emulator.protocol.keys import SIGNATURE_SIZE, PublicKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

LARGEST_MANIFEST = 0xFFFF
"""Bytes: the size has 16 bits."""
NO_HASH = bytes(32)


class MalformedManifestOrder(ProtocolError):
    """Bytes that are no order for Sure Run, or values that fit into none."""


class AnotherManifest(ProtocolError):
    """A manifest with another size or hash than the one that was signed."""


@frozen
class ManifestOrder:
    """An order and the manifest beside it, as they came. Nothing in them is trusted, and they need not fit."""

    signature: bytes = field(repr=False)
    signed: bytes = field(repr=False)
    counter: int
    total_size: int
    manifest_hash: bytes
    manifest: bytes = field(repr=False)
    """Empty where none came."""


@frozen
class VerifiedManifest:
    """A manifest that the signing key ordered, or None for Sure Run off. Made by `verify` and nowhere else."""

    counter: int
    manifest: bytes | None = field(repr=False)


def parse(data: bytes, manifest: bytes | None) -> ManifestOrder:
    """Read `Data` and `Meta1` of the payload. Raises MalformedManifestOrder."""
    if len(data) != RUN_MANIFEST.size:
        raise MalformedManifestOrder(f"a manifest order has {RUN_MANIFEST.size} bytes; {len(data)} came")
    fields = RunManifest._make(RUN_MANIFEST.unpack(data))
    if (fields.total_size == 0) != (fields.manifest_hash == NO_HASH):
        raise MalformedManifestOrder(
            f"a manifest order has a size and a hash, or neither; size {fields.total_size} came "
            f"with hash {fields.manifest_hash.hex()}"
        )
    return ManifestOrder(
        fields.signature,
        data[SIGNATURE_SIZE:],
        fields.counter,
        fields.total_size,
        fields.manifest_hash,
        manifest or b"",
    )


def verify(order: ManifestOrder, signing_key: PublicKey) -> VerifiedManifest:
    """Raise AnotherManifest or InvalidSignature unless the signing key ordered just this manifest."""
    found = _hash(order.manifest)
    if len(order.manifest) != order.total_size or not hmac.compare_digest(found, order.manifest_hash):
        raise AnotherManifest(
            f"a manifest of {order.total_size} bytes with SHA-256 {order.manifest_hash.hex()} was signed; "
            f"one of {len(order.manifest)} bytes with {found.hex()} came"
        )
    signing_key.verify(order.signature, order.signed)
    return VerifiedManifest(order.counter, order.manifest or None)


def make(key: "RSAPrivateKey", manifest: bytes | None, *, counter: int) -> bytes:
    """`Data` that orders a manifest, which goes into `Meta1`, or with None Sure Run off."""
    if manifest is not None and not 1 <= len(manifest) <= LARGEST_MANIFEST:
        raise MalformedManifestOrder(
            f"a manifest has 1 to {LARGEST_MANIFEST} bytes, and None switches off; {len(manifest)} came"
        )
    if not 0 <= counter <= 0xFFFFFFFF:
        raise MalformedManifestOrder(f"a counter is a number of 32 bits; {counter} came")
    octets = manifest or b""
    signed = RUN_MANIFEST.pack(b"", counter, len(octets), _hash(octets))[SIGNATURE_SIZE:]
    return keys.sign(key, signed) + signed


def _hash(manifest: bytes) -> bytes:
    return hashlib.sha256(manifest).digest() if manifest else NO_HASH
