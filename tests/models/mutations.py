"""A good model with something of everything, as data; slips anywhere in it; and a machine that is tried with what comes of them."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from emulator.devices.clock import FixedClock
from emulator.devices.entropy import FixedEntropy
from emulator.firmware import commands as c
from emulator.firmware import settings
from emulator.firmware.boot import Phase
from emulator.firmware.catalogue import Catalogue, Kind
from emulator.firmware.firmware import Firmware, manufactured
from emulator.firmware.memory import Identity
from emulator.firmware.refusals import Refused
from tests.firmware.bench import MACHINE

SWITCH = {"kind": "enumeration", "values": ["Disable", "Enable"], "default": "Enable"}
KEY = {"kind": "string", "max_length": 16384}
ADMINISTRATOR_SET = {"setting": "Setup Password", "is": "set", "because": "Set a password first."}
RICH: dict[str, Any] = {
    "format": 1,
    "id": "rich",
    "product": "Rich PC",
    "board": "0001",
    "bios_version": "1.0",
    "menus": ["Main", "Security"],
    "sequence": ["Word", "Order"],
    "page": [
        {
            "path": ["Main"],
            "items": [
                {"heading": "Heading"},
                "Serial",
                "Word",
                {"text": "Text"},
                {"action": "save", "text": "Save", "help": "Saves."},
            ],
        },
        {
            "path": ["Main", "Below"],
            "wmi_path": "\\Other",
            "items": ["Number", "Text", "Order", "USB Storage Boot"],
        },
        {
            "path": ["Security"],
            "items": [{"page": "Keys"}, "Setup Password", "Power-On Password", "Length", "Level"],
        },
        {"path": ["Security", "Keys"], "items": ["Mode", "Signing", "Key 1", "Presence", "Restore"]},
    ],
    "setting": {
        "Serial": {"kind": "string", "read_only": True, "tells": "serial number", "help": "A number."},
        "Word": {"kind": "enumeration", "values": ["One", "Two"], "default": "One", "aliases": ["Old"]},
        "Number": {"kind": "integer", "lower_bound": 10, "upper_bound": 50, "step": 5, "default": 15},
        "Text": {"kind": "string", "min_length": 1, "max_length": 9, "default": "text", "secret": True},
        "Order": {
            "kind": "ordered list",
            "values": ["A", "B"],
            "default": ["B", "A Disabled"],
            "role": "boot order",
        },
        "Setup Password": {
            "kind": "password",
            "min_length": 4,
            "max_length": 32,
            "encodings": ["utf-16", "kbd"],
            "role": "administrator password",
        },
        "Power-On Password": {
            "kind": "password",
            "min_length": 4,
            "max_length": 32,
            "encodings": ["utf-16"],
            "role": "power-on password",
            "security_level": "Level",
        },
        "Length": {
            "kind": "integer",
            "lower_bound": 4,
            "upper_bound": 32,
            "default": 8,
            "role": "password minimum length",
            "requires": [ADMINISTRATOR_SET],
            "at_once": True,
        },
        "Level": {"kind": "enumeration", "values": ["Change", "View", "Hide"], "default": "View"},
        "Mode": {**SWITCH, "default": "Disable", "role": "authentication mode"},
        "Signing": {**KEY, "role": "signing key"},
        "Key 1": {**KEY, "role": "local access key 1", "listed": False},
        "Presence": {**SWITCH, "role": "physical presence interface", "physical_presence": True},
        "Restore": {**SWITCH, "default": "Disable", "role": "restore security settings", "momentary": True},
        "USB Storage Boot": {"requires": [{"setting": "Word", "is": ["One", "Two"], "because": "So."}]},
        "Once": {**SWITCH, "set_once": True, "shown": False},
        "Delay": {
            "kind": "enumeration",
            "values": ["0", "5"],
            "default": "0",
            "role": "startup delay",
            "listed": False,
        },
        "Sensor": {**SWITCH, "role": "cover removal sensor", "shown": False, "security_level": "Level"},
    },
}

Way = tuple[str | int, ...]
ODD: list[Any] = [
    *(
        True,
        False,
        0,
        1,
        -1,
        7,
        10**10,
        1.5,
        float("nan"),
        "",
        "x",
        "One",
        "\x1b[2J",
        "a,b",
        "Größe",
        " ",
        "\u202e",
    ),
    *(
        [],
        {},
        [[]],
        [{}],
        {"a": 1},
        ["A", "A"],
        ["One"],
        ["One", 1],
        "a" * 2000,
        "0",
        "Enable",
        "set",
        "Main",
    ),
    *(
        "integer",
        "password",
        "ordered list",
        "string",
        "signing key",
        "boot order",
        "product",
        "\\A",
        "*x",
        ";x",
    ),
]


def ways(data: Any, way: Way = ()) -> Iterator[Way]:
    """To everything that is in `data`."""
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in entries:
        yield (*way, key)
        yield from ways(value, (*way, key))


def at(data: Any, way: Way) -> Any:
    for key in way:
        data = data[key]
    return data


@st.composite
def slips(draw: st.DrawFn, good: Any, odd: list[Any]) -> Any:
    """`good` with a few things deleted, replaced, copied elsewhere, called otherwise or there twice."""
    data = json.loads(json.dumps(good))
    for _ in range(draw(st.integers(1, 3))):
        known = list(ways(data))
        way = draw(st.sampled_from(known))
        above: Any = at(data, way[:-1])
        key: Any = way[-1]
        slip = draw(st.sampled_from(["delete", "replace", "copy", "rename", "repeat"]))
        if slip == "delete":
            del above[key]
        elif slip == "replace":
            # A copy, or the next slip could put an odd thing into itself, and leave it so for all that follow.
            above[key] = json.loads(json.dumps(draw(st.sampled_from(odd))))
        elif slip == "copy":
            above[key] = json.loads(json.dumps(at(data, draw(st.sampled_from(known)))))
        elif isinstance(above, list):
            above.insert(int(key), above[key])
        else:
            name = draw(st.sampled_from([str(each[-1]) for each in known] + ["", "x", "\x1b[2J", "a" * 200]))
            above[name] = above[key] if slip == "repeat" else above.pop(key)
    return data


def toml(data: dict[str, Any]) -> str:
    """`data` as an author would write it, with tables where it has tables."""
    lines = [
        f"{_word(key)} = {_value(value)}" for key, value in data.items() if key not in ("page", "setting")
    ]
    for key in ("page", "setting"):
        value = data.get(key)
        if (
            key == "page"
            and isinstance(value, list)
            and value
            and all(isinstance(each, dict) for each in value)
        ):
            for each in value:
                lines += ["", "[[page]]", *_pairs(each)]
        elif (
            key == "setting"
            and isinstance(value, dict)
            and all(isinstance(each, dict) for each in value.values())
        ):
            for name, each in value.items():
                lines += ["", f"[setting.{_word(name)}]", *_pairs(each)]
        elif key in data:
            lines.insert(0, f"{key} = {_value(value)}")
    return "\n".join(lines) + "\n"


def _pairs(table: dict[str, Any]) -> list[str]:
    return [f"{_word(key)} = {_value(value)}" for key, value in table.items()]


def _word(text: str) -> str:
    # JSON writes what is beyond the first plane as two halves, which TOML refuses.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(_pairs(value)) + " }"
    if isinstance(value, list):
        return "[\n" + "".join(f"    {_value(each)},\n" for each in value) + "]" if value else "[]"
    if isinstance(value, str):
        return _word(value)
    return str(value).lower() if isinstance(value, bool | float) else str(value)


def try_machine(catalogue: Catalogue) -> None:
    """A machine of this model is made, started and operated; it may refuse, and nothing else."""
    for each in catalogue.stored.values():
        assert settings.accepted(each, each.default) == each.default
    firmware = Firmware(catalogue, manufactured(catalogue, Identity(MACHINE, "5CG", catalogue.model)))
    clock, entropy = FixedClock(), FixedEntropy()

    def run(command: c.Command) -> None:
        said = ""
        try:
            firmware.execute(command, now=clock.now(), entropy=entropy)
        except Refused as refusal:
            said = str(refusal)
        assert said.isprintable()

    run(c.PowerOn())
    run(c.EnterSetup())
    assert firmware.session.phase is Phase.SETUP
    for name, each in catalogue.every.items():
        assert firmware.value(name).isprintable()
        assert firmware.why_grey(name) == "" or each.requires
        firmware.may_see(name)
        values = each.values or ("7", "text", "")
        run(c.StageSetting(name, values[-1]))
        if each.kind is Kind.PASSWORD:
            run(c.ChangePassword(name, "", "Correct-Horse-7"))
    run(c.SaveAndExit())
    run(c.PowerOff())
    run(c.OpenCover())
    run(c.ClearCMOS())
    run(c.PowerOn(attended=False))
    firmware.devices()
    firmware.pending()
