"""Runs the journeys, prints a table of each, and keeps all of them as JSON. See `scripts/bench`."""

import json
import logging
import platform
import sys
from importlib import import_module
from pathlib import Path

from scripts.benchmarks.measurement import Journey, PeerMissing

JOURNEYS = (
    "parse_all",
    "fresh_image",
    "list_process",
    "wmi_get",
    "write_and_commit",
    "memory",
    "open_machine",
    "fresh_pc",
    "provisioned_pc",
    "signed_setting",
    "unlock",
    "repset_apply",
    "mount_read",
    "picture_ladder",
    "comparison_time",
    "first_frame",
    "cursor_key",
    "longest_page",
    "screen_memory",
)
KEPT = Path("build/bench.json")


def main(arguments: list[str]) -> int:
    # One of the peers tells of every file it opens.
    logging.disable(logging.INFO)
    kept = KEPT
    if "--json" in arguments:
        at = arguments.index("--json")
        kept = Path(arguments[at + 1])
        del arguments[at : at + 2]
    wanted = arguments or JOURNEYS
    if unknown := [each for each in wanted if each not in JOURNEYS]:
        print(f"no benchmark is called {unknown[0]}; there are {', '.join(JOURNEYS)}", file=sys.stderr)
        return 2
    done: dict[str, object] = {}
    for name in wanted:
        try:
            journey: Journey = import_module(f"scripts.benchmarks.{name}").run()
        except PeerMissing as missing:
            print(f"{name}: {missing}\n")
            continue
        print(*table(journey), "", sep="\n", flush=True)
        done[name] = journey.as_json()
    kept.parent.mkdir(parents=True, exist_ok=True)
    machine = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "system": platform.system(),
    }
    kept.write_text(json.dumps({"machine": machine, "journeys": done}, indent=2) + "\n")
    print(f"kept in {kept}")
    return 0


def table(journey: Journey) -> list[str]:
    width = max(len(each.name) for each in journey.figures)
    lines = [journey.title, f"  {'':{width}}  {'minimum':>11}  {'median':>11}  repeats"]
    lines += [
        f"  {each.name:{width}}  {each.minimum:8.2f} {each.unit}  {each.median:8.2f} {each.unit}  {each.repeats}"
        for each in journey.figures
    ]
    for each in journey.goals:
        verdict = "reached" if each.reached else "MISSED"
        if each.wanted < 1:  # a goal for something that does more than its measure
            lines.append(
                f"  {each.text}: {1 / each.ratio:.2f} times its time (goal {1 / each.wanted:.3g}: {verdict})"
            )
        else:
            lines.append(f"  {each.text}: {each.ratio:.1f} times as fast (goal {each.wanted:g}: {verdict})")
    return lines


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
