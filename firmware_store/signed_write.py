"""What a signed request that has been allowed does to the store.

An append that would give a signature list a signature twice leaves it out, and the later of the two time stamps stays.
Otherwise the new value and its time stamp take the place of the old ones; no value deletes.
"""

from firmware_store import signature_list
from firmware_store.errors import InvalidParameter, NotFound
from firmware_store.records import HEADER_SIZE, Variable, encode_name
from firmware_store.secure_boot import DATABASES, KEK, Place
from firmware_store.set_variable import APPEND
from firmware_store.signed_request import SignedRequest, moment
from firmware_store.variables import VariableStore


def write(store: VariableStore, request: SignedRequest, held: Variable | None) -> None:
    """Stores what has been allowed."""
    value, time_stamp = request.value, request.time_stamp
    if request.appends:
        value, time_stamp = _appended(store, request, held)
        if held is None and not value:
            return
    elif held is None and not value:
        raise NotFound(
            f"expected a variable {request.name!r} of vendor {request.guid} to delete, there is none"
        )
    store.put(Variable(request.guid, request.name, request.attributes & ~APPEND, value, time_stamp))


def _appended(store: VariableStore, request: SignedRequest, held: Variable | None) -> tuple[bytes, bytes]:
    """The value and the time stamp after an append: no signature twice, and the later time."""
    if held is None:
        return request.value, bytes(16)
    value = request.value
    if Place(request.guid, request.name) in (KEK, *DATABASES):
        value = signature_list.without_known(value, held.data)
    value = held.data + value
    if HEADER_SIZE + len(encode_name(request.name)) + len(value) > store.layout.largest_authenticated:
        raise InvalidParameter(
            f"{request.name!r}: appending makes {len(value)} bytes, with header and name more than the largest "
            f"authenticated variable of the {store.layout.name} layout, {store.layout.largest_authenticated}"
        )
    return value, max(held.time_stamp, request.time_stamp, key=moment)
