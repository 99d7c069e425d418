"""Whatever slips into a model's file: it is refused with lines, or it makes a machine that works."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.firmware import model_text
from emulator.models import ModelRefused, source
from tests.models.authoring import compiled, shared
from tests.models.mutations import ODD, RICH, slips, toml, try_machine
from tests.sampling import examples

TEXT = toml(RICH)


def test_the_rich_model_is_good() -> None:
    catalogue = compiled(TEXT)
    assert catalogue.has_secure_platform
    try_machine(catalogue)


def is_refused_or_works(text: str) -> None:
    found, told = [], ""
    try:
        told = source.compiled(text, shared(), "my.toml")
    except ModelRefused as refused:
        found = refused.faults
    assert found or told
    assert [line for line, _ in found] == sorted(line for line, _ in found)
    assert all(1 <= line <= text.count("\n") + 1 for line, _ in found)
    assert all(sentence.isprintable() for _, sentence in found)
    if told:
        try_machine(model_text.parse(told))


@pytest.mark.slow
@settings(max_examples=examples(400))
@given(data=slips(RICH, ODD))
def test_slips_in_the_data_are_refused_or_do_no_harm(data: object) -> None:
    assert isinstance(data, dict)
    is_refused_or_works(toml(data))


@settings(max_examples=examples(200))
@given(data=st.data())
def test_slips_in_the_text_are_refused_or_do_no_harm(data: st.DataObject) -> None:
    lines = TEXT.split("\n")
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        slip = data.draw(st.sampled_from(["delete", "repeat", "move", "sign"]))
        line = lines[at] if slip == "repeat" else lines.pop(at)
        if slip in ("repeat", "move"):
            lines.insert(data.draw(st.integers(0, len(lines))), line)
        elif slip == "sign":
            cut = data.draw(st.integers(0, len(line)))
            lines.insert(
                at, line[:cut] + data.draw(st.sampled_from("\"'[]{}=,.#\n\\ a1\t\u2028")) + line[cut + 1 :]
            )
    is_refused_or_works("\n".join(lines))
