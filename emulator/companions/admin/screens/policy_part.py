"""What can be done with a policy: save it as a file, and hand it to this PC, if the console was given a way there.

The policy is signed once. Saving and sending take the same payloads, until something on the page changes.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input

from emulator.companions import make_private_folder, write_private
from emulator.companions.admin import new_key
from emulator.companions.admin.screens import faults, making
from emulator.companions.admin.screens.browse_dialog import BrowseDialog
from emulator.companions.admin.screens.console import AtWork, Console, console_of, labour
from emulator.companions.admin.screens.dialog import Question
from emulator.companions.admin.screens.fields import Field, Notice, Push, TextField, accept_all, path_in
from emulator.companions.admin.screens.making import AlreadyThere
from emulator.companions.admin.screens.sending import Outcome, Sending, Standing
from emulator.companions.admin.screens.wording import Speaker, told
from emulator.protocol import policy
from emulator.protocol.policy import Policy

Make = Callable[[str], Callable[[], Policy] | None]
"""Gives what signs a policy of this name, or None if a field said what is wrong."""

ENDING = ".policy.json"
EXPLAINS_IN_USE = told(policy.EXPLAINS_IN_USE)
SIGNS_OF = {Outcome.WAITING: "-", Outcome.REFUSED: "x", Outcome.UNREACHED: "x"}
STANDINGS = {
    Standing.READY: "",
    Standing.STOPPED: told("It stopped here: what follows rests on this step. Nothing after it was sent."),
    Standing.RESTART: told(
        "Now restart the PC: it shows a code, and somebody in front of it types it in. Then press Continue."
    ),
    Standing.DONE: told("All steps were accepted."),
}
TITLES = (
    told("Provision the endorsement key"),
    told("Provision the signing key"),
    told("Turn Enhanced BIOS Authentication Mode on"),
    told("Turn Enhanced BIOS Authentication Mode off"),
    told("Set local access key 1"),
    told("Set local access key 2"),
    told("Set local access key 3"),
    told("Clear local access key 1"),
    told("Clear local access key 2"),
    told("Clear local access key 3"),
    told("Take both keys back (deprovision Secure Platform Management)"),
    told("Restore Security Settings to Factory Defaults"),
)
"""Steps as policies name them."""


class PolicyPart(Vertical):
    """A name, a folder, *Save Policy* and *Send to this PC*."""

    class Saved(Message):
        """A policy file was written."""

    def __init__(self, name: str, make: Make, *, question: str | None = None) -> None:
        """`question` is asked before the first step is sent."""
        super().__init__()
        self._called, self._make, self._question = name, make, question
        self._policy: Policy | None = None
        self._sending: Sending | None = None

    @property
    def console(self) -> Console:
        return console_of(self)

    @property
    def words(self) -> Speaker:
        return self.console.words

    def compose(self) -> ComposeResult:
        words = self.words
        yield Field(
            words("Policy name"), TextField(self._called, id="policy-name", most=100), id="policy-name-field"
        )
        yield Field(
            words("Folder"),
            TextField(str(self.console.folder), id="policy-folder"),
            Push(words("Browse…"), id="policy-browse"),
            id="policy-folder-field",
        )
        yield Notice(id="policy-fault", classes="fault")
        with Horizontal(classes="pushes"):
            yield Push(words("Save Policy"), id="save", primary=True)
            yield Notice(id="saved", classes="sign")
        yield Notice(id="saved-file", classes="note")
        if self.console.send is not None:
            with Horizontal(classes="pushes"):
                yield Push(words("Send to this PC"), id="send")
            yield Notice(id="steps", classes="steps")

    def changed(self) -> None:
        """Something on the page is different now: the next policy is another one."""
        self._policy = self._sending = None
        for name in ("#saved", "#saved-file", *(("#steps",) if self.console.send else ())):
            self.query_one(name, Notice).tell("")
        if self.console.send is not None:
            self._call_send(self.words("Send to this PC"))

    @on(Input.Changed, "#policy-name")
    def renamed(self, event: Input.Changed) -> None:
        if event.value != self._called:
            self._called = event.value
            self.changed()

    @on(Push.Pressed, "#policy-browse")
    def browse(self) -> None:
        start = Path(self.query_one("#policy-folder", TextField).value or str(self.console.folder))
        self.app.push_screen(BrowseDialog(start), self._browsed)

    def _browsed(self, path: Path | None) -> None:
        if path is not None:
            self.query_one("#policy-folder", TextField).value = str(path)

    @on(Push.Pressed, "#save")
    def save(self) -> None:
        if not self.console.is_at_work:
            self._save()

    @on(Push.Pressed, "#send")
    def send(self) -> None:
        if self.console.is_at_work:
            return
        begun = self._sending is not None and self._sending.standing is not Standing.DONE
        if self._question is None or begun:
            self._send()
            return
        words = self.words
        question = Question(self._question, words("Send to this PC"), words("Back"))
        self.app.push_screen(question, self._asked_to_send)

    def _asked_to_send(self, yes: bool | None) -> None:
        if yes:
            self._send()

    @work
    async def _save(self) -> None:
        made = await self._made()
        if made is None:
            return
        folder = path_in(self.query_one("#policy-folder", TextField))
        path = folder / f"{new_key.file_name(made.name)}{ENDING}"
        try:
            await labour(self._at_work(), self.words("Writing the policy…"), partial(_write, path, made))
        except AlreadyThere as fault:
            self._refuse("#policy-name-field", faults.sentence(self.words, fault))
        except faults.FAULTS as fault:
            self._refuse("#policy-folder-field", faults.sentence(self.words, fault))
        else:
            self.query_one("#saved", Notice).tell(
                f"{self.console.signs.done} {self.words('Saved successfully')}"
            )
            self.query_one("#saved-file", Notice).tell(str(path))
            self.post_message(self.Saved())

    async def _made(self) -> Policy | None:
        """The policy, signed now unless it was before."""
        accept_all(self.query(Field))
        self._tell_fault("")
        name = self.query_one("#policy-name", TextField).value.strip()
        try:
            making.refuse_name(name)
        except faults.FAULTS as fault:
            self._refuse("#policy-name-field", faults.sentence(self.words, fault))
            return None
        if self._policy is None and (sign := self._make(name)) is not None:
            try:
                self._policy = await labour(self._at_work(), self.words("Signing…"), sign)
            except faults.FAULTS as fault:
                self._tell_fault(faults.sentence(self.words, fault))
        return self._policy

    @work
    async def _send(self) -> None:
        made = await self._made()
        if made is None:
            return
        if self._sending is None or self._sending.standing is Standing.DONE:
            self._sending = Sending(made)
        sending, send = self._sending, self.console.send
        assert send is not None
        sending.restarted()
        while sending.standing is Standing.READY:
            self._show(sending)
            work = partial(send, sending.payload)
            try:
                reply = await labour(self._at_work(), self.words("The PC is asked…"), work)
            except faults.FAULTS as fault:
                reply = {"error": str(fault)}
            sending.answered(reply)
        self._show(sending)

    def _show(self, sending: Sending) -> None:
        shown = self.query_one("#steps", Notice)
        shown.tell("\n".join(self._lines(sending)))
        goes_on = sending.standing in {Standing.RESTART, Standing.STOPPED}
        again = self.words("Try again") if sending.standing is Standing.STOPPED else self.words("Continue")
        self._call_send(again if goes_on else self.words("Send to this PC"))
        self.call_after_refresh(shown.scroll_visible, animate=False)

    def _call_send(self, label: str) -> None:
        button = self.query_one("#send", Push)
        button.label = label
        button.refresh(layout=True)

    def _lines(self, sending: Sending) -> list[str]:
        lines = []
        for number, (step, answer) in enumerate(zip(sending.policy.steps, sending.answers, strict=True), 1):
            sign = self.console.signs.done if answer.outcome is Outcome.TAKEN else SIGNS_OF[answer.outcome]
            lines.append(f"{sign} {number}. {self.words(step.title)}")
            if answer.outcome not in {Outcome.WAITING, Outcome.TAKEN}:
                code = "" if answer.status is None else f"0x{answer.status:02X} {answer.status_name}: "
                lines.append(f"     {code}{answer.sentence}")
        if standing := STANDINGS[sending.standing]:
            lines += ["", self.words(standing)]
        if sending.restart_at_end:
            lines.append(
                self.words(
                    "The last order waits: at its next start the PC shows a code, and somebody in front of it types it in."
                )
            )
        if sending.is_in_use:
            lines += ["", self.words(EXPLAINS_IN_USE)]
        return lines

    def _at_work(self) -> AtWork:
        return self.screen.query_one("Page AtWork", AtWork)

    def _refuse(self, field: str, sentence: str) -> None:
        self.query_one(field, Field).refuse(sentence)

    def _tell_fault(self, sentence: str) -> None:
        self.query_one("#policy-fault", Notice).tell(sentence)


def _write(path: Path, made: Policy) -> None:
    making.refuse_any((path,))
    make_private_folder(path.parent)
    write_private(path, policy.encode(made))
