"""A PC of a test, in memory: settings, power, Setup, challenge, and what it refuses."""

import asyncio
import time
import uuid

import pytest

from emulator.testing import PC, Admin, NotAPayload, NothingShown, Phone, Refused

MODE = "Enhanced BIOS Authentication Mode"
PASSWORD = "Sesame-1-of-ours"  # keeps every policy that the factory switches on


def with_password(pc: PC) -> PC:
    pc.enter_setup()
    pc.change_password("Setup Password", PASSWORD)
    pc.save()
    return pc


def test_a_new_pc_runs_its_operating_system(target_pc: PC) -> None:
    assert target_pc.phase == "operating system"
    assert target_pc.report()["phase"] == "operating system"
    assert str(uuid.UUID(target_pc.uuid)) == target_pc.uuid
    assert repr(target_pc) == f"<PC {target_pc.serial}>"


def test_every_listed_setting_is_told(target_pc: PC) -> None:
    settings = target_pc.settings()
    assert len(settings) == 258
    assert settings["Fast Boot"] == target_pc.get("Fast Boot") == "Enable"


def test_an_unknown_setting_is_refused_with_its_code_and_what_may_be_meant(target_pc: PC) -> None:
    with pytest.raises(Refused, match="'Fast Boot' may be meant") as refusal:
        target_pc.get("fast boot")
    assert refusal.value.code == 4


def test_a_change_waits_for_the_next_start(target_pc: PC) -> None:
    target_pc.set("Fast Boot", "Disable")
    assert target_pc.report()["pending"] == {"Fast Boot": {"in_force": "Enable", "stored": "Disable"}}
    target_pc.restart()
    assert target_pc.report()["pending"] == {}
    assert target_pc.get("Fast Boot") == "Disable"


def test_a_value_that_does_not_exist_is_refused(target_pc: PC) -> None:
    with pytest.raises(Refused) as refusal:
        target_pc.set("Fast Boot", "Perhaps")
    assert refusal.value.code == 5
    assert target_pc.get("Fast Boot") == "Enable"


def test_a_password_guards_and_proves(target_pc: PC) -> None:
    with_password(target_pc)
    with pytest.raises(Refused) as refusal:
        target_pc.set("Fast Boot", "Disable")
    assert refusal.value.code == 6
    target_pc.set("Fast Boot", "Disable", password=PASSWORD)
    assert target_pc.get("Fast Boot") == "Disable"
    assert target_pc.get("Setup Password") == ""


def test_a_password_opens_setup(target_pc: PC) -> None:
    with_password(target_pc).enter_setup()
    assert target_pc.phase == "password prompt"
    target_pc.enter_setup(password=PASSWORD)
    assert target_pc.phase == "Computer Setup"


def test_a_new_password_is_set_as_it_is_typed(target_pc: PC) -> None:
    with_password(target_pc).set("Setup Password", f"{PASSWORD}-2", password=PASSWORD)
    target_pc.set("Fast Boot", "Disable", password=f"{PASSWORD}-2")


def test_a_power_on_password_is_typed_only_if_it_is_known(target_pc: PC) -> None:
    target_pc.enter_setup()
    target_pc.change_password("Power-On Password", PASSWORD)
    target_pc.save(password=PASSWORD)
    assert target_pc.phase == "operating system"
    target_pc.restart()
    assert target_pc.phase == "power-on password prompt"
    target_pc.restart(password=PASSWORD)
    assert target_pc.phase == "operating system"


def test_two_proofs_at_once_are_nonsense(target_pc: PC) -> None:
    with pytest.raises(ValueError, match="not by both"):
        target_pc.set("Fast Boot", "Disable", password="x", authorization="y")


def test_bytes_that_are_no_payload(target_pc: PC) -> None:
    with pytest.raises(NotAPayload):
        target_pc.apply(b"{}")


