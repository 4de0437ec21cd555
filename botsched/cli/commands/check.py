"""``check``: is everything right before the server is started or restarted?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from botsched.cli import exits
from botsched.cli.flags import SettingsCommand, settings_flags
from botsched.cli.lock import is_running
from botsched.cli.probing import IN_USE, folder_fault, port_fault
from botsched.domain.mailrules import USUAL
from botsched.errors import BotsError, SettingsError, StartError
from botsched.settings.faults import Faults
from botsched.settings.load import gather_settings
from botsched.settings.model import Dbms, EcsSettings, MailSettings, ProxySettings, Settings
from botsched.settings.secrets import load_secrets


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, and either a word on how it is or the faults found.

    A note tells of what is no fault, but better otherwise.
    """

    subject: str
    remark: str = ""
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@click.command(cls=SettingsCommand, short_help='Check all that "run" would use.')
@click.option("--mail", "address", metavar="ADDRESS", help="Send a test mail there, too.")
@click.option("--aws", "ask_aws", is_flag=True, help="Ask AWS for the cluster, too.")
@settings_flags()
def check(address: str | None, *, ask_aws: bool, **flags: object) -> int:
    """Check settings, files, database and job folders as "run" would find them.

    Give the same flags as to "run". Modules of job folders are imported. All faults are shown at
    once, and the exit code is 0 when there is none.
    """
    settings, faults = gather_settings(flags)
    found_faults = False
    for result in _checks(settings, faults, address, ask_aws=ask_aws):
        found_faults = found_faults or bool(result.faults)
        _show(result)
    return exits.USAGE if found_faults else 0


def _show(result: Check) -> None:
    if not result.faults:
        click.echo(f"ok     {result.subject}: {result.remark}")
    for fault in result.faults:
        click.echo(f"FAULT  {result.subject}: {fault}")
    for note in result.notes:
        click.echo(f"NOTE   {result.subject}: {note}")


def _checks(
    settings: Settings, faults: Faults, address: str | None, *, ask_aws: bool
) -> Iterator[Check]:
    """Check one part after the other, each however the others are.

    A part whose own settings are at fault is left out: that is told already.
    """

    def is_right(*options: str) -> bool:
        return faults.blamed.isdisjoint(options)

    told = "flags, environment and INI files are right"
    yield Check("settings", told, faults.found, settings.notes)
    if settings.proxy:
        yield from _public_side(settings.proxy, is_right)
    if is_right("db_config", "db_profile", "dbms"):
        yield _attempt("database", partial(_database, settings))
    if is_right("port"):
        yield _attempt("ports", partial(_ports, settings))
    if is_right("jobs"):
        yield _jobs(settings)
    if is_right("secrets_config") and settings.execution.secrets.exists():
        yield _attempt("secrets", partial(_secrets, settings.execution.secrets))
    if is_right("ecs_cluster", "ecs_name") and (ask_aws or settings.ecs.cluster):
        yield _attempt("ecs", partial(_ecs, settings.ecs, ask=ask_aws))
    if is_right("smtp_config", "smtp_profile", "notify_config"):
        yield from _mails(settings.mail, address)
    elif address:
        yield from _address(address)


def _public_side(proxy: ProxySettings, is_right: Callable[[str], bool]) -> Iterator[Check]:
    if is_right("certificate"):
        yield _attempt("certificate", partial(_certificate, proxy))
    if is_right("htpasswd"):
        yield _attempt("htpasswd", partial(_htpasswd, proxy))
    yield _attempt("state", partial(_state, proxy))


def _attempt(subject: str, look: Callable[[], str]) -> Check:
    try:
        return Check(subject, look())
    except SettingsError as error:
        return Check(subject, faults=tuple(error.faults))
    except BotsError as error:
        return Check(subject, faults=(str(error),))


def _certificate(proxy: ProxySettings) -> str:
    from botsched.proxy import certificate as files

    if proxy.certificate is None:
        own = files.own_authority(proxy.state_dir)
        made = f"; its authority has {files.fingerprint(own)}" if own.exists() else ""
        return f"none given; the proxy makes one that browsers do not know{made}"
    files.check_certificate(proxy.certificate)
    usable = files.authority_note(proxy.certificate) or f"{proxy.certificate} is usable"
    return f"{usable.rstrip('.')}; it has {files.fingerprint(proxy.certificate)}"


def _htpasswd(proxy: ProxySettings) -> str:
    from botsched.proxy import htpasswd

    if proxy.create_htpasswd and not proxy.htpasswd.exists():
        _require_folder(proxy.htpasswd.parent)
        return f"{proxy.htpasswd} will be made by the first start"
    users = htpasswd.list_users(proxy.htpasswd)
    if not users:
        raise SettingsError(f"{proxy.htpasswd} has no user: nobody can log in.")
    return f"{len(users)} user(s) in {proxy.htpasswd}"


