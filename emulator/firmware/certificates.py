"""Certificates of Secure Boot that a machine leaves the factory with: all of them our own stand-ins.

A real machine holds its maker's platform key and key exchange key, and the certificates under which an operating system's maker signs
boot loaders, those of other makers, and drivers on expansion cards. Which there are is public; the real ones belong to others, and an
emulator that carried them would lie about what it trusts. So `scripts/make_secure_boot_keys` made these, said so in their names, and
threw the private keys away: nobody can sign with them. The program reads them once, and the firmware gets them with its model.
"""

from emulator.firmware.words import Word


class Certificate(Word):
    """Which certificate; the values head them in the file."""

    PLATFORM = "platform key"
    EXCHANGE = "key exchange key"
    SYSTEM_EXCHANGE = "key exchange key of the operating system"
    WINDOWS_2011 = "Windows production CA 2011"
    UEFI_2011 = "third-party UEFI CA 2011"
    WINDOWS_2023 = "Windows UEFI CA 2023"
    UEFI_2023 = "third-party UEFI CA 2023"
    OPTION_ROM_2023 = "option ROM UEFI CA 2023"
