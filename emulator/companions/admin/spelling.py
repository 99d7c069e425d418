"""How a payload file is spelled: as PowerShell 7 writes it, which is ours, or as Windows PowerShell 5.1 does.

The vendor's tool reads both. They differ in the time stamp, which nobody signs, and in what stands around the text: Windows PowerShell
begins a file with a byte order mark and ends its line in CRLF, and its JSON writer puts a backslash before each slash of a date.
"""

from datetime import datetime

from emulator.protocol.strict_json import BYTE_ORDER_MARK


def spelled(raw: bytes, *, made: str, windows: bool, mark: bool) -> bytes:
    """A payload as `payload.encode` writes it, whose time stamp is `made`, in another spelling."""
    if windows:
        milliseconds = round(datetime.fromisoformat(made).timestamp() * 1000)
        raw = raw.replace(f'"{made}"'.encode(), rf'"\/Date({milliseconds})\/"'.encode(), 1)
    return BYTE_ORDER_MARK + raw.rstrip(b"\n") + b"\r\n" if mark else raw
