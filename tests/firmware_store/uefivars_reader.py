"""Reads an image or a JSON file with python-uefivars and prints what it found, in a process of its own.

That package leaves temporary files to the garbage collector, and every warning is an error in our tests.

    python uefivars_reader.py IMAGE          its variables
    python uefivars_reader.py IMAGE --json   the JSON that it would write
    python uefivars_reader.py FILE --parse   the variables of a JSON file
"""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

EDK2UEFIVarStore: Any = import_module("pyuefivars.edk2").EDK2UEFIVarStore
JSONUEFIVarStore: Any = import_module("pyuefivars.json").JSONUEFIVarStore


def main(path: str, mode: str = "") -> None:
    content = Path(path).read_bytes()
    store: Any = (JSONUEFIVarStore if mode == "--parse" else EDK2UEFIVarStore)(content)
    if mode == "--json":
        store.__class__ = JSONUEFIVarStore
        print(str(store))
        return
    found = [
        (each.guid.hex(), each.name, each.attr, each.data.hex(), (each.timestamp or bytes(16)).hex())
        for each in store.vars
    ]
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
