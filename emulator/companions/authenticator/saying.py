"""How the verbs of `f10 phone` tell things: keys and times, to people and in JSON."""

import json
from datetime import UTC, datetime

from emulator.companions.authenticator.phone import HeldKey
from emulator.protocol.certificate import printable


def described(key: HeldKey) -> dict[str, object]:
    package = key.package
    return {
        "key_id": key.key_id,
        "name": key.name,
        "key_name": printable(package.key_name),
        "model": printable(package.model) if package.model is not None else None,
        "serial": printable(package.serial) if package.serial is not None else None,
        "needs_passphrase": package.needs_passphrase,
        "needs_sign_in": key.needs_sign_in,
        "email": key.email,
        "enrolled_at": key.enrolled_at,
    }


def moment(at: int) -> str:
    """Unix time as people write it, in UTC."""
    try:
        return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):
        return "unknown time"


def print_json(value: object) -> None:
    print(json.dumps(value, indent=2))
