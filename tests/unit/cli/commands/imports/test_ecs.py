import json
from pathlib import Path
from typing import Any

import pytest

from botsched.domain.job import Job
from botsched.domain.paging import AuditFilter, JobFilter, Paging
from botsched.settings.model import DatabaseSettings, Dbms
from botsched.store.store import Store
from botsched.web.ecs.formats import RUN_TASK, job_data
from tests.unit.cli.conftest import Bots

DOCUMENTS: dict[str, dict[str, Any]] = {
    "sleeper-task": {"taskDefinition": "sleeper-task", "schedule": "25 */5", "taskCount": 1},
    "long-sleep-task": {
        "taskDefinition": "sleeper-task", "schedule": "22 */7", "taskCount": 1, "suspended": True,
        "overrides": [{"containerName": "c", "environment": {"SLEEP_SECONDS": "10"}}],
        "parsedSchedule": {"second": "22", "minute": "*/7"},
    },
    "mine": {"taskDefinition": "t", "schedule": "0 0 4", "trigger": {"type": "own"}},
}  # fmt: skip


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "bucket"
    folder.mkdir()
    for job_id, document in DOCUMENTS.items():
        (folder / f"{job_id}.json").write_text(json.dumps(document))
    return folder


def stored(tmp_path: Path) -> tuple[list[Job], list[str]]:
    """All jobs, and who added them."""
    store = Store(DatabaseSettings(Dbms.SQLITE, path=tmp_path / "bots-scheduler.db"))
    try:
        return store.read(
            lambda s: (
                s.jobs.find(JobFilter(), Paging()).items,
                [each.user for each in s.audit.find(AuditFilter(), Paging()).items],
            )
        )
    finally:
        store.close()


def test_the_jobs_of_ecs_scheduler_are_added_as_they_are(
    bots: Bots, source: Path, tmp_path: Path
) -> None:
    ended = bots("import", "ecs", str(source), "--yes")

    assert (ended.code, ended.err) == (0, "")
    assert "3 new" in ended.out
    assert "No trigger own comes along." in ended.out
    assert "No cluster is set: start the server with --ecs-cluster." in ended.out
    jobs, users = stored(tmp_path)
    assert {user.rpartition(" ")[2] for user in users} == {"(import)"}
    for job in jobs:
        expected = {k: v for k, v in DOCUMENTS[job.id].items() if k != "parsedSchedule"}
        data = job_data(job, None)
        assert {name: data.get(name) for name in expected} == expected
        assert (job.job_class, job.policy.max_instances) == (RUN_TASK, 1)


def test_once_more_adds_nothing(bots: Bots, source: Path, tmp_path: Path) -> None:
    bots("import", "ecs", str(source), "--yes", "--paused", "--ecs-cluster", "c")
    before = stored(tmp_path)

    ended = bots("import", "ecs", str(source), "--yes", "--ecs-cluster", "c")

    assert "There is nothing to add." in ended.out
    assert "No cluster" not in ended.out
    assert stored(tmp_path) == before
    assert all(job.paused for job in before[0])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "The document is not JSON: "),
        ("[]", "The body holds a list"),
        ('{"taskDefinition": "t"}', "schedule: missing."),
        ('{"taskDefinition": "t", "schedule": "61"}', "schedule: second: "),
        ('{"taskDefinition": "t", "schedule": "0", "retries": 3}', "retries: no such field"),
        (
            '{"taskDefinition": "t", "schedule": "0", "scheduleEnd": "2017-01-01"}',
            "scheduleEnd: 2017-01-01T00:00:00+00:00 has passed",
        ),
    ],
)
def test_what_cannot_be_imported_says_why(bots: Bots, tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "x.json").write_text(text)

    ended = bots("import", "ecs", str(tmp_path / "x.json"), "--json")

    [item] = json.loads(ended.out)["items"]
    assert item["standing"] == "refused"
    assert item["refusal"]["text"].startswith(why)
    assert not (tmp_path / "bots-scheduler.db").exists()


def test_where_nothing_is_imported_nobody_is_told_to_stop_the_old_scheduler(
    bots: Bots, tmp_path: Path
) -> None:
    (tmp_path / "x.json").write_text('{"taskDefinition": "t"}\n')

    ended = bots("import", "ecs", str(tmp_path / "x.json"), "--yes")

    assert ended.code == 1
    assert bots("import", "ecs", str(tmp_path / "x.json"), "--dry-run", "--json").code == 1
    assert "1 cannot be imported\n\nThere is nothing to add." in ended.out
    assert "Stop ECS Scheduler" not in ended.out
    assert "What changes in meaning" not in ended.out
    assert '{"taskDefinition": "t"}\n    REFUSED' in ended.out
