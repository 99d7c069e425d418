"""The words of `f10 admin` about firmware: allow one file."""

from emulator.companions.admin.arguments import AddVerb, add_signed, text


def add(verb: AddVerb) -> None:
    update = verb("firmware-update", "make the payload that allows one firmware file")
    add_signed(update)
    update.add_argument("firmware", metavar="FIRMWARE", help="the file; only its SHA-256 is signed")
    update.add_argument(
        "--name", type=text, metavar="N", help="the file's name on the PC, else as it is here"
    )
    update.add_argument("--quiet", action="store_true", help="the updating tool asks nothing")
    update.add_argument(
        "--bitlocker",
        choices=("stop", "ignore", "suspend"),
        default="stop",
        help="what the tool does about BitLocker",
    )
    update.add_argument(
        "--force-update", action="store_true", help="install it even if it is older or the same"
    )
