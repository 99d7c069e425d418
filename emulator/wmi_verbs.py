"""`f10 wmi`: what a script asks of WMI, asked of the PC's management door, switched on or not.

A running PC answers over its socket, and this process imports nothing of the machine then.
"""

import binascii
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from emulator import demo, headless, wmi_page, wmi_requests
from emulator.wmi_words import Words

REFUSED, UNUSABLE = 1, 2

Told = dict[str, Any]


def run(words: Words, home: Path) -> int:
    """Carry out one command and return the exit code. Raises what asking for a secret, a file and a PC can raise."""
    if words.verb == "classes":
        return _classes(words)
    request = wmi_requests.request(words)
    reply: Told = headless.order(demo.pc_folder(home), request)
    if not reply["ok"]:
        return _failed(words, reply)
    return TELLING[words.verb](words, reply)


def _failed(words: Words, reply: Told) -> int:
    """Tell why the PC did not answer or said no, and how the process exits."""
    if words.as_json:
        print(json.dumps(reply, indent=2))
    else:
        reason = reply.get("error") or f"{reply['sentence']} ({reply['status_name']}, code {reply['status']})"
        print(f"f10: {wmi_page.printable(str(reason))}", file=sys.stderr)
    return REFUSED if "unknown" in reply or "status" in reply else UNUSABLE


def _changed(words: Words, reply: Told) -> int:
    if words.as_json:
        print(json.dumps(reply, indent=2))
        return 0
    acts = "; it acts after the next restart" if reply["restart_needed"] else ""
    waits = ", where somebody has to prove presence" if reply["presence_needed"] else ""
    print(f"{words.verb} returned 0{acts}{waits}.")
    return 0


def _got(words: Words, reply: Told) -> int:
    instance = reply["instance"]
    if "--value" not in words.flags:
        return _listed(words, [instance], instance)
    told = wmi_page.current(instance)
    print(json.dumps(told) if words.as_json else wmi_page.printable(told))
    return 0


def _found(words: Words, reply: Told) -> int:
    return _listed(words, reply["instances"], reply["instances"])


def _stated(words: Words, reply: Told) -> int:
    if form := words.options.get("--raw"):
        return _written(reply[form], in_hexadecimal="--hex" in words.flags)
    return _listed(words, [reply["state"]], reply["state"])


def _invoked(words: Words, reply: Told) -> int:
    return _written(reply["output"], in_hexadecimal="--hex" in words.flags)


def _listed(words: Words, instances: list[Any], data: object) -> int:
    if words.as_json:
        print(json.dumps(data, indent=2))
    else:
        print(wmi_page.page(instances), end="")
    return 0


def _written(text: str, *, in_hexadecimal: bool) -> int:
    """Bytes as they are, or in hexadecimal where they would reach a terminal."""
    data = binascii.a2b_base64(text)
    if in_hexadecimal or sys.stdout.isatty():
        print(wmi_page.dump(data), end="")
        return 0
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    return 0


def _classes(words: Words) -> int:
    from emulator import wmi_listing

    print(json.dumps(wmi_listing.data(), indent=2) if words.as_json else wmi_listing.page())
    return 0


TELLING: Mapping[str, Callable[[Words, Told], int]] = {
    "get": _got,
    "query": _found,
    "state": _stated,
    "raw": _invoked,
    "SetBIOSSetting": _changed,
    "SetSystemDefaults": _changed,
}
"""How each verb's answer is told."""
