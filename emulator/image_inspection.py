"""`f10 image check`, `history`, `diff` and `map`: what `firmware_store.inspect` found, printed."""

import os
import sys
from shutil import get_terminal_size

from emulator.image_arguments import Arguments, UsageError
from emulator.image_reading import guid_of, print_json
from firmware_store.host_errors import explained
from firmware_store.image import Image
from firmware_store.inspect import Report, check
from firmware_store.inspect_differences import differences
from firmware_store.inspect_history import history
from firmware_store.inspect_map import picture, regions
from firmware_store.inspect_repair import repair
from firmware_store.inspect_text import difference_lines, history_lines, report_lines
from firmware_store.records import Variable
from firmware_store.volume import detect

FOUND = 1


def check_verb(arguments: Arguments) -> int:
    path = arguments.words[0]
    if "--repair" in arguments.flags:
        return _repair(path, arguments)
    report = check(_read(path))
    _print_report(report, arguments)
    return 0 if report.sound else FOUND


def _read(path: str) -> bytes:
    """The bytes of an image, told from other files here, so that a refusal names the path."""
    image = Image(path).read()
    with explained(path, writing=False):
        detect(image)
    return image


def _repair(path: str, arguments: Arguments) -> int:
    done = repair(path)
    if "--json" in arguments.flags:
        print_json({"before": _report(done.before), "copy": done.copy, "after": _report(done.after)})
    else:
        print(*report_lines(done.before), sep="\n")
        if done.copy is not None:
            print(f"\nrepaired; the image as it was is kept as {done.copy}\n\nsecond check:")
            print(*report_lines(done.after), sep="\n")
    return 0 if done.after.sound else FOUND


def _print_report(report: Report, arguments: Arguments) -> None:
    if "--json" in arguments.flags:
        print_json(_report(report))
    else:
        print(*report_lines(report), sep="\n")


def _report(report: Report) -> dict[str, object]:
    fill, working = report.fill, report.working
    return {
        "layout": report.layout.name,
        "size": report.size,
        "sound": report.sound,
        "variables": report.variables,
        "records": len(report.records),
        "findings": [
            {"kind": each.kind.word, "fault": each.kind.fault, "offset": each.offset, "text": each.text}
            for each in report.findings
        ],
        "room": fill.room,
        "live": fill.live,
        "obsolete": fill.obsolete,
        "free": fill.free,
        "changes_until_reclaim": fill.next_reclaim,
        "working_block": {
            "offset": working.offset,
            "entries": working.entries,
            "capacity": working.capacity,
            "unfinished": None if working.unfinished is None else working.unfinished.name.lower(),
        },
    }


def history_verb(arguments: Arguments) -> int:
    path, name = arguments.words
    vendor = arguments.option("--guid")
    found = history(_read(path), name, None if vendor is None else guid_of(vendor))
    show = "--values" in arguments.flags
    if "--json" in arguments.flags:
        print_json(
            [
                {
                    "offset": each.offset,
                    "area": each.area,
                    "guid": str(each.guid),
                    "state": each.state.name.lower(),
                    "state_byte": each.state_byte,
                    "attributes": each.attributes,
                    "size": len(each.data),
                    "time": each.time_stamp.hex(),
                    **({"data": each.data.hex()} if show else {}),
                }
                for each in found
            ]
        )
    else:
        print("".join(f"{line}\n" for line in history_lines(found, show=show)), end="")
    return 0


def diff_verb(arguments: Arguments) -> int:
    before, after = (Image(path).open() for path in arguments.words)
    found = differences(before, after)
    show = "--values" in arguments.flags
    if "--json" in arguments.flags:
        print_json(
            [
                {
                    "name": each.name,
                    "guid": str(each.guid),
                    "before": _side(each.before, show=show),
                    "after": _side(each.after, show=show),
                    "fields": list(each.fields),
                }
                for each in found
            ]
        )
    else:
        print("".join(f"{line}\n" for line in difference_lines(found, show=show)), end="")
    return FOUND if found else 0


def _side(variable: Variable | None, *, show: bool) -> dict[str, object] | None:
    if variable is None:
        return None
    told: dict[str, object] = {"attributes": variable.attributes, "size": len(variable.data)}
    return {**told, "time": variable.time_stamp.hex(), **({"data": variable.data.hex()} if show else {})}


def map_verb(arguments: Arguments) -> int:
    image = _read(arguments.words[0])
    if "--json" in arguments.flags:
        print_json(
            [{"use": each.use.word, "start": each.start, "stop": each.stop} for each in regions(image)]
        )
        return 0
    letters = "--ascii" in arguments.flags or not _has_cells()
    colours = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    print(*picture(image, _width(arguments), letters=letters, colours=colours), sep="\n")
    return 0


def _width(arguments: Arguments) -> int:
    asked = arguments.option("--width")
    if asked is None:
        return get_terminal_size().columns
    if not asked.isascii() or not asked.isdigit() or not 20 <= int(asked[:6]) <= 1000:
        raise UsageError("expected --width as a number of columns between 20 and 1000")
    return int(asked)


def _has_cells() -> bool:
    """Whether the output can show the drawn cells."""
    return (sys.stdout.encoding or "").lower().replace("-", "") in {"utf8", "utf16", "utf32"}
