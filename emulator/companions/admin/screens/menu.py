"""The menu at the side: the way of the wizard with what is done, and the other places. A place that is not ready yet is grey, and tells why."""

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from emulator.companions.admin.screens.console import console_of
from emulator.companions.admin.screens.wizard import WAY, Place
from emulator.companions.admin.screens.wording import told

NAMES = {
    Place.PROVISIONING: told("Provisioning"),
    Place.MODE: told("HP Sure Admin"),
    Place.KEYS: told("Local access"),
    Place.SUMMARY: told("Summary"),
    Place.DEPROVISION: told("Deprovision"),
    Place.RESTORE: told("Restore security"),
    Place.STORE: told("Key store"),
}
GROUPS = (
    (told("Wizard"), WAY),
    (told("Take back"), (Place.DEPROVISION, Place.RESTORE)),
    (told("Keys"), (Place.STORE,)),
)


class Menu(OptionList):
    """All places; Enter opens one."""

    def __init__(self) -> None:
        super().__init__(id="menu", compact=True, markup=False)

    def show(self, here: Place) -> None:
        """Show what is done and what is open, with the cursor where the person is."""
        words = console_of(self).words
        options: list[Option] = []
        for heading, places in GROUPS:
            if options:
                options.append(Option("", disabled=True))
            options.append(Option(Content.styled(words(heading), "bold $frame"), disabled=True))
            options += [Option(self._line(place, here), id=place.value) for place in places]
        self.set_options(options)
        self.highlighted = self.get_option_index(here.value)

    def _line(self, place: Place, here: Place) -> Content:
        console = console_of(self)
        wizard, signs = console.wizard, console.signs
        sign = signs.here if place is here else signs.done if wizard.is_done(place) else " "
        number = f"{WAY.index(place) + 1} " if place in WAY else ""
        text = f"{sign} {number}{console.words(NAMES[place])}"
        grey = wizard.why_not(place) is not None and place is not here
        return Content.styled(text, "$dim" if grey else "bold" if place is here else "$ink")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option_id is not None:
            console_of(self).open_place(Place(event.option_id))
