"""`f10 image list` and `get`: the live variables of an image. They take no lock and change nothing.

Listing is the verb that people call in a loop, so this module imports what it needs and no more.
"""

import sys
from uuid import UUID

from emulator.image_arguments import Arguments, UsageError
from firmware_store.errors import NotFound
from firmware_store.image import Image
from firmware_store.inspect_words import attribute_words, printable
from firmware_store.records import Variable
from firmware_store.variables import VariableStore

NAMED_VENDORS = {
    "global": "8be4df61-93ca-11d2-aa0d-00e098032b8c",
    "security": "d719b2cb-3d3a-4596-a3bc-dad00e67656f",
}


def list_verb(arguments: Arguments) -> int:
    variables = sorted(Image(arguments.words[0]).open(), key=_order)
    if "--json" in arguments.flags:
        print_json([told(each) for each in variables])
    else:
        lines = [
            f"{each.guid}  {attribute_words(each.attributes):<11}  {len(each.data):>6}  {printable(each.name)}\n"
            for each in variables
        ]
        sys.stdout.write("".join(lines))
    return 0


def _order(variable: Variable) -> tuple[int, str]:
    return variable.guid.int, variable.name


def get_verb(arguments: Arguments) -> int:
    path, name = arguments.words
    variable = the_one(Image(path).open(), name, arguments.option("--guid"))
    if "--json" in arguments.flags:
        print_json({**told(variable), "data": variable.data.hex(), "time": variable.time_stamp.hex()})
    elif "--raw" in arguments.flags:
        sys.stdout.buffer.write(variable.data)
    elif "--text" in arguments.flags:
        print(printable(variable.data.decode("utf-8", "replace").rstrip("\0")))
    else:
        print(variable.data.hex())
    return 0


def told(variable: Variable) -> dict[str, object]:
    """A variable without its value."""
    return {
        "name": variable.name,
        "guid": str(variable.guid),
        "attributes": variable.attributes,
        "size": len(variable.data),
    }


def the_one(store: VariableStore, name: str, vendor: str | None) -> Variable:
    """The variable of that name; its vendor need not be named while there is only one."""
    if vendor is not None:
        return store.get(guid_of(vendor), name)
    found = [each for each in store if each.name == name]
    if not found:
        raise NotFound(f"expected a variable {printable(name)!r}, there is none")
    if len(found) > 1:
        vendors = ", ".join(str(each.guid) for each in found)
        raise UsageError(f"several vendors have a variable of that name; name one with --guid: {vendors}")
    return found[0]


def guid_of(text: str) -> UUID:
    try:
        return UUID(NAMED_VENDORS.get(text, text))
    except ValueError:
        raise UsageError(
            f"expected a GUID of 36 characters, `global` or `security`, got {printable(text)!r}"
        ) from None


def print_json(value: object) -> None:
    import json  # noqa: PLC0415

    print(json.dumps(value, indent=2))
