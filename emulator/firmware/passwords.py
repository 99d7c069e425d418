"""The two passwords: administrator ("Setup Password") and power-on, their policies, and what is kept of them.

Only a salted, slow hash is kept (scrypt), with its costs beside it so that they can grow. Who may change which password is in `access`;
wrong tries are counted by the session, not here.

Policies act on new passwords only, never on existing ones. With Enhanced BIOS Authentication Mode on, a password opens nothing
that a signature must open.
"""

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from emulator.firmware.catalogue import OFF_WORDS, Catalogue, Role, Setting
from emulator.firmware.memory import Memory, PasswordHash, Passwords
from emulator.firmware.refusals import PasswordPolicyNotMet
from emulator.firmware.values import replace
from emulator.protocol.frozen import frozen

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

SALT_SIZE, DIGEST_SIZE = 16, 32
LOG2_COST, BLOCK_SIZE, LANES = 14, 8, 1
"""16 MiB and some 50 ms a try: what its author recommends for interactive use."""
TRIES = 3
"""Wrong passwords in a row before the machine must be restarted."""

NAMES: Mapping[Role, str] = {
    Role.ADMINISTRATOR_PASSWORD: "administrator password",
    Role.POWER_ON_PASSWORD: "power-on password",
}


def hashed(password: str, salt: bytes) -> PasswordHash:
    """What is kept of a password."""
    costs = PasswordHash(salt, b"", LOG2_COST, BLOCK_SIZE, LANES)
    return replace(costs, digest=_stretched(costs).derive(_octets(password)))


def matches(kept: PasswordHash | None, password: str) -> bool:
    """Whether `password` is the one that was set; compared in constant time."""
    from cryptography.exceptions import InvalidKey

    # No password has signs that do not print; and zeros behind a short one would make no difference to the hash.
    if kept is None or not password.isprintable():
        return False
    try:
        _stretched(kept).verify(_octets(password), kept.digest)
    except InvalidKey:
        return False
    return True


def of(passwords: Passwords, role: Role) -> PasswordHash | None:
    return passwords.administrator if role is Role.ADMINISTRATOR_PASSWORD else passwords.power_on


def with_password(passwords: Passwords, role: Role, kept: PasswordHash | None) -> Passwords:
    if role is Role.ADMINISTRATOR_PASSWORD:
        return replace(passwords, administrator=kept)
    return replace(passwords, power_on=kept)


@frozen
class Rule:
    """One class of signs that a password must have, or must not have."""

    holds: Callable[[str], bool]
    sentence: str
    when_on: bool = field(default=True)


RULES: Mapping[Role, Rule] = {
    Role.PASSWORD_SYMBOL: Rule(
        lambda text: any(not sign.isalnum() and not sign.isspace() for sign in text), "needs a symbol"
    ),
    Role.PASSWORD_NUMBER: Rule(lambda text: any(sign.isdigit() for sign in text), "needs a number"),
    Role.PASSWORD_UPPER_CASE: Rule(
        lambda text: any(sign.isupper() for sign in text), "needs an upper case letter"
    ),
    Role.PASSWORD_LOWER_CASE: Rule(
        lambda text: any(sign.islower() for sign in text), "needs a lower case letter"
    ),
    Role.PASSWORD_SPACES: Rule(
        lambda text: not any(sign.isspace() for sign in text), "may have no spaces", when_on=False
    ),
}


def require_policy(setting: Setting, password: str, catalogue: Catalogue, memory: Memory) -> None:
    """Raise PasswordPolicyNotMet unless a new password keeps every policy that this model has."""
    shortest = setting.min_length
    if minimum := catalogue.roles.get(Role.SHORTEST_PASSWORD):
        shortest = max(shortest, int(memory.settings.get(minimum.name, minimum.default)))
    faults = [] if shortest <= len(password) else [f"has at least {shortest} characters"]
    if len(password) > setting.max_length:
        faults.append(f"has at most {setting.max_length} characters")
    if not password.isprintable():
        faults.append("has printable characters only")
    for role, rule in RULES.items():
        policy = catalogue.roles.get(role)
        if policy is not None and _on(policy, memory) is rule.when_on and not rule.holds(password):
            faults.append(rule.sentence)
    if faults:
        raise PasswordPolicyNotMet(f"a new password {', and '.join(faults)}; nothing was changed")


def _on(policy: Setting, memory: Memory) -> bool:
    return memory.settings.get(policy.name, policy.default) not in OFF_WORDS


def _stretched(kept: PasswordHash) -> "Scrypt":
    """A function of this kind is used up by one password."""
    # A PC whose passwords nobody types does without it.
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    return Scrypt(kept.salt, DIGEST_SIZE, 1 << kept.log2_cost, kept.block_size, kept.lanes)


def _octets(password: str) -> bytes:
    return password.encode("utf-16-le", "surrogatepass")
