"""What the fixtures clone: PCs that took the journey of any PC, once in a session for each model and set of quirks.

A clone shares the values of its template and costs microseconds, where the journey costs a second, most of it for RSA keys and
passphrases. The keys are the session's, and never the same in two. Each template is another machine.
"""

import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from emulator import models
from emulator.testing import another
from emulator.testing.admin import Admin
from emulator.testing.keys import Keys
from emulator.testing.pc import PC
from emulator.testing.phone import Phone
from emulator.testing.refusals import Impossible


class Templates:
    """One session's. `make_folder(name)` makes a new folder whose name begins so."""

    def __init__(self, make_folder: Callable[[str], Path]) -> None:
        self._make_folder = make_folder
        self._keys: Keys | None = None
        self._enrolled: Phone | None = None
        self._made: dict[object, PC] = {}

    def admin(self) -> Admin:
        """The session's keys, with a folder of one's own."""
        if self._keys is None:
            self._keys = Keys(self._make_folder("f10-keys"))
        return Admin(self._keys, partial(self._make_folder, "f10-admin"))

    def phone(self) -> Phone:
        """A phone with local access key 1."""
        if self._enrolled is None:
            admin = self.admin()
            self._enrolled = Phone.new(self._make_folder("f10-enrolled") / "phone")
            self._enrolled.enrol(admin.enrolment(), admin.passphrase)
        return self._enrolled.clone(lambda: self._make_folder("f10-phone") / "phone")

    def target_pc(self, model: str = models.DEFAULT, quirks: Mapping[str, str] | None = None) -> PC:
        """As it leaves the factory, running. Raises Impossible, as the others do, for a model or quirks that do not exist."""
        return self._clone("factory", model, quirks, lambda: PC.new(model, quirks=quirks))

    def provisioned_pc(self, model: str = models.DEFAULT, quirks: Mapping[str, str] | None = None) -> PC:
        """Guarded by the session's keys, running."""
        return self._clone("provisioned", model, quirks, lambda: self._provisioned(model, quirks))

    def unlocked_pc(self, model: str = models.DEFAULT, quirks: Mapping[str, str] | None = None) -> PC:
        """The same in Computer Setup, opened by the phone."""
        return self._clone("unlocked", model, quirks, lambda: self._unlocked(model, quirks))

    def nvram_image(self, model: str = models.DEFAULT, quirks: Mapping[str, str] | None = None) -> bytes:
        """The image of a PC that was made and never switched on."""
        pc = self._clone("new", model, quirks, lambda: PC.new(model, quirks=quirks, on=False))
        return pc.image.read()

    def _clone(self, state: str, model: str, quirks: Mapping[str, str] | None, make: Callable[[], PC]) -> PC:
        key = (state, model, repr(quirks or {}))
        if key not in self._made:
            self._made[key] = make()
        return self._made[key].clone(partial(self._make_folder, "f10-home"))

    def _provisioned(self, model: str, quirks: Mapping[str, str] | None) -> PC:
        # Machines of their own, each with a serial number and a UUID that no other template has.
        pc, admin = PC.new(model, quirks=quirks), self.admin()
        if not pc.has_secure_platform:
            raise Impossible(f"the model {model!r} knows no Secure Platform Management, so it takes no keys")
        # In the past, so that whatever a test has signed now, by whichever tool, comes later.
        nonce = int(time.time()) - 60
        for payload in admin.provisioning(nonce=nonce):
            pc.apply(payload)
        pc.restart()
        pc.apply(admin.mode(on=True, nonce=nonce + 1))
        pc.apply(admin.local_access_key(1, nonce=nonce + 2))
        pc.restart()
        return pc

    def _unlocked(self, model: str, quirks: Mapping[str, str] | None) -> PC:
        pc, phone = self.provisioned_pc(model, quirks).clone(serial=another.drawn()), self.phone()
        pc.enter_setup()
        if not pc.answer(phone.pin(pc.challenge)):
            raise AssertionError("the PC did not take the PIN that the phone computed from its challenge")
        return pc
