"""`f10 image new`, `set`, `delete` and `scrub`: one transaction each, under the writer's lock."""

import os
import sys
from uuid import UUID

from emulator.image_arguments import Arguments, UsageError
from emulator.image_reading import guid_of, print_json, the_one
from firmware_store.errors import NotFound
from firmware_store.factory import factory_image
from firmware_store.host_errors import explained
from firmware_store.image import Image
from firmware_store.inspect_words import attributes_of
from firmware_store.layout import FOUR_MEGABYTE, TWO_MEGABYTE
from firmware_store.locks import descriptor
from firmware_store.replacement import place
from firmware_store.set_variable import APPEND, BOOT, NON_VOLATILE, RUNTIME, TIME_BASED
from firmware_store.variables import VariableStore

NEW_LAYOUTS = {each.name: each for each in (FOUR_MEGABYTE, TWO_MEGABYTE)}
# What a setting has that the operating system may see.
DEFAULT_ATTRIBUTES = NON_VOLATILE | BOOT | RUNTIME
VALUES = ("--hex", "--text", "--file")


def new_verb(arguments: Arguments) -> int:
    wanted = arguments.option("--layout") or FOUR_MEGABYTE.name
    if wanted not in NEW_LAYOUTS:
        raise UsageError(f"expected --layout {' or '.join(NEW_LAYOUTS)}")
    source = arguments.option("--from")
    if source is None:
        Image(arguments.words[0]).create(NEW_LAYOUTS[wanted])
    else:
        _copy(arguments.words[0], factory_image(NEW_LAYOUTS[wanted], Image(source).open()))
    return 0


def _copy(path: str, content: bytes) -> None:
    folder, name = os.path.split(os.path.abspath(path))
    with explained(path, writing=True), descriptor(folder, os.O_RDONLY | os.O_DIRECTORY) as held:
        place(held, name, content, durable=True)


def set_verb(arguments: Arguments) -> int:
    path, name = arguments.words
    data, asked = _value(arguments), _attributes(arguments)
    with Image(path).transaction(secret="--secret" in arguments.flags) as store:
        guid = _vendor(store, name, arguments.option("--guid"))
        held = store.find(guid, name)
        attributes = asked if asked is not None else held.attributes if held else DEFAULT_ATTRIBUTES
        if "--append" in arguments.flags:
            attributes |= APPEND
        _set(store, guid, name, data, attributes)
    return _done(arguments, {"name": name, "guid": str(guid), "attributes": attributes, "size": len(data)})


def _set(store: VariableStore, guid: UUID, name: str, data: bytes, attributes: int) -> None:
    """A signed request brings cryptography along; a plain one does without."""
    if attributes & TIME_BASED:
        from firmware_store import authenticated  # noqa: PLC0415

        authenticated.set_variable(store, guid, name, data, attributes)
    else:
        store.set(guid, name, data, attributes)


def delete_verb(arguments: Arguments) -> int:
    path, name = arguments.words
    with Image(path).transaction(secret="--secret" in arguments.flags) as store:
        variable = the_one(store, name, arguments.option("--guid"))
        store.delete(variable.guid, name)
    return _done(arguments, {"name": name, "guid": str(variable.guid), "deleted": True})


def scrub_verb(arguments: Arguments) -> int:
    with Image(arguments.words[0]).transaction() as store:
        store.scrub()
    return _done(arguments, {"scrubbed": True})


def _done(arguments: Arguments, what: object) -> int:
    if "--json" in arguments.flags:
        print_json(what)
    return 0


def _vendor(store: VariableStore, name: str, vendor: str | None) -> UUID:
    if vendor is not None:
        return guid_of(vendor)
    try:
        return the_one(store, name, None).guid
    except NotFound:
        raise UsageError(f"there is no variable {name!r} yet; say whose it shall be with --guid") from None


def _value(arguments: Arguments) -> bytes:
    """The value, whose text is never repeated in an error."""
    given = [each for each in VALUES if each in arguments.options]
    if len(given) != 1:
        raise UsageError(f"expected the value as exactly one of {', '.join(VALUES)}")
    text = arguments.options[given[0]]
    if given[0] == "--file":
        return _file(text)
    if given[0] == "--text":
        return text.encode("utf-8", "surrogateescape")
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise UsageError("expected pairs of hexadecimal digits after --hex") from None


def _file(path: str) -> bytes:
    if path == "-":
        return sys.stdin.buffer.read()
    with explained(path, writing=False), open(path, "rb") as file:
        return file.read()


def _attributes(arguments: Arguments) -> int | None:
    text = arguments.option("--attributes")
    if text is None:
        return None
    number = attributes_of(text)
    if number is None or number < 0:
        raise UsageError("expected --attributes as a number such as 0x7, or words such as NV+BS+RT")
    return number