def test_keys_wait_until_somebody_stands_there(target_pc: PC, admin: Admin) -> None:
    for payload in admin.provisioning():
        target_pc.apply(payload)
    target_pc.restart(presence=False)
    assert target_pc.phase == "operating system"
    with pytest.raises(Refused):
        target_pc.apply(admin.mode(on=True))
    target_pc.restart()
    target_pc.apply(admin.mode(on=True))
    assert target_pc.get(MODE) == "Enable"


def test_a_guarded_pc_takes_signed_changes_only(provisioned_pc: PC, admin: Admin) -> None:
    with pytest.raises(Refused) as refusal:
        provisioned_pc.set("Fast Boot", "Disable")
    assert refusal.value.code == 6
    token = admin.authorization("Fast Boot", "Disable")
    provisioned_pc.set("Fast Boot", "Disable", authorization=token)
    provisioned_pc.apply(admin.setting("USB Storage Boot", "Disable", machine=provisioned_pc.uuid))
    assert provisioned_pc.get("Fast Boot") == provisioned_pc.get("USB Storage Boot") == "Disable"


def test_an_order_for_another_machine_is_refused(provisioned_pc: PC, admin: Admin) -> None:
    with pytest.raises(Refused):
        provisioned_pc.apply(admin.setting("Fast Boot", "Disable", machine=str(uuid.uuid4())))
    assert provisioned_pc.get("Fast Boot") == "Enable"


def test_setup_stores_what_was_changed_when_it_is_saved(unlocked_pc: PC) -> None:
    unlocked_pc.change("Fast Boot", "Disable")
    assert unlocked_pc.get("Fast Boot") == "Enable"
    unlocked_pc.save()
    assert unlocked_pc.phase == "operating system"
    assert unlocked_pc.get("Fast Boot") == "Disable"


def test_three_wrong_codes_restart_the_pc(provisioned_pc: PC) -> None:
    provisioned_pc.enter_setup()
    assert provisioned_pc.phase == "response-code prompt"
    right = {provisioned_pc.answer(wrong) for wrong in ("00000000", "11111111", "22222222")}
    assert (right, provisioned_pc.phase) == ({False}, "power-on self-test")


def test_no_code_at_all_costs_no_try(provisioned_pc: PC) -> None:
    provisioned_pc.enter_setup()
    for _ in range(4):
        with pytest.raises(Refused):
            provisioned_pc.answer("abc")
    assert provisioned_pc.phase == "response-code prompt"


def test_a_challenge_gets_old_and_a_new_one_follows(provisioned_pc: PC, phone: Phone) -> None:
    provisioned_pc.enter_setup()
    old = provisioned_pc.challenge
    provisioned_pc.wait(599)
    assert provisioned_pc.challenge == old
    provisioned_pc.wait(1)
    assert provisioned_pc.challenge != old
    assert not provisioned_pc.answer(phone.pin(old))
    assert provisioned_pc.answer(phone.pin(provisioned_pc.challenge_picture()))
    assert provisioned_pc.phase == "Computer Setup"


def test_while_there_is_a_time_to_wait_nothing_is_shown(provisioned_pc: PC, phone: Phone) -> None:
    for _ in range(2):
        provisioned_pc.enter_setup()
        for _ in range(3):
            provisioned_pc.answer("00000000")
    provisioned_pc.enter_setup()
    provisioned_pc.wait(1)
    with pytest.raises(NothingShown, match=r"wait\(seconds\)"):
        _ = provisioned_pc.challenge
    with pytest.raises(Refused):
        provisioned_pc.answer("00000000")
    with pytest.raises(Refused):
        provisioned_pc.new_challenge()
    assert "░" * 50 not in provisioned_pc.screen((100, 38))
    provisioned_pc.wait(3600)
    assert provisioned_pc.answer(phone.pin(provisioned_pc.challenge))


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf")])
def test_time_does_not_run_backwards(target_pc: PC, seconds: float) -> None:
    with pytest.raises(ValueError, match="from 0 on"):
        target_pc.wait(seconds)


