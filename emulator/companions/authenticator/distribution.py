"""How a key came to the phone decides what stands between the person and a PIN: the guide's three ways.

* **Manual**: the key lies on the phone, and its passphrase is all that it asks. No network.
* **Azure AD revocation**: the key lies on the phone, but each PIN asks for a sign-in at Azure AD by a member of the group that the package names
  (`AADRevocation`). Whoever leaves the group gets no PIN any more.
* **The group's OneDrive**: the key never lies on the phone; it is fetched after a sign-in each time. Nothing is enrolled, so no package here
  is of this way: the challenge itself would have to say where the key lies, and ours does not yet.

This phone has no sign-in, so a key of the second way can be registered, and its PIN is refused. What signs in goes here.
"""

from enum import StrEnum

from emulator.companions.authenticator.exceptions import AzureADAccessToken
from emulator.protocol.certificate import printable
from emulator.protocol.enrolment import Package


class Distribution(StrEnum):
    MANUAL = "manual"
    REVOCATION = "Azure AD revocation"
    ONEDRIVE = "the group's OneDrive"


def of(package: Package) -> Distribution:
    return Distribution.REVOCATION if package.aad_revocation else Distribution.MANUAL


def permit(package: Package) -> None:
    """Return if the key may answer now. Raises AzureADAccessToken."""
    if of(package) is not Distribution.MANUAL:
        raise AzureADAccessToken(
            f"the key asks for a sign-in by a member of the group {printable(package.aad_revocation[:100])}, "
            "and this phone cannot sign in"
        )
