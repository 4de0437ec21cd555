"""Kills in the midst of mails; ``python -m tests.faults.mails`` makes all kinds of faults."""

import pytest

from tests.faults.mails import KEPT, Post, inject, posted

pytestmark = pytest.mark.slow


def test_no_mail_is_lost_and_none_doubled_but_in_doubt(tmp_path):
    wanted = {
        "program killed at a step of the session": [KEPT],
        "program killed at its own transactions": ["a mail's claim committed, nobody told"],
    }
    with posted("starttls", tmp_path) as post:
        found = dict(inject(post, wanted))
        sees_what_is_lost_and_doubled(post)
    assert [fault for tally in found.values() for fault in tally.wrong] == []
    assert sum(tally.due for tally in found.values()) == 12
    assert sum(tally.delivered for tally in found.values()) == 12


def sees_what_is_lost_and_doubled(post: Post) -> None:
    """Whether it is counted when a mail is missing, and when one is there too often."""
    rows = post.program.rows("SELECT DISTINCT execution_id FROM scheduler_outbox")
    executions = [row["execution_id"] for row in rows]
    received = post.server.messages[-1]
    for kind, messages in (
        ("lost", [each for each in post.server.messages if each.content != received.content]),
        ("doubled", [*post.server.messages, received, received]),
    ):
        post.server.messages = messages
        post.count(kind, executions, in_doubt=len(received.recipients))
        assert post.tallies[kind].wrong
