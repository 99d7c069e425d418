"""The words of `f10 admin` about Sure Recover and Sure Run."""

import argparse
import re
from pathlib import Path

from emulator.companions.admin.arguments import AddVerb, add_key_file, add_unbound, descriptor, number, text

DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "every-week")
PARTS = ("agent", "os-image", "configuration", "trigger", "schedule")

_flags = number(0xFFFFFFFF, "flags of 32 bits")


def add(verb: AddVerb) -> None:
    _add_images(verb)
    configure = _signed(verb, "recover-configure", "says what Sure Recover may use")
    configure.add_argument("--os-flags", type=_flags, required=True, metavar="N", help="for the system")
    configure.add_argument("--agent-flags", type=_flags, required=True, metavar="N", help="for the agent")
    trigger = _signed(verb, "recover-trigger", "makes the PC recover at its next start")
    trigger.add_argument("--bios-flags", type=_flags, required=True, metavar="N", help="for the firmware")
    trigger.add_argument("--agent-flags", type=_flags, required=True, metavar="N", help="for the agent")
    _add_schedule(verb)
    deprovision = _signed(verb, "recover-deprovision", "makes Sure Recover forget what was ordered")
    deprovision.add_argument(
        "--part",
        choices=PARTS,
        metavar="PART",
        action="append",
        default=[],
        help=f"only this: {', '.join(PARTS)}; may be given again",
    )
    event = verb(
        "recover-event", "make the payload that raises a service event of Sure Recover, which nobody signs"
    )
    add_unbound(event, nonce=False)
    run = _signed(verb, "run-manifest", "tells Sure Run what must keep running")
    run.add_argument("manifest", nargs="?", type=Path, metavar="MANIFEST", help="file with the manifest")
    run.add_argument("--off", action="store_true", help="switch Sure Run off instead")


def _signed(verb: AddVerb, name: str, tells: str) -> argparse.ArgumentParser:
    parser = verb(name, f"make the payload that {tells}")
    add_key_file(parser, "signing", "SKFILE", "the signing key")
    add_unbound(parser)
    return parser


def _add_images(verb: AddVerb) -> None:
    image = _signed(verb, "recover-image", "says where an image lies and who must have signed it")
    image.add_argument(
        "which", choices=("os", "agent"), metavar="os|agent", help="the system's image or the agent's"
    )
    image.add_argument("image_key", metavar="IMAGEKEY", help="key file or certificate of who signs the image")
    image.add_argument("url", type=text, metavar="URL", help="where it lies")
    image.add_argument("--version", type=number(0xFFFF, "a version of 16 bits"), default=1, metavar="N")
    image.add_argument("--user", type=text, default="", metavar="NAME", help="user name at that address")
    image.add_argument(
        "--password-fd", type=descriptor, metavar="N", help="read the password for it from there"
    )
    failover = _signed(verb, "recover-failover", "says where else to look for the system's image")
    failover.add_argument(
        "opaque", type=Path, metavar="FILE", help="bytes for the PC, whose form is not public"
    )


def _add_schedule(verb: AddVerb) -> None:
    schedule = _signed(verb, "recover-schedule", "sets or takes back the days of recovery")
    schedule.add_argument(
        "--day",
        choices=DAYS,
        metavar="DAY",
        action="append",
        default=[],
        help=f"{', '.join(DAYS)}; may be given again",
    )
    schedule.add_argument("--at", type=_time, default=(0, 0), metavar="HH:MM", help="else 00:00")
    schedule.add_argument(
        "--window", type=number(240, "minutes from 0 to 240"), metavar="MINUTES", help="1 to 240"
    )
    schedule.add_argument("--clear", action="store_true", help="take the schedule back")


def _time(said: str) -> tuple[int, int]:
    found = re.fullmatch(r"([01][0-9]|2[0-3]):([0-5][0-9])", said, re.ASCII)
    if found is None:
        raise argparse.ArgumentTypeError(f"a time from 00:00 to 23:59 was expected, {said[:20]!r} came")
    return int(found[1]), int(found[2])
