"""`beamsetting.txt`: our reading of its lines, what it fills in, and what is refused by its line."""

from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from emulator.bcu import beam_settings
from emulator.bcu.return_codes import ReturnCode, Stopped
from emulator.bcu.signing_options import Signing

WHOLE = Signing(7, False, UUID(int=5), any_machine=False, key_file="k.pfx")
TEXT = f'BEAM settings\nAntiReplayValue=7\n\n; a comment\n onetime = 0\nTargetID={UUID(int=5).bytes_le.hex()}\nPrivateKey="k.pfx"\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_four_words_are_read_below_a_title(encoding: str, newline: str) -> None:
    assert beam_settings.parse(TEXT.replace("\n", newline).encode(encoding)) == WHOLE


@pytest.mark.parametrize("data", [b"", b"only a title", b"AntiReplayValue=7"])
def test_the_first_line_is_a_title_whatever_it_says(data: bytes) -> None:
    assert beam_settings.parse(data) == Signing()


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("AntiReplay=7", ReturnCode.SYNTAX),
        ("AntiReplayValue 7", ReturnCode.SYNTAX),
        ("AntiReplayValue=x", ReturnCode.SYNTAX),
        ("OneTime=2", ReturnCode.SYNTAX),
        ("OneTime=1\nonetime=1", ReturnCode.SYNTAX),
        ("TargetID=12", ReturnCode.BAD_UUID),
        ("PrivateKeyPassword=secret", ReturnCode.SYNTAX),
    ],
)
def test_what_is_none_of_the_words_is_refused(line: str, code: ReturnCode) -> None:
    with pytest.raises(Stopped) as stopped:
        beam_settings.parse(f"title\n{line}\n".encode())
    assert stopped.value.code is code


def test_a_refusal_names_the_line() -> None:
    with pytest.raises(Stopped, match=r"line 3 of beamsetting\.txt"):
        beam_settings.parse(b"title\nOneTime=1\nNonsense=1\n")


@pytest.mark.parametrize("line", ["{}", "Password={}", "AntiReplayValue={}", "OneTime={}", "TargetID={}"])
def test_a_refusal_repeats_nothing_of_the_file(line: str) -> None:
    with pytest.raises(Stopped) as stopped:
        beam_settings.parse(f"title\n{line.format('hunter2')}\n".encode())
    assert "hunter2" not in str(stopped.value)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"title\n\xff\xff", b"t" * (beam_settings.LARGEST + 1)])
def test_what_is_no_text_or_too_large_is_refused(data: bytes) -> None:
    with pytest.raises(Stopped) as stopped:
        beam_settings.parse(data)
    assert stopped.value.code is ReturnCode.SYNTAX


@given(st.binary(max_size=200))
@example(TEXT.encode())
def test_any_bytes_are_read_or_stop(data: bytes) -> None:
    try:
        told: object = beam_settings.parse(data)
    except Stopped as stopped:
        told = stopped.code
    assert isinstance(told, Signing) or told in {ReturnCode.SYNTAX, ReturnCode.BAD_UUID}


def test_the_command_line_counts_more_word_by_word() -> None:
    assert beam_settings.merged(Signing(), WHOLE) == WHOLE
    assert beam_settings.merged(Signing(counter=0, one_time=True), WHOLE) == Signing(
        0, True, UUID(int=5), any_machine=False, key_file="k.pfx"
    )
    every = Signing(any_machine=True)
    assert beam_settings.merged(every, WHOLE) == Signing(7, False, None, any_machine=True, key_file="k.pfx")


@pytest.mark.parametrize(
    ("signing", "code"),
    [
        (Signing(counter=7, key_file="k"), ReturnCode.NO_ONE_TIME),
        (Signing(one_time=False, key_file="k"), ReturnCode.NO_ANTI_REPLAY),
        (Signing(counter=7, one_time=True), ReturnCode.NO_KEY),
        (Signing(), ReturnCode.NO_ONE_TIME),
    ],
)
def test_what_is_missing_for_a_signature_has_its_own_code(signing: Signing, code: ReturnCode) -> None:
    with pytest.raises(Stopped) as stopped:
        beam_settings.complete(signing)
    assert stopped.value.code is code


def test_without_a_target_a_signature_is_for_every_machine() -> None:
    assert beam_settings.complete(Signing(7, False, key_file="k")).any_machine
    assert not beam_settings.complete(WHOLE).any_machine
