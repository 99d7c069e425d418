"""*Registration*, first half: the phone looks at the picture that the administrator sent."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult

from emulator.companions.authenticator.screens.look_page import LookPage
from emulator.companions.authenticator.screens.package_page import PackagePage
from emulator.companions.authenticator.screens.source_field import SourceField
from emulator.companions.authenticator.screens.wording import later
from emulator.companions.authenticator.source import Shown


class RegistrationPage(LookPage):
    """From a picture to the key in it."""

    NAME: ClassVar[str] = later("Registration")
    KEYS: ClassVar[str] = later("Enter look   → complete   Esc back")

    def body(self) -> ComposeResult:
        yield from self.frame(self.words("The picture of your key"))

    def look(self, seen: Callable[[], Shown]) -> None:
        self.work(lambda: self._package(seen()), self._show, self.words("Looking at the picture …"))

    def _package(self, seen: Shown) -> PackagePage:
        package = self.phone.read_package(seen.looks)
        return PackagePage(package, held=self.phone.held(package), is_small=seen.is_small)

    def _show(self, page: PackagePage) -> None:
        self.query_one(SourceField).clear()
        self.app.push_screen(page)
