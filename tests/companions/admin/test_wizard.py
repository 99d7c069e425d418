"""What has been chosen in the wizard and what may come next, without a screen; and the steps of a policy on their way to a PC."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.companions.admin import policies
from emulator.companions.admin.distribution import WAYS, Way, why_not
from emulator.companions.admin.key_files import KeyFile, UnusableKeyFile
from emulator.companions.admin.payloads import SameKeys
from emulator.companions.admin.screens.sending import Outcome, Sending, Standing
from emulator.companions.admin.screens.wizard import NOTHING_CHOSEN, ChosenKey, LocalKey, Place, Wizard
from emulator.protocol.keys import PublicKey
from emulator.protocol.policy import Policy
from tests.companions.admin.wizarding import NOW

TAKEN = {"ok": True, "status": 0, "status_name": "SUCCESS", "sentence": "", "presence_needed": False}
WAITS = {**TAKEN, "presence_needed": True}
IN_USE = {"ok": False, "status": 0x1002, "status_name": "IN_USE", "sentence": "the keys are in use"}


@pytest.fixture
def endorsement(endorsement_key: RSAPrivateKey, certificate_der: bytes) -> ChosenKey:
    return ChosenKey.of(
        Path("ek.pfx"), KeyFile(PublicKey.of(endorsement_key), endorsement_key, certificate_der, "secret")
    )


@pytest.fixture
def signing(signing_key: RSAPrivateKey) -> ChosenKey:
    return ChosenKey.of(Path("sk.pem"), KeyFile(PublicKey.of(signing_key), signing_key))


@pytest.fixture
def local(local_access_key: RSAPrivateKey) -> LocalKey:
    return LocalKey("phone", PublicKey.of(local_access_key))


def test_the_order_is_provisioning_then_the_mode_then_keys(
    endorsement: ChosenKey, signing: ChosenKey, local: LocalKey
) -> None:
    wizard = Wizard()
    assert wizard.why_not(Place.PROVISIONING) is None
    assert wizard.why_not(Place.MODE) == wizard.why_not(Place.KEYS) == policies.PROVISIONING_FIRST
    wizard.choose_endorsement(endorsement)
    assert wizard.why_not(Place.MODE) == policies.PROVISIONING_FIRST
    wizard.choose_signing(signing)
    assert wizard.why_not(Place.MODE) is None
    assert wizard.why_not(Place.KEYS) == policies.MODE_FIRST
    wizard.say(mode=True)
    assert wizard.why_not(Place.KEYS) is None
    wizard.add_local_access(1, local)
    wizard.say(mode=False)
    assert wizard.why_not(Place.SUMMARY) == policies.MODE_FIRST


def test_a_fleet_that_is_provisioned_needs_the_signing_key_only(signing: ChosenKey, local: LocalKey) -> None:
    wizard = Wizard()
    wizard.say(provisioned=True)
    assert wizard.why_not(Place.MODE) == policies.NOT_SIGNED
    wizard.choose_signing(signing)
    assert wizard.why_not(Place.MODE) is None
    assert wizard.why_not(Place.SUMMARY) == NOTHING_CHOSEN
    wizard.say(enabled=True)
    assert wizard.why_not(Place.KEYS) is None
    wizard.add_local_access(2, local)
    assert wizard.why_not(Place.SUMMARY) is None
    assert [step.title for step in policies.make(wizard.plan, "p", now=NOW).steps] == [
        "Set local access key 2"
    ]


def test_taking_back_and_the_key_store_are_open_from_the_beginning() -> None:
    wizard = Wizard()
    assert [wizard.why_not(place) for place in (Place.DEPROVISION, Place.RESTORE, Place.STORE)] == [None] * 3


def test_a_key_file_without_what_is_needed_is_refused(endorsement: ChosenKey, signing: ChosenKey) -> None:
    wizard = Wizard()
    with pytest.raises(UnusableKeyFile, match="no private key"):
        wizard.choose_signing(ChosenKey.of(Path("x"), KeyFile(signing.key.public)))
    with pytest.raises(UnusableKeyFile, match="no certificate"):
        wizard.choose_endorsement(signing)
    wizard.choose_endorsement(endorsement)
    with pytest.raises(SameKeys):
        wizard.choose_signing(endorsement)
    assert (wizard.endorsement, wizard.signing) == (endorsement, None)


def test_nothing_is_kept_of_the_passphrase_that_opened_a_key_file(endorsement: ChosenKey) -> None:
    assert endorsement.key.passphrase == ""


def test_what_is_changed_after_saving_is_unsaved_again(
    endorsement: ChosenKey, signing: ChosenKey, local: LocalKey
) -> None:
    wizard = Wizard()
    wizard.choose_endorsement(endorsement)
    wizard.choose_signing(signing)
    wizard.unsaved = False
    assert wizard.is_done(Place.SUMMARY)
    wizard.say(mode=True)
    assert wizard.unsaved
    assert not wizard.is_done(Place.SUMMARY)
    wizard.unsaved = False
    wizard.add_local_access(wizard.free_number(), local)
    assert wizard.unsaved
    assert wizard.free_number() == 2
    wizard.leave_out(1)
    assert wizard.free_number() == 1


def test_only_the_manual_way_needs_nobody_to_sign_in() -> None:
    assert [each.way for each in WAYS] == list(Way)
    assert [why_not(each) is None for each in WAYS] == [True, False, False]
    assert all(why_not(each, signed_in=True) is None for each in WAYS)


def sent(sending: Sending, *replies: Mapping[str, object]) -> Sending:
    for reply in replies:
        assert sending.standing is Standing.READY
        sending.answered(reply)
    return sending


@pytest.fixture
def whole(endorsement: ChosenKey, signing: ChosenKey, local: LocalKey) -> Policy:
    wizard = Wizard()
    wizard.choose_endorsement(endorsement)
    wizard.choose_signing(signing)
    wizard.say(mode=True)
    wizard.add_local_access(1, local)
    return policies.make(wizard.plan, "all", now=NOW)


def test_sending_pauses_between_the_keys_and_the_mode_for_the_code_at_the_next_start(
    whole: Policy,
) -> None:
    sending = sent(Sending(whole), TAKEN, WAITS)
    assert sending.standing is Standing.RESTART
    assert sending.payload == whole.steps[2].payload
    sending.restarted()
    assert sent(sending, TAKEN, TAKEN).standing is Standing.DONE
    assert not sending.restart_at_end


def test_the_endorsement_key_alone_is_no_reason_to_pause(whole: Policy) -> None:
    assert sent(Sending(whole), WAITS).standing is Standing.READY


def test_a_refusal_ends_the_sending_and_it_can_be_tried_again(whole: Policy) -> None:
    sending = sent(Sending(whole), {"ok": False, "status": 2, "status_name": "INVALID", "sentence": "no"})
    assert sending.standing is Standing.STOPPED
    assert [each.outcome for each in sending.answers] == [Outcome.REFUSED, *[Outcome.WAITING] * 3]
    sending.restarted()
    assert sending.payload == whole.steps[0].payload
    assert sent(sending, TAKEN).answers[0].outcome is Outcome.TAKEN


def test_a_pc_that_is_not_there_is_not_a_refusal(whole: Policy) -> None:
    sending = sent(Sending(whole), {"ok": False, "error": "no PC answers"})
    assert (sending.standing, sending.answers[0].outcome) == (Standing.STOPPED, Outcome.UNREACHED)
    assert sending.answers[0].sentence == "no PC answers"


def test_keys_in_use_are_noticed(endorsement_key: RSAPrivateKey, signing_key: RSAPrivateKey) -> None:
    back = policies.take_back("b", endorsement=endorsement_key, signing=signing_key, numbers=(1,), now=NOW)
    assert sent(Sending(back), TAKEN, TAKEN, IN_USE).is_in_use
    done = sent(Sending(back), TAKEN, TAKEN, WAITS)
    assert (done.standing, done.restart_at_end, done.is_in_use) == (Standing.DONE, True, False)
