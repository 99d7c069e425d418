"""Factory defaults and custom defaults: from the screen, from the operating system, and what they leave alone."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware.access import Who
from emulator.firmware.boot import Phase
from emulator.firmware.catalogue import Keeper, Role
from emulator.firmware.memory import Memory
from emulator.firmware.refusals import AccessDenied, PasswordNeeded, SignatureNeeded
from emulator.protocol.password import utf_16
from tests.firmware.bench import (
    BOSS,
    LAK_1,
    MODE,
    NONCE,
    PRESENCE_INTERFACE,
    USB,
    USER,
    Bench,
    answer,
    at_the_door,
    factory_new,
    guarded,
    local_key_value,
    locked,
    made_by,
    mode_on,
    model,
    pin,
    shown_code,
    signed,
    started,
    with_passwords,
)

SAVE, CUSTOM, FACTORY = (
    ("Save Custom Defaults", "Save"),
    ("Apply Custom Defaults and Exit", "Yes"),
    ("Apply Factory Defaults and Exit", "Yes"),
)
HOUR, SECURE_BOOT, CLEAR_TPM = "BIOS Power-On Hour", "Secure Boot", "Clear TPM"
ONCE = "Permanent Disable Absolute Persistence Module Set Once"
CHANGED = {USB: "Disable", HOUR: "23", "Ownership Tag": "mine"}


def changed(memory: Memory | None = None, extra: Mapping[str, str] | None = None) -> Memory:
    memory = memory or factory_new()
    return replace(memory, settings={**memory.settings, **CHANGED, **(extra or {})})


def in_setup(memory: Memory) -> Bench:
    bench = Bench(memory)
    bench.execute(c.PowerOn())
    bench.execute(c.EnterSetup())
    assert bench.phase is Phase.SETUP
    return bench


def saved(bench: Bench, *staged: tuple[str, str]) -> Bench:
    for name, value in staged:
        bench.execute(c.StageSetting(name, value))
    bench.execute(c.SaveAndExit())
    return bench


def ordered(order: tuple[str, str], memory: Memory) -> Memory:
    """The memory after this order came from the operating system."""
    return made_by([c.SetSetting(*order)], memory)


class TestFactory:
    def test_the_screen_puts_every_setting_back_and_the_order_is_no_value(self) -> None:
        bench = saved(in_setup(changed()), FACTORY)
        assert bench.memory.settings == factory_new().settings
        assert bench.phase is Phase.POST
        assert bench.firmware.value(FACTORY[0]) == "No"

    def test_the_operating_system_orders_it_in_two_ways(self) -> None:
        for command in (c.SetSystemDefaults(), c.SetSetting(*FACTORY)):
            assert made_by([command], changed()).settings == factory_new().settings

    def test_the_word_for_no_does_nothing(self) -> None:
        for order, word in ((FACTORY, "No"), (CUSTOM, "No"), (SAVE, "Do not Save")):
            after = ordered((order[0], word), changed())
            assert (after.settings, after.custom) == (changed().settings, {})

    def test_what_changes_at_once_changes_at_once(self) -> None:
        bench = started(changed())
        bench.execute(c.SetSystemDefaults())
        assert bench.firmware.pending() == {USB: ("Disable", "Enable"), HOUR: ("23", "0")}

    def test_other_changes_of_the_same_visit_come_on_top(self) -> None:
        bench = saved(in_setup(changed()), (HOUR, "7"), FACTORY, ("Fast Boot", "Disable"))
        assert (bench.firmware.value(HOUR), bench.firmware.value("Fast Boot")) == ("7", "Disable")
        assert bench.firmware.value("Ownership Tag") == ""

    def test_the_events_tell_every_value_that_came_back(self) -> None:
        events = started(changed()).execute(c.SetSystemDefaults())
        assert {(each.name, each.value) for each in events if isinstance(each, e.SettingStored)} == {
            (USB, "Enable"),
            (HOUR, "0"),
            ("Ownership Tag", ""),
        }


class TestCustom:
    def test_what_was_saved_is_applied(self) -> None:
        memory = ordered(SAVE, changed())
        assert memory.custom == CHANGED
        memory = made_by([c.SetSystemDefaults()], memory)
        assert memory.settings == factory_new().settings
        assert memory.custom == CHANGED
        assert ordered(CUSTOM, memory).settings == changed().settings

    def test_until_something_was_saved_they_are_the_factory_s(self) -> None:
        assert ordered(CUSTOM, changed()).settings == factory_new().settings

    def test_saving_again_replaces_what_was_saved(self) -> None:
        memory = ordered(SAVE, changed())
        memory = made_by([c.SetSystemDefaults(), c.SetSetting(HOUR, "9"), c.SetSetting(*SAVE)], memory)
        assert memory.custom == {HOUR: "9"}

    def test_a_visit_saves_what_it_changes_and_applies_what_was_saved_before(self) -> None:
        bench = saved(in_setup(ordered(SAVE, changed())), SAVE, (USB, "Enable"), (HOUR, "9"), CUSTOM)
        assert bench.memory.custom == {HOUR: "9", "Ownership Tag": "mine"}
        assert bench.memory.settings[HOUR] == "9"

    def test_factory_defaults_of_the_same_visit_come_first(self) -> None:
        bench = saved(in_setup(ordered(SAVE, changed())), CUSTOM, FACTORY)
        assert bench.memory.settings == changed().settings


class TestReach:
    """What no default touches, so that none is a way round the keys."""

    @pytest.mark.parametrize("order", [FACTORY, CUSTOM], ids=["factory", "custom"])
    def test_keys_mode_passwords_counters_presence_interface_and_log_stay(
        self, order: tuple[str, str]
    ) -> None:
        memory = locked(changed(guarded(), {PRESENCE_INTERFACE: "Disable"}), BOSS, USER)
        bench = Bench(memory)
        for command in (c.PowerOn(), c.TypePassword(USER), c.Continue()):
            bench.execute(command)
        before = bench.memory
        bench.execute(signed(*order, NONCE + 9))
        after = bench.memory
        assert after.settings == {**factory_new().settings, PRESENCE_INTERFACE: "Disable"}
        assert after.counters == replace(before.counters, settings=NONCE + 9)
        assert replace(after, settings=before.settings, counters=before.counters) == before

    def test_no_order_for_the_next_boot_is_put_nor_kept(self) -> None:
        bench = started(
            replace(factory_new(), settings={**changed().settings, PRESENCE_INTERFACE: "Disable"})
        )
        bench.execute(c.SetSetting(CLEAR_TPM, "On next boot"))
        bench.execute(c.SetSetting(*SAVE))
        bench.execute(c.SetSystemDefaults())
        assert CLEAR_TPM not in bench.memory.custom
        assert bench.firmware.value(CLEAR_TPM) == "On next boot"

    def test_what_was_set_once_stays_and_is_no_custom_default(self) -> None:
        memory = ordered(SAVE, made_by([c.SetSetting(ONCE, "Yes")], changed()))
        assert ONCE not in memory.custom
        for order in (FACTORY, CUSTOM):
            assert ordered(order, memory).settings[ONCE] == "Yes"
        assert made_by([c.SetSystemDefaults()], memory).settings[ONCE] == "Yes"

    def test_custom_defaults_that_an_attacker_wrote_reach_no_further(self) -> None:
        beyond = {
            PRESENCE_INTERFACE: "Disable",
            MODE: "Disable",
            LAK_1: "",
            "Setup Password": "x",
            "Nothing": "x",
        }
        memory = replace(guarded(), custom={**beyond, HOUR: "9"})
        bench = started(memory)
        bench.execute(signed(*CUSTOM, NONCE + 9))
        assert bench.memory.settings == {**memory.settings, HOUR: "9"}
        assert bench.memory.authentication == memory.authentication
        assert bench.memory.waiting == {}

    def test_every_setting_that_defaults_reach_is_an_ordinary_one(self) -> None:
        reached = {each.name for each in model().stored.values() if not each.momentary}
        assert all(model().every[name].keeper is Keeper.ORDINARY for name in reached)
        assert not {MODE, LAK_1, "Setup Password", "Power-On Password"} & reached


class TestPresence:
    """A default that needs physical presence waits for it."""

    def insecure(self, *, prompts: bool = True) -> Memory:
        extra = {SECURE_BOOT: "Disable", PRESENCE_INTERFACE: "Enable" if prompts else "Disable"}
        return changed(extra=extra)

    def test_it_waits_while_the_others_are_put(self) -> None:
        bench = started(self.insecure())
        bench.execute(c.SetSystemDefaults())
        assert bench.memory.waiting == {SECURE_BOOT: "Enable"}
        assert bench.memory.settings == {**factory_new().settings, SECURE_BOOT: "Disable"}
        bench.execute(c.Restart())
        bench.execute(c.AnswerPresence(shown_code(bench)))
        assert bench.memory.settings == factory_new().settings

    def test_it_is_put_with_the_others_where_the_prompts_are_off(self) -> None:
        bench = started(self.insecure(prompts=False))
        bench.execute(c.SetSystemDefaults())
        assert bench.memory.waiting == {}
        assert bench.firmware.value(SECURE_BOOT) == "Enable"
        assert bench.firmware.value(PRESENCE_INTERFACE) == "Disable"

    def test_a_change_that_waited_is_taken_back_where_the_default_is_in_force(self) -> None:
        bench = started(factory_new())
        bench.execute(c.SetSetting(SECURE_BOOT, "Disable"))
        assert bench.memory.waiting == {SECURE_BOOT: "Disable"}
        bench.execute(c.SetSystemDefaults())
        assert bench.memory.waiting == {}
        assert bench.firmware.value(SECURE_BOOT) == "Enable"

    def test_several_wait_in_the_order_of_the_model(self) -> None:
        memory = changed(extra={SECURE_BOOT: "Disable", "TPM State": "Disable", "TPM Device": "Hidden"})
        bench = started(memory)
        bench.execute(c.SetSystemDefaults())
        names = [name for name in model().stored if name in bench.memory.waiting]
        assert list(bench.memory.waiting) == names
        assert len(names) == 3


class TestProof:
    def test_the_method_needs_the_administrator_s_password_where_one_is_set(self) -> None:
        bench = started(changed(with_passwords(BOSS)))
        bench.refused(c.SetSystemDefaults(), PasswordNeeded)
        bench.costs_a_try(c.SetSystemDefaults(utf_16("wrong one")))
        bench.execute(c.SetSystemDefaults(utf_16(BOSS)))
        assert bench.firmware.value(HOUR) == "0"

    def test_the_method_needs_a_signature_while_the_mode_is_on(self) -> None:
        for memory in (mode_on(), locked(mode_on(), BOSS)):
            bench = started(changed(memory))
            for proof in ("", utf_16(BOSS), "no mark"):
                refusal = bench.refused(c.SetSystemDefaults(proof), SignatureNeeded)
                assert "the signing key signed" in str(refusal)

    def test_the_orders_need_a_signature_while_the_mode_is_on(self) -> None:
        bench = started(changed(mode_on()))
        for order in (SAVE, CUSTOM, FACTORY):
            bench.refused(c.SetSetting(*order), SignatureNeeded)
        bench.execute(signed(*FACTORY))
        assert bench.firmware.value(HOUR) == "0"

    def test_the_screen_gives_them_to_whoever_answered_the_challenge(self) -> None:
        bench = at_the_door(changed(guarded()))
        answer(bench, pin(bench))
        saved(bench, FACTORY)
        assert bench.firmware.value(HOUR) == "0"
        assert bench.firmware.value(LAK_1) == local_key_value()

    def test_a_user_orders_none_of_them(self) -> None:
        bench = Bench(changed(with_passwords(BOSS, USER)))
        for key in (c.PowerOn(), c.TypePassword(USER), c.EnterSetup(), c.TypePassword(USER)):
            bench.execute(key)
        assert bench.firmware.session.visitor is Who.POWER_ON
        for order in (SAVE, CUSTOM, FACTORY):
            bench.refused(c.StageSetting(*order), AccessDenied)


def test_every_role_of_an_order_is_in_the_model() -> None:
    roles = {Role.SAVE_CUSTOM_DEFAULTS, Role.APPLY_CUSTOM_DEFAULTS, Role.APPLY_FACTORY_DEFAULTS}
    assert [model().roles[role].name for role in sorted(roles, key=lambda role: role.value)] == [
        CUSTOM[0],
        FACTORY[0],
        SAVE[0],
    ]
