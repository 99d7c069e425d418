"""A machine's settings as a file, and such a file coming back: every model as a whole, and the published files."""

from collections import Counter
from pathlib import Path

import pytest

from emulator import models
from emulator.devices import settings_file, wmi_classes
from emulator.devices.settings_file import Outcome
from emulator.firmware import commands as c
from emulator.firmware.boot import Phase
from emulator.firmware.catalogue import Catalogue, Kind
from emulator.protocol import repset, setting_files
from emulator.protocol.repset import Dialect, Newline
from emulator.protocol.setting_files import Form
from tests.devices.files import apply, bench_of
from tests.firmware.bench import (
    Bench,
    each_of,
    factory_new,
    model,
    shown_code,
)
from tests.machine.legal_values import EVERY, legal


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize("name", models.names())
def test_a_dump_of_each_model_changes_nothing_when_it_comes_back(
    name: str, dialect: Dialect, newline: Newline
) -> None:
    bench = bench_of(name)
    before = bench.memory
    data = settings_file.dumped(bench.firmware, dialect, newline=newline).render()
    results = apply(bench, repset.parse(data))
    assert {each.outcome for each in results} == {Outcome.UNCHANGED}
    assert bench.memory == before


@pytest.mark.parametrize("name", models.names())
def test_a_dump_lists_what_tools_list_in_the_order_of_sequence(name: str) -> None:
    bench = bench_of(name)
    listed = [each.name for each in settings_file.dumped(bench.firmware).entries]
    wanted = sorted(models.packaged(name).settings.values(), key=lambda each: (each.sequence, each.name))
    assert listed == [each.name for each in wanted if each.shown and each.kind is not Kind.PASSWORD]


@pytest.mark.parametrize("name", models.names())
def test_a_machine_is_set_as_a_whole_to_what_another_one_is(name: str) -> None:
    """Each setting at another value, one after the other as far as the machine lets it; then all at once on a new one."""
    donor, heir = bench_of(name), bench_of(name)
    catalogue = donor.firmware.catalogue
    wanted = [(each, legal(catalogue.every[each])[-1]) for of, each in EVERY if of == name]
    plain = [each for each in wanted if not catalogue.every[each[0]].momentary]
    donor.execute(each_of(*plain))
    confirm(donor)
    apply(heir, settings_file.dumped(donor.firmware))
    confirm(heir)
    apply(heir, settings_file.dumped(donor.firmware))
    confirm(heir)
    different = {
        each
        for each, value in donor.memory.settings.items()
        if heir.memory.settings[each] != value and not hidden_from_files(catalogue, each)
    }
    assert different == set()
    assert donor.memory.settings != factory_new().settings


def hidden_from_files(catalogue: Catalogue, name: str) -> bool:
    setting = catalogue.every[name]
    return setting.secret or not setting.shown or name == "Physical Presence Interface"


def confirm(bench: Bench) -> None:
    bench.execute(c.Restart())
    while bench.phase is Phase.PRESENCE:
        bench.execute(c.AnswerPresence(shown_code(bench)))
    bench.execute(c.Continue())


def test_published_files_are_applied_entry_by_entry(samples: Path) -> None:
    """Each published file to each model: the one of its own machine is nearly all unchanged or set."""
    for path in sorted((samples / "repset").iterdir()):
        if path.suffix not in {".cfg", ".REPSET"}:
            continue
        data = path.read_bytes()
        file = repset.parse(data)
        for name in models.names():
            results = apply(bench_of(name), data)
            assert [each.name for each in results] == [entry.name for entry in file.entries]
            assert [each.line for each in results] == [entry.line for entry in file.entries]
            for each in results:
                assert each.outcome.taken != bool(each.sentence) == bool(each.status)


@pytest.mark.parametrize(
    ("file", "name", "refused"),
    [
        ("davegreen_EliteDesk800G2-Win10.cfg", "elitedesk-800-g2", 4),
        ("davegreen_EliteBook810G1.cfg", "elitebook-810-g1", 1),
        ("zbookpowerg7_derived.REPSET", "zbook-power-g7", 14),
    ],
)
def test_the_published_file_of_a_model_s_own_machine_is_taken(
    samples: Path, file: str, name: str, refused: int
) -> None:
    results = apply(bench_of(name), (samples / "repset" / file).read_bytes())
    counts = Counter(each.outcome for each in results)
    assert sum(number for outcome, number in counts.items() if not outcome.taken) <= refused
    assert not counts[Outcome.UNKNOWN]


@pytest.mark.parametrize("form", [Form.CSV, Form.JSON, Form.XML])
@pytest.mark.parametrize("name", models.names())
def test_an_export_of_each_model_in_each_form_changes_nothing_when_it_comes_back(
    name: str, form: Form
) -> None:
    bench = bench_of(name)
    before = bench.memory
    results = apply(bench, setting_files.dump(form, wmi_classes.instances(bench.firmware)))
    assert {each.outcome for each in results} == {Outcome.UNCHANGED}
    assert len(results) > 100
    assert bench.memory == before


def test_a_read_only_list_without_entries_is_one_empty_line() -> None:
    setting = model().settings["DriveLock Enabled Drives"]
    assert settings_file.lines(setting, "") == [""]
