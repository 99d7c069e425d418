"""What the phone says when something is wrong: the numbers and names of the vendor's guide, tables 4-1 and 4-3.

The guide describes them in half a sentence each, and 101, 103 and 104 overlap. This is how they are told apart here:

    100  anything else: the phone's own disk, a locked phone, nobody there to give the passphrase
    101  begins like a JSON object, but is malformed, or of a known kind with a member missing or wrong
    102  no picture that can be read, or no code in it
    103  text that is no JSON object
    104  a JSON object of unknown kind, or of the kind that belongs to the other verb
    105  the key that is asked for is not held
    106  a challenge does not open; or a package that takes no passphrase
    107  a package that takes a passphrase, the phone's own vault or a backup does not open: edited, or the passphrase is wrong
    302  the key demands a sign-in at Azure AD, which this phone cannot make yet

Each says two things: its message, which tells this one case in English, and its meaning, which is the same for all cases of a number and
comes in the language of the person. The number is the exit code of `f10 phone` as well; those that do not fit into a byte end with 100.
"""

from typing import ClassVar

from emulator.companions import CompanionError

LARGEST_EXIT_CODE = 255


class PhoneError(CompanionError):
    """An error with the vendor's number; a reason of our own bears the number and the name of the vendor's that it belongs to."""

    code: ClassVar[int]

    @property
    def name(self) -> str:
        """The vendor's name for the number: that of the class that brought the number in."""
        return next(kind.__name__ for kind in type(self).__mro__ if "code" in vars(kind))

    @property
    def exit_code(self) -> int:
        return self.code if self.code <= LARGEST_EXIT_CODE else QRCodeUnknownError.code

    def meaning(self, language: str) -> str:
        """What the number means in general; `language` is "en" or "de"."""
        return meaning(self.code, language)


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


class AzureADAccessToken(PhoneError):
    code = 302


class DiskRefused(QRCodeUnknownError):
    """The phone's own folder cannot be read or written, or a file in it is damaged."""


class PhoneLocked(QRCodeUnknownError):
    """The phone is protected by a passphrase of its own, which has not been given."""


class HeldAlready(QRCodeUnknownError):
    """The key is held already, from another picture, and nobody said that it may be replaced."""


class NotFit(QRCodeUnknownError):
    """A name, an e-mail address, a passphrase or an order that the phone does not take."""


class NoSuchKey(QRCodeUnknownError):
    """The person named a key that is not held, or a name that several keys bear."""


class WrongPhonePassphrase(QRCodeTamperedOrInvalidPassPhrase):
    """The phone's own vault, or a backup, does not open."""


_MEANINGS = {
    100: (
        "Something went wrong that has no number of its own.",
        "Etwas ging schief, das keine eigene Nummer hat.",
    ),
    101: (
        "The code was read, but its JSON is broken, or what it tells is incomplete or wrong.",
        "Der Code wurde gelesen, aber sein JSON ist fehlerhaft, oder seine Angaben sind unvollständig oder falsch.",
    ),
    102: (
        "The picture cannot be read, or there is no QR code in it.",
        "Das Bild ist nicht lesbar oder enthält keinen QR-Code.",
    ),
    103: (
        "A code or a text is there, but it is no JSON object.",
        "Ein Code oder ein Text ist da, aber er ist kein JSON-Objekt.",
    ),
    104: (
        "The JSON is in order, but it is not of the kind that was expected here.",
        "Das JSON ist in Ordnung, aber nicht von der Art, die hier erwartet wird.",
    ),
    105: (
        "The challenge is for a key that this phone does not hold.",
        "Der QR-Code verlangt einen Schlüssel, den dieses Telefon nicht hat.",
    ),
    106: (
        "What was scanned does not open: it was altered, or made for another key.",
        "Das Gescannte lässt sich nicht öffnen: Es wurde verändert oder für einen anderen Schlüssel gemacht.",
    ),
    107: (
        "It does not open: the passphrase is wrong, or it was altered.",
        "Es lässt sich nicht öffnen: Die Passphrase ist falsch, oder es wurde verändert.",
    ),
    302: (
        "This key gives a PIN only to who is signed in at Azure AD, and there is no sign-in.",
        "Dieser Schlüssel gibt nur nach einer Anmeldung bei Azure AD eine PIN her, und es gibt keine Anmeldung.",
    ),
}


def meaning(code: int, language: str) -> str:
    """What a number means in general, for whoever has no more than the number, as the history has."""
    english, german = _MEANINGS[code]
    return german if language == "de" else english
