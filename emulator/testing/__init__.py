"""Emulated PCs for the tests of other projects: what this package exports is promised, and nothing else in it.

With pytest, the fixtures of `emulator.pytest_plugin` make these: `target_pc`, `provisioned_pc`, `unlocked_pc`, `admin`, `phone`, `nvram_image`. See
docs/testing.md.
"""

from emulator.testing.admin import Admin
from emulator.testing.pc import PC
from emulator.testing.phone import Phone
from emulator.testing.refusals import NotAPayload, NothingShown, PhoneRefused, Refused

__all__ = ["PC", "Admin", "NotAPayload", "NothingShown", "Phone", "PhoneRefused", "Refused"]
