"""Authenticated variables that are no keys of Secure Boot: each belongs to whoever signed it first."""

from firmware_store import certdb
from firmware_store.errors import UntrustedSigner
from firmware_store.records import Variable
from firmware_store.signed_request import SignedRequest, verify_request
from firmware_store.signed_write import write
from firmware_store.variables import VariableStore


def set_private(store: VariableStore, request: SignedRequest, held: Variable | None) -> None:
    signature = verify_request(request, None if held is None else held.time_stamp)
    signer = certdb.digest_of(signature)
    if held is not None and certdb.bound_to(store, request.guid, request.name) != signer:
        raise UntrustedSigner(
            f"{request.name!r} belongs to whoever signed it first, and that is another signer"
        )
    if not signature.trusted_by(signature.signers[0]):
        raise UntrustedSigner(f"{request.name!r}: the signers do not lead to the first of them")
    if held is None and request.value:
        certdb.bind(store, certdb.Binding(request.guid, request.name, signer))
    write(store, request, held)
    if request.deletes:
        certdb.unbind(store, request.guid, request.name)


def delete_private(store: VariableStore, request: SignedRequest) -> None:
    store.remove(request.guid, request.name)
    certdb.unbind(store, request.guid, request.name)
