"""The keys of rules: as requests name them, as they are kept, and in words."""

import json
from dataclasses import fields
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botsched.domain import rules
from botsched.domain.job import JobPolicy, Missed
from botsched.domain.retry import Retry
from botsched.errors import InvalidError
from tests.support.values import DEFAULTS, USUAL_ON, a_mail_rule

SECONDS = st.integers(0, 86400).map(lambda number: timedelta(seconds=number))
COUNTS = st.integers(1, 1000)
RETRIES = st.builds(
    Retry,
    attempts=st.integers(2, 100),
    delay=SECONDS,
    factor=st.floats(1, 100),
    max_delay=SECONDS.map(lambda span: span + timedelta(days=1)),
    jitter=st.floats(0, 1),
)
LINKS = st.lists(st.text(), min_size=1, max_size=9, unique=True).map(tuple)
POLICIES = st.builds(
    JobPolicy,
    missed=st.none() | st.sampled_from(Missed),
    misfire=st.none() | SECONDS,
    max_instances=st.none() | COUNTS,
    time_limit=st.none() | COUNTS.map(lambda number: timedelta(seconds=number)),
    queue=st.none() | COUNTS,
    grace=st.none() | SECONDS,
    missed_limit=st.none() | COUNTS,
    retry=st.none() | RETRIES,
    then_run=st.none() | LINKS,
    on_failure_run=st.none() | LINKS,
)


def read(data: dict) -> dict:
    """A request's keys, as the web reads them."""
    return {
        name: None if value is None else rules.REQUESTED[name].read(value)
        for name, value in data.items()
    }


def changed(policy: JobPolicy, **data) -> JobPolicy:
    return rules.changed(policy, read(data))


def test_every_kind_is_that_of_a_field() -> None:
    assert set(rules.KINDS) <= {field.name for field in fields(JobPolicy)}


@given(POLICIES)
def test_what_is_kept_reads_back_with_the_columns(policy: JobPolicy) -> None:
    kept = json.loads(json.dumps(rules.to_stored(policy)))

    back = rules.from_stored(kept or {})

    for name in ("queue", "grace", "missed_limit", "retry", "then_run", "on_failure_run"):
        assert getattr(back, name) == getattr(policy, name)
    assert (back.missed or rules.missed_of(rules.coalesce_of(policy))) == policy.missed


def test_a_job_that_says_nothing_keeps_nothing() -> None:
    assert rules.to_stored(JobPolicy(Missed.ALL, timedelta(0), 3, timedelta(1))) is None
    assert rules.to_stored(JobPolicy(Missed.SKIP)) == {"missed": "skip"}


@given(POLICIES)
def test_what_is_given_may_be_sent_back(policy: JobPolicy) -> None:
    data = json.loads(json.dumps(rules.to_data(policy)))

    assert rules.changed(policy, read(data)) == policy


@given(POLICIES, POLICIES)
def test_a_policy_is_given_whole_to_any_other(policy: JobPolicy, other: JobPolicy) -> None:
    data = json.loads(json.dumps(rules.to_data(policy)))

    assert rules.changed(other, read(data)) == policy


CHANGES = [
    (JobPolicy(), {"coalesce": False}, JobPolicy(Missed.ALL)),
    (JobPolicy(), {"coalesce": True, "missed": "latest"}, JobPolicy(Missed.LATEST)),
    (JobPolicy(Missed.SKIP), {"coalesce": None}, JobPolicy(Missed.SKIP)),
    (JobPolicy(Missed.ALL), {"coalesce": None, "missed": "skip"}, JobPolicy(Missed.SKIP)),
    (JobPolicy(Missed.SKIP), {"coalesce": True}, JobPolicy(Missed.LATEST)),
    (JobPolicy(Missed.ALL), {"coalesce": None}, JobPolicy()),
    (JobPolicy(Missed.ALL), {"coalesce": False, "missed": "skip"}, JobPolicy(Missed.SKIP)),
    (JobPolicy(Missed.ALL), {"coalesce": True, "missed": "all"}, JobPolicy(Missed.LATEST)),
    (JobPolicy(), {"overlap": "skip"}, JobPolicy(max_instances=1)),
    (JobPolicy(), {"overlap": {"allow": 4}}, JobPolicy(max_instances=4)),
    (JobPolicy(), {"overlap": {"queue": 4}}, JobPolicy(max_instances=1, queue=4)),
    (
        JobPolicy(),
        {"overlap": {"queue": 4}, "max_instances": 2},
        JobPolicy(max_instances=2, queue=4),
    ),
    (
        JobPolicy(max_instances=1, queue=4),
        {"max_instances": 2},
        JobPolicy(max_instances=2, queue=4),
    ),
    (JobPolicy(max_instances=2, queue=4), {"overlap": "skip"}, JobPolicy(max_instances=1)),
    (JobPolicy(max_instances=2, queue=4), {"overlap": None}, JobPolicy()),
    (
        JobPolicy(max_instances=2, queue=4),
        {"overlap": None, "max_instances": 5},
        JobPolicy(max_instances=5),
    ),
    (
        JobPolicy(max_instances=3),
        {"overlap": {"allow": 3}, "max_instances": 5},
        JobPolicy(max_instances=5),
    ),
    (
        JobPolicy(max_instances=3),
        {"overlap": "skip", "max_instances": 3},
        JobPolicy(max_instances=1),
    ),
    (
        JobPolicy(misfire=timedelta(1)),
        {"misfire": None, "grace": 5},
        JobPolicy(grace=timedelta(seconds=5)),
    ),
]


