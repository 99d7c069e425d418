"""The factory: a chip that is programmed once, with variables in it from the first moment.

No update has happened yet, so there are no old values, nothing waits in the spare area, and nothing need survive a power
cut: the image is put together and not written step by step. What comes out is what a store has after a scrub.
"""

from collections.abc import Iterable

from firmware_store import redo
from firmware_store.errors import InvalidParameter, OutOfResources
from firmware_store.formats import VARIABLE_HEADER
from firmware_store.layout import Layout
from firmware_store.records import ADDED, START_ID, Variable, encode_name
from firmware_store.volume import blank

# Erased bytes that reach to the next record, by the length of one modulo four.
GAPS = (b"", b"\xff\xff\xff", b"\xff\xff", b"\xff")


def factory_image(layout: Layout, variables: Iterable[Variable]) -> bytes:
    """A new image with these variables, in their order."""
    empty, pack = blank(layout), VARIABLE_HEADER.pack
    parts, seen, vendors = [empty[: layout.records_offset]], set(), {redo.VENDOR: b""}
    for guid, name, attributes, data, time_stamp in variables:
        stored_name = encode_name(name)
        vendor = vendors.get(guid) or vendors.setdefault(guid, guid.bytes_le)
        if not name or "\0" in name or not data or not vendor or (vendor, name) in seen:
            raise InvalidParameter(
                f"{name!r} of vendor {guid}: expected a variable with a name and a value, none of them twice"
            )
        seen.add((vendor, name))
        sizes = len(stored_name), len(data)
        parts.append(pack(START_ID, ADDED, 0, attributes, 0, time_stamp, 0, *sizes, vendor))
        parts += (stored_name, data, GAPS[(sizes[0] + sizes[1]) % 4])
    filled = b"".join(parts)
    if len(filled) > layout.variable_size:
        raise OutOfResources(
            f"the variables take {len(filled) - layout.records_offset} bytes, the {layout.name} layout has room for "
            f"{layout.variable_size - layout.records_offset}"
        )
    return filled + empty[len(filled) :]
