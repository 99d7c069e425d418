"""From texts to what they mean, and to the right number when they mean nothing.

A picture may show several codes. The one of the right kind is taken; two of the right kind are refused, for only the
person can know which machine, or which key, was meant.
"""

import base64
from collections.abc import Callable, Iterable
from typing import TypeVar

from emulator.companions.authenticator.exceptions import (
    PhoneError,
    QRCodeDeserialization,
    QRCodeInvalid,
    QRCodeInvalidImage,
    QRCodeInvalidKeyIdHash,
    QRCodeNoPayload,
    QRCodeUnknownError,
)
from emulator.protocol import challenge, enrolment
from emulator.protocol.challenge import Challenge
from emulator.protocol.enrolment import Package
from emulator.protocol.errors import ProtocolError
from emulator.protocol.strict_json import NotAnObject, NotJSON

T = TypeVar("T")

_TELLING = (QRCodeUnknownError, QRCodeInvalidKeyIdHash, QRCodeDeserialization, QRCodeInvalid, QRCodeNoPayload)
"""Of several refusals the one is told whose code came nearest to being the right one."""


def read_challenge(text: str) -> Challenge:
    try:
        return challenge.parse(text)
    except ProtocolError as error:
        if _is(enrolment.parse, text):
            raise QRCodeInvalid(
                "this is the picture of a key, and the challenge of a PC was expected; register the key instead"
            ) from None
        raise _refusal(text, error) from None


def read_package(text: str) -> Package:
    try:
        package = enrolment.parse(text)
    except ProtocolError as error:
        if _is(challenge.parse, text):
            raise QRCodeInvalid(
                "this is the challenge of a PC, and the picture of a key was expected; scan it instead"
            ) from None
        raise _refusal(text, error) from None
    try:
        digest = base64.b64decode(package.key_id, validate=True)
    except ValueError:
        digest = b""
    if len(digest) != challenge.KEY_DIGEST_SIZE:
        raise QRCodeDeserialization(
            f"the member 'KeyId' of a package must be {challenge.KEY_DIGEST_SIZE} bytes in base64"
        )
    return package


def _is(parse: Callable[[str], object], text: str) -> bool:
    """Whether `text` is of the other kind, so that this can be said."""
    try:
        parse(text)
    except ProtocolError:
        return False
    return True


def choose(looks: Iterable[tuple[str, ...]], read: Callable[[str], T]) -> T:
    """What `read` makes of the first look that shows something of use. Raises PhoneError."""
    refusals: list[PhoneError] = []
    for texts in looks:
        useful: list[T] = []
        for text in texts:
            try:
                useful.append(read(text))
            except PhoneError as error:
                refusals.append(error)
        if len(useful) > 1:
            raise QRCodeInvalid(
                f"{len(useful)} codes of the right kind in one picture; show only one of them"
            )
        if useful:
            return useful[0]
    if not refusals:
        raise QRCodeInvalidImage("no QR code was found in the picture; show it larger, straighter or sharper")
    raise min(refusals, key=_telling)


def _telling(refusal: PhoneError) -> int:
    return next(place for place, kind in enumerate(_TELLING) if isinstance(refusal, kind))


def _refusal(text: str, error: ProtocolError) -> PhoneError:
    if isinstance(error, NotAnObject):
        return QRCodeNoPayload(str(error))
    if isinstance(error, NotJSON) and not text.lstrip("\ufeff \t\r\n").startswith("{"):
        return QRCodeNoPayload("a JSON object was expected, other text came")
    if isinstance(error, challenge.UnknownKind | enrolment.UnknownPackage):
        return QRCodeInvalid(str(error))
    return QRCodeDeserialization(str(error))
