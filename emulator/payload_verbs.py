"""`f10 payload apply` and `f10 update`: what is handed to the PC's operating system, switched on or not.

Of a firmware file only its SHA-256 is handed over; the file stays where it is.
"""

import errno
import hashlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from emulator import demo, headless
from emulator.management_door import apply_request, update_request

REFUSED, UNUSABLE = 1, 2
LARGEST_PAYLOAD = 1 << 20
BLOCK = 1 << 20


class Unusable(Exception):
    """A file that cannot be read; the text says which and why."""


def apply(home: Path, name: str, firmware: str | None, *, as_json: bool) -> int:
    """Hand over the payload in the file `name`, with the firmware file that it allows, if it does. Raises Unusable."""
    payload = _read(name)
    digest = None if firmware is None else _digest(firmware)
    reply = headless.order(demo.pc_folder(home), apply_request(payload, digest))
    return _told(reply, name, as_json=as_json)


def update(home: Path, name: str, *, as_json: bool) -> int:
    """Hand over a firmware file that nobody signed. Raises Unusable."""
    request = update_request(Path(name).name, _digest(name))
    return _told(headless.order(demo.pc_folder(home), request), name, as_json=as_json)


def _told(reply: Mapping[str, object], name: str, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps(reply, indent=2))
    elif "error" in reply:
        print(f"f10: {name} was not applied: {reply['error']}", file=sys.stderr)
    else:
        print(_sentence(reply), file=sys.stdout if reply["ok"] else sys.stderr)
    if "error" in reply:
        return UNUSABLE
    return 0 if reply["ok"] else REFUSED


def _read(name: str) -> bytes:
    """At most one byte more than a payload may have; the parser then says that it is too large."""
    try:
        if name == "-":
            if sys.stdin is None:
                raise OSError(errno.EBADF, "standard input is closed")
            return sys.stdin.buffer.read(LARGEST_PAYLOAD + 1)
        with open(name, "rb") as file:
            return file.read(LARGEST_PAYLOAD + 1)
    except OSError as error:
        raise Unusable(f"the payload {name} cannot be read: {error.strerror}") from None


def _digest(name: str) -> bytes:
    digest = hashlib.sha256()
    try:
        with open(name, "rb") as file:
            while block := file.read(BLOCK):
                digest.update(block)
    except OSError as error:
        raise Unusable(f"the firmware file {name} cannot be read: {error.strerror}") from None
    return digest.digest()


def _sentence(reply: Mapping[str, object]) -> str:
    code = f"{reply['interface']} interface, return 0x{reply['status']:02X} {reply['status_name']}"
    if not reply["ok"]:
        return f"f10: refused ({code}): {reply['sentence']}"
    if reply["presence_needed"]:
        return f"Accepted ({code}). It waits for physical presence at the next start."
    if reply["restart_needed"]:
        return f"Accepted ({code}). It acts after the next restart."
    return f"Accepted ({code})."
