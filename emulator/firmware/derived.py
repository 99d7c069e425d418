"""Settings that are no values of their own: what the machine is, and the state of its keys, told as settings.

The tools read all of this through the setting interface, under these names; the texts follow published dumps.
"""

import base64
from collections.abc import Callable, Mapping

from emulator.firmware import bios_auth, cover, features, secure_boot, secure_platform
from emulator.firmware.catalogue import Catalogue
from emulator.firmware.memory import Memory
from emulator.protocol.keys import PublicKey
from emulator.protocol.spm import State

Teller = Callable[[Memory, Catalogue], str]

STATE_TEXT: Mapping[State, str] = {
    State.NOT_CONFIGURED: "Not provisioned",
    State.PROVISIONED: "Provisioned",
    State.PROVISIONING_IN_PROGRESS: "Provisioning in progress",
}


def _modulus(key: PublicKey | None) -> str:
    return "" if key is None else base64.b64encode(key.modulus).decode("ascii")


def _endorsement_key(memory: Memory) -> PublicKey | None:
    certificate = memory.platform.certificate
    return None if certificate is None else certificate.key


def _certificate(memory: Memory, _: Catalogue) -> str:
    certificate = memory.platform.certificate
    return "" if certificate is None else base64.b64encode(certificate.der).decode("ascii")


def _local_access_key(number: int) -> Teller:
    return lambda memory, _: bios_auth.key_text(memory.authentication.keys[number - 1])


# `derived` in a model: what it tells.
TELLERS: Mapping[str, Teller] = {
    "product": lambda memory, catalogue: memory.identity.product or catalogue.product,
    "bios version": lambda _, catalogue: catalogue.bios_version,
    "serial number": lambda memory, _: memory.identity.serial,
    "board": lambda memory, catalogue: memory.identity.board or catalogue.board,
    "machine": lambda memory, _: str(memory.identity.machine).upper(),
    "machine as bytes": lambda memory, _: memory.identity.machine.bytes_le.hex().upper(),
    "last cover removal": lambda memory, _: cover.told(memory.cover),
    "platform state": lambda memory, _: STATE_TEXT[secure_platform.state(memory.platform)],
    "platform version": lambda _memory, _: "{}.{:02}".format(*secure_platform.VERSION),
    "platform counter": lambda memory, catalogue: str(
        secure_platform.reported_nonce(memory.platform, catalogue.quirks)
    ),
    "platform usage": lambda memory, catalogue: f"0x{features.in_use(memory, catalogue.quirks):04X}",
    "endorsement certificate": _certificate,
    "endorsement key": lambda memory, _: _modulus(_endorsement_key(memory)),
    "endorsement key id": lambda memory, _: _id(_endorsement_key(memory)),
    "signing key": lambda memory, _: _modulus(memory.platform.signing_key),
    "signing key id": lambda memory, _: _id(memory.platform.signing_key),
    "authentication mode": lambda memory, _: (
        bios_auth.MODE_ON if memory.authentication.enabled else bios_auth.MODE_OFF
    ),
    "authentication version": lambda _memory, _: bios_auth.VERSION,
    "settings counter": lambda memory, _: str(memory.counters.settings),
    "actions counter": lambda memory, _: str(memory.counters.actions),
    "local access key 1": _local_access_key(1),
    "local access key 2": _local_access_key(2),
    "local access key 3": _local_access_key(3),
    "custom keys state": secure_boot.custom_keys_state,
    "ready without UEFI CA": secure_boot.ready_without_uefi_ca,
}


def _id(key: PublicKey | None) -> str:
    return "Not Configured" if key is None else key.key_id
