import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.unit.jobs.conftest import RunJob, shown

NAME = "http_check.HttpCheck"


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        match self.path:
            case "/moved":
                self.answer(302, b"", Location="/")
            case "/loop":
                self.answer(302, b"", Location="/loop")
            case "/gone":
                self.answer(410, b"gone away")
            case "/drip":
                self.drip()
            case _:
                self.answer(200, "All fine, naïve".encode("latin-1"))

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "text/plain; charset=latin-1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"drop")
                time.sleep(0.02)
        except OSError:
            return

    def log_message(self, *args: object) -> None: ...


@pytest.fixture
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_an_address_that_answers_succeeds(run_job: RunJob, site: str) -> None:
    outcome = run_job(NAME, f"{site}/", "200", "5", "fine, naïve")
    assert (outcome.succeeded, outcome.error) == (True, None)
    assert "15 bytes" in shown(outcome)


def test_redirects_are_followed_or_expected(run_job: RunJob, site: str) -> None:
    assert run_job(NAME, url=f"{site}/moved", text="fine").succeeded
    assert run_job(NAME, url=f"{site}/moved", status=302, redirects=False).succeeded
    assert run_job(NAME, url=f"{site}/moved", status=302, redirects="false").succeeded
    assert "status 302" in str(run_job(NAME, f"{site}/loop", 200).error)


def test_another_status_fails_and_is_reported(run_job: RunJob, site: str) -> None:
    outcome = run_job(NAME, f"{site}/gone")
    assert outcome.error == f"{site}/gone answered with status 410 instead of 200."
    assert "410" in shown(outcome)
    assert run_job(NAME, f"{site}/gone", 410, 5, "gone away").succeeded


def test_a_missing_text_fails(run_job: RunJob, site: str) -> None:
    outcome = run_job(NAME, f"{site}/", 200, 5, "no such words")
    assert outcome.error == f"The answer of {site}/ does not contain 'no such words'."


def test_a_server_that_drips_does_not_outlast_the_limit(run_job: RunJob, site: str) -> None:
    assert run_job(NAME, f"{site}/drip", 200, 0.2).error == (
        f"{site}/drip did not answer within 0.2 s."
    )


def test_a_silent_server_does_not_outlast_the_limit(run_job: RunJob) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        assert run_job(NAME, url, 200, 0.2).error == f"{url} did not answer within 0.2 s."


def test_a_server_that_speaks_no_http_fails(run_job: RunJob) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"

        def speak() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"220 mail.example ESMTP\r\n")

        thread = threading.Thread(target=speak)
        thread.start()
        assert str(run_job(NAME, url).error).startswith(f"{url} cannot be fetched: BadStatusLine")
        thread.join()


def test_a_server_that_is_not_there_fails(run_job: RunJob) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}/"
        assert "Connection refused" in str(run_job(NAME, url).error)


@pytest.mark.parametrize(
    ("args", "error"),
    [
        (["file:///etc/passwd"], "The address must begin with http:// or https://, not 'file:"),
        (["http://"], "http:// cannot be "),
        (["http://a b/"], "http://a b/ cannot be fetched: InvalidURL"),
        (["http://127.0.0.1:9/", 200, "soon"], "The time limit must be a number, not 'soon'."),
        (["http://127.0.0.1:9/", 200, 1, "", "maybe"], "redirects must be true or false, not"),
    ],
)
def test_wrong_arguments_are_said_in_a_sentence(
    run_job: RunJob, args: list[object], error: str
) -> None:
    assert str(run_job(NAME, *args).error).startswith(error)


def test_a_list_of_addresses_is_checked_as_a_whole(
    run_job: RunJob, site: str, tmp_path: Path
) -> None:
    lines = ["# our pages", "", f"{site}/", f"  {site}/gone  410", f"{site}/moved 200"]
    (tmp_path / "urls.txt").write_text("\n".join(lines))
    assert run_job("http_list.HttpList", "urls.txt").succeeded

    (tmp_path / "urls.txt").write_text("\n".join([*lines, f"{site}/gone", "ftp://x"]))
    outcome = run_job("http_list.HttpList", "urls.txt", "5")
    assert outcome.error == "2 of 5 addresses did not answer as expected."
    assert "status 410 instead of 200" in shown(outcome)
    assert "must begin with http://" in shown(outcome)


def test_a_list_without_addresses_fails(run_job: RunJob, tmp_path: Path) -> None:
    (tmp_path / "urls.txt").write_text("# nothing yet\n")
    assert run_job("http_list.HttpList", "urls.txt").error == "urls.txt lists no address."
