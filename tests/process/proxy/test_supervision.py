"""The life of the proxy's process."""

import os
import signal
import socket
import ssl
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from botsched.errors import StartError
from botsched.proxy import supervisor as module
from tests.process.proxy.conftest import Proxy, Upstream, eventually, unverified
from tests.support.certificates import write_self_signed
from tests.support.waiting import is_alive

pytestmark = pytest.mark.slow


def shown_certificate(proxy: Proxy) -> bytes | None:
    with (
        socket.create_connection(("127.0.0.1", proxy.port)) as plain,
        unverified().wrap_socket(plain, server_hostname="localhost") as connection,
    ):
        return connection.getpeercert(binary_form=True)


def leaf_of(path: Path) -> bytes:
    text = path.read_text()
    return ssl.PEM_cert_to_DER_cert(text[text.index("-----BEGIN CERT") :])


def test_it_starts_serves_and_stops(start_proxy: Callable[..., Proxy]) -> None:
    proxy = start_proxy()
    pid = proxy.supervisor.pid
    assert pid is not None
    assert proxy.ask().status == 200
    assert stat.S_IMODE(proxy.state.stat().st_mode) == 0o700
    proxy.supervisor.stop()
    proxy.supervisor.stop()
    assert proxy.supervisor.pid is None
    assert proxy.supervisor.state == "stopped"
    assert not is_alive(pid)
    assert not proxy.gave_up


def test_stopping_one_that_was_never_started_is_harmless(tmp_path: Path) -> None:
    settings = module.ProxySettings("127.0.0.1", 0, 1, tmp_path / "users", tmp_path / "state")
    module.ProxySupervisor(settings, "s", print).stop()


def test_it_stops_with_connections_open(start_proxy: Callable[..., Proxy]) -> None:
    proxy = start_proxy()
    with proxy.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n")
        pid = proxy.supervisor.pid
        assert pid is not None
        proxy.supervisor.stop()
        assert not is_alive(pid)


def test_neither_arguments_nor_environment_hold_the_secret(
    start_proxy: Callable[..., Proxy], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOTS_SCHEDULER_DB_PASSWORD", "hunter2")
    proxy = start_proxy()
    process = Path(f"/proc/{proxy.supervisor.pid}")
    visible = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
    assert b"the-secret-of-this-run" not in visible
    assert b"hunter2" not in visible


def test_a_killed_proxy_is_started_again_on_its_port(start_proxy: Callable[..., Proxy]) -> None:
    proxy = start_proxy()
    port, pid = proxy.port, proxy.supervisor.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: proxy.supervisor.restarts == 1)
    assert proxy.supervisor.pid not in (None, pid)
    assert proxy.port == port
    assert proxy.ask().status == 200
    assert proxy.supervisor.state == "running"


def test_one_that_keeps_failing_is_given_up(
    start_proxy: Callable[..., Proxy], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FIRST_DELAY", 0.01)
    proxy = start_proxy()
    pid = proxy.supervisor.pid
    assert pid is not None
    proxy.users.write_text("broken\n")
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: proxy.gave_up)
    [sentence] = proxy.gave_up
    assert "started 5 times in vain" in sentence
    assert "line 1" in sentence
    assert proxy.supervisor.pid is None
    assert proxy.supervisor.state == "given up"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_the_proxy_ends_with_its_parent(
    upstream: Upstream, tmp_path: Path, number: signal.Signals
) -> None:
    (tmp_path / "users").write_text("ann:{SHA}NMfTLf4kql4x98PMVl16orqGin0=\n")
    program = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from botsched.proxy.supervisor import ProxySupervisor\n"
        "from botsched.settings.model import ProxySettings\n"
        "folder = Path(sys.argv[1])\n"
        "settings = ProxySettings('127.0.0.1', 0, 1, folder / 'users', folder / 'state')\n"
        "proxy = ProxySupervisor(settings, 'secret', print)\n"
        "proxy.start()\n"
        "print(proxy.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_alive(child)
        parent.send_signal(number)
        parent.wait()
    eventually(lambda: not is_alive(child))


def test_a_port_in_use_is_one_clear_line(
    start_proxy: Callable[..., Proxy], capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StartError) as caught:
            start_proxy(port=port)
    assert f"cannot listen on 127.0.0.1:{port}: Address already in use" in str(caught.value)
    assert "--port" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert capfd.readouterr().err == ""


def test_a_users_file_that_is_not_there_is_one_clear_line(
    start_proxy: Callable[..., Proxy], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(StartError, match="Cannot read the htpasswd file"):
        start_proxy(htpasswd=tmp_path / "none")
    assert capfd.readouterr().err == ""


def test_it_listens_on_all_addresses_of_both_families(start_proxy: Callable[..., Proxy]) -> None:
    proxy = start_proxy(host="")
    assert proxy.ask(source="127.0.0.1").status == 200
    with socket.create_connection(("::1", proxy.port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 308 ")


def test_a_given_certificate_is_shown_and_its_renewal_too(
    start_proxy: Callable[..., Proxy], tmp_path: Path
) -> None:
    pem = write_self_signed(tmp_path / "server.pem")
    proxy = start_proxy(certificate=pem)
    first = leaf_of(pem)
    assert shown_certificate(proxy) == first
    write_self_signed(pem)
    assert leaf_of(pem) != first
    eventually(lambda: shown_certificate(proxy) == leaf_of(pem))
    assert proxy.ask().status == 200


def test_a_broken_certificate_leaves_the_old_one_in_use(
    start_proxy: Callable[..., Proxy], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pem = write_self_signed(tmp_path / "server.pem")
    proxy = start_proxy(certificate=pem)
    before = leaf_of(pem)
    pem.write_text(pem.read_text().partition("-----BEGIN CERTIFICATE")[0])
    log = ""

    def told() -> bool:
        nonlocal log
        log += capfd.readouterr().err
        return "holds no certificate" in log

    eventually(told)
    assert shown_certificate(proxy) == before


def test_sighup_reads_the_files_again(
    start_proxy: Callable[..., Proxy], capfd: pytest.CaptureFixture[str]
) -> None:
    proxy = start_proxy()
    assert proxy.supervisor.pid is not None
    os.kill(proxy.supervisor.pid, signal.SIGHUP)
    eventually(lambda: "was read again" in capfd.readouterr().err)
    assert proxy.ask().status == 200
