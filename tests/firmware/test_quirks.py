"""What real machines may do otherwise: each quirk with each of its values, seen from outside, and how quirks are named."""

from dataclasses import fields

import pytest

from emulator.firmware import commands as c
from emulator.firmware import quirks
from emulator.firmware.quirks import DOUBTS, Quirks, UnknownQuirk
from emulator.firmware.refusals import (
    CommandMalformed,
    CommandNonceTooOld,
    CommandSignatureRefused,
    NonceTooOld,
    SignatureRefused,
    WrongPhase,
)
from emulator.firmware.report import report
from emulator.protocol.spm import LONGEST_PASSWORD
from tests.firmware.bench import (
    BOSS,
    NONCE,
    PRESENCE_INTERFACE,
    USB,
    Bench,
    deprovisioning,
    endorsement,
    factory_new,
    locked,
    mode_on,
    provisioned,
    signed,
    signing,
    started,
)
from tests.firmware.recovery import endorsement_with, manifest, update


class TestNames:
    def test_the_default_of_each_is_its_first_value(self) -> None:
        for each in fields(Quirks):
            doubt = DOUBTS[each.name]
            assert getattr(Quirks(), each.name) == doubt.values[0]
            assert len(doubt.values) > 1
            assert doubt.about
            assert doubt.reason

    def test_each_is_chosen_by_name_and_told_when_it_differs(self) -> None:
        for name, doubt in DOUBTS.items():
            for value in doubt.values:
                chosen = quirks.chosen({name: value})
                assert getattr(chosen, name) == value
                assert quirks.differing(chosen) == ({} if value == doubt.values[0] else {name: value})

    def test_several_are_chosen_together(self) -> None:
        wanted = {name: doubt.values[-1] for name, doubt in DOUBTS.items()}
        assert quirks.differing(quirks.chosen(wanted)) == wanted
        assert quirks.chosen({}) == Quirks()

    @pytest.mark.parametrize("name", ["", "nonce", "SPM_NONCE", "x" * 1000])
    def test_an_unknown_name_is_refused_with_those_that_there_are(self, name: str) -> None:
        with pytest.raises(UnknownQuirk) as refused:
            quirks.chosen({name: "above"})
        assert all(known in str(refused.value) for known in DOUBTS)
        assert "x" * 100 not in str(refused.value)

    @pytest.mark.parametrize("value", ["", "Above", "x" * 1000, 3, None, True])
    def test_an_unknown_value_is_refused_with_those_that_it_takes(self, value: object) -> None:
        with pytest.raises(UnknownQuirk) as refused:
            quirks.chosen({"response_tries": value})
        assert "takes '3', '5', '10'" in str(refused.value)
        assert "x" * 100 not in str(refused.value)

    def test_a_report_tells_what_differs(self) -> None:
        assert report(Bench().firmware)["quirks"] == {}
        assert report(Bench(differing={"spm_nonce": "above"}).firmware)["quirks"] == {"spm_nonce": "above"}


