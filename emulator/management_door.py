"""The management door: what the PC answers to tools, over a Unix socket in its folder.

A request is one line of JSON with a `verb`; so is the reply. Anybody who can open the socket is the operating system of this
machine; its folder is private to one user, so nobody else can.

* `status` is answered in every phase, and so is `open-cover`, which is no command to the machine but what somebody does to its case.
* `apply` (`payload` in base64, with `sha256` of the firmware file that a payload allows, in hexadecimal) and `update` (`name`, `sha256`)
  are commands to the operating system, refused elsewhere with the phase and the key to press.
* `query`, `instances`, `get`, `set`, `defaults`, `apply-file`, `invoke`, `state` and `attributes` are its WMI: `management_verbs`.

How a tool asks is `management_socket`, whose names are offered here too.
"""

from collections.abc import Mapping

from emulator import management_verbs
from emulator.firmware.commands import OpenCover
from emulator.firmware.refusals import Refused
from emulator.machine import TargetPC
from emulator.management_answers import described
from emulator.management_request import Request, base64_member, digest_member, text_member
from emulator.management_socket import (
    LARGEST,
    PATIENCE,
    Ask,
    DoorClosed,
    Reply,
    apply_request,
    ask,
    encoded,
    file_request,
    listening_socket,
    update_request,
)
from emulator.management_verbs import Verb
from emulator.protocol import strict_json
from emulator.protocol.errors import ProtocolError
from firmware_store import StoreError

__all__ = [
    "LARGEST",
    "PATIENCE",
    "Ask",
    "DoorClosed",
    "Reply",
    "answer",
    "apply_request",
    "ask",
    "described",
    "encoded",
    "file_request",
    "listening_socket",
    "update_request",
]


def answer(pc: TargetPC, line: bytes) -> Reply:
    """Carry out one request. Never raises for what a request can cause."""
    try:
        request = strict_json.parse_object(line, most=LARGEST)
        return _answer(pc, request)
    except (ProtocolError, StoreError, Refused) as error:
        return {"ok": False, "error": str(error)}


def _answer(pc: TargetPC, request: Request) -> Reply:
    verb = request.get("verb")
    if isinstance(verb, str) and verb in VERBS:
        return VERBS[verb](pc, request)
    if isinstance(verb, str) and verb in management_verbs.ALL:
        return management_verbs.carried_out(pc, verb, request)
    known = ", ".join(repr(each) for each in sorted([*VERBS, *management_verbs.ALL]))
    return {"ok": False, "error": f"the management door knows the verbs {known}; {str(verb)[:80]!r} came"}


def _status(pc: TargetPC, _: Request) -> Reply:
    return {"ok": True, "report": pc.report()}


def _apply(pc: TargetPC, request: Request) -> Reply:
    digest = None if request.get("sha256") is None else digest_member(request, "sha256")
    return described(pc.apply(base64_member(request, "payload"), digest))


def _update(pc: TargetPC, request: Request) -> Reply:
    name, digest = text_member(request, "name"), digest_member(request, "sha256")
    return described(pc.wmi.update_firmware(name, digest))


def _open_cover(pc: TargetPC, _: Request) -> Reply:
    pc.execute(OpenCover())
    return {"ok": True, "phase": pc.firmware.session.phase.value}


VERBS: Mapping[str, Verb] = {
    "status": _status,
    "apply": _apply,
    "update": _update,
    "open-cover": _open_cover,
}
"""What is no WMI."""
