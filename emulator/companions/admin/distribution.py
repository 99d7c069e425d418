"""How a local access key comes to the people who may use it. The vendor's guide knows three ways.

*Manual*: the picture and its passphrase go to the phone's owner, by two different means; afterwards the phone needs no network. *Azure AD
revocation*: the picture goes by hand as well, but names a group of the directory, and the phone asks the directory before each PIN
whether its owner still belongs to it. *Azure AD group's OneDrive*: the picture lies in a folder that only the group can open, and
the phone fetches it anew each time, so that no phone keeps a key.

The last two need somebody who signs in at the directory: whoever has a sign-in says so to `why_not`, and nothing else has to know.
"""

from dataclasses import dataclass
from enum import Enum


class Way(Enum):
    """The three ways, in the order of the guide."""

    MANUAL = "manual"
    REVOCATION = "azure-ad-revocation"
    ONEDRIVE = "azure-ad-group-onedrive"


@dataclass(frozen=True, slots=True)
class Distribution:
    """What a person should know of one way."""

    way: Way
    title: str
    about: str
    needs_sign_in: bool


NO_SIGN_IN = "Somebody must sign in at Azure AD for that, and this console has no sign-in service yet."

WAYS = (
    Distribution(
        Way.MANUAL,
        "Manual distribution",
        "You bring the picture to the phone yourself. The phone needs no network to show a PIN.",
        needs_sign_in=False,
    ),
    Distribution(
        Way.REVOCATION,
        "Azure AD Revocation",
        "You bring the picture yourself, and the phone asks Azure AD before each PIN whether its owner still belongs to the group.",
        needs_sign_in=True,
    ),
    Distribution(
        Way.ONEDRIVE,
        "Azure AD Group OneDrive",
        "The key lies in a folder of the group and on no phone. Its owner signs in for each PIN.",
        needs_sign_in=True,
    ),
)


def why_not(distribution: Distribution, *, signed_in: bool = False) -> str | None:
    """Why this way cannot be chosen, or None if it can."""
    return NO_SIGN_IN if distribution.needs_sign_in and not signed_in else None
