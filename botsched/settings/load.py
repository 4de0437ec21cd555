"""Flags, environment and INI files become one frozen tree."""

import os
import socket
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from botsched.domain import ecstasks
from botsched.settings.database import Choice, load_database
from botsched.settings.faults import Faults
from botsched.settings.folders import job_folders
from botsched.settings.ini import is_public
from botsched.settings.model import (
    LOOPBACK_NAMES,
    ChannelSettings,
    DatabaseSettings,
    Dbms,
    EcsSettings,
    ExecutionSettings,
    MailSettings,
    ProxySettings,
    RetentionSettings,
    SchedulingSettings,
    Settings,
    SmtpProfile,
    TableNames,
    WebSettings,
)
from botsched.settings.notify import load_notify
from botsched.settings.outlets import check_outlets
from botsched.settings.shipped import shipped
from botsched.settings.smtp import load_profiles
from botsched.settings.values import Values, read_values

STATE_FOLDER = ".bots-scheduler"
HTPASSWD = ".htpasswd"
FALLBACK_DB_CONFIG = "db.conf"


def load_settings(
    flags: Mapping[str, object],
    *,
    environ: Mapping[str, str] = os.environ,
    folder: Path | None = None,
    index_page: Path | None = None,
    mail: bool = True,
) -> Settings:
    """Return the settings, or raise one SettingsError with every fault.

    ``flags`` maps names of options to what the user gave (text, texts or a bool); absent and None
    mean not given. Relative paths are relative to ``folder``, by default the working folder.
    ``index_page`` is that of WebSettings, which is no option. Without ``mail`` its files are not
    read, for whoever has no use for them, nor perhaps the right to read them.
    """
    settings, faults = gather_settings(
        flags, environ=environ, folder=folder, index_page=index_page, mail=mail
    )
    faults.raise_any()
    return settings


def gather_settings(
    flags: Mapping[str, object],
    *,
    environ: Mapping[str, str] = os.environ,
    folder: Path | None = None,
    index_page: Path | None = None,
    mail: bool = True,
) -> tuple[Settings, Faults]:
    """Return what can be had of the settings, and the faults, for whoever looks at all of it.

    For an option at fault its default stands, and for its file nothing; ``Faults.blamed`` names it.
    """
    faults = Faults()
    values = read_values(flags, environ, faults)
    loader = _Loader(values, (folder or Path.cwd()).absolute(), faults, index_page)
    return loader.load(mail=mail), faults


def _days(number: int | None) -> timedelta | None:
    return None if number is None else timedelta(days=number)


