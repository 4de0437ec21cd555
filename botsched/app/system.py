"""What each part of the program says of itself, for the page of the system."""

import os
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from botsched import __version__
from botsched.app import machine
from botsched.app.survey import Probe
from botsched.catalog import CatalogueDescription
from botsched.domain.clock import Clock
from botsched.domain.execution import ACTIVE, FINAL, State
from botsched.domain.outbox import ProfileStanding
from botsched.domain.packages import package_name
from botsched.domain.paging import JobState
from botsched.execution.runner import Runner
from botsched.proxy.certificate import expiry
from botsched.proxy.supervisor import ProxySupervisor
from botsched.scheduling.controls import ControlService
from botsched.scheduling.instances import InstanceService
from botsched.scheduling.statistics import count_of
from botsched.settings.model import Outlet, ProxySettings, Settings
from botsched.settings.shown import shown
from botsched.store.schema import REVISION
from botsched.store.session import Session
from botsched.store.store import Store
from botsched.web.formats.controls import hold_data, windows_data
from botsched.web.formats.records import standing_data
from botsched.web.formats.times import time_text

_LOAD_SECONDS: Final = 2.0
_OWN_AUTHORITY: Final = "mitmproxy-ca.pem"
_LATELY: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class System:
    """The parts that are asked; each method is a section of the answer, as JSON data."""

    settings: Settings
    clock: Clock
    store: Store
    runner: Runner
    instances: InstanceService
    controls: ControlService
    proxy: ProxySupervisor | None
    fault: Callable[[], str | None]
    """What keeps instants from being settled, if anything."""
    born: float = field(default_factory=time.monotonic)

    def sections(self) -> Mapping[str, Probe]:
        """By the key of the answer, whom to ask."""
        return {
            "versions": machine.versions,
            "server": self.server,
            "instances": lambda: [standing_data(each) for each in self.instances.all()],
            "proxy": self.public_side,
            "scheduler": self.schedule,
            "workers": self.workers,
            "outbox": self.outbox,
            "database": self.database,
            "tables": self.tables,
            "jobs": self.jobs,
            "data": self.data,
            "hold": lambda: hold_data(self.controls.get()),
            "windows": lambda: windows_data(self.controls.get().windows)["windows"],
            "settings": lambda: shown(self.settings),
        }

    def figures(self) -> Mapping[str, Probe]:
        """What monitoring collects: sections that are figures, and some of the record."""
        sections = self.sections()
        figures = ("server", "proxy", "scheduler", "workers", "outbox", "database")
        return {
            "about": self.about,
            "record": self.record,
            **{name: sections[name] for name in figures},
        }

    def about(self) -> dict[str, str]:
        """What runs."""
        return {"version": __version__, "database": self.settings.database.dbms}

    def record(self) -> dict[str, Any]:
        """How many jobs there are, and how many executions of late, by state."""

        def operation(session: Session) -> dict[str, Any]:
            now = self.clock()
            buckets = session.statistics.buckets(now - _LATELY, now)
            ended = sum((bucket.states for bucket in buckets), Counter[State]())
            active = session.statistics.active_counts()
            return {
                "jobs": session.jobs.count(),
                "paused": count_of(session, JobState.PAUSED),
                "failing": count_of(session, JobState.FAILING),
                "held": session.controls.get().hold is not None,
                "active": {state: active[state] for state in sorted(ACTIVE)},
                "last_hour": {state: ended[state] for state in sorted(FINAL)},
            }

        return self.store.read(operation)

    def server(self) -> dict[str, Any]:
        """This process."""
        uptime = time.monotonic() - self.born
        return {
            "pid": os.getpid(),
            "role": self.instances.role,
            "uptime": round(uptime),
            **machine.process(),
        }

    def public_side(self) -> dict[str, Any] | None:
        """The proxy; None without one."""
        settings = self.settings.proxy
        if self.proxy is None or settings is None:
            return None
        return {
            "state": self.proxy.state,
            "pid": self.proxy.pid,
            "port": self.proxy.port,
            "restarts": self.proxy.restarts,
            "certificate": _certificate(settings),
        }

    def schedule(self) -> dict[str, Any]:
        """What is due, and how late the scheduler is with it, in seconds."""
        jobs, look_at = self.store.read(lambda s: (s.jobs.count(), s.jobs.next_due()))
        late = 0.0 if look_at is None else (self.clock() - look_at).total_seconds()
        return {
            "fault": self.fault(),
            "jobs": jobs,
            "next_time": time_text(look_at),
            "late": max(round(late, 3), 0),
        }

    def workers(self) -> dict[str, Any]:
        """The slots, and the process that starts jobs."""
        return {
            "slots": self.runner.slots,
            "running": self.runner.running_count,
            "waiting": self.runner.waiting_count,
            "starter": {"state": self.runner.starter_state, "pid": self.runner.starter_pid},
        }

    def outbox(self) -> list[dict[str, Any]]:
        """Each SMTP profile and other channel that is there, owes mails or gave some up."""
        standings = {each.profile: each for each in self.store.read(lambda s: s.outbox.standings())}
        mail = self.settings.mail
        there: dict[str, Outlet] = {each.name: each for each in (*mail.profiles, *mail.channels)}
        return [
            _outbox_data(standings.get(name, ProfileStanding(name)), there.get(name))
            for name in dict.fromkeys([*there, *standings])
        ]

    def database(self) -> dict[str, Any]:
        """Where it is, how large, and how long a read and a commit take, in seconds."""
        begin = time.perf_counter()
        version, size = self.store.read(lambda s: (s.vitals.version(), s.vitals.size()))
        read = time.perf_counter()
        self.store.write(lambda session: session.touch())
        written = time.perf_counter()
        path = self.settings.database.path
        return {
            "kind": self.settings.database.dbms,
            "name": self.store.name,
            "version": version,
            "revision": REVISION,
            "size": size,
            "disk": None if path is None else machine.disk(path.parent),
            "read_seconds": round(read - begin, 6),
            "write_seconds": round(written - read, 6),
        }

    def tables(self) -> list[dict[str, Any]]:
        """How many rows each table has, about."""
        rows = self.store.read(lambda session: session.vitals.rows())
        return [
            {"table": name, "rows": count, "exact": exact} for name, (count, exact) in rows.items()
        ]

    def jobs(self) -> dict[str, Any]:
        """The job folders, what could not be loaded, and jobs whose class is nowhere."""
        catalogue = self.runner.catalogue(_LOAD_SECONDS)
        counts = self.store.read(lambda session: session.jobs.class_counts())
        folders = self.settings.execution.job_folders
        return {
            "folders": [_folder_data(folder, catalogue) for folder in folders],
            "failures": [asdict(failure) for failure in catalogue.failures],
            "homeless": [
                {"job_class_string": name, "jobs": counts[name]}
                for name in catalogue.unknown(counts)
            ],
        }

    def data(self) -> dict[str, Any]:
        """The folder of data files, and the space there."""
        folder = self.settings.execution.data_dir
        return {
            "folder": str(folder.absolute()),
            "writable": os.access(folder if folder.exists() else folder.parent, os.W_OK),
            "disk": machine.disk(folder if folder.exists() else folder.absolute().parent),
        }


