"""A whole machine changed by three ways that must come to the same: BCU with a file, one payload list, single payloads.

Of every model: its settings are exported by BCU, another machine's values are put into the export, the console signs it line by line, and
BCU applies it. The same changes go as a payload list and as single payloads to twins of the machine. Older models have no Secure Platform
Management, so their changes go unsigned, and signed ones are refused by each way alike.
"""

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from cryptography import x509

from emulator import cli, models
from emulator.bcu import verb as bcu
from emulator.devices import asked_values, settings_file
from emulator.firmware import commands as c
from emulator.firmware.catalogue import Catalogue
from emulator.firmware.firmware import manufactured
from emulator.firmware.memory import Identity, Memory
from emulator.firmware.values import replace
from emulator.machine import TargetPC, memory_in
from emulator.pc_folder import PCFolder
from emulator.protocol import payload, repset, setting_files
from emulator.protocol.keys import PublicKey
from emulator.protocol.payload import Envelope, Purpose, SettingChange
from firmware_store import FOUR_MEGABYTE, MemoryImage
from tests.firmware.bench import Bench, mode_on, start
from tests.machine.images import image_with
from tests.machine.legal_values import EVERY, MACHINE, legal

SERIAL = "5CG0000001"
PASSPHRASE = "lattice-ember-4711-quiet-harbour"
NONCE = "1800000000"
WITH_KEYS = [name for name in models.names() if models.packaged(name).has_secure_platform]


@contextmanager
def passphrase() -> Iterator[str]:
    reader, writer = os.pipe()
    os.write(writer, PASSPHRASE.encode())
    os.close(writer)
    try:
        yield str(reader)
    finally:
        os.close(reader)


@dataclass(frozen=True)
class Fleet:
    """Twins of one machine, each in a home of its own or in memory, and the administrator's desk beside them."""

    folder: Path
    model: Catalogue
    image: bytes

    def home(self, name: str) -> Path:
        home = self.folder / name
        pc = PCFolder(home / "pc")
        pc.new_image()
        pc.image_path.write_bytes(self.image)
        return home

    def twin(self) -> TargetPC:
        pc = TargetPC(MemoryImage(FOUR_MEGABYTE, self.image))
        start(pc)
        return pc

    def f10(self, *words: str) -> tuple[int, str]:
        out = io.StringIO()
        with redirect_stdout(out):
            code = cli.run(["--home", str(self.folder), *words])
        return code, out.getvalue()

    def admin(self, *words: str) -> None:
        with passphrase() as descriptor:
            assert self.f10("admin", *words, "--passphrase-fd", descriptor)[0] == 0


def bcu_at(home: Path, *options: str) -> tuple[int, ET.Element]:
    """The exit code, and the report as a strict parser reads it."""
    out = io.StringIO()
    with redirect_stdout(out):
        code = bcu.run([*options, "/verbose"], home)
    return code, ET.fromstring(out.getvalue())


def fleet(folder: Path, name: str, change: Callable[[Memory], Memory] = lambda memory: memory) -> Fleet:
    model = models.packaged(name)
    memory = change(manufactured(model, Identity(MACHINE, SERIAL, name)))
    return Fleet(folder, model, image_with(memory).read())


def guarded(folder: Path, name: str) -> Fleet:
    """Machines whose mode is on, with a signing key from the desk."""
    desk = Fleet(folder, models.packaged(name), b"")
    desk.admin("key", "signing", "sk")
    certificate = x509.load_pem_x509_certificate((folder / "admin" / "sk.crt").read_bytes())
    key = PublicKey.of(certificate.public_key())

    def with_key(memory: Memory) -> Memory:
        held = mode_on()
        return replace(
            memory,
            platform=replace(held.platform, signing_key=key),
            authentication=held.authentication,
            counters=held.counters,
        )

    return fleet(folder, name, with_key)


