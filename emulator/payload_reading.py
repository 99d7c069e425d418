"""`f10 payload show` and `f10 payload verify`: what is in a payload or a policy, and who signed it. Neither needs a PC.

A key is a key file, a certificate, or another payload that carries one: the endorsement key payload, the signing key payload, or a policy
with them. Exit codes of `verify`: 0 every signature is good, 1 one is not, 2 the file or a key is of no use, or nothing in it is signed.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from emulator import payload_files, payload_keys, payload_page
from emulator.companions.admin import reading
from emulator.companions.admin.judge import Judge, Verdict
from emulator.companions.admin.passphrase import Passphrases
from emulator.companions.admin.reading import Reading
from emulator.payload_files import Unusable
from emulator.payload_words import Words
from emulator.protocol import policy
from emulator.protocol.errors import ProtocolError

NOT_GOOD, UNUSABLE = 1, 2


def show(words: Words, folder: Path) -> int:
    """Print what is in a payload or a policy. Raises Unusable or CompanionError."""
    title, parts = _parts(words, folder)
    if words.as_json:
        print(json.dumps(_as_json(title, parts), indent=2))
        return 0
    if title is not None:
        print(f"{payload_page.line(title)}\n")
    print("\n".join(line for name, part in parts for line in payload_page.page(name, part)))
    return 0


def verify(words: Words, folder: Path) -> int:
    """Say of each signature whether one of the keys made it. Raises Unusable or CompanionError."""
    title, parts = _parts(words, folder)
    findings = [finding for _, part in parts for finding in part.findings]
    good = bool(findings) and all(each.verdict is not Verdict.BAD for each in findings)
    signed = any(each.verdict is not Verdict.UNSIGNED for each in findings)
    if words.as_json:
        print(json.dumps({"ok": good and signed, **_as_json(title, parts)}, indent=2))
    else:
        for name, part in parts:
            for finding in part.findings:
                print(f"{f'{name}: ' if name else ''}{payload_page.said(finding)}")
    if not signed:
        print(f"f10: nothing in {words.file} is signed, so there is nothing to verify", file=sys.stderr)
        return UNUSABLE
    return 0 if good else NOT_GOOD


def _parts(words: Words, folder: Path) -> tuple[str | None, list[tuple[str, Reading]]]:
    """The name of a policy, if it is one, and each payload with the name of its step."""
    raw = payload_files.read(words.file)
    image_hash = None if words.firmware is None else payload_files.digest(words.firmware)
    payload_keys.refuse_itself(words.file, words.keys)
    keys = payload_keys.named(words.keys, folder, Passphrases(words.descriptors))
    judge = Judge(keys, image_hash)
    try:
        if not policy.is_one(raw):
            return None, [("", reading.read(raw, judge))]
        made = policy.parse(raw)
        return f"Policy {made.name!r}, made {made.made}, {len(made.steps)} steps", [
            (f"{number}. {step.title}", reading.read(step.payload, judge))
            for number, step in enumerate(made.steps, 1)
        ]
    except ProtocolError as error:
        raise Unusable(f"{words.file} is of no use: {error}") from None


def _as_json(title: str | None, parts: list[tuple[str, Reading]]) -> dict[str, Any]:
    if title is None:
        return _part(parts[0][1])
    return {"policy": title, "steps": [{"step": name, **_part(part)} for name, part in parts]}


def _part(part: Reading) -> dict[str, Any]:
    told = asdict(part)
    return {**told, "signatures": told.pop("findings")}
