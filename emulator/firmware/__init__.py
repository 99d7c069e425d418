"""The rules of the machine as pure state machines: no I/O, no clock, no randomness, no screen.

Time and randomness come in as arguments; what happened goes out as events; what must be remembered is handed over as
UEFI variables, which somebody else writes to the flash.
"""
