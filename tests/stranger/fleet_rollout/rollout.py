"""What a PC of the fleet goes through, from the box to the day when a setting changes for everybody.

The deployment system runs this on each PC, after every start and as often as it likes:

    python -m fleet_rollout PACKAGE --log FILE --passphrase-fd 3 3< PASSPHRASE

PACKAGE is a folder that the administrator's station made: the payloads that bring both keys, the mode and the local access key, the
signing key itself (its passphrase comes over the descriptor), and `baseline.REPSET`, the settings as they should be. The settings are signed
anew each time, because a PC takes no signature that is older than the newest that it took.

A person is needed where the firmware wants one: keys, and settings such as those of the TPM, act when somebody has typed the code that the next
start shows. Nothing here restarts a PC.
"""

import argparse
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from . import answers, replicated_setup
from .ending import Ended, Ending

PAYLOADS = ("endorsement-key.json", "signing-key.json", "mode.json", "local-access-key.json")
PARTS = (*PAYLOADS, "signing-key.pfx", "baseline.REPSET")

ASKABLE = ("off", "operating system")


class Rollout:
    """One run on one PC. Each step looks first whether it is still to be done."""

    def __init__(self, package: Path, log: Path, passphrase: str) -> None:
        self.package = package
        self.log = log
        self.passphrase = passphrase

    def run(self) -> Ending:
        try:
            self.look_at_package()
            status = self.status()
            if status["phase"] not in ASKABLE:
                raise Ended(Ending.TRY_LATER, f"somebody sits before the PC ({status['phase']})")
            self.bring_keys(status)
            if self.switch_on(status["authentication"]):
                status = self.status()
            self.settle(status["authentication"]["settings_counter"])
        except Ended as ended:
            self.note(f"{ended.ending.name}: {ended}")
            return ended.ending
        self.note(f"{Ending.IN_ORDER.name}: keys, mode and settings are as they should be")
        return Ending.IN_ORDER

    def look_at_package(self) -> None:
        if missing := [name for name in PARTS if not (self.package / name).is_file()]:
            raise Ended(Ending.UNUSABLE_PACKAGE, f"{self.package} lacks {', '.join(missing)}")

    def bring_keys(self, status: dict[str, Any]) -> None:
        platform = status["secure_platform"]
        if not platform["supported"]:
            raise Ended(
                Ending.UNSUPPORTED, f"{status['machine']['product']} knows no Secure Platform Management"
            )
        if platform["state"] == "provisioned":
            return
        if platform["endorsement_key_id"] is None:
            self.apply("endorsement-key.json")
        if platform["signing_key_id"] is None:
            self.apply("signing-key.json")
        raise Ended(Ending.PERSON_NEEDED, "restart the PC, compare what it shows, and type the code")

    def switch_on(self, authentication: dict[str, Any]) -> bool:
        """Mode and local access key; whether anything was done."""
        missing = {
            "mode.json": authentication["mode"] != "on",
            "local-access-key.json": authentication["local_access_key_ids"][0] is None,
        }
        for payload in (wanted := [name for name, lacks in missing.items() if lacks]):
            self.apply(payload)
        return bool(wanted)

    def settle(self, newest_counter: int) -> None:
        """Hands the baseline over, signed, and reads back what became of it."""
        # Without the first of these a setting that the PC does not know is passed over, and the exit code is 0.
        options = ["/WarningAsErr", "--json", *self.signing(newest_counter)]
        done = self.command(
            ["bcu", f"/set:{self.package / 'baseline.REPSET'}", *options], passphrase_option="--pkeypwd-fd"
        )
        if done.returncode:
            raise Ended(Ending.REFUSED, answers.complaints(done))
        with tempfile.TemporaryDirectory() as scratch:
            self.compare(Path(scratch) / "found.REPSET")

    def signing(self, newest_counter: int) -> list[str]:
        # A PC whose last signer's clock ran ahead takes nothing below that signer's counter.
        counter = max(int(time.time()), newest_counter)
        return [f"/pkey:{self.package / 'signing-key.pfx'}", f"/ar:{counter}", "/ot:0"]

    def compare(self, file: Path) -> None:
        done = self.command(["bcu", f"/get:{file}"])
        if done.returncode:
            raise Ended(Ending.TRY_LATER, answers.complaints(done))
        found = replicated_setup.chosen(file)
        wanted = replicated_setup.chosen(self.package / "baseline.REPSET")
        if other := sorted(name for name, values in wanted.items() if found.get(name) != values):
            waiting = self.status()["waiting_for_presence"]
            ending = Ending.PERSON_NEEDED if waiting else Ending.NOT_AS_WANTED
            raise Ended(ending, "not as it should be yet: " + ", ".join(other))

    def apply(self, payload: str) -> None:
        done = self.command(["f10", "payload", "apply", str(self.package / payload), "--json"])
        if done.returncode:
            raise Ended(Ending.REFUSED, f"{payload}: {answers.sentence(done)}")

    def status(self) -> dict[str, Any]:
        done = self.command(["f10", "status", "--json"])
        if done.returncode:
            raise Ended(Ending.TRY_LATER, done.stderr.strip())
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    def command(self, words: list[str], *, passphrase_option: str = "") -> subprocess.CompletedProcess[str]:
        """Runs a command and notes how it ended. A passphrase goes over a descriptor, which nobody else can read."""
        if not passphrase_option:
            done = subprocess.run(words, capture_output=True, text=True, check=False)
        else:
            reading, writing = os.pipe()
            with open(writing, "w", encoding="utf-8") as pipe:
                pipe.write(self.passphrase)
            with open(reading, "rb"):
                words = [*words, passphrase_option, str(reading)]
                done = subprocess.run(words, capture_output=True, text=True, check=False, pass_fds=[reading])
        self.note(f"{' '.join(words)} ended with {done.returncode}")
        return done

    def note(self, sentence: str) -> None:
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {sentence}\n")


def main(arguments: Sequence[str] | None = None, kind: type[Rollout] = Rollout) -> int:
    parser = argparse.ArgumentParser(
        prog="fleet_rollout", description="Bring this PC in line with the fleet."
    )
    parser.add_argument("package", type=Path, metavar="PACKAGE")
    parser.add_argument("--log", type=Path, required=True, metavar="FILE")
    parser.add_argument("--passphrase-fd", type=int, required=True, metavar="N")
    told = parser.parse_args(arguments)
    with open(told.passphrase_fd, encoding="utf-8") as descriptor:
        passphrase = descriptor.readline().rstrip("\n")
    return kind(told.package, told.log, passphrase).run()
