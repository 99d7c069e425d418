"""Keys through the files of Secure Platform Management, and what these tell."""

import base64
import json

import pytest

from emulator.protocol import command_block, spm
from emulator.protocol.formats import SECURE_PLATFORM_STATE
from tests.devices.firmware_attributes.linux import PENDING, SPM, linux, restarted
from tests.firmware.bench import certificate, endorsement, guarded, provisioned, public, signing

KEK, SK, STATUS = f"{SPM}/kek", f"{SPM}/sk", f"{SPM}/status"


def test_a_pc_is_provisioned_by_two_writes_and_a_start() -> None:
    shell = linux()
    shell.driver.write(KEK, endorsement().data)
    assert shell.cat(f"{SPM}/key_mechanism") == "endorsement-key\n"
    assert shell.cat(PENDING) == "1\n"
    shell.driver.write(SK, signing().data)
    assert shell.cat(f"{SPM}/key_mechanism") == "signing-key\n"
    assert json.loads(shell.cat(STATUS))["State"] == "provisioning in progress"
    # Both tell of the moment when the driver was loaded.
    assert shell.cat(f"{SPM}/is_enabled") == "0\n"
    restarted(shell)
    shell.driver.refresh()
    assert json.loads(shell.cat(STATUS))["State"] == "provisioned"
    assert shell.cat(f"{SPM}/is_enabled") == "1\n"
    assert shell.cat(f"{SPM}/key_mechanism") == "signing-key\n"
    assert shell.cat(PENDING) == "0\n"


def test_a_bare_certificate_is_taken_too() -> None:
    shell = linux()
    shell.driver.write(KEK, certificate())
    assert json.loads(shell.cat(STATUS))["State"] == "provisioning in progress"


@pytest.mark.parametrize("name", ["kek", "sk"])
def test_a_refused_order_leaves_mechanism_and_flag(name: str) -> None:
    shell = linux()
    assert shell.refused(b"nonsense", f"{SPM}/{name}") in {"EINVAL", "EPERM"}
    assert shell.cat(f"{SPM}/key_mechanism") == "not provisioned\n"
    assert shell.cat(PENDING) == "0\n"


class TestStatus:
    def test_keys_are_decimal_bytes_from_the_most_significant_with_blanks_around(self) -> None:
        shell = linux(guarded())
        state = spm.decode_state(shell.pc.wmi.command(0x20010, 0x10).data)
        endorsed, signs = (
            " " + "".join(f"{octet} " for octet in public(name).modulus)
            for name in ("endorsement", "signing")
        )
        assert shell.cat(STATUS) == (
            "{\n"
            '\t"State": "provisioned",\n'
            '\t"Version": "1.0",\n'
            f'\t"Nonce": {state.nonce},\n'
            '\t"FeaturesInUse": 4,\n'
            f'\t"EndorsementKeyMod": "{endorsed}",\n'
            f'\t"SigningKeyMod": "{signs}"\n'
            "}\n"
        )

    def test_or_base64(self) -> None:
        told = json.loads(linux(guarded(), linux_key_text="base64").cat(STATUS))
        assert base64.b64decode(told["EndorsementKeyMod"]) == public("endorsement").modulus
        assert base64.b64decode(told["SigningKeyMod"]) == public("signing").modulus

    def test_the_driver_knows_one_order_of_the_keys(self) -> None:
        told = json.loads(
            linux(provisioned(), state_order="endorsement key first", linux_key_text="base64").cat(STATUS)
        )
        assert base64.b64decode(told["SigningKeyMod"]) == public("endorsement").modulus

    def test_numbers_are_printed_with_a_sign(self) -> None:
        shell = linux(guarded())
        told = spm.decode_state(shell.pc.wmi.command(0x20010, 0x10).data)
        state = SECURE_PLATFORM_STATE.pack(*told._replace(nonce=0xFFFFFFFE, features=0x80000004))
        block = base64.b64encode(command_block.encode_reply(0, state)).decode()
        shell.driver._firmware._ask = lambda _: {"ok": True, "output": block}
        shown = json.loads(shell.cat(STATUS))
        assert (shown["Nonce"], shown["FeaturesInUse"]) == (-2, 4 - (1 << 31))

    def test_it_fits_a_page(self) -> None:
        assert len(linux(guarded()).cat(STATUS)) < 4096


class TestNewline:
    def test_a_newline_becomes_a_stray_byte_which_spoils_the_order(self) -> None:
        shell = linux()
        assert shell.refused(endorsement().data + b"\n", KEK) != ""
        shell.driver.write(KEK, endorsement().data)
        assert shell.refused(signing().data + b"\n", SK) == "EINVAL"
        shell.driver.write(SK, signing().data)

    def test_as_many_bytes_arrive_as_were_written_and_the_last_is_zero(self) -> None:
        assert self._sent(b"abc\n") == b"abc\0"
        assert self._sent(b"a\nc") == b"a\nc"
        assert self._sent(b"abc\n\n") == b"abc\n\0"
        assert self._sent(b"x" * 5000) == b"x" * 4096

    def test_or_what_was_written(self) -> None:
        assert self._sent(b"abc\n", linux_key_newline="kept") == b"abc\n"

    @staticmethod
    def _sent(data: bytes, linux_key_newline: str = "stray byte") -> bytes:
        """What reaches the firmware: read from the block at the door."""
        shell = linux(linux_key_newline=linux_key_newline)
        blocks: list[bytes] = []

        def listened(request: dict[str, object]) -> dict[str, object]:
            blocks.append(base64.b64decode(str(request.get("input", ""))))
            return shell.ask(request)

        shell.driver._firmware._ask = listened
        shell.refused(data, KEK)
        return blocks[0][16:]
