"""Who changes the databases of Secure Boot: the factory, settings, and whoever can write the image.

Settings are heeded at a boot, once everything that holds it up was passed. An order (clear the keys, put those of the factory back) is
carried out there like any other. A setting that lets an authority in, or keeps it out, is an order only when it was changed: so
whatever somebody has brought into the databases by other means stays, and no boot puts back what he took away. In setup mode such a
change is remembered for the keys that the factory's order will bring. Where a setting says whose keys those are, going back to the factory's
is that order.

A machine that was made before its firmware had databases gets the factory's at its next start, unless it has some already.

No default reaches the databases but through the settings that hang on them, and *Restore Security Settings* does not either: there is an order
of its own for that. They guard what is started, and are no keys of Secure Platform Management.
"""

from collections.abc import Callable, Mapping

from emulator.firmware import prerequisites, signature_databases
from emulator.firmware.catalogue import OFF_WORDS, SECURE_BOOT_OFF, Catalogue, Role, Setting
from emulator.firmware.memory import Heeded, Memory, SecureBoot
from emulator.firmware.secure_boot import AUTHORITIES
from emulator.firmware.turn import condition_value_of
from emulator.firmware.values import replace

Databases = dict[str, bytes]


def begun(catalogue: Catalogue, memory: Memory) -> Memory:
    """A machine of the factory, or of an earlier release, has the keys of the factory, if it has none."""
    kept = memory.secure_boot
    if kept.heeded is not None or not catalogue.has_secure_boot:
        return memory
    wanted = _wanted(catalogue, memory)
    databases = kept.databases or _factory(catalogue, wanted)
    return in_force(catalogue, replace(memory, secure_boot=SecureBoot(databases, kept.switch, wanted)))


def obeyed(catalogue: Catalogue, memory: Memory, setting: Setting, value: str) -> Memory:
    """Carry out what a momentary setting orders, if it is one of Secure Boot."""
    order = _ORDERS.get(setting.role)
    if order is None or value == setting.default or memory.secure_boot.heeded is None:
        return memory
    databases = order(catalogue, _wanted(catalogue, memory))
    return replace(memory, secure_boot=replace(memory.secure_boot, databases=databases))


def in_force(catalogue: Catalogue, memory: Memory) -> Memory:
    """Let changed settings act, and the switch say what they say."""
    kept = memory.secure_boot
    if kept.heeded is None:
        return memory
    wanted = replace(_wanted(catalogue, memory), tail=kept.heeded.tail)
    databases = kept.databases
    if kept.heeded.customer and not wanted.customer:
        databases = _factory(catalogue, wanted)
    elif "PK" in databases:
        databases = _with_changed(catalogue, databases, kept.heeded.authorities, wanted.authorities)
    after = SecureBoot(databases, _switch(catalogue, memory) if "PK" in databases else None, wanted)
    return memory if after == kept else replace(memory, secure_boot=after)


def is_on(catalogue: Catalogue, memory: Memory) -> bool:
    """Whether the setting says that Secure Boot is on; it says nothing where it is grey."""
    setting = catalogue.roles[Role.SECURE_BOOT]
    value = _stored(memory, setting)
    grey = prerequisites.unmet(setting, lambda name: condition_value_of(catalogue, memory, name))
    return not grey and not value.endswith(SECURE_BOOT_OFF)


def _switch(catalogue: Catalogue, memory: Memory) -> bool | None:
    """As it is, on a model that has no setting for it."""
    known = Role.SECURE_BOOT in catalogue.roles
    return is_on(catalogue, memory) if known else memory.secure_boot.switch


def _stored(memory: Memory, setting: Setting) -> str:
    return memory.settings.get(setting.name, setting.default)


def _wanted(catalogue: Catalogue, memory: Memory) -> Heeded:
    authorities = 0
    for bit, (role, (_, absent)) in enumerate(AUTHORITIES.items()):
        setting = catalogue.roles.get(role)
        on = absent if setting is None else _stored(memory, setting) not in OFF_WORDS
        authorities |= on << bit
    owner = catalogue.roles.get(Role.SECURE_BOOT_KEY_OWNER)
    return Heeded(authorities, owner is not None and _stored(memory, owner) != owner.default)


def _factory(catalogue: Catalogue, wanted: Heeded) -> Databases:
    chosen = [each for bit, (each, _) in enumerate(AUTHORITIES.values()) if wanted.authorities >> bit & 1]
    return signature_databases.factory(catalogue.certificates, chosen)


def _with_changed(catalogue: Catalogue, databases: Mapping[str, bytes], old: int, new: int) -> Databases:
    """The databases with the authorities let in or kept out whose settings were changed."""
    trusted = databases.get("db", b"")
    for bit, (which, _) in enumerate(AUTHORITIES.values()):
        if (new & ~old) >> bit & 1:
            trusted = signature_databases.with_certificate(trusted, catalogue.certificates[which])
        elif (old & ~new) >> bit & 1:
            trusted = signature_databases.without_certificate(trusted, catalogue.certificates[which])
    return {name: each for name, each in {**databases, "db": trusted}.items() if each}


# What a momentary setting orders.
_ORDERS: Mapping[Role | None, Callable[[Catalogue, Heeded], Databases]] = {
    Role.CLEAR_SECURE_BOOT_KEYS: lambda _catalogue, _wanted: {},
    Role.RESET_SECURE_BOOT_KEYS: _factory,
}
