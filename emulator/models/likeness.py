"""Which known name somebody may have meant who wrote another one.

Names are alike when they share most of their letters and pairs of letters. Better measures take the square of a name's length, and a
stranger's file may have thousands of long names.
"""

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

ALIKE = 0.55
SURE = 0.75
"""What must be shared where the stranger is another machine's name: those share most letters with names that mean something else."""
LONGEST = 128
"""Characters that are looked at; no setting's name has more."""


def meant(name: str, known: Iterable[str], *, alike: float = ALIKE) -> str:
    """The known name that is most like `name`, as the end of a sentence; nothing if none is as like it as that."""
    parts = _parts(name[:LONGEST])
    likeness, nearest = max(((_alike(parts, _parts(each)), each) for each in known), default=(0.0, ""))
    return f"; {nearest!r} may be meant" if likeness > alike else ""


def surely_meant(name: str, known: Iterable[str]) -> str:
    """As `meant`, for a name of a setting that somebody wrote, or another machine has."""
    return meant(name, known, alike=SURE)


@lru_cache(4096)
def _parts(name: str) -> frozenset[str]:
    folded = name.casefold()
    return frozenset(folded) | frozenset(map("".join, pairwise(folded)))


def _alike(ours: frozenset[str], theirs: frozenset[str]) -> float:
    return 2 * len(ours & theirs) / ((len(ours) + len(theirs)) or 1)
