"""The Python client of the REST API."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeVar
from urllib.parse import quote, urlencode

from botsched.client.access import find_access
from botsched.client.errors import (
    CertificateError,
    ConfigurationError,
    ConnectionFailedError,
    ServerError,
    StillRunningError,
)
from botsched.client.session import Session
from botsched.client.transport import Transport
from botsched.client.trust import usual_store
from botsched.client.values import DataFile, Execution, Job, LogEntry, Mail, Output

_OUTPUT_PAGE: Final = 1_000_000
_LOOK_FIRST, _LOOK_LATER = 0.1, 1.0
_PATIENCE: Final = 60.0
_AWAY: Final = frozenset({502, 503})

Value = TypeVar("Value")
Arguments = Sequence[Any] | Mapping[str, Any]


class Client:
    """Speaks to one server, over a connection that is kept; may be used by several threads.

    Without arguments, server and login are taken from the environment or from
    ``~/.config/bots-scheduler/client.ini``. ``server`` is an address, or the name of a section of
    that file; ``ca`` a file with the certificate to trust; ``timeout`` how many seconds one request
    may take. All methods raise the errors of ``botsched.client.errors``.
    """

    def __init__(
        self,
        server: str | None = None,
        user: str | None = None,
        password: str | None = None,
        *,
        ca: str | Path | None = None,
        config: str | Path | None = None,
        timeout: float = 30.0,
    ) -> None:
        if timeout <= 0:
            raise ConfigurationError(f"timeout {timeout:g}: give a number of seconds above 0.")
        access = find_access(server, user, password, ca=ca, config=config)
        encrypted = access.address.is_encrypted
        context = usual_store().context(access.address, access.ca) if encrypted else None
        self._access = access
        self._transport = Transport(access, context, timeout)
        self._session = Session(access, self._transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Client({str(self._access.address)!r}, user={self._access.user!r})"

    def close(self) -> None:
        """Close the connection; it is made anew when the client is used again."""
        self._transport.close()

    # Jobs

    def jobs(self, **filters: Any) -> Iterator[Job]:
        """All jobs, or those that match: ``text``, ``state``... as ``GET /jobs`` takes them."""
        return map(Job.from_data, self._session.listed("jobs", filters))

    def jobs_named(self, name: str) -> list[Job]:
        """The jobs of exactly this name; there may be several."""
        return [job for job in self.jobs(text=name) if job.name == name]

    def job(self, job: "str | Job") -> Job:
        """A job as it is now."""
        return Job.from_data(self.request("GET", f"jobs/{_job_id(job)}"))

    def add_job(self, name: str, job_class: str, arguments: Arguments = (), **fields: Any) -> Job:
        """Add a job; ``fields`` are its schedule and rules, such as ``crontab="*/5 * * * *"``."""
        body = {"name": name, "job_class_string": job_class, "pub_args": arguments} | fields
        return self.job(self.request("POST", "jobs", body)["job_id"])

    def update_job(
        self,
        job: "str | Job",
        *,
        job_class: str | None = None,
        arguments: Arguments | None = None,
        **fields: Any,
    ) -> Job:
        """Change what is given; with ``version``, only if the job is still of that version."""
        if job_class is not None:
            fields["job_class_string"] = job_class
        if arguments is not None:
            fields["pub_args"] = arguments
        return self.job(self.request("PUT", f"jobs/{_job_id(job)}", fields)["job_id"])

    def delete_job(self, job: "str | Job") -> None:
        """Delete a job; its executions stay."""
        self.request("DELETE", f"jobs/{_job_id(job)}")

    def pause(self, job: "str | Job", until: datetime | str | None = None) -> None:
        """Pause a job, until it is resumed or until a time."""
        body = {} if until is None else {"until": until}
        self.request("POST", f"jobs/{_job_id(job)}/pause", body)

    def resume(self, job: "str | Job") -> None:
        """Let a paused job go on."""
        self.request("POST", f"jobs/{_job_id(job)}/resume", {})

    # Executions

    def run(
        self,
        job: "str | Job",
        arguments: Arguments | None = None,
        *,
        wait: bool = False,
        timeout: float | None = None,
    ) -> Execution:
        """Run a job now, with arguments of its own or other ones for this run.

        With ``wait`` the answer comes when the run has ended, however it did; StillRunningError
        when that takes more than ``timeout`` seconds.
        """
        body = {} if arguments is None else {"pub_args": arguments}
        execution_id = self.request("POST", f"jobs/{_job_id(job)}/run", body)["execution_id"]
        return self.wait(execution_id, timeout) if wait else self.execution(execution_id)

    def wait(self, execution: "str | Execution", timeout: float | None = None) -> Execution:
        """Wait until an execution has ended. StillRunningError after ``timeout`` seconds.

        A server that is away for a moment is waited for.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        pauses = _pauses()
        while not (seen := self._patiently(partial(self.execution, execution))).ended:
            pause = next(pauses)
            if deadline is not None:
                pause = min(pause, deadline - time.monotonic())
                if pause <= 0:
                    raise StillRunningError(
                        f"The execution {seen.execution_id} of {seen.job_name!r} is still "
                        f"{seen.state} after {timeout:g} seconds; it goes on."
                    )
            time.sleep(pause)
        return seen

    def stop(self, execution: "str | Execution") -> None:
        """Stop an execution; a ConflictError says that it has ended."""
        self.request("DELETE", f"executions/{_execution_id(execution)}")

    def executions(self, job: "str | Job | None" = None, **filters: Any) -> Iterator[Execution]:
        """Executions, the newest first, of one job or of all; as ``GET /executions`` filters them.

        Without ``time_range_start``, those of the last 24 hours.
        """
        if job is not None:
            filters["job_id"] = _job_id(job)
        return map(Execution.from_data, self._session.listed("executions", filters))

    def execution(self, execution: "str | Execution") -> Execution:
        """An execution as it is now, with its report, mails and attempts."""
        return Execution.from_data(self.request("GET", f"executions/{_execution_id(execution)}"))

    def output(self, execution: "str | Execution") -> str:
        """All that was printed so far."""
        path = f"executions/{_execution_id(execution)}/output?format=text"
        return self._session.ask("GET", path).body.decode("utf-8", "replace")

    def report(
        self, execution: "str | Execution", form: str = "text", table: int | None = None
    ) -> str:
        """The report, or one of its tables, as ``text``, ``html``, ``json`` or ``csv``.

        Tables and plots are counted from 1; ``csv`` gives the first one when none is named.
        NotFoundError when there is no report, or no such table.
        """
        query = {"format": form} | ({} if table is None else {"table": table})
        path = f"executions/{_execution_id(execution)}/report?{urlencode(query)}"
        text = self._session.ask("GET", path).body.decode("utf-8-sig")
        return text.replace("\r\n", "\n")

    def follow(self, execution: "str | Execution", after: int = 0) -> Iterator[Output]:
        """What a run prints, piece by piece as it comes, until it has ended.

        ``after`` is the sequence number of the last piece that is known already. A server that is
        away for a moment is waited for.
        """
        path = f"executions/{_execution_id(execution)}/output"
        pauses = _pauses()
        while True:
            query = urlencode({"after": after, "size": _OUTPUT_PAGE})
            page = self._patiently(partial(self.request, "GET", f"{path}?{query}"))
            for piece in map(Output.from_data, page["output"]):
                after = piece.sequence
                yield piece
            if after >= page["last"]:
                if page["ended"]:
                    return
                pauses = _pauses() if page["output"] else pauses
                time.sleep(next(pauses))

    # Mails

    def mails(self, job: "str | Job | None" = None, **filters: Any) -> Iterator[Mail]:
        """Mails, the newest first, about one job or all; as ``GET /mails`` filters them."""
        if job is not None:
            filters["job_id"] = _job_id(job)
        return map(Mail.from_data, self._session.listed("mails", filters))

    def mail(self, mail: "str | Mail") -> Mail:
        """A mail as it is now."""
        return Mail.from_data(self.request("GET", f"mails/{_mail_id(mail)}"))

    def mail_content(self, mail: "str | Mail", form: str = "text") -> str:
        """What a mail tells, as ``text``, ``html``, ``json`` or ``raw``: the whole message."""
        path = f"mails/{_mail_id(mail)}/content?{urlencode({'format': form})}"
        return self._session.ask("GET", path).body.decode("utf-8", "replace")

    def resend(self, mail: "str | Mail") -> Mail:
        """Send a mail once more; what had arrived already is repeated by another mail."""
        return self.mail(self.request("POST", f"mails/{_mail_id(mail)}/resend", {})["mail_id"])

    def resend_all(
        self,
        states: Sequence[str] = ("dead",),
        *,
        profile: str | None = None,
        job: "str | Job | None" = None,
    ) -> int:
        """Send all mails once more that are ``dead``, ``deferred`` or ``held``; how many."""
        job_id = None if job is None else _job_id(job)
        body = {"states": states, "profile": profile, "job_id": job_id}
        resent: int = self.request("POST", "mails/resend", body)["resent"]
        return resent

    def discard(self, mail: "str | Mail") -> None:
        """Give up a mail that waits; a ConflictError says that it does not."""
        self.request("POST", f"mails/{_mail_id(mail)}/discard", {})

    # Files

    def files(self) -> list[DataFile]:
        """All data files."""
        return [DataFile.from_data(data) for data in self.request("GET", "files")["files"]]

    def upload(self, source: str | Path | bytes, name: str | None = None) -> str:
        """Store a data file, in place of one of that name; the name it has then.

        ``source`` is the path of a file, or bytes, which need a name.
        """
        if isinstance(source, bytes):
            if name is None:
                raise TypeError("Bytes need a name: upload(b'...', name='hosts.txt').")
            return self._session.upload(name, source)
        path = Path(source)
        return self._session.upload(name or path.name, path.read_bytes())

    def download(self, name: str) -> bytes:
        """What is in a data file."""
        return self._session.ask("GET", f"files/{quote(name, safe='')}").body

    def delete_file(self, name: str) -> None:
        """Delete a data file."""
        self.request("DELETE", f"files/{quote(name, safe='')}")

    # Everything else

    def logs(self, **filters: Any) -> Iterator[LogEntry]:
        """The audit log, the newest first; without ``time_range_start``, of the last 24 hours."""
        return map(LogEntry.from_data, self._session.listed("logs", filters))

    def request(self, method: str, path: str, body: Any = None) -> Any:
        """Ask for any address below ``/api/v1/``; bodies and answers are JSON data."""
        return self._session.request(method, path, body)

    def _patiently(self, ask: Callable[[], Value]) -> Value:
        """Ask again while the server is away, for a minute."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                return ask()
            except (ConnectionFailedError, ServerError) as error:
                hopeless = isinstance(error, CertificateError) or (
                    isinstance(error, ServerError) and error.status not in _AWAY
                )
                if hopeless or time.monotonic() > deadline:
                    raise
            time.sleep(_LOOK_LATER)


def _job_id(job: str | Job) -> str:
    known = job.job_id if isinstance(job, Job) else job
    if not isinstance(known, str):
        raise TypeError(f"{job!r} is no job: give its id, or a Job.")
    return quote(known, safe="")


def _execution_id(execution: str | Execution) -> str:
    known = execution.execution_id if isinstance(execution, Execution) else execution
    if not isinstance(known, str):
        raise TypeError(f"{execution!r} is no execution: give its id, or an Execution.")
    return quote(known, safe="")


def _mail_id(mail: str | Mail) -> str:
    known = mail.mail_id if isinstance(mail, Mail) else mail
    if not isinstance(known, str):
        raise TypeError(f"{mail!r} is no mail: give its id, or a Mail.")
    return quote(known, safe="")


def _pauses() -> Iterator[float]:
    """How long to wait before each look: short runs are seen at once, long ones cost little."""
    pause = _LOOK_FIRST
    while True:
        yield pause
        pause = min(pause * 1.5, _LOOK_LATER)
