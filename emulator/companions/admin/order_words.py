"""The words of `f10 admin` about orders for PCs: each makes one signed payload."""

from emulator.companions.admin.arguments import (
    AddVerb,
    add_key_file,
    add_nonce,
    add_output,
    add_signed,
    descriptor,
    text,
)

LOCAL_ACCESS_KEYS = (1, 2, 3)


def add(verb: AddVerb) -> None:
    _add_platform_orders(verb)
    _add_setting_orders(verb)


def _add_platform_orders(verb: AddVerb) -> None:
    endorsement = verb("provision-endorsement-key", "make the payload that brings an endorsement key to a PC")
    add_key_file(endorsement, "certificate", "CERT", "certificate or key file of the endorsement key")
    add_output(endorsement)
    signing = verb("provision-signing-key", "make the payload that brings, or replaces, the signing key")
    add_key_file(signing, "endorsement", "EKFILE", "the endorsement key, which signs")
    signing.add_argument("signing", metavar="SKFILE", help="key file or certificate of the signing key")
    add_output(signing)
    add_nonce(signing)
    deprovision = verb("deprovision", "make the payload that takes both keys back")
    add_key_file(deprovision, "endorsement", "EKFILE", "the endorsement key, which signs")
    add_output(deprovision)
    add_nonce(deprovision)


def _add_setting_orders(verb: AddVerb) -> None:
    for name, tells in (("enable", "on"), ("disable", "off")):
        mode = verb(name, f"make the payload that turns Enhanced BIOS Authentication Mode {tells}")
        add_signed(mode)
    access = verb("local-access-key", "make the payload that sets or clears a local access key")
    add_signed(access)
    access.add_argument("local_access", nargs="?", metavar="LAKFILE", help="its key file or certificate")
    access.add_argument("--clear", action="store_true", help="clear the key instead")
    access.add_argument("--number", type=int, choices=LOCAL_ACCESS_KEYS, default=1, help="which of the three")
    access.add_argument("--text", type=text, default="", metavar="T", help="enrolment text kept behind it")
    change = verb("set", "make the payload that changes one setting")
    add_signed(change)
    change.add_argument("name", type=text, metavar="NAME", help="the setting's name, as the PC spells it")
    change.add_argument("value", type=text, nargs="?", metavar="VALUE", help="the new value")
    change.add_argument(
        "--value-fd", type=descriptor, metavar="N", help="read the value from there, as passwords must be"
    )
