"""What an argument of `f10 admin` must look like, and those that several verbs share."""

import argparse
import uuid
from collections.abc import Callable
from pathlib import Path

EVERY_MACHINE = uuid.UUID(bytes=b"\xff" * 16)

NOT_BOUND = "Orders of Secure Platform Management cannot be bound to one machine: each is good on every PC of the fleet whose keys it fits."

AddVerb = Callable[[str, str], argparse.ArgumentParser]


def add_signed(parser: argparse.ArgumentParser, *, single_use: bool = True) -> None:
    """What a signed setting takes: it can be bound to one machine, and to one use."""
    add_key_file(parser, "signing", "SKFILE", "the signing key")
    add_output(parser)
    add_binding(parser, single_use=single_use)


def add_binding(parser: argparse.ArgumentParser, *, single_use: bool = True) -> None:
    """What binds it to a moment and to a machine."""
    add_nonce(parser)
    parser.add_argument("--target", type=machine, metavar="UUID", help="good for this machine only")
    if single_use:
        parser.add_argument("--single-use", action="store_true", help="the PC takes it once")


def add_unbound(parser: argparse.ArgumentParser, *, nonce: bool = True) -> None:
    """What an order of Secure Platform Management takes, be its key what it may."""
    add_output(parser)
    if nonce:
        add_nonce(parser)
    parser.add_argument("--target", type=_nowhere, help=argparse.SUPPRESS)


def add_key_file(parser: argparse.ArgumentParser, dest: str, metavar: str, tells: str) -> None:
    parser.add_argument(dest, metavar=metavar, help=tells)
    parser.add_argument(
        "--passphrase-fd",
        type=descriptor,
        action="append",
        default=[],
        metavar="N",
        help="read a key file's passphrase from there; may be given for each file",
    )


def add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", dest="output", type=Path, metavar="OUT.json", required=True, help="the payload")
    parser.add_argument(
        "--timestamp",
        choices=("iso", "windows"),
        default="iso",
        help="as PowerShell 7 (iso, else) or Windows PowerShell spells it",
    )
    parser.add_argument(
        "--bom", action="store_true", help="byte order mark and CRLF, as Windows PowerShell writes"
    )


def add_nonce(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--nonce", type=nonce, metavar="N", help="else the Unix time in seconds")


def add_generate(parser: argparse._MutuallyExclusiveGroup) -> None:
    parser.add_argument("--generate-passphrase", action="store_true", help="make a good one and print it")


def descriptor(said: str) -> int:
    return _number(said, most=0x7FFFFFFF, what="a file descriptor")


def nonce(said: str) -> int:
    return _number(said, most=0xFFFFFFFF, what="a nonce of 32 bits")


def _number(text: str, *, most: int, what: str) -> int:
    # Nothing longer is a number of 32 bits, and Python refuses thousands of digits with a trace of its own.
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else -1
    if not 0 <= number <= most:
        raise argparse.ArgumentTypeError(f"{what} was expected, {text[:20]!r} came")
    return number


def machine(said: str) -> uuid.UUID:
    try:
        meant = uuid.UUID(said)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a UUID was expected, {said!r} came") from None
    if meant == EVERY_MACHINE:
        raise argparse.ArgumentTypeError(
            "this UUID stands for every machine; leave --target out to mean that"
        )
    return meant


def _nowhere(_said: str) -> None:
    raise argparse.ArgumentTypeError(NOT_BOUND)


def number(most: int, what: str) -> Callable[[str], int]:
    """Reads decimal numbers from 0 to `most`."""
    return lambda said: _number(said, most=most, what=what)


def text(said: str) -> str:
    if not said.isprintable():
        raise argparse.ArgumentTypeError(f"printable text was expected, {said!r} came")
    return said
