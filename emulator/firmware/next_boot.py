"""What a boot carries out because somebody ordered it before: momentary settings, and what follows from a cover that was off.

A momentary setting such as "Clear TPM: On next boot" is an order. It stands in the image until that boot, which carries it out and puts
the setting back to its default. Orders about the keys of Secure Boot are obeyed (`secure_boot_orders`); what an order would do to hardware
that is not emulated, it does not do. So it is with the orders of Sure Recover that are for one start: a real machine's recovery would begin.
"""

from emulator.firmware import events as e
from emulator.firmware import recovery_parts, secure_boot_orders
from emulator.firmware.event_log import EventCode
from emulator.firmware.turn import Turn
from emulator.firmware.values import replace


def carry_out(turn: Turn) -> None:
    """Obey every order, at the beginning of a boot."""
    orders = {
        name: each.default
        for name, each in turn.catalogue.momentary.items()
        if turn.memory.settings.get(name, each.default) != each.default
    }
    if orders:
        turn.events += [e.OrderCarriedOut(name, turn.memory.settings[name]) for name in orders]
        for name in orders:
            turn.memory = secure_boot_orders.obeyed(
                turn.catalogue, turn.memory, turn.setting(name), turn.memory.settings[name]
            )
        turn.memory = replace(turn.memory, settings={**turn.memory.settings, **orders})
    if turn.memory.cover.tpm_to_clear:
        turn.memory = replace(turn.memory, cover=replace(turn.memory.cover, tpm_to_clear=False))
        turn.record(EventCode.COVER_CLEARED_TPM)
    _carry_out_recovery(turn)


def _carry_out_recovery(turn: Turn) -> None:
    due = [name for name in turn.memory.recovery if name in recovery_parts.NEXT_START]
    if due:
        turn.events += [e.OrderCarriedOut(name, "") for name in due]
        turn.memory = replace(turn.memory, recovery=recovery_parts.without(turn.memory.recovery, *due))
