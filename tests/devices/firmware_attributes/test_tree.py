"""The folders of the tree: what they hold, whole."""

import errno
import stat

import pytest

from emulator import models
from emulator.firmware.catalogue import Kind
from tests.devices.firmware_attributes.linux import PENDING, SPM, TOP, Linux, linux, password_file, setting
from tests.firmware.bench import BOSS, model_of, with_passwords

COMMON = {"type", "current_value", "display_name", "display_name_language_code"}
OWN = {
    Kind.ENUMERATION: {"possible_values"},
    Kind.INTEGER: {"lower_bound", "upper_bound", "min_value", "max_value", "scalar_increment"},
    Kind.STRING: {"min_length", "max_length"},
    Kind.ORDERED_LIST: {"elements"},
}


@pytest.fixture(scope="module")
def shell() -> Linux:
    return linux()


class TestFoldersAsText:
    def test_an_enumeration(self, shell: Linux) -> None:
        assert shell.folder(setting("Secure Boot", "")[:-1]) == {
            "type": "444 enumeration\n",
            "current_value": "644 Enable\n",
            "display_name": "444 Secure Boot\n",
            "display_name_language_code": "444 en_US.UTF-8\n",
            "possible_values": "444 Disable;Enable\n",
        }

    def test_an_integer_with_both_pairs_of_names(self, shell: Linux) -> None:
        assert shell.folder(setting("Data transfer timeout", "")[:-1]) == {
            "type": "444 integer\n",
            "current_value": "644 100\n",
            "display_name": "444 Data transfer timeout\n",
            "display_name_language_code": "444 en_US.UTF-8\n",
            "lower_bound": "444 1\n",
            "upper_bound": "444 65535\n",
            "min_value": "444 1\n",
            "max_value": "444 65535\n",
            "scalar_increment": "444 1\n",
        }

    def test_a_string(self, shell: Linux) -> None:
        assert shell.folder(setting("Asset Tracking Number", "")[:-1]) == {
            "type": "444 string\n",
            "current_value": "644 \n",
            "display_name": "444 Asset Tracking Number\n",
            "display_name_language_code": "444 en_US.UTF-8\n",
            "min_length": "444 0\n",
            "max_length": "444 18\n",
        }

    def test_an_ordered_list(self, shell: Linux) -> None:
        order = "HDD:M.2:1;HDD:USB:1;NETWORK IPV4:EMBEDDED:1;NETWORK IPV6:EMBEDDED:1"
        assert shell.folder(setting("UEFI Boot Order", "")[:-1]) == {
            "type": "444 ordered-list\n",
            "current_value": f"644 {order}\n",
            "display_name": "444 UEFI Boot Order\n",
            "display_name_language_code": "444 en_US.UTF-8\n",
            "elements": f"444 {order}\n",
        }

    @pytest.mark.parametrize(
        ("name", "role", "is_set"),
        [("Setup Password", "bios-admin", 1), ("Power-On Password", "power-on", 0)],
    )
    def test_a_password(self, name: str, role: str, is_set: int) -> None:
        assert linux(with_passwords(BOSS)).folder(password_file(name, "")[:-1]) == {
            "is_enabled": f"444 {is_set}\n",
            "role": f"444 {role}\n",
            "mechanism": "444 password\n",
            "min_password_length": "444 4\n",
            "max_password_length": "444 32\n",
            "encodings": "444 utf-16\n",
            "current_password": "200 ",
            "new_password": "200 ",
        }

    def test_secure_platform_management(self, shell: Linux) -> None:
        assert shell.folder(SPM) == {
            "is_enabled": "444 0\n",
            "role": "444 enhanced-bios-auth\n",
            "key_mechanism": "444 not provisioned\n",
            "kek": "200 ",
            "sk": "200 ",
            "status": '444 {\n\t"State": "not provisioned",\n\t"Version": "1.0"\n}\n',
            "auth_token": "200 ",
        }

    def test_the_event_log_and_the_top(self, shell: Linux) -> None:
        assert shell.folder(f"{TOP}/attributes/Sure_Start") == {
            "audit_log_entry_count": "444 0,16,254\n",
            "audit_log_entries": "444 ",
        }
        assert shell.driver.names("") == (TOP,)
        assert shell.driver.names(TOP) == ("attributes", "authentication")
        assert shell.cat(PENDING) == "0\n"


