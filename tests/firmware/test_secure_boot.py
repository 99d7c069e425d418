"""Secure Boot: modes, whose keys, what the databases hold, and every setting that acts upon them."""

import uuid
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator import models
from emulator.firmware import commands as c
from emulator.firmware import events as e
from emulator.firmware import secure_boot, variables
from emulator.firmware import signature_databases as databases
from emulator.firmware.catalogue import Catalogue, Role
from emulator.firmware.certificates import Certificate
from emulator.firmware.firmware import manufactured
from emulator.firmware.memory import Heeded, Memory, SecureBoot
from emulator.firmware.report import report
from emulator.firmware.secure_boot import Entry
from firmware_store import secure_boot as store
from firmware_store.signature_list import SHA256, SignatureList, write_lists
from tests.firmware.bench import (
    BOSS,
    IDENTITY,
    PRESENCE_INTERFACE,
    RESTORE,
    Bench,
    factory_new,
    guarded,
    locked,
    made_by,
    model,
    shown_code,
    small,
    started,
    with_settings,
)
from tests.firmware.test_signature_databases import BROKEN, FOREIGN, STRANGER, signature_list

CLEAR, RESET = "Clear Secure Boot keys", "Reset Secure Boot keys to factory defaults"
UEFI_2011, UEFI_2023 = "Enable MS UEFI CA key", "Microsoft UEFI CA 2023"
PROTECTION = "Sure Start Secure Boot Keys Protection"
STATE, READY = "Custom Keys Image Verification State", "Ready to disable MS UEFI CA Key"
STAND_INS = model().certificates
OURS = databases.of_certificates([b"a customer's key"])


def unprompted() -> Memory:
    """A new machine that asks nobody."""
    return with_settings(factory_new(), physical_presence_interface="Disable")


def with_databases(memory: Memory, **held: bytes) -> Memory:
    return replace(memory, secure_boot=replace(memory.secure_boot, databases=held))


def of_earlier_release(memory: Memory, **held: bytes) -> Memory:
    return replace(memory, secure_boot=SecureBoot(held))


def names(memory: Memory, database: str = "db") -> list[str]:
    return [each.subject for each in secure_boot.described(memory) if each.database == database]


def trusts(memory: Memory, which: Certificate) -> bool:
    return databases.holds(memory.secure_boot.databases.get("db", b""), STAND_INS[which])


def after_boot(memory: Memory, *settings: tuple[str, str]) -> Memory:
    """The memory once these settings were changed, and a boot that asks nobody is over."""
    bench = started(memory)
    for name, value in settings:
        bench.execute(c.SetSetting(name, value))
    bench.execute(c.Restart())
    return bench.memory


def test_the_variables_are_those_of_uefi_and_of_edk2() -> None:
    assert [store.Place(*each) for each in variables.DATABASES.values()] == list(store.KEYS)
    assert store.Place(*variables.SECURE_BOOT_SWITCH) == store.SECURE_BOOT_ENABLE
    assert (variables.OFF, variables.ON) == (store.OFF, store.ON)


class TestNew:
    def test_a_new_machine_is_in_user_mode_with_the_keys_of_the_factory(self) -> None:
        memory = factory_new()
        assert secure_boot.in_user_mode(memory)
        assert secure_boot.is_enforced(memory)
        assert secure_boot.whose_keys(memory, model()) == "factory"
        assert secure_boot.counts(memory) == {"PK": 1, "KEK": 2, "db": 2, "dbx": 2}
        assert names(memory, "PK") == ["f10 emulated platform key"]
        assert names(memory) == [
            "f10 stand-in for the Windows production CA 2011",
            "f10 stand-in for the third-party UEFI CA 2011",
        ]
        assert names(memory, "dbx") == [each.hex() for each in databases.revoked()]

    def test_the_report_tells_it(self) -> None:
        assert report(Bench().firmware)["secure_boot"] == {
            "supported": True,
            "mode": "user",
            "enabled": True,
            "keys": "factory",
            "databases": {"PK": 1, "KEK": 2, "db": 2, "dbx": 2},
        }

    def test_a_model_without_secure_boot_has_none(self) -> None:
        bench = small()
        bench.execute(c.PowerOn())
        assert bench.memory.secure_boot == SecureBoot()
        assert report(bench.firmware)["secure_boot"] == {
            "supported": False,
            "mode": "setup",
            "enabled": False,
            "keys": "none",
            "databases": {},
        }

    def test_a_model_whose_switch_is_elsewhere_leaves_that_to_others(self) -> None:
        named = {name: each for name, each in model().settings.items() if each.role is not Role.SECURE_BOOT}
        bare = replace(model(), settings=named)
        memory = manufactured(bare, IDENTITY)
        assert memory.secure_boot.switch is None
        assert secure_boot.is_enforced(memory)

    @pytest.mark.parametrize(("name", "on"), [("elitedesk-800-g2", True), ("elitebook-810-g1", False)])
    def test_older_models_have_them_too(self, name: str, on: bool) -> None:
        old = models.packaged(name)
        memory = manufactured(old, replace(IDENTITY, model=name))
        assert secure_boot.whose_keys(memory, old) == "factory"
        assert memory.secure_boot.switch is secure_boot.is_enforced(memory) is on


