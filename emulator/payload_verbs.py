"""`f10 payload apply` and `f10 update`: what is handed to the PC's operating system, switched on or not.

Of a firmware file only its SHA-256 is handed over; the file stays where it is.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from emulator import demo, headless, payload_answers, payload_files, policy_applying
from emulator.management_door import apply_request, update_request
from emulator.payload_files import Unusable
from emulator.protocol import policy

REFUSED, UNUSABLE = 1, 2


def apply(home: Path, name: str, firmware: str | None, *, first: int = 1, as_json: bool) -> int:
    """Hand over the payload or the policy in the file `name`, with the firmware file that it allows, if it does.

    Of a policy, the steps from `first` on. Raises Unusable.
    """
    raw = payload_files.read(name)
    digest = None if firmware is None else payload_files.digest(firmware)
    if policy.is_one(raw):
        return policy_applying.apply(home, name, raw, digest, first=first, as_json=as_json)
    if first != 1:
        raise Unusable(f"{name} is no policy and has no steps: leave --from away")
    reply = headless.order(demo.pc_folder(home), apply_request(raw, digest))
    return _told(reply, name, as_json=as_json)


def update(home: Path, name: str, *, as_json: bool) -> int:
    """Hand over a firmware file that nobody signed. Raises Unusable."""
    request = update_request(Path(name).name, payload_files.digest(name))
    return _told(headless.order(demo.pc_folder(home), request), name, as_json=as_json)


def _told(reply: Mapping[str, object], name: str, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps({**reply, **payload_answers.explanation(reply)}, indent=2))
    elif "error" in reply:
        print(f"f10: {name} was not applied: {reply['error']}", file=sys.stderr)
    elif reply["ok"]:
        print(payload_answers.sentence(reply))
    else:
        print(f"f10: {payload_answers.sentence(reply)}", file=sys.stderr)
        for text in payload_answers.explanation(reply).values():
            print(text, file=sys.stderr)
    if "error" in reply:
        return UNUSABLE
    return 0 if reply["ok"] else REFUSED
