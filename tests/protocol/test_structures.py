"""The construct declarations and the `struct` formats written from them are two readers of the same bytes."""

import subprocess
import sys
from struct import Struct
from typing import Any, NamedTuple

import construct
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.protocol import formats, structures

PAIRS = [
    (structures.AuthorizationHeader, formats.AUTHORIZATION_HEADER, formats.AuthorizationHeader, 27),
    (structures.PasswordArea, formats.PASSWORD_AREA, formats.PasswordArea, 65),
    (structures.SigningKeyCommand, formats.SIGNING_KEY_COMMAND, formats.SigningKeyCommand, 516),
    (structures.SecurePlatformState, formats.SECURE_PLATFORM_STATE, formats.SecurePlatformState, 552),
    (structures.HelperState, formats.HELPER_STATE, formats.HelperState, 525),
    (structures.CommandBlock, formats.COMMAND_BLOCK, formats.CommandBlock, 16),
    (structures.CommandReply, formats.COMMAND_REPLY, formats.CommandReply, 8),
    (structures.ChallengeHeader, formats.CHALLENGE_HEADER, formats.ChallengeHeader, 43),
    (structures.UpdateAuthorization, formats.UPDATE_AUTHORIZATION, formats.UpdateAuthorization, 377),
    (structures.RecoverProvision, formats.RECOVER_PROVISION, formats.RecoverProvision, 520),
    (structures.RecoverConfigure, formats.RECOVER_CONFIGURE, formats.RecoverConfigure, 268),
    (structures.RecoverTrigger, formats.RECOVER_TRIGGER, formats.RecoverTrigger, 524),
    (structures.RecoverSchedule, formats.RECOVER_SCHEDULE, formats.RecoverSchedule, 264),
    (structures.RecoverDeprovision, formats.RECOVER_DEPROVISION, formats.RecoverDeprovision, 261),
    (structures.RecoverFailover, formats.RECOVER_FAILOVER, formats.RecoverFailover, 260),
    (structures.RunManifest, formats.RUN_MANIFEST, formats.RunManifest, 294),
]


def test_every_declaration_has_a_format_and_is_compared_here() -> None:
    declared = {id(value) for value in vars(structures).values() if isinstance(value, construct.Struct)}
    written = {id(value) for value in vars(formats).values() if isinstance(value, Struct)}
    assert declared == {id(pair[0]) for pair in PAIRS}
    assert written == {id(pair[1]) for pair in PAIRS}


@pytest.mark.parametrize(("declaration", "form", "record", "size"), PAIRS)
@settings(max_examples=30)
@given(data=st.data())
def test_both_read_the_same_fields_and_write_the_same_bytes(
    declaration: Any, form: Struct, record: type[NamedTuple], size: int, data: st.DataObject
) -> None:
    assert declaration.sizeof() == form.size == size
    octets = data.draw(st.binary(min_size=size, max_size=size))
    fields = record._make(form.unpack(octets))._asdict()
    parsed = {key: value for key, value in declaration.parse(octets).items() if key != "_io"}
    assert parsed == fields
    assert form.pack(*fields.values()) == octets == declaration.build(fields)


def test_the_offsets_are_those_of_the_reference() -> None:
    """The real structures, as the Linux driver and the vendor's tool read them."""
    state = formats.SecurePlatformState._make(formats.SECURE_PLATFORM_STATE.unpack(bytes(range(184)) * 3))
    octets = bytes(range(184)) * 3
    assert (state.state, state.version_major, state.version_minor) == (0, 1, 2)
    assert state.features == int.from_bytes(octets[4:8], "little")
    assert state.nonce == int.from_bytes(octets[8:12], "little")
    assert state.signing_key == octets[40:296]
    helper = formats.HelperState._make(formats.HELPER_STATE.unpack(octets[:525]))
    assert helper.features == int.from_bytes(octets[5:9], "little")
    assert (helper.endorsement_key, helper.signing_key) == (octets[13:269], octets[269:525])
    assert state.endorsement_key == octets[296:]
    header = formats.AuthorizationHeader._make(formats.AUTHORIZATION_HEADER.unpack(octets[:27]))
    assert (header.version, header.name_length, header.value_length) == (0, 0x0201, 0x0403)
    assert (header.one_time_use, header.nonce, header.reserved) == (5, 0x09080706, 10)
    assert header.target == octets[11:27]
    command = formats.SigningKeyCommand._make(formats.SIGNING_KEY_COMMAND.unpack(octets[:516]))
    assert command.counter == int.from_bytes(octets[256:260], "little")
    assert command.modulus == octets[260:516]


def test_the_running_program_needs_no_declarations() -> None:
    program = (
        "import sys\n"
        "from emulator.protocol import authorization, certificate, challenge, enrolment, payload, spm\n"
        "from emulator.protocol import firmware_update, sure_recover, sure_run\n"
        "print('construct' in sys.modules, 'emulator.protocol.structures' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
