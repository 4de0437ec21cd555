"""Kills in the midst of mails; ``python -m tests.faults.mails`` makes all kinds of faults."""

import pytest

from tests.faults.mails import KEPT, inject, posted

pytestmark = pytest.mark.slow


def test_no_mail_is_lost_and_none_doubled_but_in_doubt(tmp_path):
    wanted = {
        "program killed at a step of the session": [KEPT],
        "program killed at its own transactions": ["a mail's claim committed, nobody told"],
    }
    with posted("starttls", tmp_path) as post:
        found = inject(post, wanted)
    assert [fault for tally in found.values() for fault in tally.wrong] == []
    assert sum(tally.due for tally in found.values()) == 12
    assert sum(tally.delivered for tally in found.values()) == 12
