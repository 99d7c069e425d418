"""The verbs of `f10 admin` about Sure Recover and Sure Run."""

from argparse import Namespace
from collections.abc import Callable, Mapping
from functools import reduce
from operator import or_
from pathlib import Path

from emulator.companions import passphrase_from, read_bounded
from emulator.companions.admin import recover_payloads
from emulator.companions.admin.moment import now
from emulator.companions.admin.orders import UnclearOrder, moment, private_key, public_key, signing_key, write
from emulator.companions.admin.passphrase import Passphrases
from emulator.protocol import sure_recover, sure_run
from emulator.protocol.sure_recover import ALL_PARTS, Day, Part


def image(words: Namespace, folder: Path) -> None:
    known = Passphrases(words.passphrase_fd)
    data = recover_payloads.image(
        private_key(words.signing, folder, known),
        words.which,
        public_key(words.image_key, folder, known),
        words.url,
        version=words.version,
        user_name=words.user,
        password="" if words.password_fd is None else passphrase_from(words.password_fd),
        **moment(words),
    )
    what = "operating system's image" if words.which == "os" else "recovery agent"
    write(words, data, f"says where the {what} lies")
    if words.password_fd is not None:
        print("The password for that address lies in it in clear: keep the file as secret as that.")


def failover(words: Namespace, folder: Path) -> None:
    opaque = read_bounded(words.opaque, most=sure_recover.LARGEST)
    data = recover_payloads.failover(signing_key(words, folder), opaque, **moment(words))
    write(words, data, "says where else the operating system's image lies")


def configure(words: Namespace, folder: Path) -> None:
    data = recover_payloads.configure(
        signing_key(words, folder), os_flags=words.os_flags, agent_flags=words.agent_flags, **moment(words)
    )
    write(words, data, "says what Sure Recover may use")


def trigger(words: Namespace, folder: Path) -> None:
    data = recover_payloads.trigger(
        signing_key(words, folder),
        bios_flags=words.bios_flags,
        agent_flags=words.agent_flags,
        **moment(words),
    )
    write(words, data, "makes the PC recover at its next start")


def schedule(words: Namespace, folder: Path) -> None:
    if words.clear == bool(words.day and words.window) or (words.clear and (words.day or words.window)):
        raise UnclearOrder("give --day and --window, which is 1 to 240 minutes, or --clear alone")
    hour, minute = words.at
    data = recover_payloads.schedule(
        signing_key(words, folder),
        reduce(or_, (Day[_member(each)] for each in words.day), Day(0)),
        hour=hour,
        minute=minute,
        window=words.window or 0,
        **moment(words),
    )
    write(words, data, "takes the schedule back" if words.clear else "sets the days of recovery")


def deprovision(words: Namespace, folder: Path) -> None:
    parts = reduce(or_, (Part[_member(each)] for each in words.part), Part(0)) or ALL_PARTS
    data = recover_payloads.deprovision(signing_key(words, folder), parts, **moment(words))
    write(words, data, f"makes Sure Recover forget {', '.join(words.part) or 'everything'}")


def event(words: Namespace, _folder: Path) -> None:
    write(words, recover_payloads.service_event(now=now()), "raises a service event of Sure Recover")


def manifest(words: Namespace, folder: Path) -> None:
    if words.off != (words.manifest is None):
        raise UnclearOrder("name the file with the manifest, or give --off alone")
    content = None if words.off else read_bounded(words.manifest, most=sure_run.LARGEST_MANIFEST)
    data = recover_payloads.manifest(signing_key(words, folder), content, **moment(words))
    write(words, data, "switches Sure Run off" if words.off else "tells Sure Run what must keep running")


def _member(said: str) -> str:
    """The name of a flag as its class spells it."""
    return said.upper().replace("-", "_")


DEEDS: Mapping[str, Callable[[Namespace, Path], None]] = {
    "recover-image": image,
    "recover-failover": failover,
    "recover-configure": configure,
    "recover-trigger": trigger,
    "recover-schedule": schedule,
    "recover-deprovision": deprovision,
    "recover-event": event,
    "run-manifest": manifest,
}
