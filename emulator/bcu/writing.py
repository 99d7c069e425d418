"""What BCU writes: a REPSET, one setting, the factory defaults, each with a password, with signatures, or with neither.

A whole file is one request and one commit of the PC; each entry has a result of its own. Entries that bring a signature are applied with it;
the others are signed where somebody said how, or go with the password. One setting goes another way (`one_setting`).
"""

from emulator.bcu import file_signing, one_setting, outcomes, proofs, settings_intake
from emulator.bcu.options import Deed, Options
from emulator.bcu.proofs import Run
from emulator.bcu.provider import Provider
from emulator.bcu.report import Report
from emulator.bcu.return_codes import of_firmware
from emulator.protocol.payload import RESET_NAME


def carry_out(options: Options, provider: Provider, report: Report) -> None:
    """Do what the command line says, the password first. Raises Stopped."""
    run = proofs.collected(options, provider, report)
    match options.deed:
        case Deed.SET:
            set_file(run)
        case Deed.SET_VALUE:
            one_setting.set_value(run)
        case Deed.SET_DEFAULTS:
            set_defaults(run)


def set_file(run: Run) -> None:
    """Apply a REPSET, or only sign it. Raises Stopped."""
    data, entries = settings_intake.read(run.options.argument)
    if any(entry.authorization for entry in entries):
        run.report.info("The file brings authorization strings")
    if run.options.only_sign:
        file_signing.sign_only(run, data, entries)
        return
    if run.signer is not None:
        data = file_signing.signed(run, data, entries)
    rows = run.provider.apply(data, run.authorization)["results"]
    outcomes.conclude(
        run.report,
        [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else [],
        single=False,
        verbose=run.options.verbose,
        warnings_count=run.options.warnings_count,
    )


def set_defaults(run: Run) -> None:
    """Have the firmware put everything back to factory defaults."""
    reply = run.provider.set_defaults(run.proof(RESET_NAME, ""))
    if reply["ok"]:
        run.report.success("The settings are back at their factory defaults")
        run.report.reboot("Restart the PC for the changes to take effect")
        return
    code = of_firmware(int(str(reply["status"])), about_password=not run.provider.signatures_only)
    run.report.fail(code, str(reply["sentence"]) or code.sentence)
