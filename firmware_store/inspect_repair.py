"""Repair: an image with faults becomes one without, and nothing is lost that was there before.

First a copy of the file is kept beside it, for this user alone, because it may be wanted as evidence and because no
repair is certain. What recovery settles is settled by recovery (an interrupted write, a lost working block, a tail that
is not erased). What it leaves, torn and doubled records, is dropped by a reclaim, which is itself power-fail safe. Only
when the store cannot be opened at all is it salvaged: lost headers are written anew where no copy of them waits, and of
a list of records that leaves the store the part in front of the damage is kept.

Then the result is looked at again, before it takes the old file's place. If a fault is left, or if a variable that
could be read before would be different, nothing is changed.
"""

import os
from contextlib import ExitStack
from dataclasses import dataclass

from firmware_store.errors import BeyondRepair, ImageChanged, StoreError
from firmware_store.host_errors import explained
from firmware_store.image import Durability, Image, identity_of, whole
from firmware_store.inspect import Report, check
from firmware_store.inspect_records import look_at_records
from firmware_store.locks import descriptor, keep_virtual_machines_out, writer_lock
from firmware_store.records import ADDED, STATE_OFFSET, Variable
from firmware_store.replacement import place, replace, sweep
from firmware_store.variables import VariableStore
from firmware_store.volume import blank, detect

COPY_SUFFIX = ".before-repair"


@dataclass(frozen=True, slots=True)
class Repair:
    """What was found, the path of the copy (None when nothing had to be done), and what a second look found."""

    before: Report
    copy: str | None
    after: Report


def repaired(image: bytes) -> bytes:
    """The image without its faults. Raises when one would be left, or a readable variable would change."""
    store = _opened(image)
    if not check(bytes(store.flash.content)).sound:
        store.reclaim()
    result = bytes(store.flash.content)
    left = check(result).faults
    if left:
        raise BeyondRepair(f"a fault would be left, so nothing was changed: {left[0].text}")
    if _readable(image) not in (None, _readable(result)):
        raise BeyondRepair("a variable would change, so nothing was changed; work on a copy of the image")
    return result


def _opened(image: bytes) -> VariableStore:
    try:
        return VariableStore.from_image(image)
    except StoreError:
        return VariableStore.from_image(_salvaged(image))


def _readable(image: bytes) -> list[Variable] | None:
    try:
        return sorted(VariableStore.from_image(image), key=lambda each: (each.guid.int, each.name))
    except StoreError:
        return None


def _salvaged(image: bytes) -> bytes:
    """Headers as they must be, and the records up to the first that leaves the store."""
    layout = detect(image)
    saved = bytearray(image)
    saved[: layout.records_offset] = blank(layout)[: layout.records_offset]
    walk = look_at_records(saved, layout.records_offset, layout.variable_size)
    for each in walk.records:
        if each.alive and each.name is None:
            saved[each.offset + STATE_OFFSET] &= ~ADDED & 0xFF
    saved[walk.stop : layout.variable_size] = b"\xff" * (layout.variable_size - walk.stop)
    return bytes(saved)


def repair(path: str | os.PathLike[str], *, durability: Durability = "full") -> Repair:
    """Repairs an image file under the writer's lock, after keeping a copy of it, and looks at it once more."""
    image, durable = Image(path, durability=durability), durability == "full"
    folder_path, name = os.path.split(image.path)
    with ExitStack() as held:
        held.enter_context(explained(image.path, writing=True))
        folder = held.enter_context(descriptor(folder_path, os.O_RDONLY | os.O_DIRECTORY))
        os.stat(name, dir_fd=folder, follow_symlinks=False)
        held.enter_context(writer_lock(folder, name, wait=True))
        sweep(folder, name)
        file = held.enter_context(descriptor(name, os.O_RDWR, folder))
        keep_virtual_machines_out(file)
        identity, content = identity_of(os.fstat(file)), whole(file)
        before = check(content)
        if before.sound:
            return Repair(before, None, before)
        result = repaired(content)
        copy = _keep_copy(folder, name, content, durable=durable)
        if identity_of(os.stat(name, dir_fd=folder, follow_symlinks=False)) != identity:
            raise ImageChanged("a program that takes no lock wrote to the image meanwhile; try again")
        replace(folder, name, result, durable=durable)
    return Repair(before, os.path.join(folder_path, copy), check(image.read()))


def _keep_copy(folder: int, name: str, content: bytes, *, durable: bool) -> str:
    """A new file under the first name that is free."""
    number = 1
    while True:
        copy = f"{name}{COPY_SUFFIX}" if number == 1 else f"{name}{COPY_SUFFIX}-{number}"
        try:
            place(folder, copy, content, durable=durable)
        except FileExistsError:
            number += 1
        else:
            return copy
