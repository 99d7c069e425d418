"""The console's key store: a private folder of key files, made here or with OpenSSL.

Each key is one file, a PFX or a PEM, under a passphrase. A PFX tells nothing without it, not even whose key it is; so beside a PFX
in the store lies its certificate, `NAME.crt`, in clear: it is public, and it lets the store be listed. A PEM has its certificate in clear anyway. What is written elsewhere than in the store is the one file
that was asked for.

A listing trusts what lies beside, which proves nothing: whoever may write in the folder may put another certificate there. So no order is
made of it; for that the key file is opened. What cannot be read is told
with its reason, and keeps nobody from the rest.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.companions import CompanionError, FileRefused, make_private_folder
from emulator.companions.admin import key_files, key_sealing, new_key
from emulator.companions.admin.key_files import BESIDE, KeyFile, UnusableKeyFile
from emulator.companions.admin.new_key import Kind
from emulator.protocol.errors import ProtocolError

KEY_ENDINGS = (".pfx", ".p12", ".pem", ".key")
CERTIFICATE_ENDINGS = (BESIDE, ".cer", ".der")


class State(StrEnum):
    """What can be said of a key file without a passphrase."""

    READABLE = "readable"
    """Whose key it is; its private half may need a passphrase."""
    SEALED = "sealed"
    """Nothing, except that it looks like a key file under a passphrase."""
    DAMAGED = "damaged"
    """Nothing; `trouble` says why."""


@dataclass(frozen=True, slots=True)
class StoredKey:
    """One key of the store; `certificate` is DER, `kind` is read from its organizational unit."""

    path: Path
    state: State
    key_id: str | None = None
    kind: Kind | None = None
    common_name: str | None = None
    certificate: bytes | None = field(default=None, repr=False)
    trouble: str = ""

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def is_public_only(self) -> bool:
        """A certificate alone, with which nothing can be signed."""
        return self.path.suffix.lower() in CERTIFICATE_ENDINGS


def list(folder: Path) -> tuple[StoredKey, ...]:  # noqa: A001 -- read as key_store.list
    """The keys in `folder` by name; none where there is no folder. Raises FileRefused if it cannot be looked into."""
    try:
        paths = sorted(folder.iterdir(), key=lambda path: (path.name.casefold(), path.name))
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise FileRefused(f"the folder {folder} cannot be read: {error.strerror}") from None
    paired = {path.with_suffix(BESIDE) for path in paths if _ends(path, key_sealing.PFX_ENDINGS)}
    return tuple(
        describe(path)
        for path in paths
        if _ends(path, KEY_ENDINGS) or (_ends(path, CERTIFICATE_ENDINGS) and path not in paired)
    )


def describe(path: Path) -> StoredKey:
    """What one key file tells without a passphrase."""
    if not path.is_file():
        # Of a pipe, whoever reads waits for somebody who writes.
        return StoredKey(path, State.DAMAGED, trouble=f"{path} is no regular file")
    try:
        found = key_files.load_sealed(path)
    except (CompanionError, ProtocolError) as error:
        return StoredKey(path, State.DAMAGED, trouble=str(error))
    if found is None:
        return StoredKey(path, State.SEALED)
    return StoredKey(
        path=path,
        state=State.READABLE,
        key_id=found.public.key_id,
        kind=Kind.of_unit(found.unit),
        common_name=found.common_name,
        certificate=found.certificate,
    )


def take_in(
    folder: Path,
    name: str,
    opened: KeyFile,
    private: RSAPrivateKey,
    passphrase: str,
    *,
    now: datetime,
    kind: Kind | None = None,
    replace: bool = False,
) -> Path:
    """Put a key that was made elsewhere into the store as `name`.pfx, with its certificate, or with a new one for `kind`.

    Raises UnusableName, UnusableKeyFile or FileRefused.
    """
    new_key.refuse_name(name)
    path = folder / f"{new_key.file_name(name)}.pfx"
    if kind is not None:
        certificate = new_key.self_signed(private, name, kind, now=now)
    elif opened.certificate is not None:
        certificate = x509.load_der_x509_certificate(opened.certificate)
    else:
        raise UnusableKeyFile(
            "the file holds no certificate of its key; give it with --certificate, or name a --kind to have one made"
        )
    make_private_folder(folder)
    key_sealing.write(path, private, certificate, passphrase, store=folder, replace=replace)
    return path


def _ends(path: Path, endings: tuple[str, ...]) -> bool:
    return path.suffix.lower() in endings and not path.name.startswith(".")
