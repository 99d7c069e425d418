"""Pure records, bytes and text of every wire; both the PC and its companions stand on them.

No I/O, no clock, no randomness, no screen. Formats of the real tools are kept bit for bit; what is our own invention
is named so in the module that holds it.
"""
