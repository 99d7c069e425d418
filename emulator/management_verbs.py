"""The WMI of a running PC at its management door: settings asked and set, files of them applied, raw calls.

Each of these verbs is a command to the operating system, refused where none runs with the phase and the key to press. What scripts
meet on a machine without the vendor's provider is a quirk: then the verbs that go through it are refused with the namespace
that is missing. The raw interface lies below every provider and stays.
"""

from collections.abc import Callable, Mapping

from emulator.devices import platform_state
from emulator.devices.wmi import SECURE_PLATFORM, CommandType
from emulator.firmware import boot
from emulator.firmware.boot import Step
from emulator.machine import TargetPC
from emulator.management_answers import described
from emulator.management_request import Request, base64_member, number_member, text_member
from emulator.management_socket import Reply, text
from emulator.models import likeness
from emulator.protocol.status import SettingStatus

Verb = Callable[[TargetPC, Request], Reply]

MISSING: Mapping[str, str] = {
    "no settings namespace": "root\\HP\\InstrumentedBIOS",
    "no HP namespace": "root\\HP",
    "no CIM namespace": "root\\CIMV2",
}
"""Values of the quirk `wmi_provider` that are not the usual, and what is not there then."""


def carried_out(pc: TargetPC, verb: str, request: Request) -> Reply:
    """Raises WrongPhase, ProtocolError or StoreError."""
    boot.require(pc.firmware.session.phase, Step.MANAGE)
    if verb in BELOW:
        return BELOW[verb](pc, request)
    if missing := MISSING.get(pc.firmware.catalogue.quirks.wmi_provider):
        sentence = f"the namespace {missing} is not there: this machine lacks the vendor's provider (quirk wmi_provider)"
        return {"ok": False, "error": sentence, "missing": missing}
    return VERBS[verb](pc, request)


def _query(pc: TargetPC, request: Request) -> Reply:
    return {"ok": True, "instances": pc.wmi.query(text_member(request, "query"))}


def _instances(pc: TargetPC, _: Request) -> Reply:
    return {"ok": True, "instances": pc.wmi.instances()}


def _get(pc: TargetPC, request: Request) -> Reply:
    name = text_member(request, "name")
    instance = pc.wmi.get(name)
    if instance is not None:
        return {"ok": True, "instance": instance}
    sentence = f"this PC has no setting {name[:80]!r}; names are compared exactly{_meant(pc, name)}"
    return {"ok": False, "error": sentence, "unknown": True}


def _meant(pc: TargetPC, name: str) -> str:
    """Which setting somebody meant who wrote another machine's name for it, or nearly its own."""
    every = pc.firmware.catalogue.every
    folded = name.casefold()
    known = (each.name for each in every.values() if folded in (alias.casefold() for alias in each.aliases))
    alias = next(known, "")
    return f"; {alias!r} may be meant" if alias else likeness.surely_meant(name, every)


def _set(pc: TargetPC, request: Request) -> Reply:
    name, value = text_member(request, "name"), text_member(request, "value")
    answer = pc.wmi.set_bios_setting(name, value, text_member(request, "authorization", ""))
    if answer.status is SettingStatus.UNKNOWN_SETTING:
        answer = answer._replace(sentence=answer.sentence + _meant(pc, name))
    return described(answer)


def _defaults(pc: TargetPC, request: Request) -> Reply:
    return described(pc.wmi.set_system_defaults(text_member(request, "authorization", "")))


def _apply_file(pc: TargetPC, request: Request) -> Reply:
    # What reads CSV, XML and so on is much to import, and a single setting needs none of it.
    from emulator import repset_replies
    from emulator.devices import settings_file
    from emulator.protocol import setting_files

    file = setting_files.parse(base64_member(request, "file"))
    proof = text_member(request, "authorization", "")
    results = settings_file.applied(pc.execute, pc.firmware, file, proof, likeness.surely_meant)
    return repset_replies.reply(results)


def _invoke(pc: TargetPC, request: Request) -> Reply:
    output = pc.wmi.invoke(
        text_member(request, "guid"),
        number_member(request, "method", 0) if "method" in request else None,
        base64_member(request, "input"),
        number_member(request, "output_size", 0),
    )
    return {"ok": True, "output": text(output)}


def _state(pc: TargetPC, _: Request) -> Reply:
    answer = pc.wmi.command(SECURE_PLATFORM, CommandType.GET_STATE)
    if not answer.accepted:
        return described(answer)
    return {
        "ok": True,
        "state": platform_state.told(pc.firmware),
        "kernel": text(answer.data),
        "helper": text(pc.wmi.helper_state()),
    }


def _attributes(pc: TargetPC, _: Request) -> Reply:
    """Everything that the Linux driver asks for when it is loaded, at once."""
    from emulator.devices import raw_wmi

    firmware, memory = pc.firmware, pc.firmware.memory
    state = platform_state.for_driver(firmware) if firmware.catalogue.has_secure_platform else None
    return {
        "ok": True,
        "machine": str(memory.identity.machine),
        "model": firmware.catalogue.model,
        "boots": memory.boot.boots,
        "instances": [raw_wmi.whole(firmware, each) for each in firmware.catalogue.settings.values()],
        "secure_platform": None if state is None else text(state),
    }


VERBS: Mapping[str, Verb] = {
    "query": _query,
    "instances": _instances,
    "get": _get,
    "set": _set,
    "defaults": _defaults,
    "apply-file": _apply_file,
    "state": _state,
}
"""Through the vendor's provider."""

BELOW: Mapping[str, Verb] = {"invoke": _invoke, "attributes": _attributes}
"""Through the firmware's own interface."""

ALL = frozenset(VERBS) | frozenset(BELOW)
