"""An enrolment package as a file: the ending of its name says in which form.

PNG and SVG for a screen, PDF for paper; at the vendor's size also JPEG and BMP, which its tool can write.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from emulator.companions import CompanionError
from emulator.companions.admin import enrolment_picture, sheet
from emulator.companions.admin.enrolment_picture import SIDE, Raster
from emulator.companions.admin.sheet import Paper

ENDINGS = (".png", ".svg", ".pdf")
VENDOR_ENDINGS = {
    ".png": Raster.PNG,
    ".jpg": Raster.JPEG,
    ".jpeg": Raster.JPEG,
    ".bmp": Raster.BMP,
    ".svg": None,
}


class UnknownForm(CompanionError):
    """A file name whose ending names no form of picture."""


@dataclass(frozen=True, slots=True)
class Look:
    """What can be chosen: the vendor's size, else pixels of a PNG, else language and paper of a sheet."""

    vendor_size: bool = False
    side: int = SIDE
    language: str = "en"
    paper: Paper = Paper.A4


def refuse(path: Path, look: Look) -> None:
    """Raise UnknownForm or UnusableSize if `contents` would; so that it is said before a passphrase is asked for."""
    endings = tuple(VENDOR_ENDINGS) if look.vendor_size else ENDINGS
    if path.suffix.lower() not in endings:
        which = "a picture of the vendor's size" if look.vendor_size else "an enrolment picture"
        raise UnknownForm(f"the name of {which} ends in {', '.join(endings)}; {path.name!r} came")
    enrolment_picture.refuse_side(look.side)


def contents(path: Path, text: str, *, key_name: str, key_id: str, made: date, look: Look) -> bytes:
    """The bytes for the file `path`. Raises UnknownForm, UnusableSize or TooMuchText."""
    refuse(path, look)
    ending = path.suffix.lower()
    if look.vendor_size:
        form = VENDOR_ENDINGS[ending]
        return enrolment_picture.vendor_raster(text, form) if form else enrolment_picture.vendor_svg(text)
    if ending == ".svg":
        return enrolment_picture.svg(text)
    if ending == ".png":
        return enrolment_picture.png(text, side=look.side)
    return sheet.pdf(
        text, key_name=key_name, key_id=key_id, language=look.language, made=made, paper=look.paper
    )
