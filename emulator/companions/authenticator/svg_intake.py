"""A stranger's SVG in, a plain one out: what may stand in a drawing of a code, and nothing else.

SVG can fetch files, run scripts, repeat a shape a billion times and name a size that no memory holds. A code needs none of this: it is
filled or stroked paths, rectangles and circles in groups. So the file is read by expat, which fetches nothing and is stopped before it
sees the declaration of an entity; and each element and attribute that is known and well-formed is written anew, anything else refuses
the file. Words are left out, for no code is made of words. The size of the drawing is ours: small ones are enlarged by a whole number,
so that edges stay sharp.

Raises QRCodeInvalidImage with a sentence for all that is wrong.
"""

import math
import re
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from emulator.companions.authenticator.exceptions import QRCodeInvalidImage

LARGEST = 4_000_000
"""Bytes. The largest symbol of all as one rectangle for each module takes one million."""
DEEPEST = 16
MOST_ELEMENTS = 40_000
SIDE, LONGEST_SIDE = 1600, 4000
"""Pixels: what a drawing is enlarged to at most, and reduced to at least."""

_NAMESPACE = "http://www.w3.org/2000/svg"
_DRAWN = {"svg", "g", "path", "rect", "circle"}
_LEFT_OUT = {"title", "desc", "text", "tspan"}
_XML = "http://www.w3.org/XML/1998/namespace"
_WITHOUT_EFFECT = {
    *("id", "class", "version", "baseProfile", f"{_XML} space", f"{_XML} lang", "preserveAspectRatio"),
    *("role", "textLength", "lengthAdjust", "text-anchor", "dominant-baseline"),
    *("font-family", "font-size", "font-weight", "font-style"),
}
_NUMBER = r"[-+]?(?:\d{1,9}\.?\d{0,20}|\.\d{1,20})(?:[eE][-+]?\d{1,2})?"
_LENGTH = rf"{_NUMBER}(?:px|mm|cm|in|pt|pc|%)?"
_COLOUR = r"#[\da-fA-F]{3,8}|[a-zA-Z]{1,30}|rgba?\([\d\s.,%]{5,60}\)"
_PATTERNS = {
    "d": r"[MmLlHhVvCcSsQqTtAaZzEe\d+\-.,\s]*",
    "transform": r"(?:(?:scale|translate|rotate|matrix|skewX|skewY)\([\d\s+\-.,eE]{1,200}\)[\s,]{0,9}){1,9}",
    "viewBox": rf"\s*{_NUMBER}(?:[\s,]+{_NUMBER}){{3}}\s*",
    **dict.fromkeys(("fill", "stroke"), _COLOUR),
    **dict.fromkeys(("fill-opacity", "stroke-opacity"), _NUMBER),
    **dict.fromkeys(("fill-rule", "shape-rendering", "stroke-linecap", "stroke-linejoin"), r"[a-zA-Z]{1,30}"),
    **dict.fromkeys(("x", "y", "width", "height", "rx", "ry", "cx", "cy", "r", "stroke-width"), _LENGTH),
}
_ALLOWED = {name: re.compile(pattern, re.ASCII) for name, pattern in _PATTERNS.items()}
_PIXELS = {"": 1.0, "px": 1.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0, "pt": 96 / 72, "pc": 16.0}


def plain(data: bytes) -> str:
    """The drawing in `data`, written anew."""
    if len(data) > LARGEST:
        raise QRCodeInvalidImage(f"the SVG is too large: at most {LARGEST // 1_000_000} MB are taken")
    writer = _Writer()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _judge_document_type
    parser.ProcessingInstructionHandler = lambda *_: _refuse("an instruction to the program that reads it")
    parser.StartElementHandler = writer.begin
    parser.EndElementHandler = lambda _: writer.end()
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        # The latter two: an encoding that Python does not know, or that expat cannot use.
        raise QRCodeInvalidImage(f"no SVG that can be read: {error}") from None
    return "".join(writer.parts)


@dataclass(slots=True)
class _Writer:
    """What has been written so far, the elements that are open, and how many there were."""

    parts: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    count: int = 0

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.removeprefix(f"{_NAMESPACE} ")
        self._judge(name)
        values = _judged(name, attributes)
        if name == "svg":
            values |= _size(values)
        if self._is_drawn(name):
            self.parts.append(f"<{name}{''.join(f' {key}={quoteattr(values[key])}' for key in values)}>")
        self.open.append(name)

    def end(self) -> None:
        name = self.open.pop()
        if self._is_drawn(name):
            self.parts.append(f"</{name}>")

    def _is_drawn(self, name: str) -> bool:
        return _LEFT_OUT.isdisjoint((*self.open, name))

    def _judge(self, name: str) -> None:
        if not self.open and name != "svg":
            raise QRCodeInvalidImage(f"an SVG was expected, a document that begins with <{name[:80]}> came")
        if name not in _DRAWN | _LEFT_OUT or (self.open and name == "svg"):
            _refuse(f"<{name[:80]}>")
        self.count += 1
        if len(self.open) >= DEEPEST or self.count > MOST_ELEMENTS:
            raise QRCodeInvalidImage(
                f"the SVG is too complex: at most {MOST_ELEMENTS} elements, {DEEPEST} deep, are taken"
            )


def _refuse(what: str) -> NoReturn:
    raise QRCodeInvalidImage(
        f"the SVG holds {what}; only plain paths, rectangles and circles in groups are taken. "
        "Save it as PNG in the program that made it"
    )


def _judge_document_type(_name: str, _system: str | None, _public: str | None, declares: int) -> None:
    """Many programs name the standard's one, which is never fetched; declarations of its own are another matter."""
    if declares:
        _refuse("declarations of its own, such as entities")


def _judged(name: str, attributes: dict[str, str]) -> dict[str, str]:
    """The attributes that are passed on."""
    kept = {key: value for key, value in attributes.items() if key not in _WITHOUT_EFFECT}
    for key, value in kept.items():
        if name in _LEFT_OUT and key in {"x", "y", "dx", "dy"}:
            continue  # a list of places, one for each letter
        if key not in _ALLOWED or not _ALLOWED[key].fullmatch(value):
            _refuse(f'{key[:80]}="{value[:40]}" in <{name}>')
    return kept


def _size(root: dict[str, str]) -> dict[str, str]:
    """The attributes of the outermost element that make the drawing as large as we want it."""
    if box := root.get("viewBox"):
        left, top, width, height = (float(number) for number in re.split(r"[\s,]+", box.strip()))
    else:
        left, top, width, height = 0.0, 0.0, _pixels(root, "width"), _pixels(root, "height")
    if not (0.001 <= width <= 1e6 and 0.001 <= height <= 1e6):
        raise QRCodeInvalidImage(f"the SVG has no size that can be drawn: {width:g}x{height:g}")
    longest = max(width, height)
    scale = math.floor(SIDE / longest) if longest <= SIDE else min(1.0, LONGEST_SIDE / longest)
    return {
        "xmlns": _NAMESPACE,
        "viewBox": f"{left!r} {top!r} {width!r} {height!r}",
        "width": str(max(1, round(width * scale))),
        "height": str(max(1, round(height * scale))),
    }


def _pixels(root: dict[str, str], side: str) -> float:
    found = re.fullmatch(rf"({_NUMBER})([a-z]*)", root.get(side, ""))
    return float(found[1]) * _PIXELS[found[2]] if found else 0.0
