"""A machine's settings as a file, and such a file applied: every model as a whole, the published files, and each kind of slip."""

from collections import Counter
from pathlib import Path

import pytest

from emulator import models
from emulator.devices import settings_file
from emulator.devices.settings_file import Outcome, Result
from emulator.firmware import commands as c
from emulator.firmware.boot import Phase
from emulator.firmware.catalogue import Catalogue, Kind
from emulator.firmware.firmware import manufactured
from emulator.firmware.memory import Identity
from emulator.firmware.refusals import PasswordNeeded, WrongPhase
from emulator.protocol import repset
from emulator.protocol.repset import Dialect, Lines, Newline, Repset
from emulator.protocol.status import SettingStatus
from tests.firmware.bench import MACHINE, MODE, USB, Bench, factory_new, mode_on, model, shown_code, started
from tests.machine.legal_values import EVERY, legal

ORDER = "UEFI Boot Order"


def bench_of(name: str) -> Bench:
    catalogue = models.packaged(name)
    bench = Bench(manufactured(catalogue, Identity(MACHINE, "5CG0000001", name)), settings=catalogue)
    bench.execute(c.PowerOn())
    bench.execute(c.Continue())
    return bench


def apply(bench: Bench, file: Repset, proof: str = "") -> list[Result]:
    return settings_file.applied(bench.execute, bench.firmware.catalogue, file, proof)


def file_of(*entries: tuple[str, Lines]) -> Repset:
    return repset.make(entries, Dialect.BCU)


def one(bench: Bench, name: str, *lines: str) -> Result:
    (result,) = apply(bench, file_of((name, lines)))
    return result


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
    donor.execute(c.SetSettings(tuple(plain)))
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
        file = repset.parse(path.read_bytes())
        for name in models.names():
            results = apply(bench_of(name), file)
            assert [each.name for each in results] == [entry.name for entry in file.entries]
            assert [each.line for each in results] == [entry.line for entry in file.entries]
            for each in results:
                assert (each.outcome is Outcome.REFUSED) == bool(each.sentence) == bool(each.status)


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
    results = apply(bench_of(name), repset.parse((samples / "repset" / file).read_bytes()))
    outcomes = Counter(each.outcome for each in results)
    assert outcomes[Outcome.REFUSED] <= refused
    assert not [each for each in results if each.status is SettingStatus.UNKNOWN_SETTING]


def test_an_enumeration_is_set_by_its_star_and_by_nothing_else() -> None:
    bench = started(factory_new())
    assert one(bench, USB, "*Disable", "Enable").outcome is Outcome.SET
    assert bench.firmware.value(USB) == "Disable"
    assert one(bench, USB, "*Enable").outcome is Outcome.SET
    for lines in (("Disable", "Enable"), ("*Disable", "*Enable"), ("Disable",), ()):
        result = one(bench, USB, *lines)
        assert (result.outcome, result.status) == (Outcome.REFUSED, SettingStatus.INVALID_PARAMETER)
        assert "one value" in result.sentence
    assert bench.firmware.value(USB) == "Enable"


def test_a_star_before_a_text_is_part_of_it() -> None:
    bench = started(factory_new())
    assert one(bench, "Asset Tracking Number", "*A-1").outcome is Outcome.SET
    assert bench.firmware.value("Asset Tracking Number") == "*A-1"


def test_an_ordered_list_is_its_lines_from_the_top() -> None:
    bench = started(factory_new())
    lines = ["NETWORK IPV6:EMBEDDED:1", "SOMETHING:ELSE", "HDD:USB:1 Disabled"]
    assert one(bench, ORDER, *lines).outcome is Outcome.SET
    assert bench.firmware.value(ORDER) == (
        "NETWORK IPV6:EMBEDDED:1,HDD:USB:1 Disabled,HDD:M.2:1,NETWORK IPV4:EMBEDDED:1"
    )
    assert one(bench, ORDER).status is SettingStatus.INVALID_PARAMETER


def test_each_entry_has_a_result_of_its_own() -> None:
    bench = started(factory_new())
    entries: list[tuple[str, Lines]] = [
        (USB, ["*Disable", "Enable"]),
        ("No Such Setting", ["*1"]),
        ("Product Name", ["Mine"]),
        ("TPM State", ["*Disable"]),
        ("Fast Boot", ["*Enable"]),
        ("Proxy Address", ["example"]),
        (MODE, ["*Enable"]),
        (USB, ["*Enable"]),
        ("BIOS Power-On Hour", ["24"]),
    ]
    results = apply(bench, file_of(*entries))
    assert [(each.outcome, each.status) for each in results] == [
        (Outcome.SET, SettingStatus.SUCCESS),
        (Outcome.REFUSED, SettingStatus.UNKNOWN_SETTING),
        (Outcome.REFUSED, SettingStatus.ACCESS_DENIED),
        (Outcome.WAITS, SettingStatus.SUCCESS),
        (Outcome.UNCHANGED, SettingStatus.SUCCESS),
        (Outcome.REFUSED, SettingStatus.ACCESS_DENIED),
        (Outcome.REFUSED, SettingStatus.ACCESS_DENIED),
        (Outcome.REFUSED, SettingStatus.INVALID_PARAMETER),
        (Outcome.REFUSED, SettingStatus.INVALID_PARAMETER),
    ]
    assert bench.firmware.value(USB) == "Disable"
    assert "the first entry counts" in results[7].sentence


def test_a_switch_and_what_hangs_on_it_are_set_by_one_file_in_any_order() -> None:
    entries: list[tuple[str, Lines]] = [("Proxy Address", ["example"]), ("Use Proxy", ["*Enable"])]
    for each in (entries, entries[::-1]):
        bench = started(factory_new())
        assert {result.outcome for result in apply(bench, file_of(*each))} == {Outcome.SET}
        assert bench.firmware.value("Proxy Address") == "example"


def test_a_switch_that_goes_off_does_not_lock_out_what_hangs_on_it() -> None:
    entries: list[tuple[str, Lines]] = [("Use Proxy", ["*Disable"]), ("Proxy Address", ["example"])]
    for each in (entries, entries[::-1]):
        bench = started(factory_new())
        bench.execute(c.SetSetting("Use Proxy", "Enable"))
        assert {result.outcome for result in apply(bench, file_of(*each))} == {Outcome.SET}
        assert bench.firmware.value("Proxy Address") == "example"


def test_with_the_mode_on_every_change_is_refused_and_the_rest_unchanged() -> None:
    bench = started(mode_on())
    results = apply(bench, file_of((USB, ["*Disable"]), ("Fast Boot", ["*Enable"])))
    assert [each.status for each in results] == [SettingStatus.ACCESS_DENIED, SettingStatus.SUCCESS]
    assert bench.firmware.value(USB) == "Enable"


def test_a_file_without_the_password_changes_nothing() -> None:
    bench = started(factory_new())
    bench.execute(c.SetSetting("Setup Password", "<utf-16/>Correct-Horse-1"))
    with pytest.raises(PasswordNeeded):
        one(bench, USB, "*Disable")
    assert bench.firmware.value(USB) == "Enable"
    (result,) = apply(bench, file_of((USB, ["*Disable"])), "<utf-16/>Correct-Horse-1")
    assert result.outcome is Outcome.SET


def test_a_file_waits_for_the_operating_system() -> None:
    with pytest.raises(WrongPhase):
        one(Bench(), USB, "*Disable")


def test_a_read_only_list_without_entries_is_one_empty_line() -> None:
    setting = model().settings["DriveLock Enabled Drives"]
    assert settings_file.lines(setting, "") == [""]
