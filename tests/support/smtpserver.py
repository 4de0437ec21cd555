"""A real SMTP server for tests, on a loopback port of its own, that can be told to misbehave.

    with SmtpServer(security="starttls", login=("bot", "secret")) as server:
        ... send to server.host, server.port ...
        received = server.wait_for(1)[0]
        received.sender, received.recipients, received.message["Subject"], received.content

It also runs alone and writes each mail into a folder, for looking at them:

    python -m tests.support.smtpserver --port 2525 --dir /tmp/mails

``security`` is ``unencrypted``, ``ssl`` or ``starttls``. For the latter two the server makes a
certificate for localhost in ``server.certificate``; let clients trust it with SSL_CERT_FILE.

Faults are set at any time by ``server.faults = Faults(...)`` and hold for later commands. Steps
are: connect, helo, starttls, auth, mail, rcpt, data (the command), message (after its text),
accepted (the mail is kept, and only the answer is at fault), rset, quit.
"""

import argparse
import asyncio
import ssl
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.support.certificates import server_context, write_self_signed
from tests.support.waiting import PATIENCE


@dataclass(frozen=True)
class Faults:
    """How the server misbehaves; see the steps above.

    ``replies`` maps steps to what is answered instead (``"451 4.3.0 try later"``); ``refused``
    maps recipients to such an answer. ``drop`` names the step at which the line is cut, ``hang``
    the one after which nothing is ever answered; ``delay`` is seconds before each answer.
    ``greeting`` stands in for the first line, whatever it is. ``most`` mails are taken in a
    session; then it is ended.
    """

    replies: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    drop: str | None = None
    hang: str | None = None
    delay: float = 0.0
    greeting: str | None = None
    most: int | None = None


@dataclass(frozen=True)
class Received:
    """An accepted mail: its envelope, its bytes, and how it came."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    is_encrypted: bool
    user: str | None

    @property
    def message(self) -> EmailMessage:
        """The mail, parsed."""
        message = message_from_bytes(self.content.replace(b"\r\n", b"\n"), policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message


class SmtpServer:
    """The server; a context manager. ``stop`` and ``start`` keep the port.

    ``login`` is the only user and password; with it, nobody else may send. ``size_limit`` is in
    bytes. ``smtputf8`` says whether non-ASCII addresses are taken.
    """

    host = "localhost"

    def __init__(
        self,
        security: str = "unencrypted",
        *,
        login: tuple[str, str] | None = None,
        size_limit: int | None = None,
        smtputf8: bool = False,
        port: int = 0,
        certificate_host: str = "localhost",
    ) -> None:
        self.security = security
        self.login = login
        self.size_limit = size_limit
        self.smtputf8 = smtputf8
        self.port = port
        self.faults = Faults()
        self.messages: list[Received] = []
        self.on_message: Callable[[Received], None] = self.messages.append
        self.on_step: Callable[[str], None] = lambda step: None
        """Told of each step of each client, before the server does anything about it."""
        self.hung: list[str] = []
        """The steps at which it hangs, or has hung."""
        self.sessions = 0
        """How many connections there have been."""
        self._folder = tempfile.TemporaryDirectory(prefix="smtp-")
        self.certificate = write_self_signed(
            Path(self._folder.name, "server.pem"), host=certificate_host
        )
        self.transports: set[Any] = set()
        self._changed = threading.Condition()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
        self._folder.cleanup()

    def start(self) -> None:
        """Listen on 127.0.0.1; returns when connections are accepted."""
        started = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(started,), daemon=True)
        self._thread.start()
        assert started.wait(PATIENCE), "the SMTP server did not start"

    def stop(self) -> None:
        """Close all connections and the port."""
        if self._loop and self._thread:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(PATIENCE)
            assert not self._thread.is_alive(), "the SMTP server did not stop"
        self._loop = None

    def wait_for(self, count: int, timeout: float = PATIENCE) -> list[Received]:
        """Wait until ``count`` mails have come, and return all that came."""
        deadline = time.monotonic() + timeout
        with self._changed:
            while len(self.messages) < count:
                left = deadline - time.monotonic()
                assert self._changed.wait(left) or left > 0, (
                    f"{len(self.messages)} of {count} mails came within {timeout} seconds"
                )
            return list(self.messages)

    def receive(self, received: Received) -> None:
        """Keep an accepted mail; called in the server's thread."""
        with self._changed:
            self.on_message(received)
            self._changed.notify_all()

    async def hang(self, step: str) -> None:
        """Never end; called in the server's thread."""
        self.hung.append(step)
        await asyncio.Event().wait()

    def _serve(self, started: threading.Event) -> None:
        self._loop = loop = asyncio.new_event_loop()
        context = server_context(self.certificate) if self.security == "ssl" else None
        server = loop.run_until_complete(
            loop.create_server(lambda: _Connection(self, loop), "127.0.0.1", self.port, ssl=context)
        )
        (listening,) = server.sockets
        self.port = listening.getsockname()[1]
        started.set()
        loop.run_forever()
        # Only when nothing is on its way any more may the server be closed: a connection that it
        # accepted but does not know yet would be left open.
        loop.remove_reader(listening.fileno())
        loop.run_until_complete(self._cut_connections())
        server.close()
        loop.close()

    async def _cut_connections(self) -> None:
        await _let_others_run()
        for transport in self.transports:
            transport.abort()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        while self.transports:  # noqa: ASYNC110 - closing takes a few turns of the loop
            await asyncio.sleep(0)
        await _let_others_run()


