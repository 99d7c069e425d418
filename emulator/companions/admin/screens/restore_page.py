"""*Restore security settings*: the other way to take a PC back from afar."""

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult

from emulator.companions.admin import policies
from emulator.companions.admin.screens.key_part import KeyPart
from emulator.companions.admin.screens.machines import Machines, Unclear
from emulator.companions.admin.screens.page import Page
from emulator.companions.admin.screens.policy_part import PolicyPart
from emulator.companions.admin.screens.wizard import Place
from emulator.companions.admin.screens.wording import told
from emulator.protocol import payload
from emulator.protocol.policy import Policy, PolicyStep


class RestorePage(Page):
    PLACE = Place.RESTORE
    TITLE = told("Restore security settings")
    ABOUT = told(
        "One setting, signed by the signing key, orders the PC to restore its security settings to factory defaults: the mode off, local "
        "access keys and passwords cleared. At its next start it shows a code, and nothing happens before somebody in front of it "
        "types it in. The endorsement key and the signing key stay; only deprovisioning takes those."
    )

    def fields(self) -> ComposeResult:
        words = self.words
        yield KeyPart(words("Signing key"), self.wizard.signing, id="signing")
        yield self.subheading(words("Machines"))
        yield Machines(None, platform=False)
        yield self.subheading(words("Policy"))
        yield PolicyPart("Restore-security", self._make)

    def _make(self, name: str) -> Callable[[], Policy] | None:
        signing = self.query_one("#signing", KeyPart).private()
        if signing is None:
            return None
        try:
            target = self.query_one(Machines).target()
        except Unclear:
            return None
        now = self.console.now()

        def sign() -> Policy:
            order = policies.restore_security(signing, now=now, target=target)
            return Policy(name, payload.timestamp(now), (PolicyStep(policies.RESTORE, order),))

        return sign

    @on(KeyPart.Changed)
    @on(Machines.Changed)
    def choice_changed(self) -> None:
        self.query_one(PolicyPart).changed()
