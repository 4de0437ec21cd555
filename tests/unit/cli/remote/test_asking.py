"""What a terminal gives, as requests have it."""

import time
from datetime import UTC, datetime, timedelta

import click
import pytest

from botsched.cli.remote import asking


def test_only_given_parameters_are_in_an_address() -> None:
    given = {"state": ("failed", "lost"), "text": "a b", "paused": False, "tag": (), "job": None}

    assert asking.address("jobs", **given) == "jobs?state=failed%2Clost&text=a+b&paused=false"
    assert asking.address("jobs", tag=()) == "jobs"
    assert asking.named("jobs", "a/b?c") == "jobs/a%2Fb%3Fc"


def test_a_time_is_on_the_clock_of_this_machine(utc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Brussels")
    time.tzset()

    assert asking.past("2027-03-01T12:30") == "2027-03-01T12:30:00+01:00"
    assert asking.past("2027-03-01T12:30Z") == "2027-03-01T13:30:00+01:00"


def test_a_time_may_be_how_long_ago_it_is() -> None:
    for text, span in (("90s", timedelta(seconds=90)), ("2 h", timedelta(hours=2))):
        before = datetime.now(UTC)
        told = datetime.fromisoformat(asking.past(text))
        assert before - span <= told <= datetime.now(UTC) - span


@pytest.mark.parametrize("text", ["2w", "soon", "h", "", "-2h", "999999d", "0001-01-01"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        asking.past(text)


def test_the_short_forms_are_told() -> None:
    with pytest.raises(click.BadParameter, match="for example 90m, 2h, 3d or 2027-01-31T18:30"):
        asking.past("5")


def test_values_are_json_or_else_text() -> None:
    texts = ("600", '{"queue": 5}', "null", "all", "[1", '"600"')

    assert list(map(asking.value, texts)) == [600, {"queue": 5}, None, "all", "[1", "600"]
