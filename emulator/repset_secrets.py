"""Which values of files of settings are not told: a comparison is printed, kept in logs and handed on.

A file does not say that a value is a password. Its name does, where it is one of the two or some packaged model has such a secret; else
the mark before it does. A name that no packaged model has and that ends in `password` is taken for a secret too.
"""

from emulator import models
from emulator.protocol import password
from emulator.protocol.setting_files import FileEntry


def is_secret(entry: FileEntry) -> bool:
    """Whether what this entry says may be a password."""
    marked = any(password.marked(each.lstrip(" \t*")) for each in entry.values)
    return marked or entry.name in password.SETTINGS or _named_so(entry.name)


def _named_so(name: str) -> bool:
    every = [models.packaged(model).every.get(name) for model in models.names()]
    known = [each for each in every if each is not None]
    if not known:
        return name.strip().casefold().endswith("password")
    return any(each.secret for each in known)
