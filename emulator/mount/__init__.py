"""A PC's settings as files, as Linux shows them: `f10 mount` and `f10 export-tree`.

On a real machine the kernel's driver for this vendor makes a tree below /sys/class/firmware-attributes, and shells, fwupd and fleet agents
read and write it. Here FUSE stands for sysfs, and `emulator.devices.firmware_attributes` for the driver: it knows what the files
hold and what a store means. This package knows where the PC is, and what a file system owes its callers.

A PC that runs elsewhere is asked over its socket, and must be in its operating system, for no driver is loaded before that. When it leaves
it, everything below the driver's folder answers ENODEV, until it is there again. A PC that is off is switched on, without a screen, and is
this process until the tree is unmounted; other tools meet it through its door.
"""


class CannotMount(Exception):
    """The settings cannot be shown as files there."""