class TestNonces:
    def test_a_platform_command_may_repeat_the_last_nonce(self) -> None:
        bench = started(provisioned(), spm_nonce="at least")
        for command in (signing(NONCE, "other"), signing(NONCE), deprovisioning(NONCE)):
            bench.execute(command)

    def test_a_platform_command_may_not_repeat_it_on_a_strict_machine(self) -> None:
        bench = started(provisioned(), spm_nonce="above")
        for command in (signing(NONCE, "other"), deprovisioning(NONCE), manifest(b"manifest")):
            assert f"above {NONCE}" in str(bench.refused(command, CommandNonceTooOld))
        bench.execute(signing(NONCE + 1, "other"))
        bench.refused(signing(NONCE + 1), CommandNonceTooOld)

    def test_a_strict_machine_can_be_provisioned(self) -> None:
        bench = started(factory_new(), spm_nonce="above")
        bench.execute(endorsement())
        bench.refused(signing(0), CommandNonceTooOld)
        bench.execute(signing(1))

    def test_a_signed_setting_may_repeat_the_last_nonce(self) -> None:
        bench = started(mode_on(), settings_nonce="at least")
        for value in ("Disable", "Enable"):
            bench.execute(signed(USB, value))

    def test_a_signed_setting_may_not_repeat_it_on_a_strict_machine(self) -> None:
        bench = started(mode_on(), settings_nonce="above")
        for command in (signed(USB, "Disable"), update()):
            assert f"above {NONCE}" in str(bench.refused(command, NonceTooOld))
        bench.execute(signed(USB, "Disable", NONCE + 1))
        bench.refused(signed(USB, "Enable", NONCE + 1), NonceTooOld)
        bench.execute(signed(USB, "Enable", 1, single_use=True))

    @pytest.mark.parametrize(("value", "told"), [("zero", 0), ("counter", NONCE + 5)])
    def test_what_a_machine_without_keys_tells_of_its_nonce(self, value: str, told: int) -> None:
        bench = started(provisioned(), nonce_when_not_configured=value)
        bench.execute(deprovisioning(NONCE + 5))
        assert bench.firmware.value("Secure Platform Management Counter") == str(told)
        assert bench.memory.platform.counter == NONCE + 5
        bench.execute(endorsement())
        bench.refused(signing(NONCE + 4), CommandNonceTooOld)


class TestCheckedFirst:
    """A bad signature and an old nonce in one command."""

    def test_the_signature(self) -> None:
        bench = started(mode_on(), checked_first="signature")
        bench.refused(signed(USB, "Disable", NONCE - 1, by="other"), SignatureRefused)
        bench.refused(update(NONCE - 1, by="other"), SignatureRefused)
        bench.refused(signing(NONCE - 1, by="other"), CommandSignatureRefused)

    def test_the_nonce(self) -> None:
        bench = started(mode_on(), checked_first="nonce")
        bench.refused(signed(USB, "Disable", NONCE - 1, by="other"), NonceTooOld)
        bench.refused(signed(USB, "Disable", 0, by="other", single_use=True), NonceTooOld)
        bench.refused(update(NONCE - 1, by="other"), NonceTooOld)
        bench.refused(signing(NONCE - 1, by="other"), CommandNonceTooOld)

    @pytest.mark.parametrize("first", DOUBTS["checked_first"].values)
    def test_either_fault_alone_is_refused_for_itself_and_none_for_nothing(self, first: str) -> None:
        bench = started(mode_on(), checked_first=first)
        bench.refused(signed(USB, "Disable", NONCE - 1), NonceTooOld)
        bench.refused(signed(USB, "Disable", by="other"), SignatureRefused)
        bench.refused(signing(NONCE - 1), CommandNonceTooOld)
        bench.refused(signing(by="other"), CommandSignatureRefused)
        bench.execute(signed(USB, "Disable"))
        bench.execute(signing())


class TestEndorsementPassword:
    @pytest.mark.parametrize("last", [False, True])
    def test_its_length_stands_first_or_last(self, last: bool) -> None:
        memory, place = locked(factory_new()), "last" if last else "first"
        bench = started(memory, length_place=place)
        bench.refused(endorsement_with(BOSS, length_last=not last), CommandMalformed)
        bench.execute(endorsement_with(BOSS, length_last=last))
        assert bench.memory.platform.certificate is not None

    @pytest.mark.parametrize("place", DOUBTS["length_place"].values)
    def test_without_a_password_both_read_the_same(self, place: str) -> None:
        bench = started(factory_new(), length_place=place)
        bench.execute(endorsement())
        assert len(BOSS) < LONGEST_PASSWORD


def test_no_command_reaches_a_quirk() -> None:
    bench = started(provisioned(), spm_nonce="above")
    before = bench.firmware.catalogue.quirks
    bench.execute(signed(PRESENCE_INTERFACE, "Disable"))
    bench.execute(c.SetSystemDefaults())
    bench.execute(c.Restart())
    assert bench.firmware.catalogue.quirks is before
    bench.refused(c.SetSystemDefaults(), WrongPhase)
