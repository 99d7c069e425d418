"""A policy: the signed payloads that a fleet of PCs needs, in the order in which they work, as one file.

The vendor's fleet management keeps its policies to itself, so the file is ours: one JSON object, told by its member `F10Policy`, which
is the version of the format. `Name` and `Made` are for people, and so is the `Title` of each step. A step's `Payload` is a whole
portable envelope as an object of its own, so that each can be taken out and handed to the vendor's tool.

Nothing of a policy is signed but what its payloads carry. Whoever carries it can leave steps out, put others in or change their order;
what a PC makes of each is decided by its signature and its nonce, and by the PC.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from emulator.protocol import payload, strict_json
from emulator.protocol.errors import ProtocolError

MARK = "F10Policy"
VERSION = 1
LARGEST = payload.LARGEST
"""Bytes of a policy file: as many as one payload may have."""
MOST_STEPS = 100
LONGEST_TEXT = 200
"""Characters of a name, a title or a time stamp."""

EXPLAINS_IN_USE = (
    "0x1002 means that Secure Platform Management is in use: a feature still counts on its keys. Take the features off first, each with "
    "an order that the signing key signed: turn Enhanced BIOS Authentication Mode off, clear every local access key, deprovision Sure "
    "Recover and switch Sure Run off if they were set up. Then send the deprovisioning again."
)
"""What to do about the one refusal that taking keys back runs into."""


class MalformedPolicy(ProtocolError):
    """A file that is no policy, or steps that no policy can have."""


@dataclass(frozen=True, slots=True)
class PolicyStep:
    """One payload, a whole portable envelope in our spelling, and what it does."""

    title: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Policy:
    """Steps in the order in which they work; `made` is a time stamp as payloads have it."""

    name: str
    made: str
    steps: tuple[PolicyStep, ...]


def is_one(raw: bytes) -> bool:
    """Whether this is JSON that claims to be a policy; bytes that are no JSON are not."""
    try:
        return MARK in strict_json.parse_object(raw, most=LARGEST)
    except ProtocolError:
        return False


def parse(raw: bytes) -> Policy:
    """Read a policy file. Raises NotJSON, NotAnObject, MalformedPolicy, or what a payload in it raises."""
    members = strict_json.parse_object(raw, most=LARGEST)
    version = members.get(MARK)
    if type(version) is not int or version != VERSION:
        raise MalformedPolicy(f"a policy has {MARK!r} {VERSION}; {str(version)[:40]!r} came")
    steps = members.get("Steps")
    if not isinstance(steps, list) or not 1 <= len(steps) <= MOST_STEPS:
        raise MalformedPolicy(f"the member 'Steps' of a policy must be an array of 1 to {MOST_STEPS} steps")
    return Policy(
        _text(members, "Name", "a policy"),
        _text(members, "Made", "a policy"),
        tuple(_step(step, f"step {number} of a policy") for number, step in enumerate(steps, 1)),
    )


def encode(policy: Policy) -> bytes:
    """The policy as JSON. Raises MalformedPolicy for what `parse` would not take."""
    members = {
        MARK: VERSION,
        "Name": policy.name,
        "Made": policy.made,
        "Steps": [
            {"Title": step.title, "Payload": json.loads(payload.encode(payload.parse(step.payload)))}
            for step in policy.steps
        ],
    }
    raw = json.dumps(members, separators=(",", ":")).encode() + b"\n"
    if len(raw) > LARGEST:
        raise MalformedPolicy(f"a policy file has at most {LARGEST} bytes; this one would have {len(raw)}")
    parse(raw)
    return raw


def _step(step: object, where: str) -> PolicyStep:
    if not isinstance(step, dict):
        raise MalformedPolicy(f"{where} must be an object, {type(step).__name__} came")
    inner = step.get("Payload")
    if not isinstance(inner, dict):
        raise MalformedPolicy(
            f"the member 'Payload' of {where} must be a payload, {type(inner).__name__} came"
        )
    try:
        envelope = payload.parse(json.dumps(inner).encode())
    except ProtocolError as error:
        raise MalformedPolicy(f"the payload of {where} is none: {error}") from None
    return PolicyStep(_text(step, "Title", where), payload.encode(envelope))


def _text(members: Mapping[str, object], key: str, where: str) -> str:
    text = members.get(key)
    if not isinstance(text, str) or len(text) > LONGEST_TEXT or not text.isprintable():
        raise MalformedPolicy(
            f"the member {key!r} of {where} must be printable text of at most {LONGEST_TEXT} characters"
        )
    return text
