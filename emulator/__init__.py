"""The emulated PC, its faces, and the companions that meet it on the wire."""

__version__ = "0.1.0.dev0"
