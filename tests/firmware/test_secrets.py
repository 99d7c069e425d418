"""Nothing secret is readable in what travels: commands, events, session, refusals, report."""

import json

from emulator.firmware import commands as c
from emulator.firmware.refusals import MalformedCode, SignatureNeeded
from emulator.firmware.report import report
from tests.firmware.bench import (
    USB,
    Bench,
    answer,
    at_the_door,
    endorsement,
    factory_new,
    made_by,
    miss,
    mode_on,
    pin,
    shown_code,
    signed,
    signing,
    started,
    wrong,
)


def readable(bench: Bench) -> str:
    """All that a traceback, a log or a debugger's first look would show."""
    told = json.dumps(report(bench.firmware))
    return f"{bench.firmware.session!r}{bench.memory!r}{bench.firmware!r}{told}"


def test_typed_codes_signatures_and_keys_are_not_shown_in_commands() -> None:
    for command in (
        c.AnswerPresence("4711"),
        c.CountResponse("12345678"),
        c.CompareResponse("12345678"),
        signed(USB, "Disable"),
        c.SetSetting(USB, "Disable", "<utf-16/>secret"),
        endorsement(),
        signing(),
    ):
        text = repr(command)
        assert not any(secret in text for secret in ("4711", "12345678", "secret", "BEAM", "data", "b'"))


def test_the_pin_is_shown_nowhere_but_in_the_challenge() -> None:
    bench = at_the_door()
    secret = pin(bench)
    text = readable(bench) + repr(miss(bench)) + readable(bench)
    text += repr(bench.execute(c.RefreshChallenge())) + repr(answer(bench, pin(bench))) + readable(bench)
    assert secret not in text


def test_the_presence_code_is_shown_on_the_prompt_alone() -> None:
    bench = Bench(made_by([endorsement()], factory_new()))
    text = repr(bench.execute(c.PowerOn()))
    code = shown_code(bench)
    text += readable(bench) + repr(bench.execute(c.AnswerPresence(wrong(code)))) + readable(bench)
    assert f"'{code}'" not in text
    assert f'"{code}"' not in text


def test_a_refusal_repeats_no_code_and_no_password() -> None:
    bench = at_the_door()
    assert "87654321" not in str(bench.refused(c.CountResponse("876543219"), MalformedCode))
    bench = started(mode_on())
    refusal = bench.refused(c.SetSetting(USB, "Disable", "secret"), SignatureNeeded)
    assert "secret" not in str(refusal)
