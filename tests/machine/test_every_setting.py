"""Every setting of every model: each legal value is taken and kept, each illegal one refused, each condition holds both ways."""

from pathlib import Path

import pytest

from emulator import models
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware import variables
from emulator.firmware.boot import Phase
from emulator.firmware.catalogue import Setting
from emulator.firmware.firmware import Firmware
from emulator.firmware.refusals import PrerequisiteNotMet, SetOnce, ValueNotAllowed
from emulator.firmware.settings import accepted
from emulator.machine import TargetPC
from emulator.protocol.status import SettingStatus
from firmware_store import FOUR_MEGABYTE, MemoryImage
from tests.firmware.bench import shown_code
from tests.machine.images import image_with
from tests.machine.legal_values import (
    EVERY,
    PASSWORD,
    WITH_CONDITIONS,
    changeable,
    illegal,
    legal,
    with_condition,
)


def pc_for(setting: Setting, model: str) -> TargetPC:
    """A machine whose operating system runs and on which `setting` can be changed."""
    catalogue = models.packaged(model)
    pc = TargetPC(image_with(changeable(catalogue, setting), MemoryImage(FOUR_MEGABYTE)), model=catalogue)
    restart(pc)
    return pc


def restart(pc: TargetPC) -> None:
    """Switch off and on, with somebody there who types what is asked."""
    if pc.firmware.session.phase is not Phase.OFF:
        pc.execute(c.PowerOff())
    pc.execute(c.PowerOn())
    if pc.firmware.session.phase is Phase.POWER_ON_PASSWORD:
        pc.execute(c.TypePassword(PASSWORD))
    if pc.firmware.session.phase is Phase.PRESENCE:
        pc.execute(c.AnswerPresence(shown_code(pc)))
    pc.execute(c.Continue())


def proof(pc: TargetPC) -> str:
    return "" if pc.firmware.memory.passwords.administrator is None else f"<utf-16/>{PASSWORD}"


def seen_by_virt_firmware(pc: TargetPC, folder: Path) -> dict[str, bytes]:
    """The settings as another program reads them, the one behind virt-fw-vars."""
    edk2 = pytest.importorskip(
        "virt.firmware.varstore.edk2",
        reason="The program virt-firmware is missing; it would read our settings without our code.",
    )
    path = folder / "nvram.fd"
    path.write_bytes(pc.image.read())
    listed = edk2.Edk2VarStore(str(path)).get_varlist()
    return {
        str(each.name): bytes(each.data)
        for each in listed.values()
        if str(each.guid) == str(variables.SETTINGS)
    }


@pytest.mark.sampled(8)
@pytest.mark.parametrize(("model", "name"), EVERY)
def test_each_legal_value_is_taken_kept_over_a_restart_and_seen_by_others(
    model: str, name: str, tmp_path: Path
) -> None:
    setting = models.packaged(model).every[name]
    pc = pc_for(setting, model)
    for value in legal(setting):
        if setting.set_once:
            pc = pc_for(setting, model)
        pc.execute(c.SetSetting(name, value, proof(pc)))
        restart(pc)
        kept = setting.default if setting.momentary else accepted(setting, value)
        again = Firmware(
            pc.firmware.catalogue, TargetPC(pc.image, model=pc.firmware.catalogue).firmware.memory
        )
        assert again.memory.settings[name] == pc.firmware.session.effective[name] == kept
        assert pc.firmware.value(name) == ("" if setting.secret else kept)
        assert kept.encode() in seen_by_virt_firmware(pc, tmp_path)[name]


@pytest.mark.sampled(8)
@pytest.mark.parametrize(("model", "name"), EVERY)
def test_each_illegal_value_is_refused_with_its_code_and_changes_nothing(model: str, name: str) -> None:
    setting = models.packaged(model).every[name]
    pc = pc_for(setting, model)
    before = pc.image.read()
    for value in illegal(setting):
        with pytest.raises(ValueNotAllowed) as refusal:
            pc.execute(c.SetSetting(name, value, proof(pc)))
        assert refusal.value.setting_status is SettingStatus.INVALID_PARAMETER
        assert repr(name) in str(refusal.value)
    assert pc.image.read() == before


@pytest.mark.sampled(4)
@pytest.mark.parametrize(("model", "name", "number"), WITH_CONDITIONS)
def test_each_condition_makes_its_setting_grey_with_its_sentence_and_frees_it_again(
    model: str, name: str, number: int
) -> None:
    catalogue = models.packaged(model)
    setting = catalogue.every[name]
    condition = setting.requires[number]
    if catalogue.every[condition.setting].read_only:
        assert (
            catalogue.every[condition.setting].default in condition.values
        )  # nothing on this machine can break it
        return
    memory = with_condition(catalogue, changeable(catalogue, setting), condition, holds=False)
    pc = TargetPC(image_with(memory, MemoryImage(FOUR_MEGABYTE)), model=catalogue)
    restart(pc)
    value = next(each for each in legal(setting) if each != setting.default)
    with pytest.raises(PrerequisiteNotMet) as refusal:
        pc.execute(c.SetSetting(name, value, proof(pc)))
    assert refusal.value.setting_status is SettingStatus.ACCESS_DENIED
    assert condition.because in str(refusal.value)
    assert pc.firmware.why_grey(name) == condition.because
    assert pc.firmware.memory.settings[name] == setting.default
    free = pc_for(setting, model)
    assert free.firmware.why_grey(name) == ""
    assert free.execute(c.SetSetting(name, value, proof(free)))


@pytest.mark.parametrize(
    ("model", "name"), [each for each in EVERY if models.packaged(each[0]).every[each[1]].set_once]
)
def test_what_is_set_once_is_set_for_ever(model: str, name: str) -> None:
    setting = models.packaged(model).every[name]
    pc = pc_for(setting, model)
    for value in setting.values:
        if value != setting.default:
            pc.execute(c.SetSetting(name, value, proof(pc)))
            restart(pc)
            with pytest.raises(SetOnce):
                pc.execute(c.SetSetting(name, setting.default, proof(pc)))
            assert pc.firmware.why_grey(name)


def test_an_order_is_carried_out_by_the_next_boot_and_is_then_back_at_its_default() -> None:
    setting = models.packaged("elitedesk-800-g2").settings["Force Check on Reboot"]
    pc = pc_for(setting, "elitedesk-800-g2")
    pc.execute(c.SetSetting(setting.name, "Enable"))
    assert pc.firmware.pending()[setting.name] == ("Disable", "Enable")
    events = pc.execute(c.Restart())
    assert e.OrderCarriedOut(setting.name, "Enable") in events
    assert pc.firmware.value(setting.name) == "Disable"
