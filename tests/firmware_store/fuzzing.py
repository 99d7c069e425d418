"""Fuzz: bytes that nobody meant, given to everything that reads bytes.

A case is a number. From it come a reader, something that reader takes (a damaged image of the tiny layout, a file of
an exchange format), and changes to it: flipped bits, overwritten fields, pieces moved, ends cut off, records made up.
Checksums are put right again in half of the cases, because behind a wrong one nothing more is tried.

A reader may answer or refuse, with an error of this package and nothing else, and must not take a place outside the
store for a record of it. `fuzz(start, count)` runs cases and returns how many were answered and refused per reader; an
exception bears the number of its case. A case that does not come back is ended by an alarm, where there are any.
"""

import random
import signal
import struct
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from threading import current_thread, main_thread

from firmware_store import TINY, StoreError, Variable, VariableStore, blank
from firmware_store.exchange_auth import read_auth, write_auth
from firmware_store.exchange_dmpstore import read_dmpstore, write_dmpstore
from firmware_store.exchange_efivarfs import read_efivarfs_file, write_efivarfs
from firmware_store.exchange_json import read_json, write_json
from firmware_store.inspect import check
from firmware_store.inspect_differences import differences
from firmware_store.inspect_history import history
from firmware_store.inspect_map import picture, regions
from firmware_store.inspect_repair import repaired
from firmware_store.inspect_text import difference_lines, history_lines, report_lines
from firmware_store.inspect_words import printable
from firmware_store.volume import detect, word_sum
from tests.firmware_store import incidents

LONGEST_CASE = 20.0
Reader = Callable[[bytes], object]


def fuzz(start: int, count: int) -> Counter[str]:
    """Runs the cases `start` to `start + count`."""
    outcomes: Counter[str] = Counter()
    with alarm():
        for number in range(start, start + count):
            outcomes[case(number)] += 1
            rearm()
    return outcomes


def case(number: int) -> str:
    chance = random.Random(number)
    name, (reader, samples, mend) = chance.choice(list(READERS.items()))
    content = bytearray(chance.choice(samples()))
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        chance.choice(CHANGES)(content, chance)
    if chance.random() < 0.5:
        mend(content)
    try:
        reader(bytes(content))
    except StoreError:
        return f"{name} refused"
    except BaseException as error:
        error.add_note(f"fuzz case {number}: {name}, {len(content)} bytes")
        raise
    return f"{name} answered"


# --- Changes ---------------------------------------------------------------------------------------------------------

NUMBERS = (0, 1, 2, 3, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF)


def flip(content: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 6)):
        if content:
            content[_place(content, chance)] ^= 1 << chance.randrange(8)


def overwrite(content: bytearray, chance: random.Random) -> None:
    at, size = _place(content, chance), chance.choice((1, 2, 4, 8))
    value = chance.choice((*NUMBERS, len(content), len(content) - at, chance.getrandbits(32)))
    content[at : at + size] = (value & (1 << 8 * size) - 1).to_bytes(size, "little")


def cut_off(content: bytearray, chance: random.Random) -> None:
    if chance.random() < 0.3:
        del content[_place(content, chance) :]


def blow_up(content: bytearray, chance: random.Random) -> None:
    if chance.random() < 0.3:
        content += chance.randbytes(chance.randrange(200))


def move(content: bytearray, chance: random.Random) -> None:
    source, target, size = _place(content, chance), _place(content, chance), chance.randrange(1, 300)
    piece = content[source : source + size]
    content[target : target + len(piece)] = piece


def fill(content: bytearray, chance: random.Random) -> None:
    at, size = _place(content, chance), chance.randrange(1, 400)
    piece = content[at : at + size]
    content[at : at + len(piece)] = chance.choice((b"\0", b"\xff", b"\x80")) * len(piece)


def make_up(content: bytearray, chance: random.Random) -> None:
    """A record somewhere, with sizes that are about right."""
    state, attributes = chance.choice((0x3F, 0x3E, 0x3C, 0x7F, 0xFF)), chance.choice((7, 3, 0x27, 0xFFFFFFFF))
    sizes = chance.choice((0, 1, 2, 4, 0xFFFF)), chance.choice((0, 1, 9, 5000, 0xFFFFFFFF))
    record = struct.pack("<HBBIQ16sIII16s", 0x55AA, state, 0, attributes, 0, bytes(16), 0, *sizes, bytes(16))
    at = (_place(content, chance) & ~3) if chance.random() < 0.5 else TINY.records_offset
    content[at : at + 66] = record + b"A\0\0\0xx"


def _place(content: bytearray, chance: random.Random) -> int:
    """Mostly where something is: headers, records, the working block, the begin of the spare area."""
    if not content:
        return 0
    begins = (0, TINY.records_offset, TINY.working_offset, TINY.spare_offset)
    near = chance.choice(begins) + int(chance.expovariate(1 / 120))
    return near % len(content) if chance.random() < 0.8 else chance.randrange(len(content))


CHANGES = (flip, overwrite, overwrite, cut_off, blow_up, move, fill, make_up)


# --- Checksums put right ---------------------------------------------------------------------------------------------


