"""What the machine wants to say about what just happened, in words of the screen."""

from emulator.firmware import events as e
from emulator.setup.views import Words


def of(event: e.Event, words: Words) -> str:
    """What the next page shows; nothing for most events."""
    match event:
        case e.RestartForced(reason):
            return words(f"{reason[0].upper()}{reason[1:]}: the machine restarted.")
        case e.SecurityRestored():
            return words("The security settings are back at their factory defaults.")
        case e.KeysKept():
            return words("The keys stay: a feature began to use them meanwhile.")
        case e.UpdateInstalled(name):
            return words("The firmware file {name} was installed.", name=name)
        case e.UpdateRefused(name):
            return words("The firmware file {name} was not let in.", name=name)
    return ""


def wrong(event: e.Event, words: Words) -> str:
    """What this page shows about a wrong code."""
    if not isinstance(event, e.ResponseWrong | e.PresenceWrong):
        return ""
    if event.tries_left == 1:
        return words("The code is wrong; 1 try left.")
    return words("The code is wrong; {count} tries left.", count=event.tries_left)
