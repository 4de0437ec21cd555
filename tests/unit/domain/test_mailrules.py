"""What rules of mail name, and what holds where a job says nothing."""

import pytest

from botsched.domain.job import JobPolicy
from botsched.domain.mailforms import KIND
from botsched.domain.mailrules import USUAL, MailRules, check_profiles
from botsched.errors import InvalidError
from tests.support.values import DEFAULTS

SERVER = ("ops", "dev")


def test_a_job_that_wants_no_mail_is_not_one_that_says_nothing() -> None:
    assert JobPolicy().over(DEFAULTS).mail is USUAL
    assert JobPolicy(mail=MailRules(())).over(DEFAULTS).mail == MailRules(())


def test_profiles_that_the_server_has_not_are_refused_when_they_are_new() -> None:
    named = KIND.read([{"on": ["lost"], "profiles": ["ops", "gone"]}])
    check_profiles(named, named, SERVER)
    check_profiles(None, named, SERVER)

    with pytest.raises(InvalidError) as caught:
        check_profiles(named, None, SERVER)
    assert caught.value.fields["mail"].startswith(
        "the server has no SMTP profile or channel 'gone'; there are dev, ops."
    )
    with pytest.raises(InvalidError, match="there is none"):
        check_profiles(named, USUAL, ())
