"""A trial: one program in a folder of its own, on one database, through many faults of one kind."""

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import time
from http.client import HTTPException
from pathlib import Path
from typing import Any

from tests.faults.checker import Checker, Verdict
from tests.faults.client import Client
from tests.faults.relay import Relay
from tests.faults.times import EVERY_MINUTE, NEVER_NOW, cron_seconds, every_seconds
from tests.support.databases import DatabaseServer
from tests.support.program import PROGRAM, Program, prepare, until

JOBS = '''
import os, time


class Noted(JobBase):
    """Writes down, outside of the program's reach, that it was started."""

    def run(self, *args):
        file = os.open(os.environ["STARTS"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(file, f"{self.execution_id}\\n".encode())
        os.fsync(file)
        os.close(file)
        return self.work(*args)


class Quick(Noted):
    def work(self):
        print("done")


class Long(Noted):
    def work(self, seconds):
        print("begun", flush=True)
        time.sleep(seconds)


class Failing(Noted):
    def work(self):
        raise JobError("As always.")


class Chatty(Noted):
    def work(self):
        for number in range(30):
            print("line", number, flush=True)
            time.sleep(0.02)
'''

RUNNER = (*PROGRAM[:-1], "tests.faults.runner")
_STEP_SECONDS = 0.04


class Trial:
    """What the kinds of faults work with."""

    def __init__(self, folder: Path, chance: random.Random, *flags: str, **options: Any) -> None:
        prepare(folder, jobs=JOBS)
        (folder / "smtp.ini").write_text(
            "[nobody]\nhostname = 127.0.0.1\nport = 1\nsecurity = unencrypted\n"
            "from = bots@example.org\nto = ops@example.org\n"
        )
        self.folder = folder
        self.flags = flags
        self._others: list[Trial] = []
        self.chance = chance
        self.starts = folder / "starts"
        self.trace = folder / "trace"
        self.orders = folder / "orders"
        """Names the point at which a server that runs already is to be killed."""
        self.program = Program(
            folder,
            ("--jobs", "own", "--threadpool-size", "4", "--job-misfire", "4",
             "--stop-grace", "0.5",
             "--smtp-config", "smtp.ini", "--smtp-profile", "nobody", *flags),
            {"STARTS": str(self.starts)},
            command=RUNNER,
            **options,
        )  # fmt: skip
        self.client = Client(self.program, chance)
        self.clock: Path | None = None
        self.only: str | None = None
        # what stands between the program and its record, as far as there is any
        self.server: DatabaseServer
        self.relay: Relay
        self.disk: Path
        self.notes: list[str] = []
        """What went wrong meanwhile, in words."""
        self.waits: dict[str, float] = {}
        """The longest wait for an answer, in seconds, by outage."""

    # The program

    def launch(self, kill: str | None = None, at: int = 1) -> None:
        """Start the program without waiting, to be killed at a point of the table."""
        wanted = {"trace": str(self.trace), "kill": kill, "at": at, "orders": str(self.orders)}
        if self.clock is not None:
            wanted["clock"] = str(self.clock)
        self.program.environment["FAULTS"] = json.dumps(wanted)
        self.program.launch()

    def set_clock(self, ahead: float) -> None:
        """Set the program's clock ahead by so many seconds, now and at the starts to come."""
        self.clock = self.folder / "clock"
        draft = self.clock.with_suffix(".new")
        draft.write_text(str(ahead))
        draft.replace(self.clock)

    def is_ready(self, within: float = 60.0) -> bool:
        """Wait until it is ready; False if it ended before, or is not in time."""
        deadline = time.monotonic() + within
        while "Ctrl-C stops it." not in self.program.output:
            if self.ended or time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def start(self) -> None:
        """Start the program, whole, and see what became of what was in doubt."""
        self.launch()
        assert self.is_ready(), self.program.told
        self.client.resolve()

    @property
    def ended(self) -> bool:
        assert self.program.process is not None
        return self.program.process.poll() is not None

    def kill(self) -> None:
        """Kill the server, if it still is there."""
        assert self.program.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.program.process.pid, signal.SIGKILL)
        self.program.wait()

    @property
    def pid(self) -> int:
        assert self.program.process is not None
        return self.program.process.pid

    @property
    def reached(self) -> list[str]:
        """The points that were reached since the trace was removed."""
        return self.trace.read_text().splitlines() if self.trace.exists() else []

    @property
    def started(self) -> list[str]:
        """The executions that were started, as the jobs wrote them down."""
        return self.starts.read_text().split() if self.starts.exists() else []

    def stop_and_start(self) -> None:
        """After it, nothing that was asked for can be under way."""
        self.stop()
        self.start()

    def beside(self) -> "Trial":
        """Another server on the same database, with the same clients."""
        folder = self.folder / "beside"
        folder.mkdir()
        shutil.copytree(self.folder / "conf", folder / "conf")
        other = Trial(folder, self.chance, *self.flags, direct=self.program.direct)
        other.starts = self.starts
        other.program.environment["STARTS"] = str(self.starts)
        other.client.diary = self.client.diary
        other.waits = self.waits
        self._others.append(other)
        return other

    def stop(self) -> None:
        """Stop the program, and see that it ended in order."""
        assert self.program.stop() == 0, self.program.told

    def begin(self) -> None:
        """Start with all jobs there are, some of them due by the end."""
        self.start()
        self.add_jobs()
        self.traffic(1.5)

    def until_well(self, within: float = 60.0) -> None:
        """Wait until it says of itself that nothing is wrong."""
        until(self._is_well, within=within)

    def _is_well(self) -> bool:
        with contextlib.suppress(OSError, HTTPException):
            return self.program.ask("GET", "/readyz").status == 200
        return False

    # What clients do

    def add_jobs(self) -> None:
        """One job of every kind that could come to harm."""
        add = self.client.add
        add("Quick", cron_seconds(1), base=True)
        add("Quick", every_seconds(2), base=True, coalesce=False)
        add("Quick", cron_seconds(1), base=True, coalesce=False, max_instances=1, misfire=2)
        add("Long", cron_seconds(1), 1.5, base=True, max_instances=1)
        add("Long", cron_seconds(2), 2.5, base=True, overlap={"queue": 2}, missed="all")
        add("Failing", cron_seconds(2), base=True, retry={"attempts": 2, "delay": 0.5})
        led = add("Quick", NEVER_NOW, base=True)
        add("Quick", every_seconds(3), base=True, then_run=[led])
        add("Chatty", every_seconds(2), base=True)
        add("Quick", EVERY_MINUTE, base=True)
        add("Long", NEVER_NOW, 600, base=True, rare=True)

    def run_long(self) -> None:
        """Have the job run that ends only when it is told to."""
        for job in self.client.diary.alive:
            if job.rare:
                self.client.run(job)

    def traffic(self, seconds: float) -> None:
        """Have clients do what they do for so long, or until the server ends."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self.ended:
            self.client.do_something()
            time.sleep(self.chance.uniform(0, 2 * _STEP_SECONDS))

    # The end

    def finish(self) -> Verdict:
        """Bring all jobs to rest, compare, and stop the program, which is running."""
        self.client.hold(held=False)
        for job in self.client.diary.alive:
            if job.paused:
                self.client.pause(job, paused=False)
            self.client.pause(job, paused=True)
            if job.rare:
                self.client.stop_runs(job)  # it may have waited for a slot until the restart
        until(lambda: not self.open_executions(), within=60)
        found = Checker(self.client, self.started).check()
        found.faults += self.notes
        self._verify(found)
        self.stop()
        with contextlib.suppress(AssertionError):
            until(self.program.is_gone, within=10)
        found.left_behind = sum(len(each.program.pids()) for each in (self, *self._others))
        return found

    def _verify(self, found: Verdict) -> None:
        """Have the program itself say what it thinks of the record."""
        command = [*RUNNER, "verify", "--json", "--from", "2000-01-01", *self.dbms_flags]
        done = subprocess.run(
            command, cwd=self.folder, env=self.program.variables, capture_output=True, check=False
        )
        told = json.loads(done.stdout) if done.returncode in {0, 1} else {"clean": False}
        if not told["clean"]:
            found.faults.append(f"verify: {done.stdout.decode()} {done.stderr.decode()}")
        elif told["due"] - told["open"] != found.due:
            found.faults.append(f"verify counts otherwise: {found.due} were due, {told}")

    @property
    def dbms_flags(self) -> tuple[str, ...]:
        """The flags that name the database."""
        flags = self.program.flags
        return flags[flags.index("--dbms") :][:2] if "--dbms" in flags else ()

    def open_executions(self) -> list[Any]:
        """What waits, or runs."""
        states = "scheduled,running,stopping"
        found: list[Any] = self.client.get(
            "executions", state=states, limit="10", time_range_start="2000-01-01T00:00:00Z"
        )["executions"]
        return found  # fmt: skip

    def end(self) -> None:
        """Leave nothing running."""
        for each in (self, *self._others):
            each.program.clean_up()