class TestNames:
    def test_a_slash_is_an_exclamation_mark(self, shell: Linux) -> None:
        assert (
            shell.cat(setting("LAN / WLAN Auto Switching", "display_name")) == "LAN ! WLAN Auto Switching\n"
        )
        assert "LAN ! WLAN Auto Switching" in shell.driver.names(f"{TOP}/attributes")

    def test_what_belongs_to_scheduled_starts_is_displayed_so(self, shell: Linux) -> None:
        assert shell.cat(setting("Monday", "display_name")) == "Scheduled Power-On - Monday\n"

    def test_of_two_settings_of_the_same_folder_the_first_is_shown(self) -> None:
        word = {"kind": "enumeration", "values": ["One", "Two"], "default": "One"}
        two = {"A/B": {**word, "sequence": 10}, "A!B": {**word, "sequence": 20, "default": "Two"}}
        shell = linux(model=model_of(two))
        assert shell.driver.names(f"{TOP}/attributes") == ("A!B", "Sure_Start", "pending_reboot")
        assert shell.cat(setting("A!B")) == "One\n"

    def test_of_a_password_with_another_name_the_driver_knows_no_role(self) -> None:
        boss = {
            "kind": "password",
            "max_length": 8,
            "encodings": ["utf-16"],
            "role": "administrator password",
        }
        shell = linux(model=model_of({"Boss Password": boss}))
        assert shell.cat(password_file("Boss Password", "mechanism")) == "password\n"
        with pytest.raises(OSError, match="no role") as came:
            shell.cat(password_file("Boss Password", "role"))
        assert came.value.errno == errno.EIO


class TestWhatTheKernelRefuses:
    def test_a_path_that_is_not_there(self, shell: Linux) -> None:
        assert shell.driver.entry(f"{TOP}/attributes/Nonsense") is None
        for attempt in (shell.driver.names, shell.driver.read):
            with pytest.raises(OSError, match="there is no such") as came:
                attempt(f"{TOP}/attributes/Nonsense")
            assert came.value.errno == errno.ENOENT

    def test_a_folder_is_no_file_and_a_file_no_folder(self, shell: Linux) -> None:
        with pytest.raises(OSError, match="is a folder") as came:
            shell.driver.read(TOP)
        assert came.value.errno == errno.EISDIR
        assert shell.refused(b"x", TOP) == "EISDIR"
        with pytest.raises(OSError, match="no folder") as came:
            shell.driver.names(PENDING)
        assert came.value.errno == errno.ENOTDIR

    def test_a_file_that_can_only_be_written_and_one_that_can_only_be_read(self, shell: Linux) -> None:
        with pytest.raises(OSError, match="only be written") as came:
            shell.driver.read(f"{SPM}/kek")
        assert came.value.errno == errno.EACCES
        assert shell.refused(b"1", PENDING) == "EACCES"


@pytest.mark.parametrize("name", models.names())
def test_every_folder_of_every_model_is_complete(name: str) -> None:
    """Also: what is told never changes unless its entry says so, and each file ends with one newline."""
    model = models.packaged(name)
    shell = linux(model=model)
    for each in model.settings.values():
        if each.kind is Kind.PASSWORD:
            assert len(shell.driver.names(password_file(each.name, "")[:-1])) == 8
            continue
        folder = setting(each.name, "")[:-1]
        assert set(shell.driver.names(folder)) == COMMON | OWN[each.kind]
        assert shell.cat(f"{folder}/type") == f"{each.kind.value.replace(' ', '-')}\n"
        told = shell.value(each.name).replace(",", ";" if each.kind is Kind.ORDERED_LIST else ",")
        assert shell.cat(f"{folder}/current_value") == f"{told}\n"
        value = shell.driver.entry(f"{folder}/current_value")
        assert value is not None
        assert value.mode == stat.S_IFREG | (0o444 if each.read_only else 0o644)
        assert value.changes
        for file in shell.driver.names(folder):
            entry = shell.driver.entry(f"{folder}/{file}")
            assert entry is not None
            assert entry.changes is (file in {"current_value", "elements"})
            assert shell.cat(f"{folder}/{file}").endswith("\n")
    assert ("SPM" in shell.driver.names(f"{TOP}/authentication")) is model.has_secure_platform
