"""What the verbs of `f10 phone` do for safety: history, backup, restore, protect, unprotect."""

from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path

from emulator.companions import FileRefused, read_bounded, refuse_existing, write_private
from emulator.companions.authenticator import asking, history_file, sealed
from emulator.companions.authenticator.exceptions import DiskRefused, NotFit
from emulator.companions.authenticator.history import Event
from emulator.companions.authenticator.phone import Phone
from emulator.companions.authenticator.saying import described, moment, print_json
from emulator.protocol.certificate import printable


def history(words: Namespace, folder: Path) -> None:
    events = Phone(folder).history()
    if words.json:
        print(history_file.as_json(events), end="")
        return
    if words.csv:
        print(history_file.as_csv(events), end="")
        return
    for event in events:
        print(_line(event))
    if not events:
        print("Nothing yet.")


def backup(words: Namespace, folder: Path) -> None:
    asking.check(words, stdin_is_taken=False)
    path = Path(words.file)
    refuse_existing(path, replace=words.force)
    phone = _unlocked(words, folder)
    count = len(phone.keys())
    if not count:
        raise NotFit("there are no keys to back up")
    data = phone.backup(asking.new(words, "passphrase_fd", "backup"))
    write_private(path, data, replace=words.force)
    if words.json:
        print_json({"result": "was written", "file": str(path), "keys": count})
        return
    print(f"{count} {'key was' if count == 1 else 'keys were'} written into {printable(str(path))}")


def restore(words: Namespace, folder: Path) -> None:
    asking.check(words, stdin_is_taken=False)
    try:
        data = read_bounded(Path(words.file), most=sealed.LARGEST)
    except FileRefused as error:
        raise DiskRefused(str(error)) from None
    phone = _unlocked(words, folder)
    keys = phone.restore(data, asking.of_backup(words))
    if words.json:
        print_json([described(key) for key in keys])
        return
    for key in keys:
        print(f"The key {key.name} was restored. Key id {key.key_id}")
    if not keys:
        print("All keys of the backup are held already; nothing was changed.")


def protect(words: Namespace, folder: Path) -> None:
    asking.check(words, stdin_is_taken=False)
    phone = _unlocked(words, folder)
    changes = phone.is_protected
    new = asking.new(words, "new_passphrase_fd", "phone")
    if changes:
        phone.change_protection(new)
    else:
        phone.protect(new, {})
    _say(words, "The phone's passphrase was changed." if changes else "The phone is protected now.")


def unprotect(words: Namespace, folder: Path) -> None:
    _unlocked(words, folder).unprotect()
    _say(words, "The phone has no passphrase of its own any more.")


DEEDS: Mapping[str, Callable[[Namespace, Path], None]] = {
    "history": history,
    "backup": backup,
    "restore": restore,
    "protect": protect,
    "unprotect": unprotect,
}


def _unlocked(words: Namespace, folder: Path) -> Phone:
    phone = Phone(folder)
    asking.unlock(words, phone)
    return phone


def _say(words: Namespace, sentence: str) -> None:
    if words.json:
        print_json({"result": sentence})
    else:
        print(sentence)


def _line(event: Event) -> str:
    outcome = f"{event.event} refused, error {event.code}" if event.code else str(event.event)
    about = ", ".join(
        f"{word} {printable(value)}"
        for word, value in (
            ("key", event.key_name),
            ("machine", event.serial),
            ("purpose", event.purpose and event.purpose.replace("_", " ")),
        )
        if value
    )
    return f"{moment(event.at)}  {outcome}{f': {about}' if about else ''}"
