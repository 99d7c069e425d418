"""The passphrase of the signing key stands on BCU's command line, as in old instructions, and the log has every command line."""

import subprocess
import sys

from ..rollout import Rollout, main  # noqa: TID252 -- one package


class PassphraseOnTheCommandLine(Rollout):
    def command(self, words: list[str], *, passphrase_option: str = "") -> subprocess.CompletedProcess[str]:
        words = [*words, f"/pkeypwd:{self.passphrase}"] if passphrase_option else words
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        self.note(f"{' '.join(words)} ended with {done.returncode}")
        return done


if __name__ == "__main__":
    sys.exit(main(kind=PassphraseOnTheCommandLine))
