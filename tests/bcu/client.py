"""A client of BCU as scripts are: it runs the program, reads the XML strictly, and takes codes by the rules of a published one."""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.faces.terminal import f10


@dataclass(frozen=True)
class Told:
    """What one run told."""

    code: int
    text: str
    errors: str = ""

    @property
    def document(self) -> ET.Element:
        return ET.fromstring(self.text)

    @property
    def settings(self) -> list[ET.Element]:
        return self.document.findall("SETTING")

    @property
    def translated(self) -> int:
        """BCU's own code: Information@translated, of which there is one."""
        (found,) = self.document.findall("Information")
        return int(found.attrib["translated"])

    @property
    def result(self) -> int:
        """What the published client takes for the result: the last error's code, else the setting's, else the translated one."""
        if errors := self.document.findall("ERROR"):
            return int(errors[-1].attrib["real"])
        if self.settings:
            return int(self.settings[-1].attrib["returnCode"])
        return self.translated

    @property
    def sentences(self) -> str:
        return "\n".join(each.attrib.get("msg", "") for each in self.document)


def bcu(home: Path, *arguments: str, folder: Path) -> Told:
    """Run BCU as a process, in a working folder."""
    done = subprocess.run(f10(home, "bcu", *arguments), cwd=folder, capture_output=True, check=False)
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return Told(done.returncode, done.stdout.decode(), done.stderr.decode())
