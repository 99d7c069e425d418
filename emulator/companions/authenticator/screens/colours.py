"""The colours of the phone, as variables of its style sheet, which names no colour itself.

All are real colours, none a mixture. The inks stand out from their grounds at least as 4.5 to 1. `mono` has black and white alone, for
NO_COLOR; there what is focused is in reverse, and whatever a colour says is also said in words or by a sign.
"""

from collections.abc import Mapping

from textual.theme import Theme

NIGHT: Mapping[str, str] = {
    "desk": "#05070b",
    "ground": "#121822",
    "raised": "#1e2735",
    "ink": "#f3f6fa",
    "dim": "#a3b0c2",
    "accent": "#5cb8ff",
    "accent-ink": "#04121f",
    "frame": "#46566c",
    "field-ground": "#080c12",
    "good": "#62d394",
    "warning": "#ffcf5c",
    "alarm": "#ff8a80",
    "digit": "#ffffff",
    "track": "#2b3647",
}

MONO = {
    name: "#000000"
    if name.endswith("ground") or name in {"desk", "raised", "accent-ink", "track"}
    else "#ffffff"
    for name in NIGHT
}


def theme(*, mono: bool) -> Theme:
    """Textual's own design colours are named as well, so that nothing of it shines through."""
    variables = dict(MONO if mono else NIGHT)
    return Theme(
        name="phone-mono" if mono else "phone-night",
        primary=variables["accent"],
        foreground=variables["ink"],
        background=variables["ground"],
        surface=variables["ground"],
        panel=variables["raised"],
        warning=variables["warning"],
        error=variables["alarm"],
        success=variables["good"],
        dark=True,
        variables=variables,
    )
