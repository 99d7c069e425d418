"""The enrolment picture, read with another library than the one that drew it."""

import hashlib
import io
import json

import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from PIL import Image, ImageOps

from emulator.companions.admin import enrolment_picture
from emulator.companions.admin.enrolment_picture import TooMuchText
from emulator.protocol import enrolment
from emulator.protocol.keys import PublicKey
from tests.codes import QR_CODES, codes_in

PASSPHRASE = "correct horse battery staple"


def picture(text: str) -> Image.Image:
    return Image.open(io.BytesIO(enrolment_picture.png(text)))


def read(drawn: Image.Image) -> str:
    (code,) = codes_in(drawn.convert("L"))
    return code


@pytest.mark.parametrize("name", ["DEMO key", 'Schlüssel "Ä" für пароль 🔑'])
@pytest.mark.parametrize("of", [(None, None), ("HP ZBook Power G7", "DEMO000001")])
def test_it_is_large_framed_and_holds_the_real_format(
    local_access_key: RSAPrivateKey, name: str, of: tuple[str | None, str | None]
) -> None:
    text = enrolment_picture.package_text(
        local_access_key, key_name=name, passphrase=PASSPHRASE, model=of[0], serial=of[1]
    )
    drawn = picture(text)
    assert drawn.width >= 800
    assert drawn.height >= 600
    assert read(drawn) == text
    members = json.loads(text)
    optional = ["Model", "SerNum"] if of[0] else []
    assert list(members) == [
        "Ver", "Type", "KeyId", "KeyAlgo", "PvtKey", "KeyExp", "KeyName", "KeyBkupEn", "CanModKeyBkup", "CanExport",
        "AADRevocation", *optional,
    ]  # fmt: skip
    assert (members["Ver"], members["Type"], members["KeyAlgo"]) == ("002", "001", "007")
    assert members["KeyId"] == PublicKey.of(local_access_key).key_id
    opened = enrolment.open_package(enrolment.parse(text), PASSPHRASE)
    assert opened.private_numbers().d > 0
    assert PublicKey.of(opened) == PublicKey.of(local_access_key)


def test_around_the_code_lie_four_light_modules() -> None:
    drawn = picture("x" * 640).convert("L")
    (code,) = zxingcpp.read_barcodes(drawn, formats=QR_CODES)
    left, top, right, bottom = ImageOps.invert(drawn).getbbox() or (0, 0, 0, 0)
    version = 20
    assert str(version) in str(code.extra)
    module = (right - left) / (17 + 4 * version)
    assert min(left, top, drawn.width - right, drawn.height - bottom) >= 4 * module


def test_salt_and_iv_are_drawn_anew_each_time(local_access_key: RSAPrivateKey) -> None:
    texts = {
        enrolment_picture.package_text(local_access_key, key_name="key", passphrase=PASSPHRASE)
        for _ in range(3)
    }
    assert len(texts) == 3


def test_the_randomness_can_be_the_caller_s(local_access_key: RSAPrivateKey) -> None:
    def octets(count: int) -> bytes:
        return hashlib.sha256(b"demo").digest()[:count]

    once, again = (
        enrolment_picture.package_text(local_access_key, key_name="key", passphrase=PASSPHRASE, octets=octets)
        for _ in range(2)
    )
    assert once == again


def test_what_no_code_can_hold_is_refused() -> None:
    with pytest.raises(TooMuchText, match="no QR code holds"):
        enrolment_picture.png("x" * 2400)
