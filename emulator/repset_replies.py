"""What became of a file of settings, as the management door replies it: entry by entry, and what is needed for all to act."""

from collections.abc import Sequence

from emulator.devices.setting_results import Result
from emulator.management_socket import Reply


def reply(results: Sequence[Result]) -> Reply:
    """`ok` says that no entry was refused."""
    return {
        "ok": all(each.outcome.taken for each in results),
        "results": [_row(each) for each in results],
        "restart_needed": any(each.restart_needed for each in results),
        "presence_needed": any(each.presence_needed for each in results),
    }


def _row(result: Result) -> Reply:
    return {
        "name": result.name,
        "line": result.line,
        "outcome": result.outcome.value,
        "status": int(result.status),
        "sentence": result.sentence,
        "old": result.old,
        "new": result.new,
        "presence_needed": result.presence_needed,
        "read_only": result.read_only,
    }