class TestDescribed:
    def test_a_certificate_has_a_name_an_owner_and_dates(self) -> None:
        first, *_ = secure_boot.described(factory_new())
        assert first == Entry(
            "PK",
            "X.509 certificate",
            "f10 emulated platform key",
            str(databases.OWNER),
            "2026-01-01",
            "2056-01-01",
        )

    def test_what_is_not_known_is_told_by_its_type_and_size(self) -> None:
        memory = with_databases(factory_new(), db=FOREIGN + BROKEN, dbt=signature_list(SHA256, b"short"))
        owner, strange = str(uuid.UUID(bytes_le=STRANGER)), "type 0f5e4f5d-aaaa-bbbb-cccc-1234567890ab"
        assert secure_boot.described(memory) == (
            Entry("db", strange, "3 bytes", owner),
            Entry("db", strange, "3 bytes", owner),
            Entry("db", "no signature list", "20 bytes"),
            Entry("dbt", f"type {uuid.UUID(bytes_le=SHA256)}", "5 bytes", owner),
        )
        assert secure_boot.counts(memory) == {"db": 2, "dbt": 1}

    def test_a_certificate_that_is_none_is_told_so(self) -> None:
        (told,) = secure_boot.described(with_databases(factory_new(), PK=OURS))
        assert told == Entry("PK", "X.509 certificate", "unreadable, 16 bytes", str(databases.OWNER))

    @given(st.binary(max_size=200))
    def test_nothing_that_lies_there_fails(self, data: bytes) -> None:
        memory = with_databases(factory_new(), PK=data, db=data)
        secure_boot.described(memory)
        secure_boot.counts(memory)
        secure_boot.custom_keys_state(memory, model())
        secure_boot.ready_without_uefi_ca(memory, model())

    @given(st.integers(0, 900), st.integers(1, 255))
    def test_no_damage_to_a_certificate_fails_or_steers_a_terminal(self, at: int, flip: int) -> None:
        der = bytearray(STAND_INS[Certificate.PLATFORM])
        der[at % len(der)] ^= flip
        memory = with_databases(factory_new(), PK=databases.of_certificates([bytes(der)]))
        assert all(each.subject.isprintable() for each in secure_boot.described(memory))


class TestOrders:
    def test_clearing_takes_all_of_them_and_the_switch_at_the_next_boot(self) -> None:
        bench = started(unprompted())
        bench.execute(c.SetSetting(CLEAR, "Enable"))
        assert secure_boot.in_user_mode(bench.memory)
        assert e.OrderCarriedOut(CLEAR, "Enable") in bench.execute(c.Restart())
        assert bench.memory.secure_boot.databases == {}
        assert bench.memory.secure_boot.switch is None
        assert bench.firmware.value("Secure Boot") == "Enable"
        assert not secure_boot.is_enforced(bench.memory)
        assert secure_boot.whose_keys(bench.memory, model()) == "none"
        for command in (c.PowerOff(), c.PowerOn()):
            bench.execute(command)
        assert bench.memory.secure_boot.databases == {}

    def test_they_wait_for_presence_and_are_obeyed_when_it_is_proved(self) -> None:
        for answer in (None, c.RefusePresence()):
            bench = started(factory_new())
            bench.execute(c.SetSetting(CLEAR, "Enable"))
            bench.execute(c.Restart())
            assert secure_boot.in_user_mode(bench.memory)
            bench.execute(answer or c.AnswerPresence(shown_code(bench)))
            assert secure_boot.in_user_mode(bench.memory) is (answer is not None)

    def test_an_order_that_was_taken_back_is_not_obeyed(self) -> None:
        memory = replace(factory_new(), waiting={CLEAR: "Disable"})
        bench = Bench(memory)
        bench.execute(c.PowerOn())
        bench.execute(c.AnswerPresence(shown_code(bench)))
        assert secure_boot.in_user_mode(bench.memory)

    def test_resetting_brings_the_factorys_back_with_the_authorities_of_the_settings(self) -> None:
        memory = with_databases(unprompted(), PK=OURS, db=FOREIGN, dbt=FOREIGN)
        after = after_boot(memory, (RESET, "Enable"), (UEFI_2011, "No"), (UEFI_2023, "Enable"))
        assert secure_boot.whose_keys(after, model()) == "factory"
        assert names(after) == [
            "f10 stand-in for the Windows production CA 2011",
            "f10 stand-in for the third-party UEFI CA 2023",
        ]
        assert "dbt" not in after.secure_boot.databases
        assert after.secure_boot.switch is True

    def test_other_orders_are_none_of_secure_boot(self) -> None:
        memory = unprompted()
        after = after_boot(
            memory, ("Clear TPM", "On next boot"), ("Import Custom Secure Boot keys", "On next boot")
        )
        assert after.secure_boot == memory.secure_boot

    def test_a_machine_without_keys_of_the_factory_obeys_nothing(self) -> None:
        bare = replace(model(), certificates={})
        memory = replace(unprompted(), secure_boot=SecureBoot({"db": FOREIGN}))
        bench = Bench(memory, settings=bare)
        for command in (c.PowerOn(), c.Continue(), c.SetSetting(CLEAR, "Enable"), c.Restart()):
            bench.execute(command)
        assert bench.memory.secure_boot == memory.secure_boot


