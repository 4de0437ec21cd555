"""What is exported and applied again is nothing to do, whatever a job says."""

import json
import random
import tomllib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from botsched.domain.job import Job
from botsched.moving.files.content import Form, members_of, text_of
from botsched.scheduling.drafts import created
from botsched.scheduling.sets import Planner
from botsched.web.body import Fields
from botsched.web.formats.jobs import job_data, read_draft
from botsched.web.formats.sets import read_asked
from tests.support.values import DEFAULTS, NOW

BODY = {"job_id": "x", "name": "X", "job_class_string": "jobs.some.Job"}
SOON = (NOW + timedelta(hours=1)).isoformat()
WINDOW = {"name": "night", "crontab": "0 22 * * sat", "duration": 3600}


def fields(body: dict[str, Any]) -> Fields:
    return Fields.of(json.dumps(body).encode())


def the_job(**more: Any) -> Job:
    draft = read_draft(fields(BODY | more))
    job = created(draft, NOW, "Europe/Brussels", random.Random(7), "ann")
    return replace(job, arguments=more.get("pub_args", []))


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize(
    "more",
    [
        {"hour": 3},
        {"month": "2", "day": "last", "second": "7,9", "year": "2027-2030"},
        {"crontab": "@daily", "jitter": 300},
        {"ecs": "? */5", "tags": ["b", "A"], "notes": 'Of "two"\n\\lines\n'},
        {"every": {"minutes": 90}},
        {"every": {"days": 1}, "anchor": "2027-03-01T04:00", "start_date": "2027-03-02T00:00"},
        {"at": SOON, "end_date": (NOW + timedelta(days=9)).isoformat()},
        {"schedules": [{"crontab": "30 2 * * *"}, {"hour": 12}, {"every": {"hours": 5}}]},
        {"minute": 1, "pub_args": {"a": [1, {"b": 1.5}], "ü ☃": True}, "paused": True},
        {"minute": 1, "pub_args": {}, "timezone": "UTC", "mail": []},
        {"minute": 1, "missed": "skip", "misfire": 90, "grace": 2.5, "overlap": "skip"},
        {"minute": 1, "coalesce": False, "max_instances": 4, "missed_limit": 7, "time_limit": 0.5},
        {"minute": 1, "overlap": {"queue": 5}, "max_instances": 2, "retry": {"attempts": 3}},
        {"minute": 1, "overlap": {"queue": 5}, "keep_days": 3, "keep_count": 9},
        {"minute": 1, "mail": [{"on": ["failure"], "to": ["a@b.example"]}]},
        {"minute": 1, "windows": [WINDOW, WINDOW | {"name": "day", "timezone": "UTC"}]},
        {"trigger": "interval", "trigger_params": {"interval": 300}},
    ],
)
def test_what_is_exported_is_applied_to_no_effect(more: dict[str, Any], form: Form) -> None:
    job = the_job(**more)
    text = text_of(members_of(job_data(job, DEFAULTS)), form)
    members = tomllib.loads(text) if form is Form.TOML else json.loads(text)
    wanted = read_asked(fields({"set": "s", "jobs": [members]})).wanted
    planner = Planner(None, lambda: NOW + timedelta(days=20), DEFAULTS, "UTC")

    [step] = planner.plan(wanted, {"x": job}, "ann", checked=True).steps

    assert [change.field for change in step.changes] == ["managed_by"]
