"""What each role asks of the setting that plays it."""

import pytest

from emulator.firmware.catalogue import Role
from emulator.firmware.model_roles import NEEDS
from tests.models.authoring import (
    ADMINISTRATOR,
    KEY,
    MODE,
    NUMBER,
    PASSWORD,
    SIGNING,
    SWITCH,
    TEXT,
    assert_refused,
    compiled,
    faults,
    other,
)


def needing(role: str, keys: str) -> str:
    """A model with a setting of this role, the line of which is marked."""
    return other(f'role = "{role}" #!\n{keys}')


ONE_WORD = 'kind = "enumeration"\nvalues = ["Disable"]\ndefault = "Disable"\n'
ALWAYS_ON = 'kind = "enumeration"\nvalues = ["One", "Two"]\ndefault = "One"\n'
ROLES = [
    ("physical presence interface", TEXT, "needs the kind 'enumeration'"),
    ("physical presence interface", ONE_WORD, "needs a value that means off, and one that means on"),
    ("cover removal sensor", ALWAYS_ON, "needs a value that means off"),
    ("password minimum length", SWITCH, "needs the kind 'integer'"),
    ("startup delay", TEXT, "needs the kind 'enumeration' or 'integer'"),
    ("startup delay", SWITCH.replace("Disable", "²"), "needs values that begin with a number of seconds"),
    ("startup delay", SWITCH, "needs values that begin with a number of seconds"),
    ("boot order", SWITCH, "needs the kind 'ordered list'"),
    ("administrator password", TEXT, "needs the kind 'password'"),
    (
        "administrator password",
        PASSWORD + 'default = "1234"\n',
        "has a default, though a machine leaves the factory without",
    ),
    ("save custom defaults", ONE_WORD, "needs a value besides its default"),
    ("restore security settings", ONE_WORD, "needs a value besides its default"),
    ("apply factory defaults", "read_only = true\n" + SWITCH, "is no setting that only tells"),
    ("user may modify power-on password", SWITCH, "has other values than Change Only, Change or Delete, No"),
    ("set all security levels", SWITCH.replace("Disable", "View"), "needs a default that is no level"),
    ("set all security levels", ONE_WORD, "needs a value besides its default"),
    ("secure boot", ALWAYS_ON, "needs a value that ends with a word for off, and one that does not"),
    ("clear secure boot keys", SWITCH, "needs 'momentary = true'"),
    ("reset secure boot keys", ONE_WORD + "momentary = true\n", "needs a value besides its default"),
    ("secure boot key owner", ONE_WORD, "needs a value besides its default"),
    ("trust UEFI CA 2023", ALWAYS_ON, "needs a value that means off, and one that means on"),
    ("signing key", SWITCH, "needs the kind 'string'"),
    ("signing key", KEY + 'default = "AAAA"\n', "has a default, though"),
    ("signing key", "read_only = true\n" + KEY, "is no setting that only tells"),
    ("endorsement certificate", KEY, "needs a setting with the role 'signing key'"),
    ("authentication mode", SWITCH, "needs a setting with the role 'signing key'"),
    (
        "cover removal sensor",
        'read_only = true\ntells = "product"\n' + SWITCH,
        "is no setting that only tells",
    ),
]


@pytest.mark.parametrize(("role", "keys", "sentence"), ROLES)
def test_a_role_asks_of_its_setting_what_the_firmware_understands(
    role: str, keys: str, sentence: str
) -> None:
    assert_refused(needing(role, keys), f"plays the role {role!r}, and {sentence}")


@pytest.mark.parametrize(
    "values", ['["Off", "On"]', '["Disable", "Enable", "Locked"]', '["Enable", "Disabled"]']
)
def test_the_authentication_mode_is_switched_by_the_words_it_is_told_as(values: str) -> None:
    default = values.split('"')[1]
    keys = (
        f'role = "authentication mode" #!\nkind = "enumeration"\nvalues = {values}\ndefault = "{default}"\n'
    )
    assert_refused(other(keys) + SIGNING, "needs the values Disable and Enable, and the default Disable")


def test_the_authentication_mode_is_off_when_the_machine_is_new() -> None:
    text = (
        needing("authentication mode", SWITCH.replace('default = "Disable"', 'default = "Enable"')) + SIGNING
    )
    assert_refused(text, "the default Disable")


def test_local_access_keys_need_the_mode_and_a_signing_key() -> None:
    text = needing("local access key 2", KEY)
    assert [sentence.rpartition(" ")[2] for _, sentence in faults(text)] == ["key'", "mode'"]
    assert compiled(text + MODE + SIGNING).has_secure_platform


@pytest.mark.parametrize("role", ["", 'role = "boot order"\n'])
def test_a_password_is_one_of_two(role: str) -> None:
    text = other(role + PASSWORD)
    text = (
        text.replace(role, role.strip() + " #!\n")
        if role
        else text.replace("[setting.Other]", "[setting.Other] #!")
    )
    assert_refused(
        text, "is a password, so it needs the role 'administrator password' or 'power-on password'"
    )


def test_a_role_needs_a_default_that_is_understood_even_if_nobody_can_change_it() -> None:
    text = other(f'role = "password minimum length"\nread_only = true\n{NUMBER}')
    assert_refused(text.replace("default = 10", "default = 9 #!"), "the default is refused")


def test_a_role_is_played_once() -> None:
    text = (
        needing("startup delay", NUMBER).replace(" #!", "")
        + f'[setting.Second]\nlisted = false\nrole = "startup delay" #!\n{NUMBER}'
    )
    assert_refused(text, "has the role 'startup delay', which 'Other' has already")


def test_no_policy_asks_for_more_characters_than_a_password_may_have() -> None:
    text = needing("password minimum length", NUMBER) + ADMINISTRATOR
    assert_refused(text, "could ask for more characters than a password may have, which is 16")
    assert compiled(needing("password minimum length", NUMBER))


def test_a_policy_that_nobody_can_change_may_be_always_on() -> None:
    assert compiled(needing("password may have spaces", f"read_only = true\n{ALWAYS_ON}"))


def test_every_role_says_what_it_needs() -> None:
    assert NEEDS.keys() == set(Role)
