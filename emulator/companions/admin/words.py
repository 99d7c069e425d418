"""The words of `f10 admin`: its verbs, their arguments, and what an argument must look like."""

import argparse
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path

KINDS = ("endorsement", "signing", "local-access")
LOCAL_ACCESS_KEYS = (1, 2, 3)
EVERY_MACHINE = uuid.UUID(bytes=b"\xff" * 16)

AddVerb = Callable[[str, str], argparse.ArgumentParser]


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(
        "f10 admin",
        description="The administrator's console: make keys, sign orders for PCs, draw enrolment pictures for phones.",
        epilog="A key file is a path, or a bare name inside the console's own folder. PFX and PEM are read; "
        "a passphrase is asked for only when the file needs one.",
        allow_abbrev=False,
    )
    verb = partial(_verb, whole.add_subparsers(dest="verb", required=True, metavar="VERB").add_parser)
    _add_keys(verb)
    _add_platform_orders(verb)
    _add_setting_orders(verb)
    return whole


def _verb(add: Callable[..., argparse.ArgumentParser], name: str, tells: str) -> argparse.ArgumentParser:
    parser = add(name, help=tells, description=tells[0].upper() + tells[1:] + ".", allow_abbrev=False)
    parser.add_argument("--force", action="store_true", help="replace the output file if it exists")
    return parser


def _add_keys(verb: AddVerb) -> None:
    key = verb("key", "make an RSA-2048 key with a self-signed certificate, as a PFX")
    key.add_argument("kind", choices=KINDS, metavar="KIND", help="endorsement, signing or local-access")
    key.add_argument("name", type=_text, metavar="NAME", help="common name, and the file's name without -o")
    key.add_argument("-o", dest="output", type=Path, metavar="FILE.pfx", help="where to write it")
    key.add_argument(
        "--organization", type=_text, metavar="O", default="F10 Emulator", help="for the subject"
    )
    new = key.add_mutually_exclusive_group()
    new.add_argument("--passphrase-fd", type=_descriptor, metavar="N", help="read its passphrase from there")
    _add_generate(new)

    enrol = verb("enrol", "draw the picture that brings a local access key to a phone")
    _add_key_file(
        enrol, "keyfile", "KEYFILE", "the local access key; its passphrase will open the picture too"
    )
    enrol.add_argument(
        "-o", dest="output", type=Path, metavar="FILE.png", help="else KEYFILE's name with .png"
    )
    enrol.add_argument("--name", type=_text, metavar="N", help="key name on the phone; else the common name")
    enrol.add_argument("--model", type=_text, metavar="M", help="product name of the PC")
    enrol.add_argument("--serial", type=_text, metavar="S", help="serial number of the PC")
    picture = enrol.add_mutually_exclusive_group()
    picture.add_argument(
        "--picture-passphrase-fd", type=_descriptor, metavar="N", help="another passphrase for the picture"
    )
    _add_generate(picture)


def _add_platform_orders(verb: AddVerb) -> None:
    endorsement = verb("provision-endorsement-key", "make the payload that brings an endorsement key to a PC")
    _add_key_file(endorsement, "certificate", "CERT", "certificate or key file of the endorsement key")
    _add_output(endorsement)
    signing = verb("provision-signing-key", "make the payload that brings, or replaces, the signing key")
    _add_key_file(signing, "endorsement", "EKFILE", "the endorsement key, which signs")
    signing.add_argument("signing", metavar="SKFILE", help="key file or certificate of the signing key")
    _add_output(signing)
    _add_nonce(signing)
    deprovision = verb("deprovision", "make the payload that takes both keys back")
    _add_key_file(deprovision, "endorsement", "EKFILE", "the endorsement key, which signs")
    _add_output(deprovision)
    _add_nonce(deprovision)


def _add_setting_orders(verb: AddVerb) -> None:
    for name, tells in (("enable", "on"), ("disable", "off")):
        mode = verb(name, f"make the payload that turns Enhanced BIOS Authentication Mode {tells}")
        _add_signed(mode)
    access = verb("local-access-key", "make the payload that sets or clears a local access key")
    _add_signed(access)
    access.add_argument("local_access", nargs="?", metavar="LAKFILE", help="its key file or certificate")
    access.add_argument("--clear", action="store_true", help="clear the key instead")
    access.add_argument("--number", type=int, choices=LOCAL_ACCESS_KEYS, default=1, help="which of the three")
    access.add_argument("--text", type=_text, default="", metavar="T", help="enrolment text kept behind it")
    change = verb("set", "make the payload that changes one setting")
    _add_signed(change)
    change.add_argument("name", type=_text, metavar="NAME", help="the setting's name, as the PC spells it")
    change.add_argument("value", type=_text, nargs="?", metavar="VALUE", help="the new value")
    change.add_argument(
        "--value-fd", type=_descriptor, metavar="N", help="read the value from there, as passwords must be"
    )


def _add_signed(parser: argparse.ArgumentParser) -> None:
    _add_key_file(parser, "signing", "SKFILE", "the signing key")
    _add_output(parser)
    _add_nonce(parser)
    parser.add_argument("--target", type=_machine, metavar="UUID", help="good for this machine only")
    parser.add_argument("--single-use", action="store_true", help="the PC takes it once")


def _add_key_file(parser: argparse.ArgumentParser, dest: str, metavar: str, tells: str) -> None:
    parser.add_argument(dest, metavar=metavar, help=tells)
    parser.add_argument(
        "--passphrase-fd",
        type=_descriptor,
        action="append",
        default=[],
        metavar="N",
        help="read a key file's passphrase from there; may be given for each file",
    )


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", dest="output", type=Path, metavar="OUT.json", required=True, help="the payload")


def _add_nonce(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--nonce", type=_nonce, metavar="N", help="else the Unix time in seconds")


def _add_generate(parser: argparse._MutuallyExclusiveGroup) -> None:
    parser.add_argument("--generate-passphrase", action="store_true", help="make a good one and print it")


def _descriptor(text: str) -> int:
    return _number(text, most=0x7FFFFFFF, what="a file descriptor")


def _nonce(text: str) -> int:
    return _number(text, most=0xFFFFFFFF, what="a nonce of 32 bits")


def _number(text: str, *, most: int, what: str) -> int:
    # Nothing longer is a number of 32 bits, and Python refuses thousands of digits with a trace of its own.
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else -1
    if not 0 <= number <= most:
        raise argparse.ArgumentTypeError(f"{what} was expected, {text[:20]!r} came")
    return number


def _machine(text: str) -> uuid.UUID:
    try:
        machine = uuid.UUID(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a UUID was expected, {text!r} came") from None
    if machine == EVERY_MACHINE:
        raise argparse.ArgumentTypeError(
            "this UUID stands for every machine; leave --target out to mean that"
        )
    return machine


def _text(text: str) -> str:
    if not text.isprintable():
        raise argparse.ArgumentTypeError(f"printable text was expected, {text!r} came")
    return text
