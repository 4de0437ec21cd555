"""What is kept of certificates, and which context comes of it."""

import ssl
from pathlib import Path

import pytest

from botsched.client import ConfigurationError
from botsched.client.address import Address
from botsched.client.trust import (
    Certificate,
    Kind,
    TrustStore,
    configuration_folder,
    read_certificates,
    usual_store,
)
from tests.support.certificates import write_self_signed

ADDRESS = Address.parse("https://host:8888")


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return Certificate(
        ssl.PEM_cert_to_DER_cert(read_certificates(write_self_signed(tmp_path / "one.pem")))
    )


def test_without_anything_kept_the_authorities_of_the_machine_count(tmp_path: Path) -> None:
    context = TrustStore(tmp_path).context(ADDRESS)
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_what_is_kept_counts_alone_and_the_last_one_only(
    tmp_path: Path, certificate: Certificate
) -> None:
    store = TrustStore(tmp_path / "a" / "b")
    for kind, named in ((Kind.SERVER, False), (Kind.AUTHORITY, True), (Kind.SERVER, False)):
        file = store.keep(ADDRESS, kind, certificate)
        assert list(store.folder.iterdir()) == [file]
        context = store.context(ADDRESS)
        assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, named)
        assert context.cert_store_stats()["x509"] == 1
    assert store.folder.stat().st_mode & 0o777 == 0o700


def test_a_file_that_is_named_counts_before_what_is_kept(
    tmp_path: Path, certificate: Certificate
) -> None:
    store = TrustStore(tmp_path / "kept")
    store.keep(ADDRESS, Kind.SERVER, certificate)
    named = write_self_signed(tmp_path / "named.pem")
    assert store.context(ADDRESS, named).get_ca_certs(binary_form=True) == [
        ssl.PEM_cert_to_DER_cert(read_certificates(named))
    ]


def test_a_file_that_is_of_no_use_is_told(tmp_path: Path, certificate: Certificate) -> None:
    file = tmp_path / "x.pem"
    with pytest.raises(ConfigurationError, match=r"x\.pem: cannot be read: No such file"):
        read_certificates(file)
    for content in ("", "nothing", f"{ssl.PEM_HEADER}\nAAAA\n{ssl.PEM_FOOTER}\n"):
        file.write_text(content)
        with pytest.raises(ConfigurationError, match=r"x\.pem: holds no certificate"):
            read_certificates(file)
    with pytest.raises(ConfigurationError, match="cannot be written"):
        TrustStore(file / "below").keep(ADDRESS, Kind.SERVER, certificate)


def test_it_is_kept_where_users_keep_such_things(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert usual_store().folder == tmp_path / "config" / "bots-scheduler" / "trusted"
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert configuration_folder() == tmp_path / ".config" / "bots-scheduler"
