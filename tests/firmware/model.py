"""What a guarded machine should do, on one page. Each method tells whether, and does it; if not, nothing is new but a lost try."""

from dataclasses import dataclass, field

from tests.firmware.bench import LAK_1, MODE, RESTORE, SETUP_PASSWORD
from tests.firmware.model_passwords import ON, RESTORED, TPM, Passwords

Entry = tuple[str, str, str | tuple[int, bool]]  # name, value, and a password or the nonce of a signature


@dataclass
class Model(Passwords):
    waiting: dict[str, str] = field(default_factory=dict)
    endorsed = signing = confirmed = False
    counter = pending = settings = actions = 0

    def order(self, *entries: Entry) -> bool:
        """From the operating system: all or none, every signature first, then the mode if it is to go on."""
        signed = all(self.counts(*proof) for _, _, proof in entries if not isinstance(proof, str))
        first = [each for each in [each for each in entries if each[0] == MODE][:1] if each[1] == ON]
        return signed and all(self.obeys(*e) for e in first + [e for e in entries if e not in first])

    def counts(self, nonce: int, single_use: bool) -> bool:
        fresh = nonce > self.actions if single_use else nonce >= self.settings
        if not (self.endorsed and self.signing and self.confirmed and fresh):
            return False
        newer = single_use or nonce > self.settings
        self.settings, self.actions = (self.settings, nonce) if single_use else (nonce, self.actions)
        return not newer or self.found()

    def obeys(self, name: str, value: str, proof: str | tuple[int, bool]) -> bool:
        locked = self.values[MODE] == ON
        keyless = name == LAK_1 and value != "" and not locked
        if isinstance(proof, str) and (locked or keyless or name == MODE or not self.sends(proof, name)):
            return False
        return not keyless and self.change(name, value)

    def change(self, name: str, value: str) -> bool:
        """A lock that is put on takes along what waits to open it; the mode and the first password, all that waits."""
        differs = value != self.values[name]
        first = name == SETUP_PASSWORD and value and not self.values[name] and self.values[MODE] != ON
        if first or (name, value, differs) == (MODE, ON, True):
            self.waiting = {}
        if value and (name == SETUP_PASSWORD or (name == LAK_1 and differs)):
            self.waiting.pop(RESTORE, None)
        if name in (TPM, RESTORE):
            wanted = {**self.waiting, name: value}
            self.waiting = {each: new for each, new in wanted.items() if new != self.values[each]}
        else:
            self.values[name] = value
        return True

    def endorse(self, word: str) -> bool:
        self.endorsed = not self.endorsed and self.sends(word)
        return self.endorsed

    def send_key(self, nonce: int, *, none: bool) -> bool:
        used = self.values[MODE] == ON or self.values[LAK_1] != ""
        hindered = used if none else self.signing and not self.confirmed
        if not self.endorsed or nonce < max(self.counter, self.pending) or hindered:
            return False
        self.counter, self.pending = (nonce, 0) if self.confirmed else (self.counter, nonce * (not none))
        self.endorsed, self.signing, self.confirmed = not none, not none, self.confirmed and not none
        return True

    def asked(self) -> str:
        keys = self.endorsed and not self.confirmed
        return "KEYS" if keys else "SECURITY" if RESTORE in self.waiting else "SETTINGS" * bool(self.waiting)

    def answer(self, *, present: bool) -> bool:
        if (asked := self.asked()) == "KEYS":
            self.counter, self.pending = max(self.counter, self.pending * present), 0
            self.endorsed, self.signing, self.confirmed = present, present and self.signing, present
        elif present:
            self.values |= RESTORED if asked == "SECURITY" else self.waiting
            self.waiting = {}
        else:
            self.waiting.pop(RESTORE) if asked == "SECURITY" else self.waiting.clear()
        return True
