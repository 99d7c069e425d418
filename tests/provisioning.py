"""A machine taken from the factory to a guarded door, through its interfaces, with the fixed keys."""

import base64

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.firmware import commands as c
from emulator.machine import TargetPC
from emulator.protocol import authorization, payload, spm
from emulator.protocol.keys import PublicKey
from emulator.protocol.payload import Envelope, Purpose, SettingChange

MODE = "Enhanced BIOS Authentication Mode"
NONCE = 1_790_000_000


def signed(
    key: RSAPrivateKey, name: str, value: str, nonce: int = NONCE, *, single_use: bool = False
) -> bytes:
    """A setting payload for any machine."""
    token = authorization.make(key, name, value, nonce=nonce, single_use=single_use)
    return payload.encode(
        Envelope(Purpose.SETTING, payload.encode_setting(SettingChange(name, value, token)))
    )


def endorsement_payload(certificate_der: bytes) -> bytes:
    return payload.encode(Envelope(Purpose.ENDORSEMENT_KEY, spm.endorsement_data(certificate_der)))


def signing_payload(endorsement: RSAPrivateKey, signing: RSAPrivateKey | None, counter: int = NONCE) -> bytes:
    key = None if signing is None else PublicKey.of(signing)
    data = spm.make_signing_key(endorsement, key, counter=counter)
    return payload.encode(Envelope(Purpose.SIGNING_KEY, data))


def local_access_value(key: RSAPrivateKey) -> str:
    return base64.b64encode(PublicKey.of(key).modulus).decode("ascii")


def start(pc: TargetPC) -> None:
    """From off to the operating system, with every prompt answered by somebody who reads it."""
    pc.execute(c.PowerOn())
    while (prompt := pc.firmware.session.prompt) is not None:
        pc.execute(c.AnswerPresence(prompt.code))
    pc.execute(c.Continue())


def guard(
    pc: TargetPC,
    certificate_der: bytes,
    endorsement: RSAPrivateKey,
    signing: RSAPrivateKey,
    local: RSAPrivateKey,
) -> None:
    """Provision keys, switch the mode on and set local access key 1; the machine ends switched off."""
    start(pc)
    for each in (endorsement_payload(certificate_der), signing_payload(endorsement, signing)):
        assert pc.apply(each).accepted
    pc.execute(c.PowerOff())
    start(pc)
    changes = ((MODE, "Enable"), (f"{MODE} Local Access Key 1", local_access_value(local)))
    for number, (name, value) in enumerate(changes):
        assert pc.apply(signed(signing, name, value, NONCE + number)).accepted
    pc.execute(c.PowerOff())
