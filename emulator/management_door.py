"""The management door: how tools reach a running PC, over a Unix socket in its folder.

A request is one line of JSON, `{"verb": "status"}`, `{"verb": "apply", "payload": base64}` (with `"sha256"` of the firmware file that a
payload allows, in hexadecimal), `{"verb": "update", "name": ..., "sha256": ...}` or `{"verb": "open-cover"}`; so is the reply. `status` is
answered in every phase; `apply` and `update` are commands to the operating system and refused elsewhere with the phase and the
key to press; `open-cover` is no command to the machine but what somebody does to its case, in any phase.
Anybody who can open the socket is the operating system of this machine; its folder is private to one user, so nobody else can.

A socket's whole path may have 108 bytes at most, so both sides reach it by its bare name from within the folder.
"""

import base64
import binascii
import json
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from emulator.devices.wmi import Answer
from emulator.firmware import bios_auth
from emulator.firmware import events as e
from emulator.firmware.commands import OpenCover
from emulator.firmware.refusals import Refused
from emulator.machine import TargetPC
from emulator.pc_folder import PCFolder
from emulator.protocol import strict_json
from emulator.protocol.errors import ProtocolError
from emulator.protocol.status import SettingStatus
from firmware_store import StoreError

LARGEST = 4 << 20
"""Bytes of a request: a payload of the largest size, in base64."""
PATIENCE = 10.0
"""Seconds that a client waits for an answer."""

Reply = dict[str, object]


class DoorClosed(Exception):
    """No PC answers in this folder."""


def answer(pc: TargetPC, line: bytes) -> Reply:
    """Carry out one request. Never raises for what a request can cause."""
    try:
        request = strict_json.parse_object(line, most=LARGEST)
        return _answer(pc, request)
    except (ProtocolError, StoreError) as error:
        return {"ok": False, "error": str(error)}


def described(given: Answer) -> Reply:
    """An answer of a firmware interface as plain data."""
    return {
        "ok": given.accepted,
        "interface": "setting" if isinstance(given.status, SettingStatus) else "command",
        "status": int(given.status),
        "status_name": given.status.name,
        "sentence": given.sentence,
        "restart_needed": any(
            isinstance(event, e.SettingWaits | e.UpdateWaits)
            or (isinstance(event, e.SettingStored) and not event.name.startswith(bios_auth.MODE))
            or (isinstance(event, e.KeysAccepted) and event.restart_needed)
            for event in given.events
        ),
        "presence_needed": any(
            isinstance(event, e.SettingWaits)
            or (isinstance(event, e.KeysAccepted) and event.restart_needed and not event.unasked)
            for event in given.events
        ),
    }


def encoded(message: Mapping[str, object]) -> bytes:
    """A request or reply as it travels."""
    return json.dumps(message).encode() + b"\n"


def listening_socket(folder: PCFolder) -> socket.socket:
    """The door's socket, bound anew; the caller holds the power lock, so an old one is a leftover."""
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with _inside(folder):
        if os.path.lexists(folder.socket_name):
            os.unlink(folder.socket_name)
        before = os.umask(0o177)
        try:
            door.bind(folder.socket_name)
        finally:
            os.umask(before)
    door.listen(8)
    return door


def ask(folder: PCFolder, request: Mapping[str, object]) -> Reply:
    """Send a request to the PC that runs in `folder`. Raises DoorClosed."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(PATIENCE)
            with _inside(folder):
                line.connect(folder.socket_name)
            line.sendall(encoded(request))
            reply = line.makefile("rb").readline()
    except OSError as error:
        raise DoorClosed(f"no running PC answers in {folder.path}: {error.strerror or error}") from None
    if not reply:
        raise DoorClosed(f"the PC in {folder.path} closed its door without an answer")
    return strict_json.parse_object(reply, most=LARGEST)


def apply_request(payload: bytes, file_digest: bytes | None = None) -> Reply:
    request: Reply = {"verb": "apply", "payload": base64.b64encode(payload).decode("ascii")}
    return request if file_digest is None else {**request, "sha256": file_digest.hex()}


def update_request(name: str, file_digest: bytes) -> Reply:
    return {"verb": "update", "name": name, "sha256": file_digest.hex()}


def _answer(pc: TargetPC, request: Mapping[str, object]) -> Reply:
    verb = request.get("verb")
    if verb == "status":
        return {"ok": True, "report": pc.report()}
    if verb == "apply":
        digest = None if request.get("sha256") is None else _digest(request["sha256"])
        return described(pc.apply(_payload(request.get("payload")), digest))
    if verb == "update":
        name, digest = _name(request.get("name")), _digest(request.get("sha256"))
        return described(pc.wmi.update_firmware(name, digest))
    if verb == "open-cover":
        return _opened(pc)
    return {
        "ok": False,
        "error": f"the management door knows the verbs 'status', 'apply', 'update' and 'open-cover'; {str(verb)[:80]!r} came",
    }


def _opened(pc: TargetPC) -> Reply:
    try:
        pc.execute(OpenCover())
    except Refused as refusal:
        return {"ok": False, "error": str(refusal)}
    return {"ok": True, "phase": pc.firmware.session.phase.value}


def _payload(text: object) -> bytes:
    if not isinstance(text, str):
        raise ProtocolError("the member 'payload' of a request must be base64 text")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ProtocolError("the member 'payload' of a request is no base64") from None


def _name(text: object) -> str:
    if not isinstance(text, str):
        raise ProtocolError("the member 'name' of a request must be text")
    return text


def _digest(text: object) -> bytes:
    try:
        return bytes.fromhex(str(text))
    except ValueError:
        raise ProtocolError("the member 'sha256' of a request is hexadecimal") from None


@contextmanager
def _inside(folder: PCFolder) -> Iterator[None]:
    """Work from within the folder, and come back even if where we were has no name any more."""
    back = os.open(".", os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.chdir(folder.path)
        yield
    finally:
        os.fchdir(back)
        os.close(back)
