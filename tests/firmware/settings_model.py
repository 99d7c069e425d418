"""What settings, defaults and passwords should do, on one page."""

from dataclasses import dataclass, field

USB, TAG = "USB Storage Boot", "Asset Tracking Number"
PROXY, ADDRESS = "Use Proxy", "Proxy Address"
DEVICE, TPM, POLICY = "TPM Device", "TPM State", "TPM Activation Policy"
ONCE = "Permanent Disable Absolute Persistence Module Set Once"
LENGTH = "Password Minimum Length"
DEFAULTS = {USB: "Enable", TAG: "", PROXY: "Disable", ADDRESS: "", DEVICE: "Available", TPM: "Enable"}
DEFAULTS |= {ONCE: "No", LENGTH: "8", POLICY: "Allow user to reject"}
REQUIRES = {
    ADDRESS: (PROXY, "Enable"),
    TPM: (DEVICE, "Available"),
    POLICY: (DEVICE, "Available"),
    LENGTH: ("Setup Password", "set"),
}
GUARDED = {DEVICE, TPM}
SECURITY_MENU = {DEVICE, TPM, POLICY, ONCE, LENGTH}


@dataclass
class Model:
    stored: dict[str, str] = field(default_factory=lambda: dict(DEFAULTS))
    custom: dict[str, str] = field(default_factory=lambda: dict(DEFAULTS))
    waiting: dict[str, str] = field(default_factory=dict)
    administrator: str = ""
    tries: int = 3
    restoring: bool = False

    def holds(self, name: str, world: dict[str, str]) -> bool:
        other, value = REQUIRES.get(name, ("", ""))
        if other == "Setup Password":
            return bool(self.administrator)
        return not other or world[other] == value

    # Each tells whether the machine should do it, and does it.
    def change(self, name: str, value: str) -> bool:
        if self.stored[ONCE] == "Yes" and (name, value) == (ONCE, "No"):
            return False
        if not self.holds(name, {**self.stored, **self.waiting}):
            return False
        self.put({name: value}, wait=not self.holds(name, self.stored))
        return True

    def put(self, values: dict[str, str], *, wait: bool = False) -> None:
        for name, value in values.items():
            self.waiting.pop(name, None)
            if not (wait or name in GUARDED):
                self.stored[name] = value
            elif value != self.stored[name]:
                self.waiting[name] = value

    def defaults(self, wanted: dict[str, str]) -> None:
        self.put({name: value for name, value in wanted.items() if name != ONCE or self.stored[ONCE] == "No"})

    def proves(self, password: str) -> bool:
        """Whether this password, or none, makes a command from the operating system the administrator's."""
        if self.administrator and password and self.tries:
            self.tries -= password != self.administrator
            return password == self.administrator
        return not self.administrator and not password

    def set_password(self, new: str) -> bool:
        if new and len(new) < int(self.stored[LENGTH]):
            return False
        if new and not self.administrator:
            # What waits was ordered when nobody was asked for a proof.
            self.waiting = {}
        self.administrator = new
        # A lock that was put on later is not opened by an order that was given before.
        self.restoring = self.restoring and not new
        return True

    def confirm(self) -> None:
        if self.restoring:
            self.administrator, self.restoring = "", False
            kept = {} if self.stored[ONCE] == "No" else {ONCE: "Yes"}
            restored = {name: DEFAULTS[name] for name in SECURITY_MENU} | kept
            self.waiting = {name: each for name, each in self.waiting.items() if name not in restored}
            self.stored |= restored
        while ready := [name for name in self.waiting if self.holds(name, self.stored)]:
            self.stored |= {name: self.waiting.pop(name) for name in ready}
        self.waiting = {}