class TestAuthorities:
    def test_one_is_let_in_and_kept_out_again(self) -> None:
        memory = after_boot(factory_new(), (UEFI_2023, "Enable"))
        assert trusts(memory, Certificate.UEFI_2023)
        assert trusts(memory, Certificate.UEFI_2011)
        memory = after_boot(memory, (UEFI_2023, "Disable"), (UEFI_2011, "No"))
        assert not trusts(memory, Certificate.UEFI_2023)
        assert not trusts(memory, Certificate.UEFI_2011)
        assert trusts(memory, Certificate.WINDOWS_2011)

    def test_each_setting_has_its_own(self) -> None:
        for role, (which, absent) in secure_boot.AUTHORITIES.items():
            setting = model().roles[role]
            off, on = setting.values
            assert trusts(factory_new(), which) is (setting.default == on) is absent
            memory = after_boot(factory_new(), (setting.name, off if absent else on))
            assert trusts(memory, which) is not absent

    def test_it_acts_at_the_next_boot(self) -> None:
        bench = started(factory_new())
        bench.execute(c.SetSetting(UEFI_2023, "Enable"))
        assert not trusts(bench.memory, Certificate.UEFI_2023)

    def test_no_boot_puts_back_what_somebody_took_away_or_takes_what_he_brought(self) -> None:
        memory = with_databases(factory_new(), PK=OURS, db=FOREIGN)
        assert after_boot(memory).secure_boot.databases == {"PK": OURS, "db": FOREIGN}

    def test_a_change_is_heeded_with_keys_of_ones_own_and_touches_nothing_else(self) -> None:
        memory = with_databases(factory_new(), PK=OURS, db=FOREIGN)
        after = after_boot(memory, (UEFI_2023, "Enable"))
        assert trusts(after, Certificate.UEFI_2023)
        assert after.secure_boot.databases["db"].startswith(FOREIGN)
        assert after_boot(after, (UEFI_2023, "Disable")).secure_boot.databases == memory.secure_boot.databases

    def test_the_last_one_that_goes_takes_its_database_with_it(self) -> None:
        lone = databases.of_certificates([STAND_INS[Certificate.UEFI_2011]])
        after = after_boot(with_databases(factory_new(), PK=OURS, db=lone), (UEFI_2011, "No"))
        assert after.secure_boot.databases == {"PK": OURS}

    def test_in_setup_mode_it_is_remembered_for_the_keys_that_the_factory_brings(self) -> None:
        memory = after_boot(unprompted(), (CLEAR, "Enable"))
        memory = after_boot(memory, (UEFI_2023, "Enable"))
        assert memory.secure_boot.databases == {}
        assert trusts(after_boot(memory, (RESET, "Enable")), Certificate.UEFI_2023)

    def test_bytes_of_a_later_version_survive_a_change(self) -> None:
        kept = replace(factory_new().secure_boot, heeded=Heeded(1, tail=b"later"))
        after = after_boot(replace(factory_new(), secure_boot=kept), (UEFI_2023, "Enable"))
        assert after.secure_boot.heeded == Heeded(0b101, tail=b"later")


