"""A machine whose keys are played and whose screen nobody sees until the end.

Each key is given to the screen when it has settled: everything that the key before it set off is done, and two looks at the screen show the
same. The machine's clock stands still between keys and moves only when the script says `wait`, so POST waits for the first key however
slow the host is, and the same script over the same machine leads to the same screen.

After the last key the screen is read. Then the plug is pulled, as it is when somebody closes a terminal: what was saved is in the image,
what was not is gone. A script that wants an orderly end switches the machine off with its last key; such a machine shows nothing.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widgets import Input

from emulator.devices.clock import FixedClock
from emulator.setup import screen_picture
from emulator.setup.app import ComputerSetup
from emulator.setup.key_script import Press, Step, Wait
from emulator.setup.phase_screen import TICK

MOST_LOOKS = 200
"""Looks at a screen that does not settle; then it is taken as it is."""


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a script: the last screen, and the sentence of a machine that is off by then."""

    rows: tuple[str, ...]
    picture: str
    ended: str | None
    left: int
    """Steps that found the machine off."""

    @property
    def text(self) -> str:
        """The screen, without blanks at the ends of lines."""
        return "".join(f"{row.rstrip()}\n" for row in self.rows)

    def shows(self, words: str) -> bool:
        """Whether these words stand on the screen, as somebody reads them over the ends of lines."""
        return " ".join(words.split()) in " ".join(" ".join(self.rows).split())


def play(app: ComputerSetup, clock: FixedClock, steps: Sequence[Step], size: tuple[int, int]) -> Played:
    """Let `app` live through `steps` on a screen of `size`, and look at it at the end. `clock` is the machine's."""
    return asyncio.run(_played(app, clock, steps, size))


async def _played(
    app: ComputerSetup, clock: FixedClock, steps: Sequence[Step], size: tuple[int, int]
) -> Played:
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        for number, step in enumerate(steps):
            if not app.is_running or app.return_value is not None:
                return Played((), screen_picture.dark(*size), app.return_value or "", len(steps) - number)
            await take(pilot, clock, step)
        if app.return_value is not None:
            return Played((), screen_picture.dark(*size), app.return_value, 0)
        await settled(pilot)
        return Played(tuple(app.characters()), screen_picture.of(app), None, 0)


async def take(pilot: Pilot[str], clock: FixedClock, step: Step) -> None:
    """One step, and what it sets off."""
    match step:
        case Wait(seconds):
            clock.advance(seconds)
            # Screens look at the clock once a tick, and a screen that comes then once more.
            await asyncio.sleep(2.2 * TICK)
        case Press():
            pilot.app.post_message(key_event(step))
    await settled(pilot)


def key_event(press: Press) -> events.Key:
    """A key as a terminal would report it."""
    name = press.key if press.character is None or len(press.key) > 1 else _character_to_key(press.key)
    return events.Key(name, press.character)


async def settled(pilot: Pilot[str]) -> None:
    """Wait until nothing moves any more."""
    seen: object = None
    for _ in range(MOST_LOOKS):
        if pilot.app.return_value is not None or not pilot.app.is_running:
            return
        for field in pilot.app.screen.query(Input):
            # A cursor that blinks would be in one picture and not in the next.
            field.cursor_blink = False
        before, seen = seen, (tuple(map(id, pilot.app.screen_stack)), _characters(pilot))
        if before == seen:
            return
        await pilot.pause()


def _characters(pilot: Pilot[str]) -> tuple[str, ...]:
    strips = pilot.app.screen._compositor.render_strips()  # noqa: SLF001 -- as in `ComputerSetup.characters`
    return tuple(strip.text for strip in strips)