@pytest.mark.parametrize(("before", "given", "after"), CHANGES)
def test_of_two_keys_that_say_the_same_the_new_one_counts(before, given, after) -> None:
    assert changed(before, **given) == after


CONTRADICTIONS = [
    ({"coalesce": True, "missed": "all"}, "coalesce"),
    ({"overlap": "skip", "max_instances": 2}, "overlap"),
    ({"overlap": {"allow": 3}, "max_instances": 2}, "overlap"),
]


@pytest.mark.parametrize(("given", "name"), CONTRADICTIONS)
def test_two_that_contradict_each_other_are_refused(given, name) -> None:
    with pytest.raises(InvalidError) as caught:
        changed(JobPolicy(), **given)

    assert list(caught.value.fields) == [name]
    assert "leave one of them off" in caught.value.fields[name]


WRONG = [
    ("missed", "never", ValueError, "give skip or latest or all"),
    ("missed", 1, TypeError, "a text or null"),
    ("missed_limit", 1001, ValueError, "give 1 to 1000"),
    ("grace", 86401, ValueError, "give 0 to 86400"),
    ("overlap", "allow", TypeError, '"skip", {"allow": 3}, {"queue": 5} or null'),
    ("overlap", {"allow": 1, "queue": 1}, TypeError, '"skip"'),
    ("overlap", {"queue": 0}, ValueError, "give 1 to 10000"),
    ("overlap", {"queue": 1.5}, TypeError, "a whole number"),
]


@pytest.mark.parametrize(("name", "value", "error", "words"), WRONG)
def test_wrong_values_are_refused_with_what_is_accepted(name, value, error, words) -> None:
    with pytest.raises(error) as caught:
        rules.REQUESTED[name].read(value)

    assert words in str(caught.value)


def test_bounds_hold_for_every_entrance() -> None:
    rules.check(JobPolicy(Missed.ALL, timedelta(0), 1, timedelta(seconds=1), 1, timedelta(0), 1))

    with pytest.raises(InvalidError) as caught:
        rules.check(JobPolicy(misfire=timedelta(-1), max_instances=0, queue=10**6))

    assert set(caught.value.fields) == {"misfire", "max_instances", "queue"}


def test_what_holds_in_the_end_is_told_whole() -> None:
    assert rules.effective(JobPolicy().over(DEFAULTS)) == {
        "missed": "latest",
        "missed_limit": 1000,
        "misfire": 3600,
        "grace": 60,
        "overlap": {"allow": 3},
        "max_instances": 3,
        "time_limit": None,
        "mail": [a_mail_rule(*USUAL_ON)],
    }
    said = JobPolicy(Missed.SKIP, timedelta(seconds=5), queue=2, max_instances=1)
    told = rules.effective(said.over(DEFAULTS))
    assert (told["missed"], told["grace"], told["overlap"]) == ("skip", 5, {"queue": 2})


def test_words_name_only_what_the_job_says() -> None:
    policy = JobPolicy(Missed.ALL, misfire=timedelta(seconds=90), queue=3)

    assert rules.in_words(JobPolicy()) == {}
    assert rules.in_words(policy) == {"missed": "all", "misfire": "90 s", "queue": "3"}
