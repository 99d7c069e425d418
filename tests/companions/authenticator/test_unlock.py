"""A challenge and its key: the PIN, and what the phone says of the machine."""

from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.companions.authenticator import received, unlock
from emulator.companions.authenticator.exceptions import QRCodeTampered, QRCodeTamperedOrInvalidPassPhrase
from emulator.companions.authenticator.record import usual_name
from emulator.companions.authenticator.unlock import Answer
from emulator.protocol.challenge import Challenge, Header, Purpose
from emulator.protocol.enrolment import Package

PASSPHRASE = "correct horse battery staple"


def answered(asked: Challenge, package: Package, passphrase: str, *, now: float) -> Answer:
    key = unlock.open_package(package, passphrase)
    return unlock.answer(asked, key, name=usual_name(package), now=now)


def test_the_published_vectors_open(vectors: Callable[[str], list[dict[str, Any]]]) -> None:
    package = received.read_package(vectors("packages")[0]["text"])
    for vector in vectors("challenges"):
        asked = received.read_challenge(vector["text"])
        assert answered(asked, package, PASSPHRASE, now=0).pin == vector["pin"]


def test_an_answer_tells_machine_door_and_age_but_its_repr_no_pin(
    ask: Callable[..., str], package: Callable[..., str]
) -> None:
    asked = received.read_challenge(ask("00471100", purpose=Purpose.BOOT_MENU))
    held = received.read_package(package(name="key\x1b[2J\u202e"))
    answer = answered(asked, held, PASSPHRASE, now=answer_time(asked) + 12.9)
    assert (answer.pin, answer.age, answer.warning) == ("00471100", 12, None)
    assert (answer.header.serial, answer.header.purpose) == ("DEMO000001", Purpose.BOOT_MENU)
    assert answer.key_name == "key\ufffd[2J\ufffd"
    assert "00471100" not in repr(answer)


def answer_time(asked: Challenge) -> int:
    return Header.decode(asked.header).issued_at


@pytest.mark.parametrize(
    ("age", "tells"), [(-1, "the future"), (0, None), (600, None), (601, "older than 10 minutes")]
)
def test_an_odd_age_is_a_warning(
    ask: Callable[..., str], package: Callable[..., str], age: int, tells: str | None
) -> None:
    asked = received.read_challenge(ask())
    answer = answered(asked, received.read_package(package()), PASSPHRASE, now=answer_time(asked) + age)
    assert answer.warning is None if tells is None else tells in (answer.warning or "")


@pytest.mark.parametrize(
    ("age", "spoken"),
    [
        (0, "issued 0 s ago"),
        (119, "issued 119 s ago"),
        (120, "issued 2 min ago"),
        (7199, "issued 119 min ago"),
        (7200, "issued 2 h ago"),
        (200_000, "issued 2 d ago"),
        (-30, "issued 30 s from now"),
        (-(2**64), "issued 213503982334601 d from now"),
    ],
)
def test_an_age_in_words(age: int, spoken: str) -> None:
    assert unlock.spoken_age(age) == spoken


def test_a_wrong_passphrase_is_107_and_a_bad_package_without_one_106(package: Callable[..., str]) -> None:
    for passphrase in ("", "wrong", PASSPHRASE + " "):
        with pytest.raises(QRCodeTamperedOrInvalidPassPhrase):
            unlock.open_package(received.read_package(package()), passphrase)
    edited = package("", name="DEMO key").replace("DEMO key", "DEMO kez")
    with pytest.raises(QRCodeTampered):
        unlock.open_package(received.read_package(edited), "")


def test_a_challenge_for_another_key_does_not_open(
    ask: Callable[..., str], package: Callable[..., str], other_key: RSAPrivateKey
) -> None:
    asked = received.read_challenge(ask(key=other_key))
    with pytest.raises(QRCodeTampered, match="does not open"):
        answered(asked, received.read_package(package()), PASSPHRASE, now=0)
