"""What the tests of the plugin load before a run of pytest within a test does.

Such a run forgets the modules that it loaded, and extension modules do not bear to be loaded twice.
"""

import zxingcpp

from emulator.companions.authenticator import scanner
from emulator.testing import screen, templates

__all__ = ["scanner", "screen", "templates", "zxingcpp"]
