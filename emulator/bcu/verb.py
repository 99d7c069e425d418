"""One command of BCU from its words to its exit code.

Whatever goes wrong becomes a report: BCU is called by scripts, and a script reads the XML. Only help goes to the console as plain text.
Logs are the same report, one file for each run, in a folder `Logs` of the working folder or in that of `/logpath`. Neither holds the
command line, which may hold a password.
"""

import json
import socket
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from emulator.bcu import options, provider, reading, report
from emulator.bcu.options import Deed, Options
from emulator.bcu.provider import Provider
from emulator.bcu.report import Heading, Report
from emulator.bcu.return_codes import ReturnCode, Stopped
from emulator.bcu.usage import USAGE
from emulator.companions import CompanionError, make_private_folder, write_private

LOGS = "Logs"


def run(arguments: Sequence[str], home: Path) -> int:
    """Carry out one command line, print the report, and return the exit code of the process."""
    heading = Heading(socket.gethostname(), datetime.now().astimezone())
    made = Report()
    log: Path | None = None
    try:
        said = options.understood(arguments)
        if said.deed is Deed.HELP:
            print(USAGE, end="")
            return ReturnCode.HELP.exit_code
        log = _log_folder(said)
        with provider.reached(home) as asked:
            _carry_out(said, asked, made, heading.now)
            made.bare_ampersand = asked.quirks().get("xml_ampersand") == "bare"
    except Stopped as stop:
        made.text = None
        if made.code != stop.code:
            made.fail(stop.code, str(stop))
    if made.code == ReturnCode.SUCCESS and not made.passed_over:
        made.success("No errors occurred")
    _told(made, heading, as_json="--json" in arguments)
    if log is not None:
        _logged(log, report.as_xml(made, heading), heading.now)
    return ReturnCode(made.code).exit_code


def _carry_out(said: Options, asked: Provider, made: Report, now: datetime) -> None:
    if said.deed is Deed.GET:
        reading.get(asked, made, said.argument, now)
    elif said.deed is Deed.GET_VALUE:
        reading.get_value(asked, made, said.argument)
    elif said.deed is Deed.UNICODE:
        reading.unicode(asked, made)
    else:
        # Whoever only reads pays for nothing that applies files.
        from emulator.bcu import writing

        writing.carry_out(said, asked, made)


def _told(made: Report, heading: Heading, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(report.as_json(made, heading), indent=2))
    elif made.text is not None:
        print(made.text.replace("\r\n", "\n"), end="")
    else:
        print(report.as_xml(made, heading), end="")


def _log_folder(said: Options) -> Path | None:
    """Where the log goes, made before anything is done. Raises Stopped."""
    if not said.log:
        return None
    folder = Path(said.log_folder or LOGS)
    try:
        make_private_folder(folder)
    except CompanionError as error:
        raise Stopped(ReturnCode.SYNTAX, str(error)) from None
    return folder


def _logged(folder: Path, text: str, now: datetime) -> None:
    """Write the log; by now everything is done, so a log that cannot be written is told and changes nothing."""
    try:
        write_private(folder / f"BCU-{now:%Y%m%d-%H%M%S-%f}.xml", text.encode("utf-8", "replace"))
    except CompanionError as error:
        print(f"bcu: the log was not written: {error}", file=sys.stderr)
