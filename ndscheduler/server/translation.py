"""What the settings of ndscheduler are here, and what of them has no counterpart."""

import importlib.util
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botsched.domain.packages import package_name
from botsched.errors import BotsError, SettingsError
from botsched.job.hooks import load_hooks
from botsched.job.trace import error_line
from botsched.settings.model import LOOPBACK_NAMES, Dbms
from botsched.settings.options import BY_NAME
from ndscheduler import ENVIRONMENT_VARIABLE, Settings
from ndscheduler.core.scheduler.base import BaseScheduler, SingletonScheduler
from ndscheduler.server.kinds import check_kinds, port_of

_SAME = {
    "THREAD_POOL_SIZE": "threadpool_size",
    "TORNADO_MAX_WORKERS": "max_workers",
    "JOB_MAX_INSTANCES": "job_max_instances",
    "JOB_COALESCE": "job_coalesce",
    "JOB_MISFIRE_GRACE_SEC": "job_misfire",
    "TIMEZONE": "timezone",
    "JOBS_TABLENAME": "jobs_table",
    "EXECUTIONS_TABLENAME": "executions_table",
    "AUDIT_LOGS_TABLENAME": "logs_table",
}
_TABLES = {  # of DATABASE_TABLENAMES, in later versions
    "jobs_tablename": "jobs_table",
    "executions_tablename": "executions_table",
    "auditlogs_tablename": "logs_table",
}
_WITHOUT_COUNTERPART = {
    "DEBUG": "changed job modules are loaded anew anyway, and the program itself never; "
    "BOTS_SCHEDULER_DEBUG=1 logs in detail.",
    "SECURE_COOKIE": "there are no cookies; users log in by the names in .htpasswd.",
    "AUTH_CREDENTIALS": "the users are those in .htpasswd; bots-scheduler user add NAME adds one.",
}
_NOT_CALLED = {
    "is_okay_to_run": "of several servers on one database one schedules, and the others stand by.",
    "run_job": "use pre_run and post_run.",
    "run_scheduler_job": "use pre_run and post_run.",
    "add_scheduler_job": "jobs are added by the scheduler manager and by REST.",
    "modify_scheduler_job": "jobs are changed by the scheduler manager and by REST.",
}
_DATABASE_VARIABLES = [BY_NAME[name].variable for name in ("dbms", "db_config", "db_profile")]
_EVERYWHERE = frozenset({"", "0.0.0.0", "::"})  # noqa: S104  read, not listened on
_NO_PROXY = BY_NAME["no_proxy"]


@dataclass(slots=True)
class Translation:
    """Arguments of ``botsched.library.Server``, and what is to be told of them."""

    settings: dict[str, object] = field(default_factory=dict)
    database: Mapping[str, object] | None = None
    index_page: Path | None = None
    notes: list[str] = field(default_factory=list)


def translated(settings: Settings, environ: Mapping[str, str] = os.environ) -> Translation:
    """Our settings for theirs. A variable of the environment goes before what they say.

    Raises SettingsError.
    """
    given = _given(settings, environ)
    check_kinds(given)
    result = Translation(settings={ours: getattr(settings, name) for name, ours in _SAME.items()})
    tables = given.get("DATABASE_TABLENAMES") or {}
    result.settings |= {ours: tables[name] for name, ours in _TABLES.items() if name in tables}
    _address(settings, result, environ)
    _page(settings, result)
    _hooks(settings.SCHEDULER_CLASS, result)
    if settings.JOB_CLASS_PACKAGES:
        result.settings["jobs"] = [_folder(name) for name in settings.JOB_CLASS_PACKAGES]
    if not any(environ.get(name) for name in _DATABASE_VARIABLES):
        result.database = _database(settings.DATABASE_CLASS, settings.DATABASE_CONFIG_DICT)
    result.notes += [
        f"{name}: {why}" for name, why in _WITHOUT_COUNTERPART.items() if given.get(name)
    ]
    for name in [name for name in result.settings if environ.get(BY_NAME[name].variable)]:
        del result.settings[name]
    return result


