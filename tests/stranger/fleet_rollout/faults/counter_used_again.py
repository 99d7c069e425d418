"""The counter is kept beside the log and used again, because the instructions say that it must never go back."""

import sys

from ..rollout import Rollout, main  # noqa: TID252 -- one package


class CounterUsedAgain(Rollout):
    def signing(self, newest_counter: int) -> list[str]:
        kept = self.log.with_name("counter")
        if not kept.exists():
            kept.write_text("\n".join(super().signing(newest_counter)), "utf-8")
        return kept.read_text("utf-8").splitlines()


if __name__ == "__main__":
    sys.exit(main(kind=CounterUsedAgain))
