"""The factory's certificates of Secure Boot, as they lie beside the models; `emulator.firmware.certificates` says what they are.

The file is PEM that any tool reads: a line that names the certificate, then its block. It never changes while the program runs, so
it is read once.
"""

import base64
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from emulator.firmware.certificates import Certificate

FILE = Path(__file__).with_name("secure_boot_keys.pem")
_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"


@cache
def packaged() -> Mapping[Certificate, bytes]:
    """All of them, in DER."""
    return parsed(FILE.read_text("ascii"))


def parsed(text: str) -> dict[Certificate, bytes]:
    """The certificates in the text of a file, each under the line before its block."""
    head, *blocks = text.split(_BEGIN)
    found = {}
    for block in blocks:
        body, _, rest = block.partition(_END)
        found[Certificate(head.rstrip().rpartition("\n")[2])] = base64.b64decode(body)
        head = rest
    return found