class _Loader:
    """Builds the tree slice by slice; a faulty slice is noted and stands empty meanwhile."""

    def __init__(
        self, values: Values, folder: Path, faults: Faults, index_page: Path | None
    ) -> None:
        self._values = values
        self._folder = folder
        self._faults = faults
        self._index_page = None if index_page is None else folder / index_page

    def load(self, *, mail: bool) -> Settings:
        values = self._values
        settings = Settings(
            web=self._web(),
            proxy=None if values["no_proxy"] else self._proxy(),
            database=self._database(),
            scheduling=SchedulingSettings(
                coalesce=values["job_coalesce"],
                max_instances=values["job_max_instances"],
                misfire=values["job_misfire"],
                timezone=values["timezone"],
            ),
            execution=self._execution(),
            retention=RetentionSettings(
                executions=_days(values["keep_days"]),
                audit=_days(values["keep_log_days"]),
                count=values["keep_count"],
            ),
            mail=self._mail() if mail else MailSettings(),
            ecs=self._ecs(),
            debug=values["debug"],
        )
        return replace(settings, notes=tuple(self._exposed(settings)))

    def _web(self) -> WebSettings:
        return WebSettings(
            port=self._values["port"] + 1,
            max_workers=self._values["max_workers"],
            static_dir=self._page(),
            index_page=self._index_page,
            hosts=LOOPBACK_NAMES | self._public_names(),
        )

    def _page(self) -> Path | None:
        """The folder of a page of one's own, whose document has to be there."""
        page, folder = self._index_page, self._existing("static_dir")
        if page is not None and self._values["static_dir"] is None:
            self._faults.add(f"index_page {page}: give static_dir, too, the folder of its files.")
        elif page is not None and not page.is_file():
            self._faults.add(f"index_page {page}: there is no such file.")
        elif page is None and folder is not None and not (folder / "index.html").is_file():
            self._faults.add(
                f"{self._values.written('static_dir')}: there is no {folder / 'index.html'}; put "
                "the page there that is to be at /.",
                "static_dir",
            )
        return folder

    def _public_names(self) -> set[str]:
        """The host name by which people reach the page, when they said so."""
        name = urlsplit(self._values["public_url"] or "").hostname
        return {name} if name else set()

    def _proxy(self) -> ProxySettings:
        values = self._values
        return ProxySettings(
            host="127.0.0.1" if values["local"] else "",
            port=values["port"],
            upstream_port=values["port"] + 1,
            htpasswd=self._existing("htpasswd") or self._folder / HTPASSWD,
            state_dir=self._folder / STATE_FOLDER,
            certificate=self._existing("certificate"),
            create_htpasswd=not values.is_given("htpasswd"),
        )

    def _execution(self) -> ExecutionSettings:
        values = self._values
        data_dir = self._folder / values["data_dir"]
        if data_dir.exists() and not data_dir.is_dir():
            self._faults.add(f"{values.written('data_dir')}: is not a folder.", "data_dir")
        ecs = self._ecs()
        return ExecutionSettings(
            job_folders=self._faults.blame("jobs", job_folders, values, self._folder) or (),
            data_dir=data_dir,
            slots=values["threadpool_size"],
            stop_grace=values["stop_grace"],
            secrets=self._existing("secrets_config") or self._folder / values["secrets_config"],
            modules=(ecstasks.MODULE,) if ecs.cluster else (),
            environment=ecs.environment,
            hooks=values["run_hooks"],
        )

    def _ecs(self) -> EcsSettings:
        return EcsSettings(self._values["ecs_cluster"], self._values["ecs_name"])

    def _database(self) -> DatabaseSettings:
        values = self._values
        tables = TableNames(
            *(values[f"{kind}_table"] for kind in ("executions", "jobs", "files", "logs"))
        )
        names = [tables.executions, tables.jobs, tables.files, tables.logs]
        if len({name.lower() for name in names}) < len(names):
            told = f"The four tables need four names, not {', '.join(names)}."
            self._faults.add(told, "db_config")
        file = self._database_file()
        dbms = Dbms(values["dbms"]) if values.is_given("dbms") else None
        choice = Choice(file, dbms, values["db_profile"])
        database = self._faults.blame("db_config", load_database, choice, self._folder, tables)
        return database or DatabaseSettings(Dbms.SQLITE)

    def _mail(self) -> MailSettings:
        notify = self._notify()
        profiles = self._profiles(notify.channels)
        chosen = self._values["smtp_profile"]
        return replace(
            notify,
            profiles=tuple(profile for profile in profiles if profile.name in chosen),
            public_url=self._public_url(),
            fallbacks=tuple(profile for profile in profiles if profile.name not in chosen),
        )

    def _notify(self) -> MailSettings:
        file = self._existing("notify_config")
        if file is None:
            return MailSettings()
        zone = self._values["timezone"]
        return self._faults.blame("notify_config", load_notify, file, zone) or MailSettings()

    def _profiles(self, channels: tuple[ChannelSettings, ...]) -> tuple[SmtpProfile, ...]:
        names = self._values["smtp_profile"]
        file = self._existing("smtp_config")
        if file and (names or channels):
            loaded = self._faults.blame("smtp_profile", load_profiles, file, names, channels)
            return loaded or ()
        self._faults.attempt(check_outlets, channels, ())
        if names and not self._values.is_given("smtp_config"):
            self._faults.add(
                f"{self._values.written('smtp_profile')}: conf/smtp.ini does not exist; "
                f"copy {shipped('conf') / 'smtp.ini.template'} to it and fill it in.",
                "smtp_profile",
            )
        return ()

    def _public_url(self) -> str:
        values = self._values
        if values["public_url"]:
            return str(values["public_url"])
        if values["no_proxy"]:
            return f"http://127.0.0.1:{values['port'] + 1}"
        host = "localhost" if values["local"] else socket.gethostname()
        return f"https://{host}:{values['port']}"

    def _existing(self, name: str) -> Path | None:
        """Return an option's path; when the user gave it and nothing is there, that is a fault.

        So is a link that leads nowhere: somebody meant a file to be there.
        """
        if self._values[name] is None:
            return None
        path: Path = self._folder / self._values[name]
        try:
            path.stat()
        except OSError as error:
            is_absent = isinstance(error, FileNotFoundError)
            is_link = is_absent and path.is_symlink()
            if is_absent and not is_link and not self._values.is_given(name):
                return None
            what = f"{path} leads to {path.readlink()}" if is_link else self._values.written(name)
            self._faults.add(f"{what}: {error.strerror}.", name)
            return None
        return path

    def _database_file(self) -> Path | None:
        fallback = self._folder / FALLBACK_DB_CONFIG
        return self._existing("db_config") or (fallback if fallback.is_file() else None)

    def _exposed(self, settings: Settings) -> Iterator[str]:
        """Tell of files that others may read the passwords in; they are not refused."""
        profiles = (*settings.mail.profiles, *settings.mail.fallbacks)
        for file in (
            self._database_file() if settings.database.password else None,
            self._existing("smtp_config") if any(each.password for each in profiles) else None,
        ):
            if file is not None and is_public(file):
                yield (
                    f"{file}: everybody on this machine may read the password in it; run chmod 600"
                    f" {file}"
                )
