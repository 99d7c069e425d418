"""The words of `f10 admin` about settings: one, a list, all of them, or the security settings back to factory defaults."""

from pathlib import Path

from emulator.companions.admin.arguments import AddVerb, add_signed, descriptor, text


def add(verb: AddVerb) -> None:
    change = verb("set", "make the payload that changes one setting")
    add_signed(change)
    change.add_argument("name", type=text, metavar="NAME", help="the setting's name, as the PC spells it")
    change.add_argument("value", type=text, nargs="?", metavar="VALUE", help="the new value")
    change.add_argument(
        "--value-fd", type=descriptor, metavar="N", help="read the value from there, as passwords must be"
    )
    several = verb("set-list", "make the payload that changes several settings, all or none")
    add_signed(several, single_use=False)
    several.add_argument(
        "changes", nargs="*", type=text, metavar="NAME=VALUE", help="a setting and its value"
    )
    several.add_argument(
        "--file",
        type=Path,
        metavar="FILE",
        help="JSON or CSV with Name and Value; entries with an AuthString stay as they are",
    )
    several.add_argument(
        "--array",
        action="store_true",
        help="write an array even for one entry, as the vendor's tool does not",
    )
    defaults = verb("reset-defaults", "make the payload that puts all settings back to factory defaults")
    add_signed(defaults)
    restore = verb(
        "restore-security", "make the payload that restores the security settings to factory defaults"
    )
    add_signed(restore)
