"""All that is in a database of ndscheduler, looked at and taken over."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from botsched.domain.job import Job
from botsched.moving.ndscheduler.history import JobFacts
from botsched.moving.ndscheduler.jobs import JobReader, kept_job_id
from botsched.moving.ndscheduler.making import CLOCK_CHANGES, JobMaker, mapped
from botsched.moving.ndscheduler.past import Known, Past, Tell
from botsched.moving.ndscheduler.pickles import RefusedError
from botsched.moving.ndscheduler.tables import JOB_COLUMNS, Tables
from botsched.moving.report import Item, Remark, Report
from botsched.scheduling.intake import take_in
from botsched.store.foreign import Foreign
from botsched.store.store import Store

_LONGEST_NAME: Final = 255
_LONGEST_CLASS: Final = 500
_SHOWN_ID: Final = 200
_UTC: Final = frozenset({"UTC", "Etc/UTC"})

PROCESSES: Final = Remark(
    "Each run is a process of its own. What a job kept in memory for its next run, such as a "
    "variable of its module, is not there any more.",
    "Let it keep that in a file.",
)
UNENDED: Final = Remark(
    "Executions that had not ended are lost here, as their end is not known. They are not looked "
    "at again.",
    "Stop ndscheduler before the import.",
)


class Takeover:
    """A database as it was read, and what is to be done with it."""

    def __init__(
        self, foreign: Foreign, tables: Tables, maker: JobMaker, secrets: Iterable[str]
    ) -> None:
        """Read the jobs; ``secrets`` are to be in no text that is taken over."""
        self._foreign = foreign
        self._tables = tables
        self._maker = maker
        self._facts: dict[str, JobFacts] = {}
        self._reader = JobReader()
        self._items = list(self._read_jobs())
        self._past = Past(foreign, tables, self._facts, {*self._reader.passwords, *secrets})

    def report(self, known: Known) -> Report:
        """What was found, and what of it is not here yet."""
        self._past.count(known)
        counts = self._past.counts
        return Report(
            tuple(self._items),
            read=tuple(self._what_was_read()),
            remarks=tuple(self._remarks(self._items)),
            besides=tuple(_number(each.new, what) for what, each in counts.items() if each.new),
            afterwards=tuple(self._afterwards()),
        )

    def carry_out(self, store: Store, jobs: list[Job], now: datetime, tell: Tell) -> None:
        """Add the jobs, then their past. When it is cut off, doing it again completes it."""
        if jobs:
            take_in(store, jobs, self._maker.user, now)
        self._past.take_over(store, tell)

    def _read_jobs(self) -> Iterator[Item]:
        if self._tables.jobs is not None:
            for rows in self._foreign.rows(self._tables.jobs, JOB_COLUMNS):
                for row in rows:
                    yield self._item(str(row["id"]), row["next_run_time"], row["job_state"])

    def _item(self, job_id: str, next_run: Any, state: Any) -> Item:
        pickled = bytes(state or b"")
        try:
            source = self._reader.read(job_id, next_run, pickled)
        except RefusedError as error:
            place, text = f"job {job_id[:_SHOWN_ID]}", f"{len(pickled):,} bytes of job_state"
            return Item.refused(place, text, f"It is not read: {error}.", "Add it by hand.")
        job_class = mapped(source.job_class, self._maker.maps)[:_LONGEST_CLASS]
        facts = JobFacts(source.name[:_LONGEST_NAME], job_class, source.arguments)
        self._facts[kept_job_id(job_id)] = facts
        return self._maker.item(source)

    def _what_was_read(self) -> Iterator[str]:
        yield f"{self._foreign.name} was read, and nothing was written there."
        names = {"jobs": self._tables.jobs, "executions": self._tables.executions}
        for what, name in (names | {"the audit log": self._tables.logs}).items():
            if name is None:
                yield f"It has no table of {what}."
        for what, count in self._past.counts.items():
            if count.total:
                told = f"{_number(count.total, what)}: {count.new:,} new"
                told += f", {count.present:,} here already" if count.present else ""
                unread = f", {count.unread:,} without a time or of an unknown kind, left out"
                yield told + (unread if count.unread else "") + "."

    def _remarks(self, items: Iterable[Item]) -> Iterator[Remark]:
        zones = {item.job.schedule.timezone.key for item in items if item.job is not None}
        if zones:
            yield PROCESSES
        if zones - _UTC:
            yield CLOCK_CHANGES
        if self._past.unended:
            yield UNENDED

    def _afterwards(self) -> Iterator[str]:
        if self._tables.files is not None:
            yield (
                "Copy the data files of the former server into the folder of --data-dir: its "
                "database holds only their names, and the page lists what is in the folder."
            )


def _number(count: int, what: str) -> str:
    one = what.replace("executions", "execution").replace("lines", "line")
    return f"{count:,} {one if count == 1 else what}"
