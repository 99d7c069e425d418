"""How a run may end."""

import enum


class Ending(enum.IntEnum):
    """Exit codes, which the deployment system acts upon."""

    IN_ORDER = 0
    UNUSABLE_PACKAGE = 2
    PERSON_NEEDED = 3
    REFUSED = 4
    NOT_AS_WANTED = 5
    TRY_LATER = 6
    UNSUPPORTED = 7


class Ended(Exception):
    """The rollout stops here, with this exit code."""

    def __init__(self, ending: Ending, sentence: str) -> None:
        super().__init__(sentence)
        self.ending = ending
