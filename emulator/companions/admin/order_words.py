"""The words of `f10 admin` about orders that a PC's keys rest on: each makes one signed payload, or a whole take-back."""

from emulator.companions.admin.arguments import (
    AddVerb,
    add_key_file,
    add_signed,
    add_unbound,
    descriptor,
    text,
)

LOCAL_ACCESS_KEYS = (1, 2, 3)


def add(verb: AddVerb) -> None:
    endorsement = verb("provision-endorsement-key", "make the payload that brings an endorsement key to a PC")
    add_key_file(endorsement, "certificate", "CERT", "certificate or key file of the endorsement key")
    add_unbound(endorsement, nonce=False)
    endorsement.add_argument(
        "--setup-password-fd",
        type=descriptor,
        metavar="N",
        help="read the PC's BIOS setup password from there; it lies in the payload in clear",
    )
    signing = verb("provision-signing-key", "make the payload that brings, or replaces, the signing key")
    add_key_file(signing, "endorsement", "EKFILE", "the endorsement key, which signs")
    signing.add_argument("signing", metavar="SKFILE", help="key file or certificate of the signing key")
    add_unbound(signing)
    for name, tells in (("enable", "on"), ("disable", "off")):
        mode = verb(name, f"make the payload that turns Enhanced BIOS Authentication Mode {tells}")
        add_signed(mode)
    access = verb("local-access-key", "make the payload that sets or clears a local access key")
    add_signed(access)
    access.add_argument("local_access", nargs="?", metavar="LAKFILE", help="its key file or certificate")
    access.add_argument("--clear", action="store_true", help="clear the key instead")
    access.add_argument("--number", type=int, choices=LOCAL_ACCESS_KEYS, default=1, help="which of the three")
    access.add_argument("--text", type=text, default="", metavar="T", help="enrolment text kept behind it")
