"""One emulated PC as a test meets it: asked and changed as by its operating system, and sat before as by a person.

What a test does goes the way that a tool or a person goes; nothing is written into the machine from aside. Two things only tests can do: they
look at settings in every phase, and their PC's clock stands still until `wait`.

    with PC.new() as pc:                                # or the fixture `target_pc`, `provisioned_pc`, `unlocked_pc`
        pc.set("USB Storage Boot", "Disable")
        pc.restart()
        assert pc.get("USB Storage Boot") == "Disable"
        subprocess.run(["bcu", "/getvalue:Secure Boot"], env=pc.environment, check=True)

A PC lives in memory. From the first use of `home` or `environment` on it lies on disk, running, and tools of other processes meet it.
"""

import itertools
import math
import os
import sysconfig
import time
import weakref
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from emulator import model_files, models
from emulator.devices.clock import FixedClock
from emulator.devices.wmi import Answer
from emulator.firmware import commands as c
from emulator.firmware import guard
from emulator.firmware import quirks as quirk_values
from emulator.firmware.boot import Phase
from emulator.firmware.events import ResponseWrong, RestartForced
from emulator.firmware.model_text import MalformedModel
from emulator.machine import TargetPC
from emulator.models import likeness
from emulator.protocol import password as password_text
from emulator.protocol.errors import ProtocolError
from emulator.protocol.status import SettingStatus
from emulator.testing.held import Held, MakeFolder
from emulator.testing.refusals import Impossible, NotAPayload, NothingShown, Refused
from emulator.testing.secret import Environment
from firmware_store import FOUR_MEGABYTE, FlashImage, MemoryImage


