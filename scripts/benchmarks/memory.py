"""Memory of one open image: what is kept, and the most that was needed on the way."""

from firmware_store.variables import VariableStore
from scripts.benchmarks import peers
from scripts.benchmarks.measurement import IMAGE, Journey, held_memory, image


def run() -> Journey:
    content = image()

    def opened() -> object:
        """The store keeps the bytes that it was given until it changes them, so they count."""
        return VariableStore.from_image(IMAGE.read_bytes())

    return Journey(
        "Memory of an open OVMF_VARS_4M.ms.fd (528 KB): kept, and most",
        [
            held_memory("firmware_store, the image's bytes included", opened),
            held_memory("virt-firmware, open", virt_firmware_open),
            held_memory("uefivars, open", peers.uefivars_parse(content)),
            held_memory("edk2-pytool-library, open (file mapped)", peers.edk2_parse(IMAGE)),
        ],
    )


def virt_firmware_open() -> object:
    edk2 = peers.module("virt.firmware.varstore.edk2", "virt-firmware")
    store = edk2.Edk2VarStore(str(IMAGE))
    return store, store.get_varlist()
