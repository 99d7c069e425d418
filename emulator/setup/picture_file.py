"""Pictures of the screen as files, SVG or PNG by the ending of their name.

A PNG is the SVG drawn by resvg with the fonts of this machine. Without a monospaced one its words would be missing, which nobody would
be told; so that is refused.
"""

import os
from functools import cache
from pathlib import Path

from emulator.setup.screen_picture import ENLARGED, FAMILIES, FONTS

ENDINGS = (".svg", ".png")
SCALE = 2 / ENLARGED
"""Pixels of a PNG for each that the SVG asks for: a cell has 16 by 32."""


class NoPicture(Exception):
    """A picture that cannot be made here, or not with this name."""


def require_possible(path: Path) -> None:
    """Raise NoPicture if a picture cannot be written to `path`, as far as one can know beforehand."""
    if path.suffix.lower() not in ENDINGS:
        raise NoPicture(f"a picture of the screen is a file that ends in .svg or .png; {path.name!r} came")
    if not path.parent.is_dir() or path.is_dir() or not os.access(path.parent, os.W_OK):
        raise NoPicture(f"no picture can be written to {path}: name a file in a folder that you can write to")
    if path.suffix.lower() == ".png":
        _require_font()


def save(svg: str, path: Path) -> None:
    """Write the picture, in place of one that is there. Raises NoPicture."""
    require_possible(path)
    data = png(svg) if path.suffix.lower() == ".png" else svg.encode()
    try:
        path.write_bytes(data)
    except OSError as error:
        raise NoPicture(f"the picture {path} could not be written: {error.strerror}") from None


def png(svg: str, *, system_fonts: bool = True) -> bytes:
    """The picture as PNG; without the fonts of the system, words are left out."""
    import resvg_py  # noqa: PLC0415 -- only who wants a PNG pays for it

    return resvg_py.svg_to_bytes(svg_string=svg, zoom=SCALE, skip_system_fonts=not system_fonts)


@cache
def has_font(*, system_fonts: bool = True) -> bool:
    """Whether this machine has one of the fonts: whether a letter leaves a trace."""
    empty, letter = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16"><g font-family="{FAMILIES}">{text}</g></svg>'
        for text in ("", '<text y="12">M</text>')
    )
    return png(letter, system_fonts=system_fonts) != png(empty, system_fonts=system_fonts)


def _require_font() -> None:
    if not has_font():
        raise NoPicture(
            f"a PNG cannot show text here, for none of the fonts {', '.join(FONTS)} is installed: "
            "install DejaVu Sans Mono (Debian: fonts-dejavu-core), or name an .svg file"
        )
