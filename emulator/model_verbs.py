"""`f10 models`: which models there are, what one says, and what is wrong with one's own."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence

from emulator import model_files, models
from emulator.firmware.catalogue import Catalogue, Line, Setting
from emulator.firmware.model_text import MalformedModel
from emulator.model_files import UnreadableModel
from emulator.model_report import FLAGS, described, summary, whole
from emulator.models import ModelRefused, UnknownModel, likeness

USAGE = """\
usage: f10 models [--json]                       the packaged models
       f10 models show MODEL [SETTING] [--json]  pages and settings of a model, or everything about one setting
       f10 models check MODEL [--json]           what is wrong with a model of one's own, line by line

MODEL is the name of a packaged model or the path of a file (docs/models.md describes it).
Exit codes: 0 done, 1 check found faults, 2 there is no such model, file or setting, or the file is no model.
"""
REFUSED, UNUSABLE = 1, 2


def run(arguments: Sequence[str]) -> int:
    """Carry out one command line and return the exit code."""
    if {"-h", "--help"} & set(arguments):
        print(USAGE, end="")
        return 0
    words = [word for word in arguments if word != "--json"]
    as_json = "--json" in arguments
    verb, *names = words or ["list"]
    if verb not in VERBS or len(names) not in VERBS[verb][1] or any(word[:2] == "--" for word in words):
        print(f"f10: models does not understand {' '.join(words)!r}\n{USAGE}", end="", file=sys.stderr)
        return UNUSABLE
    try:
        return VERBS[verb][0](*names, as_json=as_json)
    except (ModelRefused, MalformedModel, UnknownModel, UnreadableModel) as error:
        print(f"f10: {error}", file=sys.stderr)
        return UNUSABLE


def _list(*, as_json: bool) -> int:
    rows = [summary(models.packaged(name)) for name in models.names()]
    if as_json:
        print(json.dumps(rows, indent=2))
        return 0
    width = max(len(str(row["name"])) for row in rows)
    for row in rows:
        print(f"{row['name']!s:{width}}  {row['settings']:4} settings  {row['product']}")
    return 0


def _show(word: str, name: str | None = None, *, as_json: bool) -> int:
    catalogue = model_files.named(word).catalogue
    if name is not None and name not in catalogue.every:
        hint = _otherwise_called(name, catalogue)
        print(f"f10: the model {catalogue.model} has no setting {name!r}{hint}", file=sys.stderr)
        return UNUSABLE
    if as_json:
        print(json.dumps(described(catalogue.every[name]) if name else whole(catalogue), indent=2))
    elif name:
        print(
            *(f"{key}: {_line(value)}" for key, value in described(catalogue.every[name]).items()), sep="\n"
        )
    else:
        print(*_pages(catalogue), sep="\n")
    return 0


def _check(word: str, *, as_json: bool) -> int:
    """Faults are what was asked for, so they are told on standard output."""
    try:
        told = summary(model_files.named(word).catalogue)
    except (ModelRefused, MalformedModel) as error:
        if as_json:
            print(json.dumps({"good": False, "faults": _faults(error)}, indent=2))
        else:
            print(error)
        return REFUSED
    if as_json:
        print(json.dumps({"good": True, "faults": [], **told}, indent=2))
    else:
        print(f"{model_files.spelled(word)}: good, {told['settings']} settings")
    return 0


def _faults(error: ModelRefused | MalformedModel) -> list[dict[str, object]]:
    if isinstance(error, MalformedModel):
        return [{"sentence": str(error)}]
    return [{"line": line, "sentence": sentence} for line, sentence in error.faults]


VERBS: Mapping[str, tuple[Callable[..., int], tuple[int, ...]]] = {
    "list": (_list, (0,)),
    "show": (_show, (1, 2)),
    "check": (_check, (1,)),
}
"""Each with the number of words that may follow."""


def _otherwise_called(name: str, catalogue: Catalogue) -> str:
    for each in catalogue.every.values():
        if name in each.aliases:
            return f"; here it is called {each.name!r}"
    return likeness.meant(name, catalogue.every)


def _line(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(_condition(each) if isinstance(each, dict) else str(each) for each in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _condition(each: Mapping[str, Sequence[str]]) -> str:
    return f"{each['setting']} = {' or '.join(each['is'])} ({each['because']})"


def _pages(catalogue: Catalogue) -> list[str]:
    told = summary(catalogue)
    lines = [
        f"{told['name']}: {told['product']}, board {told['board']}, {told['bios_version']}",
        (
            f"{told['settings']} settings, {told['read_only']} read-only, {told['hidden']} hidden, "
            f"{told['physical_presence']} with physical presence"
        ),
    ]
    for page, rows in catalogue.pages.items():
        lines += ["", " / ".join(page), *(f"  {_row(row)}" for row in rows)]
    hidden = [each for each in catalogue.every.values() if not each.page]
    return [*lines, "", "On no page", *(f"  {_row(each)}" for each in hidden)] if hidden else lines


def _row(row: Setting | Line) -> str:
    if isinstance(row, Line):
        return {"page": f"{row.text} >", "action": row.text}.get(row.kind, f"- {row.text}")
    flags = [flag.replace("_", " ") for flag in FLAGS if getattr(row, flag)]
    grey = ["has conditions"] if row.requires else []
    marks = f"  ({', '.join([*flags, *grey])})" if flags or grey else ""
    return f"{row.name} [{row.kind.value}] = {row.default}{marks}".rstrip()
