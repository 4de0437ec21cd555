"""The one table of options.

Flags, environment variables, ``--help``, defaults and the documentation all come from here.
"""

from dataclasses import dataclass

from botsched.settings import kinds
from botsched.settings.kinds import Kind
from botsched.settings.model import Dbms

ENVIRONMENT_PREFIX = "BOTS_SCHEDULER_"
GROUPS = ("Base", "Notification", "Database", "APScheduler", "Tornado", "Mitmproxy", "ECS")


@dataclass(frozen=True, slots=True)
class Option:
    """One setting of ``run``.

    ``default`` is written as on the command line; None means that there is none, and ``help`` says
    what then holds. A ``repeatable`` option takes several values, ``negative`` is the flag that
    switches it off. ``legacy`` is the variable that set it in a system people come from: it holds
    where ours is absent, and names in braces in it stand for other variables.
    """

    flag: str
    group: str
    kind: Kind
    help: str
    default: str | None = None
    short: str = ""
    repeatable: bool = False
    negative: str = ""
    legacy: str = ""

    @property
    def name(self) -> str:
        """The option's key among the values."""
        return self.flag.removeprefix("--").replace("-", "_")

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return ENVIRONMENT_PREFIX + self.name.upper()

    @property
    def is_switch(self) -> bool:
        """Whether the flag stands alone, without a value."""
        return self.kind is kinds.SWITCH


OPTIONS = (
    # Base
    Option(
        "--debug", "Base", kinds.SWITCH, default="off",
        help="Log in detail, and show tracebacks of unexpected errors.",
    ),
    Option(
        "--jobs", "Base", kinds.FOLDER, default="jobs", short="-j", repeatable=True,
        help="Folder of job modules; repeat it for several. Without a folder `jobs` here, the jobs "
        "that come with the program are taken.",
    ),
    Option(
        "--data-dir", "Base", kinds.FOLDER, default="data", short="-d",
        help="Folder of the data files that jobs take as arguments.",
    ),
    Option(
        "--secrets-config", "Base", kinds.FILE, default="conf/secrets.ini",
        help="File of the secrets that jobs take as arguments by name.",
    ),
    Option(
        "--run-hooks", "Base", kinds.CLASS,
        help="Class whose methods are called before and after each run, in a module of a job "
        "folder or any other that can be imported.",
    ),
    Option(
        "--local", "Base", kinds.SWITCH, default="off", short="-l",
        help="Listen on the loopback interface only.",
    ),
    Option(
        "--port", "Base", kinds.integer("PORT", 1, 65_534), default="8888", short="-p",
        help="Port of the proxy. The scheduler itself listens on 127.0.0.1, one port above.",
    ),
    # Notification
    Option(
        "--smtp-config", "Notification", kinds.FILE, default="conf/smtp.ini",
        help="File of the mail profiles.",
    ),
    Option(
        "--smtp-profile", "Notification", kinds.NAME, repeatable=True,
        help="Profile to mail reports through; several may follow one flag. Without any, no mail "
        "is sent.",
    ),
    Option(
        "--notify-config", "Notification", kinds.FILE, default="conf/notify.ini",
        help="File of the usual mail rules, quiet hours and limits, and of channels beside SMTP: "
        "web hooks, commands and classes of your own.",
    ),
    Option(
        "--public-url", "Notification", kinds.URL,
        help="Address of the page, for links in mails. By default this host's name and the port.",
    ),
    # Database
    Option(
        "--dbms", "Database", kinds.one_of("DBMS", *Dbms), default="sqlite",
        help="Database system: sqlite, postgresql or mysql.",
    ),
    Option(
        "--db-config", "Database", kinds.FILE, default="conf/db.ini",
        help="File of the database profiles. When it is absent, `db.conf` here is taken.",
    ),
    Option(
        "--db-profile", "Database", kinds.NAME,
        help="Profile to use. By default the one named like the database system.",
    ),
    Option(
        "--executions-table", "Database", kinds.TABLE, default="scheduler_execution",
        help="Table of executions.",
    ),
    Option(
        "--jobs-table", "Database", kinds.TABLE, default="scheduler_jobs",
        help="Table of jobs.",
    ),
    Option(
        "--files-table", "Database", kinds.TABLE, default="scheduler_files",
        help="Table of data files.",
    ),
    Option(
        "--logs-table", "Database", kinds.TABLE, default="scheduler_jobauditlog",
        help="Table of the audit log.",
    ),
    Option(
        "--keep-days", "Database", kinds.integer("DAYS", 1, 36_500),
        help="Delete executions, with output and mails, so long after their end. By default all are"
        " kept. Jobs may say otherwise.",
    ),
    Option(
        "--keep-count", "Database", kinds.integer("COUNT", 1, 1_000_000),
        help="Keep only so many executions of each job, the newest. By default all are kept. Jobs "
        "may say otherwise.",
    ),
    Option(
        "--keep-log-days", "Database", kinds.integer("DAYS", 1, 36_500),
        help="Delete lines of the audit log so long after they were written. By default all are "
        "kept.",
    ),
    # APScheduler
    Option(
        "--job-coalesce", "APScheduler", kinds.SWITCH, default="on", negative="--no-job-coalesce",
        help="When several runs of a job are late, run it once.",
    ),
    Option(
        "--job-max-instances", "APScheduler", kinds.integer("COUNT", 1, 1_000), default="3",
        help="How many runs of one job may overlap.",
    ),
    Option(
        "--job-misfire", "APScheduler", kinds.integer("SECONDS", 1, 31_622_400), default="3600",
        help="How late a job may still be started.",
    ),
    Option(
        "--threadpool-size", "APScheduler", kinds.integer("COUNT", 1, 1_000), default="2",
        help="How many executions run at a time.",
    ),
    Option(
        "--timezone", "APScheduler", kinds.ZONE, default="UTC",
        help="Time zone of the schedules of jobs that name none.",
    ),
    Option(
        "--stop-grace", "APScheduler", kinds.SECONDS, default="10",
        help="How long an execution that is told to stop may take before it is killed.",
    ),
    # Tornado
    Option(
        "--max-workers", "Tornado", kinds.integer("COUNT", 1, 1_000), default="8",
        help="Threads of the web server for calls that block.",
    ),
    Option(
        "--static-dir", "Tornado", kinds.FOLDER,
        help="Folder of a page of your own, served instead of the built-in one.",
    ),
    # Mitmproxy
    Option(
        "--certificate", "Mitmproxy", kinds.FILE,
        help="PEM file with the certificate chain and its private key. Without it, a certificate "
        "is made that no browser knows.",
    ),
    Option(
        "--htpasswd", "Mitmproxy", kinds.FILE,
        help="File of users and password hashes. By default `.htpasswd` here, which the first "
        "start makes.",
    ),
    Option(
        "--no-proxy", "Mitmproxy", kinds.SWITCH, default="off",
        help="Start no proxy, for a reverse proxy of your own, whose host name is to be that of "
        "`--public-url`: there is no login and no TLS then.",
    ),
    # ECS
    Option(
        "--ecs-cluster", "ECS", kinds.CLUSTER, legacy="ECSS_ECS_CLUSTER",
        help="Cluster of Amazon ECS to run tasks in. Without it, there are neither jobs of ECS nor "
        "the addresses under `/ecs`.",
    ),
    Option(
        "--ecs-name", "ECS", kinds.STARTED_BY, default="bots-scheduler", legacy="ECSS_NAME",
        help="Name by which the tasks say who started them. Schedulers on one cluster need "
        "different ones.",
    ),
)  # fmt: skip

BY_NAME = {option.name: option for option in OPTIONS}
