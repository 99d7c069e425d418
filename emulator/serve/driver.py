"""The PC's side of the pipe to `f10 serve`: Textual's web driver, with an end.

Textual's driver only stops listening when its input ends. Then a PC whose server was killed would run on, hold the power lock, and
nobody could see or reach it. Here the end of the input is the end of the PC, and nobody being left to read is no error.
"""

import os
from contextlib import suppress
from functools import partial

from textual.app import App
from textual.drivers.web_driver import WebDriver


class PipeDriver(WebDriver):
    """Keys in packets on standard input, the screen in packets on standard output."""

    def __init__(
        self,
        app: App[object],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._write = partial(_write_if_read, self.fileno)

    def run_input_thread(self) -> None:
        super().run_input_thread()
        if not self.exit_event.is_set():
            self.on_meta("quit", {})


def _write_if_read(descriptor: int, data: bytes) -> int:
    with suppress(BrokenPipeError):
        return os.write(descriptor, data)
    return 0
