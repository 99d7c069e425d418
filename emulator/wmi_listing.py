"""The classes of WMI, listed as data and for people; nobody has to ask a PC for them."""

from collections.abc import Iterator

from emulator.devices.wmi_schema import CLASSES, NAMESPACE, WMIClass


def data() -> dict[str, object]:
    return {"namespace": NAMESPACE, "classes": [_row(each) for each in CLASSES.values()]}


def page() -> str:
    """Each class with what it has beside the one above it."""
    return "\n".join([NAMESPACE, *(line for each in CLASSES.values() for line in _lines(each))])


def _row(each: WMIClass) -> dict[str, object]:
    properties = {name: kind.value for name, kind in each.properties.items()}
    return {"name": each.name, "base": each.base, "properties": properties, "methods": list(each.methods)}


def _lines(each: WMIClass) -> Iterator[str]:
    inherited = CLASSES[each.base.casefold()].properties if each.base else {}
    yield ""
    yield f"{each.name} : {each.base}" if each.base else each.name
    for name, kind in each.properties.items():
        if name not in inherited:
            yield f"    {kind.value:<8}  {name}"
    for method in each.methods:
        yield f"    uint32    {method}"
