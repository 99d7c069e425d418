"""The firmware of one machine: `execute` carries out one command, wholly or not at all.

It holds two immutable values: the `Memory`, which somebody else keeps in the flash, and the `Session`, which power-off ends.
A command makes new ones from them; when it is refused, the only thing that may be new is an entry in the event log. Time and
randomness come in with each command. Nothing here knows a file, a screen or a wire.

A setting that acts after a restart is stored at once and compared with `Session.effective`, the values this boot began with:
the difference is what is pending.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from emulator.firmware import access, bios_auth, boot, guard, presence, secure_platform, settings
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.access import Requester
from emulator.firmware.boot import Phase, Step
from emulator.firmware.catalogue import Catalogue, Keeper, Setting
from emulator.firmware.derived import TELLERS
from emulator.firmware.event_log import EventCode
from emulator.firmware.guard import Door, Entropy, Moment
from emulator.firmware.memory import Boot, Guard, Identity, Memory
from emulator.firmware.presence import Prompt, Subject
from emulator.firmware.refusals import AccessDenied, Refused, UnknownSetting
from emulator.protocol.authorization import PREFIX as SIGNED_PREFIX
from emulator.protocol.challenge import NONCE_SIZE, Purpose

PASSWORD_PREFIX = "<utf-16/>"  # noqa: S105 -- the marker of a password, not one


@dataclass(frozen=True, slots=True)
class Session:
    """What the machine knows until it is switched off."""

    phase: Phase = Phase.OFF
    attended: bool = True
    door: Door = Door()
    prompt: Prompt | None = None
    staged: Mapping[str, str] = field(default_factory=dict)
    effective: Mapping[str, str] = field(default_factory=dict)


class Firmware:
    """One machine's firmware. `memory` and `session` are values; put old ones back to undo a command."""

    def __init__(self, catalogue: Catalogue, memory: Memory) -> None:
        self.catalogue = catalogue
        self.memory = memory
        self.session = Session()
        self._now = Moment(0.0, 0.0)
        self._events: list[e.Event] = []

    def execute(self, command: c.Command, *, now: Moment, entropy: Entropy) -> tuple[e.Event, ...]:
        """Carry out `command` and tell what happened. Raises a `Refused`, and then only the event log may be new."""
        before = self.memory, self.session
        self._now, self._events = now, []
        try:
            self._HANDLERS[type(command)](self, command, entropy)
        except Refused as refusal:
            self.memory, self.session = before
            if refusal.event is not None:
                self._record(refusal.event)
            raise
        except BaseException:
            self.memory, self.session = before
            raise
        return tuple(self._events)

    # Reading

    def setting(self, name: str) -> Setting:
        """Raises UnknownSetting."""
        try:
            return self.catalogue.settings[name]
        except KeyError:
            raise UnknownSetting(
                f"this model has no setting {name[:80]!r}; names are compared exactly"
            ) from None

    def value(self, name: str) -> str:
        """What the setting interface tells: the stored value, which may still wait for a restart."""
        setting = self.setting(name)
        if setting.derived:
            return TELLERS[setting.derived](self.memory, self.catalogue)
        return self.memory.settings.get(name, setting.default)

    def pending(self) -> dict[str, tuple[str, str]]:
        """Changes that act at the next restart: name → (value in force, value stored)."""
        stored, effective = self.memory.settings, self.session.effective
        return {
            name: (effective.get(name, ""), value)
            for name, value in stored.items()
            if self.session.phase is not Phase.OFF and effective.get(name) != value
        }

    # Power

    def _power_on(self, command: c.PowerOn, entropy: Entropy) -> None:
        boot.require(self.session.phase, Step.POWER_ON)
        self._begin_boot(attended=command.attended, entropy=entropy)

    def _power_off(self, _command: c.PowerOff, _entropy: Entropy) -> None:
        boot.require(self.session.phase, Step.POWER_OFF)
        self._keep_wait()
        self.memory = replace(self.memory, boot=replace(self.memory.boot, running=False))
        self.session = Session()
        self._events.append(e.PhaseEntered(Phase.OFF))

    def _restart(self, _command: c.Restart, entropy: Entropy) -> None:
        boot.require(self.session.phase, Step.RESTART)
        self._reboot(entropy)

    def _reboot(self, entropy: Entropy) -> None:
        self._keep_wait()
        self._begin_boot(attended=self.session.attended, entropy=entropy)

    def _begin_boot(self, *, attended: bool, entropy: Entropy) -> None:
        boots = replace(self.memory.boot, boots=self.memory.boot.boots + 1, running=True)
        self.memory = replace(self.memory, boot=boots)
        if self.value(presence.INTERFACE) == "Disable":
            self._store(self.memory.waiting)
        door = guard.opened(self.memory.guard, entropy.octets(NONCE_SIZE), self._now)
        self.session = Session(Phase.POST, attended, door)
        self._ask_presence(entropy)

    def _ask_presence(self, entropy: Entropy) -> None:
        """The next prompt if somebody is there to answer it, else POST with the settings that now act."""
        prompt = presence.next_prompt(self.memory, entropy) if self.session.attended else None
        phase = Phase.POST if prompt is None else Phase.PRESENCE
        self.session = replace(self.session, phase=phase, prompt=prompt, effective=self.memory.settings)
        self._events.append(e.PhaseEntered(phase))

    def _keep_wait(self) -> None:
        """What is left of the wait for a challenge survives; it counts powered-on time only."""
        wait = math.ceil(guard.wait_left(self.session.door, self._now))
        if wait != self.memory.guard.wait:
            self.memory = replace(self.memory, guard=replace(self.memory.guard, wait=wait))

    # Physical presence

    def _answer_presence(self, command: c.AnswerPresence, entropy: Entropy) -> None:
        prompt = self._prompt()
        if presence.matches(prompt, command.code):
            self._grant(prompt.subject)
            self._ask_presence(entropy)
        elif prompt.tries_left > 1:
            self.session = replace(self.session, prompt=replace(prompt, tries_left=prompt.tries_left - 1))
            self._events.append(e.PresenceWrong(prompt.tries_left - 1))
        else:
            self._events.append(e.RestartForced("the code was wrong several times; the change still waits"))
            self._reboot(entropy)

    def _refuse_presence(self, _command: c.RefusePresence, entropy: Entropy) -> None:
        if self._prompt().subject is Subject.KEYS:
            self._platform(secure_platform.refuse(self.memory.platform))
        else:
            self.memory = replace(self.memory, waiting={})
        self._ask_presence(entropy)

    def _prompt(self) -> Prompt:
        boot.require(self.session.phase, Step.ANSWER_PRESENCE)
        assert self.session.prompt is not None  # the phase exists only with a prompt
        return self.session.prompt

    def _grant(self, subject: Subject) -> None:
        if subject is Subject.KEYS:
            self._platform(secure_platform.confirm(self.memory.platform))
        else:
            self._store(self.memory.waiting)

    # The door of Computer Setup

    def _enter_setup(self, _command: c.EnterSetup, entropy: Entropy) -> None:
        boot.require(self.session.phase, Step.SETUP_KEY)
        guarded = bios_auth.local_access_key(self.memory.authentication) is not None
        self._enter(Phase.CHALLENGE if guarded else Phase.SETUP)
        if guarded and guard.wait_left(self.session.door, self._now) == 0:
            self._issue(entropy)

    def _refresh_challenge(self, _command: c.RefreshChallenge, entropy: Entropy) -> None:
        boot.require(self.session.phase, Step.ANSWER_CHALLENGE)
        self._issue(entropy)

    def _issue(self, entropy: Entropy) -> None:
        key = bios_auth.local_access_key(self.memory.authentication)
        assert key is not None  # the phase exists only with a key
        door = guard.issued(self.session.door, key, self.memory.identity, Purpose.SETUP, self._now, entropy)
        self.session = replace(self.session, door=door)
        self._keep_wait()
        assert door.live is not None  # just issued
        self._events.append(e.ChallengeIssued(door.live.challenge.text))

    def _count_response(self, command: c.CountResponse, _entropy: Entropy) -> None:
        boot.require(self.session.phase, Step.ANSWER_CHALLENGE)
        door, paid = guard.counted(self.session.door, self.memory.guard, command.code, self._now)
        self.session = replace(self.session, door=door)
        self.memory = replace(self.memory, guard=paid)

    def _compare_response(self, command: c.CompareResponse, entropy: Entropy) -> None:
        boot.require(self.session.phase, Step.ANSWER_CHALLENGE)
        if guard.compared(self.session.door, command.code):
            self._clear_misses()
            self.session = replace(self.session, door=replace(self.session.door, live=None, counted=False))
            self._enter(Phase.SETUP)
        elif self.session.door.tries_left > 0:
            self.session = replace(self.session, door=replace(self.session.door, counted=False))
            self._events.append(e.ResponseWrong(self.session.door.tries_left))
        else:
            self._record(EventCode.WRONG_RESPONSE_CODES)
            self._events.append(e.RestartForced("the response code was wrong three times"))
            self._reboot(entropy)

    def _clear_misses(self) -> None:
        if self.memory.guard.misses or self.memory.guard.wait:
            self.memory = replace(self.memory, guard=Guard(tail=self.memory.guard.tail))
        self.session = replace(self.session, door=replace(self.session.door, may_issue=0.0))

    def _continue(self, _command: c.Continue, _entropy: Entropy) -> None:
        boot.require(self.session.phase, Step.CONTINUE)
        self.session = replace(
            self.session, staged={}, door=replace(self.session.door, live=None, counted=False)
        )
        self._enter(Phase.OPERATING_SYSTEM)

    def _enter(self, phase: Phase) -> None:
        self.session = replace(self.session, phase=phase)
        self._events.append(e.PhaseEntered(phase))

    # Settings

    def _stage(self, command: c.StageSetting, _entropy: Entropy) -> None:
        boot.require(self.session.phase, Step.EDIT)
        setting = self.setting(command.name)
        self._require(setting, command.value, Requester.LOCAL)
        value = command.value
        if setting.keeper is Keeper.ORDINARY:
            value = settings.accepted(setting, value)
        staged = {**self.session.staged, command.name: value}
        if value == self.value(command.name):
            del staged[command.name]
        self.session = replace(self.session, staged=staged)
        self._events.append(e.SettingStaged(command.name, value))

    def _save(self, _command: c.SaveAndExit, entropy: Entropy) -> None:
        boot.require(self.session.phase, Step.EDIT)
        for name, value in self.session.staged.items():
            self._change(self.setting(name), value)
        self._reboot(entropy)

    def _set_setting(self, command: c.SetSetting, _entropy: Entropy) -> None:
        boot.require(self.session.phase, Step.MANAGE)
        setting = self.setting(command.name)
        if not command.authorization.startswith(SIGNED_PREFIX):
            self._require_no_password(command.authorization)
            self._require(setting, command.value, Requester.REMOTE)
            self._change(setting, command.value)
            return
        change = bios_auth.verified(
            command.name,
            command.value,
            command.authorization,
            secure_platform.verification_key(self.memory.platform),
            self.memory.identity.machine.bytes_le,
            self.memory.counters,
        )
        self._require(setting, change.value, Requester.SIGNED)
        self._change(setting, change.value)
        self.memory = replace(self.memory, counters=bios_auth.counted(self.memory.counters, change))
        self._clear_misses()

    def _require_no_password(self, authorization: str) -> None:
        """No setup password can be set yet, so nothing but an empty one, in either spelling, is a proof of nothing."""
        if authorization.removeprefix(PASSWORD_PREFIX):
            raise AccessDenied("a password came, but no setup password is set on this machine; send none")

    def _require(self, setting: Setting, value: str, requester: Requester) -> None:
        access.require(setting, value, requester, mode_on=self.memory.authentication.enabled)

    def _change(self, setting: Setting, value: str) -> None:
        """Carry out a change that was allowed. Raises ValueNotAllowed."""
        if setting.keeper is Keeper.AUTHENTICATION_MODE:
            value = settings.accepted(setting, value)
            self._authentication(bios_auth.switched(self.memory.authentication, value))
        elif setting.keeper is Keeper.LOCAL_ACCESS_KEY:
            number = int(setting.name.removeprefix(bios_auth.LOCAL_ACCESS_KEY))
            self._authentication(bios_auth.with_key(self.memory.authentication, number, value))
        elif setting.physical_presence and self.value(presence.INTERFACE) != "Disable":
            self._wait_for_presence(setting.name, settings.accepted(setting, value))
            return
        else:
            self._store({setting.name: settings.accepted(setting, value)})
            return
        self._events.append(e.SettingStored(setting.name, value))

    def _wait_for_presence(self, name: str, value: str) -> None:
        waiting = {**self.memory.waiting, name: value}
        if value == self.value(name):
            del waiting[name]
        self.memory = replace(self.memory, waiting=waiting)
        self._events.append(e.SettingWaits(name, value))

    def _store(self, values: Mapping[str, str]) -> None:
        if not values:
            return
        interface = self.value(presence.INTERFACE)
        waiting = {name: value for name, value in self.memory.waiting.items() if name not in values}
        self.memory = replace(self.memory, settings={**self.memory.settings, **values}, waiting=waiting)
        self._events += [e.SettingStored(name, value) for name, value in values.items()]
        if self.value(presence.INTERFACE) != interface:
            off = interface != "Disable"
            self._record(EventCode.CONSENT_PROMPTS_OFF if off else EventCode.CONSENT_PROMPTS_ON)

    # Keys

    def _set_endorsement_key(self, command: c.SetEndorsementKey, _entropy: Entropy) -> None:
        boot.require(self.session.phase, Step.MANAGE)
        self._platform(secure_platform.set_endorsement_key(self.memory.platform, command.data))
        self._events.append(e.KeysAccepted(restart_needed=True))

    def _set_signing_key(self, command: c.SetSigningKey, _entropy: Entropy) -> None:
        boot.require(self.session.phase, Step.MANAGE)
        used = bios_auth.features(self.memory.authentication)
        self._platform(secure_platform.set_signing_key(self.memory.platform, command.data, used))
        self._events.append(e.KeysAccepted(secure_platform.awaits_presence(self.memory.platform)))

    def _platform(self, accepted: secure_platform.Accepted) -> None:
        self.memory = replace(self.memory, platform=accepted.platform)
        if accepted.event is not None:
            self._record(accepted.event)

    def _authentication(self, changed: bios_auth.Changed) -> None:
        self.memory = replace(self.memory, authentication=changed.authentication)
        for code in changed.events:
            self._record(code)

    def _record(self, code: EventCode) -> None:
        self.memory = replace(self.memory, log=self.memory.log.appended(code, self._now.unix))
        self._events.append(e.Recorded(code))

    _HANDLERS: ClassVar[Mapping[type[Any], Callable[..., None]]] = {
        c.PowerOn: _power_on,
        c.PowerOff: _power_off,
        c.Restart: _restart,
        c.EnterSetup: _enter_setup,
        c.Continue: _continue,
        c.AnswerPresence: _answer_presence,
        c.RefusePresence: _refuse_presence,
        c.RefreshChallenge: _refresh_challenge,
        c.CountResponse: _count_response,
        c.CompareResponse: _compare_response,
        c.StageSetting: _stage,
        c.SaveAndExit: _save,
        c.SetSetting: _set_setting,
        c.SetEndorsementKey: _set_endorsement_key,
        c.SetSigningKey: _set_signing_key,
    }


def manufactured(catalogue: Catalogue, identity: Identity) -> Memory:
    """The memory of a machine that leaves the factory: every setting at its default, no keys, no events."""
    stored = {name: setting.default for name, setting in catalogue.stored.items()}
    return Memory(identity, settings=stored, boot=Boot())
