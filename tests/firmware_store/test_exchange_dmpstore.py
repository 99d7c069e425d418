"""Files of the UEFI shell's dmpstore."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_store.errors import UnusableExchangeFile
from firmware_store.exchange_dmpstore import read_dmpstore, write_dmpstore
from firmware_store.records import Variable
from tests.firmware_store.test_exchange_json import VARIABLES

# Written by the shell of Debian's OVMF: setvar FromFw -guid … -bs -rt -nv =0xCAFEBABE; dmpstore -guid … -s dump.bin
SAVED = bytes.fromhex(
    "0e00000004000000460072006f006d00460077000000111111112222333344445555555555550700 0000bebafeca2ae37731"
)


def test_a_file_that_real_firmware_saved_is_read_and_written_alike() -> None:
    (found,) = read_dmpstore(SAVED)
    guid = UUID("11111111-2222-3333-4444-555555555555")
    assert found == Variable(guid, "FromFw", 7, b"\xbe\xba\xfe\xca")
    assert write_dmpstore([found]) == SAVED


@given(st.lists(VARIABLES, max_size=4))
def test_all_but_the_time_stamp_is_read_back(variables: list[Variable]) -> None:
    assert read_dmpstore(write_dmpstore(variables)) == [
        each._replace(time_stamp=bytes(16)) for each in variables
    ]


def test_an_empty_file_holds_no_variable() -> None:
    assert read_dmpstore(b"") == []


@pytest.mark.parametrize("length", range(1, len(SAVED)))
def test_a_file_that_ends_early_is_refused(length: int) -> None:
    with pytest.raises(UnusableExchangeFile, match="ends in the middle"):
        read_dmpstore(SAVED[:length])


def test_a_flipped_bit_is_noticed_by_the_crc() -> None:
    for at in range(8, len(SAVED)):
        changed = bytearray(SAVED)
        changed[at] ^= 1
        with pytest.raises(UnusableExchangeFile, match="0x0"):
            read_dmpstore(bytes(changed))
