"""Model data: `NAME.toml` is what an author edits, `NAME.json` what the program reads; `scripts/make_models` writes the second.

TOML costs thirty times as much to parse. A model is text to whoever loads it here; `firmware.catalogue` checks it.
"""

import importlib.resources

DEFAULT = "zbook-power-g7"


def text(name: str) -> str:
    """The JSON text of a packaged model. Raises FileNotFoundError."""
    return (importlib.resources.files(__name__) / f"{name}.json").read_text("utf-8")
