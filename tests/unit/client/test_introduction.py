"""Getting to know servers that show certificates of all kinds."""

import ssl
from pathlib import Path

import pytest

from botsched.client import CertificateError, Client, ConfigurationError, ConnectionFailedError
from botsched.client.address import Address
from botsched.client.introduction import Introduction
from botsched.client.trust import Kind, TrustStore, usual_store
from botsched.proxy.certificate import fingerprint
from tests.support.certificates import write_self_signed, write_signed


@pytest.fixture
def store(tmp_path: Path) -> TrustStore:
    return TrustStore(tmp_path / "kept")


@pytest.fixture
def meet(listen_with, store):
    """An introduction to a server that shows the certificate of a file."""

    def meet(file: Path, host: str = "127.0.0.1") -> Introduction:
        return Introduction(Address.parse(f"https://{host}:{listen_with(file).port}"), store)

    return meet


def test_an_authority_that_is_shown_is_kept_rather_than_what_it_signs(meet, tmp_path, store):
    authority = write_signed(tmp_path / "server.pem")
    server = meet(tmp_path / "server.pem")
    assert not server.is_known
    assert not server.is_kept

    kind, certificate = server.candidate()
    assert kind is Kind.AUTHORITY
    assert certificate.pem == authority.read_text()
    file = server.keep(kind, certificate)

    assert file == store.folder / f"{server.address.place}.authority.pem"
    assert server.is_known


def test_a_certificate_that_stands_alone_is_kept_itself_and_for_any_name(meet, tmp_path):
    server = meet(write_self_signed(tmp_path / "server.pem", host="elsewhere.example"), "localhost")
    kind, certificate = server.candidate()
    assert kind is Kind.SERVER
    server.keep(kind, certificate)
    assert server.is_known


def test_what_an_authority_signs_is_trusted_for_its_own_name_alone(meet, tmp_path):
    write_signed(tmp_path / "server.pem", host="elsewhere.example")
    server = meet(tmp_path / "server.pem", "localhost")
    with pytest.raises(CertificateError, match=r"Nothing is kept: .*[Hh]ostname mismatch"):
        server.keep(*server.candidate())
    assert not server.is_known


def test_another_certificate_than_the_kept_one_is_not_trusted(meet, tmp_path, store):
    server = meet(write_self_signed(tmp_path / "one.pem"))
    other = meet(write_self_signed(tmp_path / "other.pem"))
    store.keep(server.address, *other.candidate())
    assert server.is_kept
    assert not server.is_known
    store.keep(server.address, *server.candidate())
    assert server.is_known


def test_who_does_not_trust_it_is_told_why(meet, tmp_path):
    server = meet(write_self_signed(tmp_path / "one.pem"))
    other = meet(write_self_signed(tmp_path / "other.pem"))

    def told(**access: str) -> str:
        with (
            Client(str(server.address), **access) as client,
            pytest.raises(CertificateError, match="self-signed certificate") as error,
        ):
            client.files()
        return str(error.value)

    cure = f'"bots-scheduler trust {server.address}" shows it'
    assert f"The certificate of {server.address} is not trusted (" in told()
    assert cure in told()
    usual_store().keep(server.address, *other.candidate())
    assert "not what you trust for it so far" in told()
    assert cure in told()
    by_file = told(ca=str(tmp_path / "other.pem"))
    assert f"is not trusted by {tmp_path / 'other.pem'} (" in by_file
    assert "bots-scheduler trust" not in by_file


def test_a_fingerprint_chooses_what_has_it(meet, tmp_path):
    write_signed(tmp_path / "server.pem")
    server = meet(tmp_path / "server.pem")
    leaf, authority = server.chain
    assert server.with_fingerprint(leaf.fingerprint) == (Kind.SERVER, leaf)
    written = authority.fingerprint.replace(":", "").lower()
    assert server.with_fingerprint(f" {written}\n") == (Kind.AUTHORITY, authority)
    with pytest.raises(CertificateError) as error:
        server.with_fingerprint("AB:CD")
    assert "no certificate with the fingerprint AB:CD" in str(error.value)
    assert authority.fingerprint in str(error.value)


def test_a_file_is_taken_for_what_it_holds(meet, tmp_path):
    authority = write_signed(tmp_path / "server.pem")
    server = meet(tmp_path / "server.pem")
    leaf, root = server.chain
    assert server.from_file(authority) == (Kind.AUTHORITY, root)
    assert server.from_file(tmp_path / "server.pem") == (Kind.AUTHORITY, root)
    (tmp_path / "leaf.pem").write_text(f"a comment\n{leaf.pem}")
    assert server.from_file(tmp_path / "leaf.pem") == (Kind.SERVER, leaf)
    other = write_self_signed(tmp_path / "other.pem")
    with pytest.raises(CertificateError, match="Nothing is kept"):
        server.keep(*server.from_file(other))


@pytest.mark.parametrize("write", [write_signed, write_self_signed])
def test_the_fingerprint_is_that_which_the_server_tells_its_administrator(meet, tmp_path, write):
    write(tmp_path / "server.pem")
    _, certificate = meet(tmp_path / "server.pem").candidate()
    assert fingerprint(tmp_path / "server.pem").endswith(f" {certificate.fingerprint}")
    assert ssl.PEM_cert_to_DER_cert(certificate.pem) == certificate.data


def test_who_is_not_there_is_told(listen):
    listener = listen(lambda connection: connection.sendall(b"HTTP/1.1 400 no\r\n\r\n"))
    with pytest.raises(ConnectionFailedError, match="does not speak TLS"):
        _ = Introduction(Address.parse(f"https://127.0.0.1:{listener.port}")).chain
    with pytest.raises(ConfigurationError, match="has no certificate; write https"):
        Introduction(Address.parse("http://127.0.0.1"))
