"""The log goes to a server that many people read."""

from emulator.testing import PC

from .conftest import Package, Rollout


def test_the_log_holds_neither_passphrase_nor_signature(
    provisioned_pc: PC, package: Package, rollout: Rollout
) -> None:
    rollout(provisioned_pc)

    log = package.log.read_text("utf-8")
    assert "bcu /set:" in log
    # Names, so that a failure's own output does not spread what leaked.
    secrets = {"passphrase": package.passphrase.read_text("utf-8"), "signature": "<BEAM/>"}
    assert [name for name, secret in secrets.items() if secret in log] == []
