"""A real server on a free port, over a real database and the real runner."""

import asyncio
import gzip
import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from botsched.domain.clock import system_clock
from botsched.domain.job import Missed, Policy
from botsched.execution.processes import this_instance
from botsched.execution.recording import Recorder
from botsched.execution.runner import Runner
from botsched.feed.feed import Feed
from botsched.notify.letter import Letterhead
from botsched.outbox.contents import Contents
from botsched.proxy.identity import SECRET_HEADER, USER_HEADER, encode_user
from botsched.scheduling.controls import ControlService
from botsched.scheduling.executions import AuditService, ExecutionService
from botsched.scheduling.files import FileService
from botsched.scheduling.instances import InstanceService
from botsched.scheduling.jobs import JobService
from botsched.scheduling.mails import MailService
from botsched.scheduling.statistics import StatisticsService
from botsched.scheduling.timelines import TimelineService
from botsched.scheduling.verifying import VerificationService
from botsched.settings.model import (
    DatabaseSettings,
    Dbms,
    ExecutionSettings,
    Security,
    SmtpProfile,
    Webhook,
    WebSettings,
)
from botsched.store.store import Store
from botsched.web.server import Services, WebServer
from tests.support import spec, swagger
from tests.support.waiting import PATIENCE

PARTS = spec.described()["components"]["schemas"]["System"]["properties"].keys() - {"time"}
SECRET = "the secret of this run"
PROFILES = tuple(
    SmtpProfile(
        name, "localhost", 25, Security.UNENCRYPTED, "bots@example.com", ("a@x.example",),
        user="bots", password="hidden",
    )
    for name in ("ops", "dev")
)  # fmt: skip
HOOK = Webhook("chat", url="https://chat.example.com/hidden", secret="hidden" * 3, fallback="ops")
CONTENTS = Contents(
    Letterhead(ZoneInfo("UTC"), "https://bots.example.com"),
    lambda job_class: "",
    {profile.name: profile.recipients for profile in PROFILES},
)
JOBS = """
from botscheduler import *

class Greet(JobBase):
    info = {"job_class_name": "Greet <b>", "notes": "Says hello.", "arguments": []}

    def run(self, name="you", times=1):
        for _ in range(times):
            print(f"Hello, {name}!")
        return {"greeted": name}

class Typed(JobBase):
    info = {"arguments": [
        {"type": "int", "name": "count", "required": True},
        {"type": "secret", "name": "token"},
    ]}

    def run(self, count, token=""):
        return [int(count), len(token)]

class Tell(JobBase):
    info = {"job_class_name": "Tell", "arguments": []}

    @report
    def run(self, text, times=0):
        print(text)
        for number in range(times):
            print(f"line {number} " + "x" * 90)
        yield Title(text)
        yield Table([[text, 12]], header=["what", "count"])
        yield Image(b"GIF89a", "image/gif", alt=text)

class RunTask(JobBase):
    info = {"arguments": [{"type": "string", "name": "taskDefinition", "required": True}]}

    def run(self, taskDefinition, *rest, **more):
        host = {"containerInstanceArn": "arn:h"}
        return {"started": [{"taskArn": "arn:1", **host}, {"taskArn": "arn:2"}]}

class Sleep(JobBase):
    info = {"job_class_name": "Sleep", "arguments": []}

    def run(self):
        import time
        print("zzz", flush=True)
        time.sleep(600)
"""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def told(self) -> str:
        """What an error says."""
        return str(self.json.get("error") or self.json["message"])

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Client:
    """Speaks as the proxy does, and holds every answer to what all answers promise."""

    port: int
    headers: dict[str, str] = field(default_factory=dict)

    def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        sent = self.headers | (headers or {})
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        if body is not None:
            sent = {"Content-Type": "application/json"} | sent
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            received = {name.lower(): value for name, value in response.getheaders()}
            answer = Answer(response.status, received, unpacked(received, response.read()))
        finally:
            connection.close()
        check_promises(method, path, answer)
        spec.check_answer(method, path, answer.status, answer.headers, answer.body)
        swagger.check_answer(method, path, answer.status, answer.body)
        if answer.status < 300:
            spec.check_request(method, path, body)
            swagger.check_request(method, path, body)
        return answer

    def added(self, **fields: Any) -> str:
        """The id of a job that was just added."""
        job = {"name": "a job", "job_class_string": "web_jobs.greet.Greet", "hour": "3"} | fields
        answer = self("POST", "/api/v1/jobs", job)
        assert answer.status == 201, answer.text
        return str(answer.json["job_id"])

    def ended(self, execution_id: str) -> Any:
        """An execution, once it has ended."""
        return until(
            lambda: self("GET", f"/api/v1/executions/{execution_id}").json,
            lambda execution: execution["ended_time"] is not None,
        )

    def ran(self, job_id: str) -> Any:
        """The execution of a job that is run now, once it has ended."""
        return self.ended(self("POST", f"/api/v1/executions/{job_id}").json["execution_id"])