def _state(proxy: ProxySettings) -> str:
    folder = proxy.state_dir
    if folder.exists() and not folder.is_dir():
        raise StartError(f"{folder} is not a folder; the proxy keeps its state there.")
    _require_folder(folder)
    return f"{folder} can be written"


def _require_folder(folder: Path) -> None:
    if fault := folder_fault(folder):
        raise StartError(f"{fault}.")


def _ports(settings: Settings) -> str:
    """Try both ports, unless a server holds the database: then it is the one to be asked."""
    wanted = [("--port", settings.proxy.host, settings.proxy.port)] if settings.proxy else []
    wanted.append(("the scheduler's", "127.0.0.1", settings.web.port))
    told, faults = [], []
    path = settings.database.path
    for whose, host, port in wanted:
        fault = port_fault(host, port)
        if fault is None:
            told.append(f"{port} is free")
        elif fault == IN_USE and path is not None and is_running(path):
            told.append(f"{port} is in use while a server runs on {path.name}")
        else:
            holder = "stop what holds it" if fault == IN_USE else "run with the right to it"
            faults.append(f"{whose} {port}: {fault}; {holder}, or choose another with --port.")
    if faults:
        raise SettingsError(*faults)
    return ", ".join(told)


def _database(settings: Settings) -> str:
    from botsched.store.errors import InUseError
    from botsched.store.reader import Reader
    from botsched.store.store import Store

    database = settings.database
    if database.dbms is Dbms.SQLITE and database.path is not None:
        if is_running(database.path):
            return f"{database.path} is in use by a running server"
        if not database.path.exists() and database.path.parent.is_dir():
            _require_folder(database.path.parent)
            return f"{database.path} will be made by the first start"
    with Reader(database) as reader:
        found = reader.examine()
        if found.revision is None:
            return f"{reader.name} is empty; the first start makes the tables"
        if found:
            return (
                f"{reader.name} is of schema revision {found.revision}; the next start upgrades "
                'it, and "upgrade --dry-run" tells how'
            )
    try:
        store = Store(database)
    except InUseError as error:
        return str(error)
    store.close()
    return f"{store.name} can be opened"


def _jobs(settings: Settings) -> Check:
    from botsched.catalog.loader import load

    execution = settings.execution
    description = load(execution.job_folders, execution.modules, execution.hooks).description()
    faults = tuple(f"{failure.file}: {failure.error}" for failure in description.failures)
    folders = ", ".join(str(folder) for folder in execution.job_folders)
    return Check("jobs", f"{len(description.classes)} class(es) in {folders}", faults)


def _secrets(path: Path) -> str:
    return f"{len(load_secrets(path))} secret(s) in {path}, which others cannot read"


def _ecs(settings: EcsSettings, *, ask: bool) -> str:
    from botsched.ecs import missing

    if settings.cluster is None:
        raise SettingsError("--aws: a cluster to ask for is needed, too (--ecs-cluster).")
    if fault := missing():
        raise StartError(fault)
    from botsched.ecs.access import found, state_of

    told = f"cluster {settings.cluster}, tasks started by {settings.name}, {found()}"
    return f"{told}; {state_of(settings.cluster)}" if ask else told


def _mails(mail: MailSettings, address: str | None) -> Iterator[Check]:
    """Tell of each way; with an address, try it, too."""
    from botsched.notify.probe import describe, try_out

    ways = [(outlet, _attempt("mail", partial(describe, outlet))) for outlet in mail.outlets]
    yield from (told for _, told in ways)
    if mail.defaults.rules is not USUAL:
        yield _attempt("mail", partial(_usual_rules, mail))
    wrong = [] if address is None else list(_address(address))
    yield from wrong
    if address is None or wrong:
        return
    if not mail.outlets:
        told = f"--mail {address}: a profile to send through is needed, too (--smtp-profile)."
        yield Check("mail", faults=(told,))
    usable = [outlet for outlet, told in ways if not told.faults]
    yield from (_attempt("mail", partial(try_out, outlet, address)) for outlet in usable)


def _usual_rules(mail: MailSettings) -> str:
    from botsched.notify.channels.build import check_rules

    check_rules(mail)
    return f"{len(mail.defaults.rules.rules)} rule(s) for jobs that have none of their own"


def _address(text: str) -> Iterator[Check]:
    from botsched.notify.addresses import parse

    try:
        parse(text)
    except BotsError as error:
        yield Check("mail", faults=(f"--mail: {error}",))
