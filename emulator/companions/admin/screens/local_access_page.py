"""*Local access key*: the key that a phone answers challenges with, made, drawn and exported as the guide tells it."""

from functools import partial

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Label

from emulator.companions import CompanionError
from emulator.companions.admin import distribution, policies
from emulator.companions.admin.new_key import UnusableName
from emulator.companions.admin.screens import faults, making
from emulator.companions.admin.screens.choose_key_dialog import ChooseKeyDialog
from emulator.companions.admin.screens.console import AtWork, labour
from emulator.companions.admin.screens.fields import (
    Choice,
    Choices,
    Field,
    Notice,
    Push,
    TextField,
    Tick,
    accept_all,
    path_in,
)
from emulator.companions.admin.screens.making import AlreadyThere, Form, Made, Wanted
from emulator.companions.admin.screens.new_passphrase import NewPassphrase
from emulator.companions.admin.screens.page import Page
from emulator.companions.admin.screens.wizard import ChosenKey, LocalKey, Place
from emulator.companions.admin.screens.wording import told

FORMS = {
    Form.PNG: told("PNG picture, 800×800 at least"),
    Form.SVG: told("SVG picture"),
    Form.RASTER: told("270×270, as the vendor's tool draws it"),
    Form.SHEET: told("PDF sheet to print"),
}
TITLES = tuple(told(each.title) for each in distribution.WAYS)
ABOUTS = tuple(told(each.about) for each in distribution.WAYS)
NO_SIGN_IN = told(distribution.NO_SIGN_IN)


