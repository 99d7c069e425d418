"""What somebody wrote to prove himself, held until a setting is written.

An authorization `<BEAM/>...` goes before the setup password; the power-on password proves nothing about settings. In the driver each write
of a setting, whatever came of it, wipes all of them; in the ABI text a password holds until an empty line is written. (An authorization is
for one setting, so there it is wiped too.) As far as its public source tells, the driver does not wipe a password where none was set when it was
loaded, and sends it for ever; that it goes like any other is ours. Whatever unloads the driver zeroes them all. Nothing of them is ever shown.
"""

from emulator.devices.firmware_attributes import written_line
from emulator.protocol import password
from emulator.protocol.authorization import PREFIX

SETUP_PASSWORD = "Setup Password"  # noqa: S105 -- the name of a setting


class Credentials:
    """One driver's credentials. Their bytes are zeroed before they are let go."""

    def __init__(self, *, session: bool) -> None:
        self._session = session
        self._passwords: dict[str, bytearray] = {}
        self._token = bytearray()

    def keep_password(self, name: str, written: bytes) -> None:
        _zero(self._passwords.get(name, bytearray()))
        self._passwords[name] = bytearray(written)

    def keep_token(self, written: bytes) -> None:
        _zero(self._token)
        self._token = bytearray(written)

    def authorization(self, name: str = SETUP_PASSWORD) -> str:
        """The third string of a setting's buffer; `name` is the password that proves something where no token came.

        Raises OSError for what is no text.
        """
        proof = written_line.text(bytes(self._token) or bytes(self._passwords.get(name, b"")))
        return proof if not proof or proof.startswith(PREFIX) else password.utf_16(proof)

    def used(self) -> None:
        """A setting was written."""
        self.keep_token(b"")
        if not self._session:
            self._forget_passwords()

    def forget(self) -> None:
        """The driver is unloaded."""
        self.keep_token(b"")
        self._forget_passwords()

    def _forget_passwords(self) -> None:
        for held in self._passwords.values():
            _zero(held)
        self._passwords.clear()


def _zero(held: bytearray) -> None:
    held[:] = bytes(len(held))
