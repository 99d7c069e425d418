"""What proves to the firmware that a change is wanted: the current password, or the signing key.

Both are collected before anything is changed. A new password is set first, by the proof for the old state, and from then on it is
the proof. Where the command line is silent about signing, `beamsetting.txt` in the working folder speaks.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from emulator.bcu import beam_settings, setup_password
from emulator.bcu.options import Options
from emulator.bcu.provider import PASSWORD, Provider
from emulator.bcu.report import Report
from emulator.bcu.return_codes import ReturnCode, Stopped
from emulator.bcu.signing_options import Signing
from emulator.companions import CompanionError, read_bounded

if TYPE_CHECKING:
    from emulator.bcu.signing import Signer


@dataclass(frozen=True, slots=True)
class Run:
    """One command that writes: who is asked, what was said, and where results go."""

    options: Options
    provider: Provider
    report: Report
    signer: "Signer | None"
    authorization: str
    """The current password behind its mark, or nothing."""

    def proof(self, name: str, value: str) -> str:
        """What proves that this change is wanted."""
        return self.authorization if self.signer is None else self.signer.token(name, value)


def collected(options: Options, provider: Provider, report: Report) -> Run:
    """Collect the proofs, and change the password first, if that is wanted. Raises Stopped."""
    signer = _signer(options)
    current = setup_password.current(options, report)
    new = setup_password.new(options, report) if options.changes_password else None
    taken = [] if current is None and new is None else setup_password.encodings(provider)
    held = "" if current is None else setup_password.sent(current, taken)
    run = Run(options, provider, report, signer, held)
    if new is None:
        return run
    value = setup_password.sent(new, taken)
    if not setup_password.change(provider, report, value, run.proof(PASSWORD, value)):
        raise Stopped(ReturnCode(report.code))
    return Run(options, provider, report, signer, value if new else "")


def _signer(options: Options) -> "Signer | None":
    """Who signs, if the command line or `beamsetting.txt` says that something shall be signed. Raises Stopped."""
    found = _beam_settings()
    wanted = options.signing if found is None else beam_settings.merged(options.signing, found)
    secret = options.key_password is not None or options.key_password_descriptor is not None
    if not (wanted.wanted or options.only_sign or secret):
        return None
    whole = beam_settings.complete(wanted)
    from emulator.bcu import signing

    return signing.opened(whole, options)


def _beam_settings() -> Signing | None:
    path = Path(beam_settings.FILE)
    if not path.is_file():
        return None
    try:
        return beam_settings.parse(read_bounded(path, most=beam_settings.LARGEST + 1))
    except CompanionError as error:
        raise Stopped(ReturnCode.SYNTAX, str(error)) from None
