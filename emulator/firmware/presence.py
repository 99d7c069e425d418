"""Physical presence: what waits until somebody proves to stand in front of the machine.

At the next attended boot the firmware shows a random code of four digits and names what will change; typing the code carries the
change out, Esc refuses it. Somebody far away can neither read the code nor type it. A boot that nobody attends leaves the request
waiting. With *Physical Presence Interface* disabled, settings need no prompt; keys of Secure Platform Management and the restoring of
the security settings always do.
"""

from dataclasses import field
from enum import Enum, auto

from emulator.firmware import secure_platform
from emulator.firmware.catalogue import Catalogue, Role
from emulator.firmware.guard import Entropy
from emulator.firmware.memory import Memory
from emulator.firmware.refusals import MalformedCode
from emulator.protocol.frozen import frozen

DIGITS = 4
TRIES = 3


class Subject(Enum):
    """What a prompt is about."""

    KEYS = auto()
    KEYS_LEAVING = auto()
    SECURITY = auto()
    SETTINGS = auto()


@frozen
class Prompt:
    """One request on the screen; `lines` name what will change. The code is for that screen only."""

    subject: Subject
    lines: tuple[str, ...]
    code: str = field(repr=False)
    tries_left: int = TRIES


def next_prompt(catalogue: Catalogue, memory: Memory, entropy: Entropy) -> Prompt | None:
    """What must be asked first, with a fresh code; None when nothing waits."""
    if secure_platform.awaits_presence(memory.platform):
        subject = Subject.KEYS_LEAVING if memory.platform.leaving else Subject.KEYS
        return Prompt(subject, _key_lines(memory), _code(entropy))
    if restoring(catalogue) in memory.waiting:
        return Prompt(Subject.SECURITY, _security_lines(catalogue), _code(entropy))
    if memory.waiting:
        return Prompt(Subject.SETTINGS, _setting_lines(catalogue, memory), _code(entropy))
    return None


def restoring(catalogue: Catalogue) -> str:
    """The setting that orders the restoring of the security settings; empty for a model without one."""
    setting = catalogue.roles.get(Role.RESTORE_SECURITY)
    return "" if setting is None else setting.name


def _security_lines(catalogue: Catalogue) -> tuple[str, ...]:
    """What the restoring does on this model."""
    lines = [f"{restoring(catalogue)}:"]
    if catalogue.has_secure_platform:
        lines += ["  Enhanced BIOS Authentication Mode is switched off", "  local access keys are cleared"]
    lines += [
        "  passwords are cleared",
        "  the settings of the Security menu go back to their factory defaults",
    ]
    if catalogue.has_secure_platform and catalogue.quirks.restoring_keeps == "keys":
        lines.append("Endorsement key, signing key and counters stay.")
    elif catalogue.has_secure_platform:
        lines.append("Endorsement key, signing key and what Sure Recover was given go, too.")
    return tuple(lines)


def matches(prompt: Prompt, typed: str) -> bool:
    """Whether the typed code is the one shown. Raises MalformedCode for what is no code at all."""
    code = typed.strip()
    if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
        raise MalformedCode(
            f"the code has {DIGITS} digits; type the ones shown, or press Esc to refuse the change"
        )
    import hmac

    return hmac.compare_digest(code.encode("ascii"), prompt.code.encode("ascii"))


def _code(entropy: Entropy) -> str:
    return f"{entropy.below(10**DIGITS):0{DIGITS}}"


def _key_lines(memory: Memory) -> tuple[str, ...]:
    platform = memory.platform
    certificate = platform.certificate
    assert certificate is not None  # keys await presence only with a certificate
    purpose = "give up the keys" if platform.leaving else "provision keys that may change every setting"
    lines = [
        f"Secure Platform Management: {purpose}",
        "Certificate subject:",
        f"  {certificate.subject}",
        f"Endorsement key id:  {certificate.key.key_id}",
    ]
    if platform.signing_key is not None:
        lines.append(f"Signing key id:      {platform.signing_key.key_id}")
    return tuple(lines)


def _setting_lines(catalogue: Catalogue, memory: Memory) -> tuple[str, ...]:
    return tuple(
        f"{name}: another secret"
        if name in catalogue.every and catalogue.every[name].secret
        else f"{name}: {memory.settings.get(name, '')} → {value}"
        for name, value in memory.waiting.items()
    )