def unpacked(headers: dict[str, str], body: bytes) -> bytes:
    return gzip.decompress(body) if body and "content-encoding" in headers else body


def until(look: Callable[[], Any], done: Callable[[Any], bool]) -> Any:
    deadline = time.monotonic() + PATIENCE
    while not done(seen := look()):
        assert time.monotonic() < deadline, f"Still: {seen}"
        time.sleep(0.01)
    return seen


def check_promises(method: str, path: str, answer: Answer) -> None:
    for name in ("x-content-type-options", "referrer-policy", "content-security-policy"):
        assert name in answer.headers
    framed = "/content?format=html" in path  # the page shows mails in a frame
    ancestors = "'self'" if framed and answer.status == 200 else "'none'"
    assert f"frame-ancestors {ancestors}" in answer.headers["content-security-policy"]
    assert "server" not in answer.headers
    if answer.status >= 400 and method != "HEAD":
        of_ecs = path.startswith("/ecs")
        told, more = ("message", {"messages"}) if of_ecs else ("error", {"fields", "checks"})
        assert {told} <= set(answer.json) <= {told} | more
        assert isinstance(answer.json[told], str)
        assert answer.json[told]
        assert "Traceback" not in answer.text
    if "json" in answer.headers.get("content-type", "") and "etag" not in answer.headers:
        assert answer.headers["cache-control"] == "no-store"


@contextmanager
def serving(
    services: Services,
    secret: str | None = SECRET,
    static_dir: Path | None = None,
    index_page: Path | None = None,
) -> Iterator[WebServer]:
    """A server on an event loop in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def start() -> WebServer:
        settings = WebSettings(0, static_dir=static_dir, index_page=index_page)
        server = WebServer(settings, services, secret=secret)
        server.start()
        return server

    async def stop() -> None:
        server.stop()
        await server._server.close_all_connections()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    server = asyncio.run_coroutine_threadsafe(start(), loop).result(PATIENCE)
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result(PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    base = tmp_path_factory.mktemp("server")
    folder = base / "web_jobs"
    folder.mkdir()
    (folder / "greet.py").write_text(JOBS)
    (folder / "broken.py").write_text("import nothing_of_that_name\n")
    store = Store(DatabaseSettings(Dbms.SQLITE, path=base / "test.db"))
    secrets = base / "secrets.ini"
    secrets.write_text("[secrets]\ntoken = sesame, open the big door!\n")
    secrets.chmod(0o600)
    settings = ExecutionSettings((folder,), base / "data", stop_grace=1, secrets=secrets)
    defaults = Policy(Missed.LATEST, misfire=timedelta(hours=1), max_instances=3)
    # Rules may name profiles; but nothing is owed through them, for nobody delivers it.
    selecting = replace(defaults, profiles=tuple(profile.name for profile in PROFILES))
    runner = Runner(settings, Recorder(store, system_clock, defaults), system_clock)
    runner.start()
    runner.catalogue(timeout=PATIENCE)
    feed = Feed(store, system_clock)
    feed.start()
    yield Services(
        jobs=JobService(store, runner, system_clock, selecting, "UTC", lambda: None),
        executions=ExecutionService(store, runner, system_clock),
        mails=MailService(store, CONTENTS, PROFILES, system_clock),
        controls=ControlService(store, runner, system_clock, defaults, lambda: None),
        audit=AuditService(store, system_clock),
        files=FileService(store, system_clock, base / "data", runner.catalogue),
        verification=VerificationService(store, system_clock),
        statistics=StatisticsService(store, system_clock),
        timeline=TimelineService(store, system_clock),
        instances=InstanceService(store, this_instance(store.id), system_clock),
        feed=feed,
        profiles=(*PROFILES, HOOK),
        checks={"database": lambda: None},
        system=lambda: {part: {"error": "It is not there."} for part in PARTS},
    )
    feed.close()
    runner.close()
    store.close()


@pytest.fixture(scope="module")
def server(services: Services) -> Iterator[WebServer]:
    with serving(services) as server:
        yield server


def client_of(server: WebServer, user: str = "ann") -> Client:
    headers = {
        USER_HEADER: encode_user(user),
        SECRET_HEADER: SECRET,
        "X-Forwarded-For": "192.0.2.7",
        "X-Forwarded-Proto": "https",
    }
    return Client(server.port, headers)


@pytest.fixture
def ask(server: WebServer) -> Client:
    return client_of(server)


@pytest.fixture
def stranger(server: WebServer) -> Client:
    """A program on this machine that does not come through the proxy."""
    return Client(server.port)


@pytest.fixture
def as_user(server: WebServer) -> Callable[[str], Client]:
    return lambda user: client_of(server, user)


@pytest.fixture(name="serving")
def serving_fixture() -> Callable[..., Any]:
    return serving


@pytest.fixture
def client() -> Callable[..., Client]:
    return Client
