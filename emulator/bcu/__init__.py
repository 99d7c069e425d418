"""The vendor's BIOS Configuration Utility (BCU), as scripts call it: its options, its codes, its XML, its files.

BCU is a program of the operating system. It knows of the firmware what the management provider tells, so this package asks the PC's
management door and nothing else: a PC that runs answers on its socket, one that is off is switched on for the time of one command.
Known are the BCU User Guide (HP, 700600-007), outputs that people published, and what their scripts read in them.

Beside the vendor's options there are three kinds of our own: `--json` for the same report as JSON, `--home` for the folder of the
PC, and descriptors (`--password-fd` and its like) where BCU takes a secret from the command line, which every process can read.
"""
