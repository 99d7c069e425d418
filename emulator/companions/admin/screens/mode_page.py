"""*HP Sure Admin*: the switch that makes a PC obey signatures instead of passwords."""

from textual import on
from textual.app import ComposeResult
from textual.widgets import Checkbox

from emulator.companions.admin.screens.fields import Tick
from emulator.companions.admin.screens.page import Page
from emulator.companions.admin.screens.wizard import Place
from emulator.companions.admin.screens.wording import told


class ModePage(Page):
    PLACE = Place.MODE
    TITLE = told("HP Sure Admin")
    ABOUT = told(
        "With Enhanced BIOS Authentication Mode on, a PC takes settings only with a signature of the signing key, and Computer Setup "
        "opens with a one-time PIN of the phone instead of a password."
    )

    def fields(self) -> ComposeResult:
        wizard = self.wizard
        yield Tick(
            self.words("Enhanced BIOS Authentication Mode"),
            wizard.mode or wizard.enabled,
            id="mode",
            disabled=wizard.enabled,
        )
        yield Tick(self.words("It is on already in this fleet"), wizard.enabled, id="enabled")
        yield self.note(
            self.words(
                "Local access keys can be made and exported once the mode is on. With the mode on and no local access key, "
                "Computer Setup is guarded by its password alone, or by nothing."
            )
        )

    @on(Checkbox.Changed, "#mode")
    def switch(self, event: Checkbox.Changed) -> None:
        self.wizard.say(mode=event.value)
        self.console.show_progress()

    @on(Checkbox.Changed, "#enabled")
    def say_enabled(self, event: Checkbox.Changed) -> None:
        self.wizard.say(enabled=event.value)
        self.again("#enabled")
