"""Which screen shows which phase of the machine."""

from emulator.firmware.boot import Phase
from emulator.machine import TargetPC
from emulator.setup.challenge_screen import ChallengeScreen
from emulator.setup.phase_screen import PhaseScreen
from emulator.setup.post_screen import PostScreen
from emulator.setup.presence_screen import PresenceScreen
from emulator.setup.setup_screen import SetupScreen
from emulator.setup.system_screen import SystemScreen


def screen_for(pc: TargetPC, notice: str, post_seconds: float) -> PhaseScreen:
    """A new screen for the machine's phase."""
    phase = pc.firmware.session.phase
    if phase is Phase.POST:
        return PostScreen(notice, post_seconds + int(pc.firmware.value("Startup Delay (sec.)")))
    if phase is Phase.SETUP:
        return SetupScreen(pc)
    if phase is Phase.PRESENCE:
        return PresenceScreen(notice)
    return ChallengeScreen() if phase is Phase.CHALLENGE else SystemScreen()
