"""The colours of each theme, as variables of the style sheet, which names no colour itself.

All are real colours, none a mixture, so that they survive 16 colours. Those of `vga` are the exact values of the hardware, which terminals
of 16, 256 and 16 million colours all have; those of `white` fall on the nearest of these. `mono` has black and white alone.
"""

from collections.abc import Mapping

from textual.theme import Theme

VARIABLES: Mapping[str, Mapping[str, str]] = {
    "white": {
        "ground": "#ffffff",
        "ink": "#000000",
        "dim": "#545454",
        "bar": "#0050d0",
        "bar-ink": "#ffffff",
        "alarm": "#a80000",
        "note": "#0000a8",
        "menu-ground": "#ffffff",
        "menu-ink": "#545454",
        "menu-active-ground": "#ffffff",
        "menu-active-ink": "#000000",
        "rule": "#545454",
        "legend-ground": "#c0c0c0",
        "legend-ink": "#000000",
        "frame": "#0050d0",
        "field-ground": "#c0c0c0",
        "field-ink": "#000000",
        "track": "#c0c0c0",
        "start-ground": "#000000",
        "start-ink": "#c0c0c0",
        "start-legend-ink": "#ffffff",
        "bar-style": "none",
    },
    "vga": {
        "ground": "#a8a8a8",
        "ink": "#0000a8",
        "dim": "#545454",
        "bar": "#0000a8",
        "bar-ink": "#ffffff",
        "alarm": "#a80000",
        "note": "#000000",
        "menu-ground": "#0000a8",
        "menu-ink": "#a8a8a8",
        "menu-active-ground": "#a8a8a8",
        "menu-active-ink": "#0000a8",
        "rule": "#0000a8",
        "legend-ground": "#0000a8",
        "legend-ink": "#ffffff",
        "frame": "#0000a8",
        "field-ground": "#a8a8a8",
        "field-ink": "#000000",
        "track": "#545454",
        "start-ground": "#000000",
        "start-ink": "#a8a8a8",
        "start-legend-ink": "#ffffff",
        "bar-style": "none",
    },
}

MONO = {
    name: "reverse"
    if name == "bar-style"
    else "#000000"
    if name.endswith("ground") or name == "bar"
    else "#ffffff"
    for name in VARIABLES["white"]
}


def theme(name: str) -> Theme:
    """One of the sets of colours, for Textual. Its own design colours are named so that nothing of it shines through."""
    variables = dict(MONO if name == "mono" else VARIABLES[name])
    return Theme(
        name=f"f10-{name}",
        primary=variables["frame"],
        foreground=variables["ink"],
        background=variables["ground"],
        surface=variables["ground"],
        panel=variables["ground"],
        dark=False,
        variables=variables,
    )
