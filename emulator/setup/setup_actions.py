"""What rows of Computer Setup do that are no settings: orders, the clock, the event log, Replicated Setup, the keys of Secure Boot."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from emulator.firmware import commands as c
from emulator.firmware import log_export
from emulator.firmware.catalogue import Role, Setting
from emulator.firmware.refusals import Refused
from emulator.protocol.errors import ProtocolError
from emulator.setup import replicated_setup, usb_stick, views
from emulator.setup.clock_dialog import ClockDialog
from emulator.setup.dialogs import ConfirmDialog
from emulator.setup.replicated_setup import Restored
from emulator.setup.usb_stick import StickFault
from emulator.setup.viewer import Viewer
from emulator.setup.wording import sentence

if TYPE_CHECKING:
    from emulator.setup.setup_screen import SetupScreen

KEPT = "Keys, passwords, counters and the event log stay as they are."
QUESTIONS: Mapping[Role, tuple[str, str]] = {
    Role.APPLY_FACTORY_DEFAULTS: ("Apply the factory defaults, save and restart?", KEPT),
    Role.APPLY_CUSTOM_DEFAULTS: ("Apply the custom defaults, save and restart?", KEPT),
    Role.SAVE_CUSTOM_DEFAULTS: (
        "Keep the settings as the custom defaults, once the changes are saved?",
        "What was kept before is replaced.",
    ),
    Role.RESTORE_SECURITY: (
        "Restore the security settings to their factory defaults?",
        "It switches the Enhanced BIOS Authentication Mode off, and clears local access keys and both passwords.",
    ),
}
"""What is asked before an order is taken, and what to know about it."""


def order(screen: "SetupScreen", setting: Setting, value: str, *, exits: bool) -> None:
    assert setting.role is not None  # orders are known by their roles
    question, about = QUESTIONS[setting.role]

    def answered(yes: bool | None) -> None:
        if yes and exits:
            if screen.machine.do(c.StageSetting(setting.name, value)):
                screen.machine.do(c.SaveAndExit())
        elif yes:
            screen.change(setting, value)

    screen.app.push_screen(ConfirmDialog(screen.words(question), [screen.words(about)]), answered)


def set_clock(screen: "SetupScreen") -> None:
    def set_to(unix: int) -> str:
        try:
            done = screen.machine.attempt(c.SetClock(unix))
        except Refused as refusal:
            return sentence(str(refusal))
        return "" if done else screen.words("Nothing was changed.")

    def done(changed: bool | None) -> None:
        if changed:
            screen.note(screen.words("The clock is set."))

    now = screen.pc.clock.now().unix + screen.pc.firmware.memory.clock.offset
    screen.app.push_screen(ClockDialog(now, set_to), done)


def show_log(screen: "SetupScreen") -> None:
    """The event log, newest first; E writes it to the stick as CSV."""
    log = screen.pc.firmware.memory.log

    def export() -> str:
        try:
            path = usb_stick.save(
                screen.machine.usb, "event-log", "csv", log_export.csv_text(log).encode("utf-8")
            )
        except StickFault as fault:
            return sentence(str(fault))
        return screen.words("Saved: {path}", path=path)

    lines = views.log(log) or [screen.words("The event log is empty.")]
    screen.app.push_screen(Viewer(screen.words("BIOS Event Log"), lines, export=export))


def save_setup(screen: "SetupScreen") -> None:
    def write(yes: bool | None) -> None:
        if not yes:
            return
        try:
            path = usb_stick.replace(
                screen.machine.usb, replicated_setup.FILE, replicated_setup.text(screen.pc.firmware)
            )
        except StickFault as fault:
            screen.say(sentence(str(fault)))
        else:
            screen.note(screen.words("Saved: {path}", path=path))

    if usb_stick.holds(screen.machine.usb, replicated_setup.FILE):
        question = screen.words("There is a {name} on the USB stick: replace it?", name=replicated_setup.FILE)
        screen.app.push_screen(ConfirmDialog(question), write)
    else:
        write(True)


def restore_setup(screen: "SetupScreen") -> None:
    """Stage what the file says. What was refused is listed; the rest waits to be saved."""

    def stage(name: str, value: str) -> None:
        if not screen.machine.attempt(c.StageSetting(name, value)):
            raise StickFault("the flash image could not be written")

    try:
        data = usb_stick.read(screen.machine.usb, replicated_setup.FILE, most=replicated_setup.LARGEST)
        result = replicated_setup.restore(screen.pc.firmware, data, stage)
    except (StickFault, ProtocolError) as fault:
        screen.say(sentence(str(fault)))
        return
    screen.note(_summary(screen, result))
    if result.refused:
        title = screen.words("Not taken from {name}", name=replicated_setup.FILE)
        screen.app.push_screen(Viewer(title, [_summary(screen, result), "", *result.refused]))


def _summary(screen: "SetupScreen", result: Restored) -> str:
    return screen.words(
        "Changed: {staged}, already so: {same}, not taken: {refused}. Save the changes to store them.",
        staged=result.staged,
        same=result.same,
        refused=len(result.refused),
    )


def show_secure_boot_keys(screen: "SetupScreen") -> None:
    lines = views.secure_boot_keys(screen.pc.firmware, screen.words)
    screen.app.push_screen(Viewer(screen.words("Secure Boot keys"), lines))


ACTIONS: Mapping[str, Callable[["SetupScreen"], None]] = {
    "clock": set_clock,
    "event log": show_log,
    "save setup": save_setup,
    "restore setup": restore_setup,
    "secure boot keys": show_secure_boot_keys,
}
"""What a row's `does` means; to save and to ignore are intents of their own."""
