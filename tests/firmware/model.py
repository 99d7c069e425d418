"""What a machine that is guarded by keys should do, on one page: who may change what, what counts, what opens the door."""

from dataclasses import dataclass, field

from tests.firmware.bench import LAK_1, MODE, USB


@dataclass
class Model:
    endorsed: bool = False
    signing: bool = False
    confirmed: bool = False
    counter: int = 0
    pending: int = 0
    mode: bool = False
    key: bool = False
    settings: int = 0
    actions: int = 0
    misses: int = 0
    tries: int = 3
    values: dict[str, str] = field(default_factory=lambda: {USB: "Enable", "Fast Boot": "Enable"})

    # Each tells whether the machine should do it, and does it.
    def endorse(self) -> bool:
        allowed, self.endorsed = not self.endorsed, True
        return allowed

    def set_signing_key(self, nonce: int) -> bool:
        if (
            not self.endorsed
            or nonce < max(self.counter, self.pending)
            or (self.signing and not self.confirmed)
        ):
            return False
        self.signing = True
        if self.confirmed:
            self.counter = nonce
        else:
            self.pending = nonce
        return True

    def take_back(self, nonce: int) -> bool:
        if not self.endorsed or nonce < max(self.counter, self.pending) or self.mode or self.key:
            return False
        self.counter = nonce if self.confirmed else self.counter
        self.forget()
        return True

    def forget(self) -> None:
        self.endorsed = self.signing = self.confirmed = False
        self.pending = 0

    def confirm(self) -> None:
        self.confirmed, self.counter, self.pending = True, max(self.counter, self.pending), 0

    def change_unsigned(self, name: str, value: str) -> bool:
        if self.mode or name == MODE or (name == LAK_1 and value):
            return False
        self.change(name, value)
        return True

    def change_signed(self, name: str, value: str, nonce: int, *, single_use: bool) -> bool:
        provisioned = self.endorsed and self.signing and self.confirmed
        if not provisioned or nonce < (self.actions + 1 if single_use else self.settings):
            return False
        if name == LAK_1 and value and not self.mode:
            return False
        self.change(name, value)
        self.settings, self.actions = (self.settings, nonce) if single_use else (nonce, self.actions)
        self.misses = 0
        return True

    def change(self, name: str, value: str) -> None:
        if name == MODE:
            self.mode = value == "Enable"
        elif name == LAK_1:
            self.key = bool(value)
        else:
            self.values[name] = value
