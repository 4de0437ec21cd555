"""The frozen tree of settings; each part of the program gets its own slice and nothing else."""

from dataclasses import KW_ONLY, dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from botsched.domain.mailrules import MailDefaults
from botsched.domain.subject import DEFAULT

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
USUAL_USES = 100
"""How many mails go through one connection."""


class Dbms(StrEnum):
    """Database systems, as named by ``--dbms``."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"
    MYSQL = "mysql"


class Security(StrEnum):
    """How the connection to an SMTP server is protected."""

    UNENCRYPTED = "unencrypted"
    SSL = "ssl"
    STARTTLS = "starttls"


@dataclass(frozen=True, slots=True)
class Outlet:
    """A way out for mails, whatever its kind; no two have one ``name``.

    ``fallback`` names the one that stands in while this one fails; ``per_minute`` bounds how many
    mails it takes (None: no bound), ``per_connection`` how many go through one connection.
    """

    kind: ClassVar[str]

    name: str
    _: KW_ONLY
    fallback: str | None = None
    per_minute: int | None = None
    per_connection: int = USUAL_USES


@dataclass(frozen=True, slots=True)
class SmtpProfile(Outlet):
    """One section of the SMTP file: where mails go out, and to whom.

    ``verify`` says whether the server's certificate has to be good.
    """

    kind: ClassVar[str] = "smtp"

    hostname: str
    port: int
    security: Security
    sender: str
    recipients: tuple[str, ...]
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    verify: bool = True

    @property
    def is_unverified(self) -> bool:
        """Whether anybody on the way can pose as the server, though the line is encrypted."""
        return self.security is not Security.UNENCRYPTED and not self.verify

    @property
    def is_exposed(self) -> bool:
        """Whether others on the way can read the password."""
        is_plain = self.security is Security.UNENCRYPTED and self.user is not None
        return is_plain and self.hostname not in LOOPBACK_NAMES


@dataclass(frozen=True, slots=True)
class Webhook(Outlet):
    """A server that is told by HTTP; ``timeout`` is in seconds.

    The address is as secret as ``secret``, the key of the signature: who knows it may post there.
    """

    kind: ClassVar[str] = "webhook"

    url: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    timeout: float = 30.0

    @property
    def is_exposed(self) -> bool:
        """Whether others on the way can read what it is told."""
        parts = urlsplit(self.url)
        return parts.scheme == "http" and parts.hostname not in LOOPBACK_NAMES


@dataclass(frozen=True, slots=True)
class Command(Outlet):
    """A program that is told on its standard input; ``folder`` is where it is run."""

    kind: ClassVar[str] = "command"

    argv: tuple[str, ...] = field(repr=False)
    folder: Path
    timeout: float = 60.0


@dataclass(frozen=True, slots=True)
class Extension(Outlet):
    """A class of one's own in a Python file; ``options`` are the other fields of its section."""

    kind: ClassVar[str] = "channel"

    file: Path
    class_name: str
    options: tuple[tuple[str, str], ...] = field(default=(), repr=False)


ChannelSettings = Webhook | Command | Extension


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Profiles selected by ``--smtp-profile``, and what the file of ``--notify-config`` says.

    ``profiles`` are those mails go through unless a rule names others; ``fallbacks`` are SMTP
    profiles that only stand in for others; ``channels`` are the other outlets. ``public_url`` is
    where people reach the page, for links in mails; ``subject`` is a template. ``defaults`` hold
    where a job says nothing.
    """

    profiles: tuple[SmtpProfile, ...] = ()
    public_url: str = ""
    channels: tuple[ChannelSettings, ...] = ()
    fallbacks: tuple[SmtpProfile, ...] = ()
    subject: str = DEFAULT
    defaults: MailDefaults = field(default=MailDefaults(), repr=False)

    @property
    def outlets(self) -> tuple[Outlet, ...]:
        """All that mails may be sent through, or stood in for by."""
        return (*self.profiles, *self.channels, *self.fallbacks)

    @property
    def names(self) -> tuple[str, ...]:
        """What a rule may name."""
        return tuple(outlet.name for outlet in (*self.profiles, *self.channels))


@dataclass(frozen=True, slots=True)
class TableNames:
    """Names of the tables that users may choose."""

    executions: str = "scheduler_execution"
    jobs: str = "scheduler_jobs"
    files: str = "scheduler_files"
    logs: str = "scheduler_jobauditlog"


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """Where the database is. ``path`` is for SQLite only, the rest for servers."""

    dbms: Dbms
    path: Path | None = None
    hostname: str | None = None
    port: int | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    database: str | None = None
    sslmode: str | None = None
    tables: TableNames = TableNames()


@dataclass(frozen=True, slots=True)
class SchedulingSettings:
    """Defaults for jobs that do not say otherwise; ``misfire`` is in seconds."""

    coalesce: bool = True
    max_instances: int = 3
    misfire: int = 3600
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))


@dataclass(frozen=True, slots=True)
class RetentionSettings:
    """How long what has ended is kept, and how many executions of each job; None is without limit.

    Jobs may say otherwise for their executions.
    """

    executions: timedelta | None = None
    audit: timedelta | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class ExecutionSettings:
    """Where job classes come from, and how many executions run at a time.

    ``secrets`` is the file of secrets, which need not exist. ``modules`` are job modules of the
    program itself, beside those of the folders; ``environment`` holds variables for all runs.
    ``hooks`` names the class whose methods are called around each run.
    """

    job_folders: tuple[Path, ...]
    data_dir: Path
    slots: int = 2
    stop_grace: float = 10.0
    secrets: Path = Path("conf/secrets.ini")
    modules: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    hooks: str | None = None


@dataclass(frozen=True, slots=True)
class WebSettings:
    """The scheduler's own server, always on loopback.

    Without a proxy it answers only requests for one of ``hosts``, names without ports.
    ``static_dir`` holds a page of one's own, and ``index_page`` is its document when that is not
    the ``index.html`` there.
    """

    port: int
    max_workers: int = 8
    static_dir: Path | None = None
    index_page: Path | None = None
    hosts: frozenset[str] = LOOPBACK_NAMES


@dataclass(frozen=True, slots=True)
class ProxySettings:
    """The public side.

    ``certificate`` None means mitmproxy's own authority, kept in ``state_dir``.
    """

    host: str
    port: int
    upstream_port: int
    htpasswd: Path
    state_dir: Path
    certificate: Path | None = None
    create_htpasswd: bool = False


@dataclass(frozen=True, slots=True)
class EcsSettings:
    """The cluster of Amazon ECS, None without one, and the name under which tasks are started."""

    cluster: str | None = None
    name: str = "bots-scheduler"

    @property
    def environment(self) -> tuple[tuple[str, str], ...]:
        """The same for the runs of jobs, in the variables that ECS Scheduler had."""
        if self.cluster is None:
            return ()
        return (("ECSS_ECS_CLUSTER", self.cluster), ("ECSS_NAME", self.name))


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; ``proxy`` is None with ``--no-proxy``.

    ``notes`` tell what is no fault, but better otherwise.
    """

    web: WebSettings
    proxy: ProxySettings | None
    database: DatabaseSettings
    scheduling: SchedulingSettings
    execution: ExecutionSettings
    mail: MailSettings = MailSettings()
    retention: RetentionSettings = RetentionSettings()
    ecs: EcsSettings = EcsSettings()
    notes: tuple[str, ...] = ()
    debug: bool = False
