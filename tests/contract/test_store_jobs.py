"""The table of jobs."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from botsched.domain.clock import NEVER
from botsched.domain.job import Job, JobPolicy, Missed
from botsched.domain.paging import JobFilter, Paging
from botsched.domain.timetable import MOST_SCHEDULES, Bounds, Timetable
from botsched.domain.window import windows_kind
from botsched.errors import InvalidError, NotFoundError
from botsched.store.errors import DuplicateError
from tests.support.values import NOW, a_job, cron
from tests.support.waiting import PATIENCE

FULL = JobPolicy(
    missed=Missed.SKIP,
    misfire=timedelta(seconds=1.5),
    max_instances=7,
    time_limit=timedelta(hours=2),
    queue=4,
    grace=timedelta(seconds=0.25),
    missed_limit=11,
    keep_days=30,
    keep_count=1000,
    windows=windows_kind().read(
        [{"name": "ü", "crontab": "0 2 * * sun", "duration": 60, "timezone": "Asia/Tokyo"}]
    ),
)
ARGUMENTS = [
    [],
    {},
    ["plain", "ünï\u2603 \U0001f600", "line\nbreak", "quote ' \" \\", ""],
    [0, -1, 2**53, 1.25, True, False, None],
    {"deep": [{"er": [[], {}, None]}], "ключ": 1},
]


def add(store, *jobs: Job) -> None:
    store.write(lambda session: [session.jobs.add(job) for job in jobs])


def get(store, job_id: str) -> Job:
    return store.read(lambda session: session.jobs.get(job_id))


def find(store, limit=None, cursor=None, **wanted):
    return store.read(lambda s: s.jobs.find(JobFilter(**wanted), Paging(limit, cursor)))


@pytest.mark.parametrize("arguments", ARGUMENTS)
def test_a_job_reads_back_as_it_was_written(store, arguments) -> None:
    job = a_job(
        name="Sauvegarde ☃",
        arguments=arguments,
        schedule=cron("Europe/Brussels", hour="1-3", day="last"),
        policy=FULL,
        next_due=NOW + timedelta(microseconds=1),
        paused_at=NOW - timedelta(microseconds=999_999),
        paused_by="ann",
        paused_until=NOW + timedelta(days=9),
        version=12,
        tags=("nightly", "ünï☃"),
        notes="What it is for:\n\tü 'quoted'\n",
    )

    add(store, job)

    assert get(store, job.id) == job
    assert find(store).items == [job]


def test_what_is_not_set_stays_unset(store) -> None:
    job = a_job(next_due=None)

    add(store, job)

    read = get(store, job.id)
    assert read == job
    assert (read.policy, read.next_due, read.paused_at) == (JobPolicy(), None, None)


def test_instants_of_any_zone_are_the_same_instants(store) -> None:
    kathmandu = timezone(timedelta(hours=5, minutes=45))
    local = datetime(2027, 1, 1, 5, 0, 0, 123456, tzinfo=kathmandu)
    job = a_job(next_due=local)

    add(store, job)

    read = get(store, job.id).next_due
    assert read == local
    assert read.utcoffset() == timedelta()
    assert store.read(lambda s: s.jobs.due(local - timedelta(microseconds=1))) == []
    assert store.read(lambda s: s.jobs.due(local)) == [job]


def test_an_unknown_job_is_named(store) -> None:
    job = a_job(id="nobody")

    for operation in (
        lambda s: s.jobs.get("nobody"),
        lambda s: s.jobs.replace(job),
        lambda s: s.jobs.delete("nobody", NOW),
    ):
        with pytest.raises(NotFoundError, match="There is no job 'nobody'"):
            store.write(operation)


def test_a_job_is_replaced_and_deleted(store) -> None:
    job, other = a_job(), a_job()
    add(store, job, other)
    changed = replace(job, name="other", next_due=None, version=2)

    store.write(lambda session: session.jobs.replace(changed))

    assert get(store, job.id) == changed
    assert get(store, other.id) == other
    store.write(lambda session: session.jobs.delete(job.id, NOW))
    with pytest.raises(NotFoundError):
        get(store, job.id)
    assert get(store, other.id) == other


def test_the_due_ones_are_given_the_most_urgent_first(store) -> None:
    late = a_job(next_due=NOW - timedelta(hours=1))
    now = a_job(next_due=NOW)
    soon = a_job(next_due=NOW + timedelta(seconds=1))
    paused = a_job(next_due=NOW - timedelta(days=1), paused_at=NOW, paused_by="ann")
    never = a_job(next_due=None)
    add(store, now, late, soon, paused, never)

    assert store.read(lambda s: s.jobs.due(NOW)) == [late, now]
    assert store.read(lambda s: s.jobs.next_due()) == late.next_due


def test_without_anything_ahead_there_is_no_next_instant(store) -> None:
    add(store, a_job(next_due=None))

    assert store.read(lambda s: s.jobs.next_due()) is None


def test_moving_on_changes_the_next_instant_alone(store) -> None:
    one, other, third = a_job(), a_job(), a_job()
    add(store, one, other, third)
    later = NOW + timedelta(minutes=1)

    store.write(lambda s: s.jobs.set_next_due({one.id: later, other.id: None, "gone": later}))
    store.write(lambda s: s.jobs.set_next_due({}))

    assert get(store, one.id) == replace(one, next_due=later)
    assert get(store, other.id) == replace(other, next_due=None)
    assert get(store, third.id) == third


def test_many_are_asked_for_at_once(store) -> None:
    jobs = [a_job(version=number) for number in range(1201)]
    add(store, *jobs)
    ids = [job.id for job in jobs]

    assert store.read(lambda s: s.jobs.by_ids([*ids, "gone"])) == {job.id: job for job in jobs}
    found = store.write(lambda s: s.jobs.standings([*ids, "gone"]))
    assert found == {job.id: (job.version, NOW) for job in jobs}
    assert store.read(lambda s: s.jobs.by_ids([])) == {}


def test_pages_follow_each_other_also_through_equal_names(store) -> None:
    jobs = [a_job(name=f"job {number % 3}") for number in range(10)]
    add(store, *jobs)

    pages = [find(store, 4)]
    while pages[-1].next_cursor is not None:
        pages.append(find(store, 4, pages[-1].next_cursor))

    assert [len(page.items) for page in pages] == [4, 4, 2]
    listed = [job for page in pages for job in page.items]
    assert listed == sorted(jobs, key=lambda job: (job.name, job.id))
    assert find(store).items == listed
    assert find(store, 10).next_cursor is None


def test_a_page_is_not_shifted_by_what_comes_and_goes(store) -> None:
    jobs = [a_job(name=name) for name in "bdfh"]
    add(store, *jobs)
    page = find(store, 2)

    add(store, a_job(name="a"), a_job(name="e"))
    store.write(lambda s: s.jobs.delete(jobs[1].id, NOW))

    assert [job.name for job in find(store, 9, page.next_cursor).items] == ["e", "f", "h"]


def test_filters(store) -> None:
    plain = a_job(name="Nightly Backup", job_class="jobs.shell.Shell")
    wild = a_job(name="100%_done", job_class="jobs.http.Check")
    paused = a_job(name="zzz", job_class="jobs.shell.Shell", paused_at=NOW, paused_by="ann")
    add(store, plain, wild, paused)

    def names(**wanted) -> set[str]:
        return {job.name for job in find(store, **wanted).items}

    assert names(text="backup") == {"Nightly Backup"}
    assert names(text="SHELL") == {"Nightly Backup", "zzz"}
    assert names(text="%_") == {"100%_done"}
    assert names(text="_") == {"100%_done"}
    assert names(job_class="jobs.http.Check") == {"100%_done"}
    assert names(job_class="jobs.http") == set()
    assert names(paused=True) == {"zzz"}
    assert names(paused=False) == {"Nightly Backup", "100%_done"}
    assert names(text="shell", paused=False) == {"Nightly Backup"}


def test_arguments_are_searched_for_what_they_say(store) -> None:
    quoting = a_job(name="1", job_class="a.B", arguments=['echo ß "q" \U0001f600'])
    slashing = a_job(name="2", job_class="a.B", arguments={"path": "C:\\new"})
    add(store, quoting, slashing)

    def names(text: str) -> list[str]:
        return [job.name for job in find(store, text=text).items]

    assert names('"q" \U0001f600') == ["1"]
    assert names('SS "Q"') == []
    assert names('ß "Q"') == ["1"]
    assert names("\\") == ["2"]
    assert names("c:\\NEW") == ["2"]


STRANGE = [
    "x",
    "",
    "!!!",
    "é",
    "W10",
    "bnVsbA",
    "WyJhIl0",
    "WyJhIiwiYiIsImMiXQ",
    "ImFiIg",
    "Ly8v" * 9,
]


@pytest.mark.parametrize("cursor", STRANGE)
def test_a_strange_cursor_is_refused(store, cursor: str) -> None:
    with pytest.raises(InvalidError) as caught:
        find(store, 2, cursor)

    assert list(caught.value.fields) == ["cursor"]


def test_no_change_takes_the_version_of_another(store) -> None:
    job = a_job()
    add(store, job)

    with pytest.raises(DuplicateError):
        store.write(lambda session: session.jobs.replace(replace(job, name="other")))

    assert get(store, job.id) == job


def test_several_schedules_with_bounds_are_read_back(store) -> None:
    forms = tuple(cron("Europe/Brussels", minute=str(number)) for number in range(MOST_SCHEDULES))
    bounds = Bounds(NOW, NOW + timedelta(days=1, microseconds=1), 30)
    job = a_job(schedule=Timetable.of(forms, bounds, "seed"))
    add(store, job)

    assert get(store, job.id) == job


def test_names_may_be_long_and_of_any_letters_and_capitals_matter(store) -> None:
    job = a_job(name="\U0001f600" * 255, job_class="a." + "é" * 498)
    add(store, job, a_job(name="q"), a_job(name="Q"), a_job(name="a"), a_job(name="é"))

    assert get(store, job.id) == job
    assert [each.name for each in find(store).items] == ["Q", "a", "q", "é", job.name]
    assert find(store, text="\U0001f600").items == [job]
    assert [each.name for each in find(store, text="Q").items] == ["Q", "q"]
    assert find(store, job_class=job.job_class.upper()).items == []


def test_a_write_that_fails_costs_no_other_of_its_batch(store) -> None:
    job, fine = a_job(), a_job()
    with store.together():
        futures = [
            store.submit(lambda session, job=job: session.jobs.add(job)) for job in (job, job, fine)
        ]

    assert [futures[0].result(PATIENCE), futures[2].result(PATIENCE)] == [job, fine]
    assert isinstance(futures[1].exception(PATIENCE), DuplicateError)
    assert store.read(lambda s: s.jobs.count()) == 2


def test_jobs_in_whose_rules_a_text_stands_are_found(store) -> None:
    first = a_job(name="b", policy=JobPolicy(then_run=("0a1b", "x")))
    second = a_job(name="a", policy=JobPolicy(on_failure_run=("0a1b",)))
    for job in (first, second, a_job(), a_job(policy=JobPolicy(then_run=("0a1",)))):
        store.write(lambda s, job=job: s.jobs.add(job, "ann"))

    assert store.read(lambda s: s.jobs.mentioning("0a1b")) == [second, first]
    assert store.read(lambda s: s.jobs.mentioning("%")) == []


def test_a_job_that_is_parked_is_looked_at_when_that_ends(store) -> None:
    window, held, other = a_job(), a_job(), a_job(next_due=NOW + timedelta(hours=1))
    add(store, window, held, other)
    until = NOW + timedelta(hours=3)

    store.write(
        lambda s: s.jobs.set_next_due(
            {window.id: NOW, held.id: NOW}, {window.id: until, held.id: NEVER}
        )
    )

    assert store.read(lambda s: s.jobs.due(NOW)) == []
    assert store.read(lambda s: s.jobs.next_due()) == other.next_due
    parked = replace(window, parked_until=until)
    assert get(store, window.id) == parked
    assert get(store, held.id) == replace(held, parked_until=NEVER)
    assert store.read(lambda s: s.jobs.due(until)) == [other, parked]
    assert {job.parked_until for job in find(store).items} == {until, NEVER, None}
    assert {job.id for job in store.write(lambda s: s.jobs.behind(NOW))} == {window.id, held.id}
    store.write(lambda s: s.jobs.set_next_due({window.id: NOW, held.id: NOW}))
    assert {job.parked_until for job in find(store).items} == {None}


def test_a_paused_job_is_looked_at_when_its_pause_ends(store) -> None:
    until = NOW + timedelta(hours=1)
    paused = a_job(paused_at=NOW, paused_by="ann", paused_until=until)
    add(store, paused, a_job(paused_at=NOW, paused_by="ann"))

    assert store.read(lambda s: s.jobs.next_due()) == until
    assert store.read(lambda s: s.jobs.due(until)) == [paused]
    assert store.write(lambda s: s.jobs.behind(until)) == [paused]
    assert store.write(lambda s: s.jobs.behind(NOW)) == []


def test_arguments_are_told_but_of_some_classes(store) -> None:
    add(
        store,
        a_job(id="1", name="b", job_class="jobs.One", arguments=["hosts ☃"]),
        a_job(id="2", name="a", job_class="jobs.one", arguments={"file": None}),
        a_job(id="3", name="c", job_class="jobs.Two"),
    )

    def told(*classes: str) -> list[tuple]:
        return store.read(lambda session: list(session.jobs.arguments_but_of(list(classes))))

    assert told("jobs.Two") == [
        ("2", "a", "jobs.one", {"file": None}),
        ("1", "b", "jobs.One", ["hosts ☃"]),
    ]
    assert [row[0] for row in told("jobs.One", "jobs.Two")] == ["2"]
    assert len(told()) == 3
