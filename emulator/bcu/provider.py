"""The firmware as BCU sees it: instances and methods of the management provider, asked at the PC's management door.

A PC that is off is switched on for the time of one command. What cannot be reached has codes of its own: the namespace of the settings,
the vendor's, or all of CIM, and 16 for everything else that keeps a PC from answering.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from emulator import demo, headless
from emulator.bcu.return_codes import ReturnCode, Stopped
from emulator.management_socket import Ask, Reply, file_request

Instance = Mapping[str, object]

MODE = "Enhanced BIOS Authentication Mode"
PASSWORD = "Setup Password"  # noqa: S105 -- the name of a setting

_NAMESPACES = {
    "root\\HP\\InstrumentedBIOS": ReturnCode.NO_SETTINGS_NAMESPACE,
    "root\\HP": ReturnCode.NO_HP_NAMESPACE,
    "root\\CIMV2": ReturnCode.NO_CIM_NAMESPACE,
}


class UnknownToProvider(Exception):
    """A name that no setting of this machine has."""


class Provider:
    """The provider of one PC, for one command."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    @cached_property
    def instances(self) -> list[Instance]:
        """All settings as they stood when somebody first asked, in the order of their Sequence."""
        told = self._answer({"verb": "instances"})["instances"]
        return [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []

    def instance(self, name: str) -> Instance | None:
        return next((each for each in self.instances if each["Name"] == name), None)

    def told(self, name: str) -> Instance | None:
        """One setting, also one that the machine does not list."""
        try:
            return self.named(name)
        except UnknownToProvider:
            return None

    def named(self, name: str) -> Instance:
        """The same. Raises UnknownToProvider, which says which name may be meant."""
        instance = self._answer({"verb": "get", "name": name})["instance"]
        return instance if isinstance(instance, dict) else {}

    @property
    def signatures_only(self) -> bool:
        """Whether the firmware obeys the signing key and nobody else."""
        mode = self.instance(MODE)
        return mode is not None and mode["CurrentValue"] == "Enable"

    def apply(self, file: bytes, authorization: str) -> Reply:
        """Have a file of settings applied; the reply has a result for each entry."""
        return self._answer(file_request(file, authorization))

    def set(self, name: str, value: str, authorization: str) -> Reply:
        """SetBIOSSetting."""
        return self._answer({"verb": "set", "name": name, "value": value, "authorization": authorization})

    def set_defaults(self, authorization: str) -> Reply:
        """SetSystemDefaults."""
        return self._answer({"verb": "defaults", "authorization": authorization})

    def quirks(self) -> Mapping[str, object]:
        """How this machine differs from the usual."""
        report = self._answer({"verb": "status"})["report"]
        quirks = report.get("quirks") if isinstance(report, dict) else None
        return quirks if isinstance(quirks, dict) else {}

    def _answer(self, request: Reply) -> Reply:
        """A reply that tells something. Raises Stopped for one that only says why there is none."""
        reply = self._ask(request)
        if reply.get("ok") or "results" in reply or "status" in reply:
            return reply
        if reply.get("unknown"):
            raise UnknownToProvider(str(reply.get("error")))
        missing = _NAMESPACES.get(str(reply.get("missing")), ReturnCode.NO_PROVIDER)
        raise Stopped(missing, str(reply.get("error")))


@contextmanager
def reached(home: Path) -> Iterator[Provider]:
    """The provider of the PC below the home folder; where there is none, a demo world is made, as for every tool.

    Whatever keeps it from answering becomes Stopped.
    """
    try:
        with headless.operating(demo.pc_folder(home)) as ask:
            yield Provider(ask)
    except Exception as error:
        if not isinstance(error, _expected()):
            raise
        raise Stopped(ReturnCode.NO_PROVIDER, str(error)) from None


def _expected() -> tuple[type[Exception], ...]:
    """Why a PC cannot be asked; imported only when one could not."""
    from emulator.companions import CompanionError
    from emulator.firmware.model_text import MalformedModel
    from emulator.firmware.variables import DamagedVariable
    from emulator.machine import NotAMachine
    from emulator.management_socket import DoorClosed
    from emulator.model_files import UnreadableModel
    from emulator.models import ModelRefused, UnknownModel
    from emulator.pc_folder import PCFolderError
    from emulator.protocol.errors import ProtocolError
    from firmware_store import StoreError

    return (
        CompanionError,
        DamagedVariable,
        DoorClosed,
        MalformedModel,
        ModelRefused,
        NotAMachine,
        PCFolderError,
        ProtocolError,
        StoreError,
        UnknownModel,
        UnreadableModel,
    )
