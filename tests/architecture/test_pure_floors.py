"""Protocol and firmware do no I/O: what import contracts cannot see, the calls of built-in functions."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PURE = sorted((ROOT / "emulator" / "protocol").rglob("*.py")) + sorted(
    (ROOT / "emulator" / "firmware").rglob("*.py")
)
FORBIDDEN_NAMES = {"open", "input", "print", "breakpoint", "__import__"}
FORBIDDEN_METHODS = {"now", "utcnow", "today"}


@pytest.mark.parametrize("path", PURE, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_pure_module_calls_no_file_no_clock_and_no_screen(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name):
            assert node.func.id not in FORBIDDEN_NAMES, f"line {node.lineno}"
        if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
            assert (node.func.value.id, node.func.attr) not in {
                (owner, method) for owner in ("datetime", "date") for method in FORBIDDEN_METHODS
            }, f"line {node.lineno}"
