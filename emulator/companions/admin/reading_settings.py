"""What payloads about settings and firmware say: names, values, and the header that each authorization brings along."""

import base64
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from emulator.companions.admin.judge import Finding, Judge, Verdict
from emulator.companions.admin.payloads import AUTHENTICATION_MODE, LOCAL_ACCESS_KEYS
from emulator.protocol import authorization, firmware_update, password, payload
from emulator.protocol.errors import ProtocolError
from emulator.protocol.formats import AuthorizationHeader
from emulator.protocol.keys import PublicKey
from emulator.protocol.payload import Envelope, Purpose, SettingChange

Fields = dict[str, Any]
Contents = tuple[str, Fields, tuple[Finding, ...]]
"""A sentence on what it does, the fields, and the findings about signatures."""
Reader = Callable[[Envelope, Judge], Contents]

ANY_MACHINE = "any machine"
HIDDEN = "(not shown)"
MODULUS_TEXT = 344
"""Characters of base64 of a modulus, behind which a local access key has its text."""
_PERMISSIONS = {"Allow User to Modify Power-on Password"}
"""Settings that are named after a password and hold none."""
_LOCAL_ACCESS = {f"{AUTHENTICATION_MODE} Local Access Key {number}": number for number in LOCAL_ACCESS_KEYS}


def setting(envelope: Envelope, judge: Judge) -> Contents:
    return _change(payload.parse_setting(envelope.data), judge)


def settings_list(envelope: Envelope, judge: Judge) -> Contents:
    changes = [_change(each, judge) for each in payload.parse_settings(envelope.data)]
    does = f"changes {len(changes)} settings, all or none" if len(changes) > 1 else changes[0][0]
    fields: Fields = {"settings": [fields for _, fields, _ in changes]}
    return does, fields, tuple(finding for *_, findings in changes for finding in findings)


def reset(envelope: Envelope, judge: Judge) -> Contents:
    change = SettingChange(payload.RESET_NAME, "", payload.parse_reset(envelope.data))
    _, fields, findings = _change(change, judge)
    return "puts all settings back to factory defaults", fields, findings


def firmware(envelope: Envelope, judge: Judge) -> Contents:
    order = firmware_update.parse(envelope.data)
    block = firmware_update.parse_authorization(order.authorization)
    fields: Fields = {
        "file_name": order.file_name,
        "image_sha256": block.image_hash.hex(),
        "quiet": order.quiet,
        "bitlocker": str(order.bitlocker),
        "force": order.force,
        **_header(block.header, single_use=block.single_use),
    }
    wanted = block.image_hash if judge.image_hash is None else judge.image_hash
    finding = judge.signature(
        f"the firmware {order.file_name!r}", lambda key: firmware_update.verify(block, key, wanted)
    )
    return f"allows the firmware file {order.file_name!r}", fields, (finding,)


READERS: Mapping[Purpose, Reader] = {
    Purpose.SETTING: setting,
    Purpose.SETTINGS_LIST: settings_list,
    Purpose.RESET_SETTINGS: reset,
    Purpose.FIRMWARE_UPDATE: firmware,
}


def is_secret(name: str, value: str) -> bool:
    """Whether a value is a password, by its setting's name or by the mark before it."""
    named = name.casefold().endswith("password") and name not in _PERMISSIONS
    return name in password.SETTINGS or named or password.marked(value)


def _change(change: SettingChange, judge: Judge) -> Contents:
    secret = is_secret(change.name, change.value)
    fields: Fields = {"setting": change.name, "value": HIDDEN if secret else change.value}
    if (number := _LOCAL_ACCESS.get(change.name)) is not None and change.value:
        fields["local_access_key"] = {"number": number, **_local_access_key(change.value)}
    what = f"the setting {change.name!r}"
    token = change.authorization
    if not token.startswith(authorization.PREFIX):
        fields["authorization"] = f"a password {HIDDEN}" if token else "none"
        finding = Finding(what, Verdict.BAD if judge.keys else Verdict.UNSIGNED, why="nobody signed it")
        return f"changes {what}", fields, (finding,)
    parsed = authorization.parse(token)
    fields |= _header(parsed.header, single_use=parsed.single_use)
    signed = password.utf_16(change.value) if change.name in password.SETTINGS else change.value
    finding = judge.signature(what, lambda key: authorization.verify(parsed, key, change.name, signed))
    return f"changes {what}", fields, (finding,)


def _local_access_key(value: str) -> Fields:
    try:
        modulus, text = (
            base64.b64decode(part, validate=True) for part in (value[:MODULUS_TEXT], value[MODULUS_TEXT:])
        )
        return {"key_id": PublicKey(modulus).key_id, "text": text.decode("utf-8")}
    except (ProtocolError, ValueError):
        return {"key_id": None, "text": None}


def _header(header: AuthorizationHeader, *, single_use: bool) -> Fields:
    anywhere = header.target == authorization.ANY_MACHINE
    return {
        "machine": ANY_MACHINE if anywhere else str(uuid.UUID(bytes_le=header.target)),
        "nonce": header.nonce,
        "single_use": single_use,
        "header_version": header.version,
        "header_reserved": header.reserved,
    }
