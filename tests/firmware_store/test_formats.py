"""The written formats say the same as the declarations, byte for byte."""

import importlib.machinery
import importlib.util
import pathlib
import subprocess
import sys
from struct import Struct
from types import ModuleType
from typing import Any

import construct
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_store import formats, structures

ROOT = pathlib.Path(__file__).resolve().parents[2]
NAMES = sorted(name for name, value in vars(structures).items() if isinstance(value, construct.Struct))


def script() -> ModuleType:
    """scripts/make_formats as a module; its name has no ending by which Python would know it."""
    loader = importlib.machinery.SourceFileLoader("make_formats", str(ROOT / "scripts/make_formats"))
    spec = importlib.util.spec_from_loader("make_formats", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_formats"] = module
    loader.exec_module(module)
    return module


MAKE = script()


def trio(name: str) -> tuple[Any, Struct, Any]:
    return getattr(structures, name), getattr(formats, MAKE.constant(name)), getattr(formats, name)


def test_all_written_modules_are_what_the_declarations_say() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/make_formats", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_stale_module_is_reported_in_a_sentence(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(MAKE, "ROOT", tmp_path)
    monkeypatch.setattr(MAKE, "MODULES", {"firmware_store.structures": "formats.py"})
    assert MAKE.main(["--check"]) == 1
    assert capsys.readouterr().err == (
        "formats.py is not what firmware_store.structures says; run scripts/make_formats\n"
    )
    assert MAKE.main([]) == 0
    assert MAKE.main(["--check"]) == 0
    assert MAKE.main(["--chek"]) == 2


@pytest.mark.parametrize("name", NAMES)
def test_sizes_and_fields_agree(name: str) -> None:
    declared, fast, fields = trio(name)
    assert fast.size == declared.sizeof()
    assert fields._fields == tuple(each.name for each in declared.subcons if each.name is not None)


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_both_parse_any_bytes_alike_and_build_them_again(name: str, data: st.DataObject) -> None:
    declared, fast, fields = trio(name)
    stored = data.draw(st.binary(min_size=fast.size, max_size=fast.size))
    slow = declared.parse(stored)
    quick = fields._make(fast.unpack(stored))
    assert quick._asdict() == {key: slow[key] for key in quick._fields}
    built = fast.pack(*quick)
    assert declared.build(quick._asdict()) == built
    assert fields._make(fast.unpack(built)) == quick
    if "x" not in fast.format:
        assert built == stored


def test_the_outline_reads_the_places_of_the_whole_header() -> None:
    stored = bytes(range(60))
    whole = formats.VariableHeader._make(formats.VARIABLE_HEADER.unpack(stored))._asdict()
    outline = formats.VariableOutline._make(formats.VARIABLE_OUTLINE.unpack(stored))._asdict()
    assert outline.items() <= whole.items()


@pytest.mark.parametrize(
    ("camel", "capitals"),
    [("VariableHeader", "VARIABLE_HEADER"), ("LAKValue", "LAK_VALUE"), ("Sha256Digest", "SHA256_DIGEST")],
)
def test_constants_are_named_after_their_declarations(camel: str, capitals: str) -> None:
    assert MAKE.constant(camel) == capitals


@pytest.mark.parametrize(
    ("member", "complaint"),
    [
        ("a" / construct.Array(2, construct.Int8ul), "no plain struct format"),
        ("a" / construct.Int24ul, "no plain struct format"),
        ("a" / construct.Bytes(construct.this.n), "no plain struct format"),
        ("a" / construct.GreedyBytes, "no plain struct format"),
        (construct.Int8ul, "no plain struct format"),
        ("index" / construct.Int8ul, "cannot have a field called 'index'"),
        ("class" / construct.Int8ul, "cannot have a field called 'class'"),
        ("b" / construct.Int16ub, "both byte orders"),
    ],
)
def test_what_is_not_flat_is_refused(member: Any, complaint: str) -> None:
    with pytest.raises(MAKE.NotFlatError, match=complaint):
        MAKE.flat("Example", construct.Struct("first" / construct.Int16ul, member))


def test_wrapped_fields_keep_the_format_of_what_they_wrap() -> None:
    declared = construct.Struct(
        "magic" / construct.Const(b"F10"),
        "version" / construct.Const(1, construct.Int16ub),
        "purpose" / construct.Enum(construct.Int8ub, setup=1),
        "length" / construct.Rebuild(construct.Int32ub, 5),
        construct.Padding(3),
    )
    order, fields = MAKE.flat("Example", declared)
    assert order + "".join(each.code for each in fields) == ">3sHBI3x"
    assert MAKE.offsets(fields)[:-1] == [0, 3, 5, 6, 10]