class LocalAccessPage(Page):
    PLACE = Place.KEYS
    TITLE = told("Local access key")
    ABOUT = told(
        "The PC shows a QR code, and the phone that holds this key answers with a one-time PIN. A picture brings the key to the phone, "
        "and its passphrase opens it there."
    )

    def fields(self) -> ComposeResult:
        words = self.words
        yield from self._held()
        yield self.subheading(words("How the key gets to the phone"))
        yield Choices(*self._ways(), id="way")
        yield self.note(words(ABOUTS[0]))
        yield self.note(words("The two Azure ways cannot be chosen. {reason}", reason=words(NO_SIGN_IN)))
        yield self.subheading(words("The key"))
        yield Field(words("Key name"), TextField(id="name", most=64), id="name-field")
        yield NewPassphrase()
        yield Field(
            words("Folder"),
            TextField(str(self.console.folder), id="folder"),
            Push(words("Browse…"), id="browse"),
            id="folder-field",
        )
        yield from self._options()
        with Horizontal(classes="pushes"):
            yield Push(words("Create Key"), id="create", primary=True)
            yield Notice(id="created", classes="sign")
        yield Notice(id="created-files", classes="note")
        with Horizontal(classes="pushes"):
            yield Push(words("Use an existing key…"), id="existing")

    def _held(self) -> ComposeResult:
        """What the policy has already."""
        for number, key in sorted(self.wizard.local_access.items()):
            with Horizontal(classes="pushes held"):
                yield Label(
                    f"{self.console.signs.done} "
                    + self.words(
                        "{number}: {name}, key id {key_id}…",
                        number=number,
                        name=key.name,
                        key_id=key.public.key_id[:12],
                    ),
                    classes="chosen",
                    markup=False,
                )
                yield Push(self.words("Leave out"), id=f"leave-{number}")

    def _ways(self) -> list[Choice]:
        return [
            Choice(
                self.words(each.title),
                value=not at,
                id=each.way.value,
                disabled=distribution.why_not(each) is not None,
            )
            for at, each in enumerate(distribution.WAYS)
        ]

    def _options(self) -> ComposeResult:
        words = self.words
        yield self.subheading(words("Options"))
        yield Field(words("Model"), TextField(id="model", most=100, placeholder=words("any")))
        yield Field(words("Serial number"), TextField(id="serial", most=60, placeholder=words("any")))
        for form, label in FORMS.items():
            yield Tick(words(label), form is Form.PNG, id=f"form-{form.name.lower()}")
        yield Notice(id="forms-fault", classes="fault")
        free = self.wizard.free_number()
        choices = [
            Choice(str(each), each == free, id=f"number-{each}") for each in policies.LOCAL_ACCESS_KEYS
        ]
        yield Field(words("Key on the PC"), Choices(*choices, id="number", across=True))

    @on(Push.Pressed, "#browse")
    def choose_folder(self) -> None:
        self.browse("#folder")

    @on(Push.Pressed, "#create")
    def create(self) -> None:
        self.once(self._create)

    @work
    async def _create(self) -> None:
        accept_all(self.query(Field))
        self.query_one("#created", Notice).tell("")
        wanted = self._wanted()
        if wanted is None:
            return
        make = partial(making.local_access_key, wanted, now=self.console.now())
        try:
            made = await labour(self.query_one(AtWork), self.words("Making the key and its pictures…"), make)
        except faults.FAULTS as fault:
            self._refuse(self._place_of(fault), faults.sentence(self.words, fault))
        else:
            self._created(wanted, made)

    def _wanted(self) -> Wanted | None:
        """What the fields ask for, if they do so clearly."""
        name = self.query_one("#name", TextField).value.strip()
        forms = tuple(form for form in FORMS if self.query_one(f"#form-{form.name.lower()}", Tick).value)
        try:
            making.refuse_name(name)
        except CompanionError as fault:
            self._refuse("#name-field", faults.sentence(self.words, fault))
            return None
        passphrase = self.query_one(NewPassphrase).taken(name)
        if passphrase is None:
            return None
        if not forms:
            self._no_form()
            return None
        return Wanted(
            name,
            passphrase,
            self.console.folder,
            path_in(self.query_one("#folder", TextField)),
            forms,
            self.query_one("#model", TextField).value.strip(),
            self.query_one("#serial", TextField).value.strip(),
            self.console.language,
        )

    def _created(self, wanted: Wanted, made: Made) -> None:
        number = self._number()
        self.wizard.add_local_access(
            number, LocalKey(wanted.name, made.public, wanted.folder, made.files, wanted.model, wanted.serial)
        )
        self.query_one(NewPassphrase).forget()
        self.query_one("#created", Notice).tell(
            f"{self.console.signs.done} {self.words('Key successfully created')}"
        )
        files = "\n".join(str(path) for path in made.files)
        advice = self.words("Send the picture in its original size, and the passphrase by another way.")
        self.query_one("#created-files", Notice).tell(f"{files}\n{advice}")
        self.console.show_progress()
        self.query_one("#next").focus()

    def _number(self) -> int:
        return self.query_one("#number", Choices).pressed_index + 1

    def _place_of(self, fault: Exception) -> str:
        return "#name-field" if isinstance(fault, UnusableName | AlreadyThere) else "#folder-field"

    def _refuse(self, field: str, sentence: str) -> None:
        self.query_one(field, Field).refuse(sentence)

    def _no_form(self) -> None:
        sentence = self.words("Choose at least one: without a picture no phone gets the key.")
        self.query_one("#forms-fault", Notice).tell(sentence)
        self.query_one("#form-png").focus()

    @on(Tick.Changed)
    def form_chosen(self) -> None:
        self.query_one("#forms-fault", Notice).tell("")

    def enter(self) -> None:
        """The name, for nearly everybody goes there."""
        name = self.query_one("#name", TextField)
        if name.focusable:
            name.focus(scroll_visible=False)
        else:
            super().enter()

    @on(Push.Pressed, "#existing")
    def choose_existing(self) -> None:
        number = self._number()
        self.app.push_screen(
            ChooseKeyDialog(self.words("Choose a local access key"), _any_key),
            partial(self._existing, number),
        )

    def _existing(self, number: int, chosen: ChosenKey | None) -> None:
        if chosen is not None:
            self.wizard.add_local_access(
                number, LocalKey(chosen.name, chosen.key.public, files=(chosen.path,))
            )
            self.again()

    @on(Push.Pressed, "#leave-1, #leave-2, #leave-3")
    def leave_out(self, event: Push.Pressed) -> None:
        self.wizard.leave_out(int(str(event.button.id)[-1]))
        self.again()


def _any_key(_: ChosenKey) -> None:
    """The public half is enough here, and every key file has one."""
