"""The PC in a terminal: one process that is the machine from power-on to power-off, its screen, and its management door.

The screen follows the machine's phase: after each command the app looks where the machine is and shows the screen for it. Requests
at the management door are carried out between two keys, by the same machine object, so nobody ever sees half a change.
"""

import asyncio
import signal
import socket
from pathlib import Path
from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType

from emulator import management_door
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.boot import Phase
from emulator.firmware.refusals import Refused
from emulator.machine import TargetPC
from emulator.setup.dialogs import TextPage
from emulator.setup.phase_screen import PhaseScreen
from emulator.setup.screens import screen_for
from emulator.setup.wording import sentence
from firmware_store import StoreError

POST_SECONDS = 5.0
"""How long POST waits for a key, before the machine's own Startup Delay is added."""
POWER_LOST = "The PC lost its power."
DOOR_PATIENCE = 10.0
"""Seconds that the door waits for a request."""


class ComputerSetup(App[str]):
    """The machine's screen. Returns a sentence for the shell."""

    CSS_PATH = "setup.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "switch_off", "Switch off", priority=True)]

    def __init__(
        self,
        pc: TargetPC,
        *,
        usb: Path,
        door: socket.socket | None = None,
        post_seconds: float = POST_SECONDS,
    ) -> None:
        super().__init__()
        self.pc, self.usb = pc, usb
        self._door, self._post_seconds = door, post_seconds
        self._server: asyncio.Server | None = None
        self._notice = ""

    async def on_mount(self) -> None:
        for number in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self._cut_off)
        if self._door is not None:
            self._server = await asyncio.start_unix_server(
                self._serve, sock=self._door, limit=management_door.LARGEST
            )
        if self.pc.firmware.session.phase is Phase.OFF:
            self.do(c.PowerOn())
        else:
            self._follow((e.PhaseEntered(self.pc.firmware.session.phase),))

    def on_unmount(self) -> None:
        if self._server is not None:
            self._server.close()

    def do(self, command: c.Command) -> bool:
        """Carry out a command and show what came of it, be it a refusal; False if it was not carried out."""
        try:
            return self.attempt(command)
        except Refused as refusal:
            self._say(str(refusal))
            return False

    def attempt(self, command: c.Command) -> bool:
        """Carry out a command and show what came of it; False if the image could not be written. Raises Refused."""
        try:
            events = self.pc.execute(command)
        except StoreError as error:
            self._say_failed(error)
            return False
        self._follow(events)
        return True

    def answer(self, code: str) -> None:
        """Answer the challenge with what was typed."""
        try:
            events = self.pc.answer(code)
        except Refused as refusal:
            self._say(str(refusal))
        except StoreError as error:
            self._say_failed(error)
        else:
            self._follow(events)

    def switch_off(self) -> None:
        """Switch the machine off and end, even when its image cannot be written: pulling the plug always works."""
        try:
            if self.pc.firmware.session.phase is not Phase.OFF:
                self.pc.execute(c.PowerOff())
        except StoreError as error:
            self.exit(f"The PC lost its power: {error}")
        else:
            self.exit("The PC is switched off.")

    def _cut_off(self) -> None:
        """A signal ends the process: the power goes, the terminal stays sane."""
        self.exit(POWER_LOST)

    def action_switch_off(self) -> None:
        self.switch_off()

    def characters(self) -> list[str]:
        """What stands on the screen now, one text a row."""
        # The compositor is private to Textual, and the only place that knows the whole picture.
        strips = self.screen._compositor.render_strips()  # noqa: SLF001
        return ["".join(segment.text for segment in strip) for strip in strips]

    def _follow(self, events: tuple[e.Event, ...]) -> None:
        """Show the screen for the phase that the machine is in now, and what it wants to say."""
        for event in events:
            if isinstance(event, e.RestartForced):
                self._notice = f"{event.reason[0].upper()}{event.reason[1:]}: the machine restarted."
            elif isinstance(event, e.KeysKept):
                self._notice = "The keys stay: a feature began to use them meanwhile."
            elif isinstance(event, e.UpdateInstalled):
                self._notice = f"The firmware file {event.name} was installed."
            elif isinstance(event, e.UpdateRefused):
                self._notice = f"The firmware file {event.name} was not let in."
        self._show_phase(events)
        for event in events:
            if isinstance(event, e.ResponseWrong | e.PresenceWrong):
                tries = "try" if event.tries_left == 1 else "tries"
                self._say(f"The code is wrong; {event.tries_left} {tries} left.")

    def _show_phase(self, events: tuple[e.Event, ...]) -> None:
        phase = self.pc.firmware.session.phase
        if phase is Phase.OFF or not any(isinstance(event, e.PhaseEntered) for event in events):
            return
        while len(self.screen_stack) > 1 and not isinstance(self.screen, PhaseScreen):
            self.pop_screen()
        new = screen_for(self.pc, self._notice, self._post_seconds)
        if isinstance(self.screen, PhaseScreen):
            self.switch_screen(new)
        else:
            self.push_screen(new)
        self._notice = ""

    def _say(self, text: str) -> None:
        for screen in reversed(self.screen_stack):
            if isinstance(screen, PhaseScreen) and screen.is_mounted:
                screen.say(sentence(text))
                return

    def _say_failed(self, error: StoreError) -> None:
        if isinstance(self.screen, TextPage):
            return
        self.push_screen(TextPage("Nothing was changed: the flash image could not be written", str(error)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request at the management door."""
        try:
            line = await asyncio.wait_for(reader.readline(), DOOR_PATIENCE)
            reply = management_door.answer(self.pc, line)
            writer.write(management_door.encoded(reply))
            await asyncio.wait_for(writer.drain(), DOOR_PATIENCE)
        except (TimeoutError, ValueError, ConnectionError):
            # A client that is silent, floods, or leaves gets no answer, and costs nobody else one.
            pass
        finally:
            writer.close()
        if self.pc.firmware.session.phase is Phase.OFF:
            self.exit(POWER_LOST)
        elif isinstance(self.screen, PhaseScreen):
            self.screen.refreshed()
