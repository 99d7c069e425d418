"""A fault of ours while the kernel waits: EIO for the caller, and one sentence for whoever watches the mount.

The sentence names the operation, the file and the place of the fault, and never what was written or what an exception says of it, for
that may be a password.
"""

import errno
import os
from collections.abc import Callable
from functools import wraps
from traceback import extract_tb
from typing import Concatenate, ParamSpec, Protocol, TypeVar

Told = Callable[[str], None]
"""Takes a sentence for whoever watches."""


class Telling(Protocol):
    told: Told


Owner = TypeVar("Owner", bound=Telling)
Rest = ParamSpec("Rest")
Result = TypeVar("Result")
Operation = Callable[Concatenate[Owner, str, Rest], Result]


def guarded(operation: Operation[Owner, Rest, Result]) -> Operation[Owner, Rest, Result]:
    """An operation on a path that raises nothing but OSError."""

    @wraps(operation)
    def kept(owner: Owner, path: str, /, *rest: Rest.args, **named: Rest.kwargs) -> Result:
        try:
            return operation(owner, path, *rest, **named)
        except OSError:
            raise
        except Exception as fault:  # noqa: BLE001 -- whatever it is, the kernel waits for an answer
            owner.told(_sentence(operation.__name__, path, fault))
            raise OSError(errno.EIO, os.strerror(errno.EIO)) from None

    return kept


def _sentence(operation: str, path: str, fault: Exception) -> str:
    place = extract_tb(fault.__traceback__)[-1]
    where = f"{os.path.basename(place.filename)}, line {place.lineno}"
    return f"{operation} of {path!a} failed by a fault of this program, {type(fault).__name__} in {where}"
