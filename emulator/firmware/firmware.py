"""The firmware of one machine: `execute` carries out one command, wholly or not at all.

Each command has a handler that works on a `Turn`; the machine takes the turn's memory and session over when the handler is done. When
the command is refused, the only things that may be new are an entry in the event log, and that a wrong password cost a try. Time and
randomness come in with each command. Nothing here knows a file, a screen or a wire.
"""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any

from emulator.firmware import access, deeds, power, prerequisites, secure_boot_orders, staging
from emulator.firmware import commands as c
from emulator.firmware.access import Who
from emulator.firmware.boot import Phase
from emulator.firmware.catalogue import Catalogue, Keeper, Setting
from emulator.firmware.events import Event
from emulator.firmware.guard import Entropy, Moment
from emulator.firmware.memory import Boot, Identity, Memory
from emulator.firmware.refusals import Refused
from emulator.firmware.turn import FIXED, Session, Turn, is_fixed, setting_named, value_of
from emulator.firmware.values import replace

# Which handler carries out which command. Most runs of a PC meet few kinds of commands, so a handler's module is imported for the
# first command that it carries out; a test resolves all of them, and compares what they take.
HANDLERS: Mapping[type[Any], str] = {
    c.PowerOn: "power.power_on",
    c.PowerOff: "power.power_off",
    c.Restart: "power.restart",
    c.Continue: "power.go_on",
    c.OpenStartupMenu: "power.startup_menu",
    c.EnterSetup: "entering.enter_setup",
    c.OpenBootMenu: "entering.open_boot_menu",
    c.OpenTool: "entering.open_tool",
    c.StartFrom: "power.choose",
    c.TypePassword: "password_prompt.type_password",
    c.ChangePassword: "password_prompt.change_password",
    c.RefreshChallenge: "entering.refresh",
    c.CountResponse: "entering.count",
    c.CompareResponse: "entering.compare",
    c.AnswerPresence: "presence_prompt.answer",
    c.RefusePresence: "presence_prompt.refuse",
    c.StageSetting: "screen_changes.stage",
    c.SaveAndExit: "screen_changes.save",
    c.SetSetting: "setting_interface.set_setting",
    c.SetSettings: "setting_entries.apply",
    c.ApplyList: "setting_list.apply",
    c.SetSystemDefaults: "setting_interface.set_defaults",
    c.SetClock: "case.set_clock",
    c.OpenCover: "case.open_cover",
    c.AcknowledgeCover: "case.acknowledge_cover",
    c.ClearCMOS: "case.clear_cmos",
    c.SetPasswordJumper: "case.set_password_jumper",
    c.SetEndorsementKey: "provisioning.set_endorsement_key",
    c.SetSigningKey: "provisioning.set_signing_key",
    c.UpdateFirmware: "update_order.order",
    c.ConfigureRecovery: "sure_recover.configure",
}


@cache
def handler(place: str) -> Callable[[Turn, Any], None]:
    """The function at one of these places."""
    module, _, name = place.partition(".")
    carry_out: Callable[[Turn, Any], None] = getattr(import_module(f"{__package__}.{module}"), name)
    return carry_out


class Firmware:
    """One machine's firmware. `memory` and `session` are values; put old ones back to undo a command."""

    def __init__(self, catalogue: Catalogue, memory: Memory) -> None:
        self.catalogue = catalogue
        self.memory = memory
        self.session = Session()

    def execute(self, command: c.Command, *, now: Moment, entropy: Entropy) -> tuple[Event, ...]:
        """Carry out `command` and tell what happened. Raises a `Refused`; then at most the event log and the tries are new."""
        # The machine has a clock of its own, which may be off.
        now = Moment(now.unix + self.memory.clock.offset, now.monotonic)
        turn = Turn(self.catalogue, self.memory, self.session, now, entropy)
        try:
            handler(HANDLERS[type(command)])(turn, command)
        except Refused as refusal:
            if refusal.event is not None:
                self.memory = replace(self.memory, log=self.memory.log.appended(refusal.event, now.unix))
            if refusal.costs_a_try:
                self.session = replace(self.session, password_tries=self.session.password_tries - 1)
            raise
        self.memory, self.session = turn.memory, turn.session
        return tuple(turn.events)

    def value(self, name: str) -> str:
        """What the setting interface tells: the stored value, which may still wait for a restart. Raises UnknownSetting."""
        return value_of(self.catalogue, self.memory, name)

    def why_grey(self, name: str) -> str:
        """The sentence that explains why a setting cannot be changed on the screen now; empty when it can."""
        setting, staged = setting_named(self.catalogue, name), self.session.staged
        if is_fixed(self.memory, setting):
            return f"This {FIXED}"
        unmet = prerequisites.unmet(setting, staging.on_the_screen(self.catalogue, self.memory, staged))
        return "" if unmet is None else unmet.because

    def why_locked(self, name: str) -> str:
        """Why whoever is in Computer Setup may not change a setting at all; empty for an administrator."""
        setting, visitor = setting_named(self.catalogue, name), self.session.visitor
        if visitor is not Who.POWER_ON or setting.keeper is Keeper.PASSWORD:
            return ""
        try:
            deeds.require_of(self.catalogue, self.memory, setting, "", visitor, access.SCREEN)
        except Refused as refusal:
            return str(refusal)
        return ""

    def may_see(self, name: str) -> bool:
        """Whether the screen shows a setting to whoever is in Computer Setup."""
        setting = setting_named(self.catalogue, name)
        hidden = self._level(setting) == "Hide" and self.session.visitor is Who.POWER_ON
        return setting.shown and not hidden

    def _level(self, setting: Setting) -> str:
        """The security level of a setting; empty for one that has none."""
        level = self.catalogue.settings.get(setting.security_level)
        return "" if level is None else self.memory.settings.get(level.name, level.default)

    def devices(self) -> list[str]:
        """What this boot can start from, in order."""
        return power.devices(self.catalogue, self.session)

    def pending(self) -> dict[str, tuple[str, str]]:
        """Changes that act at the next restart: name → (value in force, value stored)."""
        stored, effective = self.memory.settings, self.session.effective
        if self.session.phase is Phase.OFF or stored is effective:
            return {}
        return {
            name: ("(not told)", "(not told)")
            if self.catalogue.stored[name].secret
            else (effective.get(name, ""), value)
            for name, value in stored.items()
            if effective.get(name) != value and name in self.catalogue.stored
        }


def manufactured(catalogue: Catalogue, identity: Identity) -> Memory:
    """The memory of a machine that leaves the factory: every setting at its default, no keys but those of Secure Boot, no events."""
    stored = {name: setting.default for name, setting in catalogue.stored.items()}
    return secure_boot_orders.begun(catalogue, Memory(identity, settings=stored, boot=Boot()))
