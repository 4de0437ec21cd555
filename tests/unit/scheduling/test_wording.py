"""What changed about a job, as the audit log tells it."""

from dataclasses import replace
from datetime import timedelta

from botsched.domain.audit import FieldChange
from botsched.domain.job import JobPolicy, Missed
from botsched.domain.window import windows_kind
from botsched.scheduling.wording import changes
from tests.support.values import NOW, a_job, cron

JOB = a_job(arguments=["/srv", 1])


def test_changes_are_told_by_the_keys_of_requests() -> None:
    after = replace(
        JOB,
        name="<b>",
        job_class="jobs.mail.Mail",
        arguments={"to": ["ann"]},
        schedule=cron(hour="3"),
        tags=("db", "night"),
        notes="Why\nand how",
    )

    assert changes(JOB, after) == (
        FieldChange("name", "backup", "<b>"),
        FieldChange("job_class_string", JOB.job_class, "jobs.mail.Mail"),
        FieldChange("pub_args", ["/srv", 1], {"to": ["ann"]}),
        FieldChange("schedule", "every minute (UTC)", "every day at 03:00 (UTC)"),
        FieldChange("tags", [], ["db", "night"]),
        FieldChange("notes", "", "Why\nand how"),
    )


def test_a_rule_that_two_keys_say_is_told_once() -> None:
    (windows,) = windows_kind().read([{"name": "w", "crontab": "0 2 * * *", "duration": 60}])
    policy = JobPolicy(Missed.ALL, timedelta(seconds=90), queue=5, windows=(windows,))

    told = changes(JOB, replace(JOB, policy=policy))

    assert told == (
        FieldChange("missed", None, "all"),
        FieldChange("misfire", None, 90),
        FieldChange(
            "windows",
            None,
            [{"name": "w", "timezone": "UTC", "crontab": "0 2 * * *", "duration": 60}],
        ),
        FieldChange("overlap", None, {"queue": 5}),
    )


def test_what_python_holds_for_equal_is_told_when_json_does_not() -> None:
    assert changes(JOB, replace(JOB, arguments=["/srv", True])) == (
        FieldChange("pub_args", ["/srv", 1], ["/srv", True]),
    )


def test_a_schedule_of_the_same_words_is_told_exactly() -> None:
    before, after = cron(minute="*"), cron(minute="*/1")

    (told,) = changes(replace(JOB, schedule=before), replace(JOB, schedule=after)) or ()

    assert (told.before, told.after) == (before.to_data(), after.to_data())


def test_a_pause_is_told_with_its_end() -> None:
    paused = replace(JOB, paused_at=NOW, paused_until=NOW + timedelta(hours=1))

    assert changes(JOB, paused) == (
        FieldChange("paused", False, True),
        FieldChange("paused_until", None, "2027-03-01T13:00:00+00:00"),
    )


def test_nothing_changed_is_nothing() -> None:
    assert changes(JOB, replace(JOB, version=7)) is None
