"""The words in which variables are told to a person, here and on the command line."""

from firmware_store.formats import EFI_TIME, EfiTime
from firmware_store.set_variable import (
    ACCEPTED,
    APPEND,
    BOOT,
    COUNT_BASED,
    ERROR_RECORD,
    NON_VOLATILE,
    RUNTIME,
    TIME_BASED,
)

# Short words as the UEFI shell uses them.
WORDS = {
    NON_VOLATILE: "NV",
    BOOT: "BS",
    RUNTIME: "RT",
    ERROR_RECORD: "HR",
    COUNT_BASED: "AW",
    TIME_BASED: "AT",
    APPEND: "AP",
}


def printable(text: str) -> str:
    """A text that moves no cursor and fits into any encoding: one that is not printable is escaped."""
    return text if text.isprintable() else ascii(text)[1:-1]


def attribute_words(attributes: int) -> str:
    words = [word for bit, word in WORDS.items() if attributes & bit]
    rest = attributes & ~ACCEPTED
    return "+".join([*words, *([f"{rest:#x}"] if rest else [])]) or "none"


def attributes_of(words: str) -> int | None:
    """The number behind `0x7`, `7` or `nv+bs+rt`; None if it is neither."""
    try:
        return int(words, 0)
    except ValueError:
        bits = {word: bit for bit, word in WORDS.items()}
        found = [bits.get(word.strip().upper()) for word in words.replace(",", "+").split("+")]
        return sum({bit for bit in found if bit is not None}) if None not in found else None


def size_words(count: int) -> str:
    return f"{count} byte" if count == 1 else f"{count} bytes"


def time_words(time_stamp: bytes) -> str:
    """An EFI_TIME as a date, or as its bytes when it says more than a date, as no signed request may."""
    time = EfiTime._make(EFI_TIME.unpack(time_stamp))
    if not any(time_stamp):
        return "none"
    if time.pad1 or time.nanosecond or time.time_zone or time.daylight or time.pad2:
        return time_stamp.hex()
    date = f"{time.year:04}-{time.month:02}-{time.day:02}"
    return f"{date} {time.hour:02}:{time.minute:02}:{time.second:02}"
