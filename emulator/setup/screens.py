"""Which screen shows which phase of the machine."""

from emulator.firmware.boot import Phase
from emulator.machine import TargetPC
from emulator.setup import views
from emulator.setup.challenge_screen import ChallengeScreen
from emulator.setup.cover_screen import CoverScreen
from emulator.setup.password_screen import PasswordScreen
from emulator.setup.phase_screen import PhaseScreen
from emulator.setup.post_screen import PostScreen
from emulator.setup.presence_screen import PresenceScreen
from emulator.setup.setup_screen import SetupScreen
from emulator.setup.start_menus import BootMenuScreen, StartupMenuScreen
from emulator.setup.system_screen import SystemScreen
from emulator.setup.tool_screen import ToolScreen


def screen_for(pc: TargetPC, notice: str, post_seconds: float) -> PhaseScreen:
    """A new screen for the machine's phase. A phase that a start may begin with shows the notice of what ended the one before."""
    match phase := pc.firmware.session.phase:
        case Phase.POWER_ON_PASSWORD | Phase.PASSWORD:
            return PasswordScreen(phase, pc.firmware.session.entry, notice)
        case Phase.COVER_NOTICE:
            return CoverScreen(notice)
        case Phase.PRESENCE:
            return PresenceScreen(notice)
        case Phase.POST:
            return PostScreen(notice, post_seconds + views.startup_delay(pc.firmware))
        case Phase.STARTUP_MENU:
            return StartupMenuScreen()
        case Phase.BOOT_MENU:
            return BootMenuScreen(pc.firmware.devices())
        case Phase.TOOL:
            return ToolScreen(pc.firmware.session.entry)
        case Phase.CHALLENGE:
            return ChallengeScreen(pc.firmware.session.entry, notice)
        case Phase.SETUP:
            return SetupScreen(pc)
    return SystemScreen()
