"""What PC and phone say instead of doing what a test asked for. The text is the sentence that a person would see."""


class Refused(Exception):
    """The PC refused. It is as it was before, but for an entry in its log and the try that a wrong secret costs.

    `code` is what the real interface returns: of the setting interface (6 "access denied", 5 "invalid parameter", 4 "unknown setting", 1
    "not supported", 2 "unspecified error") or of the command interface (0x02 "invalid signature", 0x18 "nonce did not match", 0x1002 "in use"
    and so on). Where a person at the machine is refused, who sees a sentence only, it is the code that the setting interface has for the reason.
    """

    __module__ = "emulator.testing"

    def __init__(self, sentence: str, code: int) -> None:
        super().__init__(sentence, code)
        self.code = code

    def __str__(self) -> str:
        return f"{self.args[0]} (code 0x{self.code:02X})"


class NotAPayload(Exception):
    """Bytes that no tool could hand to a PC: no payload, or a damaged one (docs/formats.md)."""

    __module__ = "emulator.testing"


class NothingShown(Exception):
    """The screen shows no challenge now."""

    __module__ = "emulator.testing"


class PhoneRefused(Exception):
    """The phone refused (docs/phone.md). `code` is the number of the vendor's guide: 102 no code in the picture, 105 key not held, 106 and 107 edited, and so on."""

    __module__ = "emulator.testing"

    def __init__(self, sentence: str, code: int) -> None:
        super().__init__(sentence, code)
        self.code = code

    def __str__(self) -> str:
        return str(self.args[0])


class Impossible(ValueError):
    """A model or quirks that do not exist or do not do what is wanted of them. Not promised but as a ValueError: the marker is told from other faults by it."""
