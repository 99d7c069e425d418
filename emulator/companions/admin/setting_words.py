"""The words of `f10 admin` about settings: one, a list, a file of them, all of them, or the security settings back to factory defaults."""

import argparse
from pathlib import Path

from emulator.companions.admin.arguments import (
    AddVerb,
    add_binding,
    add_key_file,
    add_nonce,
    add_signed,
    descriptor,
    machine,
    text,
)


def add(verb: AddVerb) -> None:
    change = verb("set", "make the payload that changes one setting")
    add_signed(change)
    add_change(change)
    authorize = verb(
        "authorize", "print the authorization of one change, for tools that hand over the change themselves"
    )
    add_key_file(authorize, "signing", "SKFILE", "the signing key")
    add_binding(authorize)
    add_change(authorize)
    several = verb("set-list", "make the payload that changes several settings, all or none")
    add_signed(several, single_use=False)
    several.add_argument(
        "changes", nargs="*", type=text, metavar="NAME=VALUE", help="a setting and its value"
    )
    several.add_argument(
        "--file",
        type=Path,
        metavar="FILE",
        help="replicated setup, CSV, JSON or XML; entries with an authorization stay as they are",
    )
    several.add_argument(
        "--array",
        action="store_true",
        help="write an array even for one entry, as the vendor's tool does not",
    )
    add_sign(verb("sign", "sign each entry of a file of settings, which a tool on the PC then applies"))
    defaults = verb("reset-defaults", "make the payload that puts all settings back to factory defaults")
    add_signed(defaults)
    restore = verb(
        "restore-security", "make the payload that restores the security settings to factory defaults"
    )
    add_signed(restore)


def add_change(change: argparse.ArgumentParser) -> None:
    change.add_argument("name", type=text, metavar="NAME", help="the setting's name, as the PC spells it")
    change.add_argument("value", type=text, nargs="?", metavar="VALUE", help="the new value")
    change.add_argument(
        "--value-fd", type=descriptor, metavar="N", help="read the value from there, as passwords must be"
    )


def add_sign(sign: argparse.ArgumentParser) -> None:
    add_key_file(sign, "signing", "SKFILE", "the signing key")
    sign.add_argument("file", type=Path, metavar="FILE", help="replicated setup, CSV, JSON or XML")
    sign.add_argument(
        "-o",
        "--out",
        dest="output",
        type=Path,
        metavar="OUT",
        required=True,
        help="the same file with authorizations; those that it has stay as they are",
    )
    add_nonce(sign)
    sign.add_argument("--target", type=machine, metavar="UUID", help="good for this machine only")
    sign.add_argument("--single-use", action="store_true", help="the PC takes it once; for one entry only")
