"""Rules of mail are read, given back, told in words, and refused when they make no sense."""

from datetime import timedelta
from typing import Any

import pytest

from botsched.domain.mailforms import KIND, read_rule
from botsched.domain.mailrules import MailRules, Occasion, Rate
from tests.support.values import a_mail_rule

NIGHT = {"name": "night", "timezone": "UTC", "crontab": "0 22 * * *", "duration": 32400}
WHOLE = {
    "on": ["failure", "still_failing"],
    "profiles": ["ops"],
    "to": ["Ann <ann@example.com>"],
    "after": 3,
    "rate": {"failures": 3, "of": 10},
    "every": 3600,
    "quiet": [NIGHT],
    "most_a_day": 0,
}

IN_WORDS = (
    "on failure, still_failing after 3 in a row or 3 of 10 every 3600 s through ops to "
    "Ann <ann@example.com> not in 'night' (0 22 * * *, 32400 s, UTC) at most 0 a day"
)


def rules(*given: dict[str, Any]) -> MailRules:
    return KIND.read(list(given))


def test_what_is_read_is_given_back() -> None:
    assert KIND.data(rules(WHOLE)) == [WHOLE]
    assert KIND.data(rules({"on": ["success"]})) == [a_mail_rule("success")]
    assert KIND.read(KIND.data(rules(WHOLE))) == rules(WHOLE)
    assert rules(a_mail_rule("success")) == rules({"on": ["success"]})
    assert KIND.data(rules()) == []


def test_what_a_rule_says() -> None:
    rule = read_rule(WHOLE)

    assert rule.on == (Occasion.FAILURE, Occasion.STILL_FAILING)
    assert (rule.after, rule.rate, rule.most_a_day) == (3, Rate(3, 10), 0)
    assert rule.every == timedelta(hours=1)
    assert rule.quiet is not None
    assert [window.name for window in rule.quiet] == ["night"]


def test_no_quiet_times_are_not_those_of_the_server() -> None:
    none, usual = rules({"on": ["lost"], "quiet": []}, {"on": ["lost"], "quiet": None}).rules

    assert (none.quiet, usual.quiet) == ((), None)
    assert KIND.data(MailRules((none, usual)))[0]["quiet"] == []


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (WHOLE, IN_WORDS),
        ({"on": ["broken"], "rate": {"failures": 2, "of": 5}}, "on broken after 2 of 5"),
        ({"on": ["still_failing"], "every": 86400}, "on still_failing every day"),
        ({"on": ["lost"], "quiet": []}, "on lost at any hour"),
    ],
)
def test_a_rule_in_words(rule: dict[str, Any], words: str) -> None:
    assert KIND.words(rules(rule)) == words


def test_rules_in_words() -> None:
    assert KIND.words(rules()) == "none"
    assert KIND.words(rules({"on": ["lost"]}, {"on": ["success"]})) == "on lost; on success"


@pytest.mark.parametrize(
    ("value", "error", "words"),
    [
        ("failure", TypeError, "a list of objects"),
        ({"on": ["failure"]}, TypeError, "a list of objects"),
        ([{}], TypeError, "each with on, a list of texts (rule 1)"),
        ([{"on": "failure"}], TypeError, "on is a list of texts (rule 1)"),
        ([{"on": []}], ValueError, "on: it is empty"),
        ([{"on": ["burnt"]}], ValueError, "on: 'burnt' is unknown; give some of output, success"),
        ([{"on": ["lost"], "cc": ["x@y"]}], TypeError, "without 'cc'"),
        ([{"on": ["lost"], "profiles": []}], ValueError, "profiles: it is empty"),
        ([{"on": ["lost"], "to": []}], ValueError, "to: it is empty"),
        ([{"on": ["lost"], "to": [1]}], TypeError, "to is a list of texts"),
        ([{"on": ["lost"], "to": ["x"]}], ValueError, "to: 'x' is not a mail address"),
        ([{"on": ["lost"], "to": ["x" * 400 + "@y"]}], ValueError, "at most 320 characters"),
        ([{"on": ["lost"], "to": ["x <a@b>\nX: y"]}], ValueError, "is not one line"),
        ([{"on": ["lost"], "after": 0}], ValueError, "after: 0 is out of range; give 1 to 50"),
        ([{"on": ["lost"], "after": "3"}], TypeError, "after is a whole number"),
        ([{"on": ["lost"], "rate": 3}], TypeError, 'rate is an object such as {"failures": 3'),
        ([{"on": ["lost"], "rate": {"of": 3}}], TypeError, "rate is an object such as"),
        (
            [{"on": ["lost"], "rate": {"failures": 4, "of": 3}}],
            ValueError,
            "rate: there are no 4 failures among 3 runs",
        ),
        ([{"on": ["lost"], "every": 1}], ValueError, "every: 1 is out of range"),
        ([{"on": ["lost"], "quiet": ["night"]}], TypeError, "quiet is a list of objects"),
        ([{"on": ["lost"], "quiet": [{"name": "x"}]}], ValueError, "quiet: window 1: give name"),
        ([{"on": ["lost"], "most_a_day": -1}], ValueError, "most_a_day: -1 is out of range"),
        ([{"on": ["lost"]}, {"on": []}], ValueError, "rule 2: on: it is empty"),
        ([{"on": ["lost"]}] * 51, ValueError, "51 rules are too many"),
    ],
)
def test_wrong_rules_are_refused_with_what_is_accepted(value, error, words) -> None:
    with pytest.raises(error) as caught:
        KIND.read(value)

    assert words in str(caught.value)