def test_a_window_has_a_cell(target_pc: PC) -> None:
    for size in ((0, 24), (80, -1)):
        with pytest.raises(ValueError, match="at least 1 column"):
            target_pc.screen(size)


def test_where_no_challenge_is_none_is_shown(target_pc: PC) -> None:
    with pytest.raises(NothingShown, match="operating system"):
        target_pc.challenge_picture()


def test_a_refusal_leaves_the_session_as_it_was(target_pc: PC) -> None:
    with pytest.raises(Refused, match="Computer Setup"):
        target_pc.change("Fast Boot", "Disable")
    with pytest.raises(Refused):
        target_pc.power_on()
    assert target_pc.phase == "operating system"


def test_clones_are_independent(provisioned_pc: PC, admin: Admin) -> None:
    twin = provisioned_pc.clone()
    provisioned_pc.apply(admin.setting("Fast Boot", "Disable"))
    provisioned_pc.power_off()
    assert (twin.get("Fast Boot"), twin.phase) == ("Enable", "operating system")
    twin.apply(admin.setting("USB Storage Boot", "Disable"))
    assert provisioned_pc.get("USB Storage Boot") == "Enable"
    assert twin.uuid == provisioned_pc.uuid


def test_the_clock_of_a_clone_goes_on_and_is_not_behind_the_world(provisioned_pc: PC) -> None:
    provisioned_pc.enter_setup()
    provisioned_pc.wait(599)
    provisioned_pc._held.clock.set_back(86400)
    before = time.time()
    twin = provisioned_pc.clone()
    assert twin._held.clock.now().unix >= before
    assert twin.challenge == provisioned_pc.challenge
    twin.wait(1)
    assert twin.challenge != provisioned_pc.challenge
    ahead = provisioned_pc.clone()
    ahead.wait(86400)
    assert ahead.clone()._held.clock.now() == ahead._held.clock.now()


def test_new_pcs_are_different_machines() -> None:
    assert PC.new().uuid != PC.new().uuid
    assert PC.new(serial="ABC123", on=False).serial == "ABC123"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"model": "nonesuch"}, "no packaged model is called 'nonesuch'"),
        ({"model": "./none.toml"}, "cannot be read"),
        ({"quirks": {"nonesuch": "1"}}, "no quirk is called 'nonesuch'"),
        ({"quirks": {"response_tries": "4"}}, "takes '3', '5', '10'"),
        ({"serial": "x" * 33}, "at most 32 characters"),
    ],
)
def test_what_does_not_exist_is_told_in_a_sentence(words: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        PC.new(**words)  # type: ignore[arg-type]


def test_looking_at_the_screen_changes_nothing(provisioned_pc: PC) -> None:
    provisioned_pc.enter_setup()
    before = provisioned_pc.challenge, provisioned_pc.report(), provisioned_pc.image.read()
    shown = provisioned_pc.screen((100, 38))
    assert "Enter Response Code" in shown
    assert "░" * 50 in shown
    assert "▀" not in shown
    assert (provisioned_pc.challenge, provisioned_pc.report(), provisioned_pc.image.read()) == before


def test_the_screen_tells_no_presence_code(target_pc: PC, admin: Admin) -> None:
    for payload in admin.provisioning():
        target_pc.apply(payload)
    target_pc.power_off()
    machine = target_pc._machine
    from emulator.firmware.commands import PowerOn

    machine.execute(PowerOn())
    prompt = machine.firmware.session.prompt
    assert prompt is not None
    shown = target_pc.screen()
    assert "░░░░" in shown
    assert prompt.code not in shown


def test_a_pc_that_is_off_shows_nothing(target_pc: PC) -> None:
    target_pc.power_off()
    assert target_pc.screen() == ""


def test_the_screen_is_seen_from_within_an_event_loop(target_pc: PC) -> None:
    async def looked() -> str:
        return target_pc.screen()

    assert target_pc.serial in asyncio.run(looked())
