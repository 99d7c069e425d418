"""What the phone's library refuses, in the language of whoever holds the phone.

The library speaks English, with names and numbers in its sentences. Each sentence that has German stands in the catalogue with braces where
those are; a refusal is matched against them, and its values are put into the German. One that matches none stays English: an error of a
disk, or of what a stranger wrote, can be worded in any way, and the meaning of its number is told beside it.
"""

import re
from functools import cache

from emulator.companions.language import Words

SENTENCES = (
    "nothing was named: type the path of a picture, or paste the text of the code",
    "the two passphrases differ; type both again",
    "no passphrase was typed",
    "there are no keys to back up",
    "no file was named",
    "a passphrase of at least {least} characters was expected",
    "this passphrase would be guessed within a month; take several words that have nothing to do with each other",
    "this is the challenge of a PC, and the picture of a key was expected; scan it instead",
    "this is the picture of a key, and the challenge of a PC was expected; register the key instead",
    "a name has 1 to {most} characters that can be printed",
    "this key needs the e-mail address of a member of the group {group}",
    "an e-mail address like name@example.com was expected",
    "the key asks for a sign-in by a member of the group {group}, and this phone cannot sign in",
    "the key does not open: the passphrase is wrong, or the picture was edited",
    "the key does not open: the picture was edited",
    "the challenge does not open with this key: it was edited or damaged",
    "this phone does not hold the key {key_id}; enroll its picture first",
    "this phone does not hold the key {key_id}",
    "the phone does not open: the passphrase is wrong, or its vault was edited",
    "the phone's passphrase was changed meanwhile; unlock it with the new one",
    "the phone is locked; give the phone's own passphrase first",
    "the backup does not open: the passphrase is wrong, or the file was edited",
    "a phone's backup was expected, something else came",
    "the stored key {path} is damaged; delete the file and enroll its picture again",
    "no QR code was found in the picture; show it larger, straighter or sharper",
    "a JSON object was expected, other text came",
    "a JSON object was expected, a JSON {kind} came",
    "{number} codes of the right kind in one picture; show only one of them",
    "neither a picture nor text: PNG, JPEG, BMP, SVG or JSON in UTF-8 was expected",
    "no picture that can be read ({kind}): a whole PNG, JPEG or BMP was expected",
    "there is no desktop here that has a clipboard; name a picture file instead",
    "the clipboard holds no picture; copy the picture of the code, or save it and name the file",
    "an enrolment package has Ver {version} and Type {type}; {came} and {other} came",
    "a challenge is a JSON object with the member {mark}; this object has none",
    "parts of different challenges came ({ids}); show those of one only",
    "{path} is too large: at most {most} bytes are taken",
    "{path} cannot be read: {reason}",
    "{path} cannot be written: {reason}",
    "{path} is no regular file, so it is not replaced",
    "the phone's folder {path} cannot be used: {reason}",
)


def said(words: Words, sentence: str) -> str:
    """`sentence` in the language of `words`, with a capital letter and a full stop."""
    for english in SENTENCES:
        if found := _pattern(english).fullmatch(sentence):
            sentence = words(english, **found.groupdict())
            break
    stop = "" if sentence.endswith((".", "?", "!")) else "."
    return f"{sentence[:1].upper()}{sentence[1:]}{stop}"


@cache
def _pattern(english: str) -> re.Pattern[str]:
    """What a sentence with values looks like."""
    parts = re.split(r"\{(\w+)\}", english)
    return re.compile(
        "".join(f"(?P<{part}>.+?)" if number % 2 else re.escape(part) for number, part in enumerate(parts)),
        re.DOTALL,
    )
