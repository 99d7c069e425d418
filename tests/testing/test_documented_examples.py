"""The examples of docs/testing.md, run out of the document."""

import re
from pathlib import Path

import pytest

from emulator.firmware.boot import Phase
from tests.testing.inner_runs import QUIET

pytest_plugins = ["pytester"]

DOCUMENT = Path(__file__).parents[2] / "docs/testing.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", DOCUMENT.read_text("utf-8"))


def test_the_examples_are_those_that_are_announced() -> None:
    text = DOCUMENT.read_text("utf-8")
    assert re.findall(r"(?m)^## (.*), tested$", text) == [
        "A deployment script",
        "A provisioning flow",
        "A lost phone",
    ]
    assert (len(blocks("python")), len(blocks("sh"))) == (3, 1)
    for number, block in enumerate(blocks("python")):
        compile(block, f"example {number}", "exec")


def test_the_phases_are_those_that_there_are() -> None:
    told = re.search(r"(?ms)^`phase` is one of (.*?)\.$", DOCUMENT.read_text("utf-8"))
    assert told is not None
    assert re.findall(r'"(.*?)"', told[1]) == [phase.value for phase in Phase]


@pytest.mark.slow
def test_the_examples_pass(pytester: pytest.Pytester) -> None:
    (script,) = blocks("sh")
    (pytester.path / "deploy.sh").write_text(script, "utf-8")
    for number, block in enumerate(blocks("python")):
        (pytester.path / f"test_example_{number}.py").write_text(block, "utf-8")
    done = pytester.runpytest_inprocess(*QUIET)
    done.assert_outcomes(passed=5)


def test_an_example_finds_a_script_that_does_half(pytester: pytest.Pytester) -> None:
    (script,) = blocks("sh")
    (pytester.path / "deploy.sh").write_text(script.split(" && ")[0], "utf-8")
    (pytester.path / "test_example.py").write_text(blocks("python")[0], "utf-8")
    done = pytester.runpytest_inprocess("-p", "no:randomly", "-p", "no:cacheprovider", "-k", "what_we_want")
    done.assert_outcomes(failed=1, deselected=1)
