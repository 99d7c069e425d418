"""The verbs of `f10 admin` about settings."""

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path

from emulator.companions import passphrase_from, read_bounded, refuse_existing, write_private
from emulator.companions.admin import list_payloads, payloads, policies, setting_files, signed_files
from emulator.companions.admin.moment import now
from emulator.companions.admin.orders import UnclearOrder, binding, moment, signing_key, write
from emulator.companions.admin.payloads import default_nonce
from emulator.protocol import password
from emulator.protocol.repset_lines import LARGEST


def change(words: Namespace, folder: Path) -> None:
    value = _value(words)
    data = payloads.setting(signing_key(words, folder), words.name, value, **binding(words))
    write(words, data, f"changes {words.name}")


def authorize(words: Namespace, folder: Path) -> None:
    value = _value(words)
    signed = payloads.signed_change(
        signing_key(words, folder),
        words.name,
        value,
        nonce=default_nonce(now()) if words.nonce is None else words.nonce,
        target=words.target,
        single_use=words.single_use,
    )
    # One write, also where nothing is buffered: each write to a driver's file is a thing of its own.
    sys.stdout.write(f"{signed.authorization}\n")


def _value(words: Namespace) -> str:
    if (words.value is None) == (words.value_fd is None):
        raise UnclearOrder("give the value, or --value-fd with a descriptor to read it from")
    if words.name in password.SETTINGS and words.value_fd is None:
        raise UnclearOrder(f"{words.name} is secret and every process can read arguments: use --value-fd")
    value: str = words.value if words.value_fd is None else passphrase_from(words.value_fd)
    return value


def change_list(words: Namespace, folder: Path) -> None:
    changes = setting_files.from_words(words.changes)
    if words.file is not None:
        changes += setting_files.from_file(words.file)
    if not changes:
        raise UnclearOrder(
            "a list has at least one change: give NAME=VALUE, or --file with a replicated setup, CSV, JSON or XML"
        )
    data = list_payloads.settings_list(
        signing_key(words, folder),
        changes,
        **moment(words),
        target=words.target,
        bare_single=not words.array,
    )
    write(words, data, f"changes {len(changes)} setting{'s' * (len(changes) > 1)}, all or none")


def sign(words: Namespace, folder: Path) -> None:
    refuse_existing(words.output, replace=words.force)
    made = signed_files.signed_file(
        signing_key(words, folder),
        words.file,
        read_bounded(words.file, most=LARGEST),
        nonce=default_nonce(now()) if words.nonce is None else words.nonce,
        target=words.target,
        single_use=words.single_use,
    )
    write_private(words.output, made.data, replace=words.force)
    where = f" on the machine {words.target}" if words.target else ""
    kept = f"; {made.kept} had an authorization and stayed as they were" if made.kept else ""
    print(f"Wrote {words.output}: authorizes {made.signed} setting{'s' * (made.signed > 1)}{where}{kept}.")


def reset_defaults(words: Namespace, folder: Path) -> None:
    data = list_payloads.reset_to_defaults(signing_key(words, folder), **binding(words))
    write(words, data, "puts all settings back to factory defaults")


def restore_security(words: Namespace, folder: Path) -> None:
    data = policies.restore_security(signing_key(words, folder), **binding(words))
    write(words, data, "restores the security settings to factory defaults")
    print(
        "It waits at the PC's next start until somebody types the code on its screen. Then the mode is off, local access keys and "
        "passwords are gone; endorsement key and signing key stay until they are taken back (deprovision)."
    )


DEEDS: Mapping[str, Callable[[Namespace, Path], None]] = {
    "set": change,
    "authorize": authorize,
    "set-list": change_list,
    "sign": sign,
    "reset-defaults": reset_defaults,
    "restore-security": restore_security,
}
