"""The PC in a terminal: one process that is the machine from power-on to power-off, its screen, and its management door.

As on a real machine the logo is there first, and everything else comes while it is seen: this module knows how to draw and nothing of the
machine, which is read, imported code and all, behind the first frame.
"""

import asyncio
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Union

from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.filter import ANSIToTruecolor, LineFilter
from textual.geometry import Size
from textual.scrollbar import ScrollBar
from textual.widgets import Static

from emulator.setup import colours
from emulator.setup.logo import LOGO
from emulator.setup.look import Look, Theme
from emulator.setup.scroll_bar import WholeCells

if TYPE_CHECKING:
    import socket

    from emulator.machine import TargetPC
    from emulator.setup.running import Powered, RunningMachine

POST_SECONDS = 5.0
"""How long POST waits for a key, before the machine's own Startup Delay is added."""
POWER_LOST = "The PC lost its power."
ENDINGS = (signal.SIGTERM, signal.SIGHUP)
"""Signals that cut the power off, and leave the terminal as it was."""
COLUMNS, ROWS = 60, 18
"""The smallest window that shows every page, by scrolling; 80x24 shows each as it is meant."""

ScrollBar.renderer = WholeCells


class ComputerSetup(App[str]):
    """The machine's screen. Returns a sentence for the shell."""

    # The style sheet of all other screens is read with the first of them, behind the first frame.
    CSS = """
    Screen { background: $start-ground; }
    #logo { width: 100%; height: 100%; padding: 0 2; background: $start-ground; color: $start-ink; }
    """
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "switch_off", "Switch off", priority=True)]

    def __init__(
        self,
        pc: Union["TargetPC", Callable[[], "Powered"]],
        *,
        usb: Path | None = None,
        door: "socket.socket | None" = None,
        post_seconds: float = POST_SECONDS,
        quit_allowed: bool = True,
        look: Look | None = None,
    ) -> None:
        """Show a machine with the folder of its USB stick and its door, or one that is made ready behind the first frame.

        What making it ready raises ends the application, and is kept as `failure` for whoever started it.
        """
        super().__init__()
        self.look = look or Look()
        self.register_theme(colours.theme(self.look.colours))
        # Without its watcher, which would read the style sheet a second time.
        self.set_reactive(App.theme, f"f10-{self.look.colours}")
        self.stylesheet.set_variables(self.get_css_variables())
        self.set_class(self.look.theme is Theme.VGA, "-vga")
        self.set_class(self.look.plain, "-plain")
        self.post_seconds, self.quit_allowed = post_seconds, quit_allowed
        self.failure: Exception | None = None
        self._given, self._usb, self._door = pc, usb, door
        self._behind: RunningMachine | None = None

    @property
    def machine(self) -> "RunningMachine":
        """The machine; there is one from the first frame on."""
        assert self._behind is not None
        return self._behind

    @property
    def pc(self) -> "TargetPC":
        return self.machine.pc

    @property
    def usb(self) -> Path:
        return self.machine.usb

    def compose(self) -> ComposeResult:
        yield Static("\n".join(LOGO), id="logo", markup=False)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Without the one that looks for colours of the terminal's palette in each line of each repaint: ours are all real ones."""
        return [each for each in super().get_line_filters() if not isinstance(each, ANSIToTruecolor)]

    def on_load(self) -> None:
        # Before the terminal is touched, which would stay as it is then.
        for number in ENDINGS:
            asyncio.get_running_loop().add_signal_handler(number, self._cut_off)
        # One that came before has waited, see `launch`.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)

    async def on_mount(self) -> None:
        if callable(self._given):
            # Not before the logo is painted, which the next idle moment does.
            self.call_after_refresh(self._begin)
        else:
            await self._begin()

    async def _begin(self) -> None:
        from emulator.setup.running import Powered, RunningMachine

        given = self._given
        try:
            powered = given() if callable(given) else Powered(given, self._usb or Path(), self._door)
        except Exception as error:  # noqa: BLE001 -- whoever started this knows what to say about it
            self.failure = error
            self.exit()
            return
        self._behind = RunningMachine(self, powered)
        await self._behind.begin()

    def _fatal_error(self) -> None:
        """End with a traceback that shows no values: a password or a PIN may be among them."""
        from rich.segment import Segments
        from rich.traceback import Traceback

        # Textual has no other way to say this; its own version prints all local variables.
        shown = self.console.render(Traceback(show_locals=False), self.console.options)
        self._exit_renderables.append(Segments(shown))
        self._close_messages_no_wait()

    def on_unmount(self) -> None:
        if self._behind is not None:
            self._behind.end()

    def _cut_off(self) -> None:
        """A signal ends the process: the power goes, the terminal stays sane."""
        self.exit(POWER_LOST)

    def action_switch_off(self) -> None:
        if self._behind is None:
            return
        if self.quit_allowed:
            self.machine.switch_off()
        else:
            self.machine.refuse_to_quit()

    def on_resize(self, event: events.Resize) -> None:
        # The application itself knows its new size only after this.
        self.guard_size(event.size)

    def guard_size(self, size: Size | None = None) -> None:
        """Say so where the window is too small to show anything well."""
        from emulator.setup.too_small import TooSmall

        columns, rows = size or self.size
        small = columns < COLUMNS or rows < ROWS
        if small and self._behind is not None and not isinstance(self.screen, TooSmall):
            self.push_screen(TooSmall())
        elif not small and isinstance(self.screen, TooSmall):
            self.pop_screen()

    def characters(self) -> list[str]:
        """What stands on the screen now, one text a row."""
        # The compositor is private to Textual, and the only place that knows the whole picture.
        strips = self.screen._compositor.render_strips()  # noqa: SLF001
        return ["".join(segment.text for segment in strip) for strip in strips]
