"""Which name may have been meant."""

import pytest

from emulator.models.likeness import meant

NAMES = ["Fast Boot", "USB Storage Boot", "Wake On LAN", "TPM State", "kind", "help"]


@pytest.mark.parametrize(
    ("slip", "near"),
    [
        ("Fats Boot", "Fast Boot"),
        ("fast boot", "Fast Boot"),
        ("USB Storage", "USB Storage Boot"),
        ("WakeOnLAN", "Wake On LAN"),
        ("knid", "kind"),
        ("hlep", "help"),
        ("TPM State" * 100, "TPM State"),
    ],
)
def test_a_slip_of_the_pen_is_near_to_what_was_meant(slip: str, near: str) -> None:
    assert meant(slip, NAMES) == f"; {near!r} may be meant"


@pytest.mark.parametrize("word", ["", "x", "Audio Device", "SATA0"])
def test_another_word_is_near_to_nothing(word: str) -> None:
    assert meant(word, NAMES) == meant(word, []) == ""
