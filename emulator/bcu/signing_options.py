"""How BCU is told to sign: `/ar`, `/ot`, `/uid` and `/pkey`, on the command line or in `beamsetting.txt`.

The anti-replay counter has 32 bits; the guide suggests Unix time. One-time use is 0 or 1. The target is one machine or all of them.
What came instead is not repeated: in a file it may be anything, also what should be read by nobody.
"""

from dataclasses import dataclass
from uuid import UUID

from emulator.bcu.return_codes import ReturnCode, Stopped

LARGEST_COUNTER = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Signing:
    """How changes shall be signed, as far as somebody said it; `target` None and `any_machine` mean every machine."""

    counter: int | None = None
    one_time: bool | None = None
    target: UUID | None = None
    any_machine: bool = False
    key_file: str | None = None

    @property
    def wanted(self) -> bool:
        """Whether anything was said at all."""
        return self != Signing()


def counter(text: str) -> int:
    """An anti-replay counter. Raises Stopped."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else LARGEST_COUNTER + 1
    if number > LARGEST_COUNTER:
        raise Stopped(
            ReturnCode.SYNTAX, f"a counter (/ar) is a number up to {LARGEST_COUNTER}; another text came"
        )
    return number


def one_time(text: str) -> bool:
    """Whether a signature is good once only. Raises Stopped."""
    if text not in {"0", "1"}:
        raise Stopped(ReturnCode.SYNTAX, "one-time use (/ot) is 0 or 1; another text came")
    return text == "1"


def target_machine(text: str) -> UUID | None:
    """The machine that a signature is for, None for all. Raises Stopped with BAD_UUID.

    The digits are those that the PC shows as *Universally Unique Identifier (UUID)*: its bytes in the order of SMBIOS, which has the
    first three groups of the usual form turned round. The guide asks for 32 digits and does not say which way.
    """
    if len(text) != 32 or not all(sign in "0123456789abcdefABCDEF" for sign in text):
        raise Stopped(
            ReturnCode.BAD_UUID, "a target (/uid) is 32 hexadecimal digits without dashes; another text came"
        )
    return None if text.casefold() == "f" * 32 else UUID(bytes_le=bytes.fromhex(text))
