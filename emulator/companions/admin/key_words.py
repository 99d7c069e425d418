"""The words of `f10 admin` about keys: make one, and draw the picture that brings it to a phone."""

from pathlib import Path

from emulator.companions.admin.arguments import AddVerb, add_generate, add_key_file, descriptor, text

KINDS = ("endorsement", "signing", "local-access")


def add(verb: AddVerb) -> None:
    key = verb("key", "make an RSA-2048 key with a self-signed certificate, as a PFX")
    key.add_argument("kind", choices=KINDS, metavar="KIND", help="endorsement, signing or local-access")
    key.add_argument("name", type=text, metavar="NAME", help="common name, and the file's name without -o")
    key.add_argument("-o", dest="output", type=Path, metavar="FILE.pfx", help="where to write it")
    key.add_argument("--organization", type=text, metavar="O", default="F10 Emulator", help="for the subject")
    new = key.add_mutually_exclusive_group()
    new.add_argument("--passphrase-fd", type=descriptor, metavar="N", help="read its passphrase from there")
    add_generate(new)

    enrol = verb("enrol", "draw the picture that brings a local access key to a phone")
    add_key_file(
        enrol, "keyfile", "KEYFILE", "the local access key; its passphrase will open the picture too"
    )
    enrol.add_argument(
        "-o", dest="output", type=Path, metavar="FILE.png", help="else KEYFILE's name with .png"
    )
    enrol.add_argument("--name", type=text, metavar="N", help="key name on the phone; else the common name")
    enrol.add_argument("--model", type=text, metavar="M", help="product name of the PC")
    enrol.add_argument("--serial", type=text, metavar="S", help="serial number of the PC")
    picture = enrol.add_mutually_exclusive_group()
    picture.add_argument(
        "--picture-passphrase-fd", type=descriptor, metavar="N", help="another passphrase for the picture"
    )
    add_generate(picture)
