"""From the box to the fleet: keys, the code that somebody types, the mode, the settings, and the phone of the helpdesk."""

import pytest

from emulator.testing import PC, Phone

from .conftest import IN_ORDER, PERSON_NEEDED, UNSUPPORTED, Rollout

MODE = "Enhanced BIOS Authentication Mode"


def test_a_pc_from_the_box_needs_a_person_first(target_pc: PC, rollout: Rollout) -> None:
    assert rollout(target_pc) == PERSON_NEEDED
    assert target_pc.get(MODE) == "Disable"


def test_while_nobody_types_the_code_nothing_else_is_tried(target_pc: PC, rollout: Rollout) -> None:
    rollout(target_pc)
    before = target_pc.report()["events"]
    target_pc.restart(presence=False)

    assert rollout(target_pc) == PERSON_NEEDED
    assert target_pc.report()["events"] == before


def test_once_the_code_was_typed_the_pc_is_brought_in_line_and_a_phone_opens_it(
    target_pc: PC, rollout: Rollout, phone: Phone
) -> None:
    rollout(target_pc)
    target_pc.restart()

    assert rollout(target_pc) == IN_ORDER
    held = {name: target_pc.get(name) for name in (MODE, "Fast Boot", "USB Storage Boot", "Ownership Tag")}
    assert held == {
        MODE: "Enable",
        "Fast Boot": "Disable",
        "USB Storage Boot": "Disable",
        "Ownership Tag": "Fleet 7",
    }
    target_pc.enter_setup()
    assert target_pc.answer(phone.pin(target_pc.challenge_picture()))
    assert target_pc.phase == "Computer Setup"


@pytest.mark.target_pc(model="elitedesk-800-g2")
def test_a_model_without_sure_admin_is_told_apart(target_pc: PC, rollout: Rollout) -> None:
    before = target_pc.settings()

    assert rollout(target_pc) == UNSUPPORTED
    assert target_pc.settings() == before
