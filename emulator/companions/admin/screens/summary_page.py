"""*Summary*: all that was entered, for which machines, and the policy that brings it."""

from collections.abc import Callable, Iterator
from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Label

from emulator.companions.admin import policies
from emulator.companions.admin.screens.machines import Machines, Unclear
from emulator.companions.admin.screens.page import Page
from emulator.companions.admin.screens.policy_part import PolicyPart
from emulator.companions.admin.screens.wizard import LocalKey, Place
from emulator.companions.admin.screens.wording import told
from emulator.protocol.policy import Policy


class SummaryPage(Page):
    PLACE = Place.SUMMARY
    TITLE = told("Summary")
    ABOUT = told(
        "What you have entered. The policy is a file with one signed payload for each step, in the order in which a PC takes them."
    )

    def fields(self) -> ComposeResult:
        for label, value in self._rows():
            with Horizontal(classes="fact"):
                yield Label(label, classes="label", markup=False)
                yield Label(value, classes="value", markup=False)
        yield self.subheading(self.words("Machines"))
        yield Machines(self.wizard.target, platform=policies.Stage.PROVISIONING in self.wizard.plan.stages)
        yield self.subheading(self.words("Policy"))
        yield PolicyPart("Sure-Admin", self._make)

    def _rows(self) -> Iterator[tuple[str, str]]:
        words, wizard = self.words, self.wizard
        already, none = words("the fleet has it already"), words("none")
        if wizard.provisioned:
            yield words("Endorsement key"), already
        else:
            yield words("Endorsement key"), wizard.endorsement.name if wizard.endorsement else none
        yield words("Signing key"), wizard.signing.name if wizard.signing else none
        mode = words("turned on") if wizard.mode else words("left as it is")
        yield words("Authentication mode"), already if wizard.enabled else mode
        if not wizard.local_access:
            yield words("Local access key"), none
        for number, key in sorted(wizard.local_access.items()):
            yield words("Local access key {number}", number=number), self._about(key)

    def _about(self, key: LocalKey) -> str:
        words = self.words
        lines = [key.name, words("Key id {key_id}", key_id=key.public.key_id)]
        if key.model:
            lines.append(words("Model {model}", model=key.model))
        if key.serial:
            lines.append(words("Serial number {serial}", serial=key.serial))
        lines += [str(path) for path in key.files]
        return "\n".join(lines)

    def _make(self, name: str) -> Callable[[], Policy] | None:
        try:
            self.wizard.target = self.query_one(Machines).target()
        except Unclear:
            return None
        return partial(policies.make, self.wizard.plan, name, now=self.console.now())

    @on(Machines.Changed)
    def machines_changed(self) -> None:
        self.query_one(PolicyPart).changed()

    @on(PolicyPart.Saved)
    def saved(self) -> None:
        self.wizard.unsaved = False
        self.console.show_progress()
