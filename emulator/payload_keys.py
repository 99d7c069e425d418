"""The keys that `f10 payload` holds signatures against: key files, certificates, and payloads that bring a key.

The endorsement key payload brings a certificate, the signing key payload a modulus, and a policy both: so published payloads can be held
against one another, without a key file.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from emulator import payload_files
from emulator.companions import read_bounded
from emulator.companions.admin import key_files
from emulator.companions.admin.passphrase import Passphrases
from emulator.payload_files import Unusable
from emulator.protocol import certificate, payload, policy, spm, strict_json
from emulator.protocol.errors import ProtocolError
from emulator.protocol.keys import PublicKey
from emulator.protocol.payload import Purpose


def named(names: Iterable[str], folder: Path, known: Passphrases) -> list[PublicKey]:
    """The keys in files that are paths, or bare names in the console's `folder`. Raises Unusable or CompanionError."""
    return [key for name in names for key in _keys_in(key_files.find(name, folder), known)]


def refuse_itself(file: str, names: Iterable[str]) -> None:
    """Raise Unusable where a file is named as its own key: whoever wrote the orders in it wrote the key, too."""
    if any(os.path.exists(name) and os.path.exists(file) and os.path.samefile(name, file) for name in names):
        raise Unusable(f"{file} cannot prove itself: name a key that you know with --key")


def _keys_in(path: Path, known: Passphrases) -> Iterator[PublicKey]:
    carried = _carried(read_bounded(path, most=payload_files.LARGEST))
    if carried is None:
        yield key_files.load(path, known.for_file(path)).public
        return
    if not carried:
        raise Unusable(f"{path} carries no key: a key file was expected, or a payload that brings a key")
    yield from carried


def _carried(data: bytes) -> list[PublicKey] | None:
    """The keys that a payload or a policy brings, or None for what is neither."""
    try:
        strict_json.parse_object(data, most=payload_files.LARGEST)
        raws = [step.payload for step in policy.parse(data).steps] if policy.is_one(data) else [data]
        return [key for raw in raws if (key := _key_of(raw)) is not None]
    except ProtocolError:
        return None


def _key_of(raw: bytes) -> PublicKey | None:
    envelope = payload.parse(raw)
    if envelope.purpose is Purpose.ENDORSEMENT_KEY:
        return certificate.parse(spm.parse_endorsement(envelope.data).certificate).key
    if envelope.purpose is Purpose.SIGNING_KEY:
        return spm.parse_signing_key(envelope.data).key
    return None
