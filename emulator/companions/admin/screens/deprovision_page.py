"""*Deprovision*: everything taken back from a PC, in the only order in which it goes."""

from collections.abc import Callable
from functools import partial

from textual import on
from textual.app import ComposeResult

from emulator.companions.admin import policies
from emulator.companions.admin.screens.fields import Tick
from emulator.companions.admin.screens.key_part import KeyPart
from emulator.companions.admin.screens.machines import Machines, Unclear
from emulator.companions.admin.screens.page import Page
from emulator.companions.admin.screens.policy_part import EXPLAINS_IN_USE, PolicyPart
from emulator.companions.admin.screens.wizard import Place
from emulator.companions.admin.screens.wording import told
from emulator.protocol.policy import Policy

QUESTION = told(
    "This takes the keys of the PC in this folder back: nothing asks for a response code there any more. Send it?"
)


class DeprovisionPage(Page):
    PLACE = Place.DEPROVISION
    TITLE = told("Deprovision")
    ABOUT = told(
        "Takes a PC back in three parts: Enhanced BIOS Authentication Mode is turned off, the local access keys are cleared, and then "
        "Secure Platform Management gives up its two keys. The other way round the PC refuses."
    )

    def fields(self) -> ComposeResult:
        words, wizard = self.words, self.wizard
        yield self.subheading(words("Keys"))
        yield KeyPart(words("Endorsement key"), wizard.endorsement, id="endorsement")
        yield KeyPart(words("Signing key"), wizard.signing, id="signing")
        yield self.subheading(words("Local access keys to clear"))
        for number in policies.LOCAL_ACCESS_KEYS:
            yield Tick(words("Local access key {number}", number=number), value=True, id=f"clear-{number}")
        yield self.note(words(EXPLAINS_IN_USE))
        yield self.subheading(words("Machines"))
        yield Machines(None, platform=True)
        yield self.subheading(words("Policy"))
        yield PolicyPart("Deprovision", self._make, question=words(QUESTION))

    def _make(self, name: str) -> Callable[[], Policy] | None:
        endorsement, signing = (
            self.query_one(f"#{each}", KeyPart).private() for each in ("endorsement", "signing")
        )
        if endorsement is None or signing is None:
            return None
        try:
            target = self.query_one(Machines).target()
        except Unclear:
            return None
        return partial(
            policies.take_back,
            name,
            endorsement=endorsement,
            signing=signing,
            numbers=self._numbers(),
            now=self.console.now(),
            target=target,
        )

    def _numbers(self) -> tuple[int, ...]:
        return tuple(n for n in policies.LOCAL_ACCESS_KEYS if self.query_one(f"#clear-{n}", Tick).value)

    @on(KeyPart.Changed)
    @on(Machines.Changed)
    @on(Tick.Changed)
    def choice_changed(self) -> None:
        self.query_one(PolicyPart).changed()
