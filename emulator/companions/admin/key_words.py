"""The words of `f10 admin` about keys: make one, take one in, list them, and draw the picture that brings one to a phone."""

import argparse
from pathlib import Path

from emulator.companions.admin.arguments import (
    AddVerb,
    add_generate,
    add_key_file,
    descriptor,
    number,
    text,
)
from emulator.companions.language import LANGUAGES

KINDS = ("endorsement", "signing", "local-access")
PAPERS = ("a4", "letter")


def add(verb: AddVerb) -> None:
    _add_key(verb("key", "make an RSA-2048 key with a self-signed certificate, as a PFX or PEM"))
    _add_import(verb("import", "take a key that was made elsewhere into the console's folder"))
    keys = verb("keys", "list the keys in the console's folder, as far as they tell without a passphrase")
    keys.add_argument("--json", action="store_true", help="for programs")
    _add_enrol(verb("enrol", "draw the picture that brings a local access key to a phone"))


def _add_key(key: argparse.ArgumentParser) -> None:
    key.add_argument("kind", choices=KINDS, metavar="KIND", help="endorsement, signing or local-access")
    key.add_argument("name", type=text, metavar="NAME", help="common name, and the file's name without -o")
    key.add_argument(
        "-o", dest="output", type=Path, metavar="FILE", help="where to write it: FILE.pfx, or FILE.pem"
    )
    key.add_argument("--organization", type=text, metavar="O", default="F10 Emulator", help="for the subject")
    new = key.add_mutually_exclusive_group()
    new.add_argument("--passphrase-fd", type=descriptor, metavar="N", help="read its passphrase from there")
    add_generate(new)


def _add_import(taken: argparse.ArgumentParser) -> None:
    add_key_file(taken, "keyfile", "FILE", "a PFX or PEM with an RSA-2048 key; it stays as it is")
    taken.add_argument("name", type=text, metavar="NAME", help="its name in the folder")
    about = taken.add_mutually_exclusive_group()
    about.add_argument("--certificate", metavar="CERT", help="its certificate, if FILE does not hold it")
    about.add_argument(
        "--kind",
        choices=KINDS,
        metavar="KIND",
        help="make it a new certificate that says what the key is for",
    )
    new = taken.add_mutually_exclusive_group()
    new.add_argument(
        "--new-passphrase-fd", type=descriptor, metavar="N", help="another passphrase than FILE has"
    )
    add_generate(new)


def _add_enrol(enrol: argparse.ArgumentParser) -> None:
    add_key_file(
        enrol, "keyfile", "KEYFILE", "the local access key; its passphrase will open the picture too"
    )
    enrol.add_argument(
        "-o",
        dest="output",
        type=Path,
        metavar="FILE",
        help="FILE.png, FILE.svg, or FILE.pdf for a sheet to print; else KEYFILE's name with .png",
    )
    enrol.add_argument("--name", type=text, metavar="N", help="key name on the phone; else the common name")
    enrol.add_argument("--model", type=text, metavar="M", help="product name of the PC")
    enrol.add_argument("--serial", type=text, metavar="S", help="serial number of the PC")
    size = enrol.add_mutually_exclusive_group()
    size.add_argument(
        "--side", type=number(99_999, "a number of pixels"), metavar="PIXELS", help="of a PNG, at least 800"
    )
    size.add_argument(
        "--vendor-size",
        action="store_true",
        help="as the vendor's tool draws it: 270 by 270, mirrored; also FILE.jpg and FILE.bmp",
    )
    enrol.add_argument("--paper", choices=PAPERS, default=PAPERS[0], help="of a sheet")
    enrol.add_argument("--language", choices=LANGUAGES, default=argparse.SUPPRESS, help="of a sheet")
    picture = enrol.add_mutually_exclusive_group()
    picture.add_argument(
        "--picture-passphrase-fd", type=descriptor, metavar="N", help="another passphrase for the picture"
    )
    add_generate(picture)
