from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from botsched.errors import SettingsError
from botsched.proxy.certificate import authority_note, check_certificate, expiry

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


def make_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def key_pem(key: ec.EllipticCurvePrivateKey, passphrase: bytes | None = None) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase)
        if passphrase
        else serialization.NoEncryption(),
    )


def certificate_pem(
    key: ec.EllipticCurvePrivateKey,
    *,
    name: str = "localhost",
    issuer: tuple[str, ec.EllipticCurvePrivateKey] | None = None,
    begins: datetime = NOW - DAY,
    ends: datetime = NOW + DAY,
    authority: bool = False,
) -> bytes:
    signer_name, signer = issuer or (name, key)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, signer_name)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .sign(signer, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )


def fault(path: Path) -> str:
    with pytest.raises(SettingsError) as caught:
        check_certificate(path)
    [only] = caught.value.faults
    assert str(path) in only
    return only


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "server.pem"


def test_certificate_and_key_in_either_order_are_fine(path: Path) -> None:
    key = make_key()
    path.write_bytes(certificate_pem(key) + key_pem(key))
    check_certificate(path)
    path.write_bytes(key_pem(key) + certificate_pem(key))
    check_certificate(path)


def test_a_chain_is_fine(path: Path) -> None:
    authority, key = make_key(), make_key()
    leaf = certificate_pem(key, issuer=("authority", authority))
    path.write_bytes(
        leaf + certificate_pem(authority, name="authority", authority=True) + key_pem(key)
    )
    check_certificate(path)


def test_a_file_that_cannot_be_read_is_named(path: Path) -> None:
    assert "cannot be read (No such file" in fault(path)


def test_a_file_without_certificate_is_named(path: Path) -> None:
    path.write_bytes(b"\xff\x00nonsense")
    assert "no certificate" in fault(path)


def test_a_file_without_key_is_named(path: Path) -> None:
    path.write_bytes(certificate_pem(make_key()))
    assert "no private key" in fault(path)


def test_the_key_of_another_certificate_is_named(path: Path) -> None:
    path.write_bytes(certificate_pem(make_key()) + key_pem(make_key()))
    assert "does not belong" in fault(path)


def test_a_key_with_passphrase_is_named_without_asking_for_it(path: Path) -> None:
    key = make_key()
    path.write_bytes(certificate_pem(key) + key_pem(key, b"secret"))
    assert "passphrase" in fault(path)


def test_an_expired_certificate_is_named(path: Path) -> None:
    key = make_key()
    path.write_bytes(certificate_pem(key, begins=NOW - 3 * DAY, ends=NOW - DAY) + key_pem(key))
    assert "expired" in fault(path)


def test_a_certificate_of_the_future_is_named(path: Path) -> None:
    key = make_key()
    path.write_bytes(certificate_pem(key, begins=NOW + DAY, ends=NOW + 2 * DAY) + key_pem(key))
    assert "not yet valid" in fault(path)


def test_a_damaged_certificate_is_named(path: Path) -> None:
    key = make_key()
    damaged = certificate_pem(key).replace(b"M", b"N", 1)
    path.write_bytes(damaged + key_pem(key))
    assert "OpenSSL refuses it" in fault(path)


def test_only_an_authority_is_noted(path: Path) -> None:
    key = make_key()
    path.write_bytes(certificate_pem(key, authority=True) + key_pem(key))
    assert "trusts every certificate that its key signs" in (authority_note(path) or "")
    path.write_bytes(certificate_pem(key) + key_pem(key))
    assert authority_note(path) is None


@pytest.mark.parametrize("authority", [True, False])
@pytest.mark.parametrize("ends", [NOW + DAY, NOW - DAY])
def test_the_end_of_a_certificate_is_known_before_and_after_it(
    path: Path, authority: bool, ends: datetime
) -> None:
    key = make_key()
    pem = certificate_pem(key, begins=NOW - 3 * DAY, ends=ends, authority=authority)
    path.write_bytes(pem + key_pem(key))

    assert expiry(path) == ends.replace(microsecond=0)


def test_of_what_is_no_certificate_the_end_is_not_known(path: Path) -> None:
    assert expiry(path) is None
    path.write_text("no certificate")
    assert expiry(path) is None
    path.write_bytes(certificate_pem(make_key()) + key_pem(make_key()))
    assert expiry(path) is None
