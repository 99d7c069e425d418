"""How values read on the screen. The words on every wire stay the stored values; only the eye gets these."""

import base64
import binascii
import hashlib

from emulator.firmware.catalogue import Keeper, Kind, Role, Setting
from emulator.firmware.settings import DISABLED, tokens

MODULUS_TEXT = 344
"""Characters of base64 of an RSA-2048 modulus."""


def shown(setting: Setting, value: str) -> str:
    """`value` of `setting` for a line of a page."""
    if setting.role is Role.ENDORSEMENT_CERTIFICATE:
        return "Configured" if value else "Not Configured"
    if setting.keeper in (Keeper.LOCAL_ACCESS_KEY, Keeper.PLATFORM_KEY):
        return key_shown(value)
    return entries(value) if setting.kind is Kind.ORDERED_LIST else value


def entries(value: str) -> str:
    """How many entries an ordered list has."""
    count = len(tokens(value))
    return {0: "no entries", 1: "1 entry"}.get(count, f"{count} entries")


def key_shown(value: str) -> str:
    """A key by its id: nobody can compare 344 characters."""
    if not value:
        return "Not Configured"
    if len(value) < MODULUS_TEXT:
        return value
    try:
        modulus = base64.b64decode(value[:MODULUS_TEXT], validate=True)
    except binascii.Error:
        return value
    return base64.b64encode(hashlib.sha256(modulus).digest()).decode("ascii")


def allowed(setting: Setting) -> str:
    """What a text field may hold, in words."""
    if setting.kind is Kind.INTEGER:
        step = f", in steps of {setting.step}" if setting.step > 1 else ""
        return f"A number from {setting.lower_bound} to {setting.upper_bound}{step}"
    length = (
        f"{setting.min_length} to {setting.max_length}"
        if setting.min_length
        else f"Up to {setting.max_length}"
    )
    return f"{length} characters{'; an empty one clears it' if setting.secret else ''}"


def entry(token: str) -> str:
    """One entry of an ordered list."""
    return f"{token.removesuffix(DISABLED)} (Disabled)" if token.endswith(DISABLED) else token


def sentence(text: str) -> str:
    """A refusal as it stands on the screen."""
    return f"{text[:1].upper()}{text[1:]}"


def clock(seconds: float) -> str:
    """Time left as minutes and seconds."""
    left = max(0, int(seconds))
    return f"{left // 60}:{left % 60:02}"


def heading(name: str) -> str:
    """A name as it stands over a page."""
    return name[:1].upper() + name[1:]
