"""Map: a picture of the flash in a terminal, one cell per stretch of bytes.

The picture is made in two steps. `regions` says what every byte of the image is, as a list of stretches without gaps.
`cells` shrinks that to a raster. A cell shows the rarest thing in it, not the commonest, so a torn record of 100 bytes
in a cell of a kilobyte is seen. Each kind has a letter for terminals without box characters and a colour for those with
colours; neither is needed to tell one kind from the other.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from firmware_store.formats import WORKING_BLOCK_HEADER
from firmware_store.inspect_records import SeenRecord, State, look_at_records
from firmware_store.layout import Layout
from firmware_store.volume import detect
from firmware_store.working_block import end_of, queue, working_block_offset


class Use(Enum):
    """What a stretch of flash is used for: the word, a drawn cell, a letter, and an SGR colour.

    In the order of commonness: where several share a cell, the last of them is shown.
    """

    PADDING = "padding of the file", " ", " ", ""
    ERASED = "erased", "·", ".", "2"
    LEFTOVERS = "not erased, unused", "▒", "%", "33"
    OBSOLETE = "obsolete records", "░", "-", "33"
    LIVE = "live records", "█", "#", "32"
    QUEUE = "queue of the working block", "▪", "q", "36"
    HEADER = "headers", "▓", "H", "36"
    TORN = "torn or unknown records", "×", "x", "31;1"

    def __init__(self, word: str, cell: str, letter: str, colour: str) -> None:
        self.word = word
        self.cell = cell
        self.letter = letter
        self.colour = colour


RANK = {use: number for number, use in enumerate(Use)}
SMALLEST_CELL = 16
MOST_ROWS = 16
LABEL = 10


@dataclass(frozen=True, slots=True)
class Region:
    use: Use
    start: int
    stop: int


def regions(image: bytes) -> list[Region]:
    """Every byte of the image, in order."""
    layout = detect(image)
    parts = (
        *_variable_region(image, layout),
        *_stretches(image, layout.variable_size, layout.working_offset),
        *_working_block(image, layout),
        *_stretches(image, layout.spare_offset, layout.size),
        Region(Use.PADDING, layout.size, len(image)),
    )
    return [each for each in parts if each.stop > each.start]


def _variable_region(image: bytes, layout: Layout) -> Iterator[Region]:
    yield Region(Use.HEADER, 0, layout.records_offset)
    walk = look_at_records(image, layout.records_offset, layout.variable_size)
    for each in walk.records:
        yield Region(_use_of(each), each.offset, min(each.end, layout.variable_size))
    yield from _stretches(image, walk.stop, layout.variable_size)


def _use_of(record: SeenRecord) -> Use:
    if record.alive:
        return Use.LIVE
    return Use.OBSOLETE if record.state in (State.REPLACED, State.DELETED) else Use.TORN


def _working_block(image: bytes, layout: Layout) -> Iterator[Region]:
    start, stop = layout.working_offset, layout.spare_offset
    if working_block_offset(image, layout) == start:
        entries = queue(image, layout)
        queue_start = start + WORKING_BLOCK_HEADER.size
        queue_stop = min(end_of(entries[-1]), stop) if entries else queue_start
        yield Region(Use.HEADER, start, queue_start)
        yield Region(Use.QUEUE, queue_start, queue_stop)
        start = queue_stop
    yield from _stretches(image, start, stop)


def _stretches(image: bytes, start: int, stop: int) -> Iterator[Region]:
    """Erased and not erased, in stretches of the smallest cell."""
    use, began = Use.ERASED, start
    for at in range(start, stop, SMALLEST_CELL):
        end = min(at + SMALLEST_CELL, stop)
        now = Use.ERASED if image.count(0xFF, at, end) == end - at else Use.LEFTOVERS
        if now is not use:
            yield Region(use, began, at)
            use, began = now, at
    yield Region(use, began, stop)


def cell_size(size: int, columns: int) -> int:
    """Bytes per cell: a power of two with which the picture is at most so many rows high."""
    each = SMALLEST_CELL
    while each * columns * MOST_ROWS < size:
        each *= 2
    return each


def cells(found: Iterable[Region], size: int, each: int) -> list[Use]:
    """One use per cell."""
    raster = [Use.PADDING] * -(-size // each)
    for region in found:
        for number in range(region.start // each, -(-region.stop // each)):
            if RANK[region.use] > RANK[raster[number]]:
                raster[number] = region.use
    return raster


def picture(image: bytes, width: int, *, letters: bool = False, colours: bool = False) -> list[str]:
    """The map and its legend, no line wider than `width` columns (if that is at least 20)."""
    layout = detect(image)
    found = [each for each in regions(image) if each.use is not Use.PADDING]
    columns = 8
    while LABEL + columns * 2 <= width:
        columns *= 2
    each = cell_size(layout.size, columns)
    raster = cells(found, layout.size, each)
    rows = [
        f"{start * each:#08x}  " + _painted(raster[start : start + columns], letters=letters, colours=colours)
        for start in range(0, len(raster), columns)
    ]
    return [f"one cell is {each} bytes", *rows, *_legend(found, letters=letters, colours=colours)]


def _painted(row: list[Use], *, letters: bool, colours: bool) -> str:
    """Neighbours of one colour share their escape sequence."""
    line, colour = "", ""
    for use in row:
        if colours and use.colour != colour:
            line += f"\x1b[0;{use.colour}m" if use.colour else "\x1b[0m"
            colour = use.colour
        line += use.letter if letters else use.cell
    return line + ("\x1b[0m" if colour else "")


def _legend(found: list[Region], *, letters: bool, colours: bool) -> Iterator[str]:
    for use in Use:
        total = sum(each.stop - each.start for each in found if each.use is use)
        if total:
            yield f"{_painted([use], letters=letters, colours=colours)} {total:>7} {use.word}"
