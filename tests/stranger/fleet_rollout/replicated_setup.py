"""Settings as BCU writes and reads them: a name at the margin, its values indented below, the chosen one with a star."""

from pathlib import Path


def chosen(file: Path) -> dict[str, tuple[str, ...]]:
    """What each setting of a file holds: the value with the star, or all lines of one that is text or an order."""
    return {name: _with_star(lines) or tuple(lines) for name, lines in _values(file).items()}


def _values(file: Path) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in file.read_text("utf-8").splitlines()[1:]:
        if line.startswith((" ", "\t")):
            lines.append(line.strip())
        elif line and not line.startswith(";"):
            lines = values.setdefault(line.strip(), [])
    return values


def _with_star(lines: list[str]) -> tuple[str, ...]:
    return tuple(line.removeprefix("*") for line in lines if line.startswith("*"))
