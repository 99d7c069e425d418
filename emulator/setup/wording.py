"""How values read on the screen. The words on every wire stay the stored values; only the eye gets these."""

import base64
import binascii
import hashlib

from emulator.firmware.catalogue import Keeper, Kind, Role, Setting
from emulator.firmware.settings import DISABLED, tokens
from emulator.setup.language import ENGLISH, Language

MODULUS_TEXT = 344
"""Characters of base64 of an RSA-2048 modulus."""


def shown(setting: Setting, value: str, language: Language = ENGLISH) -> str:
    """`value` of `setting` for a line of a page."""
    if setting.role is Role.ENDORSEMENT_CERTIFICATE:
        return language.say("Configured") if value else language.say("Not Configured")
    if setting.keeper in (Keeper.LOCAL_ACCESS_KEY, Keeper.PLATFORM_KEY):
        return key_shown(value, language)
    if setting.kind is Kind.ORDERED_LIST:
        return entries(value, language)
    told = setting.keeper is Keeper.PASSWORD or setting.secret or _only_tells(setting)
    return language.say(value) if told else value


def _only_tells(setting: Setting) -> bool:
    """Whether its text is the machine's own, such as a state, and not somebody's."""
    return setting.read_only and setting.kind is Kind.STRING


def entries(value: str, language: Language = ENGLISH) -> str:
    """How many entries an ordered list has."""
    count = len(tokens(value))
    if count == 1:
        return language.say("1 entry")
    return language.say("{count} entries", count=count) if count else language.say("no entries")


def key_shown(value: str, language: Language = ENGLISH) -> str:
    """A key by its id: nobody can compare 344 characters."""
    if not value:
        return language.say("Not Configured")
    if len(value) < MODULUS_TEXT:
        return value
    try:
        modulus = base64.b64decode(value[:MODULUS_TEXT], validate=True)
    except binascii.Error:
        return value
    return base64.b64encode(hashlib.sha256(modulus).digest()).decode("ascii")


def allowed(setting: Setting, language: Language = ENGLISH) -> str:
    """What a text field may hold, in words."""
    if setting.kind is Kind.INTEGER:
        text = "A number from {least} to {most}, in steps of {step}"
        if setting.step <= 1:
            text = "A number from {least} to {most}"
        return language.say(text, least=setting.lower_bound, most=setting.upper_bound, step=setting.step)
    text = "{least} to {most} characters" if setting.min_length else "Up to {most} characters"
    said = language.say(text, least=setting.min_length, most=setting.max_length)
    return f"{said}; {language.say('an empty one clears it')}" if setting.secret else said


def entry(token: str, language: Language = ENGLISH) -> str:
    """One entry of an ordered list."""
    if not token.endswith(DISABLED):
        return token
    return f"{token.removesuffix(DISABLED)} ({language.say('Disabled')})"


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
