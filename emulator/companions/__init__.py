"""The world outside the PC: each companion a small house of its own, meeting the PC only as bytes on a wire.

Nothing here imports the machine, its devices, its firmware, its screens or its flash store, so that every test between
a companion and the PC is a test of the wire.
"""
