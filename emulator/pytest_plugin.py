"""Fixtures for the tests of other projects, which pytest finds by itself where this distribution is installed.

    def test_my_script(provisioned_pc):
        ...

Each test has PCs of its own: clones of templates that went through the real journey once in a session, so there is nothing to share
between tests or between the workers of pytest-xdist. This module is loaded in every run of pytest, so it loads nothing of the emulator before a
test asks for a fixture. The fixtures are documented in docs/testing.md.
"""

import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

if TYPE_CHECKING:
    from emulator.testing import PC, Admin, Phone
    from emulator.testing.templates import Templates
    from firmware_store import Image

Made = TypeVar("Made")
MARKER = "target_pc"
MOST_SCREENS = 3
"""Of one fixture, in a report."""
_PCS = pytest.StashKey[list[tuple[str, "PC"]]]()
"""The PCs that a test uses, by the names of their fixtures."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        f"{MARKER}(model=..., quirks=...): the model, by its name or a file's path, and the quirks of the f10 PCs that a test uses",
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        for name, pc in item.stash.get(_PCS, []):
            report.sections += _screens(name, pc)
    return report


@pytest.hookimpl(specname="pytest_runtest_makereport")
def pytest_f10_cut(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """A hook of its own: after unittest's has put the error where reports look for it, and before the report is made."""
    if call.excinfo is not None and not item.config.getoption("fulltrace", default=False):
        _cut(call.excinfo.value)


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Of a secret that was compared only that it was one: pytest would show letter by letter how the other side differs."""
    # Nobody holds a secret before this module is loaded.
    module = sys.modules.get("emulator.testing.secret")
    if module is None:
        return None
    are = [isinstance(each, module.Secret | module.Environment) for each in (left, right)]
    shown = ["a secret" if is_one else "what is not told here" for is_one in are]
    return [f"{shown[0]} {op} {shown[1]}"] if any(are) else None


def _cut(error: BaseException) -> None:
    """End tracebacks where they enter `emulator.testing`: what is below has secrets among its arguments, and is not the test's."""
    left, seen = [error], set[int]()
    while left:
        each = left.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        _cut_below(each.__traceback__)
        others = (each.__cause__, each.__context__, *getattr(each, "exceptions", ()))
        left += [other for other in others if isinstance(other, BaseException)]


def _cut_below(entry: TracebackType | None) -> None:
    while entry is not None and entry.tb_next is not None:
        if entry.tb_next.tb_frame.f_globals.get("__name__", "").startswith("emulator.testing."):
            entry.tb_next = None
        entry = entry.tb_next


def _screens(name: str, pc: "PC") -> list[tuple[str, str]]:
    """Sections of the report: the screen of a fixture's PC, and those of its clones as far as they are few."""
    family = list(pc._family())  # noqa: SLF001 -- ours, and not promised
    told = [_screen(name if each is pc else f"a clone of {name}", each) for each in family[:MOST_SCREENS]]
    if len(family) > MOST_SCREENS:
        told.append((f"other clones of {name}", f"and {len(family) - MOST_SCREENS} more"))
    return told


def _screen(name: str, pc: "PC") -> tuple[str, str]:
    try:
        return f"screen of {name}, {pc.serial}, {pc.phase}", pc.screen() or "(dark)"
    except Exception as error:  # noqa: BLE001 -- the test's own failure must be told, whatever is wrong with the screen
        return f"screen of {name}", f"It cannot be drawn: {type(error).__name__}: {error}"


# --- once in a session, or in a worker of it ---


@pytest.fixture(scope="session")
def _f10_templates(tmp_path_factory: pytest.TempPathFactory) -> "Templates":
    from emulator.testing.templates import Templates  # noqa: PLC0415 -- see the module's docstring

    return Templates(tmp_path_factory.mktemp)


# --- for each test ---


@pytest.fixture
def target_pc(request: pytest.FixtureRequest, _f10_templates: "Templates") -> "Iterator[PC]":
    """A PC as it leaves the factory, with its operating system running."""
    yield from _used(request, _f10_templates.target_pc)


@pytest.fixture
def provisioned_pc(request: pytest.FixtureRequest, _f10_templates: "Templates") -> "Iterator[PC]":
    """A PC with the keys of `admin`, Enhanced BIOS Authentication Mode on, and local access key 1; its operating system runs."""
    yield from _used(request, _f10_templates.provisioned_pc)


@pytest.fixture
def unlocked_pc(request: pytest.FixtureRequest, _f10_templates: "Templates") -> "Iterator[PC]":
    """A `provisioned_pc` in Computer Setup, which the PIN of `phone` opened."""
    yield from _used(request, _f10_templates.unlocked_pc)


@pytest.fixture
def admin(_f10_templates: "Templates") -> "Admin":
    """The administrator whose keys `provisioned_pc` and `unlocked_pc` have. The keys are fresh in each session."""
    return _f10_templates.admin()


@pytest.fixture
def phone(_f10_templates: "Templates") -> "Phone":
    """A phone that holds local access key 1 of `admin`."""
    return _f10_templates.phone()


@pytest.fixture
def nvram_image(request: pytest.FixtureRequest, _f10_templates: "Templates", tmp_path: Path) -> "Image":
    """The flash image of a PC as it leaves the factory, switched off: a file in `tmp_path`, whose disk is not waited for."""
    from firmware_store import Image  # noqa: PLC0415

    path = tmp_path / "nvram.fd"
    path.touch(0o600)
    path.write_bytes(_made(request, _f10_templates.nvram_image))
    return Image(path, durability="none")


def _used(request: pytest.FixtureRequest, make: "Callable[..., PC]") -> "Iterator[PC]":
    """A PC for as long as the test runs; if the test fails, its screen is told."""
    pc = _made(request, make)
    used = request.node.stash.setdefault(_PCS, [])
    used.append((request.fixturename, pc))
    yield pc
    used.remove((request.fixturename, pc))
    pc.close()


def _made(request: pytest.FixtureRequest, make: "Callable[..., Made]") -> "Made":
    """What `make` makes of the model and the quirks that the test's marker names."""
    from emulator.testing.refusals import Impossible  # noqa: PLC0415

    try:
        return make(**_wanted(request))
    except Impossible as error:
        sentence = f"the marker {MARKER} of this test: {error}"
    pytest.fail(sentence, pytrace=False)


def _wanted(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The marker's words, of which the nearest counts. Raises Impossible."""
    from emulator.testing.refusals import Impossible  # noqa: PLC0415

    wanted: dict[str, Any] = {}
    for mark in request.node.iter_markers(MARKER):
        if mark.args or (unknown := mark.kwargs.keys() - {"model", "quirks"}):
            came = repr(mark.args[0]) if mark.args else min(unknown)
            raise Impossible(f"it takes model=... and quirks=... and nothing else; {came} came")
        wanted = {**mark.kwargs, **wanted}
    model, quirks = wanted.get("model", ""), wanted.get("quirks", {})
    if not (isinstance(model, str) and isinstance(quirks, dict)):
        raise Impossible("model is a name or a path as text, quirks a dictionary of names and values")
    if "/" in model or model.endswith((".toml", ".json")):
        wanted["model"] = str(request.config.rootpath / model)
    return wanted
