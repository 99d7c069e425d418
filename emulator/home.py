"""Where everything of one world lies: the PC, its administrator and the phone, side by side and never inside each other."""

import os
from pathlib import Path


def default() -> Path:
    """The folder that is meant when none is named: F10_HOME, else the user data folder of the operating system."""
    named = os.environ.get("F10_HOME")
    if named:
        return Path(named).absolute()
    from platformdirs import user_data_dir  # noqa: PLC0415 -- only who names no folder pays for it

    return Path(user_data_dir("f10", appauthor=False))
