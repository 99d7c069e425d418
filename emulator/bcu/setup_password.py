"""The Setup password in BCU's hands: it comes from password files, and a new one is set before anything else is written.

A password travels to the firmware behind the mark of its encoding: UTF-16 where the PC takes it, scan codes of the keyboard on older
ones. What no key of a US keyboard writes has no scan code, and a control character nobody types anywhere: code 31.

With the authentication mode on the firmware takes no password for a proof. BCU sends it all the same, and the firmware denies access.
"""

import unicodedata
from collections.abc import Sequence
from pathlib import Path

from emulator.bcu.options import Options
from emulator.bcu.provider import PASSWORD, Provider
from emulator.bcu.report import Report, SettingLine
from emulator.bcu.return_codes import ReturnCode, Stopped, of_firmware
from emulator.companions import CompanionError, passphrase_from, read_bounded
from emulator.protocol import password
from emulator.protocol.errors import ProtocolError

LARGEST = 1 << 12
"""Bytes of a password file; ours has not a tenth of it."""


def current(options: Options, report: Report) -> str | None:
    """The password that somebody handed in as the current one. Raises Stopped."""
    return _from(options.current_password_file, options.current_password_descriptor, report)


def new(options: Options, report: Report) -> str:
    """The new one, empty for none. Raises Stopped."""
    if options.new_password_file == "":
        return ""
    return _from(options.new_password_file, options.new_password_descriptor, report) or ""


def encodings(provider: Provider) -> list[str]:
    """The encodings in which this PC takes passwords, by the names that its provider has for them."""
    told = (provider.instance(PASSWORD) or {}).get("SupportedEncoding")
    return [str(each) for each in told] if isinstance(told, list) else []


def sent(text: str, taken: Sequence[str]) -> str:
    """A password as the firmware wants it. Raises Stopped for one that nobody can type."""
    if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in text):
        raise Stopped(ReturnCode.PASSWORD_NOT_TYPEABLE)
    if "kbd" in taken and "utf-16" not in taken:
        try:
            return password.keyboard(text)
        except ProtocolError:
            raise Stopped(ReturnCode.PASSWORD_NOT_TYPEABLE) from None
    return password.utf_16(text)


def change(provider: Provider, report: Report, value: str, authorization: str) -> bool:
    """Have the firmware take a new password; whether it did stands in the report."""
    reply = provider.set(PASSWORD, value, authorization)
    if reply["ok"]:
        report.lines.append(SettingLine(PASSWORD, "pass", ReturnCode.SUCCESS))
        return True
    code = of_firmware(int(str(reply["status"])), about_password=not provider.signatures_only)
    why = str(reply["sentence"]) or code.sentence
    report.lines.append(SettingLine(PASSWORD, "fail", code, why))
    report.fail(code, f"{PASSWORD}: {why}")
    return False


def _from(file: str | None, descriptor: int | None, report: Report) -> str | None:
    try:
        if descriptor is not None:
            return passphrase_from(descriptor)
        if file is None:
            return None
        from emulator.protocol import password_file

        text = password_file.open_(read_bounded(Path(file), most=LARGEST))
    except (CompanionError, ProtocolError) as error:
        raise Stopped(ReturnCode.PASSWORD_FILE_UNREADABLE, str(error)) from None
    report.success("Successfully read password from file")
    return text
