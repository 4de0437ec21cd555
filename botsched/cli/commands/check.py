"""``check``: is everything right before the server is started or restarted?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import click

from botsched.cli import exits
from botsched.cli.flags import SettingsCommand, settings_flags
from botsched.cli.lock import is_running
from botsched.errors import BotsError, SettingsError
from botsched.settings.load import load_settings
from botsched.settings.model import Dbms, ProxySettings, Settings


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, and either a word on how it is or the faults found."""

    subject: str
    remark: str = ""
    faults: tuple[str, ...] = ()


@click.command(cls=SettingsCommand, short_help='Check all that "run" would use.')
@click.option("--mail", "address", metavar="ADDRESS", help="Send a test mail there, too.")
@settings_flags()
def check(address: str | None, **flags: object) -> int:
    """Check settings, files, database and job folders as "run" would find them.

    Give the same flags as to "run". Modules of job folders are imported. All faults are shown at
    once, and the exit code is 0 when there is none.
    """
    settings = load_settings(flags)
    if address and not settings.mail.profiles:
        raise SettingsError(f"--mail {address}: a profile to send through is needed, too.")
    found_faults = False
    for result in _checks(settings, address):
        found_faults = found_faults or bool(result.faults)
        _show(result)
    return exits.USAGE if found_faults else 0


def _show(result: Check) -> None:
    if not result.faults:
        click.echo(f"ok     {result.subject}: {result.remark}")
    for fault in result.faults:
        click.echo(f"FAULT  {result.subject}: {fault}")


def _checks(settings: Settings, address: str | None) -> Iterator[Check]:
    """Check one part after the other, each however the others are."""
    yield Check("settings", "flags, environment and INI files are right")
    if settings.proxy:
        proxy = settings.proxy
        yield _attempt("certificate", lambda: _certificate(proxy))
        yield _attempt("htpasswd", lambda: _htpasswd(proxy))
    yield _attempt("database", lambda: _database(settings))
    yield _jobs(settings)
    if address:
        yield from _mails(settings, address)


def _attempt(subject: str, look: Callable[[], str]) -> Check:
    try:
        return Check(subject, look())
    except SettingsError as error:
        return Check(subject, faults=tuple(error.faults))
    except BotsError as error:
        return Check(subject, faults=(str(error),))


def _certificate(proxy: ProxySettings) -> str:
    from botsched.proxy.certificate import check_certificate

    if proxy.certificate is None:
        return "none given; the proxy makes one that browsers do not know"
    check_certificate(proxy.certificate)
    return f"{proxy.certificate} is usable"


def _htpasswd(proxy: ProxySettings) -> str:
    from botsched.proxy import htpasswd

    if proxy.create_htpasswd and not proxy.htpasswd.exists():
        return f"{proxy.htpasswd} will be made by the first start"
    users = htpasswd.list_users(proxy.htpasswd)
    if not users:
        raise SettingsError(f"{proxy.htpasswd} has no user: nobody can log in.")
    return f"{len(users)} user(s) in {proxy.htpasswd}"


def _database(settings: Settings) -> str:
    from botsched.store.store import Store

    database = settings.database
    if database.dbms is Dbms.SQLITE and database.path is not None:
        if is_running(database.path):
            return f"{database.path} is in use by a running server"
        if not database.path.exists() and database.path.parent.is_dir():
            return f"{database.path} will be made by the first start"
    store = Store(database)
    store.close()
    return f"{store.name} can be opened"


def _jobs(settings: Settings) -> Check:
    from botsched.catalog.loader import load

    description = load(settings.execution.job_folders).description()
    faults = tuple(f"{failure.file}: {failure.error}" for failure in description.failures)
    folders = ", ".join(str(folder) for folder in settings.execution.job_folders)
    return Check("jobs", f"{len(description.classes)} class(es) in {folders}", faults)


def _mails(settings: Settings, address: str) -> Iterator[Check]:
    from botsched.notify.probe import send_test

    for profile in settings.mail.profiles:
        yield _attempt("mail", partial(send_test, profile, address))
