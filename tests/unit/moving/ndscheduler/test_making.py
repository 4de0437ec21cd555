from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from botsched.catalog import CatalogueDescription, ImportFailure
from botsched.domain.interval import IntervalSchedule
from botsched.domain.job import JobPolicy, Missed
from botsched.job.info import JobClassInfo
from botsched.moving.ndscheduler import making
from botsched.moving.ndscheduler.jobs import SourceJob
from botsched.moving.ndscheduler.making import JobMaker, mapped
from botsched.moving.ndscheduler.shapes import Trigger, Zone
from botsched.moving.report import Item, Standing
from botsched.scheduling.timing import Timing
from botsched.settings.model import SchedulingSettings
from tests.support.ndscheduler import JOB_IDS

NOW = datetime(2026, 3, 2, 12, 0, 30, tzinfo=UTC)
CLASS = "jobs.shell_job.ShellJob"


def catalogue(*names: str, failures: tuple[ImportFailure, ...] = ()) -> CatalogueDescription:
    infos = tuple(
        JobClassInfo(name, name, "", (), "", "", True, name.rpartition(".")[0], "")
        for name in names
    )
    return CatalogueDescription(infos, failures)


SOURCE = SourceJob(
    JOB_IDS[0],
    "Say hello",
    CLASS,
    ["echo"],
    Trigger(Timing(cron={"minute": "*/5"}), Zone("UTC")),
    coalesce=True,
    max_instances=3,
    misfire=timedelta(hours=1),
    next_run=NOW + timedelta(minutes=1),
)


def maker(**changes: Any) -> JobMaker:
    made = JobMaker(catalogue(CLASS), (), SchedulingSettings(), "root (import)", NOW)
    return replace(made, **changes)


def item_of(**changes: Any) -> Item:
    return maker().item(replace(SOURCE, **changes))


def texts(item: Item) -> str:
    return " ".join(remark.text for remark in item.remarks)


def test_a_job_keeps_its_id_name_class_arguments_and_schedule() -> None:
    item = item_of()

    assert item.standing is Standing.NEW
    assert item.place == f"job {JOB_IDS[0]}"
    assert item.text == f'{CLASS} ["echo"]'
    assert item.remarks == ()
    job = item.job
    assert job is not None
    assert (job.id, job.name, job.job_class, job.arguments) == (
        JOB_IDS[0], "Say hello", CLASS, ["echo"],
    )  # fmt: skip
    assert job.policy == JobPolicy()
    assert job.next_due == datetime(2026, 3, 2, 12, 5, tzinfo=UTC)
    assert not job.paused


@pytest.mark.parametrize(
    ("name", "here"),
    [
        ("x" * 300, "x" * 255),
        ("a\u202eb\x1b[31m", "a b [31m"),
        ("\u200d", "Job of ndscheduler"),
        ("x" * 254 + " y", "x" * 254),
    ],
)
def test_a_name_that_cannot_be_here_is_made_to_fit_and_remarked(name: str, here: str) -> None:
    item = item_of(name=name)

    assert item.job is not None
    assert item.job.name == here
    assert making.RENAMED in item.remarks


def test_what_was_due_before_is_not_run_here() -> None:
    item = item_of(next_run=NOW - timedelta(days=1))

    assert item.remarks == (making.OVERDUE,)
    assert item.job is not None
    assert item.job.next_due == datetime(2026, 3, 2, 12, 5, tzinfo=UTC)


def test_a_paused_job_stays_paused() -> None:
    job = item_of(next_run=None).job

    assert job is not None
    assert job.paused
    assert job.paused_by == "root (import)"


def test_all_are_paused_on_demand() -> None:
    job = maker(paused=True).item(SOURCE).job

    assert job is not None
    assert job.paused


@pytest.mark.parametrize(
    ("changes", "policy"),
    [
        ({"coalesce": False}, JobPolicy(missed=Missed.ALL)),
        ({"max_instances": 1}, JobPolicy(max_instances=1)),
        ({"misfire": timedelta(seconds=30)}, JobPolicy(misfire=timedelta(seconds=30))),
        ({"misfire": None}, JobPolicy(misfire=timedelta(days=3650))),
        ({"misfire": timedelta(days=9000)}, JobPolicy(misfire=timedelta(days=3650))),
    ],
)
def test_rules_are_told_where_they_are_not_the_servers(
    changes: dict[str, Any], policy: JobPolicy
) -> None:
    item = item_of(**changes)

    assert item.job is not None
    assert item.job.policy == policy
    assert (making.NO_LIMIT in item.remarks) is (changes.get("misfire", 0) is None)


def test_rules_are_those_that_differ_from_the_servers_own() -> None:
    defaults = SchedulingSettings(coalesce=False, max_instances=1, misfire=60)

    job = maker(defaults=defaults).item(SOURCE).job

    assert job is not None
    assert job.policy == JobPolicy(
        missed=Missed.LATEST, max_instances=3, misfire=timedelta(hours=1)
    )


