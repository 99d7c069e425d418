"""WMI's answers as text for people. A string of an ownership tag or a stranger's file may be in them, so each line is made printable."""

from collections.abc import Iterator, Mapping, Sequence

WIDTH = 24


def page(instances: Sequence[Mapping[str, object]]) -> str:
    """Instances as WMI's own tools list them: a property a line, an empty line between two."""
    return "\n".join("".join(f"{line}\n" for line in _lines(each)) for each in instances)


def current(instance: Mapping[str, object]) -> str:
    """The value alone, without the other words of an enumeration."""
    return str(instance.get("CurrentValue", instance["Value"]))


def printable(text: str) -> str:
    """A text that steers no terminal."""
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in text
    )


def _lines(instance: Mapping[str, object]) -> Iterator[str]:
    for name, value in instance.items():
        told = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        yield f"{name:<{WIDTH}} : {printable(told)}".rstrip()


def dump(data: bytes) -> str:
    """Bytes in hexadecimal, sixteen a line, with their offset."""
    return "".join(f"{at:04x}  {data[at : at + 16].hex(' ')}\n" for at in range(0, len(data), 16))
