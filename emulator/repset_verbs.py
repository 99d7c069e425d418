"""`f10 repset`: files of settings taken from a PC, applied to it, tried out in memory, and compared."""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from emulator import companions, demo, headless, payload_files, repset_dump, repset_page
from emulator.firmware.quirks import UnknownQuirk
from emulator.management_socket import Reply, file_request
from emulator.protocol import password, setting_files
from emulator.protocol.errors import ProtocolError
from emulator.protocol.repset import LARGEST
from emulator.protocol.setting_files import SettingFile
from emulator.repset_words import Words

REFUSED, UNUSABLE = 1, 2


def run(words: Words, home: Path) -> int:
    """Carry out one command and return the exit code. Raises CompanionError, Unusable, DoorClosed and what a PC's folder raises."""
    try:
        return VERBS[words.verb](words, home)
    except (ProtocolError, UnknownQuirk) as error:
        print(f"f10: {error}", file=sys.stderr)
        return UNUSABLE


def _dump(words: Words, home: Path) -> int:
    target = words.files[0] if words.files else "-"
    if target != "-":
        companions.refuse_existing(Path(target), replace="--force" in words.flags)
    reply = headless.order(demo.pc_folder(home), {"verb": "instances"})
    if not reply["ok"]:
        return _failed("the settings were not told", reply)
    instances = reply["instances"]
    assert isinstance(instances, list)  # the door's reply
    data = repset_dump.dumped(instances, words.options.get("--format") or _by_name(target))
    _write(words, target, data)
    return 0


def _by_name(target: str) -> str:
    """The format that a file's name promises."""
    suffix = target.casefold().rpartition(".")[2]
    if suffix in ("csv", "json", "xml"):
        return suffix
    return "firmware" if target.casefold().endswith("hpsetup.txt") else "bcu"


def _write(words: Words, target: str, data: bytes) -> None:
    if target == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
    else:
        companions.write_private(Path(target), data, replace="--force" in words.flags)


def _apply(words: Words, home: Path) -> int:
    data = _read(words.files[0])
    return _told(words, headless.order(demo.pc_folder(home), file_request(data, _proof(words))))


def _check(words: Words, home: Path) -> int:
    from emulator import repset_check  # noqa: PLC0415 -- brings a machine

    data = _read(words.files[0])
    model = words.options.get("--model")
    if model is None:
        firmware = repset_check.of_folder(home, words.quirks)
    else:
        firmware = repset_check.of_model(model, words.quirks)
    try:
        return _told(words, repset_check.checked(firmware, data, _proof(words)))
    except ProtocolError as error:
        raise payload_files.Unusable(f"{words.files[0]} is no file of settings: {error}") from None


def _proof(words: Words) -> str:
    if words.descriptor is None:
        return ""
    said = companions.passphrase_from(words.descriptor)
    return said if password.marked(said) else password.utf_16(said)


def _told(words: Words, reply: Reply) -> int:
    if words.as_json:
        print(json.dumps(reply, indent=2))
    elif "error" in reply:
        return _failed(f"{words.files[0]} was not applied", reply)
    else:
        print(*repset_page.page(reply), sep="\n")
    if "error" in reply:
        return UNUSABLE
    return 0 if reply["ok"] else REFUSED


def _failed(what: str, reply: Mapping[str, object]) -> int:
    print(f"f10: {what}: {reply['error']}", file=sys.stderr)
    return UNUSABLE


def _read(name: str) -> bytes:
    return payload_files.read(name) if name == "-" else companions.read_bounded(Path(name), most=LARGEST)


def _parsed(name: str) -> SettingFile:
    try:
        return setting_files.parse(_read(name))
    except ProtocolError as error:
        raise payload_files.Unusable(f"{name} is no file of settings: {error}") from None


def _diff(words: Words, _home: Path) -> int:
    from emulator import repset_diff  # noqa: PLC0415 -- brings the models

    out = words.options.get("--repset")
    if out is not None and out != "-":
        companions.refuse_existing(Path(out), replace="--force" in words.flags)
    before, after = map(_parsed, words.files)
    found = repset_diff.differences(before, after)
    if out is not None:
        _write(words, out, repset_diff.leading(found).render())
    told = [each.told for each in found]
    if words.as_json:
        print(json.dumps([{"name": name, "old": old, "new": new} for name, old, new in told], indent=2))
    elif out != "-":
        print(*repset_page.differences(told), sep="\n")
    return REFUSED if found else 0


VERBS: Mapping[str, Callable[[Words, Path], int]] = {
    "dump": _dump,
    "apply": _apply,
    "check": _check,
    "diff": _diff,
}
