"""`f10 log`: the PC's event log, read from its image. Starts nothing, and works whether the PC is on or off."""

import json
import sys

from emulator.firmware import log_export
from emulator.machine import memory_in
from emulator.pc_folder import PCFolder


def show(folder: PCFolder, form: str) -> None:
    """Print the log as text, `--json` or `--csv`. Raises NoPC, NotAMachine, DamagedVariable or StoreError."""
    log = memory_in(folder.image().open()).log
    if form == "--csv":
        sys.stdout.write(log_export.csv_text(log))
    elif form == "--json":
        print(json.dumps(log_export.rows(log), indent=2))
    elif not log.events:
        print("The event log is empty.")
    else:
        for row in log_export.rows(log):
            print(
                f"{row['sequence']:>5}  {row['time']}  {row['code']}  {row['severity']:<11}  {row['meaning']}"
            )
