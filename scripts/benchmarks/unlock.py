"""From F10 to Computer Setup: the machine issues a challenge, the phone opens it, the PIN is counted and compared.

One encryption and one decryption have to be done, whatever else is done, so those alone are the measure: RSA-2048 with OAEP and
SHA-256 by `cryptography`, with keys and padding prepared. The phone gets the text of the challenge, as a code on the screen bears it;
drawing the code, and reading it with a camera, are left out. Nothing is committed; memory and session are put back before each run.
"""

from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.hashes import SHA256

from emulator.devices.entropy import SystemEntropy
from emulator.firmware import commands as c
from emulator.firmware.boot import Phase
from emulator.firmware.events import ChallengeIssued
from emulator.protocol import challenge
from emulator.protocol.challenge import Challenge
from scripts.benchmarks.measurement import Journey, Task, goal, measured
from tests.firmware.bench import Bench, answer, guarded, key

TURNS, BURST = 100, 10
BARE, OURS = "encrypt and decrypt alone, with cryptography", "unlock"


def run() -> Journey:
    bench = Bench(guarded())
    bench.entropy = SystemEntropy()
    bench.execute(c.PowerOn())
    memory, session = bench.memory, bench.firmware.session

    def issue() -> str:
        bench.firmware.memory, bench.firmware.session = memory, session
        return next(each.text for each in bench.execute(c.EnterSetup()) if isinstance(each, ChallengeIssued))

    def unlock() -> None:
        answer(bench, opened(issue()))
        assert bench.phase is Phase.SETUP

    shown = issue()
    tasks = [
        Task(BARE, encrypt_and_decrypt_alone(challenge.parse(shown))),
        Task(OURS, unlock),
        Task("the machine's part of it: a challenge", issue),
        Task("the phone's part of it: the PIN", lambda: opened(shown)),
    ]
    figures = measured(tasks, TURNS, burst=BURST)
    return Journey(
        "An unlock, from F10 to Computer Setup",
        figures,
        [goal("unlock, against encrypt and decrypt alone", 1 / 1.3, figures, OURS, BARE)],
    )


def opened(text: str) -> str:
    """What the phone does once its camera has read the code."""
    return challenge.open_challenge(challenge.parse(text), key("local_access"))


def encrypt_and_decrypt_alone(like: Challenge) -> Callable[[], object]:
    """With the label of a real challenge."""
    private = key("local_access")
    public, label = private.public_key(), like.key_digest + like.header
    padding = OAEP(MGF1(SHA256()), SHA256(), label)
    return lambda: private.decrypt(public.encrypt(b"12345678", padding), padding)
