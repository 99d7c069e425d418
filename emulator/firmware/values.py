"""Values with some of their fields changed.

Everything that the firmware remembers is an immutable value, so each change makes new ones, and a signed setting makes half a dozen.
`dataclasses.replace` asks every field what it is and hands all of them to `__init__`, which was a third of such a command's time beside
the signature. Here the fields are copied as they lie, in a dictionary or in slots. The meaning is the same: type checkers see the
original, and a test compares the two.
"""

from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import replace as replace  # noqa: PLC0414 -- handed on
else:

    def replace(value: Any, /, **changes: Any) -> Any:
        """As of `dataclasses`, for a frozen dataclass; that the names are fields is for the type checker to see."""
        made = _new(type(value))
        if (held := getattr(value, "__dict__", None)) is not None:
            fresh = made.__dict__
            fresh.update(held)
            fresh.update(changes)
        else:
            for name, (read, write) in _slots(type(value)).items():
                write(made, changes[name] if name in changes else read(value))
        if check := getattr(made, "__post_init__", None):
            check()
        return made


_new = object.__new__


@cache
def _slots(kind: type[Any]) -> dict[str, tuple[Any, Any]]:
    """How each slot is read and written."""
    slots = {each.name: getattr(kind, each.name) for each in fields(kind)}
    return {name: (slot.__get__, slot.__set__) for name, slot in slots.items()}