@pytest.mark.parametrize(
    ("zone", "key"),
    [
        (Zone("Europe/Brussels"), "Europe/Brussels"),
        (Zone(None, timedelta(hours=2)), "Etc/GMT-2"),
        (Zone(None, timedelta(hours=-11)), "Etc/GMT+11"),
        (None, "Asia/Tokyo"),
        (Zone("local"), "Asia/Tokyo"),
        (Zone(None, timedelta(minutes=90)), "Asia/Tokyo"),
        (Zone("../../etc/passwd"), "Asia/Tokyo"),
    ],
)
def test_time_zones_without_a_known_name_become_the_servers(zone: Zone | None, key: str) -> None:
    defaults = SchedulingSettings(timezone=ZoneInfo("Asia/Tokyo"))
    source = replace(SOURCE, trigger=replace(SOURCE.trigger, zone=zone))

    item = maker(defaults=defaults).item(source)

    assert item.job is not None
    assert item.job.schedule.timezone.key == key
    assert ("goes by Asia/Tokyo" in texts(item)) is (zone is not None and key == "Asia/Tokyo")


def test_a_start_of_an_interval_is_told_only_while_it_is_ahead() -> None:
    def schedule(start: datetime) -> Any:
        trigger = Trigger(Timing(every=(2, "hours"), anchor=start), Zone("UTC"), {"start": start})
        job = item_of(trigger=trigger).job
        assert job is not None
        return job.schedule

    for start in (NOW - timedelta(days=9), NOW + timedelta(hours=1)):
        assert schedule(start) == IntervalSchedule(2, "hours", start, ZoneInfo("UTC"))
        assert schedule(start).next_after(NOW) <= NOW + timedelta(hours=2)
    later = NOW + timedelta(days=9)
    assert schedule(later).next_after(NOW) == later


def test_jitter_makes_the_same_schedule_each_time() -> None:
    trigger = Trigger(Timing(cron={"hour": "1"}), Zone("UTC"), {"jitter": 600})
    one, again, other = (
        item_of(trigger=trigger, id=job_id).job for job_id in (JOB_IDS[0], JOB_IDS[0], JOB_IDS[1])
    )

    assert one is not None
    assert again is not None
    assert other is not None
    assert one.schedule == again.schedule
    assert one.schedule != other.schedule


def test_every_second_is_remarked() -> None:
    names = ["year", "month", "day", "week", "day_of_week", "hour", "minute", "second"]
    trigger = Trigger(Timing(cron=dict.fromkeys(names, "*")), Zone("UTC"))

    assert making.EVERY_SECOND in item_of(trigger=trigger).remarks


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"trigger": Trigger(Timing(at=NOW - timedelta(days=1)))}, "has passed"),
        ({"trigger": Trigger(Timing(cron={"minute": "61"}), Zone("UTC"))}, "out of range"),
        (
            {"trigger": Trigger(Timing(cron={"hour": "1"}), Zone("UTC"), {"end": NOW})},
            "end_date|never",
        ),
    ],
)
def test_what_makes_no_sense_here_is_refused_with_its_reason(
    changes: dict[str, Any], why: str
) -> None:
    item = item_of(**changes)

    assert item.standing is Standing.REFUSED
    assert item.refusal is not None
    assert any(word in item.refusal.text for word in why.split("|"))


def test_an_id_that_cannot_be_here_is_another_and_remarked() -> None:
    item = item_of(id="a b")

    assert item.job is not None
    assert len(item.job.id) == 32
    assert making.NEW_ID in item.remarks


@pytest.mark.parametrize(
    ("job_class", "now"),
    [
        ("old.jobs.shell_job.ShellJob", "jobs.shell_job.ShellJob"),
        ("old.jobs.special.x.Y", "special.x.Y"),
        ("old.jobsuite.x.Y", "old.jobsuite.x.Y"),
        ("other.x.Y", "other.x.Y"),
    ],
)
def test_packages_are_called_as_the_maps_say(job_class: str, now: str) -> None:
    assert mapped(job_class, (("old.jobs", "jobs"), ("old.jobs.special", "special"))) == now


@pytest.mark.parametrize(
    ("job_class", "old", "new"),
    [
        ("simple_scheduler.jobs.shell_job.ShellJob", "simple_scheduler.jobs", "jobs"),
        ("shell_job.ShellJob", "shell_job", "jobs.shell_job"),
    ],
)
def test_a_mapped_class_is_remarked(job_class: str, old: str, new: str) -> None:
    source = replace(SOURCE, job_class=job_class)

    item = maker(maps=((old, new),)).item(source)

    assert item.job is not None
    assert item.job.job_class == CLASS
    assert f"{old} is {new} here" in texts(item)


def test_a_class_that_is_in_no_folder_is_refused_with_what_would_help() -> None:
    missing = item_of(job_class="nowhere.gone.Gone")
    renamed = item_of(job_class="simple_scheduler.jobs.shell_job.ShellJob")

    bare = item_of(job_class="shell_job.ShellJob")

    for item in (missing, renamed, bare):
        assert item.standing is Standing.REFUSED
        assert item.refusal is not None
        assert "is in no job folder" in item.refusal.text
    assert missing.refusal is not None
    assert "--jobs" in missing.refusal.cure
    assert renamed.refusal is not None
    assert "--map simple_scheduler.jobs=jobs," in renamed.refusal.cure
    assert bare.refusal is not None
    assert "--map shell_job=jobs.shell_job," in bare.refusal.cure


def test_a_class_that_cannot_be_loaded_is_refused_with_its_error() -> None:
    failure = ImportFailure("jobs.broken", "jobs/broken.py", "SyntaxError: invalid syntax")
    source = replace(SOURCE, job_class="jobs.broken.Broken")

    item = maker(catalogue=catalogue(CLASS, failures=(failure,))).item(source)

    assert item.refusal is not None
    assert "cannot be loaded: SyntaxError" in item.refusal.text
