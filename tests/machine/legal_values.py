"""Legal and illegal values of any setting, and machines on which it can be changed."""

import uuid
from dataclasses import replace
from functools import cache

from emulator import models
from emulator.firmware import passwords
from emulator.firmware.catalogue import IS_SET, Catalogue, Condition, Keeper, Kind, Role, Setting
from emulator.firmware.firmware import manufactured
from emulator.firmware.memory import Identity, Memory, PasswordHash, Passwords
from emulator.firmware.settings import DISABLED

PASSWORD = "Correct-Horse-1"
MACHINE = uuid.UUID("00112233-4455-6677-8899-aabbccddeeff")
# Every ordinary setting of every packaged model.
EVERY = [
    (name, setting.name)
    for name in models.names()
    for setting in models.packaged(name).every.values()
    if setting.keeper is Keeper.ORDINARY
]
WITH_CONDITIONS = [
    (model, name, number)
    for model, name in EVERY
    for number in range(len(models.packaged(model).every[name].requires))
]


def legal(setting: Setting) -> list[str]:
    """Each value of an enumeration; of other kinds the outermost ones and some between."""
    if setting.kind is Kind.ENUMERATION:
        return list(setting.values)
    if setting.kind is Kind.ORDERED_LIST:
        entries = list(setting.values)
        return [",".join(entries[::-1]), ",".join([entries[0] + DISABLED, *entries[1:]])]
    if setting.kind is Kind.INTEGER:
        last = setting.upper_bound - (setting.upper_bound - setting.lower_bound) % setting.step
        between = min(setting.lower_bound + setting.step, last)
        return [str(each) for each in sorted({setting.lower_bound, between, last})]
    return ["~" * setting.min_length, ("Ab1 {}" * setting.max_length)[: setting.max_length]]


def illegal(setting: Setting) -> list[str]:
    if setting.kind is Kind.ENUMERATION:
        first, last = setting.values[0], setting.values[-1]
        wrong = ["", "No Such Value", first.swapcase(), f"{last} ", f"*{first}"]
        return [value for value in wrong if value not in setting.values]
    if setting.kind is Kind.ORDERED_LIST:
        return ["", "NO SUCH:ENTRY", ",,"]
    if setting.kind is Kind.INTEGER:
        beyond = [str(setting.upper_bound + setting.step), str(setting.lower_bound - 1)]
        between = [str(setting.lower_bound + 1)] if setting.step > 1 else []
        return ["", "1.5", "0x1", " 1", "1e1", *beyond, *between]
    short = ["x" * (setting.min_length - 1)] if setting.min_length else []
    return ["x" * (setting.max_length + 1), "a\nb", "\0", *short]


@cache
def kept_password() -> PasswordHash:
    return passwords.hashed(PASSWORD, bytes(passwords.SALT_SIZE))


def changeable(model: Catalogue, setting: Setting) -> Memory:
    """A new machine on which every condition of `setting` holds."""
    memory = manufactured(model, Identity(MACHINE, "5CG0000001", model.model))
    for condition in setting.requires:
        memory = with_condition(model, memory, condition, holds=True)
    return memory


def with_condition(model: Catalogue, memory: Memory, condition: Condition, *, holds: bool) -> Memory:
    """The same machine, where this condition holds or does not."""
    other = model.every[condition.setting]
    if other.role is Role.ADMINISTRATOR_PASSWORD or other.role is Role.POWER_ON_PASSWORD:
        wanted = (IS_SET in condition.values) is holds
        return replace(memory, passwords=_passwords(memory.passwords, other.role, wanted=wanted))
    values = [value for value in other.values if (value in condition.values) is holds]
    return replace(memory, settings={**memory.settings, other.name: values[0]})


def _passwords(held: Passwords, role: Role, *, wanted: bool) -> Passwords:
    return passwords.with_password(held, role, kept_password() if wanted else None)
