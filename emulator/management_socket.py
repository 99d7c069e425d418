"""The tool's side of the management door: one request, one reply, each a line of JSON, over a Unix socket in the PC's folder.

A tool that meets a running PC needs this and nothing of the machine, so neither machine nor firmware is imported here: starting a
process is most of what a short question costs.

A socket's whole path may have 108 bytes at most, so both sides reach it by its bare name from within the folder.
"""

import binascii
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from emulator.pc_folder import PCFolder
from emulator.protocol import strict_json

if TYPE_CHECKING:
    import socket

LARGEST = 4 << 20
"""Bytes of a request: a payload of the largest size, in base64."""
LARGEST_REPLY = 32 << 20
"""Bytes of a reply: it can tell of each entry of a file more than the entry says."""
WAITING_ROOM = 128
"""Clients that may wait to be let in; one more is turned away at once."""
PATIENCE = 10.0
"""Seconds that a client waits for an answer."""

Reply = dict[str, object]
Ask = Callable[[Reply], Reply]
"""A way to the PC's management door."""


class DoorClosed(Exception):
    """No PC answers in this folder."""


def encoded(message: Mapping[str, object]) -> bytes:
    """A request or reply as it travels."""
    return json.dumps(message).encode() + b"\n"


def listening_socket(folder: PCFolder) -> "socket.socket":
    """The door's socket, bound anew; the caller holds the power lock, so an old one is a leftover."""
    import socket

    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with _inside(folder):
        if os.path.lexists(folder.socket_name):
            os.unlink(folder.socket_name)
        before = os.umask(0o177)
        try:
            door.bind(folder.socket_name)
        finally:
            os.umask(before)
    door.listen(WAITING_ROOM)
    return door


def ask(folder: PCFolder, request: Mapping[str, object]) -> Reply:
    """Send a request to the PC that runs in `folder`. Raises DoorClosed."""
    # A PC that is off is asked without one.
    import socket

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
    return strict_json.parse_object(reply, most=LARGEST_REPLY)


def apply_request(payload: bytes, file_digest: bytes | None = None) -> Reply:
    request: Reply = {"verb": "apply", "payload": text(payload)}
    return request if file_digest is None else {**request, "sha256": file_digest.hex()}


def update_request(name: str, file_digest: bytes) -> Reply:
    return {"verb": "update", "name": name, "sha256": file_digest.hex()}


def file_request(file: bytes, authorization: str = "") -> Reply:
    """A file of settings, with what proves the entries that bring no signature."""
    return {"verb": "apply-file", "file": text(file), "authorization": authorization}


def text(data: bytes) -> str:
    """Bytes as they stand in JSON."""
    return binascii.b2a_base64(data, newline=False).decode("ascii")


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
