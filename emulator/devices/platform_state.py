"""The state of Secure Platform Management, as three readers get it.

* The Linux driver reads the firmware's reply of 552 bytes.
* The vendor's PowerShell module reads the 525 bytes of its native helper, which always has the endorsement key first.
* People read what that module prints: names and texts, and the moduli in base64 as ids, here without hashing them.
"""

import base64

from emulator.firmware import features, report, secure_platform
from emulator.firmware.firmware import Firmware
from emulator.protocol import spm
from emulator.protocol.keys import PublicKey
from emulator.protocol.spm import Feature, State

STATES = {
    State.NOT_CONFIGURED: "NotConfigured",
    State.PROVISIONED: "Provisioned",
    State.PROVISIONING_IN_PROGRESS: "ProvisioningInProgress",
}
FEATURES = {Feature.SURE_RUN: "SureRun", Feature.SURE_RECOVER: "SureRecover", Feature.SURE_ADMIN: "SureAdmin"}


def for_driver(firmware: Firmware) -> bytes:
    """552 bytes."""
    order = firmware.catalogue.quirks.state_order
    return _encoded(firmware, signing_key_first=order == "signing key first")


def for_helper(firmware: Firmware) -> bytes:
    """525 bytes."""
    return spm.encode_helper_state(spm.decode_state(_encoded(firmware, signing_key_first=True)))


def told(firmware: Firmware) -> dict[str, object]:
    platform = firmware.memory.platform
    certificate = platform.certificate
    return {
        "State": STATES[secure_platform.state(platform)],
        "Version": ".".join(map(str, secure_platform.VERSION)),
        "Nonce": secure_platform.reported_nonce(platform, firmware.catalogue.quirks),
        "FeaturesInUse": _features(firmware),
        "EndorsementKeyID": _modulus(None if certificate is None else certificate.key),
        "SigningKeyID": _modulus(platform.signing_key),
    }


def _features(firmware: Firmware) -> str:
    in_use = features.in_use(firmware.memory, firmware.catalogue.quirks)
    if int(in_use) == Feature.SURE_ADMIN:
        mode = "On" if firmware.memory.authentication.enabled else "Off"
        return f"SureAdmin ({mode}, Local Access - {report.local_access(firmware)})"
    return ", ".join(name for feature, name in FEATURES.items() if feature in in_use) or "None"


def _modulus(key: PublicKey | None) -> str:
    return "" if key is None else base64.b64encode(key.modulus).decode("ascii")


def _encoded(firmware: Firmware, *, signing_key_first: bool) -> bytes:
    platform, quirks = firmware.memory.platform, firmware.catalogue.quirks
    moduli = platform.signing_key, None if platform.certificate is None else platform.certificate.key
    first, second = moduli if signing_key_first else moduli[::-1]
    return spm.encode_state(
        secure_platform.state(platform),
        version=secure_platform.VERSION,
        features=features.in_use(firmware.memory, quirks),
        nonce=secure_platform.reported_nonce(platform, quirks),
        signing_key=first,
        endorsement_key=second,
    )
