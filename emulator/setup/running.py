"""The machine behind the screens: it carries out commands, and the screen follows its phase.

After each command the screen for the phase that the machine is in is shown. Requests at the management door are carried out between two
keys, by the same machine object, so nobody ever sees half a change.
"""

import asyncio
import socket
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from emulator import management_door
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.boot import Phase
from emulator.firmware.refusals import Refused
from emulator.machine import TargetPC
from emulator.setup import language, notices, views
from emulator.setup.app import POWER_LOST
from emulator.setup.phase_screen import PhaseScreen
from emulator.setup.screens import screen_for
from emulator.setup.too_small import TooSmall
from emulator.setup.viewer import Viewer
from emulator.setup.wording import sentence
from firmware_store import StoreError

if TYPE_CHECKING:
    from emulator.setup.app import ComputerSetup

DOOR_PATIENCE = 10.0
"""Seconds that the door waits for a request."""
NO_QUIT = "Ctrl+Q switches nothing off in a browser: close the page, which pulls the plug."


class Powered(NamedTuple):
    """A machine, the folder that plays its USB stick, and the socket of its management door, if it has one."""

    pc: TargetPC
    usb: Path
    door: socket.socket | None = None


class RunningMachine:
    """One machine on one screen. `app.exit` ends with a sentence for the shell."""

    def __init__(self, app: "ComputerSetup", powered: Powered) -> None:
        self._app = app
        self.pc, self.usb, self._door = powered
        self.look, self.quit_allowed = app.look, app.quit_allowed
        self.language = language.ENGLISH
        self._server: asyncio.Server | None = None
        self._notice = ""

    async def begin(self) -> None:
        """Open the door, switch on unless that is done, and show where the machine is."""
        if self._door is not None:
            self._server = await asyncio.start_unix_server(
                self._serve, sock=self._door, limit=management_door.LARGEST
            )
        if self.pc.firmware.session.phase is Phase.OFF:
            self.do(c.PowerOn())
        else:
            self._follow((e.PhaseEntered(self.pc.firmware.session.phase),))

    def end(self) -> None:
        if self._server is not None:
            self._server.close()

    def words(self, text: str, **values: object) -> str:
        """A text of the screen, in the machine's language and with the signs of its look."""
        return self.language.say(text, **values)

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
            self._app.exit(f"The PC lost its power: {error}")
        else:
            self._app.exit("The PC is switched off.")

    def refuse_to_quit(self) -> None:
        self._say(self.words(NO_QUIT))

    def show_information(self) -> None:
        """System Information, over whatever is on the screen."""
        lines = views.system_information(self.pc.firmware, self.language)
        self._app.push_screen(Viewer(self.words(views.SYSTEM_INFORMATION), lines))

    def _follow(self, events: tuple[e.Event, ...]) -> None:
        """Show the screen for the phase that the machine is in now, and what it wants to say."""
        for event in events:
            self._notice = notices.of(event, self.words) or self._notice
        self._show_phase(events)
        for event in events:
            if wrong := notices.wrong(event, self.words):
                self._say(wrong)

    def _show_phase(self, events: tuple[e.Event, ...]) -> None:
        phase = self.pc.firmware.session.phase
        if phase is Phase.OFF or not any(isinstance(event, e.PhaseEntered) for event in events):
            return
        self.language = language.of(self.pc.firmware).in_signs(self.look.glyphs.spelled)
        app = self._app
        while len(app.screen_stack) > 1 and not isinstance(app.screen, PhaseScreen):
            app.pop_screen()
        new = screen_for(self.pc, self._notice, app.post_seconds)
        if isinstance(app.screen, PhaseScreen):
            app.switch_screen(new)
        else:
            app.push_screen(new)
        self._notice = ""
        app.guard_size()

    def _page(self) -> PhaseScreen | None:
        """The page of this phase, which something may stand over."""
        screens = reversed(self._app.screen_stack)
        return next((each for each in screens if isinstance(each, PhaseScreen) and each.is_mounted), None)

    def _say(self, text: str) -> None:
        if (page := self._page()) is not None:
            page.say(sentence(text))

    def _say_failed(self, error: StoreError) -> None:
        if not isinstance(self._app.screen, Viewer):
            if isinstance(self._app.screen, TooSmall):
                self._app.pop_screen()
            title = self.words("Nothing was changed: the flash image could not be written")
            self._app.push_screen(Viewer(title, [str(error)]))
            self._app.guard_size()

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
            self._app.exit(POWER_LOST)
        elif (page := self._page()) is not None:
            page.refreshed()
