"""The caption of `f10 demo`: a few lines over the foot of the PC's screen; beside a code it keeps to the side."""

from textual.widgets import Static

from emulator.setup.qr_view import QRView

NARROWEST = 20
"""Columns of a caption beside a code."""

CAPTION_STYLES = """
Screen { layers: default caption; }
Caption { layer: caption; dock: bottom; background: #ffd75f; color: #000000; padding: 0 1; }
"""
"""A caption has a layer of its own, so that nothing below moves aside for it."""


class Caption(Static):
    """What happens, and the keys of the watcher."""

    def show(self, told: str, keys: str) -> None:
        """Say this, in the place where it covers no code."""
        left, columns, rows = self._place(told)
        self.update(f"{told}\n{' '.join(keys.split()) if left else keys}")
        self.styles.width, self.styles.height = columns, rows
        self.styles.offset = (left, 0)

    def _place(self, told: str) -> tuple[int, int, int]:
        """Where a caption begins, its columns and its rows."""
        size = self.app.size
        right = max((view.region.right for view in self.screen.query(QRView)), default=0)
        left = right if size.width - right >= NARROWEST else 0
        columns = size.width - left
        rows = len(told) // max(columns - 6, 1) + (3 if left else 2)
        return left, columns, min(rows, size.height)
