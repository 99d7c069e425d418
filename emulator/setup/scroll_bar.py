"""The scroll bar in whole cells.

Textual draws its ends in eighths of a cell, with signs that neither ASCII nor code page 437 has.
"""

from typing import ClassVar

from textual.scrollbar import ScrollBarRender


class WholeCells(ScrollBarRender):
    """A bar whose ends are blanks like all the rest of it; the part that is shown is in reverse, so that it needs no colours."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8
