"""A few kills for every day; ``python -m tests.faults`` makes hundreds."""

import random

import pytest

from tests.faults import kills
from tests.faults.places import trial_on
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.slow


def test_nothing_is_lost_or_doubled_by_kills(tmp_path):
    with trial_on(None, tmp_path, random.Random(2)) as trial:
        trial.begin()
        trial.kill()
        for label in ("fates committed, nobody told", "an end written, not committed"):
            assert kills.kill_at(trial, label, within=PATIENCE)
        trial.start()
        found = trial.finish()
    assert found.faults == []
    assert found.left_behind == 0
    assert found.due > 5
    assert found.acknowledged > 10
