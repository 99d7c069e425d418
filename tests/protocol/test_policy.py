"""Policy files: what is written is read back, and what is none is refused."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.protocol import payload, policy
from emulator.protocol.errors import ProtocolError
from emulator.protocol.payload import Envelope, Purpose
from emulator.protocol.policy import MalformedPolicy, Policy, PolicyStep
from emulator.protocol.strict_json import NotAnObject, NotJSON

STAMP = "2026-11-22T13:14:15.9999990-05:00"


def step(title: str = "Do it", data: bytes = b"\x01\x02", meta: bytes | None = None) -> PolicyStep:
    envelope = Envelope(Purpose.RUN_MANIFEST, data, STAMP, (meta, None, None, None))
    return PolicyStep(title, payload.encode(envelope))


MADE = Policy("Flotte Süd", STAMP, (step(), step("And this", b"", b"manifest")))


def members() -> Any:
    return json.loads(policy.encode(MADE))


def parsed(value: object) -> Policy:
    return policy.parse(json.dumps(value).encode())


def test_a_policy_is_read_back_as_it_was() -> None:
    raw = policy.encode(MADE)
    assert policy.parse(raw) == MADE
    assert policy.parse(b"\xef\xbb\xbf" + raw) == MADE
    assert policy.is_one(raw)


def test_each_payload_in_it_can_be_taken_out_and_is_a_payload() -> None:
    taken = [json.dumps(each["Payload"]).encode() for each in members()["Steps"]]
    assert [payload.parse(each) for each in taken] == [payload.parse(each.payload) for each in MADE.steps]
    assert list(members()["Steps"][0]["Payload"]) == ["timestamp", "purpose", "Data", *payload.META_KEYS]


def test_a_payload_in_another_spelling_is_kept_in_ours() -> None:
    value = members()
    value["Steps"][0]["Payload"] = {"Data": "AQI=", "purpose": "HP:SURERRUN:MANIFEST"}
    kept = parsed(value).steps[0].payload
    assert payload.parse(kept) == Envelope(Purpose.RUN_MANIFEST, b"\x01\x02")
    assert kept == payload.encode(payload.parse(kept))


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b'{"purpose":"x"}', b"\xff", b"{" + b" " * (1 << 20) + b'"F10Policy":1}']
)
def test_what_does_not_claim_to_be_a_policy_is_none(raw: bytes) -> None:
    assert not policy.is_one(raw)


@pytest.mark.parametrize(
    ("member", "value", "why"),
    [
        ("F10Policy", 2, "'F10Policy' 1; '2' came"),
        ("F10Policy", "1", "'F10Policy' 1"),
        ("F10Policy", True, "'F10Policy' 1"),
        ("F10Policy", None, "'F10Policy' 1"),
        ("Steps", None, "an array of 1 to 100 steps"),
        ("Steps", [], "an array of 1 to 100 steps"),
        ("Steps", [{}] * 101, "an array of 1 to 100 steps"),
        ("Steps", ["x"], "step 1 of a policy must be an object, str came"),
        ("Steps", [{}], "'Payload' of step 1 of a policy must be a payload, NoneType came"),
        ("Steps", [{"Payload": {}}], "the payload of step 1 of a policy is none: the member 'purpose'"),
        ("Name", None, "'Name' of a policy must be printable text"),
        ("Name", "a\x1b[2J", "'Name' of a policy must be printable text"),
        ("Name", "x" * 201, "at most 200 characters"),
        ("Made", 5, "'Made' of a policy must be printable text"),
    ],
)
def test_what_is_no_policy_is_refused_in_a_sentence(member: str, value: object, why: str) -> None:
    with pytest.raises(MalformedPolicy) as refused:
        parsed({**members(), member: value})
    assert why in str(refused.value)
    assert "\x1b" not in str(refused.value)


def test_a_step_without_a_title_is_named_by_its_number() -> None:
    value = members()
    del value["Steps"][1]["Title"]
    with pytest.raises(MalformedPolicy, match="'Title' of step 2"):
        parsed(value)


@pytest.mark.parametrize(("raw", "refusal"), [(b"nothing", NotJSON), (b"[]", NotAnObject)])
def test_what_is_no_json_object_is_refused_as_that(raw: bytes, refusal: type[ProtocolError]) -> None:
    with pytest.raises(refusal):
        policy.parse(raw)


def test_a_member_twice_in_a_payload_of_it_is_refused() -> None:
    raw = policy.encode(MADE).replace(b'"Data":[1,2]', b'"Data":[1,2],"Data":[3]')
    with pytest.raises(NotJSON, match="twice"):
        policy.parse(raw)


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (Policy("", STAMP, ()), "1 to 100 steps"),
        (Policy("", STAMP, (step("line\nbreak"),)), "printable"),
        (Policy("", STAMP, (PolicyStep("x", b"{}"),)), "'purpose'"),
        (Policy("", STAMP, (step(data=bytes(300_000)),) * 2), "at most 1048576 bytes"),
    ],
)
def test_nothing_is_written_that_could_not_be_read(made: Policy, why: str) -> None:
    with pytest.raises(ProtocolError, match=why):
        policy.encode(made)


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=9,
)


@given(ANY_JSON, ANY_JSON, ANY_JSON)
def test_no_json_makes_it_fail_in_another_way(steps: object, inner: object, name: object) -> None:
    for value in (
        steps,
        {"F10Policy": 1, "Name": name, "Made": "", "Steps": steps},
        {"F10Policy": 1, "Name": "", "Made": "", "Steps": [{"Title": name, "Payload": inner}]},
    ):
        with contextlib.suppress(ProtocolError):
            assert policy.encode(parsed(value))
