"""What the phone says when something is wrong: the numbers and names of the vendor's guide, table 4-1.

The guide describes them in half a sentence each, and 101, 103 and 104 overlap. This is how they are told apart here:

    100  anything else: the phone's own disk, or nobody there to give the passphrase
    101  begins like a JSON object, but is malformed, or of a known kind with a member missing or wrong
    102  no picture that can be read, or no code in it
    103  text that is no JSON object
    104  a JSON object of unknown kind, or of the kind that belongs to the other verb
    105  the key that is asked for is not held
    106  a challenge does not open; or a package that takes no passphrase
    107  a package that takes a passphrase does not open: edited, or the passphrase is wrong

The number is the exit code of `f10 phone` as well.
"""

from typing import ClassVar

from emulator.companions import CompanionError


class PhoneError(CompanionError):
    """An error with the vendor's number; its name is the name of the class."""

    code: ClassVar[int]

    @property
    def name(self) -> str:
        return type(self).__name__


class QRCodeUnknownError(PhoneError):
    code = 100


class QRCodeDeserialization(PhoneError):
    code = 101


class QRCodeInvalidImage(PhoneError):
    code = 102


class QRCodeNoPayload(PhoneError):
    code = 103


class QRCodeInvalid(PhoneError):
    code = 104


class QRCodeInvalidKeyIdHash(PhoneError):
    code = 105


class QRCodeTampered(PhoneError):
    code = 106


class QRCodeTamperedOrInvalidPassPhrase(PhoneError):
    code = 107
