"""What is kept of a password, and which new passwords the policies take."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import pytest
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from emulator.devices.entropy import FixedEntropy
from emulator.firmware import commands as c
from emulator.firmware import passwords
from emulator.firmware.catalogue import Catalogue
from emulator.firmware.firmware import manufactured
from emulator.firmware.memory import PasswordHash
from emulator.firmware.refusals import PasswordPolicyNotMet
from emulator.protocol import password
from emulator.protocol.status import SettingStatus
from tests.firmware.bench import (
    BOSS,
    IDENTITY,
    SETUP_PASSWORD,
    USER,
    Bench,
    factory_new,
    model_of,
    start,
    started,
    with_passwords,
    with_settings,
)

SALT = bytes(range(16))


class TestHash:
    def test_it_is_scrypt_of_the_text_as_utf_16(self) -> None:
        kept = passwords.hashed("Größe", SALT)
        expected = Scrypt(SALT, 32, 2**14, 8, 1).derive("Größe".encode("utf-16-le"))
        assert (kept.salt, kept.digest) == (SALT, expected)
        assert (kept.log2_cost, kept.block_size, kept.lanes) == (14, 8, 1)

    def test_the_salt_comes_from_the_random_numbers(self) -> None:
        bench = started(factory_new())
        bench.entropy = FixedEntropy("a seed of this test")
        bench.execute(c.SetSetting(SETUP_PASSWORD, password.utf_16(BOSS)))
        kept = bench.memory.passwords.administrator
        assert kept is not None
        assert kept.salt == FixedEntropy("a seed of this test").octets(16)

    def test_the_same_password_set_twice_is_kept_differently(self) -> None:
        bench = started(factory_new())
        bench.execute(c.SetSetting(SETUP_PASSWORD, password.utf_16(BOSS)))
        before = bench.memory.passwords.administrator
        bench.execute(c.SetSetting(SETUP_PASSWORD, password.utf_16(BOSS), password.utf_16(BOSS)))
        after = bench.memory.passwords.administrator
        assert before is not None
        assert after is not None
        assert (before.salt, before.digest) != (after.salt, after.digest)
        assert passwords.matches(before, BOSS)
        assert passwords.matches(after, BOSS)

    def test_both_passwords_alike_are_kept_differently(self) -> None:
        kept = with_passwords(BOSS, BOSS).passwords
        assert kept.administrator is not None
        assert kept.power_on is not None
        assert kept.administrator.salt != kept.power_on.salt
        assert kept.administrator.digest != kept.power_on.digest

    @pytest.mark.parametrize(
        "typed", ["", BOSS.lower(), BOSS[:-1], BOSS + " ", BOSS + "\0", "\ud800", "x" * 100_000]
    )
    def test_only_the_password_itself_matches(self, typed: str) -> None:
        kept = with_passwords(BOSS).passwords.administrator
        assert not passwords.matches(kept, typed)

    def test_nothing_matches_where_none_is_set(self) -> None:
        assert not passwords.matches(None, "")

    def test_a_hash_that_cost_more_still_matches(self) -> None:
        costlier = PasswordHash(
            SALT, Scrypt(SALT, 32, 2**15, 8, 2).derive(BOSS.encode("utf-16-le")), 15, 8, 2
        )
        assert passwords.matches(costlier, BOSS)
        assert not passwords.matches(costlier, USER)
        bench = Bench(
            replace(factory_new(), passwords=replace(factory_new().passwords, administrator=costlier))
        )
        start(bench)
        bench.execute(c.SetSetting("Fast Boot", "Disable", password.utf_16(BOSS)))

    def test_a_hash_shows_neither_salt_nor_digest(self) -> None:
        kept = with_passwords(BOSS).passwords.administrator
        assert kept is not None
        assert repr(kept.salt) not in repr(kept)
        assert repr(kept.digest) not in repr(kept)


class Case(NamedTuple):
    """A policy, a password that it takes and one that it does not, and what the refusal says."""

    role: str
    on: str
    good: str
    bad: str
    says: str


CASES = [
    Case("password_symbol", "Yes", "Abcdef-1", "Abcdefg1", "needs a symbol"),
    Case("password_number", "Yes", "Abcdef-1", "Abcdef-g", "needs a number"),
    Case("password_upper_case", "Yes", "abcdeF-1", "abcdef-1", "needs an upper case letter"),
    Case("password_lower_case", "Yes", "ABCDEf-1", "ABCDEF-1", "needs a lower case letter"),
    Case("password_spaces", "No", "Abcdef-1", "Abc ef-1", "may have no spaces"),
    Case("shortest_password", "10", "Abcdefg-10", "Abcdefg-9", "has at least 10 characters"),
]


def refusal_of(new: str, **policies: str) -> str:
    """What a machine with these policies says of a new password; nothing if it is set."""
    bench = started(with_settings(factory_new(), **policies))
    command = c.SetSetting(SETUP_PASSWORD, password.utf_16(new))
    try:
        bench.execute(command)
    except PasswordPolicyNotMet:
        refusal = bench.refused(command, PasswordPolicyNotMet)
    else:
        assert passwords.matches(bench.memory.passwords.administrator, new)
        return ""
    assert bench.memory.passwords.administrator is None
    assert new not in str(refusal)
    assert refusal.setting_status is SettingStatus.PASSWORD_POLICY_NOT_MET
    return str(refusal)


class TestPolicies:
    @pytest.mark.parametrize("case", CASES, ids=lambda case: case.role)
    def test_each_policy_refuses_what_breaks_it_and_nothing_else(self, case: Case) -> None:
        assert refusal_of(case.good, **{case.role: case.on}) == ""
        assert case.says in refusal_of(case.bad, **{case.role: case.on})
        off = {"Yes": "No", "No": "Yes", "10": "8"}[case.on]
        assert refusal_of(case.bad, **{case.role: off}) == ""

    def test_all_faults_are_told_at_once(self) -> None:
        said = refusal_of("é e", password_symbol="Yes", password_number="Yes", password_upper_case="Yes")
        assert said == (
            "a new password has at least 8 characters, and needs a symbol, and needs a number, "
            "and needs an upper case letter, and may have no spaces; nothing was changed"
        )

    @pytest.mark.parametrize("sign", ["Ä", "ß", "é", "Я", "語", "🔑"])
    def test_signs_of_every_script_are_typed(self, sign: str) -> None:
        assert refusal_of(f"Abcdefg{sign}") == ""

    @pytest.mark.parametrize(
        "sign", ["\0", "\n", "\t", "\x1b", "\x7f", "\u202e", "\u2028", "\ud800", "\u00a0", "\u3000"]
    )
    def test_signs_that_nobody_can_type_or_see_are_refused(self, sign: str) -> None:
        assert "has printable characters only" in refusal_of(f"Abcdef{sign}1", password_spaces="Yes")

    @pytest.mark.parametrize(
        ("length", "fits"), [(3, False), (4, True), (32, True), (33, False), (100_000, False)]
    )
    def test_a_password_has_the_length_that_its_setting_allows(self, length: int, fits: bool) -> None:
        said = refusal_of("a" * length, shortest_password="4")
        assert (said == "") is fits
        if not fits:
            assert ("at least 4" in said) is (length < 4)
            assert ("at most 32" in said) is (length > 32)

    def test_a_policy_for_a_length_below_the_setting_s_own_does_not_lower_it(self) -> None:
        short = model_of(
            {
                SETUP_PASSWORD: PASSWORD,
                "Least": {
                    "kind": "integer",
                    "lower_bound": 0,
                    "upper_bound": 9,
                    "default": "0",
                    "role": "password minimum length",
                },
            }
        )
        assert "at least 4" in said_by(short, "abc")
        assert said_by(short, "abcd") == ""

    def test_a_model_without_policies_asks_for_the_length_alone(self) -> None:
        bare = model_of({SETUP_PASSWORD: PASSWORD})
        assert said_by(bare, "a a a") == ""
        assert "at least 4" in said_by(bare, "aaa")

    def test_policies_act_on_new_passwords_only(self) -> None:
        strict = with_settings(
            with_passwords("plainword"), password_symbol="Yes", password_number="Yes", shortest_password="20"
        )
        bench = started(strict)
        bench.execute(c.SetSetting("Fast Boot", "Disable", password.utf_16("plainword")))
        change = c.SetSetting(SETUP_PASSWORD, password.utf_16("plainword"), password.utf_16("plainword"))
        bench.refused(change, PasswordPolicyNotMet)

    def test_no_policy_keeps_a_password_from_being_cleared(self) -> None:
        bench = started(with_settings(with_passwords(BOSS), password_symbol="Yes", shortest_password="32"))
        bench.execute(c.SetSetting(SETUP_PASSWORD, password.utf_16(""), password.utf_16(BOSS)))
        assert bench.memory.passwords.administrator is None

    def test_a_policy_acts_as_soon_as_it_is_changed(self) -> None:
        bench = started(with_passwords(BOSS))
        proof = password.utf_16(BOSS)
        bench.execute(c.SetSetting("Password Minimum Length", "30", proof))
        bench.refused(
            c.SetSetting(SETUP_PASSWORD, password.utf_16("Abcdefgh-1"), proof), PasswordPolicyNotMet
        )


PASSWORD: Mapping[str, object] = {
    "kind": "password",
    "role": "administrator password",
    "min_length": 4,
    "max_length": 32,
    "encodings": ["utf-16"],
}


def said_by(model: Catalogue, new: str) -> str:
    bench = Bench(manufactured(model, IDENTITY), settings=model)
    start(bench)
    try:
        bench.execute(c.SetSetting(SETUP_PASSWORD, password.utf_16(new)))
    except PasswordPolicyNotMet as refusal:
        return str(refusal)
    return ""
