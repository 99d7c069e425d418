"""From the three strings of SetBIOSSetting to the events of a change that the signing key ordered.

Its signature has to be checked, whatever else is done, so checking alone is the measure: `cryptography` over the same bytes, with key,
padding and hash prepared. The firmware is a bare one: nothing is committed, and memory and session are put back before each run, so
that every run changes the setting and counts the nonce. What a commit adds is shown beside it, for an event log that is full.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import cycle

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from emulator.devices.wmi import WMI
from emulator.firmware.event_log import SLOTS, EventCode, EventLog
from emulator.machine import TargetPC
from emulator.protocol import authorization
from firmware_store import FOUR_MEGABYTE, MemoryImage
from scripts.benchmarks.measurement import Journey, Task, goal, measured
from tests.firmware.bench import NONCE, USB, key, mode_on, signed, start, started
from tests.machine.images import image_with

TURNS, BURST = 200, 20
VALUE = "Disable"
BARE, OURS = "verify alone, with cryptography", "signed setting"


def run() -> Journey:
    full = image_with_full_log()
    tasks = [
        Task(BARE, verify_alone()),
        Task(OURS, signed_setting(NONCE + 1, accepted=True)),
        Task("signed setting, refused as a replay", signed_setting(NONCE - 1, accepted=False)),
        Task("signed setting, committed in memory", committed(full), every=10),
        Task("forged setting, logged and committed in memory", forged(full), every=10),
    ]
    figures = measured(tasks, TURNS, burst=BURST)
    return Journey(
        "A signed setting, from three strings to its events",
        figures,
        [goal("signed setting, against verify alone", 1 / 2, figures, OURS, BARE)],
    )


def verify_alone() -> Callable[[], object]:
    token = authorization.parse(signed(USB, VALUE, NONCE + 1).authorization)
    octets = token.header_bytes + USB.encode("utf-16-le") + VALUE.encode("utf-16-le")
    public, signature = key("signing").public_key(), token.signature[::-1]
    padding, digest = PKCS1v15(), SHA256()
    return lambda: public.verify(signature, octets, padding, digest)


def signed_setting(nonce: int, *, accepted: bool) -> Callable[[], object]:
    bench = started(mode_on())
    wmi = WMI(bench.execute, lambda: bench.firmware)
    memory, session = bench.memory, bench.firmware.session
    order = signed(USB, VALUE, nonce)

    def change() -> object:
        bench.firmware.memory, bench.firmware.session = memory, session
        answer = wmi.set_bios_setting(order.name, order.value, order.authorization)
        assert answer.accepted is accepted
        return answer.events

    return change


def image_with_full_log() -> MemoryImage:
    memory = mode_on()
    log = EventLog()
    for second in range(SLOTS):
        log = log.appended(EventCode.COMMAND_REJECTED, second)
    return image_with(replace(memory, log=log))


def committed(image: MemoryImage) -> Callable[[], object]:
    """The newest nonce may be repeated, so two commands change the setting there and back, again and again."""
    pc = running(image)
    orders = cycle([signed(USB, value, NONCE + 1) for value in (VALUE, "Enable")])

    def change() -> object:
        order = next(orders)
        answer = pc.wmi.set_bios_setting(order.name, order.value, order.authorization)
        assert answer.accepted
        return answer

    return change


def forged(image: MemoryImage) -> Callable[[], object]:
    pc = running(image)
    order = signed(USB, VALUE, NONCE + 1, by="other")
    return lambda: pc.wmi.set_bios_setting(order.name, order.value, order.authorization)


def running(image: MemoryImage) -> TargetPC:
    """A machine of its own in its operating system."""
    pc = TargetPC(MemoryImage(FOUR_MEGABYTE, image.read()))
    start(pc)
    return pc
