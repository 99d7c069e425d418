"""Why the flash store refuses: one exception per reason.

A message says what was expected, what came and what to do; `where` (a path) is put in front of it by whoever knows
it. The refusals of SetVariable carry the status that UEFI firmware returns for the same request (UEFI, 8.2), because
people look for that word.
"""

from typing import ClassVar


class StoreError(Exception):
    """Anything this package refuses. Catching it catches all of them."""

    where: str | None = None

    def __str__(self) -> str:
        message = super().__str__()
        return message if self.where is None else f"{self.where}: {message}"


# --- What SetVariable and GetVariable answer -------------------------------------------------------------------------


class VariableError(StoreError):
    """A request about one variable that firmware answers with a status of its own."""

    status: ClassVar[str]


class NotFound(VariableError):
    status = "EFI_NOT_FOUND"


class InvalidParameter(VariableError):
    status = "EFI_INVALID_PARAMETER"


class OutOfResources(VariableError):
    """No room, even after everything obsolete is thrown out."""

    status = "EFI_OUT_OF_RESOURCES"


class Unsupported(VariableError):
    status = "EFI_UNSUPPORTED"


class WriteProtected(VariableError):
    """An authenticated variable, and the request is not signed."""

    status = "EFI_WRITE_PROTECTED"


class SecurityViolation(VariableError):
    """The request claims to be signed and no signature holds."""

    status = "EFI_SECURITY_VIOLATION"


class MalformedDescriptor(SecurityViolation):
    """The data of a signed request does not begin with the descriptor of its signature."""


class MalformedSignature(SecurityViolation):
    """What should be a PKCS #7 SignedData is none, or one of a kind that firmware does not take."""


class WrongSignature(SecurityViolation):
    """A signature that was not made over this request with the key that it names."""


class UntrustedSigner(SecurityViolation):
    """A signature that holds, by somebody who has no say over this variable."""


class TimeStampTooOld(SecurityViolation):
    """A signed request that is not later than the last one: a replay, or the wrong order."""


class DamagedSignerList(SecurityViolation):
    """`certdb` cannot be read, so nobody can be recognised as the owner of a variable."""


class PresenceRequired(SecurityViolation):
    """Only somebody in front of the machine may do this."""


# --- What is wrong with the bytes of an image ------------------------------------------------------------------------


class NotAnImage(StoreError):
    """No UEFI variable image at all: zeros, erased flash, some other file."""


class UnknownLayout(StoreError):
    """A variable image, of a geometry or store format that this package does not know."""


class TruncatedImage(StoreError):
    """The volume header announces more bytes than there are."""


class OversizedImage(StoreError):
    """More bytes than the volume header announces, or than any image has."""


class DamagedStore(StoreError):
    """The volume is ours but something in it cannot be: a broken header, a record that leaves the store."""


# --- What flash does -------------------------------------------------------------------------------------------------


class FlashRuleBroken(StoreError):
    """Programming would have to turn a 0 into a 1, or leave the flash. A fault in the program, never in the data."""


class PowerCut(StoreError):
    """The power failed as it was told to. The bytes stay as they were at that moment."""


# --- What the host does with the file --------------------------------------------------------------------------------


class ImageMissing(StoreError):
    """No file, or no folder, of that name."""


class ImageExists(StoreError):
    """A new image must not replace an old one."""


class NotARegularFile(StoreError):
    """A folder, a device, a pipe, or a symbolic link, which could lead anywhere."""


class ImageInUse(StoreError):
    """Another process is writing to the image."""


class ImageHeldByVirtualMachine(StoreError):
    """A virtual machine has the image open as its flash."""


class ImageChanged(StoreError):
    """A program that takes no lock wrote to the image while it was being changed."""


class UnreadableImage(StoreError):
    """The host does not let this user read the file."""


class ReadOnlyImage(StoreError):
    """The file, its folder or its file system cannot be written to."""


class DiskFull(StoreError):
    """No space, or no quota, left for the new file."""


class DiskFailure(StoreError):
    """The host reported an error of the disk, or one for which there is no better name."""


# --- What other formats hold -----------------------------------------------------------------------------------------


class UnusableExchangeFile(StoreError):
    """A file that should bring variables in, or a name that the chosen format cannot bear."""


class BeyondRepair(StoreError):
    """What is left of the store cannot be made whole by anything known here."""