def _given(settings: Settings, environ: Mapping[str, str]) -> dict[str, Any]:
    """The constants of their module, which may raise anything when it is imported."""
    named = f"{ENVIRONMENT_VARIABLE}={environ.get(ENVIRONMENT_VARIABLE)}"
    try:
        return settings.given()
    except ImportError as error:
        raise SettingsError(f"{named}: {error}.") from error
    except Exception as error:
        raise SettingsError(f"{named}: {error_line(error)}.") from error


def _address(settings: Settings, result: Translation, environ: Mapping[str, str]) -> None:
    """The public port is theirs, with TLS and a login; without the proxy, the server's own is."""
    port, address = port_of(settings.HTTP_PORT), settings.HTTP_ADDRESS
    variable = environ.get(_NO_PROXY.variable)
    if variable and _NO_PROXY.kind.parse(variable):
        result.settings["port"] = port - 1
        return
    result.settings |= {"port": port, "local": address not in _EVERYWHERE}
    result.notes.append(
        f"HTTP_PORT: port {port} speaks HTTPS and asks for a login. With {_NO_PROXY.variable}=1 "
        f"it speaks HTTP without one, to this machine alone."
    )
    if address not in _EVERYWHERE | LOOPBACK_NAMES:
        result.notes.append(
            f"HTTP_ADDRESS: {address} cannot be chosen; the port is open to this machine alone, "
            "and with '0.0.0.0' to all."
        )


def _page(settings: Settings, result: Translation) -> None:
    static, templates = settings.STATIC_DIR_PATH, settings.TEMPLATE_DIR_PATH
    if static:
        result.settings["static_dir"] = static
        result.index_page = Path(templates or static) / settings.APP_INDEX_PAGE
    elif templates:
        result.notes.append(
            "TEMPLATE_DIR_PATH: is for a page of one's own, whose files STATIC_DIR_PATH names; "
            "without that, the page is that of bots-scheduler."
        )


def _hooks(name: str, result: Translation) -> None:
    """Their scheduler class, of which only the hooks around a run are called."""
    try:
        hooks = load_hooks(name)
    except BotsError as error:
        raise SettingsError(
            f"SCHEDULER_CLASS: {error} Derive it from ndscheduler.corescheduler.core.base."
            "BaseScheduler, and see that its module can be imported (PYTHONPATH)."
        ) from None
    if type(hooks) in {BaseScheduler, SingletonScheduler}:
        return
    result.settings["run_hooks"] = name
    result.notes += [
        f"SCHEDULER_CLASS: {each} is not called: {why}"
        for each, why in _NOT_CALLED.items()
        if hasattr(hooks, each)
    ]


def _folder(package: str) -> str:
    """Where a package of jobs lies."""
    try:
        spec = importlib.util.find_spec(package)
    except ImportError:
        spec = None
    except Exception as error:
        raise SettingsError(f"JOB_CLASS_PACKAGES: {package!r}: {error_line(error)}.") from error
    locations = list((spec and spec.submodule_search_locations) or ())
    if not locations:
        raise SettingsError(
            f"JOB_CLASS_PACKAGES: there is no package {package!r}; the folder that it is in has "
            "to be in PYTHONPATH."
        )
    folder = Path(locations[0]).absolute()
    if package_name(folder) != package:
        raise SettingsError(
            f"JOB_CLASS_PACKAGES: {package!r} needs an __init__.py in each folder of its name."
        )
    return str(folder)


def _database(class_path: str, config: Mapping[str, Any]) -> dict[str, object]:
    """The fields of a section of db.ini."""
    name = class_path.rpartition(".")[2].lower()
    kinds = {"sqlite": Dbms.SQLITE, "postgres": Dbms.POSTGRESQL, "mysql": Dbms.MYSQL}
    found = next((dbms for word, dbms in kinds.items() if word in name), None)
    if found is None:
        raise SettingsError(
            f"DATABASE_CLASS: {class_path} is none of those for SQLite, PostgreSQL and MySQL, "
            "which are the databases that can be used."
        )
    return {"dbms": found, **config}
