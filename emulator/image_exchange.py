"""`f10 image export` and `import`: variables as other programs keep them.

The format is told by `--format`, else by the name of the file or folder, else (on import) by what is in it.
"""

import os
import sys
from collections.abc import Callable
from contextlib import suppress

from emulator.image_arguments import Arguments, UsageError
from emulator.image_reading import guid_of, print_json
from firmware_store.exchange import Imported, Outcome, bring_in, read_auth_files, request, write_auth_files
from firmware_store.exchange_auth import WELL_KNOWN, write_auth
from firmware_store.exchange_dmpstore import read_dmpstore, write_dmpstore
from firmware_store.exchange_efivarfs import read_efivarfs_file, read_folder, write_efivarfs
from firmware_store.exchange_json import read_json, write_json
from firmware_store.host_errors import explained
from firmware_store.image import Image, whole
from firmware_store.inspect_words import printable
from firmware_store.locks import descriptor
from firmware_store.records import Variable
from firmware_store.replacement import place
from firmware_store.set_variable import APPEND

FORMATS = ("json", "efivarfs", "dmpstore", "auth")
SUFFIXES = {".json": "json", ".auth": "auth", ".dmp": "dmpstore", ".bin": "dmpstore"}


def export_verb(arguments: Arguments) -> int:
    path, target = arguments.words
    variables = _selected(list(Image(path).open()), arguments)
    chosen = _format(arguments) or _by_name(target) or ("json" if target == "-" else None)
    if chosen is None:
        raise UsageError(
            f"expected --format {'|'.join(FORMATS)}, because the name of the target does not tell it"
        )
    if chosen in {"json", "dmpstore"} or (chosen == "auth" and target.endswith(".auth")):
        _write_file(target, _as_file(chosen, variables))
    elif target == "-":
        raise UsageError(f"the format {chosen} is a folder; name one")
    else:
        _write_folder(
            target, write_efivarfs(variables) if chosen == "efivarfs" else write_auth_files(variables)
        )
    if "--json" in arguments.flags and target != "-":
        print_json({"exported": len(variables), "format": chosen, "target": target})
    return 0


def _as_file(chosen: str, variables: list[Variable]) -> bytes:
    if chosen == "json":
        return write_json(variables).encode()
    if chosen == "dmpstore":
        return write_dmpstore(variables)
    if len(variables) != 1:
        raise UsageError("expected one variable for one .auth file; choose it with --name and --guid")
    return write_auth(variables[0])


def _selected(variables: list[Variable], arguments: Arguments) -> list[Variable]:
    vendor, name = arguments.option("--guid"), arguments.option("--name")
    guid = None if vendor is None else guid_of(vendor)
    return [each for each in variables if guid in (None, each.guid) and name in (None, each.name)]


def _format(arguments: Arguments) -> str | None:
    asked = arguments.option("--format")
    if asked is not None and asked not in FORMATS:
        raise UsageError(f"expected --format {'|'.join(FORMATS)}")
    return asked


def _by_name(path: str) -> str | None:
    return SUFFIXES.get(os.path.splitext(path)[1].lower())


def _write_file(path: str, content: bytes) -> None:
    if path == "-":
        sys.stdout.buffer.write(content)
        return
    folder, name = os.path.split(os.path.abspath(path))
    with explained(path, writing=True), descriptor(folder, os.O_RDONLY | os.O_DIRECTORY) as held:
        place(held, name, content, durable=False)


def _write_folder(path: str, files: dict[str, bytes]) -> None:
    """A new folder with all of the files, or none."""
    with explained(path, writing=True):
        os.mkdir(path, 0o700)
        with descriptor(path, os.O_RDONLY | os.O_DIRECTORY) as folder:
            try:
                for name, content in files.items():
                    place(folder, name, content, durable=False)
            except BaseException:
                for name in files:
                    with suppress(OSError):
                        os.unlink(name, dir_fd=folder)
                os.rmdir(path)
                raise


def import_verb(arguments: Arguments) -> int:
    path, source = arguments.words
    variables = _read(source, arguments)
    with Image(path).transaction() as store:
        done = bring_in(store, variables, _progress())
    if "--json" in arguments.flags:
        print_json(
            [{"name": each.name, "guid": str(each.guid), "outcome": outcome.value} for each, outcome in done]
        )
    else:
        _print_outcome(done)
    return 0


def _print_outcome(done: list[Imported]) -> None:
    for outcome in Outcome:
        names = [printable(each.variable.name) for each in done if each.outcome is outcome]
        if names:
            shown = ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
            print(f"{len(names)} {outcome.value}: {shown}")


def _read(source: str, arguments: Arguments) -> list[Variable]:
    asked = _format(arguments)
    if source != "-" and os.path.isdir(source):
        files = read_folder(source)
        signed = asked == "auth" or (asked is None and any(each.endswith(".auth") for each in files))
        found = read_auth_files(files) if signed else [read_efivarfs_file(*each) for each in files.items()]
        return _selected(_appended(found, arguments), arguments)
    content = _content(source)
    chosen = asked or _by_name(source) or ("json" if content.lstrip()[:1] in {b"{", b"["} else "dmpstore")
    if chosen == "auth":
        return [_request(source, content, arguments)]
    if chosen == "efivarfs":
        return [read_efivarfs_file(os.path.basename(source), content)]
    found = read_json(content) if chosen == "json" else read_dmpstore(content)
    return _selected(_appended(found, arguments), arguments)


def _appended(variables: list[Variable], arguments: Arguments) -> list[Variable]:
    extra = APPEND if "--append" in arguments.flags else 0
    return [each._replace(attributes=each.attributes | extra) for each in variables]


def _request(source: str, content: bytes, arguments: Arguments) -> Variable:
    """A payload names no variable: its file does, unless the command line says otherwise."""
    name = arguments.option("--name") or os.path.basename(source).removesuffix(".auth")
    vendor = arguments.option("--guid")
    guid = WELL_KNOWN.get(name) if vendor is None else guid_of(vendor)
    if guid is None:
        raise UsageError("expected --name and --guid, because the file's name is none of a known variable")
    return _appended([request(guid, name, content)], arguments)[0]


def _content(source: str) -> bytes:
    if source == "-":
        return sys.stdin.buffer.read()
    with explained(source, writing=False), descriptor(source, os.O_RDONLY) as file:
        return whole(file)


def _progress() -> Callable[[int, int], None] | None:
    """A counter on the error output while it is a terminal, and there is enough to wait for."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        if total >= 50 and (done % 10 == 0 or done == total):
            end = "\r" if done < total else "\n"
            print(f"{done} of {total} variables", end=end, file=sys.stderr, flush=True)

    return show
