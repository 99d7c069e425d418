"""A file of settings with an authorization for each entry, so that a tool on the PC needs no key.

The file stays what it is, a replicated setup, CSV, JSON or XML, and each entry gets its authorization where that form has it. All share
one nonce and one target, and entries that have an authorization keep it. A PC counts single uses, so it would take the first entry of a
file that is good for one use and refuse the rest: only a file with one entry to sign can be that.

A password is signed with its mark, which whoever applies the file writes before it.
"""

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.companions import CompanionError
from emulator.companions.admin.payloads import signed_change
from emulator.companions.admin.setting_files import asked, entries_of
from emulator.protocol import setting_files


class NothingToSign(CompanionError):
    """A file without an entry that needs an authorization."""


class TooManyForOneUse(CompanionError):
    """Several entries that shall be good for a single use."""


@dataclass(frozen=True, slots=True)
class SignedFile:
    data: bytes
    signed: int
    kept: int
    """Entries that had an authorization before."""


def signed_file(
    signing: RSAPrivateKey,
    path: Path,
    data: bytes,
    *,
    nonce: int,
    target: uuid.UUID | None = None,
    single_use: bool = False,
) -> SignedFile:
    """Sign what `path` held. Raises UnusableList, NothingToSign or TooManyForOneUse, and MalformedAuthorization for what is too long."""
    entries = entries_of(path, data)
    unsigned = [(at, entry) for at, entry in enumerate(entries) if not entry.authorization]
    if not unsigned:
        raise NothingToSign(
            f"{path} has no entry to sign: of {len(entries)} entries, each has an authorization"
        )
    if single_use and len(unsigned) > 1:
        raise TooManyForOneUse(
            f"a file for a single use has one entry to sign, {path} has {len(unsigned)}: leave --single-use out, or make a file for each"
        )
    binding: dict[str, Any] = {"nonce": nonce, "target": target, "single_use": single_use}
    values = asked(path, [entry for _, entry in unsigned])
    tokens = {
        at: signed_change(signing, entry.name, value, **binding).authorization
        for (at, entry), value in zip(unsigned, values, strict=True)
    }
    return SignedFile(setting_files.signed(data, tokens), len(tokens), len(entries) - len(tokens))
