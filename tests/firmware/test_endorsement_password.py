"""The setup password in the area before an endorsement certificate, on machines that have one and on others."""

import pytest

from emulator.firmware import commands as c
from emulator.firmware.event_log import EventCode
from emulator.firmware.refusals import (
    AlreadyProvisioned,
    CertificateRefused,
    CommandMalformed,
    CommandPasswordRefused,
    CommandPasswordUnused,
    CommandPasswordWrong,
    PasswordsLocked,
)
from emulator.protocol.password import utf_16
from emulator.protocol.status import CommandStatus
from tests.firmware.bench import (
    BOSS,
    USB,
    Bench,
    certificate,
    endorsement,
    factory_new,
    locked,
    made_by,
    provisioned,
    started,
    with_passwords,
)
from tests.firmware.doors import running
from tests.firmware.recovery import endorsement_with

WRONG = "Wrong-one-1"


def wrong_one(bench: Bench) -> CommandPasswordWrong:
    """Send a wrong one: refused and logged, a try less, and nothing else is new."""
    tries, platform, log = bench.firmware.session.password_tries, bench.memory.platform, bench.logged()
    with pytest.raises(CommandPasswordRefused) as came:
        bench.execute(endorsement_with(WRONG))
    assert isinstance(came.value, CommandPasswordWrong)
    assert bench.firmware.session.password_tries == tries - 1
    assert bench.memory.platform == platform
    assert bench.logged() == [*log, EventCode.COMMAND_REJECTED]
    assert WRONG not in str(came.value)
    return came.value


def test_the_setup_password_lets_the_key_in() -> None:
    bench = started(with_passwords(BOSS))
    bench.execute(endorsement_with(BOSS))
    assert bench.memory.platform.certificate is not None
    assert not bench.memory.platform.confirmed


def test_without_it_the_key_is_refused_and_no_try_lost() -> None:
    bench = started(with_passwords(BOSS))
    for command in (endorsement(), c.SetEndorsementKey(certificate())):
        came = bench.refused(command, CommandPasswordRefused)
        assert came.command_status is CommandStatus.INVALID_ADMINISTRATOR_PASSWORD
        assert bench.logged()[-1] == EventCode.COMMAND_REJECTED


def test_a_wrong_one_costs_a_try_and_after_three_none_is_looked_at() -> None:
    bench = started(with_passwords(BOSS))
    for _ in range(3):
        assert wrong_one(bench).command_status == 0x0E
    came = bench.refused(endorsement_with(BOSS), CommandPasswordRefused)
    assert "restart the machine" in str(came)
    bench.refused(c.SetSetting(USB, "Disable", utf_16(BOSS)), PasswordsLocked)
    bench.execute(c.Restart())
    bench.execute(c.Continue())
    bench.execute(endorsement_with(BOSS))


def test_a_right_one_gives_the_tries_back() -> None:
    bench = started(with_passwords(BOSS))
    wrong_one(bench)
    wrong_one(bench)
    bench.execute(endorsement_with(BOSS))
    assert bench.firmware.session.password_tries == 3


def test_the_power_on_password_is_not_the_one_that_is_asked_for() -> None:
    bench = running(BOSS, WRONG)
    wrong_one(bench)
    bench = running("", WRONG)
    bench.refused(endorsement_with(WRONG), CommandPasswordUnused)
    bench.execute(endorsement())


def test_one_where_none_is_set_is_refused_and_no_try_lost() -> None:
    bench = started(factory_new())
    came = bench.refused(endorsement_with(BOSS), CommandPasswordUnused)
    assert came.command_status == 0x38
    assert BOSS not in str(came)


def test_a_right_one_does_not_make_a_certificate_right() -> None:
    bench = started(with_passwords(BOSS))
    data = endorsement_with(BOSS).data
    bench.refused(c.SetEndorsementKey(data[:-1]), CertificateRefused)
    bench.refused(c.SetEndorsementKey(data[:65]), CommandMalformed)


def test_no_password_is_looked_at_when_a_key_is_here_already() -> None:
    for memory in (locked(provisioned()), locked(made_by([endorsement()], factory_new()))):
        bench = Bench(memory)
        for command in (c.PowerOn(attended=False), c.Continue()):
            bench.execute(command)
        bench.refused(endorsement_with(WRONG), AlreadyProvisioned)


def test_the_area_is_not_shown() -> None:
    assert BOSS not in repr(endorsement_with(BOSS))
