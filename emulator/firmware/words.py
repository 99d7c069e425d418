"""Enumerations that tables are looked up by.

`Enum` hashes a member's name, in Python, at every look-up, and a signed setting makes a score of them. Members are single objects, so what
they are is hash enough.
"""

from enum import Enum


class Word(Enum):
    """An enumeration whose members are hashed by identity."""

    __hash__ = object.__hash__
