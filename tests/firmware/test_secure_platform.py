"""Secure Platform Management: both documented orders, rotation, taking back, and what is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware import secure_platform
from emulator.firmware.event_log import EventCode
from emulator.firmware.memory import Memory, SecurePlatform
from emulator.firmware.quirks import Quirks
from emulator.firmware.refusals import (
    AlreadyProvisioned,
    CertificateRefused,
    CommandMalformed,
    CommandNonceTooOld,
    CommandRefused,
    CommandSignatureRefused,
    NotProvisioned,
    NotSupported,
    SigningKeyRefused,
    StillInUse,
)
from emulator.protocol import keys
from emulator.protocol.spm import State
from emulator.protocol.status import CommandStatus
from tests.firmware.bench import (
    LAK_1,
    MODE,
    NONCE,
    Bench,
    certificate,
    deprovisioning,
    endorsement,
    factory_new,
    guarded,
    key,
    made_by,
    mode_on,
    provisioned,
    public,
    shown_code,
    signed,
    signing,
    start,
    started,
)
from tests.firmware.doors import desktop

REMINDERS = [EventCode.PIN_REMINDER_SET, EventCode.PIN_REQUESTED, EventCode.PIN_REMINDER_CLEARED]
"""What the log has of an endorsement key that was sent, asked about at the next start, and answered."""


def state(bench: Bench) -> State:
    return secure_platform.state(bench.memory.platform)


def nonce(bench: Bench) -> int:
    return secure_platform.reported_nonce(bench.memory.platform, Quirks())


def restarted(bench: Bench) -> Bench:
    """Restarted, the presence code typed, and again in the operating system."""
    bench.execute(c.Restart())
    bench.execute(c.AnswerPresence(shown_code(bench)))
    bench.execute(c.Continue())
    return bench


class TestProvisioning:
    def test_both_keys_then_one_restart(self) -> None:
        bench = started(factory_new())
        assert (state(bench), nonce(bench)) == (State.NOT_CONFIGURED, 0)
        assert bench.execute(endorsement()) == (
            e.Recorded(EventCode.PIN_REMINDER_SET),
            e.KeysAccepted(restart_needed=True),
        )
        assert (state(bench), nonce(bench)) == (State.PROVISIONING_IN_PROGRESS, 0)
        assert bench.execute(signing()) == (e.KeysAccepted(restart_needed=True),)
        assert (state(bench), nonce(bench)) == (State.PROVISIONING_IN_PROGRESS, NONCE)
        assert secure_platform.verification_key(bench.memory.platform) is None
        restarted(bench)
        assert (state(bench), nonce(bench)) == (State.PROVISIONED, NONCE)
        assert secure_platform.verification_key(bench.memory.platform) == public("signing")
        set_, requested, cleared = REMINDERS
        assert bench.logged() == [set_, requested, EventCode.PLATFORM_INITIALISED, cleared]

    def test_endorsement_key_restart_signing_key(self) -> None:
        bench = restarted(made_on_the_bench(endorsement()))
        assert state(bench) is State.PROVISIONING_IN_PROGRESS
        assert bench.logged() == REMINDERS
        assert bench.execute(signing())[-1] == e.KeysAccepted(restart_needed=False)
        assert (state(bench), nonce(bench)) == (State.PROVISIONED, NONCE)
        assert bench.logged() == [*REMINDERS, EventCode.PLATFORM_INITIALISED]

    def test_another_signing_key_replaces_the_first(self) -> None:
        bench = started(provisioned())
        bench.execute(signing(NONCE + 1, "other"))
        assert bench.memory.platform.signing_key == public("other")
        assert bench.logged()[-1] == EventCode.SIGNING_KEY_UPDATED
        bench.execute(signed(MODE, "Enable", by="other"))
        assert bench.memory.authentication.enabled

    def test_a_bare_certificate_is_taken_too(self) -> None:
        bench = started(factory_new())
        bench.execute(c.SetEndorsementKey(certificate()))
        assert state(bench) is State.PROVISIONING_IN_PROGRESS

    def test_refusing_at_the_prompt_forgets_both_keys_and_their_nonce(self) -> None:
        bench = made_on_the_bench(endorsement(), signing(0xFFFFFFFF))
        bench.execute(c.Restart())
        bench.execute(c.RefusePresence())
        assert bench.memory.platform == SecurePlatform()
        assert bench.logged() == REMINDERS

    def test_taking_back_gives_up_both_keys(self) -> None:
        bench = started(provisioned())
        assert bench.execute(deprovisioning(NONCE))[-1] == e.KeysAccepted(restart_needed=False)
        assert (state(bench), nonce(bench)) == (State.NOT_CONFIGURED, 0)
        assert bench.logged()[-1] == EventCode.PLATFORM_UNCONFIGURED

    def test_taking_back_works_before_anybody_confirmed(self) -> None:
        bench = made_on_the_bench(endorsement(), deprovisioning(7))
        assert bench.memory.platform == SecurePlatform()


def made_on_the_bench(*commands: c.Command) -> Bench:
    bench = started(factory_new())
    for command in commands:
        bench.execute(command)
    return bench


class TestRefusals:
    """Each has its code and leaves an entry in the event log, and nothing else."""

    @pytest.mark.parametrize(
        ("data", "refusal", "status"),
        [
            (b"", CommandMalformed, CommandStatus.INVALID_DATA_SIZE),
            (bytes(65), CommandMalformed, CommandStatus.INVALID_DATA_SIZE),
            (bytes(4097), CommandMalformed, CommandStatus.INVALID_DATA_SIZE),
            (bytes(66), CertificateRefused, CommandStatus.INVALID_COMMAND_PARAMETER),
            (bytes(65) + b"0" * 900, CertificateRefused, CommandStatus.INVALID_COMMAND_PARAMETER),
            (certificate()[:-1], CommandMalformed, CommandStatus.INVALID_DATA_SIZE),
            (bytes(65) + certificate()[:-1], CertificateRefused, CommandStatus.INVALID_COMMAND_PARAMETER),
            (certificate(unit=None), CertificateRefused, CommandStatus.INVALID_COMMAND_PARAMETER),
            (certificate("rsa_3072"), CertificateRefused, CommandStatus.INVALID_COMMAND_PARAMETER),
            (certificate("rsa_2048_exponent_3"), CertificateRefused, CommandStatus.INVALID_COMMAND_PARAMETER),
        ],
    )
    def test_an_endorsement_key_that_is_none(
        self, data: bytes, refusal: type[CommandRefused], status: CommandStatus
    ) -> None:
        self.refused(started(factory_new()), c.SetEndorsementKey(data), refusal, status)

    @pytest.mark.parametrize("size", [0, 1, 515, 517, 100_000])
    def test_a_signing_key_command_of_another_size(self, size: int) -> None:
        data = (signing(NONCE + 1).data * 200)[:size]
        self.refused(
            started(provisioned()), c.SetSigningKey(data), CommandMalformed, CommandStatus.INVALID_DATA_SIZE
        )

    def test_a_signing_key_that_is_no_key(self) -> None:
        signed_part = (NONCE + 1).to_bytes(4, "little") + bytes(255) + b"\x80"
        data = keys.sign(key("endorsement"), signed_part) + signed_part
        command = c.SetSigningKey(data)
        status = CommandStatus.INVALID_COMMAND_PARAMETER
        self.refused(started(provisioned()), command, SigningKeyRefused, status)

    def test_a_signing_key_without_an_endorsement_key(self) -> None:
        self.refused(started(factory_new()), signing(), NotProvisioned, CommandStatus.NOT_PROVISIONED)
        self.refused(started(factory_new()), deprovisioning(1), NotProvisioned, CommandStatus.NOT_PROVISIONED)

    def test_a_signing_key_that_another_endorsement_key_signed(self) -> None:
        command = signing(NONCE + 1, "other", "other")
        self.refused(
            started(provisioned()), command, CommandSignatureRefused, CommandStatus.INVALID_SIGNATURE
        )

    def test_the_other_byte_order_of_a_signature(self) -> None:
        data = signing(NONCE + 1).data
        command = c.SetSigningKey(data[255::-1] + data[256:])
        self.refused(
            started(provisioned()), command, CommandSignatureRefused, CommandStatus.INVALID_SIGNATURE
        )

    def test_a_second_endorsement_key(self) -> None:
        for memory in (provisioned(), made_by([endorsement()], factory_new())):
            for command in (endorsement(), endorsement("other")):
                bench = started_unattended(memory)
                self.refused(bench, command, AlreadyProvisioned, CommandStatus.ALREADY_PROVISIONED)

    def test_a_second_signing_key_before_the_restart(self) -> None:
        bench = made_on_the_bench(endorsement(), signing())
        self.refused(bench, signing(NONCE + 1), AlreadyProvisioned, CommandStatus.ALREADY_PROVISIONED)

    def test_an_old_nonce(self) -> None:
        status = CommandStatus.NONCE_DID_NOT_MATCH
        for command in (signing(NONCE - 1, "other"), deprovisioning(NONCE - 1)):
            self.refused(started(provisioned()), command, CommandNonceTooOld, status)

    @pytest.mark.parametrize("in_use_by", ["mode", "key", "both"])
    def test_taking_back_what_is_in_use(self, in_use_by: str) -> None:
        memory = {
            "mode": mode_on(),
            "both": guarded(),
            "key": made_by([signed(MODE, "Disable")], guarded()),
        }[in_use_by]
        self.refused(started(memory), deprovisioning(NONCE + 1), StillInUse, CommandStatus.IN_USE)

    def test_what_was_in_use_can_be_taken_back_when_it_is_free(self) -> None:
        bench = started(guarded())
        bench.execute(signed(MODE, "Disable"))
        bench.execute(c.SetSetting(LAK_1, ""))
        bench.execute(deprovisioning(NONCE + 1))
        assert state(bench) is State.NOT_CONFIGURED

    def refused(
        self, bench: Bench, command: c.Command, refusal: type[CommandRefused], status: CommandStatus
    ) -> None:
        before = bench.logged()
        assert bench.refused(command, refusal).command_status is status
        assert bench.logged() == [*before, EventCode.COMMAND_REJECTED]


def started_unattended(memory: Memory) -> Bench:
    """As a machine whose prompts nobody answers."""
    bench = Bench(memory)
    bench.execute(c.PowerOn(attended=False))
    bench.execute(c.Continue())
    return bench


class TestNonces:
    def test_the_same_nonce_is_good_again(self) -> None:
        bench = started(provisioned())
        bench.execute(signing(NONCE, "other"))
        assert nonce(bench) == NONCE

    def test_the_counter_is_the_nonce_then(self) -> None:
        bench = started(provisioned())
        bench.execute(signing(NONCE + 9))
        assert nonce(bench) == NONCE + 9

    def test_not_configured_tells_zero_and_the_counter_stays(self) -> None:
        bench = started(made_by([deprovisioning(NONCE + 5)], provisioned()))
        assert nonce(bench) == 0
        assert bench.memory.platform.counter == NONCE + 5
        bench.execute(endorsement("other"))
        assert nonce(bench) == NONCE + 5
        bench.refused(signing(NONCE + 4, by="other"), CommandNonceTooOld)
        bench.execute(signing(NONCE + 5, by="other"))
        assert nonce(restarted(bench)) == NONCE + 5

    def test_the_nonce_of_keys_that_await_presence_counts_too(self) -> None:
        bench = made_on_the_bench(endorsement(), signing(NONCE))
        bench.refused(deprovisioning(NONCE - 1), CommandNonceTooOld)
        bench.execute(deprovisioning(NONCE))

    def test_an_unconfirmed_stranger_cannot_use_the_counter_up(self) -> None:
        bench = started(made_by([deprovisioning(NONCE + 5)], provisioned()))
        bench.execute(endorsement("other"))
        bench.execute(signing(0xFFFFFFFF, by="other"))
        bench.execute(c.Restart())
        bench.execute(c.RefusePresence())
        assert bench.memory.platform.counter == NONCE + 5

    @settings(max_examples=25)
    @given(
        st.lists(
            st.tuples(st.sampled_from(["sign", "take back", "provision"]), st.integers(0, 5)), max_size=8
        )
    )
    def test_a_counter_never_falls(self, steps: list[tuple[str, int]]) -> None:
        bench, highest = started(provisioned()), NONCE
        for step, ahead in steps:
            commands: dict[str, c.Command] = {
                "sign": signing(NONCE + ahead),
                "take back": deprovisioning(NONCE + ahead),
                "provision": endorsement(),
            }
            try:
                bench.execute(commands[step])
            except CommandRefused:
                continue
            finally:
                assert bench.memory.platform.counter >= highest
                highest = bench.memory.platform.counter


@settings(max_examples=60)
@given(st.integers(0, 8 * 516 - 1))
def test_any_flipped_bit_of_a_signing_key_command_is_refused(bit: int) -> None:
    data = bytearray(signing(NONCE + 1, "other").data)
    data[bit // 8] ^= 1 << bit % 8
    bench = started(provisioned())
    assert bench.refused(c.SetSigningKey(bytes(data)), CommandRefused, exact=False)
    assert bench.logged()[-1] == EventCode.COMMAND_REJECTED


def test_the_keys_of_an_interrupted_provisioning_survive_power_off() -> None:
    bench = Bench(made_by([endorsement(), signing()], factory_new()))
    bench.execute(c.PowerOn())
    bench.execute(c.PowerOff())
    bench.execute(c.PowerOn())
    bench.execute(c.AnswerPresence(shown_code(bench)))
    assert state(bench) is State.PROVISIONED


def test_a_model_of_before_secure_platform_management_takes_no_keys_and_logs_nothing() -> None:
    bench = desktop("Disable")
    start(bench)
    for command in (endorsement(), signing(), deprovisioning(NONCE)):
        refusal = bench.refused(command, NotSupported)
        assert refusal.command_status is CommandStatus.INVALID_COMMAND_VALUE
    assert bench.logged() == []


def test_keys_given_up_before_presence_leave_no_reminder_and_were_never_configured() -> None:
    bench = started(factory_new())
    bench.execute(endorsement())
    bench.execute(deprovisioning(NONCE))
    assert bench.logged() == [EventCode.PIN_REMINDER_SET, EventCode.PIN_REMINDER_CLEARED]