async def _let_others_run() -> None:
    """A connection is accepted, and cut, in some turns of the loop."""
    for _ in range(10):
        await asyncio.sleep(0)


class _Connection(SMTP):
    """One client; each step first asks the faults."""

    def __init__(self, server: SmtpServer, loop: asyncio.AbstractEventLoop) -> None:
        self._server = server
        super().__init__(
            _Hooks(server),
            hostname="localhost",
            tls_context=self._tls(server),
            require_starttls=server.security == "starttls",
            auth_required=server.login is not None,
            auth_require_tls=False,
            auth_exclude_mechanism=() if server.login else ("LOGIN", "PLAIN"),
            authenticator=self._check if server.login else None,
            data_size_limit=server.size_limit,
            enable_SMTPUTF8=server.smtputf8,
            loop=loop,
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self.transport is None:  # else it is the same line, now with STARTTLS
            self._line = transport
            self._taken = 0
            self._server.sessions += 1
            self._server.transports.add(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._server.transports.discard(self._line)
        super().connection_lost(error)

    @staticmethod
    def _tls(server: SmtpServer) -> ssl.SSLContext | None:
        return server_context(server.certificate) if server.security == "starttls" else None

    def _check(
        self, _server: Any, _session: Any, _envelope: Any, _how: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        given = data.login.decode(), data.password.decode()
        is_right = given == self._server.login
        return AuthResult(success=is_right, handled=False, auth_data=given[0])

    async def _is_faulty(self, step: str, recipient: str = "") -> bool:
        """Do what the faults say about this step; True when that was the answer."""
        self._server.on_step(step)
        faults = self._server.faults
        await asyncio.sleep(faults.delay)
        if faults.hang == step:
            await self._server.hang(step)
        if faults.drop == step:
            self.transport.abort()
            return True
        reply = faults.refused.get(recipient) or faults.replies.get(step)
        if reply:
            await self.push(reply)
        return reply is not None

    def count(self) -> None:
        """Note that a mail was taken in this session."""
        self._taken += 1

    async def _handle_client(self) -> None:
        if await self._is_faulty("connect"):
            self.transport.close()
        elif self._server.faults.greeting is not None:
            await self.push(self._server.faults.greeting)
            await self._reader.read(1)
            self.transport.close()
        else:
            await super()._handle_client()

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802
        if not await self._is_faulty("helo"):
            await super().smtp_EHLO(hostname)

    async def smtp_HELO(self, hostname: str) -> None:  # noqa: N802
        if not await self._is_faulty("helo"):
            await super().smtp_HELO(hostname)

    async def smtp_STARTTLS(self, arg: str) -> None:  # noqa: N802
        if not await self._is_faulty("starttls"):
            await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, arg: str) -> None:  # noqa: N802
        if not await self._is_faulty("auth"):
            await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        most = self._server.faults.most
        if most is not None and self._taken >= most:
            await self.push("421 4.7.0 too many mails in this session")
            self.transport.close()
        elif not await self._is_faulty("mail"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        recipient = (arg or "").partition("<")[2].partition(">")[0]
        if not await self._is_faulty("rcpt", recipient):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if not await self._is_faulty("data"):
            await super().smtp_DATA(arg)

    async def smtp_RSET(self, arg: str) -> None:  # noqa: N802
        if not await self._is_faulty("rset"):
            await super().smtp_RSET(arg)

    async def smtp_QUIT(self, arg: str) -> None:  # noqa: N802
        if not await self._is_faulty("quit"):
            await super().smtp_QUIT(arg)


class _Hooks:
    """What aiosmtpd calls when a mail is complete."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server

    async def handle_DATA(self, connection: _Connection, session: Session, mail: Envelope) -> str:  # noqa: N802
        fault = await self._fault("message", connection)
        if fault is not None:
            return fault
        assert isinstance(mail.content, bytes)
        received = Received(
            sender=mail.mail_from or "",
            recipients=tuple(mail.rcpt_tos),
            content=mail.content,
            is_encrypted=session.ssl is not None or self._server.security == "ssl",
            user=str(session.auth_data) if session.authenticated else None,
        )
        self._server.receive(received)
        connection.count()
        fault = await self._fault("accepted", connection)
        return "250 2.0.0 accepted" if fault is None else fault

    async def _fault(self, step: str, connection: _Connection) -> str | None:
        """Do what the faults say about a step after the text; None when that is nothing."""
        self._server.on_step(step)
        faults = self._server.faults
        await asyncio.sleep(faults.delay)
        if faults.hang == step:
            await self._server.hang(step)
        if faults.drop == step:
            connection.transport.abort()
            return ""
        return faults.replies.get(step)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _main() -> None:
    parser = argparse.ArgumentParser(description="Accept mails and write each into a folder.")
    parser.add_argument("--port", type=int, default=2525)
    parser.add_argument("--dir", type=Path, default=Path("mails"))
    parser.add_argument("--security", default="unencrypted")
    options = parser.parse_args()
    options.dir.mkdir(parents=True, exist_ok=True)
    server = SmtpServer(options.security, port=options.port, smtputf8=True)

    def write(received: Received) -> None:
        path = options.dir / f"{time.time_ns()}.eml"
        path.write_bytes(received.content)
        _say(f"{path}  {', '.join(received.recipients)}  {received.message['Subject']}")

    server.on_message = write
    with server:
        _say(f"Listening on {server.host}:{server.port}, writing to {options.dir}")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    _main()
