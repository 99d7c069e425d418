"""`PK`, `KEK`, `db`, `dbx` and `dbt`: who may change them, by the mode that the platform is in.

Enrolling `PK` ends setup mode, so the first one must be signed by itself: whoever enrols it has shown that he can
change it. Later ones are signed by the present `PK`, whose own key counts and none that it has issued. The databases
are tried with `PK` first and then with every certificate in `KEK`, over a chain if there is one.
"""

from firmware_store import secure_boot, signature_list
from firmware_store.certificates import read_certificate
from firmware_store.errors import InvalidParameter, UntrustedSigner, VariableError
from firmware_store.records import Variable
from firmware_store.secure_boot import DATABASES, KEK, PK, Place
from firmware_store.signature import VerifiedSignature
from firmware_store.signed_request import SignedRequest, verify_request
from firmware_store.signed_write import write
from firmware_store.variables import VariableStore


def set_key(
    store: VariableStore, place: Place, request: SignedRequest, held: Variable | None, *, by_hand: bool
) -> None:
    setup = secure_boot.setup_mode(store)
    if by_hand or (setup and place != PK):
        signature_list.check_lists(request.value, single=place == PK)
        write(store, request, held)
        if not setup or place == PK:
            secure_boot.keys_modified(store)
    elif setup:
        _enrol_platform_key(store, request)
    elif place in DATABASES:
        _set_database(store, request, held)
    else:
        _set_by_platform_key(store, request, held)
    if place == PK and setup != secure_boot.setup_mode(store):
        secure_boot.mode_changed(store)


def _set_database(store: VariableStore, request: SignedRequest, held: Variable | None) -> None:
    """By `PK` or else by `KEK`; the answer is that of the second attempt, whatever was wrong in the first."""
    try:
        _set_by_platform_key(store, request, held)
    except VariableError:
        signature = verify_request(request, _time_stamp(held))
        if not any(_trusted(signature, each) for each in signature_list.certificates(store.get(*KEK).data)):
            raise UntrustedSigner(
                f"{request.name!r}: no certificate in PK or KEK leads to the signer"
            ) from None
        _check_and_write(store, request, held)


def _set_by_platform_key(store: VariableStore, request: SignedRequest, held: Variable | None) -> None:
    """By the key in `PK` itself; nothing that it has issued counts."""
    signature = verify_request(request, _time_stamp(held))
    key = next(signature_list.certificates(store.get(*PK).data), None)
    if key is None or signature.signers[0] != read_certificate(key) or not _trusted(signature, key):
        raise UntrustedSigner(f"{request.name!r}: the signer is not the platform key")
    _check_and_write(store, request, held)


def _enrol_platform_key(store: VariableStore, request: SignedRequest) -> None:
    """By the key that is to become `PK`, or one that it has issued."""
    signature = verify_request(request, None)
    key = _first_certificate(request.value)
    if key is None or not _trusted(signature, key):
        raise UntrustedSigner("the signer is not the new platform key, which must sign for itself")
    _check_and_write(store, request, None)


def _first_certificate(value: bytes) -> bytes | None:
    try:
        return next(signature_list.certificates(value), None)
    except InvalidParameter:
        return None


def _trusted(signature: VerifiedSignature, certificate: bytes) -> bool:
    try:
        return signature.trusted_by(read_certificate(certificate))
    except VariableError:
        return False


def _time_stamp(held: Variable | None) -> bytes | None:
    return None if held is None else held.time_stamp


def _check_and_write(store: VariableStore, request: SignedRequest, held: Variable | None) -> None:
    signature_list.check_lists(request.value, single=Place(request.guid, request.name) == PK)
    write(store, request, held)
