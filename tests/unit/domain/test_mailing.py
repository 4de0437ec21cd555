"""Which mails follow from which histories."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botsched.domain.execution import State
from botsched.domain.job import Policy
from botsched.domain.mailforms import KIND
from botsched.domain.mailholding import quiet_until
from botsched.domain.mailing import Owed
from botsched.domain.mailrules import MailDefaults, Occasion
from botsched.domain.why import HeldBy, RuleSource
from tests.support.mailcases import CASES, ENDS, NIGHT, Case, Run, told
from tests.support.mailmemory import Past
from tests.support.values import DEFAULTS, NOW

FAILURES = ["failure", "timeout", "lost"]
ADDRESSES = {
    "ops": ('"Ops, ops@night" <ops@example.com>',),
    "dev": ("ann@example.com", "bob@example.com"),
}
PEOPLE = ["ann@example.com", "Ann <ann@EXAMPLE.com>", "bob@example.com", "ops@example.com", "x@y"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_mails_that_must_follow(case: Case) -> None:
    past = Past(case.policy)

    assert [told(past.after(run)) for run in case.history()] == case.mails.split()


def policy(*rules: dict[str, Any], **defaults: Any) -> Policy:
    """Of a job with these rules, on a server with two profiles and a hook."""
    return replace(
        DEFAULTS,
        own_mail=KIND.read(list(rules)),
        mailing=MailDefaults(addresses=ADDRESSES, **defaults),
        profiles=("ops", "dev"),
        channels=("hook",),
    )


def lived(past: Past, runs: str, step: timedelta = timedelta(hours=1)) -> list[list[Owed]]:
    """The mails after each of these runs."""
    return [past.after(run) for run in Case("", None, runs, "", step).history()]


def whom(mails: list[Owed]) -> list[tuple[str, tuple[str, ...] | None, int]]:
    return [(mail.profile, mail.to, mail.why.rule) for mail in mails]


def test_rules_that_fit_have_mails_sent_each_through_its_profiles() -> None:
    def mails(*rules: dict[str, Any]) -> list[tuple[str, tuple[str, ...] | None, int]]:
        return whom(lived(Past(policy(*rules)), "F")[0])

    failure = {"on": ["failure"]}
    assert mails(failure) == [("ops", None, 1), ("dev", None, 1)]
    assert mails(failure | {"profiles": ["dev"]}) == [("dev", None, 1)]
    assert mails(failure | {"profiles": ["hook"], "to": ["a@x", "b@x"]}) == [
        ("hook", ("a@x", "b@x"), 1)
    ]
    assert mails({"on": ["success", "missed"]}, failure | {"profiles": ["hook"]}) == [
        ("hook", None, 2)
    ]
    assert mails() == []


def test_nobody_is_told_twice_because_two_rules_name_him() -> None:
    [mails] = lived(
        Past(
            policy(
                {"on": ["failure"], "profiles": ["dev"], "to": ["Ann <ann@example.com>", "c@x"]},
                {"on": ["output"], "profiles": ["dev"], "to": ["C@x", "d@x"]},
                {"on": ["output"], "profiles": ["dev", "hook"]},
                {"on": ["failure"], "profiles": ["dev"], "to": ["bob@example.com"]},
                {"on": ["failure", "output"], "profiles": ["hook", "dev"]},
            )
        ),
        "F+",
    )

    assert whom(mails) == [
        ("dev", ("Ann <ann@example.com>", "c@x"), 1),
        ("dev", ("d@x",), 2),
        ("dev", ("bob@example.com",), 3),
        ("hook", None, 3),
    ]


def test_who_is_told_at_once_by_one_rule_is_not_told_later_by_another() -> None:
    held = {"on": ["failure"], "profiles": ["dev"], "most_a_day": 0}
    at_once = {"on": ["output"], "profiles": ["dev"], "to": ["ann@example.com"]}
    [mails] = lived(Past(policy(held, at_once)), "F+")

    assert whom(mails) == [("dev", ("ann@example.com",), 2), ("dev", ("bob@example.com",), 1)]
    assert [mail.why.held for mail in mails] == [None, HeldBy.CAP]


def test_a_mail_says_why_and_to_which_incident_it_belongs() -> None:
    rules = {"on": ["failure", "broken", "recovered", "output"], "profiles": ["ops"]}
    good, first, second, over, after = (
        mails[0] for mails in lived(Past(policy(rules)), ".+ F F+ . .+")
    )

    assert (good.why.occasions, good.why.failures, good.thread) == ((Occasion.OUTPUT,), 0, None)
    assert first.why.occasions == (Occasion.FAILURE, Occasion.BROKEN)
    assert (first.why.rule, first.why.source) == (1, RuleSource.JOB)
    assert (first.why.failures, first.why.since) == (1, NOW + timedelta(hours=1))
    assert second.why.occasions == (Occasion.OUTPUT, Occasion.FAILURE)
    assert (second.why.failures, over.why.failures) == (2, 2)
    assert over.why.since == second.why.since == first.why.since
    assert first.thread == second.thread == over.thread == "run 1"
    assert after.thread is None


def test_rules_of_the_server_are_named_as_such() -> None:
    usual = replace(policy(), own_mail=None)

    assert {mail.why.source for mail in lived(Past(usual), "F")[0]} == {RuleSource.SERVER}


runs = st.lists(
    st.builds(
        lambda ends, output: ">".join(ends) + "+" * output,
        st.one_of(
            st.tuples(st.sampled_from(sorted(ENDS))),
            st.tuples(st.just("F"), st.sampled_from(sorted(ENDS))),
        ),
        st.booleans(),
    ),
    max_size=30,
).map(" ".join)
steps = st.integers(1, 30).map(lambda hours: timedelta(hours=hours))
thresholds = st.fixed_dictionaries(
    {},
    optional={
        "after": st.integers(1, 4),
        "rate": st.integers(2, 8).flatmap(
            lambda of: st.builds(lambda n: {"failures": n, "of": of}, st.integers(1, of))
        ),
    },
)
some_rules = st.lists(
    st.builds(
        lambda keys, others: keys | others,
        st.fixed_dictionaries(
            {"on": st.lists(st.sampled_from([*map(str, Occasion)]), min_size=1, unique=True)},
            optional={
                "profiles": st.lists(st.sampled_from(["ops", "dev", "hook"]), min_size=1),
                "to": st.lists(st.sampled_from(PEOPLE), min_size=1),
                "most_a_day": st.integers(0, 3),
                "every": st.integers(3600, 86400),
            },
        ),
        thresholds,
    ),
    max_size=4,
)
limits = st.fixed_dictionaries(
    {},
    optional={
        "quiet": st.just(NIGHT),
        "most_a_day": st.integers(0, 3),
        "most_a_day_to": st.integers(0, 3),
    },
)


def people(mail: Owed) -> list[str]:
    """Each mailbox that is told; a hook by its name."""
    to = ADDRESSES.get(mail.profile, (f"{mail.profile}@hook",)) if mail.to is None else mail.to
    return [re.sub(r".*<(.*)>", r"\1", each).lower() for each in to]


def is_bad(run: Run) -> bool:
    last = ENDS[run.ends[-1]]
    unrun = len(run.ends) > 1 and last in {State.MISSED, State.SKIPPED}
    return unrun or last in {State.FAILED, State.TIMEOUT, State.LOST}


@settings(deadline=None, max_examples=60)
@given(some_rules, limits, runs, steps)
def test_nobody_is_told_twice_of_one_end_through_one_profile(rules, limits, runs, step) -> None:
    for mails in lived(Past(policy(*rules, **limits)), runs, step):
        found = [(mail.profile, each) for mail in mails for each in people(mail)]
        assert len(found) == len(set(found))


@settings(deadline=None, max_examples=60)
@given(limits, runs, steps)
def test_every_bad_end_is_told_once_to_those_who_want_to_know(limits, runs, step) -> None:
    rule = {"on": FAILURES, "profiles": ["ops"]}
    past = Past(policy(rule, **limits))
    for run in Case("", None, runs, "", step).history():
        assert len(past.after(run)) == is_bad(run)


@settings(deadline=None, max_examples=60)
@given(some_rules, limits, runs, steps)
def test_limits_and_quiet_hours_take_no_mail_away(rules, limits, runs, step) -> None:
    """Who is told what is the same; some of it later. (By which rule depends on what is held, and
    so do reminders.)
    """
    for rule in rules:
        rule["on"] = [each for each in rule["on"] if each != "still_failing"] or ["output"]
    held = lived(Past(policy(*rules, **limits)), runs, step)
    plain = [{key: each[key] for key in each if key != "most_a_day"} for each in rules]
    free = lived(Past(policy(*plain)), runs, step)

    def told_to(mails: list[Owed]) -> set[tuple[str, str]]:
        return {(mail.profile, each) for mail in mails for each in people(mail)}

    assert list(map(told_to, held)) == list(map(told_to, free))


@settings(deadline=None, max_examples=60)
@given(thresholds, runs, steps)
def test_an_incident_has_one_beginning_and_one_end(keys, runs, step) -> None:
    rule = {"on": ["broken", "recovered"], "profiles": ["ops"]} | keys
    mails = [mail for mails in lived(Past(policy(rule)), runs, step) for mail in mails]

    occasions = [mail.why.occasions for mail in mails]
    assert occasions[::2] == [(Occasion.BROKEN,)] * len(occasions[::2])
    assert occasions[1::2] == [(Occasion.RECOVERED,)] * len(occasions[1::2])
    assert all(mail.thread is not None and mail.why.failures > 0 for mail in mails)


@settings(deadline=None, max_examples=60)
@given(thresholds, runs, st.integers(1, 30), steps)
def test_reminders_come_as_often_as_told_and_not_more(keys, runs, hours, step) -> None:
    rule = {"on": ["broken", "still_failing"], "profiles": ["ops"], "every": hours * 3600} | keys
    past = Past(policy(rule))
    told_at: list[tuple[datetime, tuple[Occasion, ...]]] = []
    for run in Case("", None, runs, "", step).history():
        told_at += [(run.at, mail.why.occasions) for mail in past.after(run)]

    for (before, _), (at, occasions) in pairwise(told_at):
        if occasions == (Occasion.STILL_FAILING,):
            assert at - before >= timedelta(hours=hours) * 0.9


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 3), limits, runs, steps)
def test_no_more_than_the_limit_goes_out_a_day_and_none_in_quiet_hours(
    most, limits, runs, step
) -> None:
    rule = {"on": [*FAILURES, "success"], "profiles": ["ops"], "most_a_day": most}
    past = Past(policy(rule, **limits))
    days: dict[Any, int] = {}
    for run in Case("", None, runs, "", step).history():
        for mail in past.after(run):
            if mail.held_until is None:
                days[run.at.date()] = days.get(run.at.date(), 0) + 1
                assert quiet_until(limits.get("quiet", ()), run.at) == run.at
            else:
                assert mail.held_until > run.at

    assert all(number <= min(most, limits.get("most_a_day_to", most)) for number in days.values())
