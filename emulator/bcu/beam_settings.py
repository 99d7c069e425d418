"""`beamsetting.txt`: how to sign, in a file beside the program instead of on its command line.

The guide names the file and four of its words: AntiReplayValue, OneTime, TargetID and PrivateKey, below a first line that is a title.
How word and value stand in a line it shows only in a picture that we have not seen. Our reading: `Word=Value`, one a line, in any case,
blanks around both, quotes around the value as on the command line; an empty line or one that begins with a semicolon says nothing.
The file is looked for in the working folder. A word that nobody knows, or one that stands there twice, is refused with its line: a
typing error that was passed over would sign something else than was meant. The key's password is none of the four words.

What the command line says counts more than the file, word by word.
"""

from dataclasses import replace

from emulator.bcu import signing_options
from emulator.bcu.assignment import unquoted
from emulator.bcu.return_codes import ReturnCode, Stopped
from emulator.bcu.signing_options import Signing

FILE = "beamsetting.txt"
LARGEST = 1 << 16
"""Bytes; ours to choose."""

_WORDS = ("antireplayvalue", "onetime", "targetid", "privatekey")


def parse(data: bytes) -> Signing:
    """Read the file. Raises Stopped, naming the line."""
    values: dict[str, str] = {}
    for number, line in enumerate(_text(data).splitlines()[1:], 2):
        if not line.strip() or line.strip().startswith(";"):
            continue
        word, equals, value = line.partition("=")
        word = word.strip().casefold()
        if not equals or word not in _WORDS or word in values:
            # What else a file holds may be a password, so it is not repeated.
            why = "it stands there twice" if word in values else "another line came"
            raise _refused(
                number,
                f"AntiReplayValue, OneTime, TargetID or PrivateKey with = behind it was expected; {why}",
            )
        values[word] = unquoted(value.strip())
    return _signing(values)


def merged(said: Signing, found: Signing) -> Signing:
    """What the command line says, and where it is silent, what the file says."""
    aimed = said.target is not None or said.any_machine
    return Signing(
        found.counter if said.counter is None else said.counter,
        found.one_time if said.one_time is None else said.one_time,
        said.target if aimed else found.target,
        said.any_machine if aimed else found.any_machine,
        said.key_file or found.key_file,
    )


def complete(signing: Signing) -> Signing:
    """`signing` if nothing is missing that a signature needs; without a target it is for every machine. Raises Stopped."""
    for value, code in (
        (signing.one_time, ReturnCode.NO_ONE_TIME),
        (signing.counter, ReturnCode.NO_ANTI_REPLAY),
        (signing.key_file or None, ReturnCode.NO_KEY),
    ):
        if value is None:
            raise Stopped(code, f"{code.sentence}, and {FILE} does not say it either")
    return replace(signing, any_machine=signing.target is None)


def _signing(values: dict[str, str]) -> Signing:
    target = signing_options.target_machine(values["targetid"]) if "targetid" in values else None
    return Signing(
        signing_options.counter(values["antireplayvalue"]) if "antireplayvalue" in values else None,
        signing_options.one_time(values["onetime"]) if "onetime" in values else None,
        target,
        "targetid" in values and target is None,
        values.get("privatekey") or None,
    )


def _text(data: bytes) -> str:
    if len(data) > LARGEST:
        raise Stopped(ReturnCode.SYNTAX, f"{FILE} has at most {LARGEST} bytes; this one has more")
    try:
        return data.decode("utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig")
    except UnicodeDecodeError:
        raise Stopped(ReturnCode.SYNTAX, f"{FILE} is no text in UTF-8 or UTF-16") from None


def _refused(number: int, sentence: str) -> Stopped:
    return Stopped(ReturnCode.SYNTAX, f"line {number} of {FILE}: {sentence}")
