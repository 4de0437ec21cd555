"""A scripted day in Brussels, on which the clock goes back, with all that may befall a server.

    python -m tests.faults.day [--dbms sqlite]

The real program lives through it with a clock of its own, which leaps from one moment at which
something happens to the next. Then the fate of every instant is shown, and what ``verify`` says.
"""

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from botsched.settings.model import Dbms
from tests.faults.places import database_server, trial_on
from tests.faults.trial import RUNNER, Trial
from tests.support.program import until

ZONE = ZoneInfo("Europe/Brussels")
MIDNIGHT = datetime(2027, 10, 31, tzinfo=ZONE)
END = datetime(2027, 11, 1, tzinfo=ZONE)
FROM, TO = "2027-10-31", "2027-10-31T23:59:59"
FLAGS = ("--timezone", "Europe/Brussels", "--job-misfire", "3600")

_BEFORE = 0.4
"""Seconds before a moment to which the clock leaps."""
_AFTER = 0.3

JOBS: dict[str, dict[str, Any]] = {
    "backup": {"class": "Quick", "crontab": "30 2 * * *"},
    "quarterly": {"class": "Quick", "crontab": "*/15 * * * *"},
    "hourly": {"class": "Chatty", "crontab": "0 * * * *"},
    "import": {
        "class": "Long",
        "crontab": "0,10,20 14 * * *",
        "arguments": [3],
        "max_instances": 1,
    },
    "fetch": {"class": "Long", "every": {"hours": 4}, "arguments": [1]},
    "fragile": {"class": "Failing", "crontab": "45 6,18 * * *"},
}


@dataclass(frozen=True)
class Event:
    """Something that befalls the server at a time of day."""

    at: datetime
    what: str
    do: Callable[["Day"], None]


