"""What tests of several floors share: fixed keys, vectors, published samples, the OpenSSL command line."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from hypothesis import settings

from tests import sampling

VECTORS = Path(__file__).parent / "vectors"

# Another project's tests, which run in an environment of its own (tests/testing/test_stranger.py).
collect_ignore = ["stranger"]

# Machines that run the tests are shared, so no example is late. The full run, which says so, tries more of them.
settings.register_profile("f10", deadline=None, max_examples=100 if sampling.FULL else 20)
settings.load_profile("f10")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    sampling.mark_slow(items)


def fixed_key(name: str) -> RSAPrivateKey:
    """One of the committed keys, which guard nothing."""
    key = load_pem_private_key((VECTORS / f"test_key_{name}.pem").read_bytes(), None)
    assert isinstance(key, RSAPrivateKey)
    return key


@pytest.fixture(scope="session")
def endorsement_key() -> RSAPrivateKey:
    return fixed_key("endorsement")


@pytest.fixture(scope="session")
def signing_key() -> RSAPrivateKey:
    return fixed_key("signing")


@pytest.fixture(scope="session")
def local_access_key() -> RSAPrivateKey:
    return fixed_key("local_access")


@pytest.fixture(scope="session")
def other_key() -> RSAPrivateKey:
    """A key of the right kind that nobody expects."""
    return fixed_key("other")


@pytest.fixture(scope="session")
def unusable_keys() -> dict[str, RSAPrivateKey]:
    """RSA keys of the wrong size, or with the wrong exponent."""
    names = ("rsa_1024", "rsa_3072", "rsa_4096", "rsa_2048_exponent_3")
    return {name: fixed_key(name) for name in names}


@pytest.fixture(scope="session")
def vectors() -> Callable[[str], list[dict[str, Any]]]:
    """Reads one file of vectors by its name."""

    def read(name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))["vectors"]
        assert found
        return found

    return read


@pytest.fixture(scope="session")
def certificate_der(vectors: Callable[[str], list[dict[str, Any]]]) -> bytes:
    """A certificate fit for the fixed endorsement key."""
    fit = next(
        vector for vector in vectors("certificates") if vector["key"] == "endorsement" and vector["unit"]
    )
    return bytes.fromhex(fit["der"])


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of published payloads and settings; they belong to others and are not part of this repository."""
    folder = os.environ.get("F10_SAMPLES")
    if folder is None:
        pytest.skip("The published samples are missing: F10_SAMPLES names no folder.")
    return Path(folder)


@pytest.fixture(scope="session")
def openssl() -> Callable[..., bytes]:
    """Runs the OpenSSL command line, which judges our cryptography without any of our code."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("The program openssl is missing; it would check our cryptography independently.")

    def run(*arguments: str | Path, stdin: bytes = b"") -> bytes:
        done = subprocess.run([program, *arguments], input=stdin, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    return run