def exported(twins: Fleet) -> bytes:
    """The settings of one of them, as BCU writes them."""
    home, path = twins.home("exporter"), twins.folder / "export.REPSET"
    assert bcu_at(home, f"/get:{path}")[0] == 0
    return path.read_bytes()


def changed(twins: Fleet, export: bytes) -> bytes:
    """The export with the values of a machine on which every setting is another one, as far as machines let it be."""
    memory = memory_in(MemoryImage(FOUR_MEGABYTE, twins.image).open())
    donor = Bench(
        replace(memory, authentication=replace(memory.authentication, enabled=False)), settings=twins.model
    )
    start(donor)
    names = [name for model, name in EVERY if model == twins.model.model]
    wanted = [
        (each, legal(twins.model.every[each])[-1]) for each in names if not twins.model.every[each].momentary
    ]
    donor.execute(c.SetSettings(tuple(c.SetSetting(name, value) for name, value in wanted)))
    file = repset.parse(export)
    for entry in file.entries:
        setting = twins.model.every[entry.name]
        value = {**donor.memory.settings, **donor.memory.waiting}.get(entry.name)
        if value is not None and not setting.secret and setting.name not in twins.model.momentary:
            file = file.with_values(entry.name, settings_file.lines(setting, value))
    return file.render()


def changes_in(twins: Fleet, before: bytes, after: bytes) -> list[tuple[str, str]]:
    """What the file asks for beyond the export: names and values as the setting interface takes them."""
    old = {entry.name: entry.values for entry in setting_files.parse(before).entries}
    changes = []
    for entry in setting_files.parse(after).entries:
        value = asked_values.asked(twins.model.every[entry.name].kind, entry)
        assert value is not None
        if entry.values != old[entry.name]:
            changes.append((entry.name, value))
    return changes


def applied_by_bcu(twins: Fleet, file: bytes) -> Memory:
    home, path = twins.home("by-bcu"), twins.folder / "applied.REPSET"
    path.write_bytes(file)
    code, report = bcu_at(home, f"/set:{path}")
    told = {each.get("returnCode") for each in report.iter("SETTING")}
    assert (code, told - {"0", "18", "19"}) == (0, set())
    return memory_in(PCFolder(home / "pc").image().open())


def applied_as_list(twins: Fleet, raw: bytes) -> Memory:
    pc = twins.twin()
    answer = pc.apply(raw)
    assert answer.accepted, answer.sentence
    return memory_in(pc.image.open())


def applied_singly(twins: Fleet, payloads: list[bytes]) -> Memory:
    """One by one, in an order that is found by trying: what one change turns grey has to come before it."""
    for _ in range(5):
        pc, left = twins.twin(), payloads
        while refused := [each for each in left if not pc.apply(each).accepted]:
            if len(refused) == len(left):
                break
            left = refused
        if not refused:
            return memory_in(pc.image.open())
        payloads = [*refused, *(each for each in payloads if each not in refused)]
    raise AssertionError(pc.apply(refused[0]).sentence)


def essence(memory: Memory) -> tuple[object, ...]:
    """All that a change of settings may touch; starts and log differ by how often each way switches the machine on."""
    return (
        memory.settings,
        memory.waiting,
        memory.custom,
        memory.counters,
        memory.authentication,
        memory.passwords,
    )


def single(change: SettingChange) -> bytes:
    return payload.encode(Envelope(Purpose.SETTING, payload.encode_setting(change)))


def as_list(changes: list[SettingChange]) -> bytes:
    return payload.encode(Envelope(Purpose.SETTINGS_LIST, payload.encode_settings(changes)))


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", models.names())
def test_unsigned(tmp_path: Path, name: str) -> None:
    twins = fleet(tmp_path, name)
    export = exported(twins)
    file = changed(twins, export)
    changes = [SettingChange(*each, "") for each in changes_in(twins, export, file)]
    assert len(changes) > 60
    by_bcu = essence(applied_by_bcu(twins, file))
    assert by_bcu == essence(applied_as_list(twins, as_list(changes)))
    assert by_bcu == essence(applied_singly(twins, [single(each) for each in changes]))
    assert by_bcu[0] != memory_in(MemoryImage(FOUR_MEGABYTE, twins.image).open()).settings


