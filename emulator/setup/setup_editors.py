"""The editors of Computer Setup: which question fits a setting's kind, and what becomes of its answer."""

from typing import TYPE_CHECKING

from textual.geometry import Region

from emulator.firmware import commands as c
from emulator.firmware import passwords, settings
from emulator.firmware.catalogue import IS_SET, Kind, Setting
from emulator.firmware.refusals import Refused
from emulator.setup.dialogs import ChoiceDialog, TextDialog
from emulator.setup.order_dialog import OrderDialog
from emulator.setup.password_dialog import PasswordDialog
from emulator.setup.standing import standing
from emulator.setup.viewer import Viewer
from emulator.setup.wording import entry, sentence

if TYPE_CHECKING:
    from emulator.setup.setup_screen import SetupScreen


def edit(screen: "SetupScreen", setting: Setting, row: Region) -> None:
    """Ask for another value; `row` is where the setting stands."""
    value = standing(screen.pc.firmware, setting).value

    def taken(new: str | None) -> None:
        if new is not None:
            screen.change(setting, new)

    if setting.kind is Kind.ENUMERATION:
        screen.app.push_screen(ChoiceDialog(setting, value, row), taken)
    elif setting.kind is Kind.ORDERED_LIST:
        screen.app.push_screen(OrderDialog(setting, value), taken)
    else:
        screen.app.push_screen(TextDialog(setting, value, lambda text: _refusal(setting, text)), taken)


def edit_password(screen: "SetupScreen", setting: Setting) -> None:
    """Ask for the old and the new password; it acts at once."""
    assert setting.role is not None  # a password has one of two
    name = screen.words(passwords.NAMES[setting.role])

    def change(current: str, new: str) -> str:
        try:
            done = screen.machine.attempt(c.ChangePassword(setting.name, new, current))
        except Refused as refusal:
            return sentence(str(refusal))
        return "" if done else screen.words("Nothing was changed.")

    def done(what: str | None) -> None:
        if what is not None:
            screen.note(screen.words(f"The {{name}} is {what}.", name=name))

    is_set = standing(screen.pc.firmware, setting).value == IS_SET
    screen.app.push_screen(PasswordDialog(name, change, is_set=is_set), done)


def read(screen: "SetupScreen", setting: Setting) -> None:
    """Show the entries of a list that only tells."""
    tokens = settings.tokens(standing(screen.pc.firmware, setting).value)
    name = screen.language.word("settings", setting.name)
    screen.app.push_screen(Viewer(name, [entry(token, screen.language) for token in tokens]))


def _refusal(setting: Setting, text: str) -> str:
    try:
        settings.accepted(setting, text)
    except Refused as refusal:
        return sentence(str(refusal))
    return ""
