"""When mails are sent, through what and to whom."""

from typing import Any

import pytest

from botsched.domain.job import JobPolicy
from botsched.domain.mailrules import KIND, USUAL, MailRules, Occasion, check_profiles, owed
from botsched.errors import InvalidError
from tests.support.values import DEFAULTS

SERVER = ("ops", "dev")
FAILURE = frozenset({Occasion.FAILURE, Occasion.OUTPUT})


def rules(*given: dict[str, Any]) -> MailRules:
    return KIND.read(list(given))


def mails(given: MailRules, what: frozenset[Occasion] = FAILURE) -> list[tuple[str, Any]]:
    return list(owed(given, what, SERVER))


def test_what_is_read_is_given_back() -> None:
    whole = {"on": ["failure", "lost"], "profiles": ["ops"], "to": ["Ann <ann@example.com>"]}
    brief = {"on": ["success"]}

    assert KIND.data(rules(whole)) == [whole]
    assert KIND.data(rules(brief)) == [brief | {"profiles": None, "to": None}]
    assert KIND.data(rules()) == []
    assert KIND.words(rules()) == "none"
    assert KIND.words(rules(whole, brief)) == (
        "on failure, lost through ops to Ann <ann@example.com>; on success"
    )


@pytest.mark.parametrize(
    ("value", "error", "words"),
    [
        ("failure", TypeError, "a list of objects"),
        ({"on": ["failure"]}, TypeError, "a list of objects"),
        ([{}], TypeError, "on is a list of texts"),
        ([{"on": "failure"}], TypeError, "on is a list of texts"),
        ([{"on": []}], ValueError, "on is empty"),
        ([{"on": ["burnt"]}], ValueError, "on: 'burnt' is unknown; give some of output, success"),
        ([{"on": ["lost"], "cc": ["x@y"]}], TypeError, "without 'cc'"),
        ([{"on": ["lost"], "profiles": []}], ValueError, "profiles is empty"),
        ([{"on": ["lost"], "to": []}], ValueError, "to is empty"),
        ([{"on": ["lost"], "to": [1]}], TypeError, "to is a list of texts"),
        ([{"on": ["lost"], "to": ["x"]}], ValueError, "to: 'x' is not a mail address"),
        ([{"on": ["lost"], "to": ["x" * 400 + "@y"]}], ValueError, "at most 320 characters"),
        ([{"on": ["lost"], "to": ["x <a@b>\nX: y"]}], ValueError, "is not one line"),
        ([{"on": ["lost"]}] * 51, ValueError, "51 rules are too many"),
    ],
)
def test_wrong_rules_are_refused_with_what_is_accepted(value, error, words) -> None:
    with pytest.raises(error) as caught:
        KIND.read(value)

    assert words in str(caught.value)


def test_rules_that_fit_have_mails_sent() -> None:
    of_failures = {"on": ["failure"]}

    assert mails(rules(of_failures)) == [("ops", None), ("dev", None)]
    assert mails(rules(of_failures | {"profiles": ["dev"]})) == [("dev", None)]
    assert mails(rules(of_failures | {"profiles": ["dev"], "to": ["a@x", "b@x"]})) == [
        ("dev", ("a@x", "b@x"))
    ]
    assert mails(rules({"on": ["success", "missed"]})) == []
    assert mails(rules()) == []
    assert mails(rules({"on": ["success", "output"], "profiles": ["ops"]})) == [("ops", None)]


def test_nobody_is_told_twice_because_two_rules_name_him() -> None:
    both = rules(
        {"on": ["failure"], "profiles": ["ops"], "to": ["a@x", "b@x"]},
        {"on": ["output"], "profiles": ["ops"], "to": ["b@x", "c@x"]},
        {"on": ["output"], "profiles": ["ops"]},
        {"on": ["failure"]},
    )

    assert mails(both) == [("ops", None), ("ops", ("a@x", "b@x", "c@x")), ("dev", None)]


@pytest.mark.parametrize("what", sorted(Occasion))
def test_usually_failures_and_output_are_mailed(what: Occasion) -> None:
    usual = what not in {Occasion.SUCCESS, Occasion.MISSED, Occasion.SKIPPED}

    assert bool(mails(USUAL, frozenset({what}))) is usual


def test_a_job_that_wants_no_mail_is_not_one_that_says_nothing() -> None:
    assert JobPolicy().over(DEFAULTS).mail is USUAL
    assert JobPolicy(mail=rules()).over(DEFAULTS).mail == rules()


def test_profiles_that_the_server_has_not_are_refused_when_they_are_new() -> None:
    named = rules({"on": ["lost"], "profiles": ["ops", "gone"]})
    check_profiles(named, named, SERVER)
    check_profiles(None, named, SERVER)

    with pytest.raises(InvalidError) as caught:
        check_profiles(named, None, SERVER)
    assert caught.value.fields["mail"].startswith(
        "the server has no SMTP profile 'gone'; there are"
    )
    with pytest.raises(InvalidError, match="there is none"):
        check_profiles(named, USUAL, ())