class TestSwitch:
    def test_it_says_what_the_setting_says_from_the_next_boot_on(self) -> None:
        memory = after_boot(unprompted(), ("Secure Boot", "Disable"))
        assert memory.secure_boot.switch is False
        assert not secure_boot.is_enforced(memory)
        assert secure_boot.in_user_mode(memory)
        assert after_boot(memory, ("Secure Boot", "Enable")).secure_boot.switch is True

    def test_it_waits_for_presence_with_the_setting(self) -> None:
        bench = started(factory_new())
        bench.execute(c.SetSetting("Secure Boot", "Disable"))
        bench.execute(c.Restart())
        assert bench.memory.secure_boot.switch is True
        bench.execute(c.AnswerPresence(shown_code(bench)))
        assert bench.memory.secure_boot.switch is False

    def test_what_other_firmware_made_of_it_is_put_right(self) -> None:
        memory = replace(factory_new(), secure_boot=replace(factory_new().secure_boot, switch=False))
        assert after_boot(memory).secure_boot.switch is True

    def test_a_setting_of_three_words_means_what_it_ends_with(self) -> None:
        old = models.packaged("elitedesk-800-g2")
        setting = old.roles[Role.SECURE_BOOT]
        said = []
        for value in setting.values:
            memory = manufactured(old, replace(IDENTITY, model=old.model))
            bench = Bench(replace(memory, settings={**memory.settings, setting.name: value}), settings=old)
            bench.execute(c.PowerOn())
            said.append(bench.memory.secure_boot.switch)
        assert said == [False, True, False]

    def test_it_is_off_while_the_setting_is_grey(self) -> None:
        old, bench = oldest()
        on = {"SecureBoot": "Enable", "Boot Mode": "UEFI Native (Without CSM)"}
        bench = Bench(replace(bench.memory, settings={**bench.memory.settings, **on}), settings=old)
        bench.execute(c.PowerOn())
        assert secure_boot.is_enforced(bench.memory)
        grey = replace(bench.memory, settings={**bench.memory.settings, "Boot Mode": "Legacy"})
        bench = Bench(grey, settings=old)
        bench.execute(c.PowerOn())
        assert not secure_boot.is_enforced(bench.memory)


def oldest() -> tuple[Catalogue, Bench]:
    old = models.packaged("elitebook-810-g1")
    return old, Bench(manufactured(old, replace(IDENTITY, model=old.model)), settings=old)


class TestOwner:
    def test_going_back_to_the_factorys_keys_is_an_order_and_leaving_them_is_none(self) -> None:
        old, bench = oldest()
        new = bench.memory
        theirs = replace(new, settings={**new.settings, "User Mode": "Customer Keys"})
        bench = Bench(theirs, settings=old)
        bench.execute(c.PowerOn())
        assert bench.memory.secure_boot.databases == new.secure_boot.databases
        theirs = with_databases(bench.memory, PK=OURS, db=FOREIGN)
        bench = Bench(theirs, settings=old)
        bench.execute(c.PowerOn())
        assert bench.memory.secure_boot.databases == theirs.secure_boot.databases
        back = replace(bench.memory, settings={**theirs.settings, "User Mode": "HP Factory Keys"})
        bench = Bench(back, settings=old)
        bench.execute(c.PowerOn())
        assert bench.memory.secure_boot == new.secure_boot


class TestEarlierReleases:
    def test_a_machine_without_databases_gets_the_factorys_at_its_next_start(self) -> None:
        bench = Bench(of_earlier_release(factory_new()))
        assert secure_boot.whose_keys(bench.memory, model()) == "none"
        bench.execute(c.PowerOn())
        assert bench.memory.secure_boot == factory_new().secure_boot

    def test_it_gets_those_that_its_settings_let_in(self) -> None:
        old = of_earlier_release(with_settings(factory_new(), trust_uefi_2023="Enable"))
        bench = Bench(old)
        bench.execute(c.PowerOn())
        assert trusts(bench.memory, Certificate.UEFI_2023)

    def test_an_order_that_waited_is_obeyed(self) -> None:
        old = of_earlier_release(replace(unprompted(), settings={**unprompted().settings, CLEAR: "Enable"}))
        bench = Bench(old)
        bench.execute(c.PowerOn())
        assert bench.memory.secure_boot.databases == {}

    @pytest.mark.parametrize("held", [{"PK": OURS, "db": FOREIGN}, {"db": FOREIGN}])
    def test_keys_that_somebody_enrolled_meanwhile_stay(self, held: dict[str, bytes]) -> None:
        bench = Bench(of_earlier_release(factory_new(), **held))
        bench.execute(c.PowerOn())
        assert bench.memory.secure_boot.databases == held


