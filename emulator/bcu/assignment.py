"""Name and value of `/setvalue`, and the quotes around arguments.

`cmd` hands quotes on and BCU takes them away; other shells take them away themselves, and a script that was written for one is called by
another. Names and values may both hold commas and quotes, so the text is taken apart only when the names of the PC are known.
"""

from collections.abc import Iterable

from emulator.bcu.return_codes import ReturnCode, Stopped


def taken_apart(argument: str, names: Iterable[str]) -> tuple[str, str]:
    """Name and value of `/setvalue`; `names` are those of the PC. Raises Stopped.

    Both may hold commas and quotes. So of all places where the text can be cut, that one counts whose left half is a name, the longest of
    them; where none is, the first.
    """
    cuts = [(unquoted(argument[:at]), unquoted(argument[at + 1 :])) for at in _commas(argument)]
    if not cuts:
        raise Stopped(ReturnCode.SYNTAX, '/setvalue takes "Name","Value"; no comma came')
    known = set(names)
    fitting = [cut for cut in cuts if cut[0] in known]
    name, value = fitting[-1] if fitting else cuts[0]
    if not name:
        raise Stopped(ReturnCode.SYNTAX, '/setvalue takes "Name","Value"; an empty name came')
    return name, value


def unquoted(text: str) -> str:
    """A text without the pair of quotes around it, if there is one."""
    return text[1:-1] if len(text) >= 2 and text[0] == text[-1] == '"' else text


def _commas(text: str) -> list[int]:
    """Where the commas are that can part name and value: in quotes on one side, there they do not."""
    places = [at for at, sign in enumerate(text) if sign == ","]
    if text.startswith('"'):
        # The name ends with its quote, whatever stands before that.
        return [at for at in places if at >= 2 and text[at - 1] == '"']
    return places
