"""What a PC answered to one payload, in words: the interface, its code, and for the refusal that puzzles most, what to do."""

from collections.abc import Mapping

from emulator.protocol.policy import EXPLAINS_IN_USE
from emulator.protocol.status import CommandStatus


def sentence(reply: Mapping[str, object]) -> str:
    """An answer of the management door, which is no error, as a sentence."""
    code = f"{reply['interface']} interface, return 0x{reply['status']:02X} {reply['status_name']}"
    if not reply["ok"]:
        return f"refused ({code}): {reply['sentence']}"
    if reply["presence_needed"]:
        return f"Accepted ({code}). It waits for physical presence at the next start."
    if reply["restart_needed"]:
        return f"Accepted ({code}). It acts after the next restart."
    return f"Accepted ({code})."


def explanation(reply: Mapping[str, object]) -> dict[str, str]:
    """What to do about a refusal with 0x1002, as a member of an answer; empty for any other."""
    in_use = reply.get("interface") == "command" and reply.get("status") == int(CommandStatus.IN_USE)
    return {"explanation": EXPLAINS_IN_USE} if in_use else {}
