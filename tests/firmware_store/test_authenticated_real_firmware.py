"""The same signed writes through Debian's OVMF and through ours: the same answers, the same stored bytes.

The UEFI shell's `dmpstore -l` calls SetVariable with what a file says, so no program has to be written for the
firmware. OVMF always takes somebody to be in front of the machine.
"""

import itertools
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from firmware_store import FOUR_MEGABYTE, VariableStore, blank, certdb
from firmware_store import secure_boot as sb
from firmware_store.exchange_dmpstore import write_dmpstore
from firmware_store.records import Variable
from tests.firmware_store.real_firmware import boot, needs_real_firmware
from tests.firmware_store.signed_writes import FINE, Step, answer, differences, steps

pytestmark = [pytest.mark.slow, needs_real_firmware]

REFUSED = re.compile(r"Failed to set variable .*: (.*)\.")
Value = tuple[int, bytes, bytes]


def ask_firmware(image: Path, requests: Iterable[Step]) -> list[str]:
    """The status of each request."""
    files, script = {}, []
    for number, step in enumerate(requests):
        entry = Variable(step.guid, step.name, step.attributes, step.data)
        files[f"s{number}.bin"] = write_dmpstore([entry])
        script += [f"echo ===STEP {number}===", f"dmpstore -all -l fs0:\\s{number}.bin"]
    done = boot(image, script, files, timeout=300)
    assert done.finished, done.console[-2000:]
    answers = re.split(r"===STEP \d+===", done.answer)[1:]
    assert len(answers) == len(files)
    return [status(each) for each in answers]


def status(answered: str) -> str:
    assert "DataSize = " in answered, f"the shell did not even try: {answered}"
    refusal = REFUSED.search(answered)
    return FINE if refusal is None else "EFI_" + refusal[1].upper().replace(" ", "_")


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """An image that the firmware has started once, so that it holds what the firmware makes by itself."""
    path = tmp_path / "flash.fd"
    path.write_bytes(blank(FOUR_MEGABYTE))
    assert boot(path, []).finished
    return path


def without_repeats(values: Iterable[Value | None]) -> Iterator[Value]:
    return (value for value, _ in itertools.groupby(each for each in values if each is not None))


def test_the_long_history_leaves_the_same_answers_and_the_same_bytes(image: Path) -> None:
    history = steps()
    ours = VariableStore.from_image(image.read_bytes())
    before = set(ours)
    sb.start(ours)
    assert set(ours) == before, "our start makes what the firmware's makes"

    answers = ask_firmware(image, history)
    theirs = VariableStore.from_image(image.read_bytes())

    places = {sb.Place(each.guid, each.name) for each in history}
    places |= {sb.SECURE_BOOT_ENABLE, sb.VENDOR_KEYS, sb.Place(certdb.CERTDB_GUID, certdb.CERTDB_NAME)}
    seen: dict[sb.Place, list[Value | None]] = {place: [] for place in places}
    for step, theirs_answered in zip(history, answers, strict=True):
        for place in places:
            seen[place].append(value_of(ours.find(*place)))
        assert answer(ours, step) == theirs_answered == step.status, step.what
    for place in places:
        seen[place].append(value_of(ours.find(*place)))
        assert ours.find(*place) == theirs.find(*place), place.name
        records = (value_of(each.variable) for each in theirs.history(*place))
        assert list(without_repeats(seen[place])) == list(without_repeats(records)), place.name


def value_of(variable: Variable | None) -> Value | None:
    return None if variable is None else (variable.attributes, variable.data, variable.time_stamp)


def test_where_we_answer_otherwise_firmware_answers_as_recorded(image: Path) -> None:
    recorded = differences()
    assert ask_firmware(image, [each.step for each in recorded]) == [each.step.status for each in recorded]


def test_firmware_goes_on_with_what_we_signed_in(image: Path) -> None:
    """The first half of the history by us, the second by the firmware."""
    history = steps()
    ours, middle = VariableStore.from_image(image.read_bytes()), len(history) // 2
    # With Secure Boot on, the firmware does not start its own shell.
    off = next(each for each in history if each.name == sb.SECURE_BOOT_ENABLE.name)
    for step in (*history[:middle], off):
        answer(ours, step)
    assert not sb.setup_mode(ours)
    image.write_bytes(bytes(ours.flash.content))
    assert ask_firmware(image, history[middle:]) == [each.status for each in history[middle:]]
    for step in history[middle:]:
        answer(ours, step)
    theirs = VariableStore.from_image(image.read_bytes())
    for step in history:
        assert theirs.find(step.guid, step.name) == ours.find(step.guid, step.name), step.name