@pytest.mark.parametrize("name", WITH_KEYS)
def test_signed_line_by_line_with_the_mode_on(tmp_path: Path, name: str) -> None:
    twins = guarded(tmp_path, name)
    export = exported(twins)
    file = changed(twins, export)
    plain, signed = tmp_path / "plain.REPSET", tmp_path / "signed.REPSET"
    plain.write_bytes(file)
    twins.admin("sign", "sk", str(plain), "-o", str(signed), "--nonce", NONCE)
    by_bcu = applied_by_bcu(twins, signed.read_bytes())
    assert by_bcu.counters.settings == int(NONCE)

    only = tmp_path / "only.REPSET"
    (tmp_path / "export").write_bytes(export)
    assert twins.f10("repset", "diff", str(tmp_path / "export"), str(plain), "--repset", str(only))[0] == 1
    together = tmp_path / "list.json"
    twins.admin("set-list", "sk", "--file", str(only), "-o", str(together), "--nonce", NONCE)
    assert essence(by_bcu) == essence(applied_as_list(twins, together.read_bytes()))

    changes = payload.parse_settings(payload.parse(together.read_bytes()).data)
    assert [(each.name, each.value) for each in changes] == changes_in(twins, export, file)
    assert essence(by_bcu) == essence(applied_singly(twins, [single(each) for each in changes]))


@pytest.mark.parametrize("name", WITH_KEYS)
def test_with_the_mode_on_nothing_goes_unsigned(tmp_path: Path, name: str) -> None:
    twins = guarded(tmp_path, name)
    export = exported(twins)
    file, home = changed(twins, export), twins.home("unsigned")
    (tmp_path / "plain.REPSET").write_bytes(file)
    _, report = bcu_at(home, f"/set:{tmp_path / 'plain.REPSET'}")
    told = [each.get("returnCode") for each in report.iter("SETTING")]
    changes = [SettingChange(*each, "") for each in changes_in(twins, export, file)]
    assert told.count("6") == len(changes)
    pc = twins.twin()
    assert not pc.apply(as_list(changes)).accepted
    assert not any(pc.apply(single(each)).accepted for each in changes)
    before = essence(memory_in(MemoryImage(FOUR_MEGABYTE, twins.image).open()))
    assert essence(memory_in(pc.image.open())) == before
    assert essence(memory_in(PCFolder(home / "pc").image().open())) == before


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", sorted(set(models.names()) - set(WITH_KEYS)))
def test_a_model_without_keys_refuses_signatures_by_each_way(tmp_path: Path, name: str) -> None:
    twins = fleet(tmp_path, name)
    export = exported(twins)
    plain, signed, together = (tmp_path / each for each in ("plain.REPSET", "signed.REPSET", "list.json"))
    plain.write_bytes(changed(twins, export))
    twins.admin("key", "signing", "sk")
    twins.admin("sign", "sk", str(plain), "-o", str(signed), "--nonce", NONCE)
    twins.admin("set-list", "sk", "--file", str(plain), "-o", str(together), "--nonce", NONCE)
    home = twins.home("signed")
    _, report = bcu_at(home, f"/set:{signed}")
    told = {each.get("returnCode") for each in report.iter("SETTING")}
    assert told == {"6", "18", "19"}
    pc = twins.twin()
    assert not pc.apply(together.read_bytes()).accepted
    before = essence(memory_in(MemoryImage(FOUR_MEGABYTE, twins.image).open()))
    assert essence(memory_in(pc.image.open())) == before
    assert essence(memory_in(PCFolder(home / "pc").image().open())) == before
