"""The administrator's folder of a demo world: fresh keys, a passphrase, the enrolment picture and the payloads that guard a PC.

Made with the same functions as the verbs use. The passphrase lies beside what it protects, which is why all names begin with DEMO.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from emulator.companions import make_private_folder, write_private
from emulator.companions.admin import enrolment_picture, key_files, new_key, passphrase, payloads
from emulator.companions.admin.new_key import Kind
from emulator.protocol.keys import PublicKey


class DemoFiles(NamedTuple):
    """The payloads in the order in which they are applied: two that provision keys, then two signed settings."""

    payloads: tuple[bytes, ...]


def make(folder: Path) -> DemoFiles:
    """Write everything. Raises CompanionError."""
    make_private_folder(folder)
    now, secret = datetime.now(UTC), passphrase.generate()
    write_private(folder / "DEMO-passphrase.txt", f"{secret}\n".encode())
    ek_path, endorsement = new_key.create(folder, "DEMO-endorsement-key", Kind.ENDORSEMENT, secret, now=now)
    _, signing = new_key.create(folder, "DEMO-signing-key", Kind.SIGNING, secret, now=now)
    _, local = new_key.create(folder, "DEMO-local-access-key", Kind.LOCAL_ACCESS, secret, now=now)
    text = enrolment_picture.package_text(local, key_name="DEMO local access key", passphrase=secret)
    write_private(folder / "DEMO-local-access-key.png", enrolment_picture.png(text))
    orders = {
        "1-endorsement-key": payloads.endorsement_key(key_files.load_certificate(ek_path, [secret]), now=now),
        "2-signing-key": payloads.signing_key(endorsement, PublicKey.of(signing), now=now),
        "3-enable": payloads.authentication_mode(signing, on=True, now=now),
        "4-local-access-key": payloads.local_access_key(signing, PublicKey.of(local), now=now),
    }
    for name, order in orders.items():
        write_private(folder / f"DEMO-{name}.json", order)
    return DemoFiles(tuple(orders.values()))
