"""What users do with jobs, and what the audit log says of it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from botsched.catalog import load
from botsched.domain.execution import Cause, State
from botsched.domain.job import JobPolicy, Missed
from botsched.errors import ConflictError, InvalidError, NotFoundError
from botsched.scheduling.drafts import JobChanges, JobDraft
from botsched.scheduling.jobs import JobService
from botsched.scheduling.scheduler import Scheduler
from botsched.scheduling.timing import Timing
from botsched.scheduling.wakeup import WakeUp
from botsched.store.jobs import Jobs
from tests.support.values import DEFAULTS, NOW, a_job

MINUTE = timedelta(minutes=1)


@pytest.fixture
def wakes() -> list[int]:
    return []


EVERY_MINUTE = Timing(cron={"minute": "*"})


@pytest.fixture
def jobs(record, runner, clock, wakes) -> JobService:
    return JobService(
        record.store, runner, clock, DEFAULTS, "Europe/Brussels", lambda: wakes.append(1)
    )


def a_draft(**changes) -> JobDraft:
    return JobDraft(
        **{"name": "Backup", "job_class": "jobs.good.Good", "timing": EVERY_MINUTE} | changes
    )


def test_a_job_is_added_for_its_first_instant_to_come(jobs, record, wakes) -> None:
    job = jobs.add(a_draft(name="  Backup ", arguments={"a": 1}), "ann")

    assert record.job(job.id) == job
    assert (job.name, job.arguments, job.next_due) == ("Backup", {"a": 1}, NOW + MINUTE)
    assert job.schedule.timezone.key == "Europe/Brussels"
    assert (job.created_at, job.version, job.paused) == (NOW, 1, False)
    assert wakes == [1]
    assert record.audit() == [
        (
            *("added", "ann", "Backup"),
            (
                'name: "Backup", class: jobs.good.Good, arguments: {"a": 1}, schedule: '
                "every minute (Europe/Brussels)"
            ),
        )
    ]


def test_an_id_is_given_once(jobs, record) -> None:
    assert jobs.add(a_draft(job_id="backup"), "ann").id == "backup"

    with pytest.raises(ConflictError, match="There is a job with the id 'backup' already"):
        jobs.add(a_draft(job_id="backup", name="Other"), "bob")

    assert record.job("backup").name == "Backup"
    assert len(record.audit()) == 1


def test_another_server_may_take_the_id_first(jobs, record, monkeypatch) -> None:
    monkeypatch.setattr(Jobs, "by_ids", lambda _self, _ids: {})
    jobs.add(a_draft(job_id="backup"), "ann")

    with pytest.raises(ConflictError, match="Choose another id"):
        jobs.add(a_draft(job_id="backup"), "bob")


def test_a_job_may_begin_paused(jobs, record) -> None:
    job = jobs.add(a_draft(paused=True), "ann")

    assert (job.paused_at, job.paused_by, job.next_due) == (NOW, "ann", NOW + MINUTE)
    assert record.audit()[0][3].endswith("(Europe/Brussels), paused: true")


BAD = [
    ({"name": " "}, "name", "' ' cannot be used"),
    ({"name": "x" * 256}, "name", "1 to 255 characters"),
    ({"name": "two\nlines"}, "name", "line breaks"),
    ({"timing": Timing(cron={})}, "schedule", "at least one of"),
    ({"timing": Timing(cron={"minute": "99"})}, "minute", "out of range"),
    ({"timing": Timing(cron={"fortnight": "1"})}, "fortnight", "no such field"),
    ({"timing": Timing(cron={"month": "2", "day": "30"})}, "schedule", "never comes"),
    ({"timezone": "Mars/Phobos"}, "timezone", "no known time zone"),
    ({"job_class": "jobs.good.Gone"}, "job_class_string", "in no job folder; there are: jobs.good"),
    ({"job_class": "jobs.broken.Any"}, "job_class_string", "nothing_of_this_name"),
    ({"job_class": "jobs.half.Bad"}, "job_class_string", "info must be a dictionary"),
    ({"job_class": "jobs.half.Gone"}, "job_class_string", "in no job folder"),
]


@pytest.mark.parametrize(("changes", "field", "words"), BAD)
def test_values_that_make_no_sense_are_refused_by_field(
    jobs, record, wakes, changes, field, words
) -> None:
    with pytest.raises(InvalidError) as added:
        jobs.add(a_draft(**changes), "ann")
    job = jobs.add(a_draft(), "ann")
    with pytest.raises(InvalidError) as changed:
        jobs.change(job.id, JobChanges(**changes), "ann")

    for caught in (added, changed):
        assert list(caught.value.fields) == [field]
        assert words in caught.value.fields[field]
    assert record.job(job.id) == job
    assert len(record.audit()) == len(wakes) == 1


def test_all_fields_that_make_no_sense_are_named_at_once(jobs, record) -> None:
    bad = {"name": "", "timing": Timing(cron={"minute": "99"}), "timezone": "Mars/Phobos"}
    with pytest.raises(InvalidError) as added:
        jobs.add(a_draft(**bad, job_class="jobs.good.Gone"), "ann")
    job = jobs.add(a_draft(), "ann")
    with pytest.raises(InvalidError) as changed:
        jobs.change(job.id, JobChanges(**bad), "ann")

    assert set(added.value.fields) == {"job_class_string", "name", "minute", "timezone"}
    assert set(changed.value.fields) == {"name", "minute", "timezone"}


def test_what_changes_nothing_leaves_no_trace(jobs, record, clock, handed_over) -> None:
    policy = JobPolicy(Missed.ALL, misfire=timedelta(seconds=90))
    job = jobs.add(a_draft(arguments=[1, {"a": "ü"}], policy=policy), "ann")
    clock.move(seconds=20)
    same = JobChanges(
        name=" Backup ",
        job_class=job.job_class,
        arguments=[1, {"a": "ü"}],
        timing=Timing(cron=job.schedule.effective),
        timezone="Europe/Brussels",
        rules={"coalesce": False, "misfire": timedelta(seconds=90), "overlap": None},
        version=1,
    )

    for changes in (JobChanges(), same):
        assert jobs.change(job.id, changes, "bob") == job

    assert record.job(job.id) == job
    assert [event for event, *_ in record.audit()] == ["added"]


@pytest.mark.parametrize("arguments", [[True], [1.0], ["1"], {"a": 1}])
def test_other_arguments_are_a_change_although_python_calls_them_equal(
    jobs, record, arguments
) -> None:
    job = jobs.add(a_draft(arguments=[1]), "ann")

    jobs.change(job.id, JobChanges(arguments=arguments), "bob")

    assert repr(record.job(job.id).arguments) == repr(arguments)
    assert record.job(job.id).version == 2


def test_a_change_is_told_before_and_after(jobs, record, clock) -> None:
    job = jobs.add(a_draft(), "ann")
    clock.move(seconds=20)
    changes = JobChanges(
        name="Nightly",
        job_class="jobs.good.Better",
        arguments=[1],
        timing=Timing(cron={"hour": "3"}),
        timezone="UTC",
        rules={"overlap": ("allow", 1), "misfire": timedelta(seconds=5)},
        version=1,
    )

    changed = jobs.change(job.id, changes, "bob")

    assert record.job(job.id) == changed
    assert (changed.name, changed.version, changed.updated_at) == ("Nightly", 2, clock.now)
    assert changed.policy == JobPolicy(max_instances=1, misfire=timedelta(seconds=5))
    assert changed.next_due == NOW.replace(day=2, hour=3)
    assert record.rows() == []
    assert record.audit()[1:] == [
        (
            *("modified", "bob", "Nightly"),
            (
                'name: "Backup" -> "Nightly", class: jobs.good.Good -> jobs.good.Better, '
                "arguments: [] -> [1], schedule: every minute (Europe/Brussels) -> "
                "every day at 03:00 (UTC), "
                "misfire: default -> 5 s, max_instances: default -> 1"
            ),
        )
    ]


def test_what_is_not_named_stays(jobs, record) -> None:
    job = jobs.add(a_draft(arguments=[1], policy=JobPolicy(Missed.ALL)), "ann")

    changed = jobs.change(job.id, JobChanges(timezone="UTC"), "ann")

    assert changed.schedule.to_data() == {
        "type": "cron",
        "fields": {"minute": "*"},
        "timezone": "UTC",
    }
    assert (changed.name, changed.arguments, changed.policy) == (
        job.name,
        job.arguments,
        job.policy,
    )


def test_a_change_of_an_older_version_is_refused(jobs, record) -> None:
    job = jobs.add(a_draft(), "ann")
    jobs.change(job.id, JobChanges(name="first", version=1), "ann")

    with pytest.raises(ConflictError, match=r"version 2, yours is 1"):
        jobs.change(job.id, JobChanges(name="second", version=1), "bob")

    assert record.job(job.id).name == "first"
    assert len(record.audit()) == 2


@pytest.mark.parametrize("how", ["change", "delete", "pause"])
def test_instants_due_before_an_edit_get_their_fates_first(
    jobs, record, clock, handed_over, how
) -> None:
    job = jobs.add(a_draft(), "ann")
    clock.move(minutes=3, seconds=5)

    if how == "change":
        jobs.change(job.id, JobChanges(timing=Timing(cron={"hour": "3"})), "ann")
    else:
        getattr(jobs, how)(job.id, "ann")

    assert record.rows().told() == [
        (NOW + MINUTE, NOW + 2 * MINUTE, 2, State.SKIPPED, Cause.COALESCED),
        (NOW + 3 * MINUTE, None, 1, State.SCHEDULED, Cause.DUE),
    ]
    assert handed_over() == [record.rows()[1].id]


def test_an_edit_and_a_wake_up_settle_an_instant_once(jobs, record, runner, clock) -> None:
    job = jobs.add(a_draft(), "ann")
    clock.move(minutes=1)
    wake_up = WakeUp(record.store, runner, DEFAULTS)
    wake_up.begin(clock.now)
    wake_up.add(job.id)
    wake_up.move_on(job.id, clock.now + MINUTE)

    changed = jobs.change(job.id, JobChanges(timing=Timing(cron={"minute": "30"})), "ann")
    wake_up.commit()

    assert [row.due for row in record.rows()] == [NOW + MINUTE]
    assert record.job(job.id) == changed


@pytest.mark.parametrize("how", ["resume", "change", "delete"])
def test_instants_of_a_pause_are_recorded_as_one_row(jobs, record, clock, handed_over, how) -> None:
    job = jobs.add(a_draft(), "ann")
    clock.move(seconds=30)
    paused = jobs.pause(job.id, "bob")
    assert (paused.paused_at, paused.paused_by, paused.version) == (clock.now, "bob", 2)
    assert paused.next_due == NOW + MINUTE
    clock.move(hours=48)

    if how == "change":
        after = jobs.change(job.id, JobChanges(name="other"), "ann")
        assert after.paused
    else:
        after = getattr(jobs, how)(job.id, "ann")

    assert record.rows().told() == [
        (NOW + MINUTE, NOW + timedelta(hours=48), 2880, State.SKIPPED, Cause.PAUSED)
    ]
    assert record.rows()[0].reason == "The job was paused by bob at 2027-03-01 12:00:30 UTC."
    assert handed_over() == []
    if how != "delete":
        assert after.next_due == NOW + timedelta(hours=48, minutes=1)
    if how == "resume":
        assert not after.paused
        assert record.job(job.id) == after


def test_a_change_may_pause_and_resume(jobs, record, clock) -> None:
    job = jobs.add(a_draft(), "ann")

    paused = jobs.change(job.id, JobChanges(name="other", paused=True), "bob")
    assert (paused.name, paused.paused_at, paused.paused_by) == ("other", clock.now, "bob")
    assert jobs.change(job.id, JobChanges(paused=True), "eve") == paused
    resumed = jobs.change(job.id, JobChanges(paused=False), "eve")

    assert (resumed.paused_at, resumed.paused_by, resumed.version) == (None, None, 3)
    told = [(event, user, text) for event, user, _, text in record.audit()[1:]]
    assert told == [
        ("modified", "bob", 'name: "Backup" -> "other", paused: false -> true'),
        ("resumed", "eve", ""),
    ]


def test_pausing_and_resuming_twice_is_once(jobs, record) -> None:
    job = jobs.add(a_draft(), "ann")

    jobs.resume(job.id, "ann")
    paused = jobs.pause(job.id, "bob")
    assert jobs.pause(job.id, "eve") == paused
    jobs.resume(job.id, "eve")
    jobs.resume(job.id, "ann")

    assert [(event, user) for event, user, _name, _text in record.audit()] == [
        *(("added", "ann"), ("paused", "bob"), ("resumed", "eve")),
    ]
    assert record.job(job.id).version == 3


def test_a_deleted_job_is_gone_and_told_as_it_was(jobs, record, wakes) -> None:
    job = jobs.add(a_draft(), "ann")

    jobs.delete(job.id, "bob")

    with pytest.raises(NotFoundError):
        record.job(job.id)
    event, user, name, description = record.audit()[-1]
    assert (event, user, name) == ("deleted", "bob", "Backup")
    assert description.startswith('name: "Backup", class: jobs.good.Good, ')
    assert len(wakes) == 2


def test_a_run_asked_for_by_hand_stands_beside_the_schedule(jobs, record, handed_over) -> None:
    job = jobs.add(a_draft(arguments=["x"]), "ann")

    first, second = jobs.run_now(job.id, "bob"), jobs.run_now(job.id, "bob")

    row = record.execution(first.id)
    assert row == first
    assert (row.state, row.cause, row.user) == (State.SCHEDULED, Cause.REQUESTED, "bob")
    assert (row.due, row.scheduled_at, row.arguments) == (None, NOW, ["x"])
    assert row.reason == "Asked for by bob."
    assert handed_over() == [first.id, second.id]
    assert record.audit()[1] == ("custom_run", "bob", "Backup", first.id)
    assert record.job(job.id) == job


@pytest.mark.parametrize(
    "ask",
    [
        lambda jobs: jobs.get("gone"),
        lambda jobs: jobs.change("gone", JobChanges(name="x"), "ann"),
        lambda jobs: jobs.delete("gone", "ann"),
        lambda jobs: jobs.pause("gone", "ann"),
        lambda jobs: jobs.resume("gone", "ann"),
        lambda jobs: jobs.run_now("gone", "ann"),
    ],
)
def test_an_unknown_job_is_named(jobs, record, ask) -> None:
    with pytest.raises(NotFoundError, match="There is no job 'gone'"):
        ask(jobs)

    assert record.audit() == []


def test_jobs_are_edited_also_while_the_scheduler_is_not_started(record, runner, clock) -> None:
    scheduler = Scheduler(WakeUp(record.store, runner, DEFAULTS))
    service = JobService(record.store, runner, clock, DEFAULTS, "UTC", scheduler.wakeup)

    job = service.add(a_draft(), "ann")

    assert record.job(job.id) == job


def test_a_job_whose_class_is_gone_can_still_be_edited(jobs, record) -> None:
    job = a_job(job_class="jobs.gone.Gone", next_due=NOW + MINUTE)
    record.add(job)

    for name in ("kept", "sent back"):
        changes = JobChanges(name=name, job_class="jobs.gone.Gone")
        assert jobs.change(job.id, changes, "ann").name == name
    assert record.job(job.id).job_class == "jobs.gone.Gone"
    with pytest.raises(InvalidError, match="in no job folder"):
        jobs.change(job.id, JobChanges(job_class="jobs.gone.Other"), "ann")


def test_a_class_that_came_just_now_is_looked_for_once_more(
    jobs, record, runner, folder, monkeypatch
) -> None:
    job = a_job()
    record.add(job)
    (folder / "fresh.py").write_text((folder / "good.py").read_text())
    looks = []

    def load_anew(timeout):
        looks.append(timeout)
        return load([folder]).description()

    monkeypatch.setattr(runner, "catalogue_anew", load_anew)

    for known in ("jobs.fresh.Good", "jobs.good.Good"):
        assert jobs.change(job.id, JobChanges(job_class=known), "ann").job_class == known
    assert len(looks) == 1
    with pytest.raises(InvalidError, match="in no job folder"):
        jobs.change(job.id, JobChanges(job_class="jobs.gone.Gone"), "ann")


def test_what_users_do_makes_versions_of_the_job(jobs, record, clock) -> None:
    job = jobs.add(a_draft(), "ann")
    for number, act in enumerate(
        [
            lambda: jobs.change(job.id, JobChanges(name="other"), "bob"),
            lambda: jobs.pause(job.id, "eve"),
            lambda: jobs.resume(job.id, "ann"),
            lambda: jobs.delete(job.id, "bob"),
        ]
    ):
        clock.move(seconds=1)
        act()
        versions = record.store.read(lambda s: s.job_history.of(job.id))
        assert len(versions) == number + 2

    assert [(str(each.change), each.user) for each in versions] == [
        *(("added", "ann"), ("modified", "bob"), ("paused", "eve"), ("resumed", "ann")),
        ("deleted", "bob"),
    ]
    assert versions[0].since == NOW + timedelta(microseconds=1)
    assert [each.at for each in versions] == [NOW + timedelta(seconds=n) for n in range(5)]


def test_a_change_holds_at_once_however_far_the_next_instant_was(jobs, clock) -> None:
    job = jobs.add(a_draft(timing=Timing(cron={"month": "1"})), "ann")
    for month in (4, 5):
        clock.move(seconds=20)
        changed = jobs.change(job.id, JobChanges(timing=EVERY_MINUTE), "ann")
        assert changed.next_due == NOW + MINUTE
        jobs.change(job.id, JobChanges(timing=Timing(cron={"month": str(month)})), "ann")


@pytest.mark.parametrize("how", ["change", "pause"])
def test_instants_recorded_before_the_clock_was_set_back_are_not_due_again(
    jobs, record, runner, clock, how
) -> None:
    job = jobs.add(a_draft(), "ann")
    clock.move(minutes=10)
    jobs.change(job.id, JobChanges(name="settled"), "ann")
    clock.move(minutes=-8)

    if how == "change":
        timing = Timing(cron={"minute": "*/2"})
        after = jobs.change(job.id, JobChanges(timing=timing), "ann")
        assert after.next_due == NOW + 12 * MINUTE
    else:
        assert jobs.pause(job.id, "ann").next_due == NOW + 11 * MINUTE

    version = record.store.read(lambda s: s.job_history.of(job.id))[-1]
    assert version.since == NOW + 10 * MINUTE + timedelta(microseconds=1)


def test_a_pause_may_have_an_end_and_keeps_it_until_told_otherwise(jobs, record, clock) -> None:
    job = jobs.add(a_draft(), "ann")
    end = NOW + timedelta(hours=2)

    paused = jobs.pause(job.id, "ann", end)
    assert jobs.pause(job.id, "bob", end) == paused
    longer = jobs.pause(job.id, "bob", (end + MINUTE).astimezone(ZoneInfo("Asia/Tokyo")))
    for_ever = jobs.pause(job.id, "eve")
    resumed = jobs.resume(job.id, "ann")

    ends = [each.paused_until for each in (paused, longer, for_ever, resumed)]
    assert ends == [end, end + MINUTE, None, None]
    assert (longer.paused_by, longer.version, resumed.version) == ("bob", 3, 5)
    assert [(event, text) for event, _, _, text in record.audit()[1:]] == [
        ("paused", "until 2027-03-01 14:00:00 UTC"),
        ("paused", "until 2027-03-01 14:01:00 UTC"),
        ("paused", ""),
        ("resumed", ""),
    ]


def test_the_end_of_a_pause_is_on_the_clock_of_the_job(jobs) -> None:
    job = jobs.add(a_draft(), "ann")

    paused = jobs.pause(job.id, "ann", datetime(2027, 7, 1, 10))

    assert paused.paused_until == datetime(2027, 7, 1, 8, tzinfo=UTC)  # Europe/Brussels


def test_a_pause_cannot_end_before_it_begins(jobs, record) -> None:
    job = jobs.add(a_draft(), "ann")

    with pytest.raises(InvalidError, match=r"until: 2027-03-01T12:00:00\+00:00 has passed"):
        jobs.pause(job.id, "ann", NOW)
    assert not record.job(job.id).paused


@pytest.mark.parametrize("how", ["change", "delete", "pause", "resume"])
def test_a_pause_that_is_over_is_over_before_any_edit(jobs, record, clock, how) -> None:
    """The scheduler has not come to it yet: it was not running, or is slower than the user."""
    job = jobs.add(a_draft(policy=JobPolicy(Missed.SKIP)), "ann")
    jobs.pause(job.id, "ann", NOW + 2 * MINUTE)
    clock.move(minutes=3, seconds=5)

    if how == "change":
        jobs.change(job.id, JobChanges(name="other"), "bob")
    else:
        getattr(jobs, how)(job.id, "bob")

    assert record.rows().told() == [
        (NOW + MINUTE, None, 1, State.SKIPPED, Cause.PAUSED),
        (NOW + 2 * MINUTE, None, 1, State.MISSED, Cause.GRACE),
        (NOW + 3 * MINUTE, None, 1, State.SCHEDULED, Cause.DUE),
    ]
    told = [(event, user) for event, user, *_ in record.audit()[2:]]
    others = {"change": "modified", "delete": "deleted", "pause": "paused"}
    expected = [("resumed", "scheduler")]
    assert told == expected + ([(others[how], "bob")] if how in others else [])


def test_bounds_hold_for_drafts_of_every_entrance(jobs) -> None:
    with pytest.raises(InvalidError) as added:
        jobs.add(a_draft(name="", policy=JobPolicy(max_instances=0)), "ann")
    job = jobs.add(a_draft(), "ann")
    with pytest.raises(InvalidError) as changed:
        jobs.change(job.id, JobChanges(name="", rules={"missed_limit": 5000}), "ann")

    assert set(added.value.fields) == {"name", "max_instances"}
    assert set(changed.value.fields) == {"name", "missed_limit"}
