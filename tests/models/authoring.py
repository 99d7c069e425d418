"""Files as an author writes them: a small good one, and what the program says of one with something wrong in it."""

from functools import cache

import pytest

from emulator import models
from emulator.firmware import model_text
from emulator.firmware.catalogue import Catalogue
from emulator.models import ModelRefused, source
from emulator.models.schema import Table

SMALL = """\
format = 1
id = "small"
product = "Small PC"
board = "0001"
bios_version = "1.0"

[[page]]
path = ["Main"]
items = ["Switch"]

[setting."Switch"]
kind = "enumeration"
values = ["Disable", "Enable"]
default = "Enable"

"""
MARK = "#!"
"""A comment in each line in which a fault is expected."""

Faults = list[tuple[int, str]]


@cache
def shared() -> Table:
    return source.shared_definitions(models.shared_text(), "shared.toml")


def compiled(text: str) -> Catalogue:
    """The model in this file, which is good."""
    return model_text.parse(source.compiled(text, shared(), "my.toml"))


def faults(text: str) -> Faults:
    """What is wrong with this file."""
    with pytest.raises(ModelRefused) as refused:
        source.compiled(text, shared(), "my.toml")
    return refused.value.faults


def marked(text: str) -> list[int]:
    return [number for number, line in enumerate(text.split("\n"), 1) if MARK in line]


def edited(old: str, new: str) -> str:
    """The small file with `new` in place of `old`, or behind it all."""
    assert old in SMALL
    return SMALL.replace(old, new, 1) if old else SMALL + new


def assert_refused(text: str, *sentences: str) -> None:
    """Each marked line has one fault, and there are no others; the sentences say so, in their order."""
    found = faults(text)
    assert [line for line, _ in found] == marked(text), found
    assert len(found) == len(sentences), found
    for (_, sentence), expected in zip(found, sentences, strict=True):
        assert expected in sentence


# Definitions of every kind, without their names.
SWITCH = 'kind = "enumeration"\nvalues = ["Disable", "Enable"]\ndefault = "Disable"\n'
TEXT = 'kind = "string"\nmax_length = 8\n'
NUMBER = 'kind = "integer"\nlower_bound = 10\nupper_bound = 50\nstep = 5\ndefault = 10\n'
ORDER = 'kind = "ordered list"\nvalues = ["A", "B"]\ndefault = ["A", "B Disabled"]\n'
PASSWORD = 'kind = "password"\nmin_length = 4\nmax_length = 16\nencodings = ["utf-16"]\n'
SECRET = '[setting.Secret]\nshown = false\nkind = "string"\nmax_length = 8\nsecret = true\n'
ADMINISTRATOR = f'[setting.Administrator]\nshown = false\nrole = "administrator password"\n{PASSWORD}'
KEY = 'kind = "string"\nmax_length = 16384\n'
MODE = f'[setting.Mode]\nshown = false\nrole = "authentication mode"\n{SWITCH}'
SIGNING = f'[setting.Signing]\nshown = false\nrole = "signing key"\n{KEY}'


def other(keys: str, name: str = "Other") -> str:
    """The small model with one more setting, hidden."""
    return f"{SMALL}[setting.{name}]\nshown = false\n{keys}"
