"""The factory's certificates of Secure Boot: stand-ins that say so, and models that bring them."""

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.oid import NameOID

from emulator import models
from emulator.firmware.certificates import Certificate
from emulator.models import factory_keys
from firmware_store.signature_list import check_lists
from tests.firmware.bench import small_model

READ = {which: x509.load_der_x509_certificate(der) for which, der in factory_keys.packaged().items()}


def test_each_is_there_once() -> None:
    assert list(READ) == list(Certificate)
    assert len(set(factory_keys.packaged().values())) == len(Certificate)


def test_each_says_that_it_is_none_of_a_vendors() -> None:
    for each in READ.values():
        (name,) = each.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        (organization,) = each.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
        assert str(name.value).startswith(("f10 emulated ", "f10 stand-in for the "))
        assert organization.value == "f10 emulator, which is no vendor"


def test_the_platform_key_signs_the_key_exchange_key_and_every_other_one_itself() -> None:
    for which, each in READ.items():
        issuer = Certificate.PLATFORM if which is Certificate.EXCHANGE else which
        each.verify_directly_issued_by(READ[issuer])


def test_firmware_takes_every_key() -> None:
    for each in READ.values():
        key = each.public_key()
        assert isinstance(key, RSAPublicKey)
        assert (key.key_size, key.public_numbers().e) == (2048, 65537)


def test_packaged_models_bring_them_and_others_get_them() -> None:
    for name in models.names():
        packaged = models.packaged(name)
        assert packaged.certificates == factory_keys.packaged()
        assert models.with_factory_keys(packaged) is packaged
        assert packaged.has_secure_boot
    bare = small_model()
    assert bare.certificates == {}
    assert models.with_factory_keys(bare).certificates == factory_keys.packaged()
    assert not models.with_factory_keys(bare).has_secure_boot


def test_the_file_is_read_whatever_stands_between_its_blocks() -> None:
    text = "A head.\n\nplatform key\n-----BEGIN CERTIFICATE-----\nAAEC\n-----END CERTIFICATE-----\nmore\n"
    assert factory_keys.parsed(text) == {Certificate.PLATFORM: b"\0\1\2"}
    assert factory_keys.parsed("nothing") == {}


def test_a_whole_database_of_them_is_one_that_firmware_stores() -> None:
    from emulator.firmware import signature_databases

    built = signature_databases.factory(factory_keys.packaged(), [Certificate.UEFI_2023])
    assert list(built) == ["PK", "KEK", "db", "dbx"]
    for name, data in built.items():
        check_lists(data, single=name == "PK")
