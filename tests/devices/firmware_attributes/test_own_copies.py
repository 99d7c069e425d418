"""What a client has of its own and the firmware has too: the same on both sides."""

from emulator.devices import wmi, wmi_classes
from emulator.devices.firmware_attributes import audit_log, kinds, secure_platform_folder
from emulator.firmware.catalogue import Kind


def test_the_numbers_of_the_commands() -> None:
    spm = secure_platform_folder
    assert spm.COMMAND == wmi.SECURE_PLATFORM
    assert list(wmi.CommandType) == [spm.GET_STATE, spm.SET_KEK, spm.SET_SK]
    assert audit_log.COMMAND == wmi.SURE_START
    assert list(wmi.LogType) == [audit_log.GET_COUNT, audit_log.GET_ENTRY]
    assert audit_log.ENTRY_REPLY == wmi.LOG_ENTRY_REPLY


def test_the_classes_of_the_kinds() -> None:
    assert wmi_classes.CLASS_OF[Kind.PASSWORD] == kinds.PASSWORD
    assert {*kinds.KINDS, kinds.PASSWORD} == set(wmi_classes.CLASS_OF.values())
    for kind, name in wmi_classes.CLASS_OF.items():
        if kind is not Kind.PASSWORD:
            assert kinds.KINDS[name].type == kind.value.replace(" ", "-")