class Day:
    """The day, from a little before midnight to the next."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.jobs: dict[str, str] = {}
        self._ahead = 0.0

    # The clock

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._ahead)

    def leap(self, moment: datetime) -> None:
        """Set the clock forward to a moment; it never goes back."""
        self._ahead += max((moment - self.now).total_seconds(), 0)
        self.trial.set_clock(self._ahead)

    def wait(self, moment: datetime) -> None:
        time.sleep(max((moment - self.now).total_seconds(), 0))

    # What happens

    def live(self) -> None:
        self.leap(MIDNIGHT - timedelta(minutes=5))
        self.trial.start()
        for name, described in JOBS.items():
            self._add(name, dict(described))
        for event in self._events():
            self._go_on_until(event.at)
            self.wait(event.at)
            print(f"{event.at:%H:%M:%S %Z}  {event.what}", flush=True)
            event.do(self)

    def _add(self, name: str, described: dict[str, Any]) -> None:
        job_class = f"own.tests_of_it.{described.pop('class')}"
        body = {"name": name, "job_class_string": job_class}
        body |= {"pub_args": described.pop("arguments", [])} | described
        answer = self.trial.program.ask("POST", "/api/v1/jobs", body)
        assert answer.status == 201, answer.text
        self.jobs[name] = answer.json["job_id"]

    def _go_on_until(self, moment: datetime) -> None:
        """Live through all that is due before then."""
        while (due := self._next_due()) is not None and due < moment:
            self.leap(due - timedelta(seconds=_BEFORE))
            self.wait(due + timedelta(seconds=_AFTER))
            self._wait_for_rest()
        self.leap(moment.astimezone(UTC) - timedelta(seconds=_BEFORE))

    def _next_due(self) -> datetime | None:
        jobs = self.trial.client.get("jobs")["jobs"]
        moments = [datetime.fromisoformat(text) for job in jobs if (text := job["next_run_time"])]
        return min(moments, default=None)

    def _wait_for_rest(self) -> None:
        """Wait until all that is due by now has come to its end."""

        def is_over() -> bool:
            due = self._next_due()
            return not self.trial.open_executions() and (due is None or due > self.now)

        until(is_over)

    # What may befall it

    def pause(self, name: str) -> None:
        assert self.trial.program.ask("POST", f"/api/v1/jobs/{self.jobs[name]}/pause").status == 200

    def resume(self, name: str) -> None:
        path = f"/api/v1/jobs/{self.jobs[name]}/resume"
        assert self.trial.program.ask("POST", path).status == 200

    def killed_at(self, label: str) -> None:
        """Have the server kill itself when it comes to a point, and start it again."""
        self.trial.orders.write_text(label)
        process = self.trial.program.process
        assert process is not None
        process.wait(30)
        self.trial.orders.unlink()
        self.trial.start()

    def overlap(self) -> None:
        """Come to the next instant of a job while its run goes on."""
        self.wait(self._at(14, 0, _AFTER))
        until(self.trial.open_executions)
        self.leap(self._at(14, 10, -_BEFORE))
        self.wait(self._at(14, 10, _AFTER))

    def outage(self) -> None:
        assert self.trial.program.stop() == 0
        self.leap(self._at(17, 5))
        self.trial.start()

    @staticmethod
    def _at(hour: int, minute: int, seconds: float = 0.0) -> datetime:
        moment = MIDNIGHT.replace(hour=hour, minute=minute)
        return moment.astimezone(UTC) + timedelta(seconds=seconds)

    def _events(self) -> Iterator[Event]:
        """Those at the end of a minute are there to see what the next one brings."""

        def at(time_of_day: str, what: str, do: Callable[[Day], None]) -> Event:
            return Event(
                datetime.fromisoformat(f"{MIDNIGHT:%F} {time_of_day}").replace(tzinfo=ZONE),
                what,
                do,
            )

        def kill(time_of_day: str, label: str) -> Event:
            return at(time_of_day, f"killed: {label}", lambda day: day.killed_at(label))

        yield kill("03:59:59", "fates committed, nobody told")
        yield at("08:05:00", "quarterly is paused", lambda day: day.pause("quarterly"))
        yield at("10:05:00", "quarterly goes on", lambda day: day.resume("quarterly"))
        yield kill("11:59:59", "a process started")
        yield at("13:59:59", "import takes longer than ten minutes", Day.overlap)
        yield at("16:55:00", "out of order for ten minutes", Day.outage)
        yield kill("19:59:59", "an end written, not committed")
        yield Event(END, "the day ends", lambda _: None)

    # What became of it

    def table(self) -> Iterator[str]:
        """Each job's instants by their fates; then each that did not simply run, and why."""
        rows = self.trial.client.get("executions", time_range_start="2000-01-01T00:00:00Z")
        names = ("due", "ran", "late", "coalesced", "skipped", "missed", "lost")
        yield "".join(["job".ljust(12), *(name.rjust(11) for name in names)])
        told: list[tuple[str, str, str]] = []
        for job in JOBS:
            fates: Counter[str] = Counter()
            for row in rows["executions"]:
                if row["job"]["name"] == job and row["due_time"] and _due(row) < END:
                    fates[row["fate"]] += row["due_count"]
                    if row["fate"] != "ran" or job == "backup":
                        told.append((row["due_time"], job, _told(row)))
            fates["due"] = fates.total()
            yield "".join([job.ljust(12), *(str(fates[name]).rjust(11) for name in names)])
        yield ""
        yield from (text for _, _, text in sorted(told))

    def verify(self) -> str:
        """What the program says of the record of this day."""
        flags = ["--from", FROM, "--to", TO, *FLAGS[:2]]
        done = subprocess.run(
            [*RUNNER, "verify", *self.trial.dbms_flags, *flags],
            cwd=self.trial.folder, env=self.trial.program.variables,
            capture_output=True, check=False, text=True,
        )  # fmt: skip
        return done.stdout + done.stderr


def _due(row: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(row["due_time"]).astimezone(ZONE)


def _told(row: dict[str, Any]) -> str:
    several = f" ({row['due_count']})" if row["due_count"] > 1 else ""
    name = row["job"]["name"]
    return f"{_due(row):%H:%M %Z}  {name:10} {row['fate']}{several}: {row['description']}"


def main() -> int:
    """Live through the day; 1 when the record does not hold."""
    parser = argparse.ArgumentParser(description="Live through a scripted day.")
    parser.add_argument("--dbms", choices=list(Dbms), default=Dbms.SQLITE)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="day-"))
    with (
        database_server(Dbms(asked.dbms)) as server,
        trial_on(server, folder, random.Random(1), flags=FLAGS) as trial,
    ):
        day = Day(trial)
        day.live()
        print()
        for line in day.table():
            print(line)
        verdict = day.verify()
        print(f"\n$ bots-scheduler verify --from {FROM} --to {TO}\n{verdict}")
        with suppress(AssertionError):
            trial.program.stop()
    shutil.rmtree(folder)
    return int("exactly one fate" not in verdict)


if __name__ == "__main__":
    sys.exit(main())
