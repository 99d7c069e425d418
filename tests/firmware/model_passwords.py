"""What passwords and codes should open, on half a page: whose a typed one is, what a wrong one costs, when none is looked at."""

from dataclasses import dataclass, field

from tests.firmware.bench import LAK_1, MODE, RESTORE, USB
from tests.firmware.bench import POWER_ON_PASSWORD as USER
from tests.firmware.bench import SETUP_PASSWORD as BOSS

TPM, ON = "TPM State", "Enable"
RESTORED = {MODE: "Disable", LAK_1: "", BOSS: "", USER: "", TPM: ON}


@dataclass
class Passwords:
    values: dict[str, str] = field(default_factory=lambda: {**RESTORED, USB: ON, RESTORE: "No"})
    typed: tuple[str, ...] = ()
    tries = codes = 3
    lost = misses = 0

    def start(self) -> bool:
        self.tries, self.codes, self.typed = 3, 3, ()
        return True

    def proves(self, word: str, *roles: str) -> str:
        """Whose password this is. Three wrong ones lock till the next start; only the greatest that is set buys new tries."""
        who = next((role for role in roles if word and self.tries and self.values[role] == word), "")
        self.lost = int(word != "" and self.tries > 0 and not who)
        self.tries = 3 if who == (BOSS if self.values[BOSS] else USER) else self.tries - self.lost
        return who

    def types(self, word: str) -> bool:
        self.typed += (self.proves(word, USER, BOSS),)
        return self.typed[-1] != ""

    def visitor(self) -> str:
        """As whom one enters Computer Setup, where no key is left; empty for nobody yet."""
        ranks = [role for role in (BOSS, USER) if self.values[role]]
        return BOSS if not ranks or ranks[0] in self.typed else USER * (USER in self.typed)

    def sends(self, word: str, name: str = "") -> bool:
        """Whether a command from the operating system with this password, or none, may change `name`."""
        if name == USER and self.values[USER]:
            return self.proves(word, BOSS, USER) != ""
        return self.proves(word, BOSS) == BOSS if self.values[BOSS] else not word

    def renews(self, name: str, current: str, visitor: str) -> bool:
        """Whether whoever is in Computer Setup may type another password."""
        if visitor != BOSS and name != USER:
            return False
        return not self.values[name] or self.proves(current, name, BOSS) != ""

    def stage(self, name: str, value: str, visitor: str) -> bool:
        """On the screen of Computer Setup."""
        signed_only = name == MODE or (name == LAK_1 and (value != "" or self.values[MODE] == ON))
        return visitor == BOSS and not signed_only

    def pays(self) -> bool:
        """For a response code, before it is compared."""
        self.misses, self.codes = self.misses + 1, self.codes - 1
        return True

    def found(self) -> bool:
        self.misses = 0
        return True