class TestDefaults:
    """No default clears the databases or brings the factory's back."""

    @pytest.mark.parametrize(
        "orders",
        [
            [c.SetSystemDefaults()],
            [c.SetSetting("Apply Factory Defaults and Exit", "Yes")],
            [c.SetSetting("Apply Custom Defaults and Exit", "Yes")],
            [
                c.SetSetting("Save Custom Defaults", "Save"),
                c.SetSetting("Apply Custom Defaults and Exit", "Yes"),
            ],
        ],
        ids=["system", "factory", "custom", "saved"],
    )
    def test_a_default_leaves_keys_of_ones_own(self, orders: list[c.Command]) -> None:
        memory = with_databases(unprompted(), PK=OURS, db=FOREIGN)
        assert made_by(orders, memory).secure_boot.databases == {"PK": OURS, "db": FOREIGN}

    def test_clearing_cmos_leaves_them_or_their_absence(self) -> None:
        for held in ({"PK": OURS, "db": FOREIGN}, {}):
            bench = Bench(with_databases(unprompted(), **held))
            bench.execute(c.ClearCMOS())
            bench.execute(c.PowerOn(attended=False))
            assert bench.memory.secure_boot.databases == held

    def test_an_authority_goes_with_its_setting(self) -> None:
        memory = after_boot(factory_new(), (UEFI_2023, "Enable"))
        bench = started(memory)
        bench.execute(c.SetSystemDefaults())
        bench.execute(c.Restart())
        assert not trusts(bench.memory, Certificate.UEFI_2023)

    def test_restoring_the_security_settings_leaves_the_databases(self) -> None:
        memory = with_databases(unprompted(), PK=OURS, db=FOREIGN)
        bench = started(memory)
        bench.execute(c.SetSetting(RESTORE, "Yes"))
        bench.execute(c.Restart())
        bench.execute(c.AnswerPresence(shown_code(bench)))
        assert bench.memory.secure_boot.databases == {"PK": OURS, "db": FOREIGN}

    def test_nobody_clears_them_without_a_proof_on_a_guarded_machine(self) -> None:
        for memory in (guarded(), locked(factory_new(), BOSS)):
            bench = started(memory)
            for name in (CLEAR, RESET, UEFI_2011, "Secure Boot"):
                value = next(
                    each for each in model().settings[name].values if each != model().settings[name].default
                )
                with pytest.raises(Exception, match=r"sign|password"):
                    bench.execute(c.SetSetting(name, value))


class TestTold:
    def told(self, memory: Memory) -> tuple[str, str]:
        firmware = Bench(memory).firmware
        return firmware.value(STATE), firmware.value(READY)

    def test_the_factorys_keys_and_none_are_no_custom_ones(self) -> None:
        assert self.told(factory_new()) == ("No Custom Keys", "Ready")
        assert self.told(with_databases(factory_new())) == ("No Custom Keys", "Ready")

    @pytest.mark.parametrize("which", [Certificate.WINDOWS_2011, Certificate.WINDOWS_2023])
    def test_custom_keys_pass_what_is_signed_under_a_windows_certificate(self, which: Certificate) -> None:
        trusted = databases.of_certificates([STAND_INS[which]])
        assert self.told(with_databases(factory_new(), PK=OURS, db=trusted)) == ("Success", "Ready")

    def test_without_one_nothing_starts(self) -> None:
        memory = with_databases(factory_new(), PK=OURS, db=FOREIGN)
        assert self.told(memory) == ("Fail", "Not Ready")
        assert secure_boot.whose_keys(memory, model()) == "custom"

    def test_a_model_without_keys_of_the_factory_knows_custom_ones_only(self) -> None:
        assert secure_boot.whose_keys(factory_new(), replace(model(), certificates={})) == "custom"


class TestEvents:
    def test_protection_is_logged_when_it_is_switched(self) -> None:
        bench = started(unprompted())
        for value in ("Disable", "Disable", "Enable"):
            bench.execute(c.SetSetting(PROTECTION, value))
        assert bench.logged() == [0x851F, 0x851E]

    def test_it_is_logged_once_presence_is_proved(self) -> None:
        bench = started(factory_new())
        bench.execute(c.SetSetting(PROTECTION, "Disable"))
        bench.execute(c.SetSetting(PRESENCE_INTERFACE, "Disable"))
        bench.execute(c.Restart())
        assert bench.logged() == []
        bench.execute(c.AnswerPresence(shown_code(bench)))
        assert sorted(bench.logged()) == [0x851F, 0x8523]


def test_an_empty_list_counts_nothing() -> None:
    empty = write_lists([SignatureList(SHA256, 48, ())])
    memory = with_databases(factory_new(), dbx=empty)
    assert secure_boot.counts(memory) == {"dbx": 0}
    assert secure_boot.described(memory) == ()
