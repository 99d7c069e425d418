"""A PC that is in the fleet already: the script runs after every start, and now and then the settings change."""

from pathlib import Path

from emulator.testing import PC, Admin

from .conftest import (
    BASELINE,
    IN_ORDER,
    PERSON_NEEDED,
    REFUSED,
    TRY_LATER,
    UNUSABLE_PACKAGE,
    Package,
    Rollout,
    made_by,
)


def test_a_second_run_changes_nothing_though_the_pc_is_off(provisioned_pc: PC, rollout: Rollout) -> None:
    assert rollout(provisioned_pc) == IN_ORDER
    provisioned_pc.power_off()
    before = provisioned_pc.settings()

    assert rollout(provisioned_pc) == IN_ORDER
    assert provisioned_pc.settings() == before


def test_a_changed_baseline_arrives(provisioned_pc: PC, package: Package, rollout: Rollout) -> None:
    rollout(provisioned_pc)
    package.settings(BASELINE.replace("Fleet 7", "Fleet 8"))

    rollout(provisioned_pc)
    assert provisioned_pc.get("Ownership Tag") == "Fleet 8"


def test_what_the_helpdesk_changed_since_is_set_right_again(
    provisioned_pc: PC, admin: Admin, rollout: Rollout
) -> None:
    rollout(provisioned_pc)
    provisioned_pc.apply(admin.setting("USB Storage Boot", "Enable"))

    assert rollout(provisioned_pc) == IN_ORDER
    assert provisioned_pc.get("USB Storage Boot") == "Disable"


def test_a_value_that_the_pc_does_not_take_is_told(
    provisioned_pc: PC, package: Package, rollout: Rollout
) -> None:
    package.settings(BASELINE.replace("Fast Boot\n\t*Disable", "Fast Boot\n\t*Off"))

    assert rollout(provisioned_pc) == REFUSED
    assert "Fast Boot (21)" in package.log.read_text("utf-8")


def test_a_setting_that_the_pc_does_not_have_is_told(
    provisioned_pc: PC, package: Package, rollout: Rollout
) -> None:
    package.settings(BASELINE + "Parallel Port\n\t*Disable\n")

    assert rollout(provisioned_pc) == REFUSED
    assert "Parallel Port (20)" in package.log.read_text("utf-8")


def test_a_setting_that_needs_a_person_is_done_when_the_code_was_typed(
    provisioned_pc: PC, package: Package, rollout: Rollout
) -> None:
    package.settings(BASELINE + "TPM State\n\t*Disable\n\tEnable\n")

    assert rollout(provisioned_pc) == PERSON_NEEDED
    provisioned_pc.restart()
    assert rollout(provisioned_pc) == IN_ORDER
    assert provisioned_pc.get("TPM State") == "Disable"


def test_somebody_in_setup_is_not_disturbed(unlocked_pc: PC, rollout: Rollout) -> None:
    before = unlocked_pc.settings()

    assert rollout(unlocked_pc) == TRY_LATER
    assert unlocked_pc.phase == "Computer Setup"
    assert unlocked_pc.settings() == before


def test_a_pc_of_another_company_refuses(provisioned_pc: PC, rollout: Rollout, tmp_path: Path) -> None:
    others = made_by(Admin.new(tmp_path / "other company"), tmp_path / "theirs" / "package")
    before = provisioned_pc.settings()

    assert rollout(provisioned_pc, others) == REFUSED
    assert provisioned_pc.settings() == before


def test_half_a_package_is_not_begun(target_pc: PC, package: Package, rollout: Rollout) -> None:
    (package.folder / "mode.json").unlink()

    assert rollout(target_pc) == UNUSABLE_PACKAGE
    assert target_pc.report()["waiting_for_presence"] == []
