"""Triggers of one's own, as a module of a job folder has them."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from botsched.catalog import load
from botsched.catalog.importing import close_packages
from botsched.ecs import Client, Trigger
from botsched.ecs.sqs import SqsTrigger
from botsched.ecs.trigger import trigger_of
from botsched.job import JobError
from tests.support.aws import Aws
from tests.unit.ecs.conftest import RunJob

FILES = """
    from pathlib import Path
    from botscheduler import JobError
    from botsched.ecs import Trigger

    class FilesTrigger(Trigger):
        type = "files"

        def __init__(self, fields):
            if "folder" not in fields:
                raise JobError("trigger.folder: missing; give the path of a folder.")
            self.folder = Path(fields["folder"])

        def count(self, client):
            assert client("sqs").meta.service_model.service_name == "sqs"
            return len(list(self.folder.iterdir()))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Any:
    """A job folder with a trigger."""
    folder = tmp_path / "triggering"
    folder.mkdir()
    (folder / "files.py").write_text(dedent(FILES))
    yield folder
    close_packages()


def test_a_trigger_of_a_job_folder_decides_how_many(
    aws: Aws, run_job: RunJob, folder: Path, tmp_path: Path
) -> None:
    assert load([folder]).description().failures == ()
    spool = tmp_path / "spool"
    spool.mkdir()
    trigger = {"type": "files", "folder": str(spool)}

    assert len(run_job(trigger=trigger).result["started"]) == 0
    for name in ("a", "b", "c"):
        (spool / name).touch()
    assert len(run_job(trigger=trigger).result["started"]) == 3
    assert run_job(trigger={"type": "files"}).error == (
        "trigger.folder: missing; give the path of a folder."
    )


@pytest.mark.parametrize("data", [{"type": "rabbit"}, {"type": None}, {"queueName": "q"}, {}])
def test_an_unknown_type_is_told_with_those_there_are(data: dict[str, Any]) -> None:
    with pytest.raises(JobError, match=r"trigger: there is no type .*; there are: .*sqs"):
        trigger_of(data)


def test_two_triggers_of_one_type_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Mine(Trigger):
        type = "mine"

    class Yours(Mine):
        pass

    monkeypatch.setattr(Yours, "type", "mine")
    with pytest.raises(JobError, match=r"Mine and .*Yours have the same type 'mine'; rename one"):
        trigger_of({"type": "mine"})
    monkeypatch.setattr(Yours, "type", "yours")
    assert isinstance(trigger_of({"type": "yours"}), Yours)


def test_what_a_trigger_calls_for_must_be_a_number(run_job: RunJob) -> None:
    class Wrong(Trigger):
        type = "wrong"

        def __init__(self, fields: Mapping[str, Any]) -> None:
            self.answer = fields["answer"]

        def count(self, client: Client) -> int:
            return self.answer  # type: ignore[no-any-return]

    for answer in (None, -1, 1.5, "2", True):
        error = run_job(trigger={"type": "wrong", "answer": answer}).error
        assert error == (
            f"The trigger 'wrong' must give a whole number of at least 0, not {answer!r}."
        )


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({}, "trigger.queueName: give a text, not None."),
        ({"queueName": ""}, "trigger.queueName: give a text, not ''."),
        (
            {"queueName": "q", "messagesPerTask": 0},
            "trigger.messagesPerTask: give a whole number at least 1, not 0.",
        ),
        ({"queueName": "q", "perTask": 1}, "trigger: a queue has no field 'perTask'; give "),
    ],
)
def test_the_fields_of_a_queue_are_checked(fields: dict[str, Any], fault: str) -> None:
    with pytest.raises(JobError) as raised:
        SqsTrigger(fields)
    assert str(raised.value).startswith(fault)


def test_a_queue_that_is_not_there_fails_the_run(run_job: RunJob) -> None:
    error = run_job(trigger={"type": "sqs", "queueName": "nowhere"}).error or ""

    assert error.startswith("AWS refused to look at the queue 'nowhere': ")
    assert error.endswith("See queueName, and the region (AWS_DEFAULT_REGION).")
