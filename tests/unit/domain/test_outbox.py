"""When a mail is tried again, whom it is for, and how its attempts are kept."""

import json
from datetime import timedelta

import pytest

from botsched.domain.outbox import (
    AttemptOutcome,
    MailAttempt,
    attempt_from_data,
    audience,
    retry_delay,
)
from tests.support.values import NOW


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 15), (2, 30), (3, 60), (8, 1920), (9, 3600), (10_000, 3600)]
)
def test_the_wait_doubles_up_to_an_hour(attempts: int, seconds: int) -> None:
    assert retry_delay(attempts) == timedelta(seconds=seconds)


def test_the_same_people_through_the_same_profile_are_one_audience() -> None:
    ann_and_bob = audience("ops", ["ann@example.org", "bob@example.org"])

    assert len(ann_and_bob) == 32
    assert audience("ops", ["Bob@example.org", "ann@example.org", "ann@example.org"]) == ann_and_bob
    others = {
        audience("ops", None),
        audience("dev", None),
        audience("ops", ["ann@example.org"]),
        audience("dev", ["ann@example.org", "bob@example.org"]),
    }
    assert len(others | {ann_and_bob}) == 5


def test_an_attempt_comes_back_from_json_as_it_was() -> None:
    attempt = MailAttempt(NOW, "ops", AttemptOutcome.UNCERTAIN, "451 später ☃")

    assert attempt_from_data(json.loads(json.dumps(attempt.to_data()))) == attempt
