"""The words of `f10 admin`: the parser, to which the modules of each theme add their verbs."""

import argparse
from collections.abc import Callable
from functools import partial

from emulator.companions.admin import (
    key_words,
    order_words,
    policy_words,
    recover_words,
    setting_words,
    update_words,
)
from emulator.companions.language import LANGUAGES


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(
        "f10 admin",
        description="The administrator's console: make keys, sign orders for PCs, draw enrolment pictures for phones. "
        "Without a verb, a wizard leads through it.",
        epilog="A key file is a path, or a bare name inside the console's own folder. PFX and PEM are read; "
        "a passphrase is asked for only when the file needs one.",
        allow_abbrev=False,
    )
    whole.add_argument("--language", choices=LANGUAGES, help="of the wizard; else that of the environment")
    verb = partial(_verb, whole.add_subparsers(dest="verb", metavar="VERB").add_parser)
    for theme in (key_words, order_words, setting_words, update_words, recover_words, policy_words):
        theme.add(verb)
    return whole


def _verb(add: Callable[..., argparse.ArgumentParser], name: str, tells: str) -> argparse.ArgumentParser:
    parser = add(name, help=tells, description=tells[0].upper() + tells[1:] + ".", allow_abbrev=False)
    parser.add_argument("--force", action="store_true", help="replace the output file if it exists")
    return parser
