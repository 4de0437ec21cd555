"""Which mails follow from which histories."""

import pytest

from tests.support.mailcases import CASES, Case, told
from tests.support.mailmemory import Past


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_mails_that_must_follow(case: Case) -> None:
    past = Past(case.policy)

    assert [told(past.after(run)) for run in case.history()] == case.mails.split()
