from datetime import UTC, datetime

import pytest

from botsched.domain.mailrules import Occasion
from botsched.domain.why import HeldBy, RuleSource, Why
from botsched.notify.told import Recipients
from botsched.notify.why import by_whom, in_words, others_in_words


def test_a_rule_is_named_with_what_it_asks_for():
    why = Why((Occasion.FAILURE, Occasion.OUTPUT), 2, RuleSource.JOB)
    assert in_words(why) == (
        "Mail rule 2 of this job asks for a mail when it fails, or when it has printed or reported "
        "something."
    )


def test_of_the_usual_rules_it_is_said_whose_they_are():
    why = Why((Occasion.LOST,), 1, RuleSource.SERVER, since=datetime(2026, 1, 1, tzinfo=UTC))
    assert in_words(why) == (
        "Mail rule 1 of the server (the job has none of its own) asks for a mail when the server "
        "that ran it is gone."
    )


@pytest.mark.parametrize(("held", "words"), [("quiet", "quiet hours"), ("cap", "many mails")])
def test_what_held_a_mail_is_told(held, words):
    said = in_words(Why((Occasion.FAILURE,), 1, RuleSource.JOB, held=HeldBy(held)))
    assert said.count("It was held back, because") == 1
    assert words in said


@pytest.mark.parametrize("occasion", list(Occasion))
def test_all_occasions_have_words(occasion):
    assert in_words(Why((occasion,), 1, RuleSource.JOB)).endswith(".")


def test_others_are_told_of_by_the_way_they_are_told():
    others = [Recipients("pager", ("a@x.org", "b@x.org")), Recipients("chat")]
    assert others_in_words(others) == (
        "Others are told of the same through pager (a@x.org and b@x.org) and chat."
    )
    many = [Recipients("all", tuple(f"{n}@x.org" for n in range(30)))]
    assert "0@x.org, 1@x.org, 2@x.org, 3@x.org and 26 more" in others_in_words(many)
    assert others_in_words([]) == ""


def test_how_one_came_to_be_told():
    ops = Recipients("ops", ("a@x.org",))
    assert by_whom(ops, is_named=True) == (
        "It was sent through ops to addresses that the rule names."
    )
    assert by_whom(ops, is_named=False) == (
        "It was sent through ops to all whom that profile is for."
    )
    assert by_whom(Recipients("chat"), is_named=False) == "It was sent through chat."
