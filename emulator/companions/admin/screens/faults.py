"""Refusals as sentences for the person before the console, in its language.

The companion's errors are written for the command line, in English and with its options. Here each kind has a sentence of the console;
one that has none is shown as it is.
"""

from collections.abc import Mapping

from emulator.companions import CompanionError, FileRefused
from emulator.companions.admin.enrolment_picture import TooMuchText
from emulator.companions.admin.key_files import UnusableKeyFile, WrongPassphrase
from emulator.companions.admin.new_key import UnusableName
from emulator.companions.admin.passphrase import UnusablePassphrase
from emulator.companions.admin.payloads import SameKeys
from emulator.companions.admin.policies import OutOfOrder
from emulator.companions.admin.screens import wizard
from emulator.companions.admin.screens.making import AlreadyThere
from emulator.companions.admin.screens.wording import Speaker, told
from emulator.protocol.certificate import UnusableCertificate
from emulator.protocol.errors import ProtocolError
from emulator.protocol.keys import UnusableKey

Fault = CompanionError | ProtocolError
FAULTS = (CompanionError, ProtocolError)

SENTENCES: Mapping[type[Exception], str] = {
    UnusableName: told(
        "A name has 1 to 64 printable characters, fewer with umlauts, no / and no dot at its beginning."
    ),
    UnusablePassphrase: told("This passphrase is too long."),
    WrongPassphrase: told("The passphrase does not open this file, or the file is damaged."),
    UnusableKeyFile: told(
        "This is no key file: a PFX, or PEM with an RSA key or a certificate, was expected."
    ),
    UnusableKey: told("An RSA key of 2048 bits with the exponent 65537 was expected."),
    UnusableCertificate: told(
        "A PC would not take this certificate: RSA-2048 and an organizational unit in its subject were expected."
    ),
    TooMuchText: told("The names are too long: no QR code holds this package."),
    SameKeys: told("Endorsement key and signing key are the same key; they must be two."),
}

OWN = (told(wizard.NO_PRIVATE), told(wizard.NO_CERTIFICATE))
"""Refusals of the wizard itself, more exact than their kind."""


def sentence(words: Speaker, fault: Exception) -> str:
    """What was refused, to be shown beside the field."""
    text = str(fault)
    if isinstance(fault, AlreadyThere):
        return words("{path} exists already and is left alone: take another name.", path=text)
    if isinstance(fault, FileRefused):
        return words("This cannot be read or written: {reason}", reason=text)
    if text in OWN or isinstance(fault, OutOfOrder):
        return words(text)
    return words(SENTENCES.get(type(fault), text))
