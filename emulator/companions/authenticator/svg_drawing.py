"""Draws the SVG on standard input as a PNG on standard output: a program of its own, run by `svg_picture`.

It is run as a file and knows nothing of the rest of the house.
"""

import sys

import resvg_py

if __name__ == "__main__":
    sys.stdout.buffer.write(
        resvg_py.svg_to_bytes(
            svg_string=sys.stdin.buffer.read().decode("utf-8"),
            background="white",
            dpi=96,
            skip_system_fonts=True,
        )
    )
