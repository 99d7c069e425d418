"""BCU is called and believed: what it answers is not looked at, and what the PC holds afterwards is not read."""

import sys

from ..rollout import Rollout, main  # noqa: TID252 -- one package


class ExitCodeIgnored(Rollout):
    def settle(self, newest_counter: int) -> None:
        self.command(
            ["bcu", f"/set:{self.package / 'baseline.REPSET'}", *self.signing(newest_counter)],
            passphrase_option="--pkeypwd-fd",
        )


if __name__ == "__main__":
    sys.exit(main(kind=ExitCodeIgnored))
