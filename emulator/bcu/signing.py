"""Changes signed by BCU itself, with the signing key from a PFX: `/pkey`, `/pkeypwd`, `/ar`, `/ot`, `/uid`.

The guide has three ways: BCU signs a file away from the PC, and the file is applied later where the key is not (`/addauthstr`); how to sign
stands in `beamsetting.txt`; or all of it stands on the command line. One counter is good for a whole file, so a file of several
settings cannot be signed for one-time use: the firmware takes its first entry and refuses the others.

The password of the PFX on the command line is what the vendor's scripts do, and every process can read it. `--pkeypwd-fd` hands it
in by a descriptor. A key file that is PEM is taken as well.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.bcu.options import Options
from emulator.bcu.return_codes import ReturnCode, Stopped
from emulator.bcu.signing_options import Signing
from emulator.companions import CompanionError, FileRefused, passphrase_from
from emulator.companions.admin import key_files
from emulator.companions.admin.key_files import WrongPassphrase
from emulator.protocol import authorization, password
from emulator.protocol.errors import ProtocolError


@dataclass(frozen=True, slots=True)
class Signer:
    """The signing key, and what every signature of this run says beside name and value."""

    counter: int
    one_time: bool
    target: UUID | None
    key: RSAPrivateKey = field(repr=False)

    def token(self, name: str, value: str) -> str:
        """The authorization string of one change, of a password as the firmware sees it. Raises Stopped."""
        bare = name in password.SETTINGS and not password.marked(value)
        seen = password.utf_16(value) if bare else value
        try:
            return authorization.make(
                self.key, name, seen, nonce=self.counter, target=self.target, single_use=self.one_time
            )
        except ProtocolError as error:
            raise Stopped(ReturnCode.INVALID_VALUE, f"{name[:80]!r} cannot be signed: {error}") from None


def opened(signing: Signing, options: Options) -> Signer:
    """The signer that a complete `signing` describes. Raises Stopped with a code for each way in which a key file can fail."""
    path, passwords = Path(signing.key_file or ""), _passwords(options)
    try:
        found = key_files.load(path, passwords)
    except FileRefused as error:
        there = os.path.lexists(path)
        code = ReturnCode.KEY_FILE_INVALID if there else ReturnCode.KEY_FILE_MISSING
        raise Stopped(code, str(error)) from None
    except WrongPassphrase as error:
        none = not _said_a_password(options)
        sentence = f"no password for {path} came: /pkeypwd:... or --pkeypwd-fd N" if none else str(error)
        raise Stopped(ReturnCode.KEY_PASSWORD_WRONG, sentence) from None
    except (CompanionError, ProtocolError) as error:
        raise Stopped(ReturnCode.KEY_FILE_INVALID, str(error)) from None
    if found.private is None:
        raise Stopped(ReturnCode.KEY_WITHOUT_PRIVATE, f"{path} holds no private key")
    return Signer(signing.counter or 0, bool(signing.one_time), signing.target, found.private)


def _said_a_password(options: Options) -> bool:
    return options.key_password is not None or options.key_password_descriptor is not None


def _passwords(options: Options) -> list[str]:
    if options.key_password_descriptor is not None:
        try:
            return [passphrase_from(options.key_password_descriptor)]
        except CompanionError as error:
            raise Stopped(ReturnCode.SYNTAX, f"--pkeypwd-fd: {error}") from None
    said = options.key_password
    if said is not None and any("\ud800" <= sign <= "\udfff" for sign in said):
        # Bytes that are no UTF-8 come from the shell so, and open nothing.
        raise Stopped(ReturnCode.KEY_PASSWORD_WRONG, "what /pkeypwd: brought is no text in UTF-8")
    return [] if said is None else [said]