def mend_image(content: bytearray) -> None:
    """The volume header's checksum, and the length."""
    if len(content) > TINY.size // 2:
        content[:] = bytes(content[: TINY.size]).ljust(TINY.size, b"\xff")
        content[50:52] = bytes(2)
        content[50:52] = (-word_sum(bytes(content[:72])) & 0xFFFF).to_bytes(2, "little")


def mend_dmpstore(content: bytearray) -> None:
    if len(content) < 8:
        return
    name_size, data_size = struct.unpack_from("<II", content)
    end = 8 + name_size + 20 + data_size
    if end + 4 <= len(content):
        content[end : end + 4] = zlib.crc32(content[:end]).to_bytes(4, "little")


def leave(_: bytearray) -> None:
    """For formats without a checksum."""


# --- Readers and what they are given ---------------------------------------------------------------------------------


@cache
def images() -> list[bytes]:
    made = (each for name, each in vars(incidents).items() if callable(each) and name in IMAGES)
    return [blank(TINY), *(each() for each in made)]


IMAGES = {
    *("filled", "hole", "torn", "waiting", "doubled", "stale", "pending_not_copied", "pending_copied"),
    *("pending_without_header", "pending_last_tick", "torn_announcement", "pending_transaction"),
    *("lost_working_block", "working_block_in_spare", "dirty_tail", "lost_volume_header", "dirty_spare"),
}


@cache
def variables() -> list[Variable]:
    stamp = bytes.fromhex("ea070102030405") + bytes(9)
    return [
        Variable(incidents.VENDOR, "Lang", 7, b"eng"),
        Variable(incidents.VENDOR, "a/b\ud800", 3, bytes(40)),
        Variable(incidents.VENDOR, "db", 0x27, b"list" * 20, stamp),
    ]


def open_and_use(content: bytes) -> None:
    """What listing does, and then a write, which must not break on what was accepted."""
    store = VariableStore.from_image(content)
    for each in store:
        assert len(each.data) <= store.layout.store_size
        assert printable(each.name).isprintable()
        assert store.get(each.guid, each.name) == each
    assert len(list(store)) == len(store)
    store.set(incidents.VENDOR, "\u2713", b"written", 7)
    again = VariableStore.from_image(bytes(store.flash.content))
    assert again.get(incidents.VENDOR, "\u2713").data == b"written"


def look(content: bytes) -> None:
    report = check(content)
    assert all(each.offset + each.size <= report.layout.variable_size for each in report.records)
    assert report.fill.live + report.fill.obsolete + report.fill.free == report.fill.room
    assert all(each.isprintable() for each in report_lines(report))


def mend_and_look(content: bytes) -> None:
    assert check(repaired(content)).sound


def draw(content: bytes) -> None:
    found = regions(content)
    assert (found[0].start, found[-1].stop) == (0, len(content))
    assert all(one.stop == other.start for one, other in pairwise(found))
    picture(content, 80)


def remember(content: bytes) -> None:
    layout = detect(content)
    for name in ("A", "B", "\u2713"):
        found = history(content, name)
        assert all(each.offset + 60 + len(each.data) <= layout.chip_size for each in found)
        list(history_lines(found, show=True))


def compare(content: bytes) -> None:
    found = differences(VariableStore.from_image(content), VariableStore.from_image(incidents.filled()))
    list(difference_lines(found, show=True))


def read_json_file(content: bytes) -> None:
    write_json(read_json(content))


def read_dmpstore_file(content: bytes) -> None:
    found = read_dmpstore(content)
    assert write_dmpstore(found) == content


def read_linux_file(content: bytes) -> None:
    """The first half of the bytes as the file's name."""
    name, _, data = content.partition(b"\0")
    found = read_efivarfs_file(name.decode("utf-8", "surrogateescape"), data)
    write_efivarfs([found])


def read_payload(content: bytes) -> None:
    found = read_auth(content)
    assert content.endswith(found.value)


Samples = Callable[[], list[bytes]]
READERS: dict[str, tuple[Reader, Samples, Callable[[bytearray], None]]] = {
    "open": (open_and_use, images, mend_image),
    "check": (look, images, mend_image),
    "repair": (mend_and_look, images, mend_image),
    "map": (draw, images, mend_image),
    "history": (remember, images, mend_image),
    "diff": (compare, images, mend_image),
    "json": (read_json_file, lambda: [write_json(variables()).encode()], leave),
    "dmpstore": (read_dmpstore_file, lambda: [write_dmpstore(variables())], mend_dmpstore),
    "efivarfs": (
        read_linux_file,
        lambda: [linux_file(*each) for each in write_efivarfs(variables()).items()],
        leave,
    ),
    "auth": (read_payload, lambda: [write_auth(each) for each in variables()], leave),
}


def linux_file(name: str, content: bytes) -> bytes:
    return name.encode() + b"\0" + content


# --- What ends a case that does not come back ------------------------------------------------------------------------


@contextmanager
def alarm() -> Iterator[None]:
    if current_thread() is not main_thread():
        yield
        return

    def too_long(*_: object) -> None:
        raise AssertionError(f"a case took longer than {LONGEST_CASE} seconds")

    former = signal.signal(signal.SIGALRM, too_long)
    rearm()
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)


def rearm() -> None:
    if current_thread() is main_thread():
        signal.setitimer(signal.ITIMER_REAL, LONGEST_CASE)
