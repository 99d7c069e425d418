"""JSON from strangers: one object, of bounded size, with no name twice and no number that is none.

Python's decoder takes `NaN`, reads `1e999` as infinity, keeps the last of two equal names, and ends in a RecursionError on
deep nesting and in a bare ValueError on endless digits. On the wires of this project each of these is an attack or a defect, so
each is refused with a sentence.
"""

import json
import math
from typing import NoReturn

from emulator.protocol.errors import ProtocolError

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Windows PowerShell 5.1 opens UTF-8 files with it."""


class NotJSON(ProtocolError):
    """Text that is no JSON, or JSON that nobody should send."""


class NotAnObject(ProtocolError):
    """JSON, or other text, where one JSON object was expected."""


def parse(text: str | bytes, *, most: int) -> object:
    """The value that `text` stands for; `most` bounds its length in characters or bytes."""
    if len(text) > most:
        raise NotJSON(f"JSON text of {len(text)} characters; at most {most} are taken")
    if isinstance(text, bytes):
        text = _decoded(text.removeprefix(BYTE_ORDER_MARK))
    try:
        value: object = _DECODER.decode(text)
    except NotJSON:
        raise
    except json.JSONDecodeError as error:
        raise NotJSON(f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise NotJSON("JSON nested too deeply") from None
    except ValueError:
        # Python turns no text of thousands of digits into an integer, for that takes quadratic time.
        raise NotJSON("JSON with a number of too many digits") from None
    return value


def parse_object(text: str | bytes, *, most: int) -> dict[str, object]:
    """As `parse`, when the value must be an object."""
    value = parse(text, most=most)
    if not isinstance(value, dict):
        raise NotAnObject(f"a JSON object was expected, a JSON {type(value).__name__} came")
    return value


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotJSON(f"not UTF-8 at byte {error.start}") from None


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise NotJSON("a JSON object names a member twice")
    return value


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise NotJSON("JSON with a number beyond all bounds")
    return number


def _no_constant(name: str) -> NoReturn:
    raise NotJSON(f"{name} is no JSON number")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_without_doubles, parse_constant=_no_constant, parse_float=_finite
)
