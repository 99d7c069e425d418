"""`f10 payload apply` with a policy: its steps one after the other, until one is refused or somebody has to stand before the PC.

New keys count only when the PC was restarted and the code on its screen typed. A signing key may come before that, anything else may
not: there the policy stops, says how to go on, and the exit code is 3. A PC that is off is switched on for each step with nobody
before it, so its prompt stays; one whose Physical Presence Interface is off asks nothing, and then a restart is all that it takes.
"""

import json
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from emulator import demo, headless, payload_answers
from emulator.management_door import apply_request
from emulator.payload_files import Unusable
from emulator.pc_folder import PCFolder
from emulator.protocol import payload, policy
from emulator.protocol.errors import ProtocolError
from emulator.protocol.payload import Purpose
from emulator.protocol.policy import Policy, PolicyStep
from emulator.protocol.status import CommandStatus

REFUSED, UNUSABLE, WAITS = 1, 2, 3
KEYS = {Purpose.ENDORSEMENT_KEY, Purpose.SIGNING_KEY}

Reply = Mapping[str, object]


@dataclass(slots=True)
class Course:
    """How far a policy came."""

    answers: list[tuple[int, PolicyStep, Reply]] = field(default_factory=list)
    next: int | None = None
    """The first step that is not done, or None when all are."""
    waits_for: str | None = None
    """`presence` or `restart`, where one stands between two steps."""

    @property
    def last(self) -> Reply:
        return self.answers[-1][2]

    @property
    def code(self) -> int:
        """The exit code."""
        if self.next is None:
            return 0
        if self.waits_for is not None:
            return WAITS
        return UNUSABLE if "error" in self.last else REFUSED


def apply(home: Path, name: str, raw: bytes, digest: bytes | None, *, first: int, as_json: bool) -> int:
    """Apply the policy in `raw`, which the file `name` held, from its step `first` on. Raises Unusable."""
    try:
        made = policy.parse(raw)
    except ProtocolError as error:
        raise Unusable(f"{name} was not applied: {error}") from None
    if first > len(made.steps):
        raise Unusable(
            f"the policy {made.name!r} has {len(made.steps)} steps; it cannot begin with step {first}"
        )
    folder = demo.pc_folder(home)
    course = _run(folder, made, first, digest, aloud=not as_json)
    if as_json:
        print(json.dumps(_as_json(made, course), indent=2))
    elif course.next is not None:
        _tell_how_to_go_on(home, name, made, course)
    return course.code


def _run(folder: PCFolder, made: Policy, first: int, digest: bytes | None, *, aloud: bool) -> Course:
    course = Course()
    for number, step in enumerate(made.steps[first - 1 :], first):
        course.waits_for = _stands_between(folder, course, step)
        if course.waits_for is not None:
            course.next = number
            return course
        reply = headless.order(folder, apply_request(step.payload, digest))
        course.answers.append((number, step, reply))
        if aloud:
            _tell(number, len(made.steps), step, reply)
        if not reply["ok"]:
            course.next = number
            return course
    return course


def _stands_between(folder: PCFolder, course: Course, coming: PolicyStep) -> str | None:
    """What the PC needs after the last answer, and before `coming` can work."""
    if not course.answers or _purpose(coming) is Purpose.SIGNING_KEY:
        return None
    if _purpose(course.answers[-1][1]) not in KEYS:
        return None
    if course.last["presence_needed"]:
        return "presence"
    return "restart" if course.last["restart_needed"] and folder.is_on else None


def _purpose(step: PolicyStep) -> Purpose:
    return payload.parse(step.payload).purpose


def _tell(number: int, of: int, step: PolicyStep, reply: Reply) -> None:
    said = reply["error"] if "error" in reply else payload_answers.sentence(reply)
    print(f"{number}/{of} {step.title}: {said}", file=sys.stdout if reply["ok"] else sys.stderr, flush=True)


def _tell_how_to_go_on(home: Path, name: str, made: Policy, course: Course) -> None:
    command = f"{demo.command_for(home)} payload apply {shlex.quote(name)} --from {course.next}"
    if course.waits_for == "presence":
        said = "Now the PC has to be restarted, and somebody has to type the code that it shows. Then go on with:"
    elif course.waits_for == "restart":
        said = "Now the PC has to be restarted. Then go on with:"
    else:
        for text in payload_answers.explanation(course.last).values():
            print(text, file=sys.stderr)
        said = f"f10: stopped at step {course.next} of {len(made.steps)}; when that is mended, go on with:"
        if course.last.get("status") == int(CommandStatus.ALREADY_PROVISIONED) and len(made.steps) > 1:
            said = (
                f"f10: stopped at step {course.next} of {len(made.steps)}. If it was done before, begin with the step behind it "
                "(--from N); else:"
            )
    print(f"{said}\n  {command}", file=sys.stderr if course.waits_for is None else sys.stdout)


def _as_json(made: Policy, course: Course) -> dict[str, object]:
    return {
        "ok": course.next is None,
        "policy": made.name,
        "steps": [
            {"step": number, "title": step.title, **reply, **payload_answers.explanation(reply)}
            for number, step, reply in course.answers
        ],
        "of": len(made.steps),
        "next": course.next,
        "waits_for": course.waits_for,
    }
