"""From an image in memory to its variables: GUID, name, attributes, data. Debian's enrolled 4M image.

Two of the peers read the live variables only, as an opened store lists them; one reads every record.
"""

from firmware_store.index import every_record, index
from firmware_store.variables import VariableStore
from firmware_store.volume import check_volume, detect
from scripts.benchmarks import peers
from scripts.benchmarks.measurement import IMAGE, Journey, Task, goal, image, measured

TURNS, BURST = 150, 20


def parse_all(content: bytes) -> object:
    """Every record, obsolete ones too, after the headers were checked."""
    layout = detect(content)
    check_volume(content, layout)
    return every_record(content, layout)


def run() -> Journey:
    content = image()
    layout = detect(content)
    tasks = [
        Task("every record", lambda: parse_all(content)),
        Task("live variables of an opened store", lambda: list(VariableStore.from_image(content))),
        Task("index", lambda: index(content, layout)),
        Task("virt-firmware", peers.virt_firmware_parse(IMAGE)),
        Task("virt-firmware with its opening", peers.virt_firmware_open_and_parse(IMAGE)),
        Task("uefivars", peers.uefivars_parse(content)),
        Task("edk2-pytool-library", peers.edk2_parse(IMAGE)),
    ]
    figures = measured(tasks, TURNS, burst=BURST)
    live, every = tasks[1].name, tasks[0].name
    listing_live = ("virt-firmware", "virt-firmware with its opening", "uefivars")
    return Journey(
        "Parse all of OVMF_VARS_4M.ms.fd (57 records, 31 live)",
        figures,
        [
            goal("live variables, against the peers that read those", 4, figures, live, *listing_live),
            goal("every record, against the peer that reads those", 4, figures, every, "edk2-pytool-library"),
            goal("every record, against all peers", 4, figures, every, *listing_live, "edk2-pytool-library"),
            goal("index, against all peers", 15, figures, "index", *listing_live, "edk2-pytool-library"),
        ],
    )