class PC:
    """One emulated PC. Made by `new` or `clone`, or by a fixture, and switched on.

    Whatever asks or changes a PC on disk raises `firmware_store.StoreError`, too, if the disk fails; then nothing was changed.
    """

    def __init__(self, held: Held) -> None:
        """Not promised: use `new`."""
        self._held = held
        self._numbers = itertools.count()
        self._clones: weakref.WeakValueDictionary[int, PC] = weakref.WeakValueDictionary()

    @classmethod
    def new(
        cls,
        model: str = models.DEFAULT,
        *,
        quirks: Mapping[str, str] | None = None,
        serial: str | None = None,
        on: bool = True,
        make_folder: MakeFolder | None = None,
    ) -> Self:
        """A PC as it leaves the factory, with its operating system running unless `on` is False.

        `model` is a packaged model's name or the path of a model's file (docs/models.md), `quirks` names and values of docs/quirks.md.
        `serial` is at most 32 characters of printable ASCII, and drawn if it is not given, as the UUID always is. `make_folder` makes a new,
        empty folder for `home` of this PC or of a clone, should it be used; else that is a temporary one until `close`. Raises ValueError with a
        sentence for what does not exist.
        """
        try:
            named = model_files.named(model)
            chosen = quirk_values.chosen(dict(quirks or {}))
        except (
            models.UnknownModel,
            models.ModelRefused,
            model_files.UnreadableModel,
            MalformedModel,
            quirk_values.UnknownQuirk,
        ) as error:
            raise Impossible(str(error)) from None
        clock = FixedClock(time.time(), time.monotonic())
        machine = TargetPC.manufacture(
            MemoryImage(FOUR_MEGABYTE), model=named.catalogue, quirks=chosen, serial=serial, clock=clock
        )
        pc = cls(Held(machine, clock, model_text=named.text, make_folder=make_folder))
        if on:
            pc.power_on()
        return pc

    def clone(self, make_folder: MakeFolder | None = None, *, serial: str | None = None) -> Self:
        """The same PC in the same moment, in memory; neither learns of what becomes of the other, but to `close` this one closes the clone.

        With `serial` it is another machine with the same keys and settings: that serial number, as of `new`, and a fresh UUID. Raises ValueError
        for an impossible one, or while a challenge is on the screen, which names the machine. `make_folder` as of `new`; else the original's.
        """
        twin = type(self)(self._held.clone(make_folder, serial))
        self._clones[next(self._numbers)] = twin
        return twin

    def __repr__(self) -> str:
        return f"<PC {self.serial}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- what it is ---

    @property
    def serial(self) -> str:
        """The serial number."""
        return self._machine.firmware.memory.identity.serial

    @property
    def uuid(self) -> str:
        """The UUID of SMBIOS, 32 hexadecimal digits in lower case with hyphens: to it an order can be bound."""
        return str(self._machine.firmware.memory.identity.machine)

    @property
    def phase(self) -> str:
        """Where the PC is: "off", "operating system", "response-code prompt", "Computer Setup", "physical-presence prompt", and so on.

        docs/testing.md lists them all.
        """
        return self._machine.firmware.session.phase.value

    @property
    def has_secure_platform(self) -> bool:
        """Whether this model takes keys at all (docs/models.md)."""
        return self._machine.firmware.catalogue.has_secure_platform

    @property
    def image(self) -> FlashImage:
        """The flash image, 4 MiB: a `firmware_store.MemoryImage`, or `firmware_store.Image` once the PC lies on disk.

        Its variables: docs/formats.md, "Variables in the flash image".
        """
        return self._held.image

    def report(self) -> dict[str, Any]:
        """The state as `f10 status --json` prints it: machine, keys by their ids, authentication, passwords, pending changes, the last ten events."""
        with self._held.exclusively():
            return self._machine.report()

    # --- settings ---

    def get(self, name: str) -> str:
        """A setting's stored value, in every phase; passwords and secrets are told as "". Raises Refused for an unknown name.

        It is the value's text as WMI tells it (docs/doors.md, "WMI"). What was changed since the last start may still wait for a restart.
        """
        with self._held.exclusively():
            firmware = self._machine.firmware
            if name not in firmware.catalogue.every:
                meant = likeness.surely_meant(name, firmware.catalogue.every)
                raise Refused(
                    f"this PC has no setting {name[:80]!r}; names are compared exactly{meant}",
                    SettingStatus.UNKNOWN_SETTING.value,
                )
            return firmware.value(name)

    def settings(self) -> dict[str, str]:
        """Every setting that the PC lists, in the order of the list, with its stored value as `get` tells it."""
        with self._held.exclusively():
            machine = self._machine
            listed = (str(each["Name"]) for each in machine.wmi.instances())
            return {name: machine.firmware.value(name) for name in listed}

    def set(self, name: str, value: str, *, password: str = "", authorization: str = "") -> None:
        """SetBIOSSetting from the operating system: three strings (docs/doors.md, "WMI"). Raises Refused.

        `password` is the administrator's as it is typed, `authorization` a signature `<BEAM/>...` such as `Admin.authorization` makes; at most
        one of them, else ValueError. Who may change what: docs/access.md. The new value of a password setting is the password as it is typed.
        """
        if password and authorization:
            raise ValueError("a setting is proved by a password or by an authorization, not by both")
        proof = password_text.utf_16(password) if password else authorization
        sent = password_text.utf_16(value) if name in password_text.SETTINGS else value
        _judge(self._held.carried_out(lambda pc: pc.wmi.set_bios_setting(name, sent, proof)))

    def apply(self, payload: bytes, *, file_digest: bytes | None = None) -> None:
        """Apply the bytes of a payload file from the operating system (docs/doors.md, "Payload files"). Raises Refused or NotAPayload.

        `file_digest` is the SHA-256 (32 bytes) of the firmware file that a payload allows.
        """
        try:
            _judge(self._held.carried_out(lambda pc: pc.apply(payload, file_digest)))
        except ProtocolError as error:
            raise NotAPayload(str(error)) from None

    # --- power ---

    def power_on(self, *, presence: bool = True, password: str = "") -> None:
        """Switch on and go to the operating system. Raises Refused.

        With `presence` somebody stands there who reads the code of a physical-presence prompt and types it, and acknowledges an open cover.
        Without, nobody does: what needs presence stays waiting. `password` is typed at a power-on prompt; without it the PC stays there.
        """
        self._held.switch_on(attended=presence)
        self._held.pass_prompts(password)
        self._held.go_on()

    def power_off(self) -> None:
        """Switch off. A PC on disk can then be switched on by tools. Raises Refused."""
        self._held.switch_off()

    def restart(self, *, presence: bool = True, password: str = "") -> None:
        """Switch off and on again, as `power_on`. Raises Refused, also for a PC that is off."""
        self.power_off()
        self.power_on(presence=presence, password=password)

    def wait(self, seconds: float) -> None:
        """Let seconds pass on the PC's clock, which stands still otherwise. Raises ValueError for a number below 0 or none at all.

        A challenge is good for 600 seconds (docs/formats.md, "The challenge, version 1"). At its prompt one that expired is followed by a new one,
        and so is the time that several wrong codes cost, as on the real screen.
        """
        if not (math.isfinite(seconds) and seconds >= 0):
            raise ValueError(f"time passes by a finite number of seconds from 0 on; {seconds} came")
        self._held.wait(seconds)

    # --- before the screen ---

    def enter_setup(self, *, password: str = "") -> None:
        """Restart, or switch on, and press F10: the PC is in Computer Setup, or before the prompt that guards it.

        `password` is typed at prompts for one. Raises Refused, also for a wrong one. Then `phase` is "Computer Setup", "response-code prompt" or "password prompt".
        """
        if self._held.phase is not Phase.OFF:
            self.power_off()
        self._held.switch_on()
        self._held.pass_prompts(password)
        self._held.do(c.EnterSetup())
        if password and self._held.phase is Phase.PASSWORD:
            self._held.do(c.TypePassword(password))

    @property
    def challenge(self) -> str:
        """The text of the challenge on the screen, as its QR code bears it: JSON (docs/formats.md). Raises NothingShown."""
        live = guard.good(self._machine.firmware.session.door, self._held.clock.now())
        if self._held.phase is not Phase.CHALLENGE or live is None:
            raise NothingShown(
                f"the screen shows no challenge: the PC is in the phase {self.phase!r}; enter_setup() asks for one, and after several "
                "wrong codes wait(seconds) until there is one"
            )
        return live.challenge.text

    def challenge_picture(self) -> bytes:
        """The challenge as the screen saves it for phones: PNG, black on white, 8 pixels a module. Raises NothingShown."""
        from emulator import qr  # noqa: PLC0415 -- few tests need pictures
        from emulator.setup import pictures  # noqa: PLC0415

        return pictures.png(qr.matrix(self.challenge))

    def new_challenge(self) -> None:
        """Ask for a new code at the prompt (R). Raises Refused while the PC makes somebody wait."""
        self._held.do(c.RefreshChallenge())

    def answer(self, pin: str) -> bool:
        """Type the eight digits at the prompt; True if they were right. Raises Refused for what is no code, which costs no try.

        After three wrong ones in one start the PC restarts by itself and is in the phase "power-on self-test"; `restart` goes on from there.
        """
        events = self._held.carried_out(lambda pc: pc.answer(pin))
        return not any(isinstance(event, ResponseWrong | RestartForced) for event in events)

    def change(self, name: str, value: str) -> None:
        """In Computer Setup: change a setting on the screen. It is stored by `save`. Raises Refused."""
        self._held.do(c.StageSetting(name, value))

    def change_password(self, name: str, new: str, current: str = "") -> None:
        """In Computer Setup: set, change or (with "") clear a password such as "Setup Password". It acts at once. Raises Refused."""
        self._held.do(c.ChangePassword(name, new, current))

    def save(self, *, password: str = "") -> None:
        """In Computer Setup: save changes and exit. The PC restarts and goes to its operating system, as `power_on`. Raises Refused."""
        self._held.do(c.SaveAndExit())
        self._held.pass_prompts(password)
        self._held.go_on()

    def screen(self, size: tuple[int, int] = (80, 24)) -> str:
        """What the screen shows in a window of so many columns and rows (docs/screen.md), as plain text; "" while the PC is off.

        Looking changes nothing. Raises ValueError for a window without a cell. The cells of a challenge and a presence code are masked with ░.
        """
        from emulator.testing import screen  # noqa: PLC0415 -- Textual, which most tests do without

        if min(size) < 1:
            raise ValueError(f"a window has at least 1 column and 1 row; {size} came")
        twin = self._held.clone()
        return "" if twin.phase is Phase.OFF else screen.text_of(twin.machine, size)

    # --- on disk ---

    @property
    def home(self) -> Path:
        """The world's folder, as `f10 --home` takes it. From now on the PC lies in its folder "pc", and runs if it ran. Raises OSError."""
        return self._held.home

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which `bcu` and `f10` are found and meet this PC: this process's, with F10_HOME, and their folder first in PATH.

        From now on the PC lies on disk, as of `home`. Raises OSError.
        """
        scripts = sysconfig.get_path("scripts")
        path = os.pathsep.join(filter(None, (scripts, os.environ.get("PATH", os.defpath))))
        return Environment({**os.environ, "F10_HOME": str(self.home), "PATH": path})

    def close(self) -> None:
        """End, and end the clones: a PC that runs on disk loses its power, its lock is free, its temporary folder gone. Fixtures do this by themselves."""
        for clone in list(self._clones.values()):
            clone.close()
        self._held.close()

    def _family(self) -> Iterator["PC"]:
        """The PC itself and its clones, and theirs, as far as somebody holds them."""
        yield self
        for clone in list(self._clones.values()):
            yield from clone._family()  # noqa: SLF001 -- of the same class

    @property
    def _machine(self) -> TargetPC:
        return self._held.machine


def _judge(answer: Answer) -> None:
    if not answer.accepted:
        raise Refused(answer.sentence, int(answer.status))
