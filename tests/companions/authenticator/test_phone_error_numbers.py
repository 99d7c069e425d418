"""Each number of the vendor's guide, met at the command line: exit code, JSON, and its meaning in English and German."""

from collections.abc import Callable, Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from emulator.companions.authenticator.exceptions import PhoneError, meaning

from .conftest import Done, Phone

pytestmark = pytest.mark.sampled(3)

Making = Callable[..., str]
NAMES = {
    100: "QRCodeUnknownError",
    101: "QRCodeDeserialization",
    102: "QRCodeInvalidImage",
    103: "QRCodeNoPayload",
    104: "QRCodeInvalid",
    105: "QRCodeInvalidKeyIdHash",
    106: "QRCodeTampered",
    107: "QRCodeTamperedOrInvalidPassPhrase",
    302: "AzureADAccessToken",
}


@pytest.fixture
def meet(phone: Phone, package: Making, ask: Making, other_key: RSAPrivateKey) -> Callable[..., Done]:
    """Gives the command that ends with a number to a phone that holds one key, and the wrong passphrase."""
    text = phone.folder.parent / "text"
    text.write_text("f10{")
    edited = phone.folder.parent / "edited.json"
    edited.write_text(package("", key=other_key).replace("DEMO key", "EVIL key"), "utf-8")
    commands = {
        100: ["rename", "no such key", "name"],
        101: ["enroll", '{"Ver":'],
        102: ["enroll", "no such file.png"],
        103: ["enroll", str(text)],
        104: ["enroll", "{}"],
        105: ["scan", ask(key=other_key)],
        106: ["enroll", str(edited)],
        107: ["enroll", package(salt=b"another!"), "--force"],
        302: ["scan", ask()],
    }

    def meeting(code: int, language: str, *options: str) -> Done:
        group = ("BIOS Admins", "--email", "someone@example.com") if code == 302 else ("",)
        assert phone("enroll", package(group=group[0]), *group[1:]).code == 0
        words = commands[code]
        given = [] if words[0] == "rename" else ["--passphrase-fd", phone.descriptor("a wrong one")]
        return phone.bare("--language", language, *words, *given, *options)

    return meeting


@pytest.mark.sampled(3)
@pytest.mark.parametrize("code", NAMES)
@pytest.mark.parametrize("language", ["en", "de"])
def test_each_number_in_words(meet: Callable[..., Done], code: int, language: str) -> None:
    done = meet(code, language)
    first, *more = done.err.splitlines()
    assert done.code == (code if code < 256 else 100)
    assert first.startswith(f"Error {code} {NAMES[code]}: ")
    # Anything else means nothing more.
    assert more == ([] if code == 100 else [meaning(code, language)])
    assert done.out == ""


@pytest.mark.sampled(3)
@pytest.mark.parametrize("code", NAMES)
@pytest.mark.parametrize("language", ["en", "de"])
def test_each_number_in_json(meet: Callable[..., Done], code: int, language: str) -> None:
    done = meet(code, language, "--json")
    assert done.code == (code if code < 256 else 100)
    assert done.err == ""
    told = done.json
    assert told.pop("message")
    assert told == {"error": code, "name": NAMES[code], "meaning": meaning(code, language)}


def kinds(kind: type[PhoneError] = PhoneError) -> Iterator[type[PhoneError]]:
    for each in kind.__subclasses__():
        yield each
        yield from kinds(each)


def test_every_refusal_bears_a_number_and_a_name_of_the_guide() -> None:
    found = list(kinds())
    assert {each.code for each in found} == set(NAMES)
    for each in found:
        error = each("so")
        assert error.name == NAMES[error.code]
        assert error.meaning("en") != error.meaning("de")
        assert 0 < error.exit_code < 256
