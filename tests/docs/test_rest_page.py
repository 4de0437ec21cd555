"""docs/rest.md is held against the routes and the answers of the server."""

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from botsched.domain.audit import AuditEvent, Event, FieldChange
from botsched.domain.axis import Axis, Due, Lane, Mark
from botsched.domain.cronschedule import CronSchedule
from botsched.domain.datafile import DataFile, FileText, FileUse, StoredFile
from botsched.domain.execution import Cause, Execution, Fate, State
from botsched.domain.job import Job, JobPolicy, Missed, Policy
from botsched.domain.maillist import ListedMail
from botsched.domain.outbox import AttemptOutcome, Mail, MailAttempt, MailState
from botsched.domain.statistics import Bucket, JobShare, Run, Tally
from botsched.domain.verification import Finding, Kind, Verdict
from botsched.domain.why import RuleSource, Why
from botsched.scheduling.executions import Related
from botsched.scheduling.statistics import Failure, JobStatistics, Overview, Slow
from botsched.web.errors import STATUSES
from botsched.web.formats.executions import whole_execution_data
from botsched.web.formats.jobs import job_data
from botsched.web.formats.mails import mail_data
from botsched.web.formats.records import event_data, file_text_data
from botsched.web.formats.statistics import axis_data, job_statistics_data, overview_data
from botsched.web.formats.verdict import verdict_data
from botsched.web.handlers import ROUTES
from botsched.web.spec.document import document

PAGE = (Path(__file__).parents[2] / "docs" / "rest.md").read_text()
NOW = datetime(2026, 3, 1, tzinfo=UTC)
DEFAULTS = Policy(Missed.LATEST, None, 1)
JOB = Job("1", "n", "c", [], CronSchedule((), ZoneInfo("UTC")), JobPolicy(), NOW, NOW, NOW)
RUN = Execution("1", "1", "n", "c", [], State.SUCCEEDED, Cause.RETURNED, "", NOW, NOW)
MAIL = ListedMail(Mail(
    "1", "1", "p", MailState.DEAD, 1, NOW, None,
    why=Why((), 1, RuleSource.JOB), log=(MailAttempt(NOW, "p", AttemptOutcome.REFUSED, ""),),
))  # fmt: skip


def section(title: str) -> str:
    return re.split(r"^## ", PAGE.partition(f"## {title}\n")[2], flags=re.MULTILINE)[0]


def words(text: str) -> set[str]:
    """All that stands in backquotes, word by word."""
    return {word for quoted in re.findall(r"`([^`]+)`", text) for word in quoted.split()}


def table_keys(title: str) -> set[str]:
    return words("\n".join(re.findall(r"^\| (`.*?`) \|", section(title), re.MULTILINE)))


def test_every_route_has_its_heading_and_every_heading_its_route() -> None:
    written = re.findall(r"^### `([A-Z]+) (\S+)`$", PAGE, re.MULTILINE)
    routes = [route for route in ROUTES if not route.path.startswith("/ecs")]  # a page of its own
    served = [(method, route.path) for route in routes for method in route.methods]

    assert sorted((m, re.sub(r"{\w+}", "{}", path)) for m, path in written) == sorted(
        (m, re.sub(r"{\w+}", "{}", path)) for m, path in served
    )


def test_the_keys_of_a_job_are_all_told() -> None:
    assert table_keys("Jobs") == set(job_data(JOB, DEFAULTS))


def test_the_keys_of_an_execution_are_all_told() -> None:
    data = whole_execution_data(RUN, JOB, [MAIL], Related(RUN, None, [], None, [], None))

    assert table_keys("Executions") == set(data)
    assert set(data["previous"]) <= words(section("Executions"))
    assert set(data["job"]) - set(job_data(JOB, DEFAULTS)) <= words(section("Executions"))


def test_the_keys_of_a_mail_are_all_told() -> None:
    data = mail_data(MAIL)

    assert set(data) == table_keys("Mails")
    assert {*data["why"], *data["log"][0]} <= words(section("Mails"))
    assert {*MailState, *AttemptOutcome} <= words(section("Mails"))


def test_the_keys_of_statistics_are_all_told() -> None:
    mark = Mark(NOW, NOW, Counter([State.LOST]), 1, "1")
    lane = Lane("1", "n", exists=True, paused=False, past=[mark], due=[Due(NOW, NOW)])
    run = Run("1", State.LOST, Cause.CRASH, NOW, NOW, NOW, NOW)
    share = JobShare("1", "n", 1)
    overview = Overview(
        NOW, NOW, NOW, [Bucket(NOW, NOW, Counter())], Tally(NOW), Counter(), [RUN],
        [Failure(share, RUN, 1)], 1, [share], [Slow(share, 1)], [JOB], 1, 1, 1,
        frozenset(),
    )  # fmt: skip
    data = overview_data(overview)
    axis = axis_data(Axis(NOW, NOW, NOW, [lane], 0))
    job = job_statistics_data(JobStatistics("1", [run], 1))

    assert set(data) == table_keys("Statistics")
    lists = "buckets running failures most_failing slowest next"
    assert {key for name in lists.split() for key in data[name][0]} <= words(section("Statistics"))
    (lane_data,) = axis["lanes"]
    told = words(section("Statistics").replace(chr(34), " ").replace(",", " "))
    assert {*axis, *lane_data, *lane_data["past"][0], *job, *job["runs"][0]} <= told


def test_the_keys_of_events_and_files_are_all_told() -> None:
    event = event_data(AuditEvent(Event.ADDED, "u", NOW, changes=(FieldChange("f", 1, 2),)))
    file = StoredFile(DataFile("f", "u", NOW, 1, ""), 1, NOW, FileUse(1, (("1", "n"),)))
    shown = file_text_data(FileText(file, "", True, ""))

    assert {*event, *event["changes"][0]} <= words(section("Audit log"))
    told = words(section("Data files")) | table_keys("Data files")
    assert {*shown, *shown["used_by"][0]} <= told


def test_the_keys_of_a_verdict_are_all_told() -> None:
    verdict = Verdict(NOW, NOW)
    verdict.find(Finding(Kind.MISSING, "1", "n", NOW, NOW, 1, "why"))
    data = verdict_data(verdict)

    assert set(data) == table_keys("Verification")
    assert set(data["findings"][0]) <= words(section("Verification"))


def test_all_states_fates_and_events_are_told() -> None:
    assert {part for state in State for part in state.split()} <= words(section("Executions"))
    assert {part for fate in Fate for part in fate.split()} <= words(section("Executions"))
    assert set(Event) <= words(section("Audit log"))


def test_all_statuses_are_told() -> None:
    told = {int(status) for status in re.findall(r"^\| (\d{3}) \|", PAGE, re.MULTILINE)}

    assert told == {*STATUSES.values(), 401, 429, 500}


def test_the_keys_of_the_system_are_all_told() -> None:
    told = document()["components"]["schemas"]["System"]["properties"]

    assert set(told) - {"time"} == table_keys("System")
    for name, part in told.items():
        inner = part.get("anyOf", [{}])[0]
        assert set(inner.get("properties", {})) <= words(section("System")), name
        assert set(inner.get("items", {}).get("properties", {})) <= words(section("System")), name
