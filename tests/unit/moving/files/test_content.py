"""What a file says of a job, and what it leaves off."""

import json
import tomllib

import pytest

from botsched.domain.job import JobPolicy, Missed
from botsched.domain.mailforms import KIND
from botsched.domain.mailrules import MailRules
from botsched.domain.retry import Retry
from botsched.moving.files.content import KEYS, Form, members_of, text_of
from botsched.web.formats.jobs import job_data
from botsched.web.spec.jobs import SCHEMAS
from tests.support.values import DEFAULTS, NOW, a_job, cron


def said(**changes: object) -> dict[str, object]:
    members = members_of(job_data(a_job(**changes), DEFAULTS))
    for name in ("job_id", "name", "job_class_string"):
        assert members.pop(name)
    return members


def test_every_key_that_a_new_job_takes_is_one_of_files() -> None:
    given = SCHEMAS["JobDraft"]["properties"]
    settable = {name for name, schema in given.items() if not schema.get("readOnly")}

    # ``missed`` and the fields say the same as the former.
    assert settable - set(KEYS) == {"coalesce", "trigger", "trigger_params"}
    assert set(KEYS) <= set(given)


def test_what_is_as_usual_is_left_off() -> None:
    assert said(arguments=[], schedule=cron(minute="*")) == {"minute": "*", "timezone": "UTC"}
    assert said(arguments={}) == {"pub_args": {}, "minute": "*", "timezone": "UTC"}


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"hour": "3"}, {"hour": "3", "minute": "0"}),
        ({"second": "*/10"}, {"minute": "*", "second": "*/10"}),
        ({"day_of_week": "mon-fri"}, {"day_of_week": "mon-fri", "hour": "0", "minute": "0"}),
        ({"minute": "5", "year": "2030"}, {"year": "2030", "minute": "5"}),
    ],
)
def test_of_cron_fields_those_are_told_that_matter(fields, told) -> None:
    members = said(arguments=[], schedule=cron(**fields))

    assert members == told | {"timezone": "UTC"}
    again = cron(**{name: value for name, value in told.items() if name != "timezone"})
    assert again.effective == cron(**fields).effective


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        (JobPolicy(max_instances=3), {"overlap": {"allow": 3}}),
        (JobPolicy(max_instances=1, queue=5), {"overlap": {"queue": 5}}),
        (JobPolicy(max_instances=2, queue=5), {"overlap": {"queue": 5}, "max_instances": 2}),
        (JobPolicy(missed=Missed.ALL), {"missed": "all"}),
        (JobPolicy(mail=MailRules(())), {"mail": []}),
        (JobPolicy(then_run=("a",), keep_days=3), {"then_run": ["a"], "keep_days": 3}),
    ],
)
def test_rules_are_told_once(policy, told) -> None:
    assert said(arguments=[], policy=policy) == {"minute": "*", "timezone": "UTC"} | told


def test_rules_of_mail_come_back_as_they_were() -> None:
    """In both forms; what is left to the server is left off."""
    night = {"name": "night", "timezone": "UTC", "crontab": "0 22 * * *", "duration": 32400}
    rules: list[dict[str, object]] = [
        {"on": ["broken", "still_failing"], "after": 3, "every": 3600, "quiet": [night]},
        {"on": ["changed"], "to": ["Ann <ann@example.com>"], "profiles": ["ops"], "quiet": []},
        {"on": ["failure"], "rate": {"failures": 3, "of": 10}, "most_a_day": 0},
    ]
    policy = JobPolicy(mail=KIND.read(rules))
    members = members_of(job_data(a_job(policy=policy), DEFAULTS))

    for again in (
        tomllib.loads(text_of(members, Form.TOML)),
        json.loads(text_of(members, Form.JSON)),
    ):
        assert again["mail"] == rules
        assert KIND.read(again["mail"]) == policy.mail


def test_a_pause_is_told() -> None:
    assert said(paused_at=NOW)["paused"] is True


def test_both_forms_have_the_same_order() -> None:
    job = a_job(id="x", name="ü", policy=JobPolicy(retry=Retry(2)), tags=("a",), arguments=[1])
    members = members_of(job_data(job, DEFAULTS))

    assert text_of(members, Form.TOML).startswith('job_id = "x"\nname = "ü"\njob_class_string = ')
    assert list(json.loads(text_of(members, Form.JSON))) == list(members)
    assert text_of(members, Form.JSON).startswith('{\n  "job_id": "x",\n  "name": "ü",\n')
