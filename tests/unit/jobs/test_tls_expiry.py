import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.unit.jobs.conftest import RunJob, shown

NAME = "tls_expiry.TlsExpiry"

Serve = Callable[[float], int]


def write_certificate(path: Path, days_left: float) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "intranet.example")])
    end = datetime.now(UTC) + timedelta(days=days_left, minutes=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(end - timedelta(days=90))
        .not_valid_after(end)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))


def shake_hands(server: socket.socket, context: ssl.SSLContext) -> None:
    try:
        while True:
            connection, _ = server.accept()
            with context.wrap_socket(connection, server_side=True) as secure:
                secure.recv(1)
    except OSError:  # closed by the test
        return


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start a TLS server whose certificate has so many days left; gives its port."""
    with ExitStack() as stack:

        def start(days_left: float) -> int:
            write_certificate(tmp_path / "server.pem", days_left)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tmp_path / "server.pem")
            server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            thread = threading.Thread(target=shake_hands, args=(server, context))
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown, socket.SHUT_RDWR)
            return int(server.getsockname()[1])

        yield start


def test_a_certificate_with_enough_days_succeeds(run_job: RunJob, serve: Serve) -> None:
    outcome = run_job(NAME, "127.0.0.1", str(serve(30)), "29.5")
    assert (outcome.succeeded, outcome.error) == (True, None)
    assert "CN=intranet.example" in shown(outcome)
    assert "30.0" in shown(outcome)


def test_a_certificate_with_too_few_days_fails_and_is_reported(
    run_job: RunJob, serve: Serve
) -> None:
    port = serve(5)
    outcome = run_job(NAME, "localhost", port)
    assert outcome.error == f"The certificate of localhost:{port} expires in 5.0 days."
    assert "Valid until" in shown(outcome)


def test_an_expired_certificate_fails(run_job: RunJob, serve: Serve) -> None:
    port = serve(-3)
    outcome = run_job(NAME, "127.0.0.1", port, 0)
    assert outcome.error == f"The certificate of 127.0.0.1:{port} expired 3.0 days ago."


def test_a_server_without_tls_fails(run_job: RunJob) -> None:
    with socket.create_server(("127.0.0.1", 0)) as plain:
        port = plain.getsockname()[1]

        def speak() -> None:
            connection, _ = plain.accept()
            with connection:
                connection.sendall(b"220 mail.example ESMTP\r\n")
                connection.recv(4096)

        thread = threading.Thread(target=speak)
        thread.start()
        outcome = run_job(NAME, "127.0.0.1", port)
        thread.join()
    assert str(outcome.error).startswith(f"127.0.0.1:{port} does not speak TLS: ")


def test_a_server_that_says_nothing_fails_in_time(run_job: RunJob) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        outcome = run_job(NAME, "127.0.0.1", port, 14, 0.2)
    assert "timed out" in str(outcome.error)


def test_a_server_that_is_not_there_fails(run_job: RunJob) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        error = run_job(NAME, "127.0.0.1", port).error
    assert str(error).startswith(f"127.0.0.1:{port} cannot be reached: ")


def test_a_wrong_port_is_said_in_a_sentence(run_job: RunJob) -> None:
    assert run_job(NAME, "localhost", "https").error == "The port must be a number, not 'https'."