def _certificate(settings: ProxySettings) -> dict[str, Any]:
    own = settings.certificate is None
    path = settings.certificate or settings.state_dir / _OWN_AUTHORITY
    return {"file": str(path), "own_authority": own, "expires_time": time_text(expiry(path))}


def _outbox_data(standing: ProfileStanding, outlet: Outlet | None) -> dict[str, Any]:
    return {
        "profile": standing.profile,
        "selected": outlet is not None,
        "kind": outlet and outlet.kind,
        "fallback": outlet and outlet.fallback,
        "owed": standing.owed,
        "failing": standing.failing,
        "held": standing.held,
        "dead": standing.dead,
        "oldest_time": time_text(standing.oldest),
        "next_attempt_time": time_text(standing.next_attempt),
        "failing_error": standing.failing_error,
        "dead_error": standing.dead_error,
        "dead_time": time_text(standing.dead_at),
    }


def _folder_data(folder: Path, catalogue: CatalogueDescription) -> dict[str, Any]:
    package = package_name(folder)
    modules: dict[str, list[str]] = {}
    for each in catalogue.classes:
        if f"{each.module}.".startswith(f"{package}."):
            modules.setdefault(each.module, []).append(each.job_class_string)
    return {
        "folder": str(folder.absolute()),
        "modules": [{"module": name, "classes": found} for name, found in modules.items()],
    }
