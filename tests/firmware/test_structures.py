"""The declared structures and the formats that run say the same, field by field and byte by byte."""

import re
from struct import Struct
from typing import Any

import construct
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.firmware import formats, structures

NAMES = sorted(name for name, value in vars(structures).items() if isinstance(value, construct.Struct))


def trio(name: str) -> tuple[Any, Struct, Any]:
    constant = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper()
    return getattr(structures, name), getattr(formats, constant), getattr(formats, name)


@pytest.mark.parametrize("name", NAMES)
def test_sizes_and_fields_agree(name: str) -> None:
    declared, fast, fields = trio(name)
    assert fast.size == declared.sizeof()
    assert fields._fields == tuple(each.name for each in declared.subcons)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=50)
@given(data=st.data())
def test_both_read_any_bytes_alike_and_write_them_again(name: str, data: st.DataObject) -> None:
    declared, fast, fields = trio(name)
    stored = data.draw(st.binary(min_size=fast.size, max_size=fast.size))
    quick, slow = fields._make(fast.unpack(stored)), declared.parse(stored)
    assert quick._asdict() == {key: slow[key] for key in quick._fields}
    assert fast.pack(*quick) == declared.build(quick._asdict()) == stored
