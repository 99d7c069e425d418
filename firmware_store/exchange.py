"""Exchange: variables out of an image and into one, in the forms that other programs use.

| format     | what it is                      | attributes | time stamps | names                          |
| json       | one text, version 2             | yes        | yes         | any                            |
| efivarfs   | a folder, one file per variable | yes        | no          | up to 255 bytes with the GUID  |
| dmpstore   | one file of the UEFI shell      | yes        | no          | any                            |
| auth       | a folder of signed payloads     | implied    | yes         | the Secure Boot databases only |

Bringing in has two meanings, and the data itself tells which is meant. A signed payload is a *request*: it goes through
the authenticated SetVariable, as if the owner of the image had called it, and can be refused. Anything else is *content*
which came out of an image and goes into another: it is put in its place as a programmer of the chip would do it, time
stamp and all, even where firmware would ask for a signature. Volatile variables (a running Linux shows them) and empty
ones have no place in flash and are passed over.
"""

from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import NamedTuple
from uuid import UUID

from firmware_store import redo
from firmware_store.errors import UnusableExchangeFile
from firmware_store.exchange_auth import ATTRIBUTES, WELL_KNOWN, is_auth, read_auth, write_auth
from firmware_store.records import Variable
from firmware_store.set_variable import APPEND, AUTHENTICATED, NON_VOLATILE
from firmware_store.variables import VariableStore

Progress = Callable[[int, int], None]


class Outcome(Enum):
    """What became of one variable."""

    PUT = "put in its place"
    SAME = "already there"
    SIGNED = "accepted by its signature"
    PASSED_OVER = "passed over: volatile or empty, it has no place in flash"


class Imported(NamedTuple):
    variable: Variable
    outcome: Outcome


def write_auth_files(variables: Iterable[Variable]) -> dict[str, bytes]:
    """The Secure Boot databases as unsigned payloads, by file name."""
    found = {(each.guid, each.name): each for each in variables}
    wanted = {f"{name}.auth": found.get((guid, name)) for name, guid in WELL_KNOWN.items()}
    return {name: write_auth(variable) for name, variable in wanted.items() if variable is not None}


def read_auth_files(files: dict[str, bytes]) -> list[Variable]:
    """Requests for the Secure Boot databases, in the order in which they can be carried out."""
    unknown = [each for each in files if each.removesuffix(".auth") not in WELL_KNOWN]
    if unknown:
        raise UnusableExchangeFile(
            f"expected files called {', '.join(f'{name}.auth' for name in WELL_KNOWN)}, found {unknown[0]!r}"
        )
    named = {name: files[f"{name}.auth"] for name in WELL_KNOWN if f"{name}.auth" in files}
    return [request(WELL_KNOWN[name], name, content) for name, content in named.items()]


def request(guid: UUID, name: str, payload: bytes) -> Variable:
    """A signed payload as what its caller passes to SetVariable."""
    read_auth(payload)
    return Variable(guid, name, ATTRIBUTES, payload)


def bring_in(
    store: VariableStore, variables: Sequence[Variable], progress: Progress | None = None
) -> list[Imported]:
    """Every variable in turn. The first that is refused ends it; whoever holds a transaction then keeps the old image."""
    imported = []
    for number, variable in enumerate(variables):
        imported.append(Imported(variable, _bring_in(store, variable)))
        if progress is not None:
            progress(number + 1, len(variables))
    return imported


def _bring_in(store: VariableStore, variable: Variable) -> Outcome:
    if variable.attributes & AUTHENTICATED and is_auth(variable.data):
        return _request(store, variable)
    if not variable.attributes & NON_VOLATILE or not variable.data:
        return Outcome.PASSED_OVER
    return place(store, variable)


def _request(store: VariableStore, variable: Variable) -> Outcome:
    """The signature's verifier brings cryptography along, so it is loaded when a signature is there."""
    from firmware_store import authenticated  # noqa: PLC0415

    authenticated.set_variable(store, variable.guid, variable.name, variable.data, variable.attributes)
    return Outcome.SIGNED


def place(store: VariableStore, variable: Variable) -> Outcome:
    """Content as it stands: no rule of SetVariable is asked, only that it fits."""
    redo.refuse(variable.guid)
    held = store.find(variable.guid, variable.name)
    wanted = variable._replace(attributes=variable.attributes & ~APPEND)
    if held == wanted:
        return Outcome.SAME
    store.put(wanted)
    return Outcome.PUT
