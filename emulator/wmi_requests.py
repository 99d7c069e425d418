"""What the words of `f10 wmi` ask the PC's management door.

Passwords and authorizations come from file descriptors, as every process can read an argument. What reads them is imported when one is
handed in: a setting that is only asked for needs none of it.
"""

from emulator.management_socket import Reply, text
from emulator.wmi_words import NotUnderstood, Words


def request(words: Words) -> Reply:
    """Raises NotUnderstood, NoPassphrase or Unusable."""
    if words.verb == "get":
        return {"verb": "get", "name": words.rest[0]}
    if words.verb == "query":
        return {"verb": "query", "query": words.rest[0]}
    if words.verb == "state":
        return {"verb": "state"}
    if words.verb == "raw":
        return _raw(words)
    if words.verb == "SetSystemDefaults":
        return {"verb": "defaults", "authorization": _proof(words)}
    # The value first: in which order two descriptors are read is seen by whoever feeds them.
    value = _value(words)
    return {"verb": "set", "name": words.rest[0], "value": value, "authorization": _proof(words)}


def _raw(words: Words) -> Reply:
    from emulator import payload_files

    method = words.number("--method")
    return {
        "verb": "invoke",
        "guid": words.options["--guid"],
        **({} if method is None else {"method": method}),
        "input": text(payload_files.read(words.rest[0])),
        "output_size": words.number("--output", 0),
    }


def _proof(words: Words) -> str:
    if (descriptor := words.number("--password-fd")) is not None:
        return _marked(_read(descriptor))
    return "" if (descriptor := words.number("--auth-fd")) is None else _read(descriptor)


def _value(words: Words) -> str:
    """The new value; a new password behind its mark, unless it has one."""
    from emulator.protocol import password

    descriptor, name = words.number("--value-fd"), words.rest[0]
    if descriptor is None:
        if name in password.SETTINGS:
            raise NotUnderstood(f"the new {name} comes with --value-fd N: every process can read an argument")
        return words.rest[1]
    said = _read(descriptor)
    return _marked(said) if name in password.SETTINGS else said


def _marked(said: str) -> str:
    """A password behind its mark, which scripts write before it themselves."""
    from emulator.protocol import password

    return said if password.marked(said) else password.utf_16(said)


def _read(descriptor: int) -> str:
    from emulator.companions import passphrase_from

    return passphrase_from(descriptor)
