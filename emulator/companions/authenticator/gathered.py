"""Parts of a challenge, gathered from one picture or from several, until they make the whole.

A screen that is too small for the code shows it in parts, one after the other. What the phone is shown then is several pictures, or one
picture of several windows, or a text with a part on each line. The parts that one look finds are kept for the next, so that no look
needs to find them all. A picture beside others is there for the part that it shows; one that shows none is refused, for else
a missing part would be blamed on the wrong picture.
"""

from collections.abc import Iterable, Iterator, Sequence

from emulator.companions.authenticator.exceptions import QRCodeDeserialization, QRCodeInvalid
from emulator.companions.authenticator.source import Shown
from emulator.protocol import challenge_parts
from emulator.protocol.challenge_parts import MissingParts, MixedParts
from emulator.protocol.errors import ProtocolError


def of_one(seen: Shown) -> Iterator[tuple[str, ...]]:
    """The looks at one picture, parts made whole. Raises PhoneError."""
    return _made_whole(seen.looks)


def of_several(seen: Iterable[Shown]) -> Iterator[tuple[str, ...]]:
    """What several pictures show together as one look, parts made whole. Raises PhoneError."""
    parts = [part for number, one in enumerate(seen, 1) for part in _parts_of(number, one)]
    return _made_whole([tuple(parts)])


def _made_whole(looks: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Each look without its parts, but with the whole as soon as it is one."""
    parts: list[str] = []
    missing: MissingParts | None = None
    for texts in looks:
        fresh, others = _sorted(texts)
        parts += fresh
        whole, missing = _joined(parts) if fresh else ([], missing)
        if others + whole:
            yield tuple(others + whole)
    if missing is not None:
        raise QRCodeDeserialization(str(missing))


def _joined(parts: Sequence[str]) -> tuple[list[str], MissingParts | None]:
    """The whole, or what it still misses. Raises PhoneError."""
    try:
        return [challenge_parts.join(parts)], None
    except MissingParts as error:
        return [], error
    except MixedParts as error:
        raise QRCodeInvalid(str(error)) from None
    except ProtocolError as error:
        raise QRCodeDeserialization(str(error)) from None


def _parts_of(number: int, one: Shown) -> tuple[str, ...]:
    """The parts that one of several pictures shows, from the first look that finds any."""
    for texts in one.looks:
        if parts := _sorted(texts)[0]:
            return tuple(parts)
    raise QRCodeInvalid(
        f"picture {number} shows no part of a challenge; several pictures are taken for the parts of one only, "
        "and a picture of a whole challenge alone"
    )


def _sorted(texts: Iterable[str]) -> tuple[list[str], list[str]]:
    """Parts and other texts."""
    parts: list[str] = []
    others: list[str] = []
    for text in texts:
        (parts if text.startswith(challenge_parts.MARK) else others).append(text)
    return parts, others
